//! Signing in by phone and one-time code.

use axum::http::StatusCode;
use tamga::model::credential::CredentialKind;
use time::Duration;

use crate::{
    oauth2::Scene,
    support::{app::PASSWORD, browser::Stop},
};

const PHONE: &str = "+66899990001";

/// A scene with somebody who confirmed [`PHONE`].
async fn scene() -> Scene {
    let scene = Scene::new().await;
    let attributes = [("mobile_phone", PHONE, 1), ("email", "phoner@citizen.example", 1)];
    scene.app.user_with("phoner", PASSWORD, &attributes).await;
    scene
}

/// Asks for a code to this phone.
async fn phone(scene: &mut Scene, phone: &str) -> Stop {
    let stop = scene.ask(&[]).await;
    let link = stop.attribute("phone-login", "href").unwrap();
    let stop = scene.browser.open(&link).await;
    assert!(stop.has("phone-form"));
    scene.browser.submit("phone-form", &[("phone", phone)]).await
}

async fn code(scene: &mut Scene, code: &str) -> Stop {
    scene.browser.submit("code-form", &[("code", code)]).await
}

/// A code that is not this one.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn the_right_code_signs_in_whoever_confirmed_the_phone() {
    let mut scene = scene().await;
    let stop = phone(&mut scene, "+66 (89) 999-0001").await;
    assert!(stop.has("code-form") && stop.has("resend"), "{}", stop.answer.body);
    assert_eq!(stop.attribute("code", "autocomplete").as_deref(), Some("one-time-code"));
    let sent = scene.app.sent_code(PHONE).await;
    assert!(!stop.answer.body.contains(&sent) && !stop.answer.body.contains(PHONE), "masked");
    let stop = code(&mut scene, &sent).await;
    assert!(stop.has("consent-form"), "{}", stop.answer.body);
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let claims = crate::oauth2::claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["amr"], serde_json::json!(["otp", "sms"]));
}

#[tokio::test]
async fn a_phone_nobody_confirmed_gets_the_same_page_and_its_code_leads_to_a_new_account() {
    let mut scene = scene().await;
    let known = phone(&mut scene, PHONE).await;
    let unknown = phone(&mut scene, "+66899990002").await;
    let words = |stop: &Stop| {
        let fields = stop.fields("code-form");
        let body = stop.answer.body.replace(&fields["csrf"], "").replace(&fields["journey"], "");
        body.replace("+66•••••••01", "TO").replace("+66•••••••02", "TO")
    };
    assert_eq!(words(&known), words(&unknown), "who has an account is nobody's business");
    let sent = scene.app.sent_code("+66899990002").await;
    let stop = code(&mut scene, &sent).await;
    assert!(stop.url.path().starts_with("/register"), "{}", stop.url);
}

#[tokio::test]
async fn a_phone_that_was_only_typed_signs_nobody_in() {
    let mut scene = Scene::new().await;
    // `somchai` typed this phone and never confirmed it.
    phone(&mut scene, "+66812345678").await;
    let sent = scene.app.sent_code("+66812345678").await;
    let stop = code(&mut scene, &sent).await;
    assert!(stop.url.path().starts_with("/register"), "{}", stop.url);
}

#[tokio::test]
async fn a_code_lives_330_seconds() {
    for (seconds, good) in [(329, true), (330, false)] {
        let mut scene = scene().await;
        phone(&mut scene, PHONE).await;
        let sent = scene.app.sent_code(PHONE).await;
        scene.app.clock.advance(Duration::seconds(seconds));
        let stop = code(&mut scene, &sent).await;
        assert_eq!(stop.has("consent-form"), good, "{seconds} s");
        if !good {
            assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(stop.answer.body.contains("too old"), "{}", stop.answer.body);
        }
    }
}

#[tokio::test]
async fn five_wrong_tries_use_a_code_up() {
    let mut scene = scene().await;
    phone(&mut scene, PHONE).await;
    let sent = scene.app.sent_code(PHONE).await;
    for left in [4, 3, 2, 1] {
        let stop = code(&mut scene, &other(&sent)).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let words =
            if left == 1 { "You have 1 try left".to_owned() } else { format!("You have {left} tries left") };
        assert!(stop.answer.body.contains(&words), "{left}: {}", stop.answer.body);
        assert!(stop.answer.body.contains("aria-invalid"));
    }
    let stop = code(&mut scene, &other(&sent)).await;
    assert!(stop.answer.body.contains("no longer works"), "{}", stop.answer.body);
    let stop = code(&mut scene, &sent).await;
    assert!(stop.has("code-form") && stop.answer.body.contains("no longer works"), "the right one neither");
}

