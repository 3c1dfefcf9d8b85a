//! Guessing user codes (RFC 8628 §5.1).

use std::net::{IpAddr, Ipv4Addr};

use axum::http::StatusCode;
use time::Duration;

use super::{Stage, text};

/// Tries a code that no device shows, from where the browser is.
async fn guess(stage: &mut Stage) -> StatusCode {
    stage.enter("BBBB-BBBB").await.answer.status
}

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const BLOCKED: StatusCode = StatusCode::TOO_MANY_REQUESTS;

#[tokio::test]
async fn rfc_8628_s5_1_who_guesses_waits_longer_and_longer_at_every_instance() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    for _ in 0..5 {
        assert_eq!(guess(&mut stage).await, WRONG);
    }
    // Not even the right code is looked at, here or at another instance.
    let stop = stage.enter(text(&codes, "user_code")).await;
    assert_eq!((stop.answer.status, stop.answer.header("retry-after")), (BLOCKED, "1"));
    assert_eq!(stop.fields("device-form")["user_code"], text(&codes, "user_code"), "nothing typed is lost");
    let beside = stage.app.another().await;
    let mut elsewhere = beside.browser();
    elsewhere.open("/device").await;
    let stop = elsewhere.submit("device-form", &[("user_code", "BBBB-BBBB")]).await;
    assert_eq!(stop.answer.status, BLOCKED);
    for wait in [1, 2, 4] {
        stage.app.clock.advance(Duration::seconds(wait));
        assert_eq!(guess(&mut stage).await, WRONG);
        assert_eq!(guess(&mut stage).await, BLOCKED);
    }
    stage.app.clock.advance(Duration::seconds(8));
    assert!(stage.enter(text(&codes, "user_code")).await.has("login-form"));
}

#[tokio::test]
async fn rfc_8628_s5_1_of_guesses_at_once_no_more_are_looked_at() {
    let stage = Stage::new().await;
    let beside = stage.app.another().await;
    let mut guesses = tokio::task::JoinSet::new();
    for n in 0..24 {
        let mut browser = if n % 2 == 0 { stage.app.browser() } else { beside.browser() };
        guesses.spawn(async move {
            browser.open("/device").await;
            browser.submit("device-form", &[("user_code", "BBBB-BBBB")]).await.answer.status
        });
    }
    let all = guesses.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == WRONG).count(), 5, "{all:?}");
    assert_eq!(all.iter().filter(|status| **status == BLOCKED).count(), 19, "{all:?}");
}

#[tokio::test]
async fn a_session_is_counted_wherever_it_comes_from() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    stage.allow(&codes).await;
    for n in 0..5 {
        stage.browser.door.peer = IpAddr::V4(Ipv4Addr::new(203, 0, 113, n));
        assert_eq!(guess(&mut stage).await, WRONG);
    }
    stage.browser.door.peer = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 99));
    assert_eq!(guess(&mut stage).await, BLOCKED);
    // Somebody else is not kept waiting.
    stage.browser = stage.app.browser();
    assert_eq!(guess(&mut stage).await, WRONG);
}

#[tokio::test]
async fn right_codes_are_not_counted_and_clear_nothing() {
    let mut stage = Stage::new().await;
    for _ in 0..12 {
        let codes = stage.codes().await;
        assert!(stage.enter(text(&codes, "user_code")).await.has("login-form"));
    }
    // Who has a device of their own can't guess more for that.
    for _ in 0..4 {
        assert_eq!(guess(&mut stage).await, WRONG);
    }
    let codes = stage.codes().await;
    assert!(stage.enter(text(&codes, "user_code")).await.has("login-form"));
    assert_eq!(guess(&mut stage).await, WRONG);
    assert_eq!(guess(&mut stage).await, BLOCKED);
}

#[tokio::test]
async fn who_guessed_codes_can_still_sign_in() {
    let mut stage = Stage::new().await;
    for _ in 0..6 {
        guess(&mut stage).await;
    }
    stage.app.clock.advance(Duration::seconds(1));
    let codes = stage.codes().await;
    stage.allow(&codes).await;
}
