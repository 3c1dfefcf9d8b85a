//! Loading as an operator sees it: layers, faults, and the documented file.

use std::{fs, path::PathBuf, time::Duration};

use secrecy::ExposeSecret;

use super::{reader::Reader, *};
use crate::model::{
    attribute::Format,
    locale::Locale,
    oauth1::SignatureMethod,
    openid2::{Paths, Source},
    user::UserKind,
};

const KEY_A: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A file of its own for each test, removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tamga-settings-{}-{test}", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What can't be left out, as the layer above the file.
fn required() -> Vec<(String, String)> {
    let key = format!("k1:{KEY_A}");
    pairs(&[("TAMGA_DATABASE__URL", "postgresql://h/d"), ("TAMGA_SECRETS__ENCRYPTION_KEYS", &key)])
}

fn load(test: &str, toml: &str, env: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
    let file = Scratch::new(test, toml);
    let mut all = required();
    all.extend(pairs(env));
    let sources = Sources { file: Some(file.0.clone()), env: all, ..Sources::default() };
    Settings::load(&sources).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn defaults() -> Settings {
    Settings::load(&Sources { env: required(), ..Sources::default() }).unwrap()
}

fn documented() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/tamga.toml")
}

#[test]
fn the_documented_file_says_the_defaults() {
    let sources = Sources { file: Some(documented()), env: required(), ..Sources::default() };
    assert_eq!(format!("{:#?}", Settings::load(&sources).unwrap()), format!("{:#?}", defaults()));
}

#[test]
fn a_table_of_openid2_types_is_corrected_without_a_build() {
    let toml = "[openid2.attributes]\nkind = [\"urn:x:kind\"]\n\"level.email\" = [\"urn:x:level\"]\n\
                [attributes.email]\nlabels.en = \"Mail\"\nopenid2 = [\"urn:x:mail\"]\n";
    let types = load("openid2-types", toml, &[]).unwrap().openid2.attributes;
    let source = |name: &str| name.parse::<Source>().unwrap();
    for (uri, name) in [("urn:x:kind", "kind"), ("urn:x:level", "level.email"), ("urn:x:mail", "email")] {
        assert_eq!(types.get(uri), Some(&source(name)), "{uri}");
    }
    for former in ["http://www.egov.go.th/2012/identifier/usertype", "http://axschema.org/contact/email"] {
        assert_eq!(types.get(former), None, "{former}");
    }
    for (toml, fault) in [
        ("land = [\"urn:x:land\"]", "openid2.attributes.land: is neither an attribute nor one of username"),
        ("\"level.land\" = [\"urn:x:land\"]", "openid2.attributes.land: is neither"),
        ("kind = [\"land\"]", "openid2.attributes.kind: `land` is no URI"),
        (
            "kind = [\"urn:x\"]\nlocale = [\"urn:x\"]",
            "openid2.attributes.locale: `urn:x` is given by kind too",
        ),
        (
            "kind = [\"http://axschema.org/namePerson\"]",
            "openid2.attributes: holds `http://axschema.org/namePerson`",
        ),
    ] {
        let faults = load("openid2-fault", &format!("[openid2.attributes]\n{toml}\n"), &[]).unwrap_err();
        assert!(faults.len() == 1 && faults[0].starts_with(fault), "{faults:?}");
    }
}

#[test]
fn the_paths_of_openid2_follow_the_thai_profile() {
    let paths = |toml| load("openid2-paths", toml, &[]).unwrap().openid2.paths;
    assert_eq!(paths(""), Paths::Canonical);
    assert_eq!(paths("[profiles]\negov_th = true"), Paths::EgovTh);
    assert_eq!(paths("[profiles]\negov_th = true\n[openid2]\npaths = \"canonical\""), Paths::Canonical);
    // Without the profile nothing answers there.
    let faults = load("openid2-paths", "[openid2]\npaths = \"egov_th\"", &[]).unwrap_err();
    assert!(faults.len() == 1 && faults[0].starts_with("openid2.paths"), "{faults:?}");
}

