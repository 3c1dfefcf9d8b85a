//! Token exchange with tokens of issuers that are trusted for a client.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use tamga::model::{client::Flow, signing::ForeignAlgorithm, trusted_issuer::TrustedIssuer};
use time::Duration;

use super::SIGN_SERVER;
use crate::{
    oauth2::{Scene, changed, claims, text},
    support::{
        app::{ISSUER, TestApp},
        door::Answer,
        gateway::Gateway,
    },
};

const IDP: &str = "https://idp.example";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// A foreign issuer.
struct Idp {
    key: EncodingKey,
    jwks: Value,
    kid: &'static str,
}

impl Idp {
    fn new(kid: &'static str) -> Self {
        let random = ring::rand::SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap();
        let point = pair.public_key().as_ref();
        let (x, y) = (B64.encode(&point[1..33]), B64.encode(&point[33..]));
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid});
        let key = EncodingKey::from_ec_der(pkcs8.as_ref());
        Self { key, jwks: json!({"keys": [jwk]}), kid }
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}

fn trusted(jwks: Option<Value>, jwks_uri: Option<String>, attribute: &str) -> TrustedIssuer {
    TrustedIssuer {
        issuer: IDP.to_owned(),
        jwks,
        jwks_uri,
        algorithms: vec![ForeignAlgorithm::Es256],
        subject_claim: "sub".to_owned(),
        subject_attribute: attribute.to_owned(),
    }
}

async fn scene(app: TestApp, issuer: TrustedIssuer) -> Scene {
    Scene::at(app, |client| {
        client.flows = vec![Flow::TokenExchange];
        client.resources = vec![SIGN_SERVER.to_owned()];
        client.settings.trusted_issuers = vec![issuer];
    })
    .await
}

/// The usual claims of a token that names somebody.
fn naming(scene: &Scene, subject: &str) -> Value {
    let now = scene.app.clock.now().unix_timestamp();
    json!({"iss": IDP, "sub": subject, "aud": ISSUER, "nbf": now, "iat": now, "exp": now + 300})
}

async fn exchange(scene: &Scene, token: &str, change: &[(&str, &str)]) -> Answer {
    let usual = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", token),
        ("subject_token_type", JWT),
        ("resource", SIGN_SERVER),
    ];
    scene.app.door.post_as(&scene.rp, "/oauth2/token", &changed(&usual, change)).await
}

#[tokio::test]
async fn a_trusted_issuers_word_names_our_user() {
    let idp = Idp::new("one");
    let scene = scene(TestApp::new().await, trusted(Some(idp.jwks.clone()), None, "username")).await;
    let answer = exchange(&scene, &idp.sign(&naming(&scene, "somchai")), &[]).await.good();
    assert_eq!(answer["expires_in"], 300, "it does not outlive the token shown");
    let token = claims(text(&answer, "access_token"));
    assert_eq!((&token["sub"], &token["aud"]), (&json!(scene.user), &json!(SIGN_SERVER)));
    assert_eq!(
        (&token["acr"], &token["amr"], &token["suppressed_auth"]),
        (&json!("0"), &json!([]), &json!(true))
    );
    assert!(token.get("act").is_none(), "the issuer vouched, nobody acts");
    let line = &super::journal(&scene.app, "token.exchange").await[0];
    assert_eq!(line["after"]["grant"], "trusted-issuer");
    // The token endpoint is an audience too, alone or among others.
    for audience in [json!(format!("{ISSUER}/oauth2/token")), json!(["https://x.example", ISSUER])] {
        let mut named = naming(&scene, "somchai");
        named["aud"] = audience;
        exchange(&scene, &idp.sign(&named), &[]).await.good();
    }
}

