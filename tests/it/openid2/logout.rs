//! Signing out for relying parties of OpenID 2.0.

use axum::http::StatusCode;

use super::scene::{Scene, request};
use crate::support::{app::TestApp, browser::Stop, door::encoded};

const PATH: &str = "/openid2/logout";
const BACK: &str = "https://rp.example/signed-out?a=%7e&b=c";

async fn signed_in() -> Scene {
    let mut scene = Scene::at(TestApp::with(&[("profiles.egov_th", "true")]).await, |_| {}).await;
    scene.answer(&[]).await.away();
    scene
}

async fn logout(scene: &mut Scene, back: &str) -> Stop {
    scene.browser.open(&format!("{PATH}?{}", encoded(&[("return_to", back)]))).await
}

async fn is_signed_in(scene: &mut Scene) -> bool {
    scene.ask(&[("openid.mode", "checkid_immediate")]).await.parameter("openid.mode") == "id_res"
}

#[tokio::test]
async fn an_address_in_the_realm_of_a_client_that_took_part_ends_the_session_and_goes_back() {
    for (path, parameter) in [(PATH, "return_to"), ("/Logout.aspx", "returnUrl")] {
        let mut scene = signed_in().await;
        let cookie = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
        let stop = scene.browser.open(&format!("{path}?{}", encoded(&[(parameter, BACK)]))).await;
        assert_eq!(stop.away().as_str(), BACK, "byte for byte");
        assert_eq!(scene.browser.cookie("__Host-tamga_session"), None);
        // The session itself is over, not just its cookie.
        scene.browser.plant("__Host-tamga_session", &cookie);
        assert!(!is_signed_in(&mut scene).await);
    }
}

#[tokio::test]
async fn any_other_address_is_never_gone_to_and_ends_nothing_unasked() {
    let mut scene = signed_in().await;
    let other = |client: &mut tamga::model::client::Client| {
        client.settings.openid2_realms = vec!["https://other.example/".to_owned()];
    };
    scene.app.client("other", other).await;
    scene.app.app.clients.clear();
    for back in [
        "https://other.example/",
        "https://evil.example/",
        "https://rp.example.evil.example/",
        "https://rp.example@evil.example/",
        "https://rp.example\\@evil.example/",
        "https:///rp.example/",
        "//rp.example/",
        "/\\rp.example/",
        "http://rp.example/",
        "https://rp.example:8443/",
        "javascript://rp.example/%0aalert(1)",
        "https://rp.example/\r\nSet-Cookie: a=b",
        "https://rp.example/ก",
        "rp.example",
        "",
    ] {
        let stop = logout(&mut scene, back).await;
        assert!(stop.has("logout-form"), "{back}: {}", stop.url);
        assert!(is_signed_in(&mut scene).await, "{back}");
    }
    let twice = scene.browser.open(&format!("{PATH}?return_to={BACK}&return_to={BACK}")).await;
    assert_eq!(twice.answer.status, StatusCode::BAD_REQUEST);
    assert!(is_signed_in(&mut scene).await);
}

#[tokio::test]
async fn a_client_that_took_part_in_another_session_only_has_to_ask() {
    let mut scene = signed_in().await;
    let mut first = std::mem::replace(&mut scene.browser, scene.app.browser());
    // The same person at another browser, by way of our own page: no client took part.
    scene.browser.open("/login").await;
    let password = crate::support::app::PASSWORD;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", password)]).await;
    assert!(logout(&mut scene, BACK).await.has("logout-form"));
    std::mem::swap(&mut first, &mut scene.browser);
    assert_eq!(logout(&mut scene, BACK).await.away().as_str(), BACK);
}

#[tokio::test]
async fn after_the_question_the_person_stays_here_with_a_link() {
    let mut scene = signed_in().await;
    let other = |client: &mut tamga::model::client::Client| {
        client.settings.openid2_realms = vec!["https://other.example/".to_owned()];
    };
    scene.app.client("other", other).await;
    scene.app.app.clients.clear();
    for (back, linked) in [("https://other.example/bye", true), ("https://evil.example/bye", false)] {
        scene.answer(&[]).await;
        let stop = logout(&mut scene, back).await;
        assert_eq!(stop.answer.body.contains("The service other"), linked);
        let stop = scene.browser.press("logout-form", "logout-confirm").await;
        assert!(stop.has("logged-out"), "{}", stop.url);
        let body = stop.answer.body.replace("&#x2f;", "/");
        assert_eq!(body.contains(&format!("href=\"{back}\"")), linked, "{body}");
        assert!(!is_signed_in(&mut scene).await);
    }
}

#[tokio::test]
async fn a_post_without_the_csrf_token_ends_nothing_even_with_a_good_address() {
    let mut scene = signed_in().await;
    for fields in [vec![("return_to", BACK)], vec![("return_to", BACK), ("csrf", "wrong")], vec![]] {
        assert!(scene.browser.post(PATH, &fields).await.has("logout-form"));
        assert!(is_signed_in(&mut scene).await);
    }
    let elsewhere = scene.browser.post_from_elsewhere(PATH, &[("return_to", "https://evil.example/")]).await;
    assert!(elsewhere.has("logout-form"), "nobody is told that they are signed out when they are not");
}

#[tokio::test]
async fn a_client_that_was_shut_out_no_longer_signs_anybody_out() {
    let mut scene = signed_in().await;
    let now = scene.app.clock.now();
    let mut rp = scene.rp.clone();
    scene.app.change_client(&mut rp, |client| client.disabled_at = Some(now)).await;
    let stop = logout(&mut scene, BACK).await;
    assert!(stop.has("logout-form"));
}

#[tokio::test]
async fn when_nobody_is_signed_in_there_is_nothing_to_ask_and_nowhere_to_be_sent() {
    let mut scene = signed_in().await;
    scene.browser = scene.app.browser();
    for (back, linked) in [(BACK, true), ("https://evil.example/", false)] {
        let stop = logout(&mut scene, back).await;
        assert!(stop.has("logged-out"), "{}", stop.url);
        assert_eq!(stop.answer.body.contains("class=\"button\""), linked);
    }
    assert!(scene.browser.open(&request(&[])).await.has("login-form"));
}
