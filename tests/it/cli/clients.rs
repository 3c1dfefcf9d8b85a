//! `tamga client ...`

use serde_json::json;

use super::installation;
use crate::support::iin_keys;

const PORTAL: [&str; 11] = [
    "client",
    "add",
    "--identifier",
    "portal",
    "--name",
    "Portal",
    "--allowed-flow",
    "authorization-code",
    "--redirect-uri",
    "https://portal.example/cb",
    "--generate-secret",
];

fn sha256_hex(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_new_client_is_printed_with_its_secret_and_defaults() {
    let tamga = installation().await;
    let client = tamga.json(&PORTAL);
    assert_eq!(client["client_id"], "portal");
    assert_eq!(client["client_secret"].as_str().unwrap().len(), 43);
    assert_eq!(client["scopes"], json!(["openid"]));
    assert_eq!(client["auth_methods"], json!(["client_secret_basic", "client_secret_post"]));
    assert_eq!(client["id_token_alg"], "RS256");
}

#[tokio::test]
async fn in_text_the_secret_stands_alone_on_its_line() {
    let tamga = installation().await;
    let done = tamga.run(&PORTAL);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(done.out.lines().last().unwrap().len(), 43);
}

#[tokio::test]
async fn a_secret_is_shown_once_and_stored_as_a_digest_only() {
    let tamga = installation().await;
    let secret = tamga.json(&PORTAL)["client_secret"].as_str().unwrap().to_owned();
    let pool = tamga.database.pool().await;
    let stored: Vec<String> = sqlx::query_scalar("SELECT encode(digest, 'hex') FROM client_secrets")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(stored, [sha256_hex(&secret)]);
    let everything: String = sqlx::query_scalar(
        "SELECT coalesce(string_agg(t::text, ''), '') FROM (SELECT c::text AS t FROM clients c
         UNION ALL SELECT s::text FROM client_secrets s UNION ALL SELECT j::text FROM journal j) all_rows",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!(everything.contains("client.insert") && !everything.contains(&secret));
    for arguments in [["client", "show", "portal"], ["journal", "export", "-v"]] {
        let done = tamga.run(&arguments);
        assert!(!done.out.contains(&secret) && !done.err.contains(&secret));
    }
}

#[tokio::test]
async fn more_secrets_come_and_go() {
    let tamga = installation().await;
    tamga.json(&PORTAL);
    let added = tamga.json(&["client", "add-secret", "portal", "--generate", "--expires", "90d"]);
    assert!(added["expires_at"].is_string() && added["client_secret"].as_str().unwrap().len() == 43);
    let given = tamga.json_with(&["client", "add-secret", "portal", "--value-stdin"], "0123456789abcdef\n");
    assert_eq!(given.get("client_secret"), None);
    let shown = tamga.json(&["client", "show", "portal"]);
    assert_eq!(shown["secrets"].as_array().unwrap().len(), 3);
    assert!(shown["secrets"][2]["last_used_at"].is_null());

    let id = added["secret_id"].as_str().unwrap();
    tamga.json(&["client", "remove-secret", "portal", id]);
    assert!(tamga.refused(&["client", "remove-secret", "portal", id]).contains("has no secret"));
    assert_eq!(tamga.json(&["client", "show", "portal"])["secrets"].as_array().unwrap().len(), 2);
    let twice =
        tamga.refused_with(&["client", "add-secret", "portal", "--value-stdin"], "0123456789abcdef\n");
    assert!(twice.contains("already"), "{twice}");
}

#[tokio::test]
async fn set_replaces_lists_and_changes_single_addresses() {
    let tamga = installation().await;
    tamga.json(&PORTAL);
    let set = |options: &[&str]| tamga.json(&[&["client", "set", "portal"], options].concat());
    let uris = |client: serde_json::Value| client["redirect_uris"].clone();
    let added = set(&["--add-redirect-uri", "https://two.example/cb"]);
    assert_eq!(uris(added), json!(["https://portal.example/cb", "https://two.example/cb"]));
    let removed = set(&["--remove-redirect-uri", "https://portal.example/cb"]);
    assert_eq!(uris(removed), json!(["https://two.example/cb"]));
    let replaced = set(&["--redirect-uri", "https://three.example/cb"]);
    assert_eq!(uris(replaced), json!(["https://three.example/cb"]));
    assert_eq!(set(&["--resource", "urn:a", "--resource", "urn:b"])["resources"], json!(["urn:a", "urn:b"]));
    assert_eq!(set(&["--resource", ""])["resources"], json!([]));
    assert_eq!(set(&["--require-pkce", "true"])["require_pkce"], true);
    assert_eq!(set(&["--require-pkce", "false"])["require_pkce"], false);
    assert_eq!(set(&["--access-token-ttl", "300s"])["access_token_ttl"], 300);
    assert_eq!(set(&["--access-token-ttl", "default"])["access_token_ttl"], json!(null));
    let public = tamga.refused(&["client", "set", "portal", "--type", "public"]);
    assert!(public.contains("can't have a secret"), "{public}");
}

#[tokio::test]
async fn a_profile_brings_its_habits() {
    let tamga = installation().await;
    let client = tamga.json(&[&PORTAL[..], &["--profile", "aitu"]].concat());
    assert_eq!(client["min_state_length"], 8);
    assert_eq!(client["access_token_ttl"], 2_592_000);
    assert_eq!((&client["detailed_errors"], &client["claims_in_id_token"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn impossible_registrations_are_refused_with_what_to_do() {
    let tamga = installation().await;
    let add = |options: &[&str]| {
        tamga.refused(&[&["client", "add", "--identifier", "x", "--name", "X"], options].concat())
    };
    const CODE: [&str; 2] = ["--allowed-flow", "authorization-code"];
    const URI: [&str; 2] = ["--redirect-uri", "https://x.example/cb"];
    const SECRET: &[&str] = &["--generate-secret"];
    for (options, words) in [
        ([&CODE[..], &URI].concat(), "--generate-secret"),
        ([&CODE[..], SECRET].concat(), "--redirect-uri is missing"),
        (SECRET.to_vec(), "--allowed-flow"),
        ([&CODE[..], &URI, SECRET, &["--scope", "profil"]].concat(), "did you mean `profile`?"),
        ([&CODE[..], &URI, SECRET, &["--scope", "openid profile"]].concat(), "repeat --scope"),
        (
            [&CODE[..], &URI, SECRET, &["--require-attribute", "citizen"]].concat(),
            "did you mean `citizen_id`?",
        ),
        ([&CODE[..], &URI, &URI, SECRET].concat(), "given twice"),
        ([&CODE[..], &CODE, &URI, SECRET].concat(), "given twice"),
        ([&CODE[..], &["--redirect-uri", "http://x.example/cb"], SECRET].concat(), "use https"),
        ([&CODE[..], &["--redirect-uri", "https://x.example/#a"], SECRET].concat(), "fragment"),
        ([&CODE[..], &URI, SECRET, &["--type", "public"]].concat(), "public client can't have a secret"),
        ([&CODE[..], &URI, SECRET, &["--auth-method", "none"]].concat(), "confidential client proves"),
        ([&CODE[..], &URI, SECRET, &["--auth-method", "private_key_jwt"]].concat(), "give --jwks"),
        ([&CODE[..], &URI, SECRET, &["--always-refresh"]].concat(), "--allowed-flow refresh-token"),
        ([&["--allowed-flow", "refresh-token"], SECRET].concat(), "authorization-code"),
        ([&["--allowed-flow", "resource-owner"], SECRET].concat(), "new clients can't list it"),
        (vec!["--allowed-flow", "client-credentials", "--type", "public"], "only a confidential client"),
    ] {
        let refused = add(&options);
        assert!(refused.contains(words), "{options:?}: {refused}");
    }
    assert_eq!(tamga.json(&["client", "list"])["clients"], json!([]));
    tamga.json(&PORTAL);
    assert!(tamga.refused(&PORTAL).contains("choose another identifier"));
    assert!(tamga.refused(&["client", "show", "portl"]).contains("did you mean `portal`?"));
}

#[tokio::test]
async fn a_wrong_use_ends_with_2() {
    let tamga = installation().await;
    for arguments in [
        &["client", "add", "--identifier", "x"][..],
        &["client", "add", "--identifier", "x", "--name", "X", "--name", "Y"],
        &["client", "add", "--identifier", "x", "--name", "X", "--allowed-flow", "authorization"],
        &["client", "add-secret", "x"],
        &["user", "add", "--kind", "citizn", "--username", "x"],
        &["nonsense"],
        &[],
    ] {
        assert_eq!(tamga.run(arguments).code, 2, "{arguments:?}");
    }
}

#[tokio::test]
async fn every_change_is_in_the_journal() {
    let tamga = installation().await;
    tamga.json(&PORTAL);
    tamga.json(&["client", "set", "portal", "--name", "Door"]);
    // Nothing changes, so nothing is written.
    tamga.json(&["client", "set", "portal", "--name", "Door"]);
    tamga.json(&["client", "disable", "portal"]);
    assert_eq!(tamga.json(&["client", "list"])["clients"][0]["disabled"], true);
    tamga.json(&["client", "enable", "portal"]);
    tamga.json(&["client", "remove", "portal"]);
    assert_eq!(
        tamga.journal(),
        ["client.insert", "client.update", "client.disable", "client.enable", "client.remove"]
    );
    let verified = tamga.json(&["journal", "verify"]);
    assert_eq!((&verified["ok"], &verified["unsealed"]), (&json!(true), &json!(5)));
}

#[tokio::test]
async fn the_key_of_signed_iins_is_read_from_a_file_shown_and_taken_away() {
    let tamga = installation().await;
    std::fs::write(tamga.folder.join("iin.pem"), &iin_keys::own().public_pem).unwrap();
    let key = ["--iin-public-key", "iin.pem", "--require-iin-signature", "--trusted-phone"];
    let client = tamga.json(&[&PORTAL[..], &key].concat());
    assert_eq!(client["iin_public_key"], iin_keys::own().public_pem.trim());
    assert_eq!((&client["require_iin_signature"], &client["trusted_phone"]), (&json!(true), &json!(true)));
    let shown = tamga.run(&["client", "show", "portal"]).out;
    assert!(shown.contains("RSA of 2048 bits, SHA-256 "), "{shown}");

    let set = ["client", "set", "portal"];
    let refused = tamga.refused(&[&set[..], &["--iin-public-key", ""]].concat());
    assert!(refused.contains("--require-iin-signature false"), "{refused}");
    let client =
        tamga.json(&[&set[..], &["--iin-public-key", "", "--require-iin-signature", "false"]].concat());
    assert!(client["iin_public_key"].is_null() && client["require_iin_signature"] == json!(false));
    let client = tamga.json(&[&set[..], &["--trusted-phone", "false"]].concat());
    assert_eq!(client["trusted_phone"], json!(false));
}

#[tokio::test]
async fn a_key_that_will_not_do_is_refused_with_what_to_give() {
    let tamga = installation().await;
    let short = iin_keys::IinKeyPair::new(1024).public_pem;
    let elliptic = rcgen::KeyPair::generate().unwrap();
    for (content, words) in [
        (short.as_str(), "of 1024 bits; give one of 2048 to 8192"),
        (&elliptic.public_key_pem(), "is not an RSA key"),
        (&elliptic.serialize_pem(), "is a private key"),
        ("nothing", "holds no PEM block"),
    ] {
        std::fs::write(tamga.folder.join("bad.pem"), content).unwrap();
        let refused = tamga.refused(&[&PORTAL[..], &["--iin-public-key", "bad.pem"]].concat());
        assert!(refused.contains("--iin-public-key bad.pem") && refused.contains(words), "{refused}");
    }
    let missing = tamga.refused(&[&PORTAL[..], &["--iin-public-key", "missing.pem"]].concat());
    assert!(missing.contains("missing.pem"), "{missing}");
    let no_key = tamga.refused(&[&PORTAL[..], &["--require-iin-signature"]].concat());
    assert!(no_key.contains("give --iin-public-key FILE"), "{no_key}");
    let public: Vec<&str> = PORTAL.iter().copied().filter(|option| *option != "--generate-secret").collect();
    let refused = tamga.refused(&[&public[..], &["--type", "public", "--trusted-phone"]].concat());
    assert!(refused.contains("can't prove who it is"), "{refused}");
}

const RELYING_PARTY: [&str; 8] =
    ["client", "add", "--identifier", "rp", "--name", "Relying party", "--allowed-flow", "openid2"];

#[tokio::test]
async fn a_relying_party_of_openid2_needs_a_realm_and_no_secret() {
    let tamga = installation().await;
    let missing = tamga.refused(&RELYING_PARTY);
    assert!(missing.contains("--openid2-realm is missing"), "{missing}");
    let realms =
        ["--openid2-realm", "https://*.portal.example/", "--openid2-realm", "http://localhost:9000/"];
    let client = tamga.json(&[&RELYING_PARTY[..], &realms].concat());
    assert_eq!(client["openid2_realms"], json!(["https://*.portal.example/", "http://localhost:9000/"]));
    assert_eq!(client["secrets"], json!([]));
    assert_eq!(client.get("client_secret"), None);
    let emptied = tamga.refused(&["client", "set", "rp", "--openid2-realm", ""]);
    assert!(emptied.contains("--openid2-realm is missing"), "{emptied}");
    // Having moved to OpenID Connect it keeps its realms.
    let moved = ["client", "set", "rp", "--allowed-flow", "authorization-code", "--redirect-uri"];
    tamga.json(&["client", "add-secret", "rp", "--generate"]);
    let moved = tamga.json(&[&moved[..], &["https://portal.example/cb"]].concat());
    assert_eq!(moved["openid2_realms"], client["openid2_realms"]);
}

#[tokio::test]
async fn realms_that_are_too_wide_or_unclear_are_refused_with_what_to_do() {
    let tamga = installation().await;
    for (realm, word) in [
        ("https://*.com/", "*.example.org"),
        ("https://*.go.th/", "other owners"),
        ("http://portal.example/", "use https"),
        ("https://portal.example/#x", "fragment"),
        ("https://user@portal.example/", "user name"),
        ("portal.example", "https://app.example.org/"),
    ] {
        let refused = tamga.refused(&[&RELYING_PARTY[..], &["--openid2-realm", realm]].concat());
        assert!(refused.contains("--openid2-realm") && refused.contains(word), "{realm}: {refused}");
    }
    let good = ["--openid2-realm", "https://portal.example/"];
    let twice = tamga.refused(&[&RELYING_PARTY[..], &good, &good].concat());
    assert!(twice.contains("given twice"), "{twice}");
    let unused = tamga.refused(&[&PORTAL[..], &good].concat());
    assert!(unused.contains("--allowed-flow openid2"), "{unused}");
}

#[tokio::test]
async fn a_realm_belongs_to_one_client() {
    let tamga = installation().await;
    tamga.json(&[&RELYING_PARTY[..], &["--openid2-realm", "https://portal.example/"]].concat());
    let other = ["client", "add", "--identifier", "other", "--name", "Other", "--allowed-flow", "openid2"];
    let taken = tamga.refused(&[&other[..], &["--openid2-realm", "HTTPS://PORTAL.example:443"]].concat());
    assert!(taken.contains("client `rp` has it"), "{taken}");
    // A part of it may be another's: that one's requests go by the closer realm.
    tamga.json(&[&other[..], &["--openid2-realm", "https://portal.example/other/"]].concat());
    tamga.json(&["client", "set", "rp", "--openid2-realm", "https://portal.example/", "--name", "Again"]);
    let taken = tamga.refused(&["client", "set", "rp", "--openid2-realm", "https://portal.example/other/"]);
    assert!(taken.contains("client `other` has it"), "{taken}");
}

const SERVICE: [&str; 9] = [
    "client",
    "add",
    "--identifier",
    "test_id",
    "--name",
    "testId",
    "--allowed-flow",
    "resource-owner",
    "--generate-secret",
];

#[tokio::test]
async fn a_service_client_is_registered_and_changed_as_documented() {
    let tamga = installation().await;
    let client = tamga.json(&[&SERVICE[..], &["--suppress-auth-for-issue"]].concat());
    assert_eq!(client["suppress_auth_for_issue"], true);
    assert_eq!((&client["act_for"], &client["scopes"]), (&json!([]), &json!([])));
    let company = ["user", "add", "--kind", "juristic-person", "--username", "company"];
    let company = tamga.json(&company)["user_id"].as_str().unwrap().to_owned();
    tamga.json(&["user", "add", "--kind", "citizen", "--username", "somchai"]);
    let set = |options: &[&'static str]| [&["client", "set", "test_id"], options].concat();
    let refused = tamga.refused(&set(&["--act-for", "organisation"]));
    assert!(refused.contains("--organisation"), "{refused}");
    for organisation in ["company", &company] {
        let options = ["--act-for", "organisation", "--organisation", organisation];
        let client = tamga.json(&[&["client", "set", "test_id"], &options[..]].concat());
        assert_eq!(
            (&client["act_for"], &client["organisation"]),
            (&json!(["organisation"]), &json!(company))
        );
    }
    for (options, words) in [
        (&["--organisation", "nobody"][..], "no such account"),
        (&["--organisation", "somchai"], "juristic person"),
        (&["--act-for", "all", "--act-for", "organisation"], "everybody already"),
        (&["--type", "public"], "can't"),
    ] {
        let refused = tamga.refused(&set(options));
        assert!(refused.contains(words), "{options:?}: {refused}");
    }
    assert_eq!(tamga.run(&set(&["--act-for", "kind:person"])).code, 2);
    let kinds = ["--act-for", "kind:citizen", "--act-for", "kind:foreigner"];
    assert_eq!(tamga.json(&set(&kinds))["act_for"], json!(["kind:citizen", "kind:foreigner"]));
    let shown = tamga.run(&["client", "show", "test_id"]).out;
    assert!(shown.contains("kind:citizen") && shown.contains(&company), "{shown}");
    assert_eq!(tamga.json(&set(&["--act-for", ""]))["act_for"], json!([]));
    assert!(tamga.json(&set(&["--organisation", ""]))["organisation"].is_null());
}

#[tokio::test]
async fn rfc_9700_s2_4_the_password_flow_is_for_service_clients_unless_the_installation_allows_it() {
    let tamga = installation().await;
    let refused = tamga.refused(&SERVICE);
    assert!(refused.contains("--suppress-auth-for-issue"), "{refused}");
    let refused = tamga.refused(&[&SERVICE[..], &["--act-for", "all"]].concat());
    assert!(refused.contains("--suppress-auth-for-issue"), "{refused}");
    std::fs::write(tamga.folder.join("tamga.toml"), "[oauth2]\nallow_password_grant = true\n").unwrap();
    tamga.json(&[&["--config", "tamga.toml"], &SERVICE[..]].concat());
}

#[tokio::test]
async fn trusted_issuers_are_added_changed_and_forgotten() {
    let tamga = installation().await;
    let exchange = ["--allowed-flow", "token-exchange", "--suppress-auth-for-issue"];
    tamga.json(&[&SERVICE[..], &exchange].concat());
    let set = |options: &[&'static str]| [&["client", "set", "test_id"], options].concat();
    let documented = [
        "--trusted-issuer",
        "https://idp.example",
        "--trusted-issuer-jwks",
        "https://idp.example/jwks",
        "--trusted-issuer-alg",
        "ES256",
        "--trusted-issuer-subject-claim",
        "sub",
        "--trusted-issuer-subject-attribute",
        "username",
    ];
    let client = tamga.json(&set(&documented));
    let expected = json!({
        "issuer": "https://idp.example", "jwks_uri": "https://idp.example/jwks", "algorithms": ["ES256"],
        "subject_claim": "sub", "subject_attribute": "username",
    });
    assert_eq!(client["trusted_issuers"], json!([expected]));
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]});
    std::fs::write(tamga.folder.join("keys.json"), keys.to_string()).unwrap();
    std::fs::write(tamga.folder.join("none.json"), "{\"keys\": []}").unwrap();
    let other = ["--trusted-issuer", "urn:other", "--trusted-issuer-jwks", "keys.json"];
    let client = tamga.json(&set(&[&other[..], &["--trusted-issuer-alg", "EdDSA"]].concat()));
    assert_eq!(client["trusted_issuers"][1]["jwks"], keys);
    // What is not given stays.
    let changed = ["--trusted-issuer", "urn:other", "--trusted-issuer-subject-attribute", "citizen_id"];
    let client = tamga.json(&set(&changed));
    assert_eq!(client["trusted_issuers"][1]["algorithms"], json!(["EdDSA"]));
    assert_eq!(client["trusted_issuers"][1]["subject_attribute"], "citizen_id");
    for (options, words) in [
        (&["--trusted-issuer", "urn:new"][..], "--trusted-issuer-jwks"),
        (&["--trusted-issuer", "urn:new", "--trusted-issuer-jwks", "missing.json"], "missing.json"),
        (&["--trusted-issuer", "urn:new", "--trusted-issuer-jwks", "none.json"], "no public key"),
        (
            &["--trusted-issuer", "urn:new", "--trusted-issuer-jwks", "http://idp.example/"],
            "http://idp.example/",
        ),
        (&["--trusted-issuer", "urn:new", "--trusted-issuer-jwks", "https://127.0.0.1/"], "127.0.0.1"),
        (&["--trusted-issuer", "urn:other", "--trusted-issuer-subject-attribute", "citizen"], "citizen_id"),
        (
            &["--trusted-issuer", "urn:other", "--trusted-issuer-subject-attribute", "gender"],
            "no single account",
        ),
        (&["--remove-trusted-issuer", "urn:otter"], "urn:other"),
    ] {
        let refused = tamga.refused(&set(options));
        assert!(refused.contains(words), "{options:?}: {refused}");
    }
    let client = tamga.json(&set(&["--remove-trusted-issuer", "https://idp.example"]));
    assert_eq!(client["trusted_issuers"].as_array().unwrap().len(), 1);
    assert_eq!(tamga.json(&set(&["--trusted-issuer", ""]))["trusted_issuers"], json!([]));
}
