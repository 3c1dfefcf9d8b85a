//! When a person is asked, and what: prompt, max_age, hints, language, claims, consent.

use axum::http::StatusCode;
use serde_json::json;
use time::Duration;

use super::{Scene, claims, go_on, request, text};
use crate::support::app::PASSWORD;

#[tokio::test]
async fn prompt_none_without_a_session_is_login_required() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[("prompt", "none")]).await;
    assert_eq!(stop.parameter("error"), "login_required");
    assert_eq!(stop.parameter("state"), "state-1");
    assert_eq!(scene.browser.trail.len(), 1, "no page, no journey");
    assert!(scene.browser.cookie_names().is_empty());
}

#[tokio::test]
async fn prompt_none_without_consent_is_consent_required_and_with_it_a_code() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let stop = scene.ask(&[("prompt", "none"), ("scope", "openid email")]).await;
    assert_eq!(stop.parameter("error"), "consent_required");
    let stop = scene.ask(&[("prompt", "none")]).await;
    scene.exchange(&stop.parameter("code"), &[]).await.good();
}

#[tokio::test]
async fn prompt_login_asks_again_and_goes_on_with_the_session_under_a_new_cookie() {
    let mut scene = Scene::new().await;
    for prompt in ["login", "select_account"] {
        let before = claims(text(&scene.tokens(&[]).await, "id_token"));
        let cookie = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
        scene.app.clock.advance(Duration::seconds(30));
        let stop = scene.ask(&[("prompt", prompt)]).await;
        assert!(stop.has("login-form"), "{}", stop.url);
        let stop = go_on(&mut scene.browser, "somchai", stop).await;
        let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
        let after = claims(text(&tokens, "id_token"));
        assert_eq!(after["auth_time"].as_i64(), before["auth_time"].as_i64().map(|at| at + 30));
        // Relying parties are told of its end by this name, and a repeated sign-in is none.
        assert_eq!(after["sid"], before["sid"]);
        assert_ne!(scene.browser.cookie("__Host-tamga_session").unwrap(), cookie);
    }
}

#[tokio::test]
async fn prompt_consent_asks_again_though_it_was_remembered() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let stop = scene.ask(&[("prompt", "consent")]).await;
    assert!(stop.has("consent-form"));
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    assert!(!stop.parameter("code").is_empty());
    let stop = scene.ask(&[("prompt", "login consent")]).await;
    assert!(stop.has("login-form"));
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert!(scene.browser.here().has("consent-form"));
}

#[tokio::test]
async fn max_age_asks_when_the_sign_in_is_older() {
    let mut scene = Scene::new().await;
    let first = claims(text(&scene.tokens(&[]).await, "id_token"));
    scene.app.clock.advance(Duration::seconds(60));
    let young = scene.tokens(&[("max_age", "60")]).await;
    assert_eq!(claims(text(&young, "id_token"))["auth_time"], first["auth_time"]);
    for (max_age, prompt) in [("59", ""), ("0", "")] {
        let stop = scene.ask(&[("max_age", max_age), ("prompt", prompt)]).await;
        assert!(stop.has("login-form"), "max_age={max_age}");
    }
    let stop = scene.ask(&[("max_age", "59"), ("prompt", "none")]).await;
    assert_eq!(stop.parameter("error"), "login_required");
    // A sign-in of this journey will do, however long its pages stay open.
    scene.ask(&[("max_age", "0")]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert_eq!(scene.browser.trail.last().unwrap().2, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_after_8_idle_hours_and_after_24_in_any_case() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    scene.app.clock.advance(Duration::hours(8));
    assert_eq!(scene.ask(&[("prompt", "none")]).await.parameter("error"), "login_required");
    scene.code(&[]).await;
    for _ in 0..3 {
        scene.app.clock.advance(Duration::hours(7));
        let stop = scene.ask(&[("prompt", "none")]).await;
        assert!(!stop.parameter("code").is_empty());
    }
    scene.app.clock.advance(Duration::hours(4));
    assert_eq!(scene.ask(&[("prompt", "none")]).await.parameter("error"), "login_required");
}

#[tokio::test]
async fn login_hint_is_prefilled_and_editable() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[("login_hint", "\"><b>som chai")]).await;
    assert_eq!(stop.attribute("username", "value").as_deref(), Some("\"><b>som chai"));
    assert_eq!(stop.attribute("username", "readonly"), None);
    let stop = go_on(&mut scene.browser, "somchai", stop).await;
    assert!(!stop.parameter("code").is_empty());
}

