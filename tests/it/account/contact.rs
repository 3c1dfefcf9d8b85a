//! Confirming and changing a phone or mail address.

use axum::http::StatusCode;
use time::Duration;

use super::{at, grow_stale, visit};
use crate::oauth2::Scene;

const MAIL: &str = "/account/contact?name=email";
const PHONE: &str = "/account/contact?name=mobile_phone";

#[tokio::test]
async fn a_right_code_confirms_the_phone_and_raises_a_consistent_identifier() {
    let mut scene = Scene::new().await;
    at(&mut scene, "/account/profile").await;
    let stop = scene.browser.submit("profile-form", &[("citizen_id", "1101700230708")]).await;
    assert!(stop.text("held-citizen_id").contains("not checked"), "no phone is confirmed yet");
    let page = scene.browser.open(PHONE).await;
    assert_eq!(page.fields("contact-form")["contact"], "+66812345678");
    let page = scene.browser.submit("contact-form", &[("contact", "+66 81 234 5678")]).await;
    assert!(page.has("code-form") && page.has("resend") && page.answer.body.contains("+66•••••••78"));
    let code = scene.app.sent_code("+66812345678").await;
    let stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert_eq!(stop.url.path(), "/account");
    assert!(stop.text("held-mobile_phone").contains("Confirmed, 1 March 2026"));
    assert!(stop.text("held-citizen_id").contains("Confirmed, 1 March 2026"));
}

#[tokio::test]
async fn the_old_address_stays_until_the_new_one_is_confirmed_and_then_is_told() {
    let mut scene = Scene::new().await;
    at(&mut scene, MAIL).await;
    scene.browser.submit("contact-form", &[("contact", "new@citizen.example")]).await;
    let page = scene.browser.open("/account").await;
    assert!(page.text("held-email").contains("somchai@citizen.example"));
    scene.browser.open("/account/contact/code").await;
    let code = scene.app.sent_code("new@citizen.example").await;
    let stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert!(stop.text("held-email").contains("new@citizen.example"));
    let told = scene.app.messages("somchai@citizen.example").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body.contains("another phone or mail address"));
}

#[tokio::test]
async fn a_code_lives_330_seconds_and_five_wrong_tries_use_it_up() {
    let mut scene = Scene::new().await;
    at(&mut scene, PHONE).await;
    scene.browser.submit("contact-form", &[]).await;
    let code = scene.app.sent_code("+66812345678").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let stop = scene.browser.submit("code-form", &[("code", wrong)]).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert!(stop.answer.body.contains("no longer works"), "{}", stop.answer.body);
    scene.app.clock.advance(Duration::seconds(120));
    assert!(scene.browser.submit("resend-form", &[]).await.answer.status.is_success());
    let code = scene.app.sent_code("+66812345678").await;
    scene.app.clock.advance(Duration::seconds(330));
    let stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert!(stop.answer.body.contains("too old"));
    let page = scene.browser.open("/account").await;
    assert!(page.text("held-mobile_phone").contains("not checked"));
}

#[tokio::test]
async fn another_code_goes_there_after_120_seconds() {
    let mut scene = Scene::new().await;
    at(&mut scene, PHONE).await;
    scene.browser.submit("contact-form", &[]).await;
    let stop = scene.browser.submit("resend-form", &[]).await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stop.answer.header("retry-after"), "120");
    assert_eq!(scene.app.messages("+66812345678").await.len(), 1);
}

#[tokio::test]
async fn two_right_answers_at_once_confirm_once() {
    let mut scene = Scene::new().await;
    at(&mut scene, MAIL).await;
    let page = scene.browser.submit("contact-form", &[("contact", "new@citizen.example")]).await;
    let csrf = page.fields("code-form")["csrf"].clone();
    let code = scene.app.sent_code("new@citizen.example").await;
    let form = [("csrf", &*csrf), ("code", &*code)];
    let (mut one, mut other) = (scene.browser.clone(), scene.browser.clone());
    let path = "/account/contact/code";
    let (one, other) = tokio::join!(one.post(path, &form), other.post(path, &form));
    assert!(one.has("done") && other.has("done"), "a second press lands on the next step all the same");
    assert_eq!(scene.app.messages("somchai@citizen.example").await.len(), 1, "one change, one notice");
}

#[tokio::test]
async fn a_mistake_is_told_beside_the_field_and_sends_nothing() {
    let mut scene = Scene::new().await;
    for (path, typed) in [(MAIL, "nobody"), (MAIL, ""), (PHONE, "0812"), (PHONE, "phone")] {
        at(&mut scene, path).await;
        let stop = scene.browser.submit("contact-form", &[("contact", typed)]).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(stop.has("contact-error"));
        assert_eq!(stop.fields("contact-form")["contact"], typed);
        assert!(scene.app.messages(typed).await.is_empty());
    }
}

#[tokio::test]
async fn a_stale_session_signs_in_again_and_comes_back() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, MAIL).await;
    let csrf = page.fields("contact-form")["csrf"].clone();
    grow_stale(&scene);
    let form = [("csrf", &*csrf), ("name", "email"), ("contact", "mallory@evil.example")];
    assert!(scene.browser.post("/account/contact", &form).await.has("login-form"));
    assert!(scene.app.messages("mallory@evil.example").await.is_empty());
    let stop = visit(&mut scene.browser, "somchai", MAIL).await;
    assert!(stop.has("contact-form") && stop.url.query() == Some("name=email"), "{}", stop.url);
}

#[tokio::test]
async fn csrf_a_forged_form_sends_no_message() {
    let mut scene = Scene::new().await;
    at(&mut scene, MAIL).await;
    let form = [("csrf", "forged"), ("name", "email"), ("contact", "mallory@evil.example")];
    assert_eq!(scene.browser.post("/account/contact", &form).await.answer.status, StatusCode::FORBIDDEN);
    assert!(scene.app.messages("mallory@evil.example").await.is_empty());
}
