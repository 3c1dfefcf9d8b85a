//! Introspection (RFC 7662).

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use time::Duration;

use super::{Scene, claims, text};
use crate::support::app::{ISSUER, START, TestClient};

const PATH: &str = "/oauth2/introspect";
const SCOPE: (&str, &str) = ("scope", "openid offline_access");

async fn introspect(scene: &Scene, client: &TestClient, token: &str) -> Value {
    scene.app.door.post_as(client, PATH, &[("token", token)]).await.good()
}

fn inactive() -> Value {
    json!({"active": false})
}

#[tokio::test]
async fn rfc_7662_s2_2_a_client_learns_of_its_own_access_token() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[SCOPE]).await;
    let access_token = text(&tokens, "access_token");
    let now = START.unix_timestamp();
    let expected = json!({
        "active": true, "token_type": "Bearer", "iss": ISSUER, "sub": scene.user, "aud": ISSUER,
        "exp": now + 3600, "iat": now, "jti": claims(access_token)["jti"], "client_id": "rp",
        "scope": "offline_access openid", "username": "somchai", "auth_time": now, "acr": "0",
        "amr": ["pwd"],
    });
    assert_eq!(introspect(&scene, &scene.rp, access_token).await, expected);
}

#[tokio::test]
async fn a_client_learns_of_its_own_refresh_token_until_it_is_rotated() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[SCOPE]).await;
    let refresh_token = text(&tokens, "refresh_token");
    let answer = introspect(&scene, &scene.rp, refresh_token).await;
    assert_eq!((&answer["active"], &answer["client_id"]), (&json!(true), &json!("rp")));
    assert_eq!(answer["exp"], START.unix_timestamp() + 30 * 24 * 3600);
    scene.refresh(refresh_token, &[]).await.good();
    assert_eq!(introspect(&scene, &scene.rp, refresh_token).await, inactive());
}

#[tokio::test]
async fn another_clients_tokens_look_inactive() {
    let mut scene = Scene::new().await;
    let other = scene.app.client("other", |_| {}).await;
    let tokens = scene.tokens(&[SCOPE]).await;
    for name in ["access_token", "refresh_token"] {
        assert_eq!(introspect(&scene, &other, text(&tokens, name)).await, inactive(), "{name}");
    }
}

#[tokio::test]
async fn a_resource_learns_of_tokens_meant_for_it_and_of_no_others() {
    let api = "https://api.example";
    let mut scene = Scene::with(|client| client.resources = vec![api.to_owned()]).await;
    let server = scene.app.client("api", |client| client.resources = vec![api.to_owned()]).await;
    let meant = scene.tokens(&[("resource", api)]).await;
    let answer = introspect(&scene, &server, text(&meant, "access_token")).await;
    assert_eq!((&answer["active"], &answer["aud"]), (&json!(true), &json!(api)));
    let other = scene.tokens(&[]).await;
    assert_eq!(introspect(&scene, &server, text(&other, "access_token")).await, inactive());
}

#[tokio::test]
async fn why_a_token_is_not_active_is_not_said() {
    let mut scene = Scene::new().await;
    let (expired, revoked, disabled) =
        (scene.tokens(&[]).await, scene.tokens(&[]).await, scene.tokens(&[]).await);
    let token = text(&revoked, "access_token");
    scene.app.door.post_as(&scene.rp, "/oauth2/revoke", &[("token", token)]).await;
    for bad in [token, "nonsense", "a.b.c", text(&disabled, "id_token")] {
        assert_eq!(introspect(&scene, &scene.rp, bad).await, inactive(), "{bad}");
    }
    scene.app.disable_user(scene.user).await;
    assert_eq!(introspect(&scene, &scene.rp, text(&disabled, "access_token")).await, inactive());
    scene.app.clock.advance(Duration::hours(1));
    assert_eq!(introspect(&scene, &scene.rp, text(&expired, "access_token")).await, inactive());
}

#[tokio::test]
async fn rfc_7662_s2_1_nobody_introspects_without_proof() {
    let mut scene = Scene::new().await;
    let spa = scene.app.public_client("spa", |_| {}).await;
    let tokens = scene.tokens(&[]).await;
    let fields = [("token", text(&tokens, "access_token"))];
    let door = &scene.app.door;
    assert_eq!(door.post_as(&spa, PATH, &fields).await.error(401), "invalid_client");
    assert_eq!(door.post(PATH, &fields).await.error(401), "invalid_client");
    let mut wrong = scene.rp.clone();
    wrong.secret = Some("wrong".to_owned());
    assert_eq!(door.post_as(&wrong, PATH, &fields).await.error(401), "invalid_client");
}

#[tokio::test]
async fn a_malformed_introspection_is_refused() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let token = text(&tokens, "access_token");
    let door = &scene.app.door;
    assert_eq!(door.post_as(&scene.rp, PATH, &[]).await.error(400), "invalid_request");
    let twice = [("token", token), ("token", token)];
    assert_eq!(door.post_as(&scene.rp, PATH, &twice).await.error(400), "invalid_request");
    let in_address = format!("{PATH}?token={token}");
    assert_eq!(door.post_as(&scene.rp, &in_address, &[]).await.error(400), "invalid_request");
    assert_eq!(door.call(Method::GET, PATH, &[], "").await.status, StatusCode::METHOD_NOT_ALLOWED);
    // RFC 7662 §2.1: a wrong hint does no harm.
    let hinted = [("token", token), ("token_type_hint", "refresh_token")];
    assert_eq!(door.post_as(&scene.rp, PATH, &hinted).await.good()["active"], true);
}
