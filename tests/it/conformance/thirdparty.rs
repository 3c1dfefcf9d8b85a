//! What each module of the OpenID Foundation's plan "3rd Party-Init OP"
//! (`oidcc-3rdparty-init-login-certification-test-plan`) asserts, under the module's name.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{
    app::{ISSUER, TestApp},
    door::Answer,
};

const START: &str = "https://rp.example/initiate_login";

/// Registers a client with this `initiate_login_uri`.
async fn register(app: &TestApp, initiate_login_uri: &str) -> Answer {
    let metadata = json!({
        "redirect_uris": ["https://rp.example/cb"],
        "initiate_login_uri": initiate_login_uri,
    });
    let headers = [("content-type", "application/json")];
    app.door.call(Method::POST, "/oauth2/register", &headers, &metadata.to_string()).await
}

async fn app() -> TestApp {
    TestApp::with(&[("registration.enabled", "true"), ("registration.open", "true")]).await
}

#[tokio::test]
async fn oidcc_3rd_party_init_login() {
    let app = app().await;
    let registered = register(&app, START).await;
    assert_eq!(registered.status.as_u16(), 201, "{registered:?}");
    let registered = registered.json();
    assert_eq!(registered["initiate_login_uri"], START);
    let text = |name: &str| registered[name].as_str().unwrap();
    let path = text("registration_client_uri").strip_prefix(ISSUER).unwrap();
    let bearer = format!("Bearer {}", text("registration_access_token"));
    let read = app.door.call(Method::GET, path, &[("authorization", &bearer)], "").await;
    assert!(read.header("content-type").starts_with("application/json"));
    assert_eq!(read.good()["initiate_login_uri"], START);
    // And what it is for: the person is sent there.
    let path = format!("/oauth2/initiate?client_id={}", text("client_id"));
    assert!(app.door.get(&path).await.header("location").starts_with(&format!("{START}?iss=")));
}

#[tokio::test]
async fn oidcc_3rd_party_init_login_nohttps() {
    let refused = register(&app().await, "http://rp.example/initiate_login").await;
    assert!(refused.header("content-type").starts_with("application/json"));
    assert_eq!(refused.error(400), "invalid_client_metadata");
    let description: Value = refused.json()["error_description"].clone();
    assert!(description.as_str().unwrap().contains("initiate_login_uri"));
}
