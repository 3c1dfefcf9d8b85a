//! Clients that sign an assertion: with a key of theirs, or with their secret.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tamga::{
    model::{
        client::{AuthMethod, Client},
        signing::ForeignAlgorithm,
    },
    secret::Token,
};
use time::Duration;

use super::changed;
use crate::support::{
    app::{ISSUER, TestApp, TestClient},
    door::Answer,
    gateway::Gateway,
    signer::Signer,
};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A server, and a client with a key.
struct Stage {
    app: TestApp,
    client: TestClient,
    signer: Signer,
}

impl Stage {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(tweak: impl FnOnce(&mut Client)) -> Self {
        let (app, signer) = (TestApp::new().await, Signer::new("one"));
        let client = app.client("signer", |client| {
            client.auth_methods = vec![AuthMethod::PrivateKeyJwt];
            client.settings.jwks = Some(signer.jwks());
            tweak(client);
        });
        Self { client: client.await, app, signer }
    }

    /// What an assertion says, unless a test says otherwise.
    fn claims(&self, jti: &str) -> Value {
        let now = self.app.clock.now().unix_timestamp();
        json!({"iss": "signer", "sub": "signer", "aud": ISSUER, "exp": now + 60, "iat": now, "jti": jti})
    }

    /// Asks something that only a client may ask.
    async fn ask(&self, assertion: &str) -> Answer {
        self.ask_with(assertion, &[]).await
    }

    async fn ask_with(&self, assertion: &str, change: &[(&str, &str)]) -> Answer {
        let usual = [("token", "x"), ("client_assertion_type", TYPE), ("client_assertion", assertion)];
        self.app.door.post("/oauth2/introspect", &changed(&usual, change)).await
    }
}

#[tokio::test]
async fn rfc_7523_s3_an_assertion_proves_the_client_and_counts_once() {
    let stage = Stage::new().await;
    let assertion = stage.signer.sign(&stage.claims("a"));
    assert_eq!(stage.ask(&assertion).await.good(), json!({"active": false}));
    let again = stage.ask(&assertion).await;
    assert_eq!(again.error(401), "invalid_client");
    assert!(stage.app.log().contains("the client assertion was used before"));
    // Its name beside it is welcome, as long as it is the same.
    let assertion = stage.signer.sign(&stage.claims("b"));
    stage.ask_with(&assertion, &[("client_id", "signer")]).await.good();
}

