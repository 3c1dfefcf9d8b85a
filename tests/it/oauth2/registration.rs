//! Clients that register themselves, and read, change and remove themselves later.

use axum::http::Method;
use serde_json::{Value, json};
use tamga::{
    ids::RegistrationTokenId,
    model::{client::AuthMethod, journal::Entry},
    secret::Token,
    store::{self, registration_tokens::RegistrationToken},
};
use time::Duration;

use super::{CHALLENGE, VERIFIER, go_on, request};
use crate::support::{
    app::{CALLBACK, ISSUER, TestApp, TestClient},
    browser::Stop,
    door::{Answer, basic},
    gateway::Gateway,
    pki::Holder,
    signer::Signer,
};

pub const PATH: &str = "/oauth2/register";

/// A server where anybody may register.
pub async fn open() -> TestApp {
    TestApp::with(&[
        ("registration.enabled", "true"),
        ("registration.open", "true"),
        ("outbound.allow", "127.0.0.0/8"),
    ])
    .await
}

/// A server where an operator's token is needed.
async fn closed() -> TestApp {
    TestApp::with(&[("registration.enabled", "true")]).await
}

/// A token of an operator's.
async fn token(app: &TestApp, uses: i32) -> String {
    let (now, value) = (app.clock.now(), Token::generate(&app.app.rng));
    let token = RegistrationToken {
        id: RegistrationTokenId(app.app.rng.uuid(now)),
        uses_left: uses,
        created_at: now,
        expires_at: now + Duration::hours(1),
        last_used_at: None,
    };
    let entry = Entry::by_operator(now, "registration_token.insert", "registration_token", token.id);
    store::registration_tokens::insert(app.pool(), &token, value.digest(), &entry).await.unwrap();
    value.expose().to_owned()
}

/// What the usual client registers.
fn usual() -> Value {
    json!({"redirect_uris": [CALLBACK], "client_name": "Tax Service"})
}

/// `usual` with `change` over it; null leaves out.
pub fn with(change: Value) -> Value {
    let mut asked = usual();
    for (name, value) in change.as_object().unwrap() {
        asked[name] = value.clone();
    }
    asked
}

pub async fn send(
    app: &TestApp,
    method: Method,
    path: &str,
    bearer: Option<&str>,
    body: Option<&Value>,
) -> Answer {
    let bearer = bearer.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    app.door.call(method, path, &headers, &body.map(Value::to_string).unwrap_or_default()).await
}

pub async fn register(app: &TestApp, asked: &Value) -> Answer {
    send(app, Method::POST, PATH, None, Some(asked)).await
}

/// The answer to a registration that must be taken.
#[track_caller]
pub fn created(answer: &Answer) -> Value {
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

pub async fn registered(app: &TestApp, asked: &Value) -> Value {
    created(&register(app, asked).await)
}

/// The client with its secret, as other tests have one.
async fn client(app: &TestApp, information: &Value) -> TestClient {
    let identifier = information["client_id"].as_str().unwrap();
    let client = store::clients::find(app.pool(), identifier).await.unwrap().unwrap();
    TestClient { client, secret: information["client_secret"].as_str().map(str::to_owned) }
}

/// Manages a registration with its own token.
async fn manage(app: &TestApp, method: Method, information: &Value, body: Option<&Value>) -> Answer {
    let uri = information["registration_client_uri"].as_str().unwrap();
    let path = uri.strip_prefix(ISSUER).unwrap();
    send(app, method, path, information["registration_access_token"].as_str(), body).await
}

/// What a client may send back: what it was told without what the server alone says.
fn own(information: &Value, change: Value) -> Value {
    let mut asked = information.clone();
    for name in [
        "registration_access_token",
        "registration_client_uri",
        "client_secret_expires_at",
        "client_id_issued_at",
    ] {
        asked.as_object_mut().unwrap().remove(name);
    }
    for (name, value) in change.as_object().unwrap() {
        asked[name] = value.clone();
    }
    asked
}

async fn actions(app: &TestApp) -> Vec<String> {
    let actions = sqlx::query_scalar("SELECT action FROM journal ORDER BY seq");
    actions.fetch_all(app.pool()).await.unwrap()
}

#[tokio::test]
async fn the_endpoints_are_there_only_when_an_operator_enables_them() {
    let off = TestApp::new().await;
    assert_eq!(register(&off, &usual()).await.status, 404);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        assert_eq!(send(&off, method, "/oauth2/register/x", Some("x"), None).await.status, 404);
    }
    let discovery = "/.well-known/openid-configuration";
    assert_eq!(off.door.get(discovery).await.good().get("registration_endpoint"), None);
    let on = TestApp::with(&[
        ("registration.enabled", "true"),
        ("registration.policy_url", "https://dev.example/policy"),
        ("registration.terms_url", "https://dev.example/terms"),
        ("registration.documentation_url", "https://dev.example/docs"),
    ])
    .await;
    let document = on.door.get(discovery).await.good();
    assert_eq!(document["registration_endpoint"], format!("{ISSUER}{PATH}"));
    assert_eq!(document["op_policy_uri"], "https://dev.example/policy");
    assert_eq!(document["op_tos_uri"], "https://dev.example/terms");
    assert_eq!(document["service_documentation"], "https://dev.example/docs");
}