#[tokio::test]
async fn every_claim_and_the_signature_are_checked() {
    let idp = Idp::new("one");
    let scene = scene(TestApp::new().await, trusted(Some(idp.jwks.clone()), None, "username")).await;
    let now = scene.app.clock.now().unix_timestamp();
    let changed = |name: &str, value: Value| {
        let mut claims = naming(&scene, "somchai");
        claims[name] = value;
        claims
    };
    for (wrong, why) in [
        (changed("iss", json!("https://other.example")), "not trusted"),
        (changed("iss", json!("https://idp.example/")), "letter by letter"),
        (changed("aud", json!("https://rp.example")), "for somebody else"),
        (changed("aud", json!(["https://rp.example"])), "for somebody else"),
        (changed("aud", Value::Null), "for nobody"),
        (changed("exp", json!(now)), "expired"),
        (changed("exp", Value::Null), "endless"),
        (changed("nbf", json!(now + 120)), "not yet"),
        (changed("iat", json!(now + 120)), "made in the future"),
        (changed("sub", json!("nobody")), "names nobody"),
        (changed("sub", json!("")), "names nobody"),
        (changed("sub", json!(7)), "no text"),
        (changed("sub", Value::Null), "no subject"),
        (changed("act", json!({"sub": "x"})), "somebody acts"),
    ] {
        let answer = exchange(&scene, &idp.sign(&wrong), &[]).await;
        assert_eq!(answer.error(400), "invalid_request", "{why}");
    }
    let good = naming(&scene, "somchai");
    let forged = Idp::new("one").sign(&good);
    assert_eq!(exchange(&scene, &forged, &[]).await.error(400), "invalid_request");
    let other = Idp { kid: "two", key: idp.key.clone(), jwks: idp.jwks.clone() }.sign(&good);
    assert_eq!(exchange(&scene, &other, &[]).await.error(400), "invalid_request");
    // RFC 8725 §2.1: a shared secret made of the public key, and an unsigned token.
    let secret = EncodingKey::from_secret(idp.jwks.to_string().as_bytes());
    let confused = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &good, &secret).unwrap();
    assert_eq!(exchange(&scene, &confused, &[]).await.error(400), "invalid_request");
    let unsigned = format!("{}.{}.", B64.encode(r#"{"alg":"none"}"#), B64.encode(good.to_string()));
    assert_eq!(exchange(&scene, &unsigned, &[]).await.error(400), "invalid_request");
    exchange(&scene, &idp.sign(&good), &[]).await.good();
}

#[tokio::test]
async fn an_issuer_is_trusted_for_its_own_client_alone() {
    let idp = Idp::new("one");
    let mut scene = scene(TestApp::new().await, trusted(Some(idp.jwks.clone()), None, "username")).await;
    let token = idp.sign(&naming(&scene, "somchai"));
    scene.rp = scene
        .app
        .client("other", |client| {
            client.flows = vec![Flow::TokenExchange];
            client.resources = vec![SIGN_SERVER.to_owned()];
        })
        .await;
    assert_eq!(exchange(&scene, &token, &[]).await.error(400), "invalid_request");
}

#[tokio::test]
async fn the_subject_is_matched_to_the_attribute_that_was_chosen() {
    let idp = Idp::new("one");
    let app = TestApp::new().await;
    let somchai = app.user_with("by-mail", "x", &[("email", "One@citizen.example", 1)]).await;
    app.user_with("unconfirmed", "x", &[("email", "two@citizen.example", 0)]).await;
    for name in ["shared-1", "shared-2"] {
        app.user_with(name, "x", &[("email", "three@citizen.example", 1)]).await;
    }
    let scene = scene(app, trusted(Some(idp.jwks.clone()), None, "email")).await;
    let answer = exchange(&scene, &idp.sign(&naming(&scene, "one@citizen.example")), &[]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["sub"], json!(somchai));
    for nobody in ["two@citizen.example", "three@citizen.example", "by-mail"] {
        let answer = exchange(&scene, &idp.sign(&naming(&scene, nobody)), &[]).await;
        assert_eq!(answer.error(400), "invalid_request", "{nobody}");
    }
    scene.app.disable_user(somchai).await;
    let answer = exchange(&scene, &idp.sign(&naming(&scene, "one@citizen.example")), &[]).await;
    assert_eq!(answer.error(400), "invalid_request");
}

#[tokio::test]
async fn an_identifier_that_its_holder_only_typed_names_nobody() {
    let idp = Idp::new("one");
    let app = TestApp::new().await;
    // A right check digit and a phone make level 1, whosever number it is.
    app.user_with("thief", "x", &[("citizen_id", "1101002345674", 1)]).await;
    let scene = scene(app, trusted(Some(idp.jwks.clone()), None, "citizen_id")).await;
    let answer = exchange(&scene, &idp.sign(&naming(&scene, "1101002345674")), &[]).await;
    assert_eq!(answer.error(400), "invalid_request");
    let owner = scene.app.user_with("owner", "x", &[("citizen_id", "1101002345674", 2)]).await;
    let answer = exchange(&scene, &idp.sign(&naming(&scene, "1101002345674")), &[]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["sub"], json!(owner));
}

#[tokio::test]
async fn keys_are_fetched_where_the_issuer_publishes_them_and_kept() {
    let (idp, next) = (Idp::new("one"), Idp::new("two"));
    let gateway = Gateway::start().await;
    let url = url::Url::parse(gateway.address()).unwrap().join("/jwks").unwrap().to_string();
    let app = TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    let scene = scene(app, trusted(None, Some(url), "username")).await;
    gateway.answer(&[(200, &idp.jwks.to_string()), (200, &next.jwks.to_string())]);
    for _ in 0..3 {
        exchange(&scene, &idp.sign(&naming(&scene, "somchai")), &[]).await.good();
    }
    assert_eq!(gateway.asked().len(), 1);
    // A key nobody knows yet: asked for once more, when some time has passed.
    scene.app.clock.advance(Duration::minutes(1));
    exchange(&scene, &next.sign(&naming(&scene, "somchai")), &[]).await.good();
    assert_eq!(gateway.asked().len(), 2);
}

#[tokio::test]
async fn ssrf_keys_are_not_fetched_from_where_the_operator_does_not_allow() {
    let idp = Idp::new("one");
    let gateway = Gateway::start().await;
    let url = url::Url::parse(gateway.address()).unwrap().join("/jwks").unwrap().to_string();
    let scene = scene(TestApp::new().await, trusted(None, Some(url), "username")).await;
    let answer = exchange(&scene, &idp.sign(&naming(&scene, "somchai")), &[]).await;
    assert_eq!(answer.error(400), "invalid_request");
    assert!(gateway.asked().is_empty());
}
