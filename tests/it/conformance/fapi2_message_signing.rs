//! `fapi2-message-signing-final-test-plan`: the modules about request objects. The client must sign its
//! requests, and pushes them.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use time::Duration;

use super::fapi2::Fapi;
use crate::{
    oauth2::{claims, text},
    support::{app::ISSUER, pki::rsa_key, signer::Signer},
};

async fn signing() -> Fapi {
    Fapi::with(|client| client.settings.oidc.require_signed_request_object = true).await
}

/// An object with this change is refused where it is pushed.
async fn refuse(change: Value) {
    let answer = signing().await.push_object(&change).await;
    assert_eq!(answer.error(400), "invalid_request_object", "{change}");
}

fn now() -> i64 {
    crate::support::app::START.unix_timestamp()
}

#[tokio::test]
async fn fapi2_security_profile_final_happy_flow() {
    let mut fapi = signing().await;
    let uri = Fapi::name(&fapi.push_object(&json!({})).await);
    let stop = fapi.visit(&uri).await;
    assert_eq!(stop.parameter("state"), "state-1");
    let tokens = fapi.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["nonce"], "nonce-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_server_accepts_request_object_with_multiple_aud() {
    let fapi = signing().await;
    Fapi::name(&fapi.push_object(&json!({"aud": ["https://other.example", ISSUER]})).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_nbf_8_seconds_in_the_future_is_accepted() {
    let fapi = signing().await;
    Fapi::name(&fapi.push_object(&json!({"nbf": now() + 8})).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_different_state_inside_and_outside_request_object() {
    let mut fapi = signing().await;
    let uri = Fapi::name(&fapi.push_object(&json!({})).await);
    assert_eq!(fapi.visit_with(&uri, &[("state", "outside")]).await.parameter("state"), "state-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_state_only_outside_request_object_not_used() {
    let mut fapi = signing().await;
    let object = fapi.signer.sign(&fapi.claims(&json!({"state": null})));
    // Neither beside the object where it is pushed, nor beside its name.
    let fields = [("request", object.as_str()), ("state", "outside")];
    let answer = fapi.push_as(&fapi.assertion(&json!({})), &[], &fields).await;
    let stop = fapi.visit_with(&Fapi::name(&answer), &[("state", "outside")]).await;
    assert!(!stop.parameter("code").is_empty());
    assert!(!stop.away().query_pairs().any(|(name, _)| name == "state"));
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_without_exp_fails() {
    refuse(json!({"exp": null})).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_without_nbf_fails() {
    refuse(json!({"nbf": null})).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_without_redirect_uri_fails() {
    let answer = signing().await.push_object(&json!({"redirect_uri": null})).await;
    assert_eq!(answer.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_expired_request_object_fails() {
    refuse(json!({"nbf": now() - 600, "exp": now() - 300})).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_bad_aud_fails() {
    refuse(json!({"aud": "https://other.example"})).await;
    refuse(json!({"aud": null})).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_exp_over_60_fails() {
    refuse(json!({"exp": now() + 70 * 60})).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_nbf_over_60_fails() {
    refuse(json!({"nbf": now() - 70 * 60})).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_signed_request_object_with_rs256_fails() {
    let mut fapi = signing().await;
    let key = EncodingKey::from_rsa_pem(rsa_key().serialize_pem().as_bytes()).unwrap();
    let mut jwk =
        serde_json::to_value(jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap())
            .unwrap();
    jwk["kid"] = json!("rsa");
    jwk.as_object_mut().unwrap().remove("alg");
    let keys = json!({"keys": [fapi.signer.jwk, jwk]});
    fapi.scene.app.change_client(&mut fapi.scene.rp, |client| client.settings.jwks = Some(keys)).await;
    let sign = |algorithm| {
        let header = Header { kid: Some("rsa".to_owned()), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, &fapi.claims(&json!({})), &key).unwrap()
    };
    assert_eq!(fapi.push_token(&sign(Algorithm::RS256)).await.error(400), "invalid_request_object");
    Fapi::name(&fapi.push_token(&sign(Algorithm::PS256)).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_signature_algorithm_is_not_none() {
    let fapi = signing().await;
    let signed = fapi.signer.sign(&fapi.claims(&json!({})));
    let payload = signed.split('.').nth(1).unwrap();
    // {"alg":"none"}
    let answer = fapi.push_token(&format!("eyJhbGciOiJub25lIn0.{payload}.")).await;
    assert_eq!(answer.error(400), "invalid_request_object");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_request_object_with_invalid_signature_fails() {
    let fapi = signing().await;
    let good = fapi.signer.sign(&fapi.claims(&json!({})));
    let other = fapi.signer.sign(&fapi.claims(&json!({"state": "other"})));
    let (signed, _) = good.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    let answer = fapi.push_token(&format!("{signed}.{signature}")).await;
    assert_eq!(answer.error(400), "invalid_request_object");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_matching_key_in_authorization_request() {
    let fapi = signing().await;
    // Another client's key, of the same name.
    let object = Signer::new("one").sign(&fapi.claims(&json!({})));
    assert_eq!(fapi.push_token(&object).await.error(400), "invalid_request_object");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_unsigned_request_at_par_endpoint_fails() {
    assert_eq!(signing().await.push(&[]).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_authorization_request_containing_request_uri() {
    refuse(json!({"request_uri": "urn:ietf:params:oauth:request_uri:made-up"})).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails() {
    let mut fapi = signing().await;
    assert_eq!(fapi.scene.ask(&Fapi::asked(&[])).await.parameter("error"), "invalid_request");
    // Signed, but not pushed.
    let object = fapi.signer.sign(&fapi.claims(&json!({})));
    let stop = fapi.scene.ask(&[("request", &object)]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
}

#[tokio::test]
async fn a_request_object_works_as_an_assertion_no_more_than_an_assertion_as_a_request_object() {
    let fapi = signing().await;
    let object = fapi.signer.sign(&fapi.claims(&json!({"jti": "x"})));
    let answer = fapi.push_as(&object, &[], &[("request", &object)]).await;
    assert_eq!(answer.error(401), "invalid_client");
    let id = fapi.scene.rp.id();
    refuse(json!({"sub": id})).await;
    fapi.scene.app.clock.advance(Duration::seconds(1));
}
