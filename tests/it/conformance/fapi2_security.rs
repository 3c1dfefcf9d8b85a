//! `fapi2-security-profile-final-test-plan`: the modules about requests.

use axum::http::Method;
use serde_json::{Value, json};
use time::Duration;

use super::fapi2_stage::{Stage, asked, exchange, name};
use crate::{
    oauth2::{claims, text},
    support::{app::ISSUER, browser::Stop, signer::Signer},
};

#[track_caller]
fn assert_bad_name(stop: &Stop) {
    assert_eq!(stop.answer.status, 400, "{}", stop.url);
    assert_eq!(stop.text("error-code"), "invalid_request_uri");
}

/// What the endpoint says to the usual request of the first client.
async fn push(stage: &Stage, change: &[(&str, &str)]) -> crate::support::door::Answer {
    stage.push(&stage.one, &[], change).await
}

#[tokio::test]
async fn fapi2_security_profile_final_discovery_end_point_verification() {
    let stage = Stage::new().await;
    let document = stage.app.door.get("/.well-known/openid-configuration").await.good();
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
async fn fapi2_security_profile_final_ensure_authorization_request_with_long_nonce() {
    let mut stage = Stage::new().await;
    let nonce = "n".repeat(1000);
    let tokens = stage.tokens(&[("nonce", &nonce)]).await;
    assert_eq!(claims(text(&tokens, "id_token"))["nonce"], nonce);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_with_long_state() {
    let mut stage = Stage::new().await;
    let state = "s".repeat(1000);
    assert_eq!(stage.answer(&[("state", &state)]).await.parameter("state"), state);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_different_nonce_inside_and_outside_request_object() {
    let mut stage = Stage::new().await;
    let pushed = push(&stage, &[]).await;
    let code = stage.visit_beside(&pushed, &[("nonce", "other")]).await.parameter("code");
    let tokens = stage.exchange(&stage.one, &code).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["nonce"], "nonce-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_different_state_inside_and_outside_request_object() {
    let mut stage = Stage::new().await;
    let pushed = push(&stage, &[]).await;
    assert_eq!(stage.visit_beside(&pushed, &[("state", "other")]).await.parameter("state"), "state-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_state_only_outside_request_object_not_used() {
    let mut stage = Stage::new().await;
    let pushed = push(&stage, &[("state", "")]).await;
    let stop = stage.visit_beside(&pushed, &[("state", "outside")]).await;
    assert!(!stop.parameter("code").is_empty());
    assert!(!stop.away().query_pairs().any(|(name, _)| name == "state"));
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_redirect_uri_in_authorization_request() {
    let stage = Stage::new().await;
    assert_eq!(push(&stage, &[("redirect_uri", "")]).await.error(400), "invalid_request");
    // Not even outside OpenID, where a single registered one would do.
    let plain = [("redirect_uri", ""), ("scope", "email")];
    assert_eq!(push(&stage, &plain).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_registered_redirect_uri() {
    let stage = Stage::new().await;
    let other = [("redirect_uri", "https://rp.example/cb/other")];
    assert_eq!(push(&stage, &other).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_plain_fapi_tolerate_unregistered_redirect_uri() {
    let stage = Stage::new().await;
    let other = [("redirect_uri", "https://rp.example/cb?x=1")];
    assert_eq!(push(&stage, &other).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails() {
    let mut stage = Stage::new().await;
    let stop = stage.open(&asked(&[("client_id", "one")])).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
    assert_eq!(stop.parameter("state"), "state-1");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds() {
    let mut stage = Stage::new().await;
    let pushed = push(&stage, &[]).await;
    let uri = name(&pushed);
    assert!(stage.open(&[("client_id", "one"), ("request_uri", &uri)]).await.has("login-form"));
    let code = stage.visit("one", &pushed).await.parameter("code");
    stage.exchange(&stage.one, &code).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_par_attempt_reuse_request_uri() {
    let mut stage = Stage::new().await;
    let pushed = push(&stage, &[]).await;
    assert!(!stage.visit("one", &pushed).await.parameter("code").is_empty());
    assert_bad_name(&stage.visit("one", &pushed).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_par_attempt_to_use_expired_request_uri() {
    let mut stage = Stage::new().await;
    let pushed = push(&stage, &[]).await;
    let expires_in = pushed.json()["expires_in"].as_i64().unwrap();
    assert!(expires_in < 600);
    stage.app.clock.advance(Duration::seconds(expires_in));
    assert_bad_name(&stage.visit("one", &pushed).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_par_attempt_to_use_request_uri_for_different_client() {
    let mut stage = Stage::new().await;
    let pushed = push(&stage, &[]).await;
    assert_bad_name(&stage.visit("other", &pushed).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_par_authorization_request_containing_request_uri_form_param() {
    let stage = Stage::new().await;
    let answer = push(&stage, &[("request_uri", "urn:ietf:params:oauth:request_uri:made-up")]).await;
    assert_eq!(answer.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_attempt_invalid_http_method() {
    let stage = Stage::new().await;
    for method in [Method::PUT, Method::GET, Method::DELETE] {
        assert_eq!(stage.app.door.call(method, "/oauth2/par", &[], "").await.status, 405);
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_par_without_duplicate_parameters() {
    let mut stage = Stage::new().await;
    let pushed = push(&stage, &[]).await;
    let code = stage.visit_beside(&pushed, &[]).await.parameter("code");
    stage.exchange(&stage.one, &code).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_par_ensure_pkce_required() {
    // Whatever the registration says.
    let stage = Stage::with(|client| client.settings.require_pkce = false).await;
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(push(&stage, &without).await.error(400), "invalid_request");
}

#[tokio::test]
async fn fapi2_security_profile_final_par_plain_pkce_rejected() {
    let stage = Stage::new().await;
    for method in ["plain", ""] {
        let answer = push(&stage, &[("code_challenge_method", method)]).await;
        assert_eq!(answer.error(400), "invalid_request", "{method}");
    }
}

/// What the token endpoint says to a code with this verifier.
async fn verify(verifier: &str) -> String {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let fields: Vec<_> = exchange(&code)
        .into_iter()
        .map(|(name, value)| (name, if name == "code_verifier" { verifier } else { value }))
        .collect();
    stage.token(&stage.one, &fields).await.error(400)
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_pkce_code_verifier_required() {
    let error = verify("").await;
    assert!(["invalid_request", "invalid_grant"].contains(&error.as_str()), "{error}");
}

#[tokio::test]
async fn fapi2_security_profile_final_incorrect_pkce_code_verifier_rejected() {
    assert_eq!(verify(&"x".repeat(43)).await, "invalid_grant");
}

/// What the endpoint says to an assertion with this change.
async fn assert_with(change: &[(&str, Value)]) -> crate::support::door::Answer {
    let stage = Stage::new().await;
    let assertion = stage.assertion(&stage.one, change);
    stage.post("/oauth2/par", &assertion, &[], &asked(&[])).await
}

async fn refuse_audience(audience: Value) {
    let answer = assert_with(&[("aud", audience.clone())]).await;
    assert_eq!(answer.error(401), "invalid_client", "{audience}");
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

/// The assertion begins this long after now.
async fn begin_in(seconds: i64) -> crate::support::door::Answer {
    let at = crate::support::app::START.unix_timestamp() + seconds;
    assert_with(&[("nbf", json!(at)), ("iat", json!(at)), ("exp", json!(at + 60))]).await
}

#[tokio::test]
async fn fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_8_seconds_in_the_future_is_accepted()
 {
    name(&begin_in(8).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_over_60_seconds_in_the_future_fails()
 {
    assert_eq!(begin_in(61).await.error(401), "invalid_client");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_mismatched_dpop_jkt_fails() {
    let stage = Stage::new().await;
    let other = Signer::new("other").thumbprint();
    let proof = stage.proof(&stage.one, "POST", "/oauth2/par", None, &[]);
    let answer = stage.push(&stage.one, &[&proof], &[("dpop_jkt", &other)]).await;
    assert_eq!(answer.error(400), "invalid_request");
}
