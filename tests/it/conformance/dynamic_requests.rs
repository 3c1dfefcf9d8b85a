//! `oidcc-dynamic-certification-test-plan`: the modules about request objects.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;
use tamga::model::signing::ForeignAlgorithm;

use crate::{
    oauth2::{go_on, request_object::Stage},
    support::{app::TestApp, gateway::Gateway, pki::rsa_key},
};

#[tokio::test]
async fn oidcc_request_uri_signed_rs256() {
    let gateway = Gateway::start().await;
    let app = TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    let document = app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(document["request_uri_parameter_supported"], true);
    assert!(
        document["request_object_signing_alg_values_supported"].as_array().unwrap().contains(&json!("RS256"))
    );
    let key = EncodingKey::from_rsa_pem(rsa_key().serialize_pem().as_bytes()).unwrap();
    let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
    let uri = format!("{}/request.jwt", gateway.address());
    let registered = vec![uri.clone()];
    let mut stage = Stage::at(app, |client| {
        client.settings.jwks = Some(json!({"keys": [jwk]}));
        client.settings.oidc.request_object_signing_alg = Some(ForeignAlgorithm::Rs256);
        client.settings.oidc.request_uris = registered;
    })
    .await;
    let claims = stage.claims(&json!({}));
    let object = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &key).unwrap();
    gateway.answer(&[(200, &object)]);
    let stop = stage.scene.ask(&[("request_uri", &uri)]).await;
    let stop = go_on(&mut stage.scene.browser, "somchai", stop).await;
    assert_eq!(stop.parameter("state"), "inner");
    stage.scene.exchange(&stop.parameter("code"), &[]).await.good();
}

/// `none` is not in the document, so the suite skips the module; and such an object is not taken.
#[tokio::test]
async fn oidcc_request_uri_unsigned() {
    let gateway = Gateway::start().await;
    let app = TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    let document = app.door.get("/.well-known/openid-configuration").await.good();
    assert!(
        !document["request_object_signing_alg_values_supported"].as_array().unwrap().contains(&json!("none"))
    );
    let uri = format!("{}/request.jwt", gateway.address());
    let registered = vec![uri.clone()];
    let mut stage = Stage::at(app, |client| client.settings.oidc.request_uris = registered).await;
    let signed = stage.object(&json!({}));
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", signed.split('.').nth(1).unwrap());
    gateway.answer(&[(200, &unsigned)]);
    let stop = stage.scene.ask(&[("request_uri", &uri)]).await;
    assert_eq!(stop.parameter("error"), "invalid_request_object");
}

/// The suite sends an unsigned object and skips the module where `none` is not served; here it is signed.
#[tokio::test]
async fn oidcc_ensure_request_object_with_redirect_uri() {
    let mut stage = Stage::new().await;
    let object = stage.object(&json!({}));
    let stop = stage.ask(&object, &[("redirect_uri", "https://rp.example/cb/invalid")]).await;
    let stop = stage.go_on(stop).await;
    assert_eq!(stop.parameter("state"), "inner");
    stage.scene.exchange(&stop.parameter("code"), &[]).await.good();
}
