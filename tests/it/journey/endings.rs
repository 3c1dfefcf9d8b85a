//! How journeys end: answered, cancelled, too late, twice.

use axum::http::StatusCode;
use time::Duration;

use crate::{
    oauth2::{Scene, claims, text},
    support::app::PASSWORD,
};

#[tokio::test]
async fn cancel_goes_back_with_access_denied_from_every_page() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let back = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(back.parameter("error"), "access_denied");
    assert_eq!(back.parameter("state"), "state-1");
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    let back = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(back.parameter("error"), "access_denied");
    assert!(!back.away().query().unwrap().contains("code="));
}

#[tokio::test]
async fn refusing_consent_is_access_denied_and_is_not_remembered() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    let back = scene.browser.press("consent-form", "consent-deny").await;
    assert_eq!(back.parameter("error"), "access_denied");
    assert!(scene.ask(&[]).await.has("consent-form"), "asked again, signed in still");
}

#[tokio::test]
async fn what_is_unticked_is_not_given_and_not_asked_again() {
    let mut scene = Scene::new().await;
    let scope = [("scope", "openid email phone")];
    scene.ask(&scope).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    scene.browser.untick("claim", "email");
    let back = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&back.parameter("code"), &[]).await.good();
    let given = scene.userinfo(text(&tokens, "access_token")).await.good();
    assert!(given.get("email").is_none() && given.get("email_verified").is_none(), "{given}");
    assert!(given.get("phone_number").is_some(), "{given}");
    let again = scene.ask(&scope).await;
    assert!(!again.parameter("code").is_empty(), "answered at once");
}

#[tokio::test]
async fn a_consent_not_to_be_remembered_is_asked_again() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    scene.browser.untick("remember", "yes");
    let back = scene.browser.press("consent-form", "consent-allow").await;
    assert!(!back.parameter("code").is_empty());
    assert!(scene.ask(&[]).await.has("consent-form"));
}

#[tokio::test]
async fn a_second_press_of_allow_is_harmless() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let page = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    let fields = page.fields("consent-form");
    let sent = [("journey", &*fields["journey"]), ("csrf", &*fields["csrf"]), ("decision", "allow")];
    let first = scene.browser.post("/consent", &sent).await;
    assert!(!first.parameter("code").is_empty());
    let second = scene.browser.post("/consent", &sent).await;
    assert!(second.answer.status.is_client_error());
    scene.exchange(&first.parameter("code"), &[]).await.good();
}

#[tokio::test]
async fn an_expired_journey_says_so() {
    let mut scene = Scene::new().await;
    let page = scene.ask(&[]).await;
    let fields = page.fields("login-form");
    // The browser forgets the cookie with the journey; one that keeps it is told the same.
    let name = format!("__Host-tamga_journey_{}", fields["journey"].replace('-', ""));
    let cookie = scene.browser.cookie(&name).unwrap().to_owned();
    scene.app.clock.advance(Duration::minutes(31));
    scene.browser.plant(&name, &cookie);
    let sent = [
        ("journey", &*fields["journey"]),
        ("csrf", &*fields["csrf"]),
        ("username", "somchai"),
        ("password", PASSWORD),
    ];
    let page = scene.browser.post("/login", &sent).await;
    assert_eq!(page.answer.status, StatusCode::GONE);
    assert_eq!(page.text("error-code"), "journey_ended");
}

#[tokio::test]
async fn an_unknown_journey_is_a_page_whatever_it_looks_like() {
    let mut scene = Scene::new().await;
    for path in [
        "/continue/nonsense",
        "/continue/00000000-0000-7000-8000-000000000000",
        "/login?journey=nonsense",
        "/consent?journey=%FF",
    ] {
        let page = scene.browser.open(path).await;
        assert!(page.answer.status.is_client_error(), "{path}");
        assert!(page.has("error-code"), "{path}");
    }
}

#[tokio::test]
async fn a_session_ends_after_its_idle_and_its_whole_time() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    scene.app.clock.advance(Duration::hours(9));
    assert!(scene.ask(&[]).await.has("login-form"), "8 h idle");
    scene.code(&[]).await;
    for _ in 0..4 {
        scene.app.clock.advance(Duration::hours(5));
        assert!(!scene.ask(&[]).await.parameter("code").is_empty(), "used within 8 h");
    }
    scene.app.clock.advance(Duration::hours(5));
    assert!(scene.ask(&[]).await.has("login-form"), "24 h whole");
}

#[tokio::test]
async fn disabling_a_person_ends_their_sessions_at_once() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    scene.app.disable_user(scene.user).await;
    assert!(scene.ask(&[]).await.has("login-form"));
}

#[tokio::test]
async fn a_required_attribute_that_can_not_be_typed_is_named_to_the_client() {
    let mut scene = Scene::with(|client| client.settings.require_attributes = vec!["photo".into()]).await;
    scene.ask(&[]).await;
    let back = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert_eq!(back.parameter("error"), "access_denied");
    assert!(back.parameter("error_description").contains("photo"));
}

#[tokio::test]
async fn the_language_clicked_stays_for_the_pages_after() {
    let mut scene = Scene::new().await;
    let page = scene.ask(&[("ui_locales", "th")]).await;
    assert!(page.answer.body.contains("lang=\"th\""));
    let journey = page.fields("login-form")["journey"].clone();
    let page = scene.browser.open(&format!("/login?journey={journey}&lang=mn")).await;
    assert!(page.answer.body.contains("lang=\"mn\""));
    let home = scene.browser.open("/").await;
    assert!(home.answer.body.contains("lang=\"mn\""));
}

#[tokio::test]
async fn two_instances_share_sessions_and_journeys() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let other = scene.app.another().await;
    scene.browser.door = other.door.clone();
    let page = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert!(page.has("consent-form"), "begun at one, continued at the other");
    scene.browser.door = scene.app.door.clone();
    let back = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&back.parameter("code"), &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["sub"], scene.user.to_string());
}
