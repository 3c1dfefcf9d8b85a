//! `oidcc-hybrid-certification-test-plan`: `code id_token`, `code token` and `code id_token token`.

use serde_json::json;
use time::Duration;

use super::authorization::{ask, exchange, scene};
use crate::{
    oauth2::{CHALLENGE, Scene, VERIFIER, claims, text},
    support::app::CALLBACK,
};

const TYPES: [&str; 3] = ["code id_token", "code token", "code id_token token"];

#[tokio::test]
async fn oidcc_server() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = ask(&mut scene, response_type, &[]).await;
        let tokens = exchange(&scene, &told).await;
        for token in [told.get("access_token").map(String::as_str), tokens["access_token"].as_str()] {
            let Some(token) = token else { continue };
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
async fn oidcc_ensure_request_without_nonce_fails() {
    let mut scene = scene().await;
    for response_type in ["code id_token", "code id_token token"] {
        let told = scene.ask(&[("response_type", response_type), ("nonce", "")]).await.in_fragment();
        assert_eq!(told["error"], "invalid_request");
        assert_eq!((told["state"].as_str(), told.get("code")), ("state-1", None));
    }
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let mut scene = scene().await;
    let told = ask(&mut scene, "code token", &[("nonce", "")]).await;
    let tokens = scene.exchange(&told["code"], &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token")).get("nonce"), None);
}

#[tokio::test]
async fn oidcc_scope_profile_email_address_phone_and_all() {
    let mut scene = scene().await;
    for response_type in TYPES {
        for (scope, name) in [
            ("openid profile", "name"),
            ("openid email", "email"),
            ("openid phone", "phone_number"),
            ("openid email phone address profile", "name"),
            ("profile email openid", "email"),
        ] {
            let told = ask(&mut scene, response_type, &[("scope", scope)]).await;
            let tokens = exchange(&scene, &told).await;
            let userinfo = scene.userinfo(text(&tokens, "access_token")).await.good();
            assert!(userinfo.get(name).is_some(), "{name} of {scope}");
            // OpenID Connect Core §5.4: from userinfo, since there is an access token.
            let id_tokens = [told.get("id_token").map(String::as_str), tokens["id_token"].as_str()];
            for id_token in id_tokens.into_iter().flatten() {
                assert_eq!(claims(id_token).get(name), None, "{name} of {scope}");
            }
        }
    }
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = scene.ask(&[("response_type", response_type), ("prompt", "none")]).await.in_fragment();
        assert_eq!(told["error"], "login_required");
    }
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in_id_token_hint_and_max_age_10000() {
    for response_type in TYPES {
        let mut scene = scene().await;
        let first = ask(&mut scene, response_type, &[]).await;
        let tokens = exchange(&scene, &first).await;
        let hint = text(&tokens, "id_token");
        scene.app.clock.advance(Duration::seconds(1));
        for change in [
            &[("prompt", "none")][..],
            &[("prompt", "none"), ("id_token_hint", hint)],
            &[("max_age", "10000")],
        ] {
            let told = ask(&mut scene, response_type, change).await;
            let tokens = exchange(&scene, &told).await;
            let second = claims(text(&tokens, "id_token"));
            assert_eq!(second["auth_time"], claims(hint)["auth_time"], "{change:?}");
        }
    }
}

#[tokio::test]
async fn oidcc_prompt_login_and_max_age_1() {
    for response_type in TYPES {
        for change in [("prompt", "login"), ("max_age", "1")] {
            let mut scene = scene().await;
            let told = ask(&mut scene, response_type, &[]).await;
            let first = claims(text(&exchange(&scene, &told).await, "id_token"));
            scene.app.clock.advance(Duration::seconds(2));
            assert!(scene.ask(&[("response_type", response_type), change]).await.has("login-form"));
            let told = ask(&mut scene, response_type, &[change]).await;
            let second = claims(text(&exchange(&scene, &told).await, "id_token"));
            assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
        }
    }
}

async fn reuse(scene: &mut Scene, response_type: &str, seconds: i64) {
    let told = ask(scene, response_type, &[("scope", "openid offline_access")]).await;
    let tokens = exchange(scene, &told).await;
    scene.app.clock.advance(Duration::seconds(seconds));
    assert_eq!(scene.exchange(&told["code"], &[]).await.error(400), "invalid_grant");
    // RFC 6749 §4.1.2: and what came from it, by either way, is revoked.
    for token in [told.get("access_token").map(String::as_str), tokens["access_token"].as_str()] {
        let Some(token) = token else { continue };
        assert_eq!(scene.userinfo(token).await.error(401), "invalid_token", "{response_type}");
    }
    assert_eq!(scene.refresh(text(&tokens, "refresh_token"), &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn oidcc_codereuse() {
    let mut scene = scene().await;
    for response_type in TYPES {
        reuse(&mut scene, response_type, 1).await;
    }
}

#[tokio::test]
async fn oidcc_codereuse_30seconds() {
    let mut scene = scene().await;
    for response_type in TYPES {
        reuse(&mut scene, response_type, 30).await;
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
async fn oidcc_server_client_secret_post() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = ask(&mut scene, response_type, &[]).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", told["code"].as_str()),
            ("redirect_uri", CALLBACK),
            ("client_id", scene.rp.id()),
            ("client_secret", scene.rp.secret()),
        ];
        scene.app.door.post("/oauth2/token", &fields).await.good();
    }
}

#[tokio::test]
async fn oidcc_claims_essential() {
    let mut scene = scene().await;
    let wish = json!({"userinfo": {"name": {"essential": true}}}).to_string();
    for response_type in TYPES {
        let told = ask(&mut scene, response_type, &[("claims", &wish)]).await;
        let tokens = exchange(&scene, &told).await;
        let userinfo = scene.userinfo(text(&tokens, "access_token")).await.good();
        assert_eq!(userinfo["name"], "Somchai Jaidee");
    }
}

#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds() {
    let mut scene = scene().await;
    let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let told = ask(&mut scene, "code id_token", &pkce).await;
    assert_eq!(scene.exchange(&told["code"], &[]).await.error(400), "invalid_grant");
    scene.exchange(&told["code"], &[("code_verifier", VERIFIER)]).await.good();
}

#[tokio::test]
async fn oidcc_refresh_token() {
    let mut scene = scene().await;
    for response_type in TYPES {
        let told = ask(&mut scene, response_type, &[("scope", "openid offline_access")]).await;
        let tokens = exchange(&scene, &told).await;
        scene.app.clock.advance(Duration::seconds(1));
        let next = scene.refresh(text(&tokens, "refresh_token"), &[]).await.good();
        assert_ne!(next["access_token"], tokens["access_token"]);
        let (one, two) = (claims(text(&tokens, "id_token")), claims(text(&next, "id_token")));
        for name in ["iss", "sub", "aud"] {
            assert_eq!(one[name], two[name]);
        }
        assert_ne!(one["iat"], two["iat"]);
    }
}
