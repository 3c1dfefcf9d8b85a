//! What the plans for tokens from the authorization endpoint share.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Value, json};
use tamga::model::client::{Client, Flow};

use crate::{
    oauth2::{Scene, claims, text},
    support::app::{ISSUER, TestApp},
};

/// The parameters of an answer.
pub type Told = BTreeMap<String, String>;

/// A client that may have whatever there is.
pub fn every_flow(client: &mut Client) {
    client.flows.extend([Flow::Implicit, Flow::Hybrid]);
}

/// A scene with such a client.
pub async fn scene() -> Scene {
    Scene::with(every_flow).await
}

/// The answer to a request of this type that goes through.
pub async fn ask(scene: &mut Scene, response_type: &str, change: &[(&str, &str)]) -> Told {
    let change: Vec<_> = [("response_type", response_type)].iter().chain(change).copied().collect();
    let told = scene.answer(&change).await.in_fragment();
    check(scene, response_type, &told).await;
    told
}

/// The conditions that every module puts on a successful answer.
pub async fn check(scene: &Scene, response_type: &str, told: &Told) {
    let asked = |word| response_type.split(' ').any(|w| w == word);
    assert_eq!(told.get("error"), None, "{told:?}");
    for (name, word) in [("code", "code"), ("id_token", "id_token"), ("access_token", "token")] {
        assert_eq!(told.contains_key(name), asked(word), "{name} of {response_type}");
    }
    assert_eq!((told["state"].as_str(), told["iss"].as_str()), ("state-1", ISSUER));
    assert!(!told.contains_key("refresh_token"));
    if asked("token") {
        assert_eq!((told["token_type"].as_str(), told["expires_in"].as_str()), ("Bearer", "3600"));
    }
    if let Some(id_token) = told.get("id_token") {
        let claims = verified(&scene.app, id_token, "RS256").await;
        let now = scene.app.clock.now().unix_timestamp();
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(ISSUER), &json!(scene.rp.id())));
        assert_eq!((&claims["sub"], &claims["iat"]), (&json!(scene.user), &json!(now)));
        assert_eq!(claims["nonce"], "nonce-1");
        // OpenID Connect Core §3.2.2.9, §3.3.2.10; nothing is vouched for that is not there.
        for (hash, name) in [("at_hash", "access_token"), ("c_hash", "code"), ("s_hash", "state")] {
            assert_eq!(claims.get(hash), told.get(name).map(|value| json!(half(value))).as_ref(), "{hash}");
        }
    }
}

/// The claims of a token whose signature an independent library checked with the published key.
pub async fn verified(app: &TestApp, token: &str, algorithm: &str) -> Value {
    let header = jsonwebtoken::decode_header(token).unwrap();
    let jwks: JwkSet = serde_json::from_value(app.door.get("/oauth2/jwks").await.good()).unwrap();
    let key = jwks.find(header.kid.as_deref().expect("a kid")).expect("the key is published");
    let mut rules = Validation::new(algorithm.parse().unwrap());
    // The test's clock stands still.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap().claims
}

/// The code of an answer at the token endpoint: its id_token is of the same person and sign-in.
pub async fn exchange(scene: &Scene, told: &Told) -> Value {
    let tokens = scene.exchange(&told["code"], &[]).await.good();
    let second = claims(text(&tokens, "id_token"));
    assert_eq!(second["nonce"], "nonce-1");
    if let Some(first) = told.get("id_token") {
        let first = claims(first);
        for name in ["iss", "sub", "aud", "auth_time", "sid"] {
            assert_eq!(first[name], second[name], "{name}");
        }
    }
    tokens
}

fn half(value: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, value.as_bytes());
    B64.encode(&digest.as_ref()[..16])
}
