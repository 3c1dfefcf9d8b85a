//! `fapi2-message-signing-final-test-plan`: the modules about request objects. The client must sign its
//! requests, and pushes them.

use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};

use super::fapi2_stage::{Stage, asked, name};
use crate::{
    oauth2::{claims, text},
    support::{
        app::{ISSUER, START},
        pki::rsa_key,
        signer::Signer,
    },
};

async fn signing() -> Stage {
    Stage::with(|client| client.settings.oidc.require_signed_request_object = true).await
}

/// An object with this change is refused where it is pushed.
async fn refuse(change: &[(&str, Value)]) {
    let stage = signing().await;
    let answer = stage.push_object(&stage.object(change)).await;
    assert_eq!(answer.error(400), "invalid_request_object", "{change:?}");
}

fn now() -> i64 {
    START.unix_timestamp()
}

#[tokio::test]
async fn fapi2_security_profile_final_happy_flow() {
    let mut stage = signing().await;
    let pushed = stage.push_object(&stage.object(&[])).await;
    let stop = stage.visit("one", &pushed).await;
    assert_eq!(stop.parameter("state"), "state-1");
    let tokens = stage.exchange(&stage.one, &stop.parameter("code")).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["nonce"], "nonce-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_server_accepts_request_object_with_multiple_aud() {
    let stage = signing().await;
    let object = stage.object(&[("aud", json!(["https://other.example", ISSUER]))]);
    name(&stage.push_object(&object).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_nbf_8_seconds_in_the_future_is_accepted() {
    let stage = signing().await;
    name(&stage.push_object(&stage.object(&[("nbf", json!(now() + 8))])).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_different_state_inside_and_outside_request_object() {
    let mut stage = signing().await;
    let pushed = stage.push_object(&stage.object(&[])).await;
    assert_eq!(stage.visit_beside(&pushed, &[("state", "outside")]).await.parameter("state"), "state-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_state_only_outside_request_object_not_used() {
    let mut stage = signing().await;
    let object = stage.object(&[("state", Value::Null)]);
    // Neither beside the object where it is pushed, nor beside its name.
    let fields = [("request", object.as_str()), ("state", "outside")];
    let pushed = stage.post("/oauth2/par", &stage.assertion(&stage.one, &[]), &[], &fields).await;
    let stop = stage.visit_beside(&pushed, &[("state", "outside")]).await;
    assert!(!stop.parameter("code").is_empty());
    assert!(!stop.away().query_pairs().any(|(name, _)| name == "state"));
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_without_exp_fails() {
    refuse(&[("exp", Value::Null)]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_without_nbf_fails() {
    refuse(&[("nbf", Value::Null)]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_without_redirect_uri_fails() {
    let stage = signing().await;
    let answer = stage.push_object(&stage.object(&[("redirect_uri", Value::Null)])).await;
    assert_eq!(answer.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_expired_request_object_fails() {
    refuse(&[("nbf", json!(now() - 600)), ("exp", json!(now() - 300))]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_bad_aud_fails() {
    refuse(&[("aud", json!("https://other.example"))]).await;
    refuse(&[("aud", Value::Null)]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_exp_over_60_fails() {
    refuse(&[("exp", json!(now() + 70 * 60))]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_nbf_over_60_fails() {
    refuse(&[("nbf", json!(now() - 70 * 60))]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_signed_request_object_with_rs256_fails() {
    let mut stage = signing().await;
    let key = EncodingKey::from_rsa_pem(rsa_key().serialize_pem().as_bytes()).unwrap();
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap()).unwrap();
    jwk["kid"] = json!("rsa");
    // Good for every algorithm of its kind.
    jwk.as_object_mut().unwrap().remove("alg");
    let keys = json!({"keys": [stage.one.keys.jwk, jwk]});
    stage.app.change_client(&mut stage.one.client, |client| client.settings.jwks = Some(keys)).await;
    let sign = |algorithm| {
        let header = Header { kid: Some("rsa".to_owned()), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, &stage.object_claims(&[]), &key).unwrap()
    };
    let answer = stage.push_object(&sign(Algorithm::RS256)).await;
    assert_eq!(answer.error(400), "invalid_request_object");
    name(&stage.push_object(&sign(Algorithm::PS256)).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_signature_algorithm_is_not_none() {
    let stage = signing().await;
    let signed = stage.object(&[]);
    let payload = signed.split('.').nth(1).unwrap();
    // {"alg":"none"}
    let answer = stage.push_object(&format!("eyJhbGciOiJub25lIn0.{payload}.")).await;
    assert_eq!(answer.error(400), "invalid_request_object");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_invalid_signature_fails() {
    let stage = signing().await;
    let (good, other) = (stage.object(&[]), stage.object(&[("state", json!("other"))]));
    let (signed, _) = good.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    let answer = stage.push_object(&format!("{signed}.{signature}")).await;
    assert_eq!(answer.error(400), "invalid_request_object");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_matching_key_in_authorization_request() {
    let stage = signing().await;
    let claims = stage.object_claims(&[]);
    // Another client's key, and one of the same name.
    for stranger in [&stage.other.keys, &Signer::new("one")] {
        let answer = stage.push_object(&stranger.sign(&claims)).await;
        assert_eq!(answer.error(400), "invalid_request_object");
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_unsigned_request_at_par_endpoint_fails() {
    let stage = signing().await;
    assert_eq!(stage.push(&stage.one, &[], &[]).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_authorization_request_containing_request_uri() {
    refuse(&[("request_uri", json!("urn:ietf:params:oauth:request_uri:made-up"))]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails() {
    let mut stage = signing().await;
    let stop = stage.open(&asked(&[("client_id", "one")])).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
    // Signed, but not pushed.
    let object = stage.object(&[]);
    let stop = stage.open(&asked(&[("client_id", "one"), ("request", &object)])).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
}

#[tokio::test]
async fn rfc_9101_s10_8_neither_an_assertion_nor_a_request_object_passes_for_the_other() {
    let stage = signing().await;
    let object = stage.object(&[("jti", json!("x"))]);
    let answer = stage.post("/oauth2/par", &object, &[], &[("request", &object)]).await;
    assert_eq!(answer.error(401), "invalid_client");
    let assertion = stage.assertion(&stage.one, &[]);
    assert_eq!(stage.push_object(&assertion).await.error(400), "invalid_request_object");
}
