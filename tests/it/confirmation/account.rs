//! Answering on the account page.

use axum::http::StatusCode;
use serde_json::json;
use tamga::model::credential::CredentialKind;
use time::Duration;

use super::{PHONE, Scene, failure, reference};
use crate::{
    account::visit,
    oauth2::claims,
    support::browser::{Browser, Stop},
};

const PAGE: &str = "/account/confirmations";

/// The person at their page, signed in with password and code.
async fn at_page(scene: &Scene, browser: &mut Browser) -> Stop {
    let stop = visit(browser, "Test1", PAGE).await;
    if !stop.has("code-form") {
        return stop;
    }
    let code = scene.app.sent_code(PHONE).await;
    browser.submit("code-form", &[("code", &code)]).await
}

/// A challenge, and the person at their page, which shows it.
async fn asked(scene: &Scene) -> (serde_json::Value, Browser, String) {
    let mut browser = scene.app.browser();
    at_page(scene, &mut browser).await;
    // The code for the page went to the same phone.
    scene.app.clock.advance(Duration::seconds(120));
    let pending = scene.log_in().await.good();
    let page = browser.open(PAGE).await;
    let id = reference(&pending);
    assert!(page.has(&format!("approve-{id}")), "{}", page.answer.body);
    assert!(page.answer.body.contains("Confirm your sign-in to The service signer"));
    (pending, browser, id)
}

#[tokio::test]
async fn what_was_approved_there_is_final_at_the_next_look() {
    let scene = Scene::new().await;
    let (pending, mut browser, id) = asked(&scene).await;
    assert_eq!(scene.poll(&pending).await.good()["IsFinal"], false);
    let stop = browser.submit(&format!("approve-{id}"), &[]).await;
    assert!(stop.has("done") && !stop.has(&format!("approve-{id}")), "{}", stop.answer.body);
    let done = scene.poll(&pending).await.good();
    let token = claims(done["AccessToken"].as_str().unwrap());
    assert_eq!(token["amr"], json!(["pwd", "otp", "sms", "mfa"]));
    assert_eq!(failure(&scene.poll(&pending).await), "expired");
}

#[tokio::test]
async fn the_same_question_asked_again_gives_what_was_approved() {
    let scene = Scene::new().await;
    let (_, mut browser, id) = asked(&scene).await;
    browser.submit(&format!("approve-{id}"), &[]).await;
    assert_eq!(scene.log_in().await.good()["IsFinal"], true);
}

#[tokio::test]
async fn what_was_approved_at_the_last_moment_can_be_fetched_a_minute_long() {
    for (later, good) in [(59, true), (60, false)] {
        let scene = Scene::new().await;
        let (pending, mut browser, id) = asked(&scene).await;
        scene.app.clock.advance(Duration::seconds(329));
        assert!(browser.submit(&format!("approve-{id}"), &[]).await.has("done"));
        scene.app.clock.advance(Duration::seconds(later));
        let answer = scene.poll(&pending).await.good();
        assert_eq!(answer.get("AccessToken").is_some(), good, "{later}: {answer}");
    }
}

#[tokio::test]
async fn what_was_refused_there_is_cancelled() {
    let scene = Scene::new().await;
    let (pending, mut browser, id) = asked(&scene).await;
    let code = scene.app.sent_code(PHONE).await;
    let stop = browser.submit(&format!("refuse-{id}"), &[]).await;
    assert!(stop.has("done"), "{}", stop.answer.body);
    assert_eq!(failure(&scene.poll(&pending).await), "cancelled");
    assert_eq!(failure(&scene.answer(&pending, &code).await), "cancelled");
}

#[tokio::test]
async fn who_has_passkeys_alone_answers_there_alone() {
    let scene = Scene::with(&[CredentialKind::Passkey]).await;
    let pending = scene.log_in().await.good();
    let challenge = &pending["Challenge"]["TextChallenge"][0];
    assert!(challenge["AuthnMethod"].as_str().unwrap().ends_with("/mobile"));
    assert_eq!(challenge["Label"], "Sign in to your account page and confirm there.");
    assert_eq!(scene.answer(&pending, "123456").await.good(), pending, "nothing is typed here");
}

#[tokio::test]
async fn a_form_of_another_site_and_a_stale_session_approve_nothing() {
    let scene = Scene::new().await;
    let (pending, mut browser, id) = asked(&scene).await;
    let forged = [("id", id.as_str()), ("csrf", "forged")];
    let answer = browser.post_and_stay(&format!("{PAGE}/approve"), &forged).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    browser.open(PAGE).await;
    scene.app.clock.advance(Duration::seconds(301));
    let pending_again = scene.poll(&pending).await.good();
    assert_eq!(pending_again["IsFinal"], false, "within its life still");
    scene.app.clock.advance(Duration::seconds(-301));
    let stop = browser.submit(&format!("approve-{id}"), &[]).await;
    assert!(stop.has("done"), "the session is fresh: {}", stop.answer.body);
}

#[tokio::test]
async fn a_session_older_than_ten_minutes_must_sign_in_again_first() {
    let scene = Scene::new().await;
    let mut browser = scene.app.browser();
    at_page(&scene, &mut browser).await;
    scene.app.clock.advance(Duration::seconds(601));
    let pending = scene.log_in().await.good();
    let id = reference(&pending);
    assert!(browser.open(PAGE).await.has(&format!("approve-{id}")), "to look it is good enough");
    for what in ["approve", "refuse"] {
        browser.open(PAGE).await;
        let stop = browser.submit(&format!("{what}-{id}"), &[]).await;
        assert!(stop.has("login-form"), "{what}: {}", stop.url);
    }
    assert_eq!(scene.poll(&pending).await.good()["IsFinal"], false);
}

#[tokio::test]
async fn another_persons_confirmation_is_neither_shown_nor_decided() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let id = reference(&pending);
    let other = scene
        .app
        .user_with("other", crate::support::app::PASSWORD, &[("mobile_phone", "+66899990009", 1)])
        .await;
    scene.app.enrol(other, CredentialKind::Sms).await;
    let mut browser = scene.app.browser();
    visit(&mut browser, "other", PAGE).await;
    let code = scene.app.sent_code("+66899990009").await;
    let page = browser.submit("code-form", &[("code", &code)]).await;
    assert!(!page.answer.body.contains(&id));
    let csrf =
        page.answer.body.split("name=\"csrf\" value=\"").nth(1).map(|rest| rest.split('"').next().unwrap());
    // There is no form to take it from here: the person's sessions have one.
    let csrf = match csrf {
        Some(csrf) => csrf.to_owned(),
        None => browser.open("/account").await.fields("locale-form").get("csrf").cloned().unwrap_or_default(),
    };
    for what in ["approve", "refuse"] {
        let fields = [("id", id.as_str()), ("csrf", csrf.as_str())];
        let answer = browser.post_and_stay(&format!("{PAGE}/{what}"), &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    }
    assert_eq!(scene.poll(&pending).await.good()["IsFinal"], false);
}

#[tokio::test]
async fn the_page_is_linked_and_says_when_nothing_waits() {
    let scene = Scene::new().await;
    let mut browser = scene.app.browser();
    let page = at_page(&scene, &mut browser).await;
    assert!(page.answer.body.contains("Nothing waits for your confirmation now."));
    let account = browser.open("/account").await;
    assert!(account.answer.body.contains(">Confirmations</a>"));
}
