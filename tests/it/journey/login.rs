//! Signing in by password.

use axum::http::StatusCode;
use time::Duration;

use crate::{
    oauth2::Scene,
    support::{app::PASSWORD, browser::Stop},
};

async fn attempt(scene: &mut Scene, username: &str, password: &str) -> Stop {
    scene.browser.submit("login-form", &[("username", username), ("password", password)]).await
}

/// The page without what differs from one request to the next.
fn words(stop: &Stop, username: &str) -> String {
    let fields = stop.fields("login-form");
    stop.answer.body.replace(&fields["csrf"], "").replace(&fields["journey"], "").replace(username, "NAME")
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_page() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let unknown = attempt(&mut scene, "nobodys", PASSWORD).await;
    let wrong = attempt(&mut scene, "somchai", "wrong password").await;
    assert_eq!(unknown.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(words(&unknown, "nobodys"), words(&wrong, "somchai"));
    scene.app.disable_user(scene.user).await;
    let disabled = attempt(&mut scene, "somchai", PASSWORD).await;
    assert_eq!(words(&disabled, "somchai"), words(&wrong, "somchai"), "a disabled account is told nobody");
}

#[tokio::test]
async fn a_mistake_keeps_the_name_and_never_the_password() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let page = attempt(&mut scene, "somchai", "wrong password").await;
    assert_eq!(page.fields("login-form")["username"], "somchai");
    assert!(!page.answer.body.contains("wrong password"));
    assert!(page.answer.body.contains("aria-invalid"));
    let page = attempt(&mut scene, "", "").await;
    assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.answer.body.contains("Enter your user name."));
}

#[tokio::test]
async fn names_and_passwords_are_one_however_they_are_typed() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let page = attempt(&mut scene, "  SOMCHAI ", PASSWORD).await;
    assert!(page.has("consent-form"), "{}", page.url);
}

#[tokio::test]
async fn from_the_fifth_failure_each_doubles_the_wait_up_to_a_quarter_of_an_hour() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    for _ in 0..5 {
        let page = attempt(&mut scene, "somchai", "wrong password").await;
        assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut waits = Vec::new();
    for _ in 0..12 {
        let page = attempt(&mut scene, "somchai", PASSWORD).await;
        assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS, "even the right password waits");
        let wait: i64 = page.answer.header("retry-after").parse().unwrap();
        waits.push(wait);
        scene.app.clock.advance(Duration::seconds(wait));
        // The journey is over after half an hour: a new one for the same name.
        scene.ask(&[]).await;
        attempt(&mut scene, "somchai", "wrong password").await;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
}

#[tokio::test]
async fn a_refused_attempt_does_not_lengthen_the_wait() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    for _ in 0..5 {
        attempt(&mut scene, "somchai", "wrong password").await;
    }
    for _ in 0..5 {
        let page = attempt(&mut scene, "somchai", PASSWORD).await;
        assert_eq!(page.answer.header("retry-after"), "1");
    }
    scene.app.clock.advance(Duration::seconds(1));
    assert!(attempt(&mut scene, "somchai", PASSWORD).await.has("consent-form"));
}

#[tokio::test]
async fn failures_are_counted_by_account_and_by_address_apart() {
    let mut scene = Scene::new().await;
    scene.app.user("other").await;
    scene.ask(&[]).await;
    for _ in 0..5 {
        attempt(&mut scene, "somchai", "wrong password").await;
    }
    // The address waits whatever the name ...
    let page = attempt(&mut scene, "other", PASSWORD).await;
    assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS);
    // ... and the name wherever it comes from.
    scene.browser.door.peer = "203.0.113.7".parse().unwrap();
    let page = attempt(&mut scene, "somchai", PASSWORD).await;
    assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        attempt(&mut scene, "other", PASSWORD).await.has("consent-form"),
        "another name, another address"
    );
}

#[tokio::test]
async fn one_sender_is_a_whole_64_of_ipv6() {
    let mut scene = Scene::new().await;
    scene.app.user("other").await;
    scene.ask(&[]).await;
    for host in 1..=5 {
        scene.browser.door.peer = format!("2001:db8:1:2::{host}").parse().unwrap();
        attempt(&mut scene, "somchai", "wrong password").await;
    }
    scene.browser.door.peer = "2001:db8:1:2:ffff::1".parse().unwrap();
    let page = attempt(&mut scene, "other", PASSWORD).await;
    assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS);
    scene.browser.door.peer = "2001:db8:1:3::1".parse().unwrap();
    assert!(attempt(&mut scene, "other", PASSWORD).await.has("consent-form"));
}

#[tokio::test]
async fn a_success_forgets_the_accounts_failures() {
    let mut scene = Scene::new().await;
    for _ in 0..3 {
        scene.ask(&[("prompt", "login")]).await;
        for _ in 0..4 {
            attempt(&mut scene, "somchai", "wrong password").await;
        }
        // Another address each time, whose own count does not reach the limit.
        scene.browser.door.peer = "198.51.100.9".parse().unwrap();
        scene.app.clock.advance(Duration::hours(25));
        scene.ask(&[("prompt", "login")]).await;
        assert!(!attempt(&mut scene, "somchai", PASSWORD).await.has("login-form"));
    }
}

#[tokio::test]
async fn a_forwarded_address_is_believed_from_listed_proxies_only() {
    let mut scene = Scene::new().await;
    scene.app.user("other").await;
    scene.ask(&[]).await;
    // A stranger who invents a new address for each attempt is still one sender.
    for host in 1..=5 {
        scene.browser.headers = vec![("x-forwarded-for".into(), format!("203.0.113.{host}"))];
        attempt(&mut scene, "somchai", "wrong password").await;
    }
    let page = attempt(&mut scene, "other", PASSWORD).await;
    assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS);
}