#[tokio::test]
async fn the_fifth_try_may_be_right() {
    let mut scene = scene().await;
    phone(&mut scene, PHONE).await;
    let sent = scene.app.sent_code(PHONE).await;
    for _ in 0..4 {
        code(&mut scene, &other(&sent)).await;
    }
    assert!(code(&mut scene, &sent).await.has("consent-form"));
}

#[tokio::test]
async fn what_can_not_be_a_code_costs_no_try() {
    let mut scene = scene().await;
    phone(&mut scene, PHONE).await;
    for typed in ["", "12345", "abcdef"] {
        let stop = code(&mut scene, typed).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(stop.answer.body.contains("You have 5 tries"), "{typed}: {}", stop.answer.body);
    }
}

#[tokio::test]
async fn tries_at_once_do_not_outrun_the_count() {
    let mut scene = scene().await;
    phone(&mut scene, PHONE).await;
    let sent = scene.app.sent_code(PHONE).await;
    let wrong = other(&sent);
    let mut tries = Vec::new();
    for _ in 0..12 {
        let (mut browser, wrong) = (scene.browser.clone(), wrong.clone());
        tries.push(async move { browser.submit("code-form", &[("code", &wrong)]).await });
    }
    for stop in futures_util::future::join_all(tries).await {
        assert!(stop.has("code-form"));
    }
    assert!(code(&mut scene, &sent).await.has("code-form"), "used up");
}

#[tokio::test]
async fn of_two_right_codes_at_once_one_signs_in_and_both_presses_go_on() {
    let mut scene = scene().await;
    phone(&mut scene, PHONE).await;
    let sent = scene.app.sent_code(PHONE).await;
    let (mut one, mut two) = (scene.browser.clone(), scene.browser.clone());
    let fields = [("code", sent.as_str())];
    tokio::join!(one.submit("code-form", &fields), two.submit("code-form", &fields));
    let sessions: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(scene.app.pool()).await.unwrap();
    assert_eq!(sessions, 1);
    let winner = [&mut one, &mut two].into_iter().find(|browser| browser.here().has("consent-form"));
    assert!(winner.is_some());
    // A later second press in the same browser lands on the next step.
    let browser = winner.unwrap();
    let fields = [("journey", browser.here().fields("consent-form")["journey"].clone())];
    let stop =
        browser.post("/login/phone/code", &[("journey", &fields[0].1), ("csrf", "x"), ("code", &sent)]).await;
    assert!(stop.has("consent-form"), "{}", stop.url);
}

#[tokio::test]
async fn a_new_code_may_be_sent_after_120_seconds_and_the_old_one_is_dead() {
    let mut scene = scene().await;
    phone(&mut scene, PHONE).await;
    let first = scene.app.sent_code(PHONE).await;
    let stop = scene.browser.press("resend-form", "resend").await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stop.answer.header("retry-after"), "120");
    scene.app.clock.advance(Duration::seconds(119));
    let stop = scene.browser.press("resend-form", "resend").await;
    assert_eq!(stop.answer.header("retry-after"), "1");
    assert_eq!(scene.app.messages(PHONE).await.len(), 1);
    scene.app.clock.advance(Duration::seconds(1));
    let stop = scene.browser.press("resend-form", "resend").await;
    assert_eq!(stop.answer.status, StatusCode::OK);
    assert_eq!(scene.app.messages(PHONE).await.len(), 2);
    let second = scene.app.sent_code(PHONE).await;
    if first != second {
        assert!(code(&mut scene, &first).await.has("code-form"), "the first no longer counts");
    }
    assert!(code(&mut scene, &second).await.has("consent-form"));
}

#[tokio::test]
async fn two_wishes_at_once_for_one_phone_send_one_code() {
    let mut scene = scene().await;
    let stop = scene.ask(&[]).await;
    scene.browser.open(&stop.attribute("phone-login", "href").unwrap()).await;
    let (mut one, mut two) = (scene.browser.clone(), scene.browser.clone());
    let fields = [("phone", PHONE)];
    let (one, two) = tokio::join!(one.submit("phone-form", &fields), two.submit("phone-form", &fields));
    assert_eq!(scene.app.messages(PHONE).await.len(), 1);
    assert!(one.has("code-form") && two.has("code-form"), "the second press lands on the next step");
}

