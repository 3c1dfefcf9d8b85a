//! `oidcc-implicit-certification-test-plan`: `id_token` and `id_token token`.

use axum::http::Method;
use serde_json::{Value, json};
use time::Duration;

use super::authorization::{ask, scene};
use crate::{
    oauth2::{Scene, claims, header},
    support::app::{CALLBACK, PASSWORD},
};

const TYPES: [&str; 2] = ["id_token", "id_token token"];
const BOTH: &str = "id_token token";

/// The claims of a request's scopes: at userinfo where there is an access token, or in the id_token.
async fn of_scopes(scene: &mut Scene, response_type: &str, scope: &str) -> Value {
    let told = ask(scene, response_type, &[("scope", scope)]).await;
    match told.get("access_token") {
        Some(token) => {
            let in_id_token = claims(&told["id_token"]);
            let userinfo = scene.userinfo(token).await.good();
            // OpenID Connect Core §5.4: with an access token they come from userinfo.
            for name in ["name", "email", "address", "phone_number"] {
                assert_eq!(in_id_token.get(name), None, "{name}");
            }
            userinfo
        }
        None => claims(&told["id_token"]),
    }
}

#[tokio::test]
async fn oidcc_server() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = ask(&mut scene, response_type, &[]).await;
        if let Some(token) = told.get("access_token") {
            assert_eq!(scene.userinfo(token).await.good()["sub"], json!(scene.user));
        }
    }
}

#[tokio::test]
async fn oidcc_response_type_missing() {
    let stop = scene().await.ask(&[("response_type", "")]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
}

#[tokio::test]
async fn oidcc_idtoken_signature() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = ask(&mut scene, response_type, &[]).await;
        let header = header(&told["id_token"]);
        assert_eq!(header["alg"], "RS256");
        assert!(header["kid"].is_string());
    }
}

#[tokio::test]
async fn oidcc_userinfo_get() {
    let mut scene = scene().await;
    let token = ask(&mut scene, BOTH, &[]).await["access_token"].clone();
    assert_eq!(scene.userinfo(&token).await.good()["sub"], json!(scene.user));
}

#[tokio::test]
async fn oidcc_userinfo_post_header() {
    let mut scene = scene().await;
    let bearer = format!("Bearer {}", ask(&mut scene, BOTH, &[]).await["access_token"]);
    let headers = [("authorization", bearer.as_str())];
    let answer = scene.app.door.call(Method::POST, "/oauth2/userinfo", &headers, "").await;
    assert_eq!(answer.good()["sub"], json!(scene.user));
}

#[tokio::test]
async fn oidcc_userinfo_post_body() {
    let mut scene = scene().await;
    let token = ask(&mut scene, BOTH, &[]).await["access_token"].clone();
    let answer = scene.app.door.post("/oauth2/userinfo", &[("access_token", &token)]).await;
    assert_eq!(answer.good()["sub"], json!(scene.user));
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_fails() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = scene.ask(&[("response_type", response_type), ("nonce", "")]).await.in_fragment();
        assert_eq!(told["error"], "invalid_request");
        assert!(told["error_description"].contains("nonce"));
    }
}

#[tokio::test]
async fn oidcc_scope_profile() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let claims = of_scopes(&mut scene, response_type, "openid profile").await;
        for name in ["name", "given_name", "family_name", "birthdate", "updated_at"] {
            assert!(claims.get(name).is_some(), "{name} of {response_type}");
        }
    }
}

#[tokio::test]
async fn oidcc_scope_email() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let claims = of_scopes(&mut scene, response_type, "openid email").await;
        assert_eq!(claims["email"], "somchai@citizen.example");
        assert_eq!(claims["email_verified"], true);
    }
}

#[tokio::test]
async fn oidcc_scope_address() {
    let mut scene = scene().await;
    let attributes = [("first_name", "Maria", 2), ("address.province", "Bangkok", 0)];
    scene.user = scene.app.user_with("maria", PASSWORD, &attributes).await;
    let stop = scene.ask(&[]).await;
    crate::oauth2::go_on(&mut scene.browser, "maria", stop).await;
    for response_type in TYPES {
        let claims = of_scopes(&mut scene, response_type, "openid address").await;
        assert_eq!(claims["address"]["region"], "Bangkok");
    }
}

#[tokio::test]
async fn oidcc_scope_phone() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let claims = of_scopes(&mut scene, response_type, "openid phone").await;
        assert_eq!(claims["phone_number"], "+66812345678");
    }
}

