//! What each module of the OpenID Foundation's plan "Back-Channel Logout OP"
//! (`oidcc-backchannel-rp-initiated-logout-certification-test-plan`) asserts, under the module's name.

use serde_json::json;

use super::{
    authorization::verified,
    rp_initiated::{assert_logged_out, every_endpoint_is_https},
};
use crate::{
    oauth2::{
        Scene,
        backchannel::{Told, logout_token},
        claims,
    },
    support::{
        app::{BYE, ISSUER},
        door::encoded,
    },
};

#[tokio::test]
async fn oidcc_backchannel_logout_discovery_endpoint_verification() {
    let scene = Scene::new().await;
    let metadata = scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(metadata["backchannel_logout_supported"], true);
    assert_eq!(metadata["backchannel_logout_session_supported"], true);
    assert_eq!(metadata["end_session_endpoint"], json!(format!("{ISSUER}/oauth2/logout")));
    every_endpoint_is_https(&metadata);
}

#[tokio::test]
async fn oidcc_backchannel_rp_initiated_logout() {
    let mut told = Told::new().await;
    let id_token = told.sign_in().await;
    let query = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s-1")];
    let stop = told.scene.browser.open(&format!("/oauth2/logout?{}", encoded(&query))).await;
    let asked = told.asked().await;
    assert_eq!((asked.len(), asked[0].method.as_str()), (1, "POST"));
    assert_eq!(asked[0].uri.path(), "/backchannel_logout");

    // The form has `logout_token` alone; its signature is by a published key.
    let token = verified(&told.scene.app, &logout_token(&asked[0]), "RS256").await;
    assert_eq!((&token["iss"], &token["aud"]), (&json!(ISSUER), &json!("rp")));
    assert_eq!(token["iat"], json!(told.scene.app.clock.now().unix_timestamp()));
    assert!(token["jti"].is_string());
    assert_eq!(token["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    let id_token = claims(&id_token);
    assert_eq!((&token["sub"], &token["sid"]), (&id_token["sub"], &id_token["sid"]));
    assert!(token.get("nonce").is_none());

    assert_eq!(stop.away().as_str(), format!("{BYE}?state=s-1"));
    assert_logged_out(&mut told.scene).await;
}