#[tokio::test]
async fn a_good_id_token_hint_passes_silently_even_when_it_has_expired() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    scene.app.clock.advance(Duration::hours(2));
    let hint = text(&tokens, "id_token");
    let stop = scene.ask(&[("prompt", "none"), ("id_token_hint", hint)]).await;
    assert!(!stop.parameter("code").is_empty(), "{}", stop.url);
}

#[tokio::test]
async fn a_hint_that_names_another_account_asks_and_accepts_nobody_else() {
    let mut scene = Scene::new().await;
    let hint = text(&scene.tokens(&[]).await, "id_token").to_owned();
    let maria = [("first_name", "Maria", 0)];
    scene.app.user_with("maria", PASSWORD, &maria).await;
    scene.browser = scene.app.browser();
    let stop = scene.ask(&[]).await;
    go_on(&mut scene.browser, "maria", stop).await;
    let stop = scene.ask(&[("prompt", "none"), ("id_token_hint", &hint)]).await;
    assert_eq!(stop.parameter("error"), "login_required");
    let stop = scene.ask(&[("id_token_hint", &hint)]).await;
    assert!(stop.has("login-form"));
    let stop = go_on(&mut scene.browser, "maria", stop).await;
    assert_eq!(stop.parameter("error"), "login_required");
    let stop = scene.ask(&[("id_token_hint", &hint)]).await;
    let stop = go_on(&mut scene.browser, "somchai", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["sub"], scene.user.to_string());
}

#[tokio::test]
async fn a_hint_that_does_not_verify_is_login_required_with_prompt_none_and_ignored_with_pages() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let id_token = text(&tokens, "id_token");
    let other = scene.app.client("other", |_| {}).await;
    let stop = scene.browser.open(&request("other", &[])).await;
    let stop = go_on(&mut scene.browser, "somchai", stop).await;
    let foreign = scene.exchange_as(&other, &stop.parameter("code"), &[]).await.good();
    let (head, signature) = id_token.rsplit_once('.').unwrap();
    let tampered = format!("{head}.{}", signature.chars().rev().collect::<String>());
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", id_token.split('.').nth(1).unwrap());
    for hint in ["nonsense", &tampered, &unsigned, text(&tokens, "access_token"), text(&foreign, "id_token")]
    {
        let stop = scene.ask(&[("prompt", "none"), ("id_token_hint", hint)]).await;
        assert_eq!(stop.parameter("error"), "login_required", "{hint}");
        let stop = scene.ask(&[("id_token_hint", hint)]).await;
        assert!(!stop.parameter("code").is_empty(), "{hint}");
    }
}

#[tokio::test]
async fn ui_locales_chooses_the_language_of_the_pages() {
    let mut scene = Scene::new().await;
    for (tags, lang) in [("mn", "mn"), ("xx ru en", "ru"), ("th-TH", "th"), ("kk", "kk"), ("xx", "en")] {
        let stop = scene.ask(&[("ui_locales", tags)]).await;
        assert!(stop.answer.body.contains(&format!("<html lang=\"{lang}\"")), "{tags}");
    }
    let stop = scene.ask(&[("locale", "kk"), ("theme", "dark")]).await;
    assert!(stop.answer.body.contains("<html lang=\"kk\" data-theme=\"dark\""));
}

#[tokio::test]
async fn oidc_core_s5_5_the_claims_parameter_adds_claims_where_it_says() {
    let mut scene = Scene::new().await;
    let wished = json!({"id_token": {"email": null, "given_name": {"essential": true}, "nonsense": null},
                        "userinfo": {"phone_number": null}});
    let tokens = scene.tokens(&[("claims", &wished.to_string())]).await;
    let id_token = claims(text(&tokens, "id_token"));
    assert_eq!(
        (&id_token["email"], &id_token["given_name"]),
        (&json!("somchai@citizen.example"), &json!("Somchai"))
    );
    assert!(id_token.get("phone_number").is_none() && id_token.get("nonsense").is_none());
    let userinfo = scene.userinfo(text(&tokens, "access_token")).await.good();
    assert_eq!(userinfo, json!({"sub": scene.user, "phone_number": "+66812345678"}));
}