#[test]
fn signature_methods_of_oauth1_are_named_and_never_none() {
    let methods = |value: &str| {
        let toml = format!("[oauth1]\nsignature_methods = {value}");
        load("oauth1-methods", &toml, &[]).map(|settings| settings.oauth1.signature_methods)
    };
    assert_eq!(methods("[\"RSA-SHA1\"]").unwrap(), [SignatureMethod::RsaSha1]);
    assert!(methods("[]").unwrap_err()[0].contains("name at least one"));
    let unknown = methods("[\"HMAC-SHA1\", \"HMAC-MD5\"]").unwrap_err();
    assert!(
        unknown[0].contains("oauth1.signature_methods") && unknown[0].contains("HMAC-SHA256"),
        "{unknown:?}"
    );
}

#[test]
fn the_documented_file_names_every_key() {
    let text = fs::read_to_string(documented()).unwrap();
    let mut documented = std::collections::BTreeSet::new();
    let mut section = String::new();
    for line in text.lines() {
        let line = line.strip_prefix("# ").unwrap_or(line);
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((key, _)) = line.split_once(" = ") {
            documented.insert(format!("{section}.{key}"));
        }
    }
    let (table, origins, _) = Sources { env: required(), ..Sources::default() }.merge();
    let mut reader = Reader::new(origins, Vec::new());
    reader.read(table, |root| Settings::read(root, false)).unwrap();
    let missing: Vec<&String> = reader
        .known()
        .iter()
        .filter(|key| {
            // What is shipped in these is told in config/registry.toml.
            !["scopes.", "attributes.", "openid2.attributes."].iter().any(|shipped| key.starts_with(shipped))
        })
        .filter(|key| !documented.contains(*key))
        .collect();
    assert!(missing.is_empty(), "not in config/tamga.toml: {missing:?}");
}

#[test]
fn a_later_layer_wins() {
    let toml = "[oauth2]\ncode_ttl = \"2m\"\nid_token_ttl = \"3m\"\nrefresh_grace = \"4s\"\n";
    let file = Scratch::new("layers", toml);
    let mut env = required();
    env.extend(pairs(&[
        ("TAMGA_OAUTH2__ID_TOKEN_TTL", "30s"),
        ("TAMGA_OAUTH2__REFRESH_GRACE", "5s"),
        ("TAMGA_PROFILES__AITU", "true"),
        ("TAMGA_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("TAMGA_DATABASE__MAX_CONNECTIONS", "7"),
    ]));
    let overrides = pairs(&[("oauth2.refresh_grace", "6s")]);
    let sources = Sources { file: Some(file.0.clone()), env, overrides, development: false };
    let settings = Settings::load(&sources).unwrap();
    assert_eq!(settings.oauth2.access_token_ttl, Duration::from_secs(3600));
    assert_eq!(settings.oauth2.code_ttl, Duration::from_secs(120));
    assert_eq!(settings.oauth2.id_token_ttl, Duration::from_secs(30));
    assert_eq!(settings.oauth2.refresh_grace, Duration::from_secs(6));
    assert!(settings.profiles.aitu && !settings.profiles.dss);
    assert_eq!(settings.server.trusted_proxies, ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
    assert_eq!(settings.database.max_connections, 7);
}

#[test]
fn database_url_is_taken_and_the_precise_name_wins() {
    let key = format!("k1:{KEY_A}");
    let file = Scratch::new("url", "[database]\nurl_file = \"/nonexistent\"\n");
    let url = |more: &[(&str, &str)]| {
        let mut env =
            pairs(&[("DATABASE_URL", "postgres://plain/d"), ("TAMGA_SECRETS__ENCRYPTION_KEYS", &key)]);
        env.extend(pairs(more));
        let sources = Sources { file: Some(file.0.clone()), env, ..Sources::default() };
        Settings::load(&sources).unwrap().database.url.expose_secret().to_owned()
    };
    assert_eq!(url(&[]), "postgres://plain/d", "and the file's url_file below it is not read");
    assert_eq!(url(&[("TAMGA_DATABASE__URL", "postgresql://own/d")]), "postgresql://own/d");
    assert_eq!(url(&[("TAMGA_DATABASE__URL", "")]), "postgres://plain/d", "empty counts as left out");
}

#[test]
fn development_turns_profiles_on_and_the_log_pretty() {
    let sources = Sources { env: required(), development: true, ..Sources::default() };
    let settings = Settings::load(&sources).unwrap();
    assert!(settings.profiles.aitu && settings.profiles.digital_id_th);
    assert_eq!(settings.log.format, LogFormat::Pretty);
}

#[test]
fn messages_stay_in_the_outbox_of_a_development_server_unless_a_gateway_is_given() {
    let development = |env: &[(&str, &str)]| {
        let mut all = required();
        all.extend(pairs(env));
        Settings::load(&Sources { env: all, development: true, ..Sources::default() }).unwrap()
    };
    assert!(matches!(development(&[]).mail, Delivery::Outbox));
    let url = [("TAMGA_SMS__URL", "https://sms.example.org/?to={{ to }}"), ("TAMGA_SMS__METHOD", "GET")];
    assert!(matches!(development(&url).sms, Delivery::Gateway(_)));
    assert!(matches!(defaults().sms, Delivery::None), "never in `serve` by default");
    let told = load("told", "[mail]\ndelivery = \"outbox\"\n", &[]).unwrap();
    assert!(matches!(told.mail, Delivery::Outbox) && told.mail.is_possible());
}

#[test]
fn secrets_of_gateways_may_stand_in_files_and_are_not_printed() {
    let token = Scratch::new("sms-token", "Bearer hunter2\n");
    let toml = format!(
        "[sms]\nurl = \"https://sms.example.org/?key=hunter2\"\nmethod = \"GET\"\nsecret = \"hunter2\"\n\
         [sms.headers]\nX-Plain = \"hunter2\"\nAuthorization_file = \"{}\"\n\
         [mail]\nhost = \"m.example.org\"\nfrom = \"a@example.org\"\nusername = \"a\"\npassword = \"hunter2\"\n",
        token.0.display()
    );
    let settings = load("gateway-secrets", &toml, &[]).unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));
    let Delivery::Gateway(sms) = settings.sms else { panic!("a gateway was given") };
    assert_eq!(sms.headers["Authorization"].expose_secret(), "Bearer hunter2");
}

