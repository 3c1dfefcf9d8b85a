//! `fapi2-security-profile-final-test-plan`: DPoP proofs, and what proofs and assertions may be signed with.

use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};

use super::fapi2_stage::{Stage, exchange};
use crate::{
    oauth2::{claims, text},
    support::{
        app::{ISSUER, START},
        door::Answer,
        pki::Holder,
        signer::Signer,
    },
};

const TOKEN: &str = "/oauth2/token";

/// An RSA key, which can sign in two ways.
struct Rsa {
    key: EncodingKey,
    jwk: Value,
}

impl Rsa {
    fn new() -> Self {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
        use rsa::{
            RsaPrivateKey,
            pkcs1::{EncodeRsaPrivateKey, LineEnding},
            pkcs8::DecodePrivateKey,
            traits::PublicKeyParts,
        };
        let der = Holder::self_signed_rsa().key.serialize_der();
        let key = RsaPrivateKey::from_pkcs8_der(&der).unwrap();
        let (n, e) = (B64.encode(key.n().to_bytes_be()), B64.encode(key.e().to_bytes_be()));
        let pem = key.to_pkcs1_pem(LineEnding::LF).unwrap();
        let jwk = json!({"kty": "RSA", "n": n, "e": e, "kid": "rsa"});
        Self { key: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(), jwk }
    }

    fn sign(&self, algorithm: Algorithm, claims: &Value) -> String {
        let header = Header { kid: Some("rsa".to_owned()), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }

    fn proof(&self, algorithm: Algorithm, claims: &Value) -> String {
        let mut jwk = self.jwk.clone();
        jwk.as_object_mut().unwrap().remove("kid");
        let jwk: Jwk = serde_json::from_value(jwk).unwrap();
        let typ = Some("dpop+jwt".to_owned());
        let header = Header { typ, jwk: Some(jwk), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_signed_client_assertion_with_rs256_fails() {
    let rsa = Rsa::new();
    let keys = json!({"keys": [rsa.jwk]});
    let mut stage = Stage::new().await;
    stage.app.change_client(&mut stage.one.client, |client| client.settings.jwks = Some(keys)).await;
    let ask = async |algorithm| {
        let assertion = rsa.sign(algorithm, &stage.assertion_claims(&stage.one, &[]));
        stage.post("/oauth2/introspect", &assertion, &[], &[("token", "x")]).await
    };
    assert_eq!(ask(Algorithm::RS256).await.error(401), "invalid_client");
    assert_eq!(ask(Algorithm::PS384).await.error(401), "invalid_client");
    ask(Algorithm::PS256).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_check_dpop_proof_nbf_exp() {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let now = stage.app.clock.now().unix_timestamp();
    let times = [("nbf", json!(now)), ("exp", json!(now + 300))];
    let proof = stage.proof(&stage.one, "POST", TOKEN, None, &times);
    let assertion = stage.assertion(&stage.one, &[]);
    let tokens = stage.post(TOKEN, &assertion, &[&proof], &exchange(&code)).await.good();
    stage.resource(&stage.one, text(&tokens, "access_token"), &times).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_dpop_negative_tests() {
    let mut stage = Stage::new().await;
    let tokens = stage.tokens(&[]).await;
    let token = text(&tokens, "access_token");
    let path = "/oauth2/userinfo";
    let good = |change: &[(&str, Value)]| stage.proof(&stage.one, "GET", path, Some(token), change);
    let refused = async |proofs: &[&str]| {
        let answer = stage.userinfo("DPoP", token, proofs).await;
        assert!([400, 401].contains(&answer.status.as_u16()), "{answer:?}");
    };
    refused(&[&good(&[]), &good(&[])]).await;
    refused(&["nonsense"]).await;
    let now = START.unix_timestamp();
    for change in [
        ("jti", Value::Null),
        ("htm", Value::Null),
        ("htu", Value::Null),
        ("iat", Value::Null),
        ("ath", Value::Null),
        ("ath", json!("incorrect")),
        ("htm", json!("PUT")),
        ("htu", json!("https://other.example/userinfo")),
        ("iat", json!(now + 3600)),
        ("iat", json!(now - 3600)),
    ] {
        refused(&[&good(&[change])]).await;
    }
    // Bytes of the signature exchanged, and no algorithm at all.
    let proof = good(&[]);
    let (signed, signature) = proof.rsplit_once('.').unwrap();
    let broken: String = signature.chars().rev().collect();
    refused(&[&format!("{signed}.{broken}")]).await;
    refused(&[&format!("{signed}.")]).await;
    let stranger = Signer::new("stranger").proof(&claims(&good(&[])));
    refused(&[&stranger]).await;
    assert_eq!(stage.userinfo("Bearer", token, &[&good(&[])]).await.status, 401);
    // The same proof twice.
    let proof = good(&[]);
    stage.userinfo("DPoP", token, &[&proof]).await.good();
    refused(&[&proof]).await;
    // What does not count, and what means the same.
    for change in [
        ("htu", json!(format!("{ISSUER}{path}?x=1#y"))),
        ("htu", json!(format!("HTTPS://SSO.test.example:443{path}"))),
        ("extra", json!("claim")),
    ] {
        stage.userinfo("DPoP", token, &[&good(&[change])]).await.good();
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_dpop_negative_tests_of_an_rsa_key() {
    let rsa = Rsa::new();
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let claims = || stage.proof_claims("POST", TOKEN, None, &[]);
    let ask = async |proof: String| {
        let assertion = stage.assertion(&stage.one, &[]);
        stage.post(TOKEN, &assertion, &[&proof], &exchange(&code)).await
    };
    assert_eq!(ask(rsa.proof(Algorithm::RS256, &claims())).await.error(400), "invalid_dpop_proof");
    let tokens = ask(rsa.proof(Algorithm::PS256, &claims())).await.good();
    let token = text(&tokens, "access_token");
    let at_userinfo = || stage.proof_claims("GET", "/oauth2/userinfo", Some(token), &[]);
    // The key is right, and what it signs with is not.
    let answer = stage.userinfo("DPoP", token, &[&rsa.proof(Algorithm::RS256, &at_userinfo())]).await;
    assert_eq!(answer.error(401), "invalid_dpop_proof");
    stage.userinfo("DPoP", token, &[&rsa.proof(Algorithm::PS256, &at_userinfo())]).await.good();
}

async fn with_iat(seconds: i64) -> Answer {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let iat = json!(stage.app.clock.now().unix_timestamp() + seconds);
    let proof = stage.proof(&stage.one, "POST", TOKEN, None, &[("iat", iat.clone())]);
    let assertion = stage.assertion(&stage.one, &[]);
    let answer = stage.post(TOKEN, &assertion, &[&proof], &exchange(&code)).await;
    if answer.status == 200 {
        let tokens = answer.json();
        stage.resource(&stage.one, text(&tokens, "access_token"), &[("iat", iat)]).await.good();
    }
    answer
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_before_succeeds() {
    with_iat(-10).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_after_succeeds() {
    with_iat(10).await.good();
    // §5.3.2.1: "shall reject JWTs with an iat ... greater than 60 seconds in the future".
    assert_eq!(with_iat(61).await.error(400), "invalid_dpop_proof");
}
