//! Pushed authorization requests (RFC 9126).

use axum::http::Method;
use serde_json::json;
use tamga::{
    model::client::{AuthMethod, Client, ClientType},
    store,
};
use time::Duration;

use super::{CHALLENGE, Scene, VERIFIER, changed, go_on, text};
use crate::support::{
    app::{CALLBACK, ISSUER, TestApp, TestClient},
    browser::Stop,
    door::{Answer, basic, encoded},
    pki::Holder,
    signer::Signer,
};

/// What stands before the random part.
pub const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// The usual request as it is pushed, with `change` over it.
pub fn asked<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "state-1"),
        ("nonce", "nonce-1"),
    ];
    changed(&usual, change)
}

/// Where a browser goes with a name.
pub fn address(client: &str, uri: &str) -> String {
    format!("/oauth2/authorize?{}", encoded(&[("client_id", client), ("request_uri", uri)]))
}

impl Scene {
    /// What the endpoint says to the usual request.
    pub async fn push(&self, change: &[(&str, &str)]) -> Answer {
        self.app.door.post_as(&self.rp, "/oauth2/par", &asked(change)).await
    }

    /// The name of a request that was pushed.
    pub async fn pushed(&self, change: &[(&str, &str)]) -> String {
        let answer = self.push(change).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        text(&answer.json(), "request_uri").to_owned()
    }

    /// Sends the browser with a name.
    pub async fn visit(&mut self, uri: &str) -> Stop {
        let address = address(self.rp.id(), uri);
        self.browser.open(&address).await
    }

    /// The same, through whatever pages come.
    pub async fn visit_and_go_on(&mut self, uri: &str) -> Stop {
        let stop = self.visit(uri).await;
        go_on(&mut self.browser, "somchai", stop).await
    }
}

fn public(client: &mut Client) {
    client.client_type = ClientType::Public;
    client.auth_methods = vec![AuthMethod::None];
    client.secrets.clear();
}

#[track_caller]
fn assert_page(stop: &Stop, code: &str, says: &str) {
    assert_eq!(stop.answer.status, 400, "{}", stop.url);
    assert_eq!(stop.text("error-code"), code);
    assert!(stop.text("error-description").contains(says), "{}", stop.text("error-description"));
}

