//! People who sign in with a certificate, without pages.

use axum::http::Method;
use rcgen::{DnType, DnValue};
use tamga::{
    crypto::certificate::Certificate,
    ids::{UserCertificateId, UserId},
    model::{attribute::Level, journal::Entry},
    store::{self, consents, user_certificates::UserCertificate},
};
use url::Url;

use super::{Scene, changed, claims, text};
use crate::support::{
    app::{CALLBACK, TestApp},
    door::{Answer, Door, encoded},
    pki::{Authority, Holder, Scratch},
};

const PATH: &str = "/oauth2/authorize/certificate";
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob:auto";

fn request(path: &str, change: &[(&str, &str)]) -> String {
    let usual = [
        ("response_type", "code"),
        ("client_id", "rp"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email"),
        ("state", "state-1"),
    ];
    format!("{path}?{}", encoded(&changed(&usual, change)))
}

async fn ask(door: &Door, change: &[(&str, &str)]) -> Answer {
    door.get(&request(PATH, change)).await
}

/// A parameter of the address that an answer leads to.
#[track_caller]
fn parameter(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, 302, "{answer:?}");
    let location = Url::parse(answer.header("location")).unwrap();
    location
        .query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[track_caller]
fn assert_page(answer: &Answer, code: &str) {
    assert_eq!(answer.status, 401, "{answer:?}");
    assert!(answer.body.contains(code) && answer.body.contains("request-id"), "{}", answer.body);
    assert_eq!(answer.header("location"), "");
}

async fn register(app: &TestApp, user: UserId, holder: &Holder) {
    let (now, read) = (app.clock.now(), Certificate::parse(&holder.der()).unwrap());
    let certificate = UserCertificate {
        id: UserCertificateId(app.app.rng.uuid(now)),
        fingerprint: read.fingerprint(),
        subject: read.subject.to_string(),
        expires_at: read.not_after,
        created_at: now,
        last_used_at: None,
    };
    let entry = Entry::by_operator(now, "user.insert_certificate", "user", user);
    store::user_certificates::insert(app.pool(), user, &certificate, &entry).await.unwrap();
}

async fn journalled(app: &TestApp, action: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM journal WHERE action = $1")
        .bind(action)
        .fetch_one(app.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_registered_certificate_is_answered_with_a_code_at_once() {
    let scene = Scene::new().await;
    let holder = Holder::self_signed(|_| {});
    register(&scene.app, scene.user, &holder).await;
    let answer = ask(&scene.app.door.with_certificate(&holder), &[]).await;
    assert!(answer.header("location").starts_with(CALLBACK));
    assert_eq!(parameter(&answer, "state"), "state-1");
    assert_eq!(parameter(&answer, "iss"), scene.app.app.issuer);
    assert_eq!(answer.header("set-cookie"), "", "nobody is signed in at the browser by it");
    let tokens = scene.exchange(&parameter(&answer, "code"), &[]).await.good();
    let id_token = claims(text(&tokens, "id_token"));
    assert_eq!(id_token["sub"], scene.user.to_string());
    assert_eq!(id_token["amr"], serde_json::json!(["pop"]));
    let userinfo = scene.userinfo(text(&tokens, "access_token")).await.good();
    assert_eq!(userinfo["email"], "somchai@citizen.example");
    let held = user_certificates(&scene.app, scene.user).await;
    assert_eq!(held[0].last_used_at, Some(scene.app.clock.now()));
}

#[tokio::test]
async fn rfc_9126_s7_3_a_pushed_request_is_answered_once_here_too() {
    let scene = Scene::new().await;
    let holder = Holder::self_signed(|_| {});
    register(&scene.app, scene.user, &holder).await;
    let door = scene.app.door.with_certificate(&holder);
    for prompt in ["", "consent"] {
        let uri = scene.pushed(&[("prompt", prompt)]).await;
        let path = format!("{PATH}?{}", encoded(&[("client_id", "rp"), ("request_uri", &uri)]));
        let (one, other) = tokio::join!(door.get(&path), door.get(&path));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [302, 400], "{prompt}");
    }
}

async fn user_certificates(app: &TestApp, user: UserId) -> Vec<UserCertificate> {
    store::user_certificates::list(app.pool(), user).await.unwrap()
}

#[tokio::test]
async fn out_of_band_is_a_302_to_the_urn_under_either_path() {
    let app = TestApp::with(&[("profiles.dss", "true")]).await;
    let scene = Scene::at(app, |client| client.redirect_uris = vec![OUT_OF_BAND.to_owned()]).await;
    let holder = Holder::self_signed(|_| {});
    register(&scene.app, scene.user, &holder).await;
    let door = scene.app.door.with_certificate(&holder);
    for path in [PATH, "/STS/oauth/authorize/certificate"] {
        let answer = door.get(&request(path, &[("redirect_uri", OUT_OF_BAND)])).await;
        let location = answer.header("location");
        assert!(location.starts_with("urn:ietf:wg:oauth:2.0:oob:auto?code="), "{location}");
        let code = parameter(&answer, "code");
        scene.exchange(&code, &[("redirect_uri", OUT_OF_BAND)]).await.good();
    }
    let answer = ask(&door, &[("redirect_uri", OUT_OF_BAND), ("scope", "nonsense")]).await;
    assert_eq!(parameter(&answer, "error"), "invalid_scope");
}

#[tokio::test]
async fn no_unknown_expired_or_a_disabled_persons_certificate_is_a_401_page() {
    let scene = Scene::new().await;
    let (door, holder) = (scene.app.door.clone(), Holder::self_signed(|_| {}));
    assert_page(&ask(&door, &[]).await, "certificate_missing");
    assert_page(&ask(&door.with_certificate(&holder), &[]).await, "certificate_unknown");
    let old = Holder::self_signed(|params| params.not_after = rcgen::date_time_ymd(2021, 1, 1));
    let early = Holder::self_signed(|params| params.not_before = rcgen::date_time_ymd(2080, 1, 1));
    for holder in [&old, &early] {
        register(&scene.app, scene.user, holder).await;
        assert_page(&ask(&door.with_certificate(holder), &[]).await, "certificate_expired");
    }
    register(&scene.app, scene.user, &holder).await;
    // The same names and key in another certificate are not the one that was registered.
    let twin = rcgen::KeyPair::try_from(holder.key.serialize_der()).unwrap();
    let params = rcgen::CertificateParams::default();
    let twin = Holder { certificate: params.self_signed(&twin).unwrap(), key: twin };
    assert_page(&ask(&door.with_certificate(&twin), &[]).await, "certificate_unknown");
    assert_eq!(ask(&door.with_certificate(&holder), &[]).await.status, 302);
    scene.app.disable_user(scene.user).await;
    assert_page(&ask(&door.with_certificate(&holder), &[]).await, "certificate_unknown");
}

#[tokio::test]
async fn the_request_is_vetted_as_at_the_authorization_endpoint() {
    let mut scene = Scene::new().await;
    let holder = Holder::self_signed(|_| {});
    register(&scene.app, scene.user, &holder).await;
    let door = scene.app.door.with_certificate(&holder);
    let evil = ask(&door, &[("redirect_uri", "https://evil.example/")]).await;
    assert_eq!((evil.status.as_u16(), evil.header("location")), (400, ""));
    assert_eq!(ask(&door, &[("client_id", "nobody")]).await.status, 400);
    assert_eq!(
        parameter(&ask(&door, &[("response_type", "none")]).await, "error"),
        "unsupported_response_type"
    );
    assert_eq!(parameter(&ask(&door, &[("prompt", "consent")]).await, "error"), "consent_required");
    assert_eq!(
        parameter(&ask(&door, &[("acr_values", "3")]).await, "error"),
        "unmet_authentication_requirements"
    );
    for change in [("prompt", "none"), ("prompt", "login"), ("max_age", "1")] {
        assert!(!parameter(&ask(&door, &[change]).await, "code").is_empty(), "{change:?}");
    }
    let wants = |client: &mut tamga::model::client::Client| {
        client.settings.require_attributes = vec!["citizen_id".to_owned()];
    };
    scene.app.change_client(&mut scene.rp, wants).await;
    assert_eq!(parameter(&ask(&door, &[]).await, "error"), "interaction_required");
    let posted = door.call(Method::POST, PATH, &[], "").await;
    assert_eq!(posted.status, 405);
}

#[tokio::test]
async fn a_page_cannot_have_a_browser_fetch_the_answer_unseen() {
    let scene = Scene::new().await;
    let holder = Holder::self_signed(|_| {});
    register(&scene.app, scene.user, &holder).await;
    let door = scene.app.door.with_certificate(&holder);
    let path = request(PATH, &[]);
    for headers in [
        &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")][..],
        &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
        &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
    ] {
        assert_page(&door.call(Method::GET, &path, headers, "").await, "certificate_embedded");
    }
    let headers = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    assert_eq!(door.call(Method::GET, &path, &headers, "").await.status, 302);
}

#[tokio::test]
async fn what_a_person_kept_back_before_is_kept_back_here_too() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[("scope", "openid email")]).await;
    let fields = [("username", "somchai"), ("password", crate::support::app::PASSWORD)];
    assert!(stop.has("login-form"));
    scene.browser.submit("login-form", &fields).await;
    sqlx::query(
        "INSERT INTO consents (user_id, client_id, scopes, attributes, refused, granted_at, updated_at)
         VALUES ($1, $2, '{openid,email}', '{}', '{email}', $3, $3)",
    )
    .bind(scene.user.0)
    .bind(scene.rp.client.id.0)
    .bind(scene.app.clock.now())
    .execute(scene.app.pool())
    .await
    .unwrap();
    let holder = Holder::self_signed(|_| {});
    register(&scene.app, scene.user, &holder).await;
    let answer = ask(&scene.app.door.with_certificate(&holder), &[]).await;
    let tokens = scene.exchange(&parameter(&answer, "code"), &[]).await.good();
    let userinfo = scene.userinfo(text(&tokens, "access_token")).await.good();
    assert!(userinfo.get("email").is_none(), "{userinfo}");
    let remembered = consents::find(scene.app.pool(), scene.user, scene.rp.client.id).await.unwrap().unwrap();
    assert!(remembered.attributes.is_empty(), "nothing is remembered of it");
}