#[tokio::test]
async fn rfc_7591_s3_an_initial_access_token_is_needed_unless_registration_is_open() {
    let app = closed().await;
    let answer = register(&app, &usual()).await;
    assert_eq!(answer.error(401), "invalid_token");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let answer = send(&app, Method::POST, PATH, Some("made up"), Some(&usual())).await;
    assert_eq!(answer.error(401), "invalid_token");
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    let token = token(&app, 2).await;
    for _ in 0..2 {
        created(&send(&app, Method::POST, PATH, Some(&token), Some(&usual())).await);
    }
    let answer = send(&app, Method::POST, PATH, Some(&token), Some(&usual())).await;
    assert_eq!(answer.error(401), "invalid_token", "used up");
    assert!(!app.log().contains(&token));
}

#[tokio::test]
async fn a_token_works_until_it_expires_and_a_refused_registration_spends_none_of_it() {
    let app = closed().await;
    let token = token(&app, 1).await;
    let refused = with(json!({"redirect_uris": ["http://rp.example/cb"]}));
    for _ in 0..3 {
        let answer = send(&app, Method::POST, PATH, Some(&token), Some(&refused)).await;
        assert_eq!(answer.error(400), "invalid_redirect_uri");
    }
    app.clock.advance(Duration::hours(1));
    assert_eq!(
        send(&app, Method::POST, PATH, Some(&token), Some(&usual())).await.error(401),
        "invalid_token"
    );
    assert_eq!(actions(&app).await.iter().filter(|action| *action == "client.register").count(), 0);
}

#[tokio::test]
async fn of_two_at_once_for_the_last_use_of_a_token_one_gets_it_on_whichever_instance() {
    let app = closed().await;
    let another = app.another_with(&[("registration.enabled", "true")]).await;
    for _ in 0..5 {
        let (token, asked) = (token(&app, 1).await, usual());
        let (one, other) = tokio::join!(
            send(&app, Method::POST, PATH, Some(&token), Some(&asked)),
            send(&another, Method::POST, PATH, Some(&token), Some(&asked))
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401]);
    }
    let clients = store::client_registrations::list(app.pool()).await.unwrap();
    assert_eq!(clients.len(), 5);
}