#[test]
fn other_variables_of_the_environment_are_left_alone() {
    assert!(
        load("others", "", &[("TAMGA_CONFIG", "x"), ("TAMGA_PORT", "tcp://1.2.3.4"), ("PATH", "/")]).is_ok()
    );
}

#[test]
fn the_shipped_registries_have_every_label_in_every_language() {
    let settings = defaults();
    let labels = settings.scopes.iter().map(|(name, scope)| (name, &scope.labels));
    for (name, labels) in labels.chain(settings.attributes.iter().map(|(name, a)| (name, &a.labels))) {
        assert_eq!(labels.len(), Locale::ALL.len(), "{name}");
    }
    assert_eq!(settings.scopes["email"].claims, ["email", "email_verified"]);
    assert_eq!(settings.attributes["identification.issue_date"].format, Format::Date);
    assert!(settings.attributes["iin"].identifier && !settings.attributes["email"].identifier);
    for (name, definition) in &settings.attributes {
        assert!([0, Locale::ALL.len()].contains(&definition.hints.len()), "{name}: hints");
    }
}

#[test]
fn every_attribute_that_people_have_is_shipped() {
    let names = "title full_name first_name middle_name last_name date_of_birth gender citizen_id iin \
        passport_id juristic_id nationality occupation email mobile_phone telephone alternative_contact \
        identification.issue_by identification.issue_date identification.expire_date address.house_number \
        address.village_name address.moo address.soi address.road address.sub_district address.district \
        address.province address.post_code address.geo_code address.country organization.name \
        organization.ministry organization.department organization.division organization.agency_code photo";
    let shipped = defaults().attributes;
    assert_eq!(
        shipped.keys().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        names.split_whitespace().collect()
    );
    for kind in UserKind::ALL {
        let code = |name: &&&str| shipped[**name].applies_to(*kind) && shipped[**name].identifier;
        assert!(kind.verify_codes().iter().any(|name| code(&name)), "{kind} has a verify code");
    }
}

