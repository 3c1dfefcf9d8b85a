//! What each module of the OpenID Foundation's plan "Front-Channel OP"
//! (`oidcc-frontchannel-rp-initiated-logout-certification-test-plan`) asserts, under the module's name.

use serde_json::json;

use super::rp_initiated::{assert_logged_out, every_endpoint_is_https};
use crate::{
    oauth2::{
        Scene,
        frontchannel::{frame, frames, logout, signed_in},
    },
    support::app::{BYE, ISSUER},
};

#[tokio::test]
async fn oidcc_frontchannel_logout_discovery_endpoint_verification() {
    let scene = Scene::new().await;
    let metadata = scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(metadata["frontchannel_logout_supported"], true);
    assert_eq!(metadata["frontchannel_logout_session_supported"], true);
    assert_eq!(metadata["end_session_endpoint"], json!(format!("{ISSUER}/oauth2/logout")));
    every_endpoint_is_https(&metadata);
}

/// In a browser the script then goes on; `tests/interop` does it in a real one.
#[tokio::test]
async fn oidcc_frontchannel_rp_initiated_logout() {
    let (mut scene, id_token) = signed_in().await;
    let query = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s-1")];
    let stop = logout(&mut scene, &query).await;
    // The frame has `iss` and `sid` and nothing besides, and the sid is the id_token's.
    assert_eq!(frames(&stop), [frame(&id_token)]);
    assert_eq!(stop.attribute("onward", "href"), Some(format!("{BYE}?state=s-1")));
    assert_logged_out(&mut scene).await;
}
