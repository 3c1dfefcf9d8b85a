//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).

use axum::http::StatusCode;
use time::Duration;

use super::{Scene, changed, text};
use crate::support::{
    app::{BYE, PASSWORD},
    browser::Stop,
    door::encoded,
};

const PATH: &str = "/oauth2/logout";

/// A scene with a live session, and its id_token.
async fn signed_in() -> (Scene, String) {
    let mut scene = Scene::new().await;
    let id_token = text(&scene.tokens(&[]).await, "id_token").to_owned();
    (scene, id_token)
}

async fn logout(scene: &mut Scene, parameters: &[(&str, &str)]) -> Stop {
    scene.browser.open(&format!("{PATH}?{}", encoded(&changed(parameters, &[])))).await
}

async fn is_signed_in(scene: &mut Scene) -> bool {
    scene.ask(&[("prompt", "none")]).await.parameter("error") != "login_required"
}

#[tokio::test]
async fn a_good_hint_ends_the_session_and_goes_back_with_state() {
    let (mut scene, hint) = signed_in().await;
    let parameters =
        [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "a b&c")];
    let cookie = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    let stop = logout(&mut scene, &parameters).await;
    assert_eq!(stop.away().as_str(), format!("{BYE}?state=a+b%26c"));
    assert_eq!(scene.browser.cookie("__Host-tamga_session"), None);
    assert!(!is_signed_in(&mut scene).await);
    // The session itself is over, not just its cookie.
    scene.browser.plant("__Host-tamga_session", &cookie);
    assert!(!is_signed_in(&mut scene).await);
}

#[tokio::test]
async fn a_good_hint_without_an_address_ends_on_our_page() {
    let (mut scene, hint) = signed_in().await;
    assert!(logout(&mut scene, &[("id_token_hint", &hint)]).await.has("logged-out"));
    assert!(!is_signed_in(&mut scene).await);
}

#[tokio::test]
async fn rp_initiated_logout_s4_a_hint_that_has_expired_is_still_good() {
    let (mut scene, hint) = signed_in().await;
    scene.app.clock.advance(Duration::hours(2));
    let parameters = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE)];
    assert_eq!(logout(&mut scene, &parameters).await.away().as_str(), BYE);
    assert!(!is_signed_in(&mut scene).await);
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked() {
    let (mut scene, _) = signed_in().await;
    let stop = logout(&mut scene, &[]).await;
    assert!(stop.has("logout-form"));
    assert!(is_signed_in(&mut scene).await);
    logout(&mut scene, &[]).await;
    let stop = scene.browser.press("logout-form", "logout-confirm").await;
    assert!(stop.has("logged-out"));
    assert!(!is_signed_in(&mut scene).await);
}

#[tokio::test]
async fn a_post_without_the_csrf_token_ends_nothing() {
    let (mut scene, _) = signed_in().await;
    for fields in [vec![], vec![("csrf", "wrong")], vec![("csrf", "")]] {
        assert!(scene.browser.post(PATH, &fields).await.has("logout-form"));
        assert!(is_signed_in(&mut scene).await);
    }
}

#[tokio::test]
async fn a_doubtful_hint_never_redirects_it_asks() {
    let (mut scene, hint) = signed_in().await;
    let (head, _) = hint.rsplit_once('.').unwrap();
    let forged = format!("{head}.AAAA");
    for doubtful in ["nonsense", &forged, ""] {
        let parameters = [
            ("id_token_hint", doubtful),
            ("client_id", "rp"),
            ("post_logout_redirect_uri", BYE),
            ("state", "s"),
        ];
        let stop = logout(&mut scene, &parameters).await;
        assert!(stop.has("logout-form"), "{doubtful}: {}", stop.url);
        assert!(is_signed_in(&mut scene).await);
        logout(&mut scene, &parameters).await;
        let stop = scene.browser.press("logout-form", "logout-confirm").await;
        // Even then there is a link, no redirect.
        assert!(stop.has("logged-out"));
        assert!(
            stop.answer.body.contains("href=\"https:&#x2f;&#x2f;rp.example&#x2f;bye?state=s\"")
                || stop.answer.body.contains(&format!("href=\"{BYE}?state=s\"")),
            "{}",
            stop.answer.body
        );
        scene.code(&[]).await;
    }
}

#[tokio::test]
async fn a_hint_about_another_session_or_person_asks() {
    let (mut scene, hint) = signed_in().await;
    // The same person at another browser.
    let first = std::mem::replace(&mut scene.browser, scene.app.browser());
    scene.code(&[]).await;
    let parameters = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE)];
    assert!(logout(&mut scene, &parameters).await.has("logout-form"));
    // Another person.
    scene.app.user_with("maria", PASSWORD, &[]).await;
    scene.browser = scene.app.browser();
    let stop = scene.ask(&[]).await;
    super::go_on(&mut scene.browser, "maria", stop).await;
    assert!(logout(&mut scene, &parameters).await.has("logout-form"));
    assert!(is_signed_in(&mut scene).await);
    scene.browser = first;
    assert!(is_signed_in(&mut scene).await, "and the session it speaks of lives on");
}