#[test]
fn an_attribute_may_say_how_it_is_checked_and_called() {
    let toml = "[attributes.land_book]\nlabels.en = \"Land book\"\nhints.en = \"As AB1234\"\n\
                pattern = \"[A-Z]{2}[0-9]{4}\"\nchecks = []\nkinds = [\"citizen\", \"foreigner\"]\n\
                identifier = true\nsensitive = true\nclaim = [\"land\", \"land_book\"]\n\
                openid2 = [\"http://example.org/land\"]\noauth1 = \"Land/Book\"\n";
    let definition = &load("attribute", toml, &[]).unwrap().attributes["land_book"];
    assert_eq!(definition.pattern.as_ref().unwrap().text(), "[A-Z]{2}[0-9]{4}");
    assert!(definition.applies_to(UserKind::Citizen) && !definition.applies_to(UserKind::JuristicPerson));
    assert_eq!(definition.claims, ["land", "land_book"]);
    assert_eq!(definition.oauth1.as_deref(), Some("Land/Book"));
    assert_eq!(definition.hint(Locale::Th), Some("As AB1234"), "English stands in");
}

#[test]
fn a_fault_of_the_registry_names_its_key() {
    for (line, fault) in [
        (
            "checks = [\"luhn\"]",
            "x.checks: `luhn` is not one of thai_citizen_id, kz_iin, kz_bin, mn_register",
        ),
        ("pattern = \"[A-Z\"", "x.pattern: `[A-Z` is no regular expression: unclosed character class"),
        ("kinds = [\"cat\"]", "x.kinds: `cat` is not one of citizen, juristic-person, foreigner"),
        ("format = \"number\"", "x.format: `number` is not one of text, date, email, phone, gender, file"),
        ("past = true", "x.past: is for dates"),
        ("format = \"date\"\nchecks = [\"kz_iin\"]", "x.checks: are for texts"),
        ("format = \"phone\"\nidentifier = true", "x.identifier: is for texts"),
        ("claim = [\"a b\"]", "x.claim: `a b` is no name of a claim"),
        ("claim = [\"birthdate\"]", "x.claim: `birthdate` is named by the attribute date_of_birth too"),
        ("claim = [\"email\"]", "x.claim: `email` is named by the attribute email too"),
        ("openid2 = [\"land\"]", "x.openid2: `land` is no URI"),
        (
            "openid2 = [\"http://axschema.org/namePerson\"]",
            "x.openid2: `http://axschema.org/namePerson` is named",
        ),
        ("oauth1 = \"Land Book\"", "x.oauth1: `Land Book` is no name of an XML element"),
        ("oauth1 = \"Land/\"", "x.oauth1: `Land/` is no name of an XML element"),
        ("check = [\"kz_iin\"]", "x.check: is not a setting; did you mean `attributes.x.checks`?"),
    ] {
        let toml = format!("[attributes.x]\nlabels.en = \"X\"\n{line}\n");
        let faults = load("registry-fault", &toml, &[]).unwrap_err();
        assert_eq!(faults.len(), 1, "{line}: {faults:?}");
        assert!(faults[0].starts_with(&format!("attributes.{fault}")), "{line}: {faults:?}");
    }
    let level = load("registry-level", "[attributes.level]\nlabels.en = \"Level\"\n", &[]).unwrap_err();
    assert!(level[0].contains("what every account has"), "{level:?}");
    let framework = load("framework", "[oauth2]\ntrust_framework = \"a b\"", &[]).unwrap_err();
    assert!(framework[0].starts_with("oauth2.trust_framework: is no identifier"), "{framework:?}");
}

#[test]
fn an_operator_adds_to_the_registries_and_changes_them() {
    let toml = "[scopes.land]\nclaims = [\"land\"]\nlabels.en = \"Your land\"\n\
                [scopes.email]\nlabels.en = \"Your mail\"\n\
                [attributes.\"address.ger\"]\nlabels.en = \"Ger\"\n";
    let settings = load("registry", toml, &[]).unwrap();
    assert_eq!(settings.scopes["land"].claims, ["land"]);
    assert_eq!(settings.scopes["email"].labels[&Locale::En], "Your mail");
    assert_eq!(settings.scopes["email"].claims.len(), 2, "what is not named stays");
    assert_eq!(settings.attributes["address.ger"].format, Format::Text);
}

