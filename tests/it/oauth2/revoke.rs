//! Revocation (RFC 7009).

use super::{Scene, request, text};
use crate::support::{app::TestClient, door::Answer};

const PATH: &str = "/oauth2/revoke";
const SCOPE: (&str, &str) = ("scope", "openid offline_access");

async fn revoke(scene: &Scene, client: &TestClient, token: &str) -> Answer {
    scene.app.door.post_as(client, PATH, &[("token", token)]).await
}

#[tokio::test]
async fn rfc_7009_s2_1_an_access_token_ends_alone() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[SCOPE]).await;
    let access_token = text(&tokens, "access_token");
    let answer = revoke(&scene, &scene.rp, access_token).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
    assert_eq!(scene.userinfo(access_token).await.error(401), "invalid_token");
    let tokens = scene.refresh(text(&tokens, "refresh_token"), &[]).await.good();
    scene.userinfo(text(&tokens, "access_token")).await.good();
}

#[tokio::test]
async fn rfc_7009_s2_1_a_refresh_token_takes_its_grant_along() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[SCOPE]).await;
    let (access_token, refresh_token) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    assert_eq!(revoke(&scene, &scene.rp, refresh_token).await.status, 200);
    assert_eq!(scene.userinfo(access_token).await.error(401), "invalid_token");
    assert_eq!(scene.refresh(refresh_token, &[]).await.error(400), "invalid_grant");
    // Again is as good as once.
    assert_eq!(revoke(&scene, &scene.rp, refresh_token).await.status, 200);
}

#[tokio::test]
async fn a_rotated_refresh_token_still_ends_its_family() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[SCOPE]).await;
    let old = text(&tokens, "refresh_token").to_owned();
    let tokens = scene.refresh(&old, &[]).await.good();
    revoke(&scene, &scene.rp, &old).await;
    assert_eq!(scene.refresh(text(&tokens, "refresh_token"), &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn rfc_7009_s2_1_another_clients_token_is_left_alone() {
    let mut scene = Scene::new().await;
    let other = scene.app.client("other", |_| {}).await;
    let tokens = scene.tokens(&[SCOPE]).await;
    for name in ["access_token", "refresh_token"] {
        assert_eq!(revoke(&scene, &other, text(&tokens, name)).await.status, 200);
    }
    scene.userinfo(text(&tokens, "access_token")).await.good();
    scene.refresh(text(&tokens, "refresh_token"), &[]).await.good();
}

#[tokio::test]
async fn rfc_7009_s2_2_an_unknown_token_is_answered_like_a_revoked_one() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    for unknown in ["nonsense", "a.b.c", text(&tokens, "id_token")] {
        let answer = revoke(&scene, &scene.rp, unknown).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
    }
}

#[tokio::test]
async fn the_client_must_prove_who_it_is_and_name_a_token() {
    let scene = Scene::new().await;
    let door = &scene.app.door;
    assert_eq!(door.post(PATH, &[("token", "x")]).await.error(401), "invalid_client");
    let named = [("token", "x"), ("client_id", "rp")];
    assert_eq!(door.post(PATH, &named).await.error(401), "invalid_client");
    assert_eq!(door.post_as(&scene.rp, PATH, &[]).await.error(400), "invalid_request");
    let answer = door.post_as(&scene.rp, &format!("{PATH}?token=x"), &[]).await;
    assert_eq!(answer.error(400), "invalid_request");
    assert_eq!(door.get(PATH).await.status, 405);
}

#[tokio::test]
async fn a_public_client_revokes_its_own_by_its_name() {
    let mut scene = Scene::new().await;
    let spa = scene.app.public_client("spa", |_| {}).await;
    let challenge = [("code_challenge", super::CHALLENGE), ("code_challenge_method", "S256")];
    let stop = scene.browser.open(&request("spa", &challenge)).await;
    let stop = super::go_on(&mut scene.browser, "somchai", stop).await;
    let verifier = [("code_verifier", super::VERIFIER)];
    let tokens = scene.exchange_as(&spa, &stop.parameter("code"), &verifier).await.good();
    let access_token = text(&tokens, "access_token");
    assert_eq!(revoke(&scene, &spa, access_token).await.status, 200);
    assert_eq!(scene.userinfo(access_token).await.error(401), "invalid_token");
}
