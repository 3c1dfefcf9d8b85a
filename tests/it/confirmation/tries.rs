//! How often a code may be tried.

use serde_json::json;
use tamga::{crypto::totp::Seed, model::credential::CredentialKind, store::purge};
use time::Duration;

use super::{PHONE, Scene, failure, other_than, reference, refusal, totp};
use crate::support::app::START;

const SEED: &[u8] = b"12345678901234567890";

/// Five wrong answers: four times the challenge again, then no more.
async fn exhaust(scene: &Scene, pending: &serde_json::Value, wrong: &str) {
    for left in [4, 3, 2, 1] {
        let again = scene.answer(pending, wrong).await.good();
        assert_eq!((&again["IsFinal"], &again["IsError"]), (&json!(false), &json!(false)), "{again}");
        assert_eq!(again["Challenge"], pending["Challenge"]);
        assert_eq!(again["Error"], "code_wrong");
        assert!(again["ErrorDescription"].as_str().unwrap().contains(&left.to_string()));
    }
    assert_eq!(failure(&scene.answer(pending, wrong).await), "code_exhausted");
}

#[tokio::test]
async fn a_wrong_code_gives_the_challenge_again_until_the_fifth() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let code = scene.app.sent_code(PHONE).await;
    exhaust(&scene, &pending, &other_than(&code)).await;
    // The right one comes too late, and a look says the same.
    scene.app.clock.advance(Duration::seconds(5));
    assert_eq!(failure(&scene.answer(&pending, &code).await), "code_exhausted");
    assert_eq!(failure(&scene.poll(&pending).await), "code_exhausted");
    assert_eq!(scene.count("grants").await, 0);
}

#[tokio::test]
async fn a_code_of_the_application_may_be_tried_as_often() {
    let scene = Scene::with(&[]).await;
    scene.app.enrol_totp(scene.user, &Seed::from_bytes(SEED)).await;
    let pending = scene.log_in().await.good();
    let code = totp(SEED, START.unix_timestamp());
    exhaust(&scene, &pending, &other_than(&code)).await;
    scene.app.clock.advance(Duration::seconds(5));
    assert_eq!(failure(&scene.answer(&pending, &code).await), "code_exhausted");
}

#[tokio::test]
async fn what_can_not_be_a_code_costs_no_try() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    for text in ["abc", "12345", "1234567"] {
        assert_eq!(scene.answer(&pending, text).await.good()["Error"], "code_wrong");
    }
    let code = scene.app.sent_code(PHONE).await;
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(scene.answer(&pending, &spaced).await.good()["IsFinal"], true);
}

#[tokio::test]
async fn guesses_are_counted_over_challenges_and_instances() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let wrong = other_than(&scene.app.sent_code(PHONE).await);
    exhaust(&scene, &pending, &wrong).await;
    // A new challenge may be had; its first wrong answer meets the count of the last five.
    scene.app.clock.advance(Duration::seconds(120));
    let next = scene.log_in().await.good();
    assert_ne!(reference(&next), reference(&pending));
    let wrong = other_than(&scene.app.sent_code(PHONE).await);
    assert_eq!(scene.answer(&next, &wrong).await.good()["Error"], "code_wrong");
    let other = scene.app.another_with(&[("profiles.dss", "true")]).await;
    let elsewhere = Scene { app: other, client: scene.client.clone(), user: scene.user };
    let answer = elsewhere.answer(&next, &wrong).await;
    assert_eq!(refusal(&answer, 429), "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), "2");
    // Looking costs nothing.
    assert_eq!(elsewhere.poll(&next).await.good()["IsFinal"], false);
    scene.app.clock.advance(Duration::seconds(2));
    let code = scene.app.sent_code(PHONE).await;
    assert_eq!(scene.answer(&next, &code).await.good()["IsFinal"], true);
}

#[tokio::test]
async fn guesses_sent_at_once_do_not_outrun_the_count() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let wrong = other_than(&scene.app.sent_code(PHONE).await);
    let answers = (0..12).map(|_| scene.answer(&pending, &wrong));
    let answers = futures_util::future::join_all(answers).await;
    let tried = answers.iter().filter(|answer| answer.body.contains("code_wrong")).count();
    assert!(tried <= 4, "{tried}");
    let attempts: i32 =
        sqlx::query_scalar("SELECT attempts FROM confirmations").fetch_one(scene.app.pool()).await.unwrap();
    assert!(attempts <= 5, "{attempts}");
}

#[tokio::test]
async fn a_code_for_a_phone_that_is_no_longer_the_persons_proves_nothing() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let code = scene.app.sent_code(PHONE).await;
    sqlx::query("UPDATE user_attributes SET value = '+66899990002' WHERE name = 'mobile_phone'")
        .execute(scene.app.pool())
        .await
        .unwrap();
    assert_eq!(failure(&scene.answer(&pending, &code).await), "cancelled");
}

#[tokio::test]
async fn old_ones_are_taken_away() {
    let scene = Scene::with(&[CredentialKind::Sms]).await;
    scene.log_in().await.good();
    purge::purge_expired(scene.app.pool(), START + Duration::hours(23)).await.unwrap();
    assert_eq!(scene.count("confirmations").await, 1);
    purge::purge_expired(scene.app.pool(), START + Duration::hours(25)).await.unwrap();
    assert_eq!((scene.count("confirmations").await, scene.count("one_time_codes").await), (0, 0));
}
