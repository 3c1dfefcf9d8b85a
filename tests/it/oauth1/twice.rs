//! What is used once, used by two at once: on one instance and on two.

use super::{
    Credentials, Scene,
    signing::{Call, told},
};

/// Sends both at once, one to each of two instances; how each ended.
async fn both(scene: &Scene, one: &Call, two: &Call) -> [String; 2] {
    let other = scene.app.another_with(&[("profiles.egov_th", "true")]).await;
    let (one, two) = tokio::join!(one.send(&scene.app.door), two.send(&other.door));
    [one, two].map(|answer| match answer.status.as_u16() {
        200 => "good".to_owned(),
        _ => told(&answer, "oauth_problem"),
    })
}

#[tokio::test]
async fn of_two_requests_with_one_nonce_one_wins() {
    let scene = Scene::new().await;
    for _ in 0..5 {
        let call = scene.request_token_call();
        let mut ended = both(&scene, &call, &call).await;
        ended.sort();
        assert_eq!(ended, ["good", "nonce_used"]);
    }
}

#[tokio::test]
async fn of_two_exchanges_of_one_token_one_wins_and_the_other_revokes() {
    let mut scene = Scene::new().await;
    for _ in 0..5 {
        let (token, verifier) = scene.allowed("profile").await;
        let (one, two) = (scene.exchange_call(&token, &verifier), scene.exchange_call(&token, &verifier));
        let mut ended = both(&scene, &one, &two).await;
        ended.sort();
        assert_eq!(ended, ["good", "token_used"]);
    }
    let alive: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM oauth1_access_tokens t JOIN grants g ON g.id = t.grant_id WHERE g.revoked_at IS NULL",
    )
    .fetch_one(scene.app.pool())
    .await
    .unwrap();
    assert_eq!(alive, 0);
}

#[tokio::test]
async fn of_two_readings_with_one_nonce_one_wins_and_is_in_the_journal() {
    let mut scene = Scene::new().await;
    let access = scene.access_token("profile").await;
    let call = scene.call(axum::http::Method::GET, super::USER_INFO, Some(&access));
    let door = &scene.app.door;
    let (one, two) = tokio::join!(call.send(door), call.send(door));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let lines: i64 = sqlx::query_scalar("SELECT count(*) FROM journal WHERE action = 'grant.read'")
        .fetch_one(scene.app.pool())
        .await
        .unwrap();
    assert_eq!(lines, 1);
}

#[tokio::test]
async fn of_two_people_who_allow_one_token_at_once_one_wins() {
    let mut scene = Scene::new().await;
    scene.app.user("bat").await;
    // Both have allowed the client before, so that nothing stands between the address and the answer.
    scene.allowed("profile").await;
    let mut other = scene.app.browser();
    let Credentials { token, .. } = scene.request_token("profile").await;
    let stop = other.open(&format!("{}?oauth_token={token}", super::AUTHORIZE)).await;
    crate::oauth2::go_on(&mut other, "bat", stop).await;

    for _ in 0..5 {
        let Credentials { token, .. } = scene.request_token("profile").await;
        let path = format!("{}?oauth_token={token}", super::AUTHORIZE);
        let (one, two) = tokio::join!(scene.browser.open(&path), other.open(&path));
        let verifiers = [one, two].iter().filter(|stop| stop.answer.status.is_redirection()).count();
        assert_eq!(verifiers, 1);
    }
}
