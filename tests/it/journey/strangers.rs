//! What strangers try: forged forms, planted cookies, borrowed addresses.

use axum::http::StatusCode;

use crate::{oauth2::Scene, support::app::PASSWORD};

const SESSION: &str = "__Host-tamga_session";

#[tokio::test]
async fn login_csrf_a_form_without_our_token_signs_nobody_in() {
    let mut scene = Scene::new().await;
    let page = scene.ask(&[]).await;
    let journey = page.fields("login-form")["journey"].clone();
    for csrf in ["", "forged"] {
        let fields =
            [("journey", &*journey), ("csrf", csrf), ("username", "somchai"), ("password", PASSWORD)];
        let page = scene.browser.post("/login", &fields).await;
        assert_eq!(page.answer.status, StatusCode::FORBIDDEN);
        assert!(page.has("login-form"), "the same page, to send again");
        assert!(scene.browser.cookie(SESSION).is_none());
    }
    let page = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert!(page.has("consent-form"), "the person goes on where they were");
}

#[tokio::test]
async fn csrf_a_forged_consent_or_cancel_decides_nothing() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let page = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    let journey = page.fields("consent-form")["journey"].clone();
    let forged = [("journey", &*journey), ("csrf", "forged"), ("decision", "allow")];
    let page = scene.browser.post("/consent", &forged).await;
    assert_eq!(page.answer.status, StatusCode::FORBIDDEN);
    assert!(page.has("consent-form"));
    let page = scene.browser.post("/cancel", &[("journey", &*journey), ("csrf", "forged")]).await;
    assert!(page.has("consent-form"), "the journey goes on: {}", page.url);
    let elsewhere = scene.browser.post_from_elsewhere("/consent", &forged).await;
    assert_eq!(elsewhere.answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn session_fixation_a_planted_session_gains_nothing() {
    let mut scene = Scene::new().await;
    scene.browser.plant(SESSION, "planted-by-a-stranger");
    scene.code(&[]).await;
    let fresh = scene.browser.cookie(SESSION).unwrap().to_owned();
    assert_ne!(fresh, "planted-by-a-stranger");
    let mut stranger = scene.app.browser();
    stranger.plant(SESSION, "planted-by-a-stranger");
    assert!(stranger.open(&scene.request(&[])).await.has("login-form"));
}

#[tokio::test]
async fn the_session_before_a_new_sign_in_is_over() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let before = scene.browser.cookie(SESSION).unwrap().to_owned();
    scene.answer(&[("prompt", "login")]).await;
    let mut thief = scene.app.browser();
    thief.plant(SESSION, &before);
    assert!(thief.open(&scene.request(&[])).await.has("login-form"));
}

#[tokio::test]
async fn a_journey_belongs_to_the_browser_that_began_it() {
    let mut scene = Scene::new().await;
    let page = scene.ask(&[]).await;
    let journey = page.fields("login-form")["journey"].clone();
    let mut other = scene.app.browser();
    for path in [format!("/continue/{journey}"), format!("/login?journey={journey}")] {
        let page = other.open(&path).await;
        assert_eq!(page.answer.status, StatusCode::FORBIDDEN);
        assert_eq!(page.text("error-code"), "other_browser");
        assert!(page.has("request-id"));
    }
}

#[tokio::test]
async fn cookies_are_bound_to_the_host_and_out_of_scripts_reach() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let session = scene.browser.set_cookies.iter().find(|c| c.starts_with(SESSION)).unwrap();
    for part in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"] {
        assert!(session.contains(part), "{session}");
    }
    assert!(!session.contains("Domain"));
    assert!(scene.browser.set_cookies.iter().all(|c| c.starts_with("__Host-")));
}

#[tokio::test]
async fn names_that_hold_markup_are_shown_as_text() {
    let mut scene = Scene::with(|client| client.name = "<script>alert(1)</script>".into()).await;
    let page = scene.ask(&[("login_hint", "\"><img src=x onerror=alert(1)>")]).await;
    assert!(!page.answer.body.contains("<script>alert"));
    assert!(!page.answer.body.contains("<img src=x"));
    assert_eq!(page.fields("login-form")["username"], "\"><img src=x onerror=alert(1)>");
}
