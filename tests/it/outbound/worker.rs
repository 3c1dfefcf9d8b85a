//! Leases, ends and what is left of a message.

use std::time::Duration as Pause;

use tamga::store::{outbox, purge};
use time::Duration;

use super::{deliver, message, put, state};
use crate::support::{app::TestApp, gateway::Gateway};

const PHONE: &str = "+66812345678";

fn settings(gateway: &Gateway) -> [(&'static str, String); 2] {
    [("sms.url", gateway.address().to_owned()), ("sms.body", "{{ text | json }}".to_owned())]
}

async fn app(gateway: &Gateway) -> TestApp {
    let settings = settings(gateway);
    let overrides: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    TestApp::with(&overrides).await
}

#[tokio::test]
async fn instances_that_work_at_once_send_each_message_once() {
    let gateway = Gateway::start().await;
    gateway.pause(Pause::from_millis(50));
    let one = app(&gateway).await;
    for number in 0..40 {
        put(&one, "sms", PHONE, &number.to_string()).await;
    }
    let rounds = || async {
        let mut sent = 0;
        for _ in 0..3 {
            sent += deliver(&one).await;
        }
        sent
    };
    let (a, b, c) = tokio::join!(rounds(), rounds(), rounds());
    assert_eq!(a + b + c, 40);
    let mut texts: Vec<String> = gateway.asked().into_iter().map(|asked| asked.body).collect();
    texts.sort();
    texts.dedup();
    assert_eq!((texts.len(), gateway.asked().len()), (40, 40));
}

#[tokio::test]
async fn a_lease_is_respected_while_it_lives_and_taken_over_when_it_ended() {
    let gateway = Gateway::start().await;
    let app = app(&gateway).await;
    let id = put(&app, "sms", PHONE, "a").await;
    let now = app.clock.now();
    // An instance that was killed between sending and writing down.
    let killed = outbox::lease(app.pool(), 10, now, now + Duration::seconds(60)).await.unwrap();
    assert_eq!(killed.len(), 1);
    app.clock.advance(Duration::seconds(59));
    assert_eq!(deliver(&app).await, 0);
    app.clock.advance(Duration::seconds(1));
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(gateway.asked().len(), 1);
    // Should it still be alive after all, what it writes down changes nothing.
    let failed = outbox::Outcome::Failed(app.clock.now());
    outbox::settle(app.pool(), &killed[0], failed, false).await.unwrap();
    assert_eq!(state(&app, id).await.failed_at, None);
}

#[tokio::test]
async fn a_code_is_not_sent_after_its_life() {
    let gateway = Gateway::start().await;
    let app = app(&gateway).await;
    let code = message(&app, "sms", PHONE, "123456");
    outbox::insert_until(app.pool(), &code, app.clock.now() + Duration::seconds(330)).await.unwrap();
    let notice = put(&app, "sms", PHONE, "notice").await;
    app.clock.advance(Duration::seconds(330));
    deliver(&app).await;
    let bodies: Vec<String> = gateway.asked().into_iter().map(|asked| asked.body).collect();
    assert_eq!(bodies, ["\"notice\""]);
    let state = super::state(&app, code.id).await;
    assert_eq!((state.failed_at, state.body.as_str()), (Some(app.clock.now()), ""));
    assert!(super::state(&app, notice).await.delivered_at.is_some());
}

#[tokio::test]
async fn a_message_without_an_end_is_given_up_after_a_day() {
    let gateway = Gateway::start().await;
    let app = app(&gateway).await;
    let id = put(&app, "sms", PHONE, "a").await;
    gateway.answer(&[(500, ""); 200]);
    for _ in 0..200 {
        deliver(&app).await;
        let state = state(&app, id).await;
        if state.failed_at.is_some() {
            break;
        }
        app.clock.advance(state.next_attempt_at - app.clock.now());
    }
    let state = state(&app, id).await;
    assert!(state.failed_at.is_some() && state.attempts <= 61, "{state:?}");
}

#[tokio::test]
async fn without_a_gateway_messages_wait_for_one() {
    let app = TestApp::new().await;
    let id = put(&app, "sms", PHONE, "a").await;
    deliver(&app).await;
    let state = state(&app, id).await;
    assert_eq!((state.failed_at, state.delivered_at, state.body.as_str()), (None, None, "a"));
}

#[tokio::test]
async fn what_stays_in_the_outbox_counts_as_delivered_and_keeps_its_text() {
    let app = TestApp::with(&[("sms.delivery", "outbox"), ("mail.delivery", "outbox")]).await;
    for channel in ["sms", "mail"] {
        let id = put(&app, channel, "a@b.example", "123456").await;
        deliver(&app).await;
        let state = state(&app, id).await;
        assert!(state.delivered_at.is_some());
        assert_eq!(state.body, "123456");
    }
}

#[tokio::test]
async fn a_running_server_sends_within_a_second_and_stops_when_all_is_sent() {
    let gateway = Gateway::start().await;
    let app = app(&gateway).await;
    gateway.pause(Pause::from_millis(500));
    let background = app.run_background();
    let id = put(&app, "sms", PHONE, "a").await;
    while gateway.asked().is_empty() {
        tokio::time::sleep(Pause::from_millis(20)).await;
    }
    // The gateway has not answered yet.
    background.stop().await;
    assert!(state(&app, id).await.delivered_at.is_some());
}

#[tokio::test]
async fn messages_are_taken_away_after_a_week() {
    let app = TestApp::new().await;
    put(&app, "sms", PHONE, "a").await;
    app.clock.advance(Duration::days(7));
    purge::purge_expired(app.pool(), app.clock.now()).await.unwrap();
    assert_eq!(outbox::list(app.pool(), 10).await.unwrap().len(), 1);
    app.clock.advance(Duration::seconds(1));
    purge::purge_expired(app.pool(), app.clock.now()).await.unwrap();
    assert_eq!(outbox::list(app.pool(), 10).await.unwrap().len(), 0);
}
