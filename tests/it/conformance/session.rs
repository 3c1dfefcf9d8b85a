//! What each module of the OpenID Foundation's plan "Session Management OP"
//! (`oidcc-session-management-certification-test-plan`) asserts, under the module's name.

use serde_json::json;

use super::rp_initiated::every_endpoint_is_https;
use crate::{
    oauth2::{
        Scene,
        session_state::{STATE, judged},
        text,
    },
    support::{
        app::{BYE, ISSUER},
        door::encoded,
    },
};

const ORIGIN: &str = "https://rp.example";

#[tokio::test]
async fn oidcc_session_management_discovery_endpoint_verification() {
    let scene = Scene::new().await;
    let metadata = scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(metadata["check_session_iframe"], json!(format!("{ISSUER}/oauth2/check-session")));
    assert_eq!(metadata["end_session_endpoint"], json!(format!("{ISSUER}/oauth2/logout")));
    every_endpoint_is_https(&metadata);
    assert_eq!(scene.app.door.get("/oauth2/check-session").await.status.as_u16(), 200);
}

/// What the frame's script computes is computed here; `tests/interop` asks the script itself.
#[tokio::test]
async fn oidcc_session_management_rp_initiated_logout() {
    let mut scene = Scene::new().await;
    let stop = scene.answer(&[]).await;
    let session_state = stop.parameter("session_state");
    assert_eq!(judged(&session_state, "rp", ORIGIN, scene.browser.cookie(STATE)), "unchanged");

    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let hint = text(&tokens, "id_token");
    let query = [("id_token_hint", hint), ("post_logout_redirect_uri", BYE), ("state", "s-1")];
    let stop = scene.browser.open(&format!("/oauth2/logout?{}", encoded(&query))).await;
    assert_eq!(stop.away().as_str(), format!("{BYE}?state=s-1"));
    assert_eq!(judged(&session_state, "rp", ORIGIN, scene.browser.cookie(STATE)), "changed");
}
