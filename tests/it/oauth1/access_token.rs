//! The access token (RFC 5849 §2.3).

use axum::http::Method;
use time::Duration;

use super::{
    ACCESS_TOKEN, Credentials, Scene, consumer, credentials,
    signing::{problem, told},
};

#[tokio::test]
async fn rfc_5849_s2_3_an_allowed_token_and_its_verifier_give_an_access_token() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    let mut call = scene.exchange_call(&token, &verifier);
    call.method = Method::GET;
    let answer = call.send(&scene.app.door).await;
    let access = credentials(&answer);
    assert_ne!(access, token);
    assert_eq!(told(&answer, "oauth_callback_confirmed"), "", "that is for the first step");
    assert_eq!(scene.user_info(&access).await.status, 200);
}

#[tokio::test]
async fn rfc_5849_s2_3_a_token_that_nobody_allowed_is_refused() {
    let scene = Scene::new().await;
    let token = scene.request_token("profile").await;
    assert_eq!(problem(&scene.exchange(&token, "verifier").await, 401), "permission_unknown");
    assert_eq!(problem(&scene.exchange(&token, "").await, 401), "permission_unknown");
}

#[tokio::test]
async fn rfc_5849_s2_3_without_a_verifier_an_allowed_token_is_refused() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    let answer = scene.exchange(&token, "").await;
    assert_eq!(problem(&answer, 400), "parameter_absent");
    assert_eq!(told(&answer, "oauth_parameters_absent"), "oauth_verifier");
    credentials(&scene.exchange(&token, &verifier).await);
}

#[tokio::test]
async fn rfc_5849_s2_3_five_wrong_verifiers_end_the_token() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    for _ in 0..4 {
        assert_eq!(problem(&scene.exchange(&token, "wrong").await, 401), "token_rejected");
    }
    credentials(&scene.exchange(&token, &verifier).await);
    let (token, verifier) = scene.allowed("profile").await;
    for _ in 0..5 {
        assert_eq!(problem(&scene.exchange(&token, "wrong").await, 401), "token_rejected");
    }
    assert_eq!(problem(&scene.exchange(&token, &verifier).await, 401), "token_rejected");
}

#[tokio::test]
async fn rfc_5849_s4_10_guesses_in_parallel_are_all_counted() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    let guesses: Vec<_> = (0..12).map(|n| scene.exchange_call(&token, &format!("guess {n}"))).collect();
    let door = &scene.app.door;
    futures_util::future::join_all(guesses.iter().map(|call| call.send(door))).await;
    let attempts: i32 =
        sqlx::query_scalar("SELECT attempts FROM oauth1_request_tokens WHERE grant_id IS NOT NULL")
            .fetch_one(scene.app.pool())
            .await
            .unwrap();
    assert_eq!(attempts, 5);
    assert_eq!(problem(&scene.exchange(&token, &verifier).await, 401), "token_rejected");
}

#[tokio::test]
async fn rfc_5849_s2_3_a_token_expires_with_its_verifier() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    scene.app.clock.advance(Duration::minutes(5));
    assert_eq!(problem(&scene.exchange(&token, &verifier).await, 401), "token_expired");
}

#[tokio::test]
async fn rfc_5849_s2_3_a_token_is_exchanged_once_and_its_reuse_revokes_what_it_gave() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    let access = credentials(&scene.exchange(&token, &verifier).await);
    assert_eq!(scene.user_info(&access).await.status, 200);
    assert_eq!(problem(&scene.exchange(&token, &verifier).await, 401), "token_used");
    let answer = scene.user_info(&access).await;
    assert!(answer.status == 401 && answer.body.contains("token_revoked"), "{answer:?}");
}

#[tokio::test]
async fn a_mere_repetition_of_the_exchange_revokes_nothing() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    let call = scene.exchange_call(&token, &verifier);
    let access = credentials(&call.send(&scene.app.door).await);
    assert_eq!(problem(&call.send(&scene.app.door).await, 401), "nonce_used");
    assert_eq!(scene.user_info(&access).await.status, 200);
}

#[tokio::test]
async fn rfc_5849_s2_3_another_clients_token_is_none_and_stays_good() {
    let mut scene = Scene::new().await;
    let other = consumer(&scene.app, "other", |_| {}).await;
    let (token, verifier) = scene.allowed("profile").await;
    let mut call = scene.call_as(&other, Method::POST, ACCESS_TOKEN, Some(&token));
    call.set("oauth_verifier", &verifier);
    assert_eq!(problem(&call.send(&scene.app.door).await, 401), "token_rejected");
    let access = credentials(&scene.exchange(&token, &verifier).await);
    let call = scene.call_as(&other, Method::GET, super::USER_INFO, Some(&access));
    assert!(call.send(&scene.app.door).await.body.contains("token_rejected"));
    // Once used, too: nobody else can revoke what it gave.
    let mut call = scene.call_as(&other, Method::POST, ACCESS_TOKEN, Some(&token));
    call.set("oauth_verifier", &verifier);
    assert_eq!(problem(&call.send(&scene.app.door).await, 401), "token_rejected");
    assert_eq!(scene.user_info(&access).await.status, 200);
}

#[tokio::test]
async fn unknown_tokens_and_wrong_token_secrets_are_refused() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    let made_up = Credentials { token: "made-up".into(), secret: "made-up".into() };
    assert_eq!(problem(&scene.exchange(&made_up, &verifier).await, 401), "token_rejected");
    let without_secret = Credentials { secret: String::new(), ..token.clone() };
    assert_eq!(problem(&scene.exchange(&without_secret, &verifier).await, 401), "signature_invalid");
    let mut call = scene.exchange_call(&token, &verifier);
    call.set("oauth_token", "");
    let answer = call.send(&scene.app.door).await;
    assert_eq!(problem(&answer, 400), "parameter_absent");
    assert_eq!(told(&answer, "oauth_parameters_absent"), "oauth_token");
    // A verifier of one token does not open another.
    let (second, _) = scene.allowed("profile").await;
    assert_eq!(problem(&scene.exchange(&second, &verifier).await, 401), "token_rejected");
}

#[tokio::test]
async fn what_the_person_withdrew_meanwhile_is_not_exchanged() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    scene.browser.open("/account/applications").await;
    scene.browser.submit("withdraw-rp", &[]).await;
    assert_eq!(problem(&scene.exchange(&token, &verifier).await, 401), "token_revoked");
}

#[tokio::test]
async fn an_access_token_is_no_request_token_and_the_other_way_round() {
    let mut scene = Scene::new().await;
    let (token, verifier) = scene.allowed("profile").await;
    assert!(scene.user_info(&token).await.body.contains("token_rejected"));
    assert!(scene.user_info_by_bearer(&token.token).await.body.contains("token_rejected"));
    let access = credentials(&scene.exchange(&token, &verifier).await);
    assert_eq!(problem(&scene.exchange(&access, &verifier).await, 401), "token_rejected");
}

#[tokio::test]
async fn expired_rows_are_purged() {
    let mut scene = Scene::new().await;
    scene.access_token("profile").await;
    scene.app.clock.advance(Duration::days(2));
    let now = scene.app.clock.now();
    while tamga::store::purge::purge_expired(scene.app.pool(), now).await.unwrap() > 0 {}
    for table in ["oauth1_request_tokens", "oauth1_access_tokens", "oauth1_nonces"] {
        let sql = format!("SELECT count(*) FROM {table}");
        let left: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(scene.app.pool()).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
}
