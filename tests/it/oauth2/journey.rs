//! What may change between a request and its answer, and the profiles' other addresses.

use axum::http::{Method, StatusCode};
use time::Duration;

use super::{Scene, text};
use crate::support::app::{PASSWORD, TestApp};

const RIGHT: [(&str, &str); 2] = [("username", "somchai"), ("password", PASSWORD)];

#[tokio::test]
async fn a_client_that_lost_its_address_meanwhile_is_not_returned_to() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let elsewhere = |client: &mut tamga::model::client::Client| {
        client.redirect_uris = vec!["https://rp.example/new".to_owned()];
    };
    scene.app.change_client(&mut scene.rp, elsewhere).await;
    for (form, button) in [("cancel-form", "cancel"), ("login-form", "login-submit")] {
        let mut browser = scene.browser.clone();
        let stop = browser.press(form, button).await;
        assert_eq!(stop.answer.status, StatusCode::BAD_REQUEST);
        assert!(stop.text("error-description").contains("redirect_uri"));
    }
}

#[tokio::test]
async fn a_client_disabled_meanwhile_gets_no_answer() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &RIGHT).await;
    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = Some(now)).await;
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(stop.text("error-code"), "unauthorized_client");
}

#[tokio::test]
async fn a_journey_lasts_30_minutes() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let mut other = scene.browser.clone();
    scene.app.clock.advance(Duration::seconds(1799));
    assert!(scene.browser.submit("login-form", &RIGHT).await.has("consent-form"));
    scene.app.clock.advance(Duration::seconds(1));
    let stop = other.submit("login-form", &RIGHT).await;
    // Its cookie ended with it.
    assert!(matches!(stop.answer.status, StatusCode::GONE | StatusCode::FORBIDDEN), "{}", stop.answer.status);
    assert!(stop.has("request-id"));
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_everywhere_and_cannot_sign_in() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    scene.app.disable_user(scene.user).await;
    assert_eq!(scene.ask(&[("prompt", "none")]).await.parameter("error"), "login_required");
    scene.ask(&[]).await;
    let stop = scene.browser.submit("login-form", &RIGHT).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Who has an account, and whether it is disabled, can't be told from the answer.
    let mut stranger = scene.app.browser();
    stranger.open(&scene.request(&[])).await;
    let other = stranger.submit("login-form", &[("username", "nobody"), ("password", PASSWORD)]).await;
    assert_eq!(other.answer.status, stop.answer.status);
    assert_eq!(other.text("password-error"), stop.text("password-error"));
}

#[tokio::test]
async fn a_request_sees_the_person_where_they_are_whatever_they_press_twice() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let mut twice = scene.browser.clone();
    scene.browser.submit("login-form", &RIGHT).await;
    // The same form again, as a double click sends it: the journey goes on.
    let stop = twice.submit("login-form", &RIGHT).await;
    assert!(stop.has("consent-form"), "{}", stop.url);
}

#[tokio::test]
async fn the_profiles_addresses_lead_to_the_same_endpoints() {
    let on = [("profiles.aitu", "true"), ("profiles.digital_id_th", "true")];
    let off = [("profiles.aitu", "false"), ("profiles.digital_id_th", "false")];
    let (on, off) = (TestApp::with(&on).await, TestApp::with(&off).await);
    for (method, alias, canonical) in [
        (Method::GET, "/oauth2/auth", "/oauth2/authorize"),
        (Method::POST, "/oauth2/auth", "/oauth2/authorize"),
        (Method::POST, "/api/v1/oauth/token", "/oauth2/token"),
        (Method::GET, "/sessions/logout", "/oauth2/logout"),
        (Method::GET, "/oauth2/sessions/logout", "/oauth2/logout"),
        (Method::GET, "/connect/authorize", "/oauth2/authorize"),
        (Method::POST, "/connect/token", "/oauth2/token"),
        (Method::GET, "/connect/userinfo", "/oauth2/userinfo"),
        (Method::GET, "/connect/endsession", "/oauth2/logout"),
    ] {
        let one = on.door.call(method.clone(), alias, &[], "").await;
        let other = on.door.call(method.clone(), canonical, &[], "").await;
        assert_eq!(one.status, other.status, "{alias}");
        assert_ne!(one.status, 404, "{alias}");
        assert_eq!(off.door.call(method, alias, &[], "").await.status, 404, "{alias}");
    }
    let mut scene = Scene::at(on, |_| {}).await;
    let request = scene.request(&[]).replace("/oauth2/authorize", "/oauth2/auth");
    let stop = scene.browser.open(&request).await;
    let stop = super::go_on(&mut scene.browser, "somchai", stop).await;
    let code = stop.parameter("code");
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", crate::support::app::CALLBACK),
    ];
    let tokens = scene.app.door.post_as(&scene.rp, "/api/v1/oauth/token", &fields).await.good();
    scene.userinfo(text(&tokens, "access_token")).await.good();
}