#[tokio::test]
async fn an_address_that_is_not_registered_gets_a_page_and_ends_nothing() {
    let (mut scene, hint) = signed_in().await;
    for other in ["https://rp.example/bye/", "https://evil.example/", "https://rp.example/cb"] {
        for hint in [hint.as_str(), ""] {
            let parameters =
                [("id_token_hint", hint), ("client_id", "rp"), ("post_logout_redirect_uri", other)];
            let stop = logout(&mut scene, &parameters).await;
            assert_eq!(stop.answer.status, StatusCode::BAD_REQUEST);
            assert!(stop.text("error-description").contains("post_logout_redirect_uri"));
        }
    }
    // Nobody named a client: nothing is registered.
    let stop = logout(&mut scene, &[("post_logout_redirect_uri", BYE)]).await;
    assert_eq!(stop.text("error-code"), "invalid_request");
    assert!(is_signed_in(&mut scene).await);
}

#[tokio::test]
async fn rp_initiated_logout_s2_a_client_id_beside_the_hint_must_be_its_audience() {
    let (mut scene, hint) = signed_in().await;
    scene.app.client("other", |_| {}).await;
    let stop = logout(&mut scene, &[("id_token_hint", &hint), ("client_id", "other")]).await;
    assert_eq!(stop.answer.status, StatusCode::BAD_REQUEST);
    assert!(stop.text("error-description").contains("client_id"));
    assert!(is_signed_in(&mut scene).await);
    assert!(logout(&mut scene, &[("id_token_hint", &hint), ("client_id", "rp")]).await.has("logged-out"));
}

#[tokio::test]
async fn rp_initiated_logout_s2_a_post_from_the_client_is_as_good_as_a_get() {
    let (mut scene, hint) = signed_in().await;
    let parameters = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s")];
    // The browser sends no SameSite=Lax cookie with it, and still the session must end.
    let stop = scene.browser.post_from_elsewhere(PATH, &parameters).await;
    assert_eq!(stop.away().as_str(), format!("{BYE}?state=s"));
    assert!(!is_signed_in(&mut scene).await);
}

#[tokio::test]
async fn when_nobody_is_signed_in_there_is_nothing_to_ask() {
    let (mut scene, hint) = signed_in().await;
    scene.browser = scene.app.browser();
    let parameters = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE)];
    assert_eq!(logout(&mut scene, &parameters).await.away().as_str(), BYE);
    let stop = logout(&mut scene, &[("client_id", "rp"), ("post_logout_redirect_uri", BYE)]).await;
    assert!(stop.has("logged-out"), "without a hint of ours nobody is sent away");
    assert!(logout(&mut scene, &[]).await.has("logged-out"));
}

#[tokio::test]
async fn repeated_parameters_are_refused_by_name() {
    let (mut scene, hint) = signed_in().await;
    let path = format!("{PATH}?id_token_hint={hint}&state=1&state=2");
    let stop = scene.browser.open(&path).await;
    assert_eq!(stop.text("error-code"), "invalid_request");
    assert!(stop.text("error-description").contains("state"));
    assert!(is_signed_in(&mut scene).await);
}

#[tokio::test]
async fn rp_initiated_logout_s2_a_logout_hint_that_is_somebody_elses_makes_it_doubtful() {
    let (mut scene, hint) = signed_in().await;
    for somebody_else in ["maria", "maria@citizen.example", "+66811111111"] {
        let stop = logout(&mut scene, &[("id_token_hint", &hint), ("logout_hint", somebody_else)]).await;
        assert!(stop.has("logout-form"), "{somebody_else}");
        assert_eq!(stop.fields("logout-form")["logout_hint"], somebody_else);
        assert!(is_signed_in(&mut scene).await);
    }
    for own in ["Somchai", "SOMCHAI@citizen.example", "+66812345678"] {
        assert!(
            logout(&mut scene, &[("logout_hint", own)]).await.has("logout-form"),
            "alone it proves nothing"
        );
        let hint = text(&scene.tokens(&[]).await, "id_token").to_owned();
        let stop = logout(&mut scene, &[("id_token_hint", &hint), ("logout_hint", own)]).await;
        assert!(stop.has("logged-out"), "{own}");
        scene.code(&[]).await;
    }
}

#[tokio::test]
async fn rp_initiated_logout_s2_the_page_speaks_the_language_asked_for() {
    let (mut scene, _) = signed_in().await;
    let stop = logout(&mut scene, &[("ui_locales", "xx mn en")]).await;
    assert!(stop.answer.body.contains("<html lang=\"mn\""));
}

#[tokio::test]
async fn a_pairwise_clients_hint_means_the_session_by_the_names_it_knows() {
    let mut scene = Scene::new().await;
    let mut client = scene.rp.clone();
    let pairwise = tamga::model::relying_party::SubjectType::Pairwise;
    scene.app.change_client(&mut client, |client| client.settings.oidc.subject_type = pairwise).await;
    let hint = text(&scene.tokens(&[]).await, "id_token").to_owned();
    let parameters = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE)];
    assert_eq!(logout(&mut scene, &parameters).await.away().as_str(), BYE);
    assert!(!is_signed_in(&mut scene).await);
}