#[tokio::test]
async fn of_two_at_once_one_is_believed_on_whichever_instance() {
    let stage = Stage::new().await;
    let another = stage.app.another().await;
    let assertion = stage.signer.sign(&stage.claims("a"));
    let fields = [("token", "x"), ("client_assertion_type", TYPE), ("client_assertion", &*assertion)];
    let (one, other) = tokio::join!(
        stage.app.door.post("/oauth2/introspect", &fields),
        another.door.post("/oauth2/introspect", &fields)
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn rfc_7523_s3_each_claim_is_checked() {
    let stage = Stage::new().await;
    let now = stage.app.clock.now().unix_timestamp();
    let token = format!("{ISSUER}/oauth2/token");
    let introspect = format!("{ISSUER}/oauth2/introspect");
    for (at, (name, value)) in [
        ("aud", json!(token)),
        ("aud", json!(introspect)),
        ("aud", json!([ISSUER, token])),
        ("exp", json!(now + 3600)),
        ("exp", json!(now as f64 + 30.5)),
        // The clock of its machine is a minute off.
        ("exp", json!(now - 60)),
        ("iat", json!(now + 60)),
        ("iat", Value::Null),
    ]
    .into_iter()
    .enumerate()
    {
        let mut claims = stage.claims(&format!("good-{at}"));
        claims[name] = value.clone();
        let answer = stage.ask(&stage.signer.sign(&claims)).await;
        assert_eq!(answer.status, 200, "{name} {value}");
    }
    for (name, value) in [
        ("iss", json!("somebody")),
        ("iss", Value::Null),
        ("aud", json!("https://other.example")),
        ("aud", json!([ISSUER, "https://other.example"])),
        ("aud", json!([])),
        ("aud", json!(format!("{ISSUER}.evil.example"))),
        ("aud", json!(format!("{ISSUER}/oauth2/revoke"))),
        ("aud", Value::Null),
        ("exp", json!(now - 91)),
        ("exp", json!(now + 3900)),
        ("exp", json!("soon")),
        ("exp", Value::Null),
        ("exp", json!(1e300)),
        ("nbf", json!(now + 120)),
        ("iat", json!(now + 120)),
        ("jti", json!("")),
        ("jti", Value::Null),
        ("jti", json!(7)),
    ] {
        let mut claims = stage.claims("bad");
        claims[name] = value.clone();
        let answer = stage.ask(&stage.signer.sign(&claims)).await;
        assert_eq!(answer.error(401), "invalid_client", "{name} {value}");
        assert_eq!(answer.header("www-authenticate"), "");
    }
}

#[tokio::test]
async fn rfc_8725_s3_1_keys_and_algorithms_are_not_confused() {
    let stage = Stage::new().await;
    let stranger = Signer::new("one");
    let refused = async |assertion: String| stage.ask(&assertion).await.error(401);
    assert_eq!(refused(stranger.sign(&stage.claims("a"))).await, "invalid_client");
    assert_eq!(refused(Signer::new("two").sign(&stage.claims("a"))).await, "invalid_client");
    // The public key, taken for a shared secret.
    let public = EncodingKey::from_secret(stage.signer.jwk.to_string().as_bytes());
    let confused = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &stage.claims("a"), &public).unwrap();
    assert_eq!(refused(confused).await, "invalid_client");
    let good = stage.signer.sign(&stage.claims("a"));
    let parts: Vec<&str> = good.split('.').collect();
    assert_eq!(refused(format!("eyJhbGciOiJub25lIn0.{}.", parts[1])).await, "invalid_client");
    assert_eq!(refused(format!("{}.{}.", parts[0], parts[1])).await, "invalid_client");
    assert_eq!(refused("nonsense".to_owned()).await, "invalid_client");
    stage.ask(&good).await.good();
}

#[tokio::test]
async fn a_client_that_chose_an_algorithm_is_believed_with_that_alone() {
    let stage = Stage::with(|client| client.settings.assertion_alg = Some(ForeignAlgorithm::Ps256)).await;
    assert_eq!(stage.ask(&stage.signer.sign(&stage.claims("a"))).await.error(401), "invalid_client");
}

#[tokio::test]
async fn rfc_6749_s2_3_an_assertion_stands_alone_and_names_its_type() {
    let stage = Stage::new().await;
    let assertion = stage.signer.sign(&stage.claims("a"));
    for change in [("client_secret", "x"), ("client_id", "somebody")] {
        let answer = stage.ask_with(&assertion, &[change]).await;
        assert_eq!(answer.error(400), "invalid_request", "{change:?}");
    }
    for kind in ["", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"] {
        let answer = stage.ask_with(&assertion, &[("client_assertion_type", kind)]).await;
        assert_eq!(answer.error(401), "invalid_client", "{kind}");
    }
    let fields = [("token", "x"), ("client_assertion_type", TYPE), ("client_assertion", &*assertion)];
    let basic = crate::support::door::basic("signer", "x");
    let both = stage.app.door.post_with("/oauth2/introspect", &[("authorization", &basic)], &fields).await;
    assert_eq!(both.error(400), "invalid_request");
    stage.ask(&assertion).await.good();
}

#[tokio::test]
async fn only_a_client_that_registered_for_it_may_sign() {
    let stage = Stage::with(|client| client.auth_methods = vec![AuthMethod::ClientSecretBasic]).await;
    assert_eq!(stage.ask(&stage.signer.sign(&stage.claims("a"))).await.error(401), "invalid_client");
    // And one that signs does not show its secret.
    let stage = Stage::new().await;
    let fields = [("token", "x")];
    let answer = stage.app.door.post_as(&stage.client, "/oauth2/introspect", &fields).await;
    assert_eq!(answer.error(401), "invalid_client");
    let bare = [("token", "x"), ("client_id", "signer")];
    assert_eq!(stage.app.door.post("/oauth2/introspect", &bare).await.error(401), "invalid_client");
}

#[tokio::test]
async fn keys_are_fetched_from_where_the_client_publishes_them() {
    let gateway = Gateway::start().await;
    let app = TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    let (first, next) = (Signer::new("first"), Signer::new("next"));
    let address = format!("{}/jwks", gateway.address());
    let client = app.client("signer", |client| {
        client.auth_methods = vec![AuthMethod::PrivateKeyJwt];
        client.settings.jwks_uri = Some(address);
    });
    let stage = Stage { client: client.await, app, signer: first };
    gateway.answer(&[
        (200, &stage.signer.jwks().to_string()),
        (200, &json!({"keys": [stage.signer.jwk, next.jwk]}).to_string()),
    ]);
    stage.ask(&stage.signer.sign(&stage.claims("a"))).await.good();
    stage.ask(&stage.signer.sign(&stage.claims("b"))).await.good();
    assert_eq!(gateway.asked().len(), 1, "kept");
    stage.app.clock.advance(Duration::minutes(1));
    stage.ask(&next.sign(&stage.claims("c"))).await.good();
    assert_eq!(gateway.asked().len(), 2, "a key nobody knew");
    // Bad claims are not worth a request.
    stage.app.clock.advance(Duration::minutes(1));
    let mut claims = stage.claims("d");
    claims["aud"] = json!("https://other.example");
    assert_eq!(stage.ask(&Signer::new("third").sign(&claims)).await.error(401), "invalid_client");
    assert_eq!(gateway.asked().len(), 2);
}

#[tokio::test]
async fn keys_that_cannot_be_had_prove_nothing() {
    let stage = Stage::with(|client| {
        client.settings.jwks = None;
        client.settings.jwks_uri = Some("https://127.0.0.1:1/jwks".to_owned());
    })
    .await;
    assert_eq!(stage.ask(&stage.signer.sign(&stage.claims("a"))).await.error(401), "invalid_client");
    let log = stage.app.log();
    assert!(log.contains("refused to fetch") && !log.contains("/jwks"), "{log}");
}

#[tokio::test]
async fn client_secret_jwt_is_signed_with_a_secret_that_has_not_expired() {
    let app = TestApp::new().await;
    let (old, new) = (Token::generate(&app.app.rng), Token::generate(&app.app.rng));
    let now = app.clock.now();
    let secrets = vec![app.secret(&old, Some(now + Duration::minutes(10))), app.secret(&new, None)];
    let client = app.client("signer", |client| {
        client.auth_methods = vec![AuthMethod::ClientSecretJwt];
        client.secrets = secrets;
    });
    let stage = Stage { client: client.await, app, signer: Signer::new("unused") };
    let signed = |secret: &Token, jti: &str| {
        let key = EncodingKey::from_secret(secret.expose().as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &stage.claims(jti), &key).unwrap()
    };
    stage.ask(&signed(&old, "a")).await.good();
    let assertion = signed(&new, "b");
    stage.ask(&assertion).await.good();
    assert_eq!(stage.ask(&assertion).await.error(401), "invalid_client");
    assert_eq!(stage.ask(&signed(&Token::from("another"), "c")).await.error(401), "invalid_client");
    // A key of nobody's is no secret.
    assert_eq!(stage.ask(&stage.signer.sign(&stage.claims("d"))).await.error(401), "invalid_client");
    stage.app.clock.advance(Duration::minutes(11));
    assert_eq!(stage.ask(&signed(&old, "e")).await.error(401), "invalid_client");
    stage.ask(&signed(&new, "f")).await.good();
    let noted = stage.app.app.secret_uses.take();
    assert_eq!(noted.len(), 2, "the last use of each is noted");
}