#[tokio::test]
async fn rfc_9126_s2_2_a_pushed_request_is_answered_like_any_other() {
    let mut scene = Scene::new().await;
    let answer = scene.push(&[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (201, "no-store"));
    assert_eq!(answer.json()["expires_in"], 60);
    let uri = text(&answer.json(), "request_uri").to_owned();
    assert_eq!(uri.strip_prefix(PREFIX).unwrap().len(), 43);
    let stop = scene.visit_and_go_on(&uri).await;
    assert_eq!(stop.parameter("state"), "state-1");
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(super::claims(text(&tokens, "id_token"))["nonce"], "nonce-1");
}

#[tokio::test]
async fn nothing_of_it_is_stored_in_clear_but_what_it_asks() {
    let scene = Scene::new().await;
    let uri = scene.pushed(&[("client_id", scene.rp.id()), ("client_assertion_type", "x")]).await;
    let rows: Vec<(Vec<u8>, String)> = sqlx::query_as("SELECT digest, parameters FROM pushed_requests")
        .fetch_all(scene.app.pool())
        .await
        .unwrap();
    let [(digest, parameters)] = rows.as_slice() else { panic!("{} rows", rows.len()) };
    let name = uri.strip_prefix(PREFIX).unwrap();
    assert_eq!(digest, ring::digest::digest(&ring::digest::SHA256, name.as_bytes()).as_ref());
    assert!(parameters.starts_with("client_id=rp&response_type=code"), "{parameters}");
    assert!(!parameters.contains("client_assertion"));
    assert!(!scene.app.log().contains(name));
    // A secret in the body is not kept either.
    let mut fields = asked(&[]);
    fields.extend([("client_id", scene.rp.id()), ("client_secret", scene.rp.secret())]);
    assert_eq!(scene.app.door.post("/oauth2/par", &fields).await.status, 201);
    let secret = format!("%{}%", scene.rp.secret());
    let found: i64 = sqlx::query_scalar("SELECT count(*) FROM pushed_requests WHERE parameters LIKE $1")
        .bind(secret)
        .fetch_one(scene.app.pool())
        .await
        .unwrap();
    assert_eq!(found, 0);
}

#[tokio::test]
async fn rfc_9126_s2_3_faults_are_told_where_the_request_is_pushed() {
    let scene = Scene::with(|client| client.scopes.retain(|scope| scope != "address")).await;
    for (name, value, error) in [
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unauthorized_client"),
        ("redirect_uri", "https://evil.example/cb", "invalid_request"),
        ("redirect_uri", "", "invalid_request"),
        ("scope", "openid address", "invalid_scope"),
        ("prompt", "nonsense", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("claims", "{", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("resource", "https://api.example", "invalid_target"),
        ("dpop_jkt", "short", "invalid_request"),
        ("request_uri", "https://rp.example/r", "invalid_request"),
        ("request", "nonsense", "invalid_request_object"),
    ] {
        let answer = scene.push(&[(name, value)]).await;
        assert_eq!(answer.error(400), error, "{name}={value}");
    }
    let twice = format!("{}&scope=openid", encoded(&asked(&[])));
    let authorization = basic(scene.rp.id(), scene.rp.secret());
    let headers = [("authorization", &*authorization), ("content-type", "application/x-www-form-urlencoded")];
    let answer = scene.app.door.call(Method::POST, "/oauth2/par", &headers, &twice).await;
    assert_eq!(answer.error(400), "invalid_request");
    let query = format!("/oauth2/par?{}", encoded(&asked(&[])));
    let answer = scene.app.door.call(Method::POST, &query, &headers, "").await;
    assert_eq!(answer.error(400), "invalid_request");
    let stored: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pushed_requests").fetch_one(scene.app.pool()).await.unwrap();
    assert_eq!(stored, 0);
    // RFC 9126 §2.3.
    assert_eq!(scene.app.door.get("/oauth2/par").await.status, 405);
}

#[tokio::test]
async fn rfc_9126_s2_clients_prove_themselves_as_at_the_token_endpoint() {
    let scene = Scene::new().await;
    let wrong = basic(scene.rp.id(), "wrong");
    for headers in [vec![("authorization", wrong.as_str())], vec![]] {
        let named: Vec<_> = asked(&[("client_id", scene.rp.id())]);
        let answer = scene.app.door.post_with("/oauth2/par", &headers, &named).await;
        assert_eq!(answer.error(401), "invalid_client");
    }
    assert_eq!(scene.app.door.post("/oauth2/par", &asked(&[])).await.error(401), "invalid_client");

    // By assertion, for each of the audiences that RFC 9126 §2 names.
    let signer = Signer::new("one");
    let jwks = signer.jwks();
    let rp = scene.app.client("signer", |client| {
        client.auth_methods = vec![AuthMethod::PrivateKeyJwt];
        client.settings.jwks = Some(jwks);
    });
    let rp = rp.await;
    let now = scene.app.clock.now().unix_timestamp();
    for audience in ["", "/oauth2/token", "/oauth2/par"] {
        let claims = json!({
            "iss": rp.id(), "sub": rp.id(), "aud": format!("{ISSUER}{audience}"), "exp": now + 60, "jti": audience,
        });
        let assertion = if audience.is_empty() {
            let mut claims = claims;
            claims["jti"] = json!("issuer");
            signer.sign(&claims)
        } else {
            signer.sign(&claims)
        };
        let mut fields = asked(&[]);
        fields.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        fields.push(("client_assertion", &assertion));
        assert_eq!(scene.app.door.post("/oauth2/par", &fields).await.status, 201, "{audience}");
        assert_eq!(scene.app.door.post("/oauth2/par", &fields).await.error(401), "invalid_client");
    }

    // By certificate.
    let by_key = |client: &mut Client| client.auth_methods = vec![AuthMethod::SelfSignedTlsClientAuth];
    let system = scene.app.client("system", by_key).await;
    let holder = Holder::self_signed(|_| {});
    scene.app.add_certificate(&system, &holder, None).await;
    let fields = asked(&[("client_id", "system")]);
    let door = scene.app.door.with_certificate(&holder);
    assert_eq!(door.post("/oauth2/par", &fields).await.status, 201);
    assert_eq!(scene.app.door.post("/oauth2/par", &fields).await.error(401), "invalid_client");
}

#[tokio::test]
async fn a_public_client_may_push_too() {
    let mut scene = Scene::with(public).await;
    assert_eq!(scene.push(&[]).await.error(400), "invalid_request");
    let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let uri = scene.pushed(&pkce).await;
    let stop = scene.visit_and_go_on(&uri).await;
    scene.exchange(&stop.parameter("code"), &[("code_verifier", VERIFIER)]).await.good();
}

#[tokio::test]
async fn rfc_9126_s4_what_stands_beside_the_name_does_not_count() {
    let mut scene = Scene::new().await;
    let uri = scene.pushed(&[("scope", "openid email")]).await;
    let change = [
        ("request_uri", uri.as_str()),
        ("redirect_uri", "https://evil.example/cb"),
        ("state", "other"),
        ("scope", "openid nonsense"),
        ("response_type", "token"),
        ("prompt", "none"),
    ];
    let stop = scene.answer(&change).await;
    assert!(stop.away().as_str().starts_with(CALLBACK));
    assert_eq!(stop.parameter("state"), "state-1");
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(tokens["scope"], "email openid");
}

#[tokio::test]
async fn rfc_9126_s2_2_a_name_is_good_for_the_client_that_pushed_until_it_expires() {
    let mut scene = Scene::new().await;
    let other = scene.app.client("other", |_| {}).await;
    let uri = scene.pushed(&[]).await;
    let stop = scene.browser.open(&address(other.id(), &uri)).await;
    assert_page(&stop, "invalid_request_uri", "names no request");
    let made_up = format!("{PREFIX}{}", "A".repeat(43));
    assert_page(&scene.visit(&made_up).await, "invalid_request_uri", "names no request");
    assert_page(&scene.visit(PREFIX).await, "invalid_request_uri", "names no request");
    scene.app.clock.advance(Duration::seconds(59));
    assert!(scene.visit(&uri).await.has("login-form"));
    scene.app.clock.advance(Duration::seconds(1));
    assert_page(&scene.visit(&uri).await, "invalid_request_uri", "expired");
    // With a trusted address beside it, too: that address is not what was pushed.
    let stop = scene.ask(&[("request_uri", &uri)]).await;
    assert_page(&stop, "invalid_request_uri", "expired");
}

#[tokio::test]
async fn rfc_9126_s7_3_a_name_may_be_loaded_again_until_it_was_answered() {
    let mut scene = Scene::new().await;
    let uri = scene.pushed(&[]).await;
    assert!(scene.visit(&uri).await.has("login-form"));
    // The person takes their time; the name has expired by then, the journey has not.
    let stop = scene.visit(&uri).await;
    scene.app.clock.advance(Duration::minutes(10));
    let stop = go_on(&mut scene.browser, "somchai", stop).await;
    assert!(!stop.parameter("code").is_empty());
    assert_page(&scene.visit(&uri).await, "invalid_request_uri", "was answered");
}

#[tokio::test]
async fn of_two_journeys_with_one_name_one_is_answered() {
    let mut scene = Scene::new().await;
    let uri = scene.pushed(&[]).await;
    let (mut one, mut other) = (scene.app.browser(), scene.app.browser());
    let address = address(scene.rp.id(), &uri);
    let (first, second) = (one.open(&address).await, other.open(&address).await);
    let (first, second) =
        tokio::join!(go_on(&mut one, "somchai", first), go_on(&mut other, "somchai", second));
    let mut answered = [first, second].map(|stop| stop.answer.status.is_redirection());
    answered.sort_unstable();
    assert_eq!(answered, [false, true]);
    let grants: i64 =
        sqlx::query_scalar("SELECT count(*) FROM grants").fetch_one(scene.app.pool()).await.unwrap();
    assert_eq!(grants, 1);
    assert_page(&scene.visit(&uri).await, "invalid_request_uri", "was answered");
}

#[tokio::test]
async fn of_two_at_once_with_a_live_session_one_is_answered_on_whichever_instance() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let another = scene.app.another().await;
    for _ in 0..5 {
        let uri = scene.pushed(&[]).await;
        let (path, cookie) = (address(scene.rp.id(), &uri), scene.browser.cookie_header());
        let headers = [("cookie", cookie.as_str())];
        let (one, other) = tokio::join!(
            scene.app.door.call(Method::GET, &path, &headers, ""),
            another.door.call(Method::GET, &path, &headers, "")
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 400]);
    }
}

#[tokio::test]
async fn a_refusal_answers_too() {
    let mut scene = Scene::new().await;
    let uri = scene.pushed(&[("prompt", "none")]).await;
    assert_eq!(scene.visit(&uri).await.parameter("error"), "login_required");
    assert_page(&scene.visit(&uri).await, "invalid_request_uri", "was answered");
    let uri = scene.pushed(&[]).await;
    scene.visit(&uri).await;
    let stop = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(stop.parameter("error"), "access_denied");
    assert_page(&scene.visit(&uri).await, "invalid_request_uri", "was answered");
}

#[tokio::test]
async fn rfc_9126_s6_a_client_registered_so_must_push() {
    let require = |client: &mut Client| client.settings.oidc.require_pushed_authorization_requests = true;
    let mut scene = Scene::with(require).await;
    let stop = scene.ask(&[]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
    assert!(stop.parameter("error_description").contains("pushed"));
    assert_eq!(stop.parameter("state"), "state-1");
    assert_page(&scene.ask(&[("redirect_uri", "https://evil.example/")]).await, "invalid_request", "pushed");
    let uri = scene.pushed(&[]).await;
    assert!(!scene.visit_and_go_on(&uri).await.parameter("code").is_empty());
}

#[tokio::test]
async fn rfc_9126_s5_a_server_set_so_has_every_client_push() {
    let app =
        TestApp::with(&[("oauth2.require_pushed_authorization_requests", "true"), ("oauth2.par_ttl", "5m")]);
    let mut scene = Scene::at(app.await, |_| {}).await;
    let document = scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(document["require_pushed_authorization_requests"], true);
    assert_eq!(document["pushed_authorization_request_endpoint"], format!("{ISSUER}/oauth2/par"));
    assert_eq!(scene.ask(&[]).await.parameter("error"), "invalid_request");
    let answer = scene.push(&[]).await;
    assert_eq!(answer.json()["expires_in"], 300);
    let uri = text(&answer.json(), "request_uri").to_owned();
    assert!(!scene.visit_and_go_on(&uri).await.parameter("code").is_empty());
}

/// A proof for the endpoint.
fn proof(app: &TestApp, signer: &Signer, jti: &str) -> String {
    let now = app.clock.now().unix_timestamp();
    let htu = format!("{ISSUER}/oauth2/par");
    signer.proof(&json!({"jti": jti, "htm": "POST", "htu": htu, "iat": now}))
}

async fn push_with(app: &TestApp, rp: &TestClient, proof: &str, change: &[(&str, &str)]) -> Answer {
    let authorization = basic(rp.id(), rp.secret());
    let headers = [("authorization", authorization.as_str()), ("dpop", proof)];
    app.door.post_with("/oauth2/par", &headers, &asked(change)).await
}

#[tokio::test]
async fn rfc_9449_s10_1_a_proof_binds_the_code_to_its_key() {
    let mut scene = Scene::new().await;
    let signer = Signer::new("dpop");
    let jkt = signer.thumbprint();
    let pushed = push_with(&scene.app, &scene.rp, &proof(&scene.app, &signer, "a"), &[]).await;
    assert_eq!(pushed.status, 201);
    let uri = text(&pushed.json(), "request_uri").to_owned();
    let stop = scene.visit_and_go_on(&uri).await;
    let refused = scene.exchange(&stop.parameter("code"), &[]).await;
    assert_eq!(refused.error(400), "invalid_grant");
    let good =
        push_with(&scene.app, &scene.rp, &proof(&scene.app, &signer, "b"), &[("dpop_jkt", &jkt)]).await;
    assert_eq!(good.status, 201);
    let other = Signer::new("other").thumbprint();
    let bad =
        push_with(&scene.app, &scene.rp, &proof(&scene.app, &signer, "c"), &[("dpop_jkt", &other)]).await;
    assert_eq!(bad.error(400), "invalid_request");
    let replayed = push_with(&scene.app, &scene.rp, &proof(&scene.app, &signer, "c"), &[]).await;
    assert_eq!(replayed.error(400), "invalid_dpop_proof");
}

#[tokio::test]
async fn what_is_over_is_purged_when_no_journey_can_need_it() {
    let scene = Scene::new().await;
    scene.pushed(&[]).await;
    let count = async || -> i64 {
        let purged = store::purge::purge_expired(scene.app.pool(), scene.app.clock.now()).await;
        purged.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM pushed_requests").fetch_one(scene.app.pool()).await.unwrap()
    };
    scene.app.clock.advance(Duration::minutes(31));
    assert_eq!(count().await, 1);
    scene.app.clock.advance(Duration::hours(2));
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn a_client_that_lost_its_scope_or_was_disabled_meanwhile_is_refused() {
    let mut scene = Scene::new().await;
    let uri = scene.pushed(&[("scope", "openid email")]).await;
    scene.app.change_client(&mut scene.rp, |client| client.scopes.retain(|scope| scope != "email")).await;
    assert_eq!(scene.visit(&uri).await.parameter("error"), "invalid_scope");
}
