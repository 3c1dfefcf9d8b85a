//! Forms that another site makes the browser send (CSRF), one of each that this wing of pages has:
//! all are 403, and nothing is sent, counted or changed.

use axum::http::StatusCode;
use tamga::model::{attribute::Level, credential::CredentialKind};

use crate::{
    oauth2::Scene,
    support::{app::PASSWORD, browser::Stop},
};

const PHONE: &str = "+66899990001";

/// A scene with somebody who confirmed [`PHONE`].
async fn scene() -> Scene {
    let mut scene = Scene::new().await;
    let attributes = [("mobile_phone", PHONE, 1), ("citizen_id", "1101700203450", 0)];
    scene.user = scene.app.user_with("owner", PASSWORD, &attributes).await;
    scene
}

/// Posts this to a page with the journey's id, and a token that is not the page's.
async fn forge(scene: &mut Scene, stop: &Stop, form: &str, path: &str, field: (&str, &str)) -> Stop {
    let journey = stop.fields(form)["journey"].clone();
    scene.browser.post(path, &[("journey", &journey), ("csrf", "forged"), field]).await
}

#[tokio::test]
async fn a_code_is_neither_tried_nor_sent_again_for_a_strangers_form() {
    let mut scene = scene().await;
    let login = scene.ask(&[]).await;
    scene.browser.open(&login.attribute("phone-login", "href").unwrap()).await;
    let page = scene.browser.submit("phone-form", &[("phone", PHONE)]).await;
    let code = scene.app.sent_code(PHONE).await;
    let stop = forge(&mut scene, &page, "code-form", "/login/phone/code", ("code", &code)).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert!(stop.has("code-form") && stop.answer.body.contains("You have 5 tries"), "{}", stop.answer.body);
    scene.app.clock.advance(time::Duration::seconds(120));
    let stop = forge(&mut scene, &page, "code-form", "/login/phone/resend", ("x", "x")).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.app.messages(PHONE).await.len(), 1);
}

#[tokio::test]
async fn nor_is_a_second_factor() {
    let mut scene = scene().await;
    scene.app.enrol(scene.user, CredentialKind::Sms).await;
    scene.ask(&[]).await;
    let page = scene.browser.submit("login-form", &[("username", "owner"), ("password", PASSWORD)]).await;
    let code = scene.app.sent_code(PHONE).await;
    let stop = forge(&mut scene, &page, "code-form", "/second-factor", ("code", &code)).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    scene.app.clock.advance(time::Duration::seconds(120));
    let stop = forge(&mut scene, &page, "code-form", "/second-factor/resend", ("x", "x")).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.app.messages(PHONE).await.len(), 1);
}

#[tokio::test]
async fn nor_is_a_level_reached_or_given_up() {
    let mut scene = Scene::with(|client| client.settings.min_level = Level::CONFIRMED).await;
    let attributes = [("citizen_id", "1101700203450", 0), ("mobile_phone", PHONE, 0)];
    scene.app.user_with("owner", PASSWORD, &attributes).await;
    scene.ask(&[]).await;
    let page = scene.browser.submit("login-form", &[("username", "owner"), ("password", PASSWORD)]).await;
    for decision in ["confirm", "back"] {
        let stop = forge(&mut scene, &page, "level-form", "/level", ("decision", decision)).await;
        assert_eq!(stop.answer.status, StatusCode::FORBIDDEN, "{decision}");
    }
    assert!(scene.app.messages(PHONE).await.is_empty());
    scene.browser.press("confirm-form", "level-confirm").await;
    let code = scene.app.sent_code(PHONE).await;
    for (path, field) in [("/level/code", ("code", code.as_str())), ("/level/resend", ("x", "x"))] {
        let stop = forge(&mut scene, &page, "level-form", path, field).await;
        assert_eq!(stop.answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn the_level_page_asks_again_after_120_seconds_and_tells_a_wrong_code() {
    let mut scene = Scene::with(|client| client.settings.min_level = Level::CONFIRMED).await;
    let attributes = [("citizen_id", "1101700203450", 0), ("mobile_phone", PHONE, 0)];
    scene.app.user_with("owner", PASSWORD, &attributes).await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "owner"), ("password", PASSWORD)]).await;
    scene.browser.press("confirm-form", "level-confirm").await;
    let stop = scene.browser.press("resend-form", "resend").await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
    let sent = scene.app.sent_code(PHONE).await;
    let wrong = format!("{:06}", (sent.parse::<u32>().unwrap() + 1) % 1_000_000);
    let stop = scene.browser.submit("code-form", &[("code", &wrong)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.answer.body.contains("You have 4 tries left"), "{}", stop.answer.body);
    scene.app.clock.advance(time::Duration::seconds(120));
    assert!(scene.browser.press("resend-form", "resend").await.has("code-form"));
    assert_eq!(scene.app.messages(PHONE).await.len(), 2);
}

#[tokio::test]
async fn a_second_factor_by_sms_is_refused_when_too_old_and_sent_again_after_120_seconds() {
    let mut scene = scene().await;
    scene.app.enrol(scene.user, CredentialKind::Sms).await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "owner"), ("password", PASSWORD)]).await;
    let stop = scene.browser.press("resend-form", "resend").await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stop.answer.header("retry-after"), "120");
    let sent = scene.app.sent_code(PHONE).await;
    scene.app.clock.advance(time::Duration::seconds(330));
    let stop = scene.browser.submit("code-form", &[("code", &sent)]).await;
    assert!(stop.answer.body.contains("too old"), "{}", stop.answer.body);
    scene.browser.press("resend-form", "resend").await;
    let sent = scene.app.sent_code(PHONE).await;
    assert!(scene.browser.submit("code-form", &[("code", &sent)]).await.has("consent-form"));
}
