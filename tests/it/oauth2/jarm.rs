//! Answers in signed tokens (JARM).

use serde_json::{Value, json};
use tamga::model::{
    client::{Client, Flow, Profile},
    signing::Algorithm,
};

use super::{Scene, claims, header};
use crate::{
    conformance::authorization::verified,
    support::{
        app::{CALLBACK, ISSUER, START},
        browser::Stop,
    },
};

/// The one parameter of a signed answer, wherever it stands.
#[track_caller]
fn response(stop: &Stop) -> String {
    let url = stop.away();
    let carried = url.fragment().or(url.query()).unwrap_or_default();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(carried.as_bytes()).into_owned().collect();
    let [(name, response)] = pairs.as_slice() else { panic!("not one parameter: {url}") };
    assert_eq!(name, "response");
    response.clone()
}

/// What a signed answer says, by an independent library.
async fn told(scene: &Scene, stop: &Stop, algorithm: &str) -> Value {
    let told = verified(&scene.app, &response(stop), algorithm).await;
    assert_eq!((&told["iss"], &told["aud"]), (&json!(ISSUER), &json!("rp")));
    assert_eq!(told["exp"], json!(START.unix_timestamp() + 600));
    assert_eq!(told["state"], "state-1");
    told
}

#[tokio::test]
async fn jarm_s2_1_the_answer_is_one_signed_token_and_nothing_stands_beside_it() {
    let mut scene = Scene::new().await;
    for mode in ["jwt", "query.jwt"] {
        let stop = scene.answer(&[("response_mode", mode)]).await;
        assert!(stop.away().as_str().starts_with(&format!("{CALLBACK}?response=")), "{}", stop.url);
        let told = told(&scene, &stop, "RS256").await;
        let names: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["aud", "code", "exp", "iss", "session_state", "state"]);
        scene.exchange(told["code"].as_str().unwrap(), &[]).await.good();
    }
    let stop = scene.answer(&[("response_mode", "fragment.jwt")]).await;
    assert!(stop.away().as_str().starts_with(&format!("{CALLBACK}#response=")), "{}", stop.url);
    assert!(told(&scene, &stop, "RS256").await["code"].is_string());
}

#[tokio::test]
async fn jarm_s2_3_3_a_form_carries_the_token() {
    let mut scene = Scene::new().await;
    let stop = scene.answer(&[("response_mode", "form_post.jwt")]).await;
    assert_eq!(stop.attribute("form-post", "action").as_deref(), Some(CALLBACK));
    let fields = stop.fields("form-post");
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["response"]);
    let told = verified(&scene.app, &fields["response"], "RS256").await;
    scene.exchange(told["code"].as_str().unwrap(), &[]).await.good();
}

#[tokio::test]
async fn jarm_s2_1_2_tokens_of_the_hybrid_flow_are_claims_as_texts() {
    let mut scene = Scene::with(|client| client.flows.push(Flow::Hybrid)).await;
    let change = [("response_type", "code id_token token"), ("response_mode", "jwt")];
    let stop = scene.answer(&change).await;
    assert!(stop.away().as_str().starts_with(&format!("{CALLBACK}#response=")), "{}", stop.url);
    let told = told(&scene, &stop, "RS256").await;
    assert_eq!((&told["expires_in"], &told["token_type"]), (&json!("3600"), &json!("Bearer")));
    assert_eq!(claims(told["id_token"].as_str().unwrap())["aud"], "rp");
    scene.userinfo(told["access_token"].as_str().unwrap()).await.good();
    // §2.3.1: no token in a query, signed or not.
    let stop = scene.ask(&[("response_type", "code token"), ("response_mode", "query.jwt")]).await;
    assert!(stop.away().fragment().is_some());
    assert_eq!(claims(&response(&stop))["error"], "invalid_request");
}

#[tokio::test]
async fn errors_are_signed_as_well() {
    let mut scene = Scene::new().await;
    for (change, error) in [
        (("prompt", "none"), "login_required"),
        (("prompt", "nonsense"), "invalid_request"),
        (("response_type", "nonsense"), "unsupported_response_type"),
    ] {
        let stop = scene.ask(&[("response_mode", "jwt"), change]).await;
        assert_eq!(told(&scene, &stop, "RS256").await["error"], error);
    }
    assert!(scene.ask(&[("response_mode", "jwt")]).await.has("cancel-form"));
    let stop = scene.browser.submit("cancel-form", &[]).await;
    assert_eq!(told(&scene, &stop, "RS256").await["error"], "access_denied");
}

#[tokio::test]
async fn jarm_s3_the_client_chooses_the_algorithm_and_fapi_never_signs_with_rs256() {
    for (id_token, chosen, fapi, algorithm) in [
        (Algorithm::Rs256, Some(Algorithm::Es256), false, "ES256"),
        (Algorithm::Ps256, None, false, "PS256"),
        (Algorithm::Rs256, Some(Algorithm::EdDsa), false, "EdDSA"),
        (Algorithm::Rs256, None, true, "PS256"),
    ] {
        let tweak = |client: &mut Client| {
            client.settings.id_token_alg = id_token;
            client.settings.oidc.authorization_signed_response_alg = chosen;
            client.profile = fapi.then_some(Profile::Fapi2);
        };
        let mut scene = Scene::with(tweak).await;
        let stop = scene.ask(&[("response_mode", "jwt"), ("prompt", "none")]).await;
        assert_eq!(header(&response(&stop))["alg"], algorithm);
        told(&scene, &stop, algorithm).await;
    }
}

#[tokio::test]
async fn a_code_shown_on_a_page_is_not_wrapped() {
    let oob = "urn:ietf:wg:oauth:2.0:oob:auto";
    let mut scene = Scene::with(|client| client.redirect_uris.push(oob.to_owned())).await;
    let stop = scene.answer(&[("redirect_uri", oob), ("response_mode", "jwt")]).await;
    let code = stop.text("code");
    assert!(!code.contains('.'), "no token");
    scene.exchange(&code, &[("redirect_uri", oob)]).await.good();
}

#[tokio::test]
async fn a_signed_answer_passes_for_no_other_token() {
    let mut scene = Scene::new().await;
    let answer = response(&scene.answer(&[("response_mode", "jwt")]).await);
    assert_eq!(scene.userinfo(&answer).await.error(401), "invalid_token");
    let hint = [("prompt", "none"), ("id_token_hint", answer.as_str())];
    assert_eq!(scene.ask(&hint).await.parameter("error"), "login_required");
}