#[tokio::test]
async fn oidcc_scope_all() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let claims = of_scopes(&mut scene, response_type, "openid email phone address profile").await;
        for name in ["name", "email", "phone_number"] {
            assert!(claims.get(name).is_some(), "{name} of {response_type}");
        }
    }
}

#[tokio::test]
async fn oidcc_alternate_happy_flow() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let claims = of_scopes(&mut scene, response_type, "email openid").await;
        assert_eq!(claims["email"], "somchai@citizen.example");
    }
    // The words of the type in another order are the same type.
    let told = scene.answer(&[("response_type", "token id_token")]).await.in_fragment();
    super::authorization::check(&scene, BOTH, &told).await;
}

#[tokio::test]
async fn oidcc_display_page_popup_login_hint_ui_locales_claims_locales_unknown_parameter_and_acr_values() {
    let mut scene = scene().await;
    for response_type in TYPES {
        for parameter in [
            ("display", "page"),
            ("display", "popup"),
            ("login_hint", "somchai@citizen.example"),
            ("ui_locales", "se"),
            ("claims_locales", "se"),
            ("extra", "foobar"),
            ("acr_values", "0 1"),
        ] {
            let told = ask(&mut scene, response_type, &[parameter]).await;
            assert_eq!(claims(&told["id_token"])["acr"], "0");
        }
    }
}

#[tokio::test]
async fn oidcc_prompt_login() {
    for response_type in TYPES {
        let mut scene = scene().await;
        let first = ask(&mut scene, response_type, &[]).await;
        scene.app.clock.advance(Duration::seconds(1));
        assert!(scene.ask(&[("response_type", response_type), ("prompt", "login")]).await.has("login-form"));
        let second = ask(&mut scene, response_type, &[("prompt", "login")]).await;
        let at = |told: &super::authorization::Told| claims(&told["id_token"])["auth_time"].as_i64();
        assert_eq!(at(&second), at(&first).map(|at| at + 1));
    }
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = scene.ask(&[("response_type", response_type), ("prompt", "none")]).await.in_fragment();
        assert_eq!((told["error"].as_str(), told["state"].as_str()), ("login_required", "state-1"));
        assert_eq!(told.get("id_token"), None);
    }
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in_id_token_hint_and_max_age_10000() {
    for response_type in TYPES {
        let mut scene = scene().await;
        let first = ask(&mut scene, response_type, &[]).await;
        scene.app.clock.advance(Duration::seconds(1));
        let hint = first["id_token"].as_str();
        for change in [
            &[("prompt", "none")][..],
            &[("prompt", "none"), ("id_token_hint", hint)],
            &[("max_age", "10000")],
        ] {
            let second = ask(&mut scene, response_type, change).await;
            let (one, two) = (claims(hint), claims(&second["id_token"]));
            assert_eq!((&one["sub"], &one["auth_time"]), (&two["sub"], &two["auth_time"]), "{change:?}");
        }
    }
}

#[tokio::test]
async fn oidcc_max_age_1() {
    for response_type in TYPES {
        let mut scene = scene().await;
        let first = claims(&ask(&mut scene, response_type, &[]).await["id_token"]);
        scene.app.clock.advance(Duration::seconds(2));
        assert!(scene.ask(&[("response_type", response_type), ("max_age", "1")]).await.has("login-form"));
        let second = claims(&ask(&mut scene, response_type, &[("max_age", "1")]).await["id_token"]);
        assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
    }
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let other = format!("{CALLBACK}/other");
        let stop = scene.ask(&[("response_type", response_type), ("redirect_uri", &other)]).await;
        assert!(stop.has("error-code"), "a page, no redirect");
    }
}

#[tokio::test]
async fn oidcc_claims_essential() {
    let mut scene = scene().await;
    let wish = json!({"id_token": {"name": {"essential": true}}}).to_string();
    let told = ask(&mut scene, "id_token", &[("claims", &wish)]).await;
    assert_eq!(claims(&told["id_token"])["name"], "Somchai Jaidee");
    let wish = json!({"userinfo": {"name": {"essential": true}}}).to_string();
    let told = ask(&mut scene, BOTH, &[("claims", &wish)]).await;
    assert_eq!(claims(&told["id_token"]).get("name"), None);
    assert_eq!(scene.userinfo(&told["access_token"]).await.good()["name"], "Somchai Jaidee");
}
