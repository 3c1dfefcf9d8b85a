//! Text messages, through an HTTP gateway.

use std::time::Duration as Pause;

use axum::http::Method;
use serde_json::{Value, json};
use time::Duration;

use super::{deliver, put, state};
use crate::support::{app::TestApp, gateway::Gateway};

const PHONE: &str = "+66812345678";
const TEXT: &str = "รหัส 123456, \"код\" & < +";
const JSON: &str =
    r#"{"to": {{ to | json }}, "from": {{ from | json }}, "text": {{ text | json }}, "id": {{ id | json }}}"#;

async fn app(gateway: &Gateway, more: &[(&str, &str)]) -> TestApp {
    let url = format!("{}/v1/messages?key={{{{ secret | urlencode }}}}", gateway.address());
    let usual = [
        ("sms.url", url.as_str()),
        ("sms.body", JSON),
        ("sms.from", "TAMGA"),
        ("sms.secret", "hunter2 &"),
        ("sms.headers.content-type", "application/json"),
        ("sms.headers.authorization", "Bearer swordfish"),
    ];
    TestApp::with(&[&usual, more].concat()).await
}

#[tokio::test]
async fn a_message_is_delivered_once_as_the_template_says() {
    let gateway = Gateway::start().await;
    let app = app(&gateway, &[]).await;
    let id = put(&app, "sms", PHONE, TEXT).await;
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(deliver(&app).await, 0);
    let asked = gateway.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].method, Method::POST);
    assert_eq!(asked[0].uri, "/v1/messages?key=hunter2%20%26");
    assert_eq!(asked[0].headers["authorization"], "Bearer swordfish");
    assert_eq!(asked[0].headers["content-type"], "application/json");
    let body: Value = serde_json::from_str(&asked[0].body).unwrap();
    assert_eq!(body, json!({"to": PHONE, "from": "TAMGA", "text": TEXT, "id": id.to_string()}));
    let state = state(&app, id).await;
    assert_eq!((state.delivered_at, state.leased_until), (Some(app.clock.now()), None));
    assert_eq!(state.body, "", "a code must not lie around");
}

#[tokio::test]
async fn a_gateway_may_be_asked_by_get_alone() {
    let gateway = Gateway::start().await;
    let url =
        format!("{}/send?to={{{{ to | urlencode }}}}&text={{{{ text | urlencode }}}}", gateway.address());
    let app = TestApp::with(&[("sms.url", url.as_str()), ("sms.method", "GET")]).await;
    put(&app, "sms", PHONE, TEXT).await;
    deliver(&app).await;
    let asked = &gateway.asked()[0];
    assert_eq!(asked.method, Method::GET);
    let pairs: Vec<_> = form_urlencoded::parse(asked.uri.query().unwrap().as_bytes()).into_owned().collect();
    assert_eq!(pairs, [("to".to_owned(), PHONE.to_owned()), ("text".to_owned(), TEXT.to_owned())]);
}

#[tokio::test]
async fn what_fails_for_now_is_tried_again_with_growing_waits() {
    let gateway = Gateway::start().await;
    let app = app(&gateway, &[]).await;
    let id = put(&app, "sms", PHONE, TEXT).await;
    // 302: following it would carry the code and the secret elsewhere.
    gateway.answer(&[(500, ""), (429, ""), (302, ""), (401, "")]);
    let mut last = Duration::ZERO;
    for attempt in 1..=4 {
        assert_eq!(deliver(&app).await, 1);
        let state = state(&app, id).await;
        assert_eq!((state.attempts, state.delivered_at, state.failed_at), (attempt, None, None));
        assert_eq!(state.body, TEXT);
        let wait = state.next_attempt_at - app.clock.now();
        assert!(wait > last, "{wait}");
        last = wait;
        assert_eq!(deliver(&app).await, 0, "not before its time");
        app.clock.advance(wait);
    }
    assert_eq!(deliver(&app).await, 1);
    assert!(state(&app, id).await.delivered_at.is_some());
    assert_eq!(gateway.asked().len(), 5);
    assert!(gateway.asked().iter().all(|asked| asked.uri.path() == "/v1/messages"));
}

#[tokio::test]
async fn what_the_gateway_refuses_for_good_is_given_up() {
    let gateway = Gateway::start().await;
    let app = app(&gateway, &[]).await;
    for status in [400, 422] {
        gateway.answer(&[(status, "no such number")]);
        let id = put(&app, "sms", PHONE, TEXT).await;
        deliver(&app).await;
        let state = state(&app, id).await;
        assert_eq!((state.failed_at, state.delivered_at), (Some(app.clock.now()), None));
        assert_eq!(state.body, "");
    }
}

#[tokio::test]
async fn an_answer_without_the_words_of_the_rule_is_no_success() {
    let gateway = Gateway::start().await;
    let rule = [
        ("sms.success.statuses", "200"),
        ("sms.success.json_pointer", "/status"),
        ("sms.success.json_value", "0"),
    ];
    let app = app(&gateway, &rule).await;
    let long = format!("{{\"pad\":\"{}\",\"status\":0}}", "x".repeat(300 * 1024));
    gateway.answer(&[
        (200, r#"{"status":7}"#),
        (201, r#"{"status":0}"#),
        (200, &long),
        (200, r#"{"status":0}"#),
    ]);
    let id = put(&app, "sms", PHONE, TEXT).await;
    for _ in 0..3 {
        deliver(&app).await;
        assert_eq!(state(&app, id).await.delivered_at, None);
        app.clock.advance(Duration::seconds(20));
    }
    deliver(&app).await;
    assert!(state(&app, id).await.delivered_at.is_some());
}

#[tokio::test]
async fn a_gateway_that_hangs_or_is_gone_is_tried_again() {
    let gateway = Gateway::start().await;
    let app = app(&gateway, &[("sms.timeout", "1s")]).await;
    gateway.pause(Pause::from_secs(5));
    let id = put(&app, "sms", PHONE, TEXT).await;
    deliver(&app).await;
    drop(gateway);
    app.clock.advance(Duration::seconds(10));
    deliver(&app).await;
    let state = state(&app, id).await;
    assert_eq!((state.attempts, state.failed_at, state.body.as_str()), (2, None, TEXT));
    let log = app.log();
    assert!(log.contains("does not answer in time") && log.contains("can't be reached"), "the log says why");
}

#[tokio::test]
async fn the_log_names_the_message_and_nothing_of_it() {
    let gateway = Gateway::start().await;
    let app = app(&gateway, &[]).await;
    gateway.answer(&[(200, "OK"), (400, "no +66812345678"), (500, "no +66812345678")]);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(put(&app, "sms", PHONE, TEXT).await);
        deliver(&app).await;
    }
    drop(gateway);
    ids.push(put(&app, "sms", PHONE, TEXT).await);
    deliver(&app).await;
    let log = app.log();
    let ours: Vec<&str> = log.lines().filter(|line| line.contains("tamga::outbound")).collect();
    for id in ids {
        assert!(ours.iter().any(|line| line.contains(&id.to_string())), "{id}");
    }
    for secret in ["66812345678", "123456,", "hunter2", "swordfish", "key="] {
        assert!(!ours.iter().any(|line| line.contains(secret)), "{secret}");
    }
}
