//! What each module of the OpenID Foundation's plan "RP-Initiated OP"
//! (`oidcc-rp-initiated-logout-certification-test-plan`) asserts, under the module's name.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::{
    oauth2::{Scene, changed, header, text},
    support::{
        app::{BYE, ISSUER},
        browser::Stop,
        door::encoded,
    },
};

/// A scene after a whole flow, and the id_token of it.
pub async fn authorized() -> (Scene, String) {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    scene.userinfo(text(&tokens, "access_token")).await.good();
    let id_token = text(&tokens, "id_token").to_owned();
    (scene, id_token)
}

/// Goes to the end_session_endpoint; the usual request with `change` over it.
async fn end_session(scene: &mut Scene, id_token: &str, change: &[(&str, &str)]) -> Stop {
    let usual =
        [("id_token_hint", id_token), ("post_logout_redirect_uri", BYE), ("state", "end-session-state")];
    scene.browser.open(&format!("/oauth2/logout?{}", encoded(&changed(&usual, change)))).await
}

/// The modules' last step: nobody is signed in.
pub async fn assert_logged_out(scene: &mut Scene) {
    assert_eq!(scene.ask(&[("prompt", "none")]).await.parameter("error"), "login_required");
}

/// What the suite calls an error page or a question to the person: anything but the redirect.
fn assert_stays(stop: &Stop) {
    assert!(!stop.answer.status.is_redirection(), "{}", stop.url);
    assert!(stop.has("logout-form") || stop.has("error-code"), "{}", stop.answer.body);
}

/// Where the person ends who is asked and says yes.
async fn confirm(scene: &mut Scene, stop: &Stop) {
    let end = if stop.has("logged-out") {
        stop.clone()
    } else {
        scene.browser.press("logout-form", "logout-confirm").await
    };
    assert!(end.has("logged-out"));
    assert_logged_out(scene).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    let scene = Scene::new().await;
    let metadata = scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(metadata["end_session_endpoint"], json!(format!("{ISSUER}/oauth2/logout")));
    every_endpoint_is_https(&metadata);
}

/// Every endpoint of the document is https.
pub fn every_endpoint_is_https(metadata: &Value) {
    let endpoints = metadata.as_object().unwrap().iter();
    for (name, value) in endpoints.filter(|(name, _)| {
        name.ends_with("_endpoint") || ["jwks_uri", "check_session_iframe"].contains(&name.as_str())
    }) {
        assert!(value.as_str().unwrap().starts_with("https://"), "{name}: {value}");
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let (mut scene, id_token) = authorized().await;
    let stop = end_session(&mut scene, &id_token, &[]).await;
    assert_eq!(stop.away().as_str(), format!("{BYE}?state=end-session-state"), "and nothing besides");
    assert_logged_out(&mut scene).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let (mut scene, id_token) = authorized().await;
    let stop = end_session(&mut scene, &id_token, &[("state", "")]).await;
    assert_eq!(stop.away().as_str(), BYE);
    assert_logged_out(&mut scene).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_id_token_hint() {
    let (mut scene, _) = authorized().await;
    let claims = json!({"iss": ISSUER, "sub": scene.user, "aud": "rp", "azp": "rp", "exp": 1, "iat": 1});
    let key = EncodingKey::from_secret(scene.rp.secret().as_bytes());
    let forged = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();
    assert_stays(&end_session(&mut scene, &forged, &[]).await);
    assert_stays(&end_session(&mut scene, &forged, &[("client_id", "rp")]).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_id_token_hint() {
    let (mut scene, id_token) = authorized().await;
    let mut changed = header(&id_token);
    changed["alg"] = json!("none");
    let claims = id_token.split('.').nth(1).unwrap();
    let unsigned = format!("{}.{claims}.", B64.encode(changed.to_string()));
    assert_stays(&end_session(&mut scene, &unsigned, &[]).await);
    assert_stays(&end_session(&mut scene, &unsigned, &[("client_id", "rp")]).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    let (mut scene, _) = authorized().await;
    assert_stays(&end_session(&mut scene, "", &[]).await);
    assert_stays(&end_session(&mut scene, "", &[("client_id", "rp")]).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    let (mut scene, id_token) = authorized().await;
    let bad = format!("{BYE}/xyzzy");
    let stop = end_session(&mut scene, &id_token, &[("post_logout_redirect_uri", &bad)]).await;
    assert_stays(&stop);
    assert_eq!(stop.text("error-code"), "invalid_request");
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
    let (mut scene, id_token) = authorized().await;
    let added = format!("{BYE}?foo=bar");
    let stop = end_session(&mut scene, &id_token, &[("post_logout_redirect_uri", &added)]).await;
    assert_stays(&stop);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params() {
    let (mut scene, _) = authorized().await;
    let stop = scene.browser.open("/oauth2/logout").await;
    confirm(&mut scene, &stop).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    let (mut scene, id_token) = authorized().await;
    let stop = end_session(&mut scene, &id_token, &[("post_logout_redirect_uri", "")]).await;
    assert!(stop.has("logged-out"));
    confirm(&mut scene, &stop).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_only_state() {
    let (mut scene, _) = authorized().await;
    let stop = end_session(&mut scene, "", &[("post_logout_redirect_uri", "")]).await;
    confirm(&mut scene, &stop).await;
}