#[test]
fn secrets_are_not_printed() {
    let printed =
        format!("{:?}", load("print", "", &[("TAMGA_DATABASE__URL", "postgresql://u:hunter2@h/d")]));
    assert!(
        !printed.contains("hunter2") && !printed.contains(KEY_A) && !printed.contains("0, 0, 0"),
        "{printed}"
    );
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let url = Scratch::new("secret-url", "postgresql://from/file\n");
    let keys = Scratch::new("secret-keys", &format!("new:{KEY_A}\nold:{KEY_A}\n"));
    let env = pairs(&[
        ("TAMGA_DATABASE__URL_FILE", url.0.to_str().unwrap()),
        ("TAMGA_SECRETS__ENCRYPTION_KEYS_FILE", keys.0.to_str().unwrap()),
    ]);
    let settings = Settings::load(&Sources { env, ..Sources::default() }).unwrap();
    assert_eq!(settings.database.url.expose_secret(), "postgresql://from/file");
    let ids: Vec<&str> = settings.secrets.encryption_keys.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(ids, ["new", "old"]);
}

#[test]
fn each_fault_names_its_key_and_what_to_do() {
    let short = "k:c2hvcnQ=";
    let twice = format!("k:{KEY_A},k:{KEY_A}");
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);
    let table: &[Case<'_>] = &[
        (
            "[oauth2]\ncode_tll = \"5m\"",
            &[],
            "oauth2.code_tll: is not a setting; did you mean `oauth2.code_ttl`?",
        ),
        ("[oath2]\ncode_ttl = \"5m\"", &[], "oath2: is not a setting; did you mean `oauth2`?"),
        ("zzz = 1", &[], "zzz: is not a setting; remove it"),
        ("oauth2 = 5", &[], "oauth2: is of type integer, but it is a section; write [oauth2]"),
        (
            "[oauth2]\ncode_ttl = \"5 minutes\"",
            &[],
            "oauth2.code_ttl: `5 minutes` is not a time: the unit is not one of ms, s, m, h, d",
        ),
        ("[oauth2]\ncode_ttl = \"1h\"", &[], "oauth2.code_ttl: `1h` is out of range; give 1s to 10m"),
        (
            "[oauth2]\ncode_ttl = 300",
            &[],
            "oauth2.code_ttl: is of type integer; give a number with its unit, such as \"10m\"",
        ),
        (
            "",
            &[("TAMGA_OAUTH2__CODE_TTL", "1h")],
            "oauth2.code_ttl: `1h` is out of range; give 1s to 10m (set by TAMGA_OAUTH2__CODE_TTL)",
        ),
        (
            "[oauth2]\naccess_token_alg = \"none\"",
            &[],
            "oauth2.access_token_alg: `none` is not one of ES256, RS256",
        ),
        (
            "[server]\npublic_url = \"http://sso.example.org\"",
            &[],
            "server.public_url: `http://sso.example.org` is http on a host that is not loopback; use https",
        ),
        (
            "[server]\npublic_url = \"https://sso.example.org/sso\"",
            &[],
            "server.public_url: has more than an origin; leave out user, path, query and fragment, as in https://sso.example.org",
        ),
        (
            "[server]\nlisten = \"8080\"",
            &[],
            "server.listen: `8080` does not do: invalid socket address syntax; write it like 127.0.0.1:8080 or [::1]:8080",
        ),
        (
            "[server]\ntrusted_proxies = [\"10.0.0.0/33\"]",
            &[],
            "server.trusted_proxies: `10.0.0.0/33` is not an address or a range; write 10.0.0.7 or 10.0.0.0/8",
        ),
        (
            "[tls]\ncertificate = \"/dev/null\"",
            &[],
            "tls.key: is missing, though tls.certificate is given; give both or neither",
        ),
        (
            "",
            &[("TAMGA_DATABASE__URL_FILE", "/dev/null")],
            "database.url: is given both here and as url_file; keep one of them (set by TAMGA_DATABASE__URL)",
        ),
        (
            "",
            &[("TAMGA_DATABASE__URL", "mysql://root:hunter2@h/d")],
            "database.url: does not begin with postgresql://; other databases are not served (set by TAMGA_DATABASE__URL)",
        ),
        (
            "",
            &[("TAMGA_SECRETS__ENCRYPTION_KEYS", "k:not base64")],
            "secrets.encryption_keys: item 1: the key is not standard base64; write [\"ID:KEY\"], where KEY comes from \
             `openssl rand -base64 32` (set by TAMGA_SECRETS__ENCRYPTION_KEYS)",
        ),
        (
            "",
            &[("TAMGA_SECRETS__ENCRYPTION_KEYS", short)],
            "secrets.encryption_keys: item 1: the key is not 32 bytes long; write [\"ID:KEY\"], where KEY comes from \
             `openssl rand -base64 32` (set by TAMGA_SECRETS__ENCRYPTION_KEYS)",
        ),
        (
            "",
            &[("TAMGA_SECRETS__ENCRYPTION_KEYS", &twice)],
            "secrets.encryption_keys: holds the id `k` twice; give each key its own (set by TAMGA_SECRETS__ENCRYPTION_KEYS)",
        ),
        (
            "[sessions]\nidle_ttl = \"2d\"",
            &[],
            "sessions.idle_ttl: is longer than sessions.absolute_ttl; shorten it or raise the other",
        ),
        (
            "[database]\nmax_connections = 0",
            &[],
            "database.max_connections: 0 is out of range; give 1 to 1000",
        ),
        ("[profiles]\naitu = \"yes\"", &[], "profiles.aitu: is of type string; give true or false"),
        (
            "[passwords.argon2]\nmemory_kib = 8\nparallelism = 4",
            &[],
            "passwords.argon2.memory_kib: is too small; 4 lanes need 32 KiB",
        ),
        ("[codes]\nmax_attempts = 0", &[], "codes.max_attempts: 0 is out of range; give 1 to 10"),
        ("[codes]\nttl = \"5s\"", &[], "codes.ttl: `5s` is out of range; give 30s to 30m"),
        (
            "[sms]\nurl = \"sms.example.org/send?key=hunter2\"\nmethod = \"GET\"",
            &[],
            "sms.url: is not a web address; write it like https://sms.example.org/send",
        ),
        (
            "[sms]\nurl = \"https://sms.example.org/\"",
            &[],
            "sms.body: is missing; write the template of what the gateway expects, or use method GET",
        ),
        (
            "[sms.success]\nstatuses = [\"ok\"]",
            &[],
            "sms.success.statuses: is not a list of status codes; write it like [\"200\", \"202\"] or [\"2xx\"]",
        ),
        (
            "[sms.success]\njson_pointer = \"/code\"",
            &[],
            "sms.success.json_value: goes with sms.success.json_pointer; give both or neither",
        ),
        (
            "[mail]\nhost = \"mail.example.org\"",
            &[],
            "mail.from: is needed with mail.host; write it like Tamga <no-reply@sso.example.org>",
        ),
        (
            "[mail]\nhost = \"mail.example.org\"\nfrom = \"a@example.org\"\ntls = \"none\"\nusername = \"a\"\npassword = \"b\"",
            &[],
            "mail.tls: `none` would send the password in the clear; use required or starttls",
        ),
        ("[mail]\nusername = \"a\"", &[], "mail.password: goes with mail.username; give both or neither"),
        (
            "[branding]\naccent = \"red;}\"",
            &[],
            "branding.accent: `red;}` is not a colour; write it like \"#1d4f91\"",
        ),
        (
            "[branding]\nhelp_url = \"javascript:alert(1)\"",
            &[],
            "branding.help_url: `javascript:alert(1)` is not a web address; write it like https://www.example.org/help",
        ),
        ("[branding.name]\nfr = \"Tamga\"", &[], "branding.name.fr: is not one of en, mn, kk, ru, th"),
        (
            "[scopes.land]\nclaims = []",
            &[],
            "scopes.land.labels: has no English text; give labels.en, which stands in for the other languages",
        ),
        ("[locales]\ndefault = \"fr\"", &[], "locales.default: `fr` is not one of en, mn, kk, ru, th"),
    ];
    for (index, (toml, env, fault)) in table.iter().enumerate() {
        let faults = load(&format!("fault-{index}"), toml, env).expect_err(fault);
        assert_eq!(faults, [*fault], "{toml} {env:?}");
    }
}