/// A server where this authority's word about people counts: the subject's serial number, after
/// `IIN`, is their IIN.
async fn with_authority(authority: &Authority, revoked: &str) -> (Scene, [Scratch; 2]) {
    let files = [Scratch::new(&authority.pem()), Scratch::new(revoked)];
    let app = TestApp::with(&[
        ("certificate_login.ca", files[0].path()),
        ("certificate_login.field", "serialNumber"),
        ("certificate_login.prefix", "IIN"),
        ("certificate_login.attribute", "iin"),
        ("tls.client_crl", files[1].path()),
    ])
    .await;
    (Scene::at(app, |_| {}).await, files)
}

const IIN: &str = "900515300017";

fn of_person(params: &mut rcgen::CertificateParams, iin: &str, serial: u64) {
    let serial_number = DnType::CustomDnType(vec![2, 5, 4, 5]);
    params.distinguished_name.push(serial_number, DnValue::Utf8String(format!("IIN{iin}")));
    params.serial_number = Some(serial.into());
}

#[tokio::test]
async fn a_trusted_authoritys_certificate_names_a_person_by_an_identifier() {
    let authority = Authority::new("National Authority");
    let (scene, _files) = with_authority(&authority, &authority.revocations(&[9])).await;
    let app = &scene.app;
    let checked = [("iin", IIN, 2)];
    let aliya = app.user_with("aliya", crate::support::app::PASSWORD, &checked).await;
    let door = |holder: &Holder| app.door.with_certificate(holder);
    let own = authority.issue(|params| of_person(params, IIN, 1));
    let answer = ask(&door(&own), &[("scope", "openid")]).await;
    let tokens = scene.exchange(&parameter(&answer, "code"), &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["sub"], aliya.to_string());
    // Somebody else's word, another number, a value twice, none at all.
    let other = Authority::new("National Authority").issue(|params| of_person(params, IIN, 1));
    let unknown = authority.issue(|params| of_person(params, "900515300018", 2));
    let bare = authority.issue(|params| {
        params
            .distinguished_name
            .push(DnType::CustomDnType(vec![2, 5, 4, 5]), DnValue::Utf8String(IIN.into()));
    });
    for holder in [&other, &unknown, &bare, &authority.issue(|_| {})] {
        assert_page(&ask(&door(holder), &[]).await, "certificate_unknown");
    }
    let revoked = authority.issue(|params| of_person(params, IIN, 9));
    assert_page(&ask(&door(&revoked), &[]).await, "certificate_revoked");
    assert_eq!(journalled(app, "certificate.refuse_revoked").await, 1);
    register(app, aliya, &revoked).await;
    assert_page(&ask(&door(&revoked), &[]).await, "certificate_revoked");
    assert_eq!(journalled(app, "certificate.refuse_revoked").await, 2, "registered or not");
}

