//! Clauses of RFC 9700 that no other area's tests prove.

use axum::http::{Method, StatusCode};

use super::{CHALLENGE, Scene, VERIFIER, claims, text};
use crate::support::app::{CALLBACK, PASSWORD};

#[tokio::test]
async fn rfc_9700_s2_1_1_metadata_say_that_pkce_is_served_and_plain_is_not() {
    let scene = Scene::new().await;
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let document = scene.app.door.get(path).await.good();
        assert_eq!(document["code_challenge_methods_supported"], serde_json::json!(["S256"]), "{path}");
    }
}

#[tokio::test]
async fn rfc_9700_s4_12_forms_are_answered_by_303_so_no_browser_posts_the_password_on() {
    let mut scene = Scene::new().await;
    let stop = scene.answer(&[]).await;
    assert!(!stop.parameter("code").is_empty());
    let posts: Vec<_> = scene.browser.trail.iter().filter(|(method, ..)| *method == Method::POST).collect();
    assert!(posts.len() >= 2, "{posts:?}");
    for (_, path, status) in posts {
        assert_eq!(*status, StatusCode::SEE_OTHER, "{path}");
    }
}

#[tokio::test]
async fn rfc_9700_s4_2_4_nothing_that_people_see_is_told_to_the_next_site() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[]).await;
    assert_eq!(stop.answer.header("referrer-policy"), "no-referrer");
    let policy = stop.answer.header("content-security-policy").to_owned();
    // No part of a page comes from elsewhere, so none hears of its address.
    for foreign in ["http:", "https:", "*"] {
        let allowed = policy.split(';').filter(|directive| !directive.trim().starts_with("form-action"));
        assert!(allowed.clone().all(|d| !d.contains(foreign)), "{policy}");
    }
}

#[tokio::test]
async fn rfc_9700_s4_5_3_a_code_injected_into_another_session_lacks_its_verifier() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]).await;
    let thiefs = "M25iVXpKU3puUjFaYWg3T1NDTDQtcW1ROUY5YXlwalNoc0hhakxifmZHag";
    let stolen = scene.exchange(&code, &[("code_verifier", thiefs)]).await;
    assert_eq!((stolen.status.as_u16(), stolen.json()["error"].as_str()), (400, Some("invalid_grant")));
    scene.exchange(&code, &[("code_verifier", VERIFIER)]).await.good();
}

#[tokio::test]
async fn rfc_9700_s4_6_2_the_id_token_names_the_access_token_that_came_with_it() {
    let mut scene = Scene::new().await;
    let one = scene.tokens(&[]).await;
    let other = scene.tokens(&[]).await;
    let hash = |tokens| text(&claims(text(tokens, "id_token")), "at_hash").to_owned();
    assert_ne!(text(&one, "access_token"), text(&other, "access_token"));
    assert_ne!(hash(&one), hash(&other));
}

#[tokio::test]
async fn rfc_9700_s4_11_2_nobody_is_sent_to_an_address_that_was_not_registered() {
    let mut scene = Scene::new().await;
    for (name, value) in [
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", &format!("{CALLBACK}/../evil")),
        ("client_id", "nobody"),
    ] {
        // Not even with prompt=none, where no page of ours would come between.
        let stop = scene.ask(&[(name, value), ("prompt", "none")]).await;
        assert_eq!(stop.answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
        assert_eq!(stop.answer.header("location"), "");
    }
}

#[tokio::test]
async fn rfc_9700_s4_13_the_address_a_proxy_reports_is_believed_from_listed_proxies_alone() {
    let scene = Scene::new().await;
    let name = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https"), ("host", "evil.example")];
    let document = scene.app.door.call(Method::GET, "/.well-known/openid-configuration", &name, "").await;
    assert!(!document.body.contains("evil.example"), "the issuer is a setting, never a header");
}

#[tokio::test]
async fn rfc_9700_s2_4_a_client_that_did_not_list_it_has_no_password_grant() {
    let scene = Scene::new().await;
    let asked = [("grant_type", "password"), ("username", "somchai"), ("password", PASSWORD)];
    let answer = scene.app.door.post_as(&scene.rp, "/oauth2/token", &asked).await;
    assert_eq!((answer.status.as_u16(), answer.json()["error"].as_str()), (400, Some("unauthorized_client")));
}