#[test]
fn an_empty_list_of_keys_is_refused() {
    let file = Scratch::new("empty", "[secrets]\nencryption_keys = []\n");
    let env = pairs(&[("DATABASE_URL", "postgresql://h/d")]);
    let faults =
        Settings::load(&Sources { file: Some(file.0.clone()), env, ..Sources::default() }).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert!(faults[0].to_string().starts_with("secrets.encryption_keys: is empty; write"));
}

#[test]
fn all_faults_are_reported_at_once() {
    let toml = "[oauth2]\ncode_ttl = \"x\"\n[server]\nlisten = \"y\"\nport = 1\n[sessions]\nttl = \"1h\"\n";
    let file = Scratch::new("several", toml);
    let faults = Settings::load(&Sources { file: Some(file.0.clone()), ..Sources::default() }).unwrap_err();
    let keys: Vec<&str> = faults.iter().map(|fault| fault.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "server.listen",
            "server.port",
            "database.url",
            "secrets.encryption_keys",
            "oauth2.code_ttl",
            "sessions.ttl"
        ]
    );
}

#[test]
fn a_file_that_cant_be_read_or_is_not_toml_is_named_without_its_content() {
    let sources =
        Sources { file: Some("/nonexistent/tamga.toml".into()), env: required(), ..Sources::default() };
    let faults = Settings::load(&sources).unwrap_err();
    assert!(faults[0].to_string().starts_with("/nonexistent/tamga.toml: can't be read"), "{faults:?}");

    let faults = load("syntax", "[database]\nurl = \"postgresql://u:hunter2@h/d\n", &[]).unwrap_err();
    assert!(faults[0].contains("is not TOML: line 2"), "{faults:?}");
    assert!(!faults[0].contains("hunter2"), "{faults:?}");

    let faults = load("secret-file", "", &[("TAMGA_TLS__CERTIFICATE", "/nonexistent")]).unwrap_err();
    assert_eq!(faults.len(), 2, "unreadable, and tls.key missing: {faults:?}");
}

