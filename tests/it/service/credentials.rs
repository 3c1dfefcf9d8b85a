//! `client_credentials` (RFC 6749 §4.4).

use serde_json::json;
use tamga::model::client::Flow;

use super::{OTHER, SIGN_SERVER, Scene};
use crate::{
    oauth2::{claims, header, text},
    support::app::{ISSUER, TestApp},
};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn rfc_9068_s2_2_a_clients_own_token_names_the_client_as_its_subject() {
    let app = TestApp::new().await;
    let client = app.client("machine", |client| client.flows = vec![Flow::ClientCredentials]).await;
    let answer = app.door.post_as(&client, "/oauth2/token", &[GRANT, ("scope", "profile")]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.good();
    assert_eq!((&answer["expires_in"], &answer["token_type"]), (&json!(3600), &json!("Bearer")));
    assert_eq!(answer["scope"], "profile");
    for absent in ["id_token", "refresh_token"] {
        assert!(answer.get(absent).is_none(), "RFC 6749 §4.4.3: {absent} is not for a client alone");
    }
    let token = text(&answer, "access_token");
    assert_eq!(header(token)["typ"], "at+jwt");
    let claims = claims(token);
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!("machine"), &json!("machine")));
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(ISSUER), &json!(ISSUER)));
    assert!(claims.get("acr").is_none() && claims.get("auth_time").is_none(), "nobody signed in");
    let told = app.door.post_as(&client, "/oauth2/introspect", &[("token", token)]).await.good();
    assert_eq!((&told["active"], &told["sub"]), (&json!(true), &json!("machine")));
    assert!(told.get("username").is_none());
    app.door.post_as(&client, "/oauth2/revoke", &[("token", token)]).await;
    let told = app.door.post_as(&client, "/oauth2/introspect", &[("token", token)]).await.good();
    assert_eq!(told, json!({"active": false}));
}

#[tokio::test]
async fn a_clients_own_token_opens_nothing_of_a_persons() {
    let app = TestApp::new().await;
    let client = app.client("machine", |client| client.flows = vec![Flow::ClientCredentials]).await;
    let answer = app.door.post_as(&client, "/oauth2/token", &[GRANT]).await.good();
    assert!(text(&answer, "scope").split(' ').all(|scope| scope != "openid"), "{answer}");
    let bearer = format!("Bearer {}", text(&answer, "access_token"));
    for path in ["/oauth2/userinfo", "/api/v1/users/me/files/photo"] {
        let headers = [("authorization", bearer.as_str())];
        let answer = app.door.call(axum::http::Method::GET, path, &headers, "").await;
        assert_eq!(answer.error(401), "invalid_token", "{path}");
    }
}

#[tokio::test]
async fn a_public_client_and_one_without_the_flow_are_refused() {
    let app = TestApp::new().await;
    let without = app.client("without", |_| {}).await;
    let public = app.public_client("public", |client| client.flows = vec![Flow::ClientCredentials]).await;
    for client in [without, public] {
        let answer = app.door.post_as(&client, "/oauth2/token", &[GRANT]).await;
        assert_eq!(answer.error(400), "unauthorized_client");
    }
}

#[tokio::test]
async fn rfc_8707_s2_the_audience_is_a_registered_resource_in_its_own_letters() {
    let scene = Scene::new().await;
    let shouted = SIGN_SERVER.to_uppercase();
    let answer = scene.ask(&[GRANT, ("resource", &shouted)]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["aud"], SIGN_SERVER);
    let both = [GRANT, ("resource", SIGN_SERVER), ("resource", OTHER), ("resource", &shouted)];
    let answer = scene.ask(&both).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["aud"], json!([SIGN_SERVER, OTHER]));
    assert_eq!(scene.ask(&[GRANT]).await.error(400), "invalid_target");
    assert_eq!(scene.ask(&[GRANT, ("resource", "urn:unknown")]).await.error(400), "invalid_target");
    let mixed = [GRANT, ("resource", SIGN_SERVER), ("resource", "urn:unknown")];
    assert_eq!(scene.ask(&mixed).await.error(400), "invalid_target");
}

#[tokio::test]
async fn a_scope_that_is_not_registered_is_refused() {
    let scene = Scene::with(|client| client.scopes = vec!["profile".into()]).await;
    let ask = async |scope| scene.ask(&[GRANT, ("resource", OTHER), ("scope", scope)]).await;
    assert_eq!(ask("email").await.error(400), "invalid_scope");
    assert_eq!(ask("profile nonsense").await.error(400), "invalid_scope");
    assert_eq!(ask("profile").await.good()["scope"], "profile");
}

#[tokio::test]
async fn a_disabled_clients_tokens_are_not_active() {
    let mut scene = Scene::new().await;
    let answer = scene.ask(&[GRANT, ("resource", OTHER)]).await.good();
    let token = text(&answer, "access_token").to_owned();
    let watcher = scene.app.client("watcher", |client| client.resources = vec![OTHER.to_owned()]).await;
    let introspect = async |scene: &Scene| {
        scene.app.door.post_as(&watcher, "/oauth2/introspect", &[("token", &token)]).await.good()
    };
    assert_eq!(introspect(&scene).await["active"], true);
    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.client, |client| client.disabled_at = Some(now)).await;
    assert_eq!(introspect(&scene).await, json!({"active": false}));
}
