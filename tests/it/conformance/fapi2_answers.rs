//! `fapi2-message-signing-final-test-plan`: signed answers (JARM) and signed introspection. The modules on
//! signed requests stand with them.

use serde_json::{Value, json};
use tamga::model::{client::Client, signing::Algorithm};

use super::{authorization::verified, fapi2_stage::Stage};
use crate::{
    oauth2::{header, text},
    support::{app::ISSUER, browser::Stop},
};

const JARM: (&str, &str) = ("response_mode", "jwt");

/// What a signed answer in the query says; nothing stands beside it.
async fn told(stage: &Stage, stop: &Stop) -> Value {
    let pairs: Vec<(String, String)> = stop.away().query_pairs().into_owned().collect();
    assert_eq!((pairs.len(), pairs[0].0.as_str()), (1, "response"), "{}", stop.url);
    assert_eq!(stop.away().fragment(), None);
    let told = verified(&stage.app, &pairs[0].1, "PS256").await;
    assert_eq!((&told["iss"], &told["aud"]), (&json!(ISSUER), &json!("one")));
    // `exp` within the recommended ten minutes.
    assert_eq!(told["exp"], json!(stage.app.clock.now().unix_timestamp() + 600));
    told
}

#[tokio::test]
async fn fapi2_security_profile_final_happy_flow() {
    let mut stage = Stage::new().await;
    let stop = stage.answer(&[JARM]).await;
    let told = told(&stage, &stop).await;
    assert_eq!(told["state"], "state-1");
    let tokens = stage.exchange(&stage.one, text(&told, "code")).await.good();
    stage.resource(&stage.one, text(&tokens, "access_token"), &[]).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_without_state_success() {
    let mut stage = Stage::new().await;
    let stop = stage.answer(&[JARM, ("state", "")]).await;
    let told = told(&stage, &stop).await;
    assert_eq!(told.get("state"), None);
    stage.exchange(&stage.one, text(&told, "code")).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_user_rejects_authentication() {
    let mut stage = Stage::new().await;
    let pushed = stage.push(&stage.one, &[], &[JARM]).await.json();
    let query = [("client_id", "one"), ("request_uri", text(&pushed, "request_uri"))];
    let address = format!("/oauth2/authorize?{}", crate::support::door::encoded(&query));
    assert!(stage.browser.open(&address).await.has("cancel-form"));
    let stop = stage.browser.submit("cancel-form", &[]).await;
    let told = told(&stage, &stop).await;
    assert_eq!((&told["error"], &told["state"]), (&json!("access_denied"), &json!("state-1")));
    assert_eq!(told.get("code"), None);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_with_long_state() {
    let mut stage = Stage::new().await;
    let state = "s".repeat(1500);
    let stop = stage.answer(&[JARM, ("state", &state)]).await;
    assert_eq!(told(&stage, &stop).await["state"], state);
}

#[tokio::test]
async fn fapi2_ms_s5_6_introspection_is_signed_for_who_registered_so() {
    let signed = |client: &mut Client| {
        client.settings.oidc.introspection_signed_response_alg = Some(Algorithm::Es256);
    };
    let mut stage = Stage::with(signed).await;
    let tokens = stage.tokens(&[]).await;
    let ask = async |token: &str| {
        let assertion = stage.assertion(&stage.one, &[]);
        stage.post("/oauth2/introspect", &assertion, &[], &[("token", token)]).await
    };
    let answer = ask(text(&tokens, "access_token")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/token-introspection+jwt");
    assert_eq!(header(&answer.body)["typ"], "token-introspection+jwt");
    let told = verified(&stage.app, &answer.body, "ES256").await;
    let now = stage.app.clock.now().unix_timestamp();
    assert_eq!((&told["iss"], &told["aud"], &told["iat"]), (&json!(ISSUER), &json!("one"), &json!(now)));
    // RFC 9701 §8.1: the answer must not pass for a token.
    assert_eq!((told.get("sub"), told.get("exp")), (None, None));
    let token = &told["token_introspection"];
    assert_eq!((&token["active"], &token["client_id"]), (&json!(true), &json!("one")));
    assert_eq!(token["cnf"]["jkt"], stage.one.dpop.thumbprint());
    let told = verified(&stage.app, &ask("nonsense").await.body, "ES256").await;
    assert_eq!(told["token_introspection"], json!({"active": false}));
    let refused = stage.app.door.post("/oauth2/introspect", &[("token", "x")]).await;
    assert_eq!(refused.error(401), "invalid_client");
}

#[tokio::test]
async fn rfc_9701_s4_others_ask_for_a_signed_answer_by_its_media_type() {
    let scene = crate::oauth2::Scene::new().await;
    let basic = crate::support::door::basic("rp", scene.rp.secret());
    let ask = async |accept: &str| {
        let headers = [("authorization", basic.as_str()), ("accept", accept)];
        scene.app.door.post_with("/oauth2/introspect", &headers, &[("token", "x")]).await
    };
    let answer = ask("application/token-introspection+jwt").await;
    assert_eq!(answer.header("content-type"), "application/token-introspection+jwt");
    let told = verified(&scene.app, &answer.body, "RS256").await;
    assert_eq!(told["token_introspection"], json!({"active": false}));
    assert_eq!(ask("application/json").await.good(), json!({"active": false}));
}
