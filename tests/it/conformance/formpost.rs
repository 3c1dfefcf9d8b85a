//! `oidcc-formpost-implicit-certification-test-plan` and `oidcc-formpost-hybrid-certification-test-plan`:
//! the modules of those flows whose answers come by `response_mode=form_post`.

use super::authorization::{Told, check, exchange, scene};
use crate::{
    oauth2::{Scene, claims, text},
    support::{app::CALLBACK, browser::Stop},
};

const TYPES: [&str; 5] = ["id_token", "id_token token", "code id_token", "code token", "code id_token token"];

const FORM: (&str, &str) = ("response_mode", "form_post");

/// The fields of an answer by form (OAuth 2.0 Form Post Response Mode §2).
#[track_caller]
fn posted(stop: &Stop) -> Told {
    assert_eq!(stop.attribute("form-post", "action").as_deref(), Some(CALLBACK));
    assert_eq!(stop.answer.header("cache-control"), "no-store");
    stop.fields("form-post")
}

async fn ask(scene: &mut Scene, response_type: &str, change: &[(&str, &str)]) -> Told {
    let change: Vec<_> = [("response_type", response_type), FORM].iter().chain(change).copied().collect();
    let told = posted(&scene.answer(&change).await);
    check(scene, response_type, &told).await;
    told
}

#[tokio::test]
async fn oidcc_server() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = ask(&mut scene, response_type, &[]).await;
        if told.contains_key("code") {
            exchange(&scene, &told).await;
        }
        if let Some(token) = told.get("access_token") {
            scene.userinfo(token).await.good();
        }
    }
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_fails() {
    let mut scene = scene().await;
    for response_type in TYPES.into_iter().filter(|words| words.contains("id_token")) {
        let stop = scene.ask(&[("response_type", response_type), FORM, ("nonce", "")]).await;
        let told = posted(&stop);
        assert_eq!((told["error"].as_str(), told["state"].as_str()), ("invalid_request", "state-1"));
    }
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let stop = scene.ask(&[("response_type", response_type), FORM, ("prompt", "none")]).await;
        assert_eq!(posted(&stop)["error"], "login_required");
    }
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in() {
    let mut scene = scene().await;
    for response_type in TYPES {
        ask(&mut scene, response_type, &[]).await;
        ask(&mut scene, response_type, &[("prompt", "none")]).await;
    }
}

#[tokio::test]
async fn oidcc_scope_email() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = ask(&mut scene, response_type, &[("scope", "openid email")]).await;
        let tokens = match told.contains_key("code") {
            true => Some(exchange(&scene, &told).await),
            false => None,
        };
        let token = tokens.as_ref().map(|tokens| text(tokens, "access_token"));
        let token = token.or(told.get("access_token").map(String::as_str));
        let claims = match token {
            Some(token) => scene.userinfo(token).await.good(),
            None => claims(&told["id_token"]),
        };
        assert_eq!(claims["email"], "somchai@citizen.example", "{response_type}");
    }
}

#[tokio::test]
async fn oidcc_codereuse_30seconds() {
    let mut scene = scene().await;
    for response_type in TYPES.into_iter().filter(|words| words.contains("code")) {
        let told = ask(&mut scene, response_type, &[]).await;
        let tokens = exchange(&scene, &told).await;
        scene.app.clock.advance(time::Duration::seconds(30));
        assert_eq!(scene.exchange(&told["code"], &[]).await.error(400), "invalid_grant");
        assert_eq!(scene.userinfo(text(&tokens, "access_token")).await.error(401), "invalid_token");
    }
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let other = format!("{CALLBACK}/other");
        let stop = scene.ask(&[("response_type", response_type), FORM, ("redirect_uri", &other)]).await;
        assert!(stop.has("error-code"), "a page, no form");
    }
}
