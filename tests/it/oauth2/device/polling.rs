//! The device asks whether it may go on (RFC 8628 §3.4, §3.5).

use tamga::model::client::Flow;
use time::Duration;

use super::{GRANT_TYPE, Stage, text};

#[tokio::test]
async fn rfc_8628_s3_5_who_asks_too_soon_must_wait_five_seconds_longer_from_then_on() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    let pending = "authorization_pending";
    assert_eq!(stage.poll(&codes).await.error(400), pending);
    // The interval, twice: 5 s, then 10 s after a hurry, then 15 s after two.
    for (wait, answer) in
        [(5, pending), (4, "slow_down"), (9, "slow_down"), (15, pending), (14, "slow_down"), (20, pending)]
    {
        stage.app.clock.advance(Duration::seconds(wait));
        // Whichever instance is asked.
        let beside = stage.app.another().await;
        let fields = [("grant_type", GRANT_TYPE), ("device_code", text(&codes, "device_code"))];
        let said = beside.door.post_as(&stage.tv, "/oauth2/token", &fields).await;
        assert_eq!(said.error(400), answer, "after {wait} s");
    }
    // A device that hurried gets its tokens like any other.
    stage.allow(&codes).await;
    stage.poll(&codes).await.good();
}

#[tokio::test]
async fn rfc_8628_s3_5_a_code_that_is_too_old_is_expired_token() {
    let mut stage = Stage::new().await;
    let (never, late) = (stage.codes().await, stage.codes().await);
    stage.allow(&late).await;
    stage.app.clock.advance(Duration::seconds(599));
    assert_eq!(stage.poll(&never).await.error(400), "authorization_pending");
    stage.app.clock.advance(Duration::seconds(1));
    assert_eq!(stage.poll(&never).await.error(400), "expired_token");
    assert_eq!(stage.poll(&late).await.error(400), "expired_token");
    // Kept a day longer, so that the device is told; then it is gone.
    stage.app.clock.advance(Duration::hours(25));
    tamga::store::purge::purge_expired(stage.app.pool(), stage.app.clock.now()).await.unwrap();
    assert_eq!(stage.poll(&never).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn unknown_missing_and_foreign_codes_are_refused() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    let other = stage.app.public_client("other", |client| client.flows = vec![Flow::DeviceCode]).await;
    stage.allow(&codes).await;
    let fields = [("grant_type", GRANT_TYPE), ("device_code", text(&codes, "device_code"))];
    let foreign = stage.app.door.post_as(&other, "/oauth2/token", &fields).await;
    assert_eq!(foreign.error(400), "invalid_grant");
    for (code, error) in [("no-such-code", "invalid_grant"), ("", "invalid_request")] {
        let fields = [("grant_type", GRANT_TYPE), ("device_code", code)];
        let refused = stage.app.door.post_as(&stage.tv, "/oauth2/token", &fields).await;
        assert_eq!(refused.error(400), error);
    }
    // Nor is the user code one.
    let fields = [("grant_type", GRANT_TYPE), ("device_code", text(&codes, "user_code"))];
    let refused = stage.app.door.post_as(&stage.tv, "/oauth2/token", &fields).await;
    assert_eq!(refused.error(400), "invalid_grant");
    // None of this used it up.
    stage.poll(&codes).await.good();
}

#[tokio::test]
async fn a_second_use_revokes_all_that_the_first_gave() {
    let mut stage = Stage::new().await;
    let codes = stage.ask(&[("scope", "openid offline_access")]).await.good();
    stage.allow(&codes).await;
    let tokens = stage.poll(&codes).await.good();
    assert_eq!(stage.poll(&codes).await.error(400), "invalid_grant");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", text(&tokens, "refresh_token"))];
    let refused = stage.app.door.post_as(&stage.tv, "/oauth2/token", &fields).await;
    assert_eq!(refused.error(400), "invalid_grant");
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let userinfo = stage.app.door.post_with("/oauth2/userinfo", &[("authorization", &bearer)], &[]).await;
    assert_eq!(userinfo.error(401), "invalid_token");
}

#[tokio::test]
async fn of_two_uses_at_once_exactly_one_wins() {
    let mut stage = Stage::new().await;
    let beside = stage.app.another().await;
    for _ in 0..5 {
        let codes = stage.codes().await;
        stage.allow(&codes).await;
        let fields = [("grant_type", GRANT_TYPE), ("device_code", text(&codes, "device_code"))];
        let (one, two) = tokio::join!(
            stage.app.door.post_as(&stage.tv, "/oauth2/token", &fields),
            beside.door.post_as(&stage.tv, "/oauth2/token", &fields),
        );
        let won = [&one, &two].into_iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1, "{one:?} {two:?}");
    }
}

#[tokio::test]
async fn of_two_questions_at_once_one_came_too_soon() {
    let stage = Stage::new().await;
    let beside = stage.app.another().await;
    let codes = stage.codes().await;
    let fields = [("grant_type", GRANT_TYPE), ("device_code", text(&codes, "device_code"))];
    let (one, two) = tokio::join!(
        stage.app.door.post_as(&stage.tv, "/oauth2/token", &fields),
        beside.door.post_as(&stage.tv, "/oauth2/token", &fields),
    );
    let mut said = [one.error(400), two.error(400)];
    said.sort();
    assert_eq!(said, ["authorization_pending", "slow_down"]);
}

#[tokio::test]
async fn of_two_people_at_once_exactly_one_allows_it() {
    let mut stage = Stage::new().await;
    stage.app.user("somsri").await;
    for _ in 0..3 {
        let codes = stage.codes().await;
        stage.consent(&codes).await;
        let mut other = stage.app.browser();
        other.open("/device").await;
        let stop = other.submit("device-form", &[("user_code", text(&codes, "user_code"))]).await;
        assert!(stop.has("login-form"));
        other.submit("login-form", &[("username", "somsri"), ("password", super::PASSWORD)]).await;
        let (one, two) = tokio::join!(
            stage.browser.press("consent-form", "consent-allow"),
            other.press("consent-form", "consent-allow"),
        );
        let done = [&one, &two].into_iter().filter(|stop| stop.has("device-done")).count();
        assert_eq!(done, 1, "{} {}", one.answer.body, two.answer.body);
        let grants: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM device_codes WHERE grant_id IS NOT NULL AND redeemed_at IS NULL",
        )
        .fetch_one(stage.app.pool())
        .await
        .unwrap();
        assert_eq!(grants, 1);
        stage.poll(&codes).await.good();
    }
    let grants: i64 =
        sqlx::query_scalar("SELECT count(*) FROM grants").fetch_one(stage.app.pool()).await.unwrap();
    assert_eq!(grants, 3, "who came second left nothing behind");
}

#[tokio::test]
async fn what_ended_since_gives_nothing() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    stage.allow(&codes).await;
    stage.app.disable_user(stage.user).await;
    assert_eq!(stage.poll(&codes).await.error(400), "invalid_grant");
}