#[test]
fn a_list_in_the_environment_may_be_written_as_in_the_file() {
    for written in ["10.0.0.0/8, ::1/128", "[\"10.0.0.0/8\", \"::1/128\"]"] {
        let settings = load("written-list", "", &[("TAMGA_SERVER__TRUSTED_PROXIES", written)]).unwrap();
        assert_eq!(
            settings.server.trusted_proxies,
            ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]
        );
    }
    let refused =
        load("written-list", "", &[("TAMGA_SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\"")]).unwrap_err();
    assert!(refused[0].contains("server.trusted_proxies"), "{refused:?}");
}

#[test]
fn self_registered_clients_are_given_only_what_is_known_and_harmless() {
    let load = |toml: &str| load("registration", &format!("[registration]\n{toml}\n"), &[]);
    let read = load("allowed_flows = [\"authorization-code\"]\nallowed_auth_methods = [\"none\"]").unwrap();
    assert_eq!(read.registration.allowed_flows, [crate::model::client::Flow::AuthorizationCode]);
    for (toml, fault) in [
        ("allowed_scopes = [\"openid\", \"land\"]", "registration.allowed_scopes: there is no scope `land`"),
        ("allowed_flows = [\"resource-owner\"]", "registration.allowed_flows: `resource-owner` is given by"),
        ("allowed_flows = [\"code\"]", "registration.allowed_flows: `code` is not one of"),
        ("allowed_auth_methods = [\"basic\"]", "registration.allowed_auth_methods: `basic` is not one of"),
        ("per_address_hourly = 0", "registration.per_address_hourly"),
    ] {
        let faults = load(toml).unwrap_err();
        assert!(faults.len() == 1 && faults[0].starts_with(fault), "{faults:?}");
    }
}