#[tokio::test]
async fn an_identifier_that_nobody_checked_names_nobody() {
    let authority = Authority::new("National Authority");
    let (scene, _files) = with_authority(&authority, &authority.revocations(&[])).await;
    // Anybody can write any number into their own profile.
    let claimed = [("iin", IIN, i16::from(Level::UNVERIFIED))];
    scene.app.user_with("thief", crate::support::app::PASSWORD, &claimed).await;
    let own = authority.issue(|params| of_person(params, IIN, 1));
    assert_page(&ask(&scene.app.door.with_certificate(&own), &[]).await, "certificate_unknown");
}

#[tokio::test]
async fn the_sign_in_page_links_to_it_only_where_certificates_are_served() {
    let link = async |settings: &[(&str, &str)]| {
        let mut scene = Scene::at(TestApp::with(settings).await, |_| {}).await;
        let stop = scene.ask(&[]).await;
        stop.has("certificate-login")
    };
    assert!(!link(&[]).await);
    assert!(link(&[("tls.client_certificate_header", "Client-Cert")]).await);
}

#[tokio::test]
async fn rfc_8705_s5_discovery_names_the_port_that_asks_for_certificates() {
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = [Scratch::new(&own.cert.pem()), Scratch::new(&own.signing_key.serialize_pem())];
    let app = TestApp::with(&[
        ("tls.certificate", files[0].path()),
        ("tls.key", files[1].path()),
        ("tls.mtls_port", "10443"),
    ])
    .await;
    let document = app.door.get("/.well-known/openid-configuration").await.good();
    let aliases = &document["mtls_endpoint_aliases"];
    assert_eq!(aliases["token_endpoint"], "https://sso.test.example:10443/oauth2/token");
    assert_eq!(aliases["userinfo_endpoint"], "https://sso.test.example:10443/oauth2/userinfo");
    assert_eq!(document["tls_client_certificate_bound_access_tokens"], true);
    let methods = document["token_endpoint_auth_methods_supported"].to_string();
    assert!(methods.contains("self_signed_tls_client_auth") && !methods.contains("\"tls_client_auth\""));
    let plain = TestApp::new().await.door.get("/.well-known/openid-configuration").await.good();
    assert!(plain.get("mtls_endpoint_aliases").is_none());
    assert!(!plain["token_endpoint_auth_methods_supported"].to_string().contains("tls"));
}
