//! `fapi2-security-profile-final-test-plan`: the modules about requests.

use axum::http::Method;
use serde_json::json;
use tamga::model::client::{AuthMethod, Client, Flow};
use time::Duration;

use super::fapi2::{Fapi, assert_bad_name};
use crate::{
    oauth2::{claims, par::address, text},
    support::{app::ISSUER, signer::Signer},
};

#[tokio::test]
async fn fapi2_security_profile_final_happy_flow() {
    let mut fapi = Fapi::new().await;
    let answer = fapi.push(&[]).await;
    let uri = Fapi::name(&answer);
    // At least 128 bits of chance, and less than 10 minutes.
    assert!(uri.len() >= 43 && answer.json()["expires_in"].as_u64().unwrap() < 600);
    let stop = fapi.visit(&uri).await;
    assert_eq!((stop.parameter("state"), stop.parameter("iss")), ("state-1".into(), ISSUER.into()));
    let tokens = fapi.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(tokens["token_type"], "DPoP");
    assert_eq!(claims(text(&tokens, "id_token"))["nonce"], "nonce-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_discovery_end_point_verification() {
    let fapi = Fapi::new().await;
    let document = fapi.scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(document["pushed_authorization_request_endpoint"], format!("{ISSUER}/oauth2/par"));
    assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    for (name, word) in [
        ("code_challenge_methods_supported", "S256"),
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
        ("request_object_signing_alg_values_supported", "PS256"),
        ("dpop_signing_alg_values_supported", "ES256"),
    ] {
        assert!(document[name].as_array().unwrap().contains(&json!(word)), "{name}");
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_user_rejects_authentication() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    fapi.scene.visit(&uri).await;
    let stop = fapi.scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(
        (stop.parameter("error"), stop.parameter("state")),
        ("access_denied".into(), "state-1".into())
    );
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_without_state_success() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[("state", "")]).await);
    let stop = fapi.visit(&uri).await;
    assert!(!stop.away().query_pairs().any(|(name, _)| name == "state"));
    fapi.exchange(&stop.parameter("code"), &[]).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_without_nonce_success() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[("nonce", "")]).await);
    let code = fapi.visit(&uri).await.parameter("code");
    let tokens = fapi.exchange(&code, &[]).await.good();
    assert!(claims(text(&tokens, "id_token")).get("nonce").is_none());
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_with_64_char_nonce_success() {
    for length in [64, 1000] {
        let mut fapi = Fapi::new().await;
        let nonce = "n".repeat(length);
        let uri = Fapi::name(&fapi.push(&[("nonce", &nonce)]).await);
        let code = fapi.visit(&uri).await.parameter("code");
        let tokens = fapi.exchange(&code, &[]).await.good();
        assert_eq!(claims(text(&tokens, "id_token"))["nonce"], nonce);
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_with_long_state() {
    let mut fapi = Fapi::new().await;
    let state = "s".repeat(1000);
    let uri = Fapi::name(&fapi.push(&[("state", &state)]).await);
    assert_eq!(fapi.visit(&uri).await.parameter("state"), state);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_different_nonce_inside_and_outside_request_object() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    let code = fapi.visit_with(&uri, &[("nonce", "other")]).await.parameter("code");
    let tokens = fapi.exchange(&code, &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["nonce"], "nonce-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_different_state_inside_and_outside_request_object() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    assert_eq!(fapi.visit_with(&uri, &[("state", "other")]).await.parameter("state"), "state-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_state_only_outside_request_object_not_used() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[("state", "")]).await);
    let stop = fapi.visit_with(&uri, &[("state", "outside")]).await;
    assert!(!stop.parameter("code").is_empty());
    assert!(!stop.away().query_pairs().any(|(name, _)| name == "state"));
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_redirect_uri_in_authorization_request() {
    let fapi = Fapi::new().await;
    assert_eq!(fapi.push(&[("redirect_uri", "")]).await.error(400), "invalid_request");
    let plain = [("redirect_uri", ""), ("scope", "email")];
    assert_eq!(fapi.push(&plain).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_registered_redirect_uri() {
    let fapi = Fapi::new().await;
    let other = [("redirect_uri", "https://rp.example/cb/other")];
    assert_eq!(fapi.push(&other).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_plain_fapi_tolerate_unregistered_redirect_uri() {
    let fapi = Fapi::new().await;
    let other = [("redirect_uri", "https://rp.example/cb?x=1")];
    assert_eq!(fapi.push(&other).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails() {
    let mut fapi = Fapi::new().await;
    let stop = fapi.scene.ask(&Fapi::asked(&[])).await;
    assert_eq!(
        (stop.parameter("error"), stop.parameter("state")),
        ("invalid_request".into(), "state-1".into())
    );
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_response_type_token_fails() {
    let fapi = Fapi::with(|client| client.flows.extend([Flow::Implicit, Flow::Hybrid])).await;
    let answer = fapi.push(&[("response_type", "token")]).await;
    assert_eq!(answer.error(400), "unauthorized_client");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_response_type_code_idtoken_fails() {
    let fapi = Fapi::with(|client| client.flows.extend([Flow::Implicit, Flow::Hybrid])).await;
    let answer = fapi.push(&[("response_type", "code id_token")]).await;
    assert_eq!(answer.error(400), "unauthorized_client");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    assert!(fapi.scene.visit(&uri).await.has("login-form"));
    let code = fapi.visit(&uri).await.parameter("code");
    fapi.exchange(&code, &[]).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_par_attempt_reuse_request_uri() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    assert!(!fapi.visit(&uri).await.parameter("code").is_empty());
    assert_bad_name(&fapi.scene.visit(&uri).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_par_attempt_to_use_expired_request_uri() {
    let mut fapi = Fapi::new().await;
    let answer = fapi.push(&[]).await;
    let uri = Fapi::name(&answer);
    fapi.scene.app.clock.advance(Duration::seconds(answer.json()["expires_in"].as_i64().unwrap()));
    assert_bad_name(&fapi.scene.visit(&uri).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_par_attempt_to_use_request_uri_for_different_client() {
    let mut fapi = Fapi::new().await;
    let other = fapi.scene.app.client("other", |_| {}).await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    assert_bad_name(&fapi.scene.browser.open(&address(other.id(), &uri)).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_par_authorization_request_containing_request_uri_form_param() {
    let fapi = Fapi::new().await;
    let answer = fapi.push(&[("request_uri", "urn:ietf:params:oauth:request_uri:made-up")]).await;
    assert_eq!(answer.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_attempt_invalid_http_method() {
    let fapi = Fapi::new().await;
    for method in [Method::PUT, Method::GET, Method::DELETE] {
        assert_eq!(fapi.scene.app.door.call(method, "/oauth2/par", &[], "").await.status, 405);
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_par_without_duplicate_parameters() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    let code = fapi.visit_with(&uri, &[]).await.parameter("code");
    fapi.exchange(&code, &[]).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_par_ensure_pkce_required() {
    let fapi = Fapi::with(|client| client.settings.require_pkce = false).await;
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(fapi.push(&without).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_plain_pkce_rejected() {
    let fapi = Fapi::new().await;
    assert_eq!(fapi.push(&[("code_challenge_method", "plain")]).await.error(400), "invalid_request");
    assert_eq!(fapi.push(&[("code_challenge_method", "")]).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_pkce_code_verifier_required() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    let code = fapi.visit(&uri).await.parameter("code");
    let answer = fapi.exchange(&code, &[("code_verifier", "")]).await;
    assert!(["invalid_request", "invalid_grant"].contains(&answer.error(400).as_str()));
}

#[tokio::test]
async fn fapi2_security_profile_final_incorrect_pkce_code_verifier_rejected() {
    let mut fapi = Fapi::new().await;
    let uri = Fapi::name(&fapi.push(&[]).await);
    let code = fapi.visit(&uri).await.parameter("code");
    let answer = fapi.exchange(&code, &[("code_verifier", &"x".repeat(43))]).await;
    assert_eq!(answer.error(400), "invalid_grant");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_test_par_endpoint_url_as_audience_fails() {
    refuse_audience(json!(format!("{ISSUER}/oauth2/par"))).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_par_test_token_endpoint_url_as_audience_fails() {
    refuse_audience(json!(format!("{ISSUER}/oauth2/token"))).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_par_test_array_as_audience_fails() {
    refuse_audience(json!([ISSUER, "https://other.example"])).await;
    refuse_audience(json!([ISSUER])).await;
}

async fn refuse_audience(audience: serde_json::Value) {
    let fapi = Fapi::new().await;
    let assertion = fapi.assertion(&json!({"aud": audience}));
    let answer = fapi.push_as(&assertion, &[], &Fapi::asked(&[])).await;
    assert_eq!(answer.error(401), "invalid_client", "{audience}");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_8_seconds_in_the_future_is_accepted()
 {
    let fapi = Fapi::new().await;
    let at = fapi.scene.app.clock.now().unix_timestamp() + 8;
    let assertion = fapi.assertion(&json!({"nbf": at, "iat": at}));
    assert_eq!(fapi.push_as(&assertion, &[], &Fapi::asked(&[])).await.status, 201);
}

#[tokio::test]
async fn fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_over_60_seconds_in_the_future_fails()
 {
    let fapi = Fapi::new().await;
    let at = fapi.scene.app.clock.now().unix_timestamp() + 61;
    let assertion = fapi.assertion(&json!({"nbf": at, "iat": at, "exp": at + 60}));
    let answer = fapi.push_as(&assertion, &[], &Fapi::asked(&[])).await;
    assert_eq!(answer.error(401), "invalid_client");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_mismatched_dpop_jkt_fails() {
    let fapi = Fapi::new().await;
    let other = Signer::new("other").thumbprint();
    let proof = fapi.proof("/oauth2/par");
    let fields = Fapi::asked(&[("dpop_jkt", &other)]);
    let answer = fapi.push_as(&fapi.assertion(&json!({})), &[("dpop", &proof)], &fields).await;
    assert_eq!(answer.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_dpopproof_at_par_endpoint_binding_success() {
    let mut fapi = Fapi::new().await;
    let proof = fapi.proof("/oauth2/par");
    let answer = fapi.push_as(&fapi.assertion(&json!({})), &[("dpop", &proof)], &Fapi::asked(&[])).await;
    let uri = Fapi::name(&answer);
    let code = fapi.visit(&uri).await.parameter("code");
    fapi.exchange(&code, &[]).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_dpop_auth_code_binding_success() {
    let mut fapi = Fapi::new().await;
    let jkt = fapi.dpop.thumbprint();
    let uri = Fapi::name(&fapi.push(&[("dpop_jkt", &jkt)]).await);
    let code = fapi.visit(&uri).await.parameter("code");
    fapi.exchange(&code, &[]).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt() {
    let mut fapi = Fapi::new().await;
    let proof = fapi.proof("/oauth2/par");
    let answer = fapi.push_as(&fapi.assertion(&json!({})), &[("dpop", &proof)], &Fapi::asked(&[])).await;
    let uri = Fapi::name(&answer);
    let code = fapi.visit(&uri).await.parameter("code");
    fapi.dpop = Signer::new("another");
    assert_eq!(fapi.exchange(&code, &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_jkt() {
    let mut fapi = Fapi::new().await;
    let other = Signer::new("other").thumbprint();
    let uri = Fapi::name(&fapi.push(&[("dpop_jkt", &other)]).await);
    let code = fapi.visit(&uri).await.parameter("code");
    assert_eq!(fapi.exchange(&code, &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn fapi_2_security_profile_s5_3_2_1_no_other_authentication_and_no_public_clients() {
    let by_secret = |client: &mut Client| {
        client.auth_methods.extend([AuthMethod::ClientSecretPost, AuthMethod::None]);
    };
    let fapi = Fapi::with(by_secret).await;
    let fields = Fapi::asked(&[("client_id", "rp"), ("client_secret", "x")]);
    assert_eq!(fapi.scene.app.door.post("/oauth2/par", &fields).await.error(401), "invalid_client");
    let fields = Fapi::asked(&[("client_id", "rp")]);
    assert_eq!(fapi.scene.app.door.post("/oauth2/par", &fields).await.error(401), "invalid_client");
}
