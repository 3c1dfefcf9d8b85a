//! A browser that signed in before keeps its own throttle allowance.

use axum::http::StatusCode;
use time::Duration;

use crate::{
    oauth2::Scene,
    support::{app::PASSWORD, browser::Stop},
};

async fn attempt(scene: &mut Scene, password: &str) -> Stop {
    scene.ask(&[("prompt", "login")]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", password)]).await
}

/// A stranger fails at this account until it waits.
async fn besiege(scene: &Scene) {
    let mut stranger = scene.app.browser();
    stranger.door.peer = "203.0.113.7".parse().unwrap();
    for _ in 0..8 {
        let stop = stranger.open(&scene.request(&[])).await;
        assert!(stop.has("login-form"));
        stranger.submit("login-form", &[("username", "somchai"), ("password", "a guess")]).await;
        scene.app.clock.advance(Duration::seconds(8));
    }
    let stop = stranger.submit("login-form", &[("username", "somchai"), ("password", "a guess")]).await;
    assert!([422, 429].contains(&stop.answer.status.as_u16()));
    scene.app.clock.advance(Duration::seconds(-1));
}

#[tokio::test]
async fn a_stranger_who_fails_on_purpose_does_not_shut_the_owner_out() {
    let mut scene = Scene::new().await;
    assert!(attempt(&mut scene, PASSWORD).await.has("consent-form"));
    besiege(&scene).await;
    let mut elsewhere = scene.app.browser();
    elsewhere.open(&scene.request(&[])).await;
    let stop = elsewhere.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS, "a browser nobody knows waits");
    let stop = attempt(&mut scene, PASSWORD).await;
    assert!(stop.has("consent-form"), "the owner's browser does not: {}", stop.answer.status);
}

#[tokio::test]
async fn a_known_browser_waits_for_its_own_failures() {
    let mut scene = Scene::new().await;
    attempt(&mut scene, PASSWORD).await;
    for _ in 0..5 {
        assert_eq!(attempt(&mut scene, "a guess").await.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let stop = attempt(&mut scene, PASSWORD).await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stop.answer.header("retry-after"), "1");
    let mut elsewhere = scene.app.browser();
    elsewhere.open(&scene.request(&[])).await;
    let stop = elsewhere.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert!(stop.has("consent-form"), "its failures are charged to nobody else");
}

#[tokio::test]
async fn a_forged_cookie_gives_no_allowance() {
    let mut scene = Scene::new().await;
    attempt(&mut scene, PASSWORD).await;
    let cookie = scene.browser.cookie("__Host-tamga_known").unwrap().to_owned();
    besiege(&scene).await;
    let mut forger = scene.app.browser();
    forger.plant("__Host-tamga_known", &cookie.replace(|c: char| c.is_ascii_digit(), "A"));
    forger.open(&scene.request(&[])).await;
    let stop = forger.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_browser_known_to_one_account_is_a_stranger_to_another() {
    let mut scene = Scene::new().await;
    scene.app.user_with("other", PASSWORD, &[]).await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "other"), ("password", PASSWORD)]).await;
    besiege(&scene).await;
    let stop = attempt(&mut scene, PASSWORD).await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
}