#[tokio::test]
async fn another_journey_waits_for_the_same_phone_too() {
    let mut scene = scene().await;
    phone(&mut scene, PHONE).await;
    let stop = phone(&mut scene, PHONE).await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(stop.has("phone-form") && stop.fields("phone-form")["phone"] == PHONE, "what was typed stays");
    assert_eq!(stop.answer.header("retry-after"), "120");
}

#[tokio::test]
async fn codes_are_limited_by_address_and_in_all() {
    let app =
        crate::support::app::TestApp::with(&[("codes.per_address_hourly", "2"), ("codes.daily_total", "3")])
            .await;
    let mut scene = Scene::at(app, |_| {}).await;
    for number in 1..=2 {
        assert!(phone(&mut scene, &format!("+6689999100{number}")).await.has("code-form"));
    }
    let stop = phone(&mut scene, "+66899991003").await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS, "this address had its two");
    assert!(stop.answer.body.contains("Too many codes"));
    scene.browser.door.peer = "203.0.113.7".parse().unwrap();
    assert!(phone(&mut scene, "+66899991003").await.has("code-form"), "a limit hit costs the phone nothing");
    let stop = phone(&mut scene, "+66899991004").await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS, "three in all");
    let sent: i64 =
        sqlx::query_scalar("SELECT count(*) FROM outbox").fetch_one(scene.app.pool()).await.unwrap();
    assert_eq!(sent, 3);
}

#[tokio::test]
async fn an_unusable_phone_is_told_beside_the_field_and_kept() {
    let mut scene = scene().await;
    for typed in ["0812345678", "+66", "not a phone"] {
        let stop = phone(&mut scene, typed).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert_eq!(stop.fields("phone-form")["phone"], typed);
        assert!(stop.answer.body.contains("phone-error"));
    }
}

#[tokio::test]
async fn a_code_is_bound_to_the_journey_it_was_sent_in() {
    let mut scene = scene().await;
    phone(&mut scene, PHONE).await;
    let sent = scene.app.sent_code(PHONE).await;
    let mut thief = scene.app.browser();
    let stop = thief.open(&scene.request(&[])).await;
    let journey = stop.fields("login-form")["journey"].clone();
    let csrf = stop.fields("login-form")["csrf"].clone();
    let fields = [("journey", journey.as_str()), ("csrf", csrf.as_str()), ("code", sent.as_str())];
    let stop = thief.post("/login/phone/code", &fields).await;
    assert!(stop.has("login-form"), "no code was sent in this journey: {}", stop.url);
}

#[tokio::test]
async fn a_strangers_form_sends_nothing() {
    let mut scene = scene().await;
    let stop = scene.ask(&[]).await;
    let journey = stop.fields("login-form")["journey"].clone();
    let stop =
        scene.browser.post("/login/phone", &[("journey", &journey), ("csrf", "x"), ("phone", PHONE)]).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert!(scene.app.messages(PHONE).await.is_empty());
}

#[tokio::test]
async fn an_account_whose_second_factor_is_this_phone_asks_for_its_password() {
    let mut scene = scene().await;
    let user = scene.app.user_with("careful", PASSWORD, &[("mobile_phone", "+66899990005", 1)]).await;
    scene.app.enrol(user, CredentialKind::Sms).await;
    phone(&mut scene, "+66899990005").await;
    let sent = scene.app.sent_code("+66899990005").await;
    let stop = code(&mut scene, &sent).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.has("phone-form") && stop.answer.body.contains("asks for its password"));
}

#[tokio::test]
async fn a_disabled_account_is_not_entered() {
    let mut scene = scene().await;
    let user = scene.app.user_with("gone", PASSWORD, &[("mobile_phone", "+66899990006", 1)]).await;
    scene.app.disable_user(user).await;
    phone(&mut scene, "+66899990006").await;
    let sent = scene.app.sent_code("+66899990006").await;
    let stop = code(&mut scene, &sent).await;
    assert!(stop.has("phone-form") && stop.answer.body.contains("disabled"), "{}", stop.answer.body);
}