#[tokio::test]
async fn oidc_core_s5_5_1_a_demanded_sub_or_acr_that_cannot_be_met_is_refused() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let other = json!({"id_token": {"sub": {"value": uuid::Uuid::from_u128(7)}}}).to_string();
    let stop = scene.ask(&[("claims", &other), ("prompt", "none")]).await;
    assert_eq!(stop.parameter("error"), "login_required");
    let own = json!({"id_token": {"sub": {"value": scene.user}}}).to_string();
    let stop = scene.ask(&[("claims", &own), ("prompt", "none")]).await;
    assert!(!stop.parameter("code").is_empty());
    let high = json!({"id_token": {"acr": {"essential": true, "values": ["3"]}}}).to_string();
    let stop = scene.ask(&[("claims", &high), ("prompt", "none")]).await;
    assert_eq!(stop.parameter("error"), "unmet_authentication_requirements");
    scene.ask(&[("claims", &high)]).await;
    let stop = scene.browser.press("level-form", "level-back").await;
    assert_eq!(stop.parameter("error"), "unmet_authentication_requirements");
    // Not essential: a wish.
    let wish = json!({"id_token": {"acr": {"values": ["3"]}}}).to_string();
    assert!(!scene.ask(&[("claims", &wish)]).await.parameter("code").is_empty());
}

#[tokio::test]
async fn a_consent_that_is_not_to_be_remembered_is_asked_again() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    scene.browser.untick("remember", "yes");
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert!(scene.ask(&[]).await.has("consent-form"));
}

#[tokio::test]
async fn what_the_person_unticks_is_not_given() {
    let mut scene = Scene::new().await;
    scene.ask(&[("scope", "openid email phone")]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    scene.browser.untick("claim", "email");
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let userinfo = scene.userinfo(text(&tokens, "access_token")).await.good();
    assert!(userinfo.get("email").is_none() && userinfo.get("email_verified").is_none());
    assert_eq!(userinfo["phone_number"], "+66812345678");
    // Refused, and remembered as such: not asked again.
    assert!(!scene.ask(&[("scope", "openid email phone")]).await.parameter("code").is_empty());
}

#[tokio::test]
async fn a_person_who_refuses_or_cancels_sends_access_denied_once() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let login = scene.browser.here().clone();
    let stop = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(stop.parameter("error"), "access_denied");
    // The journey is over: its pages say so.
    let stop = scene.browser.open(&login.url[url::Position::BeforePath..]).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN, "its cookie is gone");
}

#[tokio::test]
async fn an_account_that_lacks_what_the_client_requires_needs_interaction() {
    let mut scene =
        Scene::with(|client| client.settings.require_attributes = vec!["citizen_id".to_owned()]).await;
    let stop = scene.answer(&[]).await;
    assert!(stop.has("attributes-form"), "{}", stop.url);
    let stop = scene.ask(&[("prompt", "none")]).await;
    assert_eq!(stop.parameter("error"), "interaction_required");
}

#[tokio::test]
async fn prompt_none_posted_by_another_sites_form_finds_the_session() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let rp = scene.rp.id().to_owned();
    let fields = [
        ("response_type", "code"),
        ("client_id", &*rp),
        ("redirect_uri", crate::support::app::CALLBACK),
        ("scope", "openid"),
        ("prompt", "none"),
    ];
    scene.browser.headers = vec![("sec-fetch-site".into(), "cross-site".into())];
    let stop = scene.browser.post_from_elsewhere("/oauth2/authorize", &fields).await;
    assert!(!stop.parameter("code").is_empty(), "{}", stop.away());
    let mut stranger = scene.app.browser();
    stranger.headers = scene.browser.headers.clone();
    let stop = stranger.post_from_elsewhere("/oauth2/authorize", &fields).await;
    assert_eq!(stop.parameter("error"), "login_required");
}