#[tokio::test]
async fn rfc_7591_s3_2_1_the_answer_tells_all_that_is_registered() {
    let app = open().await;
    let asked = with(json!({
        "grant_types": ["authorization_code", "refresh_token"],
        "client_name#th": "บริการภาษี",
        "client_name#fr": "Service des impôts",
        "client_uri": "https://rp.example/",
        "policy_uri": "https://rp.example/policy",
        "tos_uri": "https://rp.example/tos",
        "contacts": ["dev@rp.example"],
        "scope": "openid email land_titles",
        "post_logout_redirect_uris": ["https://rp.example/bye"],
        "software_id": "4NRB1-0XZABZI9E6-5SM3R",
        "software_version": "2",
        "default_max_age": 3600,
        "require_auth_time": true,
        "default_acr_values": ["2"],
        "id_token_signed_response_alg": "ES256",
        "initiate_login_uri": "https://rp.example/begin",
        "dpop_bound_access_tokens": true,
        "something_else": {"nobody": ["asks"]},
    }));
    let told = registered(&app, &asked).await;
    for (name, value) in asked.as_object().unwrap() {
        match name.as_str() {
            "scope" => assert_eq!(told[name], "openid email", "what can't be had here is left out"),
            "something_else" | "client_name#fr" => assert_eq!(told.get(name), None),
            _ => assert_eq!(&told[name], value, "{name}"),
        }
    }
    for (name, value) in [
        ("response_types", json!(["code"])),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("application_type", json!("web")),
        ("subject_type", json!("public")),
        ("client_secret_expires_at", json!(0)),
        ("client_id_issued_at", json!(app.clock.now().unix_timestamp())),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    assert_eq!(told["client_secret"].as_str().unwrap().len(), 43);
    let id = told["client_id"].as_str().unwrap();
    assert_eq!(told["registration_client_uri"], format!("{ISSUER}{PATH}/{id}"));
    assert!(told.get("logo_sha256").is_none() && told.get("unvouched").is_none());
    for secret in ["client_secret", "registration_access_token"] {
        assert!(!app.log().contains(told[secret].as_str().unwrap()), "{secret}");
    }
    assert!(!app.log().contains("dev@rp.example"));
    let lines: Vec<String> =
        sqlx::query_scalar("SELECT after::text FROM journal WHERE action = 'client.register'")
            .fetch_all(app.pool())
            .await
            .unwrap();
    assert!(lines.len() == 1 && !lines[0].contains("dev@rp.example") && lines[0].contains("Tax Service"));
}

#[tokio::test]
async fn a_client_that_registered_itself_signs_people_in_and_they_are_warned_of_it() {
    let app = open().await;
    app.user("somchai").await;
    let told = registered(&app, &usual()).await;
    let client = client(&app, &told).await;
    let mut browser = app.browser();
    let stop = browser.open(&request(client.id(), &[("scope", "openid email")])).await;
    assert!(stop.answer.body.contains("Tax Service") && stop.answer.body.contains("registered itself"));
    let stop = go_on(&mut browser, "somchai", stop).await;
    let fields =
        [("grant_type", "authorization_code"), ("code", &stop.parameter("code")), ("redirect_uri", CALLBACK)];
    let tokens = app.door.post_as(&client, "/oauth2/token", &fields).await.good();
    assert!(tokens["id_token"].is_string());
    // In the person's language, where the client has said what it is called there.
    let told = registered(&app, &with(json!({"client_name#th": "บริการภาษี"}))).await;
    let address = request(told["client_id"].as_str().unwrap(), &[("ui_locales", "th")]);
    let stop: Stop = app.browser().open(&address).await;
    assert!(stop.answer.body.contains("บริการภาษี") && !stop.answer.body.contains("Tax Service"));
}

#[tokio::test]
async fn of_a_client_that_an_operator_gave_a_token_to_nobody_is_warned() {
    let app = closed().await;
    let token = token(&app, 1).await;
    let told = created(&send(&app, Method::POST, PATH, Some(&token), Some(&usual())).await);
    let stop = app.browser().open(&request(told["client_id"].as_str().unwrap(), &[])).await;
    assert!(stop.has("login-form") && !stop.answer.body.contains("registered itself"));
}

#[tokio::test]
async fn a_public_client_has_no_secret_and_must_use_pkce() {
    let app = open().await;
    app.user("somchai").await;
    let asked = json!({
        "redirect_uris": ["com.example.app:/cb"],
        "application_type": "native",
        "token_endpoint_auth_method": "none",
    });
    let told = registered(&app, &asked).await;
    assert!(told.get("client_secret").is_none() && told.get("client_secret_expires_at").is_none());
    let id = told["client_id"].as_str().unwrap();
    let change = [("redirect_uri", "com.example.app:/cb")];
    let refused = app.browser().open(&request(id, &change)).await;
    assert_eq!(refused.parameter("error"), "invalid_request");
    let mut browser = app.browser();
    let challenge = [change[0], ("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let stop = browser.open(&request(id, &challenge)).await;
    let stop = go_on(&mut browser, "somchai", stop).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &stop.parameter("code")),
        ("redirect_uri", "com.example.app:/cb"),
        ("code_verifier", VERIFIER),
    ];
    app.door.post_as(&client(&app, &told).await, "/oauth2/token", &fields).await.good();
}

#[tokio::test]
async fn return_addresses_that_will_not_do_are_invalid_redirect_uri() {
    let app = open().await;
    for change in [
        json!({"redirect_uris": null}),
        json!({"redirect_uris": []}),
        json!({"redirect_uris": CALLBACK}),
        json!({"redirect_uris": [5]}),
        json!({"redirect_uris": [CALLBACK, CALLBACK]}),
        json!({"redirect_uris": ["https://rp.example/cb#fragment"]}),
        json!({"redirect_uris": ["http://rp.example/cb"]}),
        json!({"redirect_uris": ["com.example.app:/cb"]}),
        json!({"redirect_uris": ["javascript:alert(1)"]}),
        json!({"redirect_uris": ["urn:ietf:wg:oauth:2.0:oob:auto"], "application_type": "native"}),
        json!({"redirect_uris": ["http://rp.example/cb"], "application_type": "native"}),
        json!({"redirect_uris": ["https://localhost/cb"], "response_types": ["id_token"]}),
        json!({"redirect_uris": ["http://127.0.0.1/cb"], "response_types": ["code id_token"]}),
    ] {
        assert_eq!(
            register(&app, &with(change.clone())).await.error(400),
            "invalid_redirect_uri",
            "{change}"
        );
    }
}

#[tokio::test]
async fn other_members_that_will_not_do_are_invalid_client_metadata_and_named() {
    let app = open().await;
    let key = Signer::new("one");
    let private = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "d": "AA"});
    for (change, named) in [
        (json!({"client_name": 5}), "client_name"),
        (json!({"client_name": "Tax\u{202e}"}), "client_name"),
        (json!({"grant_types": ["password"]}), "grant_types"),
        (json!({"grant_types": ["client_credentials"]}), "grant_types"),
        (json!({"grant_types": ["authorization_code"], "response_types": ["id_token"]}), "grant_types"),
        (json!({"response_types": ["none"]}), "response_types"),
        (json!({"scope": "land_titles"}), "scope"),
        (json!({"token_endpoint_auth_method": "magic"}), "token_endpoint_auth_method"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), "jwks"),
        (json!({"token_endpoint_auth_method": "tls_client_auth"}), "token_endpoint_auth_method"),
        (json!({"jwks": key.jwks(), "jwks_uri": "https://rp.example/jwks"}), "jwks"),
        (json!({"jwks": {"keys": [private]}}), "jwks"),
        (json!({"jwks": []}), ""),
        (json!({"jwks": "x"}), "jwks"),
        (json!({"jwks_uri": "http://rp.example/jwks"}), "jwks_uri"),
        (json!({"jwks_uri": "https://10.0.0.1/jwks"}), "jwks_uri"),
        (json!({"tls_client_certificate_bound_access_tokens": true}), "tls_client_certificate_bound"),
        (json!({"tls_client_auth_san_ip": "x"}), "tls_client_auth_san_ip"),
        (
            json!({"tls_client_auth_san_ip": "192.0.2.1", "tls_client_auth_san_dns": "a.example"}),
            "tls_client",
        ),
        (json!({"application_type": "desktop"}), "application_type"),
        (json!({"subject_type": "secret"}), "subject_type"),
        (json!({"id_token_signed_response_alg": "none"}), "id_token_signed_response_alg"),
        (json!({"id_token_signed_response_alg": "HS256"}), "id_token_signed_response_alg"),
        (json!({"id_token_encrypted_response_alg": "RSA-OAEP"}), "id_token_encrypted_response_alg"),
        (json!({"request_object_encryption_enc": "A128GCM"}), "request_object_encryption_enc"),
        (json!({"logo_uri": "http://rp.example/logo.png"}), "logo_uri"),
        (json!({"policy_uri": "http://rp.example/policy"}), "policy_uri"),
        (json!({"tos_uri": "javascript:alert(1)"}), "tos_uri"),
        (json!({"initiate_login_uri": "http://rp.example/begin"}), "initiate_login_uri"),
        (json!({"post_logout_redirect_uris": ["https://rp.example/#x"]}), "post_logout_redirect_uris"),
        (json!({"backchannel_logout_uri": "https://10.0.0.1/bye"}), "backchannel_logout_uri"),
        (json!({"frontchannel_logout_uri": "https://other.example/bye"}), "frontchannel_logout_uri"),
        (json!({"default_max_age": -1}), "default_max_age"),
        (json!({"require_auth_time": "yes"}), "require_auth_time"),
        (json!({"contacts": "dev@rp.example"}), "contacts"),
    ] {
        let answer = register(&app, &with(change.clone())).await;
        if named.is_empty() {
            created(&answer);
            continue;
        }
        assert_eq!(answer.error(400), "invalid_client_metadata", "{change}");
        let description = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(description.starts_with(named), "{change}: {description}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_object_are_refused() {
    let app = open().await;
    let json = [("content-type", "application/json")];
    for body in ["", "[]", "5", "{", "\u{feff}{}", r#"{"scope":"openid","scope":"email"}"#] {
        let answer = app.door.call(Method::POST, PATH, &json, body).await;
        assert_eq!(answer.error(400), "invalid_client_metadata", "{body}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = app.door.call(Method::POST, PATH, &form, &usual().to_string()).await;
    assert_eq!(answer.error(400), "invalid_client_metadata");
}

#[tokio::test]
async fn rfc_7591_s3_2_2_software_statements_are_not_accepted() {
    let app = open().await;
    let statement = Signer::new("one").sign(&json!({"software_id": "x"}));
    for (statement, code) in
        [(json!(statement), "unapproved_software_statement"), (json!("x"), "invalid_software_statement")]
    {
        let answer = register(&app, &with(json!({"software_statement": statement}))).await;
        assert_eq!(answer.error(400), code);
    }
}

#[tokio::test]
async fn rfc_7592_s2_1_a_client_reads_what_is_registered() {
    let app = open().await;
    let told = registered(&app, &usual()).await;
    let read = manage(&app, Method::GET, &told, None).await;
    assert_eq!(read.header("cache-control"), "no-store");
    let mut expected = told.clone();
    // Only its digest is kept.
    expected.as_object_mut().unwrap().remove("client_secret");
    assert_eq!(read.good(), expected);
}

#[tokio::test]
async fn rfc_7592_s2_a_registration_opens_to_its_own_token_alone() {
    let app = open().await;
    let (told, other) = (registered(&app, &usual()).await, registered(&app, &usual()).await);
    let by_operator = app.client("rp", |_| {}).await;
    let path = |id: &str| format!("{PATH}/{id}");
    let (own, foreign) = (told["client_id"].as_str().unwrap(), other["registration_access_token"].as_str());
    let operators = by_operator.id().to_owned();
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        for (id, bearer) in [
            (own, foreign),
            (own, told["client_secret"].as_str()),
            (operators.as_str(), foreign),
            ("nobody", foreign),
            ("%00", foreign),
        ] {
            let answer = send(&app, method.clone(), &path(id), bearer, Some(&usual())).await;
            assert_eq!(answer.error(401), "invalid_token", "{method} {id}");
        }
        let answer = send(&app, method, &path(own), None, Some(&usual())).await;
        assert_eq!(answer.error(401), "invalid_token");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    manage(&app, Method::GET, &told, None).await.good();
}

#[tokio::test]
async fn rfc_7592_s2_2_what_is_put_takes_the_place_of_all_that_was_registered() {
    let app = open().await;
    let asked = with(json!({"policy_uri": "https://rp.example/policy", "contacts": ["dev@rp.example"]}));
    let told = registered(&app, &asked).await;
    let change = json!({"redirect_uris": ["https://rp.example/new"], "policy_uri": null, "contacts": []});
    let put = manage(&app, Method::PUT, &told, Some(&own(&told, change))).await.good();
    assert_eq!(put["redirect_uris"], json!(["https://rp.example/new"]));
    assert!(put.get("policy_uri").is_none() && put.get("contacts").is_none());
    assert_eq!(put["registration_access_token"], told["registration_access_token"], "it stays the same");
    assert!(put.get("client_secret").is_none(), "the one it has stays");
    assert_eq!(manage(&app, Method::GET, &told, None).await.good(), put);
    let client = client(&app, &told).await;
    assert_eq!(client.client.secrets.len(), 1);
    let gone = app.browser().open(&request(client.id(), &[])).await;
    assert_eq!(gone.text("error-code"), "invalid_request", "the old return address");
    assert!(actions(&app).await.ends_with(&["client.register".into(), "client.update".into()]));
}

#[tokio::test]
async fn rfc_7592_s2_2_a_change_names_its_client_and_not_what_only_the_server_says() {
    let app = open().await;
    let told = registered(&app, &usual()).await;
    for (change, named) in [
        (json!({"client_id": null}), "client_id"),
        (json!({"client_id": "another"}), "client_id"),
        (json!({"client_secret": "another"}), "client_secret"),
        (json!({"client_secret_expires_at": 0}), "client_secret_expires_at"),
        (json!({"registration_access_token": "x"}), "registration_access_token"),
        (json!({"redirect_uris": null}), "redirect_uris"),
    ] {
        let answer = manage(&app, Method::PUT, &told, Some(&own(&told, change.clone()))).await;
        answer.error(400);
        assert!(answer.json()["error_description"].as_str().unwrap().starts_with(named), "{change}");
    }
    let mut without = manage(&app, Method::GET, &told, None).await.good();
    without["client_secret"] = told["client_secret"].clone();
    assert_eq!(without, told, "nothing was changed");
}

#[tokio::test]
async fn a_change_of_the_way_of_authentication_gives_and_takes_secrets() {
    let app = open().await;
    let told = registered(&app, &with(json!({"jwks": Signer::new("one").jwks()}))).await;
    let change = |method: &str| own(&told, json!({"token_endpoint_auth_method": method}));
    let mut asked = change("private_key_jwt");
    let keys = manage(&app, Method::PUT, &told, Some(&asked)).await.good();
    assert!(keys.get("client_secret").is_none() && keys.get("client_secret_expires_at").is_none());
    assert!(client(&app, &told).await.client.secrets.is_empty());
    asked = change("client_secret_jwt");
    asked.as_object_mut().unwrap().remove("client_secret");
    let signing = manage(&app, Method::PUT, &told, Some(&asked)).await.good();
    // RFC 7518 §3.2: enough for HS512.
    assert!(signing["client_secret"].as_str().unwrap().len() >= 64);
    let stored = client(&app, &told).await.client;
    assert_eq!(stored.auth_methods, [AuthMethod::ClientSecretJwt]);
    assert!(stored.secrets.len() == 1 && stored.secrets[0].sealed.is_some());
    let again = manage(&app, Method::PUT, &told, Some(&asked)).await.good();
    assert!(again.get("client_secret").is_none(), "the one it has will do");
}

#[tokio::test]
async fn what_operators_say_of_a_client_stays_when_it_changes_itself() {
    let app = open().await;
    let told = registered(&app, &usual()).await;
    let mut client = client(&app, &told).await;
    app.change_client(&mut client, |client| {
        client.scopes.push("iin".to_owned());
        client.settings.require_pkce = true;
        client.settings.oidc.unvouched = false;
    })
    .await;
    let asked = own(&told, json!({"scope": "openid iin"}));
    let put = manage(&app, Method::PUT, &told, Some(&asked)).await.good();
    assert_eq!(put["scope"], "openid iin");
    let stored = store::clients::find(app.pool(), client.id()).await.unwrap().unwrap();
    assert!(stored.settings.require_pkce && !stored.settings.oidc.unvouched);
}

#[tokio::test]
async fn rfc_7592_s2_3_a_client_that_removes_itself_takes_its_grants_and_tokens_along() {
    let app = open().await;
    app.user("somchai").await;
    let told = registered(&app, &usual()).await;
    let client = client(&app, &told).await;
    let mut browser = app.browser();
    let stop = browser.open(&request(client.id(), &[])).await;
    let stop = go_on(&mut browser, "somchai", stop).await;
    let fields =
        [("grant_type", "authorization_code"), ("code", &stop.parameter("code")), ("redirect_uri", CALLBACK)];
    let tokens = app.door.post_as(&client, "/oauth2/token", &fields).await.good();
    let gone = manage(&app, Method::DELETE, &told, None).await;
    assert_eq!((gone.status.as_u16(), gone.body.as_str()), (204, ""));
    assert_eq!(gone.header("cache-control"), "no-store");
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let userinfo = app.door.call(Method::GET, "/oauth2/userinfo", &[("authorization", &bearer)], "").await;
    assert_eq!(userinfo.status, 401);
    assert_eq!(app.door.post_as(&client, "/oauth2/token", &fields).await.error(401), "invalid_client");
    assert_eq!(manage(&app, Method::GET, &told, None).await.error(401), "invalid_token");
    assert_eq!(manage(&app, Method::DELETE, &told, None).await.error(401), "invalid_token");
    assert!(actions(&app).await.contains(&"client.remove".to_owned()));
}

#[tokio::test]
async fn a_client_that_an_operator_shut_out_can_not_change_itself() {
    let app = open().await;
    let told = registered(&app, &usual()).await;
    let now = app.clock.now();
    app.change_client(&mut client(&app, &told).await, |client| client.disabled_at = Some(now)).await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = manage(&app, method, &told, Some(&own(&told, json!({})))).await;
        assert_eq!(answer.error(403), "access_denied");
    }
}

#[tokio::test]
async fn one_address_registers_so_many_within_an_hour() {
    let settings = [
        ("registration.enabled", "true"),
        ("registration.open", "true"),
        ("registration.per_address_hourly", "3"),
    ];
    let app = TestApp::with(&settings).await;
    let told = registered(&app, &usual()).await;
    manage(&app, Method::PUT, &told, Some(&own(&told, json!({})))).await.good();
    register(&app, &json!({})).await.error(400);
    registered(&app, &usual()).await;
    app.clock.advance(Duration::minutes(20));
    let refused = register(&app, &usual()).await;
    refused.error(429);
    assert_eq!(refused.header("retry-after"), "2400");
    let mut elsewhere = app.door.clone();
    elsewhere.peer = "198.51.100.8".parse().unwrap();
    let json = [("content-type", "application/json")];
    assert_eq!(elsewhere.call(Method::POST, PATH, &json, &usual().to_string()).await.status, 201);
    app.clock.advance(Duration::minutes(40));
    registered(&app, &usual()).await;
}

#[tokio::test]
async fn rfc_8705_s2_2_2_a_self_signed_certificate_is_registered_by_its_key() {
    let app = TestApp::with(&[
        ("registration.enabled", "true"),
        ("registration.open", "true"),
        ("registration.allowed_flows", "client-credentials"),
        ("tls.client_certificate_header", "X-SSL-Client-Cert"),
        ("server.trusted_proxies", "198.51.100.7"),
    ])
    .await;
    let holder = Holder::self_signed(|_| {});
    let x5c = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, holder.der());
    let asked = json!({
        "client_name": "Machine",
        "grant_types": ["client_credentials"],
        "token_endpoint_auth_method": "self_signed_tls_client_auth",
        "tls_client_certificate_bound_access_tokens": true,
        "jwks": {"keys": [{"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "x5c": [x5c]}]},
    });
    let told = registered(&app, &asked).await;
    assert_eq!(told["response_types"], json!([]));
    let id = told["client_id"].as_str().unwrap();
    let fields = [("grant_type", "client_credentials"), ("client_id", id)];
    let stranger = Holder::self_signed(|_| {});
    let pem = |holder: &Holder| {
        form_urlencoded::byte_serialize(holder.certificate.pem().as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    };
    let (own, other) = (pem(&holder), pem(&stranger));
    let answer = app.door.post_with("/oauth2/token", &[("x-ssl-client-cert", &other)], &fields).await;
    assert_eq!(answer.error(401), "invalid_client");
    app.door.post_with("/oauth2/token", &[("x-ssl-client-cert", &own)], &fields).await.good();
    let by_address = with(json!({
        "grant_types": ["client_credentials"],
        "token_endpoint_auth_method": "self_signed_tls_client_auth",
        "jwks_uri": "https://rp.example/jwks",
        "redirect_uris": null,
    }));
    assert_eq!(register(&app, &by_address).await.error(400), "invalid_client_metadata");
}

/// The header of a PNG of this size; as much of a picture as anybody here looks at.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend(b"\x08\x06\0\0\0\0\0\0\0\0\0\0\0IDAT\0\0\0\0");
    png
}

/// Where a page shows the client's logo.
fn logo_on(stop: &Stop) -> Option<String> {
    let at = stop.answer.body.find("class=\"asker-logo\" src=\"")?;
    let rest = &stop.answer.body[at + 24..];
    Some(rest.split('"').next().unwrap().replace("&#x2f;", "/").replace("&#x3d;", "=").to_owned())
}

#[tokio::test]
async fn a_logo_is_fetched_once_checked_and_served_by_us() {
    let (app, gateway) = (open().await, Gateway::start().await);
    gateway.answer_bytes(200, &png(64, 48));
    let uri = format!("{}/logo.png", gateway.address());
    let told = registered(&app, &with(json!({"logo_uri": uri}))).await;
    assert_eq!(told["logo_uri"], uri);
    let id = told["client_id"].as_str().unwrap();
    let stop = app.browser().open(&request(id, &[])).await;
    assert!(!stop.answer.body.contains(&uri), "browsers load it from nowhere else");
    assert!(stop.answer.header("content-security-policy").contains("img-src 'self'"));
    let address = logo_on(&stop).expect("a logo");
    let logo = app.door.get(&address).await;
    assert_eq!(logo.status, 200);
    assert_eq!(logo.header("content-type"), "image/png");
    assert_eq!(logo.header("x-content-type-options"), "nosniff");
    assert!(logo.header("content-security-policy").contains("sandbox"));
    assert_eq!(logo.header("cache-control"), "public, max-age=31536000, immutable");
    let tag = logo.header("etag").to_owned();
    assert_eq!(app.door.call(Method::GET, &address, &[("if-none-match", &tag)], "").await.status, 304);
    assert_eq!(gateway.asked().len(), 1);
    // With a change it is fetched anew, and has another address.
    gateway.answer_bytes(200, &png(32, 32));
    manage(&app, Method::PUT, &told, Some(&own(&told, json!({})))).await.good();
    let renewed = logo_on(&app.browser().open(&request(id, &[])).await).expect("a logo");
    assert_ne!(renewed, address);
    let old = app.door.get(&address).await;
    assert_eq!(old.header("cache-control"), "public, max-age=300", "the old address is not kept for ever");
    manage(&app, Method::PUT, &told, Some(&own(&told, json!({"logo_uri": null})))).await.good();
    assert_eq!(logo_on(&app.browser().open(&request(id, &[])).await), None);
    for path in [address.as_str(), "/clients/x/logo", "/clients/00000000-0000-0000-0000-000000000000/logo"] {
        assert_eq!(app.door.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn what_can_not_be_shown_is_refused_and_what_can_not_be_had_is_left_out() {
    let (app, gateway) = (open().await, Gateway::start().await);
    let asked = with(json!({"logo_uri": format!("{}/logo", gateway.address())}));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let large = [png(64, 64), vec![0; 64 * 1024]].concat();
    for content in [&svg[..], b"<!doctype html>", &png(2000, 10), &large] {
        gateway.answer_bytes(200, content);
        let answer = register(&app, &asked).await;
        assert_eq!(answer.error(400), "invalid_client_metadata");
        assert!(answer.json()["error_description"].as_str().unwrap().starts_with("logo_uri"));
    }
    gateway.answer(&[(404, ""), (302, "")]);
    for _ in 0..2 {
        let told = registered(&app, &asked).await;
        assert_eq!(
            logo_on(&app.browser().open(&request(told["client_id"].as_str().unwrap(), &[])).await),
            None
        );
    }
}

#[tokio::test]
async fn of_a_client_that_is_shut_out_nothing_is_served() {
    let (app, gateway) = (open().await, Gateway::start().await);
    gateway.answer_bytes(200, &png(64, 48));
    let uri = format!("{}/logo.png", gateway.address());
    let told = registered(&app, &with(json!({"logo_uri": uri}))).await;
    let mut client = client(&app, &told).await;
    let path = format!("/clients/{}/logo", client.client.id);
    assert_eq!(app.door.get(&path).await.status, 200);
    let now = app.clock.now();
    app.change_client(&mut client, |client| client.disabled_at = Some(now)).await;
    assert_eq!(app.door.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_secret_that_a_registration_gave_works_and_another_does_not() {
    let app = open().await;
    for method in ["client_secret_basic", "client_secret_post"] {
        let told = registered(&app, &with(json!({"token_endpoint_auth_method": method}))).await;
        let (id, secret) = (told["client_id"].as_str().unwrap(), told["client_secret"].as_str().unwrap());
        let credentials = basic(id, secret);
        let by_header = [("authorization", credentials.as_str())];
        let answer = app.door.post_with("/oauth2/introspect", &by_header, &[("token", "x")]).await;
        let header = answer.status == 200;
        let body = [("token", "x"), ("client_id", id), ("client_secret", secret)];
        let body = app.door.post("/oauth2/introspect", &body).await.status == 200;
        assert_eq!((header, body), (method == "client_secret_basic", method == "client_secret_post"));
    }
}

#[tokio::test]
async fn clients_that_registered_themselves_and_that_nobody_uses_are_found() {
    let app = open().await;
    app.user("somchai").await;
    app.client("operators", |_| {}).await;
    let (used, unused, young) = (
        registered(&app, &usual()).await,
        registered(&app, &usual()).await,
        async {
            app.clock.advance(Duration::days(80));
            registered(&app, &usual()).await
        }
        .await,
    );
    let used = used["client_id"].as_str().unwrap();
    let mut browser = app.browser();
    let stop = browser.open(&request(used, &[])).await;
    assert!(!go_on(&mut browser, "somchai", stop).await.parameter("code").is_empty());
    app.clock.advance(Duration::days(11));
    let now = app.clock.now();
    let found = async |span| {
        let found = store::client_registrations::list_unused(app.pool(), now - span, now).await.unwrap();
        found.into_iter().map(|(_, identifier, _)| identifier).collect::<Vec<_>>()
    };
    assert_eq!(found(Duration::days(90)).await, [unused["client_id"].as_str().unwrap()]);
    assert!(found(Duration::days(92)).await.is_empty());
    // Two of them were registered in the same instant, so either may come first.
    let all = [used, unused["client_id"].as_str().unwrap(), young["client_id"].as_str().unwrap()];
    let found = found(Duration::days(1)).await;
    assert_eq!(found.len(), all.len());
    assert!(all.iter().all(|one| found.iter().any(|found| found == one)), "{found:?}");
}
