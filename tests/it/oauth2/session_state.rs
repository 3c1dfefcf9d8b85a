//! `session_state`, the browser's state, and the frame that compares them (OpenID Connect Session
//! Management 1.0).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ring::digest::{SHA256, digest};
use tamga::model::client::Client;

use super::{Scene, go_on, text};
use crate::support::{
    app::{PASSWORD, TestApp},
    door::encoded,
};

pub const STATE: &str = "__Host-tamga_browser_state";
const ORIGIN: &str = "https://rp.example";

/// What the frame's script answers a page of this origin, at a browser with this state.
pub fn judged(session_state: &str, client: &str, origin: &str, state: Option<&str>) -> &'static str {
    let Some((hash, salt)) = session_state.split_once('.') else { return "error" };
    let text = format!("{client} {origin} {} {salt}", state.unwrap_or_default());
    if B64.encode(digest(&SHA256, text.as_bytes())) == hash { "unchanged" } else { "changed" }
}

fn here(scene: &Scene, session_state: &str) -> &'static str {
    judged(session_state, "rp", ORIGIN, scene.browser.cookie(STATE))
}

#[tokio::test]
async fn session_management_s2_an_answer_carries_the_state_and_a_logout_changes_it() {
    let mut scene = Scene::new().await;
    let stop = scene.answer(&[]).await;
    let told = stop.parameter("session_state");
    assert_eq!(here(&scene, &told), "unchanged");
    assert_eq!(judged(&told, "other", ORIGIN, scene.browser.cookie(STATE)), "changed");
    assert_eq!(judged(&told, "rp", "https://evil.example", scene.browser.cookie(STATE)), "changed");
    // Each has a salt of its own, and both are good.
    let again = scene.ask(&[("prompt", "none")]).await.parameter("session_state");
    assert_ne!(again, told);
    assert_eq!((here(&scene, &again), here(&scene, &told)), ("unchanged", "unchanged"));
    let hint = {
        let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
        text(&tokens, "id_token").to_owned()
    };
    scene.browser.open(&format!("/oauth2/logout?{}", encoded(&[("id_token_hint", &hint)]))).await;
    assert_eq!(here(&scene, &told), "changed");
}

#[tokio::test]
async fn another_person_at_the_browser_changes_it_and_the_same_one_again_does_not() {
    let mut scene = Scene::new().await;
    let told = scene.answer(&[]).await.parameter("session_state");
    let stop = scene.ask(&[("prompt", "login")]).await;
    go_on(&mut scene.browser, "somchai", stop).await.away();
    assert_eq!(here(&scene, &told), "unchanged");
    scene.app.user_with("maria", PASSWORD, &[]).await;
    let stop = scene.ask(&[("prompt", "login")]).await;
    go_on(&mut scene.browser, "maria", stop).await.away();
    assert_eq!(here(&scene, &told), "changed");
}

#[tokio::test]
async fn a_state_that_was_lost_comes_back_with_the_next_answer() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    scene.browser.plant(STATE, "stale");
    let told = scene.ask(&[]).await.parameter("session_state");
    assert_eq!(here(&scene, &told), "unchanged");
    scene.browser.set_cookies.clear();
    scene.ask(&[]).await;
    assert!(scene.browser.set_cookies.is_empty(), "one that is right is not set again");
}

#[tokio::test]
async fn an_answer_without_openid_or_to_an_application_on_a_device_has_none() {
    let mut scene = Scene::new().await;
    assert_eq!(scene.answer(&[("scope", "profile"), ("nonce", "")]).await.parameter("session_state"), "");
    let native = |client: &mut Client| client.redirect_uris = vec!["com.example.app:/cb".to_owned()];
    let app = scene.app.public_client("native", native).await;
    let challenge = [("code_challenge", super::CHALLENGE), ("code_challenge_method", "S256")];
    let change = [&challenge[..], &[("redirect_uri", "com.example.app:/cb")]].concat();
    let stop = scene.browser.open(&super::request(app.id(), &change)).await;
    let stop = go_on(&mut scene.browser, "somchai", stop).await;
    assert_eq!((stop.parameter("code").is_empty(), stop.parameter("session_state").as_str()), (false, ""));
    // Nor has an error.
    let stop = scene.ask(&[("prompt", "none"), ("scope", "openid email")]).await;
    assert_eq!(stop.parameter("session_state"), "");
}

#[tokio::test]
async fn the_frame_may_be_framed_by_anybody_and_gives_nothing_away() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let session = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    let cookies = scene.browser.cookie_header();
    let path = "/oauth2/check-session";
    let answer =
        scene.app.door.call(axum::http::Method::GET, path, &[("cookie", cookies.as_str())], "").await;
    assert_eq!(answer.status.as_u16(), 200);
    let policy = answer.header("content-security-policy");
    assert_eq!(policy, "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors *");
    assert_eq!((answer.header("x-frame-options"), answer.header("set-cookie")), ("", ""));
    assert!(answer.body.contains(&format!("data-cookie=\"{STATE}\"")));
    for secret in [&session, scene.browser.cookie(STATE).unwrap()] {
        assert!(!answer.body.contains(secret));
    }
    let script = answer.body.split('"').find(|part| part.starts_with("/static/check_session.")).unwrap();
    assert_eq!(scene.app.door.get(script).await.header("content-type"), "text/javascript; charset=utf-8");
    // Every other page stays closed.
    assert_eq!(scene.app.door.get("/").await.header("x-frame-options"), "DENY");
}

#[tokio::test]
async fn in_development_the_state_is_for_this_machine_alone() {
    let mut scene = Scene::at(TestApp::on_loopback().await, |_| {}).await;
    let told = scene.answer(&[]).await.parameter("session_state");
    let state = scene.browser.cookie("tamga_browser_state");
    assert_eq!(judged(&told, "rp", ORIGIN, state), "unchanged");
    let line = scene.browser.set_cookies.iter().find(|line| line.contains("browser_state")).unwrap();
    assert!(line.ends_with("; SameSite=Lax"), "{line}");
}
