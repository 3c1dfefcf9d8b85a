//! What applications may know, and the activity page that tells of it.

use axum::http::StatusCode;

use super::{at, visit};
use crate::oauth2::{Scene, text};

const PAGE: &str = "/account/applications";

#[tokio::test]
async fn withdrawing_makes_tokens_invalid_at_once_and_asks_again() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[("scope", "openid email")]).await;
    let bearer = text(&tokens, "access_token").to_owned();
    scene.userinfo(&bearer).await.good();
    let page = scene.browser.open(PAGE).await;
    assert!(page.answer.body.contains("The service rp"), "{}", page.answer.body);
    let stop = scene.browser.submit("withdraw-rp", &[]).await;
    assert!(stop.text("done").contains("The service rp"), "it names whose access ended");
    assert!(!stop.has("withdraw-rp"));
    assert_eq!(scene.userinfo(&bearer).await.status, StatusCode::UNAUTHORIZED);
    let seen = scene.app.door.post_as(&scene.rp, "/oauth2/introspect", &[("token", &bearer)]).await.good();
    assert_eq!(seen["active"], false);
    assert!(scene.ask(&[("scope", "openid email")]).await.has("consent-form"), "consent is forgotten");
}

#[tokio::test]
async fn what_was_allowed_without_remembering_is_shown_and_withdrawn_as_well() {
    let mut scene = Scene::new().await;
    at(&mut scene, "/account").await;
    scene.ask(&[]).await;
    scene.browser.untick("remember", "yes");
    let back = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&back.parameter("code"), &[]).await.good();
    scene.browser.open(PAGE).await;
    scene.browser.submit("withdraw-rp", &[]).await;
    assert_eq!(scene.userinfo(text(&tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_forged_form_and_a_client_that_knows_nothing_change_nothing() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    scene.app.user("mallory").await;
    let mut mallory = scene.app.browser();
    let page = visit(&mut mallory, "mallory", "/account").await;
    let csrf = page.fields("locale-form")["csrf"].clone();
    let path = "/account/applications/withdraw";
    let stop = mallory.post(path, &[("csrf", &csrf), ("client", "rp")]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stop = scene.browser.post(path, &[("csrf", &csrf), ("client", "rp")]).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    scene.userinfo(text(&tokens, "access_token")).await.good();
}

#[tokio::test]
async fn activity_tells_the_newest_first_in_words_and_is_filtered_in_the_address() {
    let mut scene = Scene::new().await;
    scene.tokens(&[]).await;
    scene.browser.open(PAGE).await;
    scene.browser.submit("withdraw-rp", &[]).await;
    let page = scene.browser.open("/account/activity").await;
    let body = &page.answer.body;
    let place = |words: &str| body.find(words).unwrap_or_else(|| panic!("no {words}: {body}"));
    assert!(place("You withdrew") < place("You allowed") && place("You allowed") < place("You signed in"));
    assert!(
        place("The account was made") > place("You signed in") && body.contains("operator of this service")
    );
    assert!(body.contains("The service rp") && body.contains("198.51.100.7"));
    let page = scene.browser.open("/account/activity?show=sign-ins").await;
    assert!(page.answer.body.contains("You signed in") && !page.answer.body.contains("You allowed"));
    let page = scene.browser.open("/account/activity?show=nonsense&before=nonsense").await;
    assert!(page.answer.body.contains("You allowed"), "what is no filter shows everything");
}

#[tokio::test]
async fn activity_comes_in_pages_of_fifty() {
    let mut scene = Scene::new().await;
    at(&mut scene, "/account/sessions").await;
    for _ in 0..60 {
        let page = scene.browser.open("/account").await;
        let csrf = page.fields("locale-form")["csrf"].clone();
        scene.browser.post("/account/sessions/end-others", &[("csrf", &csrf)]).await;
    }
    let page = scene.browser.open("/account/activity").await;
    let lines = |body: &str| body.matches("<li><strong>").count();
    assert_eq!(lines(&page.answer.body), 50);
    let older = page.attribute("older", "href").unwrap();
    let page = scene.browser.open(&older).await;
    assert_eq!(lines(&page.answer.body), 12, "60 ends, a sign-in and the making of the account");
    assert!(page.has("newest") && !page.has("older"));
}
