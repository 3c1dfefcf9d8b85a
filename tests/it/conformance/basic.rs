//! What each module of the OpenID Foundation's plan "Basic OP" asserts, under the module's name.
//! Modules whose assertion has a test elsewhere under the rule's own name are not repeated.

use serde_json::{Value, json};
use tamga::model::client::AuthMethod;
use time::Duration;

use crate::{
    oauth2::{self, CHALLENGE, Scene, VERIFIER, claims, text},
    support::app::{CALLBACK, PASSWORD},
};

async fn userinfo(scene: &mut Scene, scope: &str) -> Value {
    let tokens = scene.tokens(&[("scope", scope)]).await;
    scene.userinfo(text(&tokens, "access_token")).await.good()
}

/// A person of whom everything in the standard's scopes is known.
async fn with_address() -> Scene {
    let mut scene = Scene::new().await;
    let attributes = [
        ("first_name", "Maria", 2),
        ("last_name", "Silva", 2),
        ("email", "maria@citizen.example", 1),
        ("mobile_phone", "+66899999999", 1),
        ("address.road", "Rama I", 0),
        ("address.province", "Bangkok", 0),
        ("address.post_code", "10330", 0),
    ];
    scene.app.user_with("maria", PASSWORD, &attributes).await;
    let stop = scene.ask(&[]).await;
    oauth2::go_on(&mut scene.browser, "maria", stop).await;
    scene
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let mut scene = Scene::new().await;
    scene.tokens(&[("nonce", "")]).await;
}

#[tokio::test]
async fn oidcc_scope_profile() {
    let claims = userinfo(&mut Scene::new().await, "openid profile").await;
    for name in ["name", "given_name", "family_name", "birthdate", "preferred_username", "updated_at"] {
        assert!(claims.get(name).is_some(), "{name}");
    }
    assert!(claims["updated_at"].is_i64(), "a number (OpenID Connect Core §5.1)");
    assert!(claims.get("email").is_none() && claims.get("phone_number").is_none());
}

#[tokio::test]
async fn oidcc_scope_email() {
    let mut scene = Scene::new().await;
    let expected = json!({"sub": scene.user, "email": "somchai@citizen.example", "email_verified": true});
    assert_eq!(userinfo(&mut scene, "openid email").await, expected);
}

#[tokio::test]
async fn oidcc_scope_phone() {
    let mut scene = Scene::new().await;
    let expected = json!({"sub": scene.user, "phone_number": "+66812345678", "phone_number_verified": false});
    assert_eq!(userinfo(&mut scene, "openid phone").await, expected);
}

#[tokio::test]
async fn oidcc_scope_address() {
    let claims = userinfo(&mut with_address().await, "openid address").await;
    let address = &claims["address"];
    assert_eq!(address["formatted"], "Rama I, Bangkok, 10330");
    assert_eq!((&address["region"], &address["postal_code"]), (&json!("Bangkok"), &json!("10330")));
}

#[tokio::test]
async fn oidcc_scope_all_and_ensure_other_scope_order_succeeds() {
    let mut scene = with_address().await;
    let all = userinfo(&mut scene, "openid profile email address phone").await;
    for name in ["name", "email", "address", "phone_number"] {
        assert!(all.get(name).is_some(), "{name}");
    }
    assert_eq!(userinfo(&mut scene, "phone address email profile openid").await, all);
}

#[tokio::test]
async fn oidcc_display_page_display_popup_claims_locales_and_acr_values_succeed() {
    let mut scene = Scene::new().await;
    for parameter in
        [("display", "page"), ("display", "popup"), ("claims_locales", "se"), ("acr_values", "0 1")]
    {
        let tokens = scene.tokens(&[parameter]).await;
        assert!(claims(text(&tokens, "id_token"))["acr"].is_string());
    }
}

#[tokio::test]
async fn oidcc_max_age_1() {
    let mut scene = Scene::new().await;
    let first = claims(text(&scene.tokens(&[]).await, "id_token"));
    scene.app.clock.advance(Duration::seconds(2));
    let second = claims(text(&scene.tokens(&[("max_age", "1")]).await, "id_token"));
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_max_age_10000() {
    let mut scene = Scene::new().await;
    let first = claims(text(&scene.tokens(&[]).await, "id_token"));
    scene.app.clock.advance(Duration::seconds(2));
    let second = claims(text(&scene.tokens(&[("max_age", "10000")]).await, "id_token"));
    assert_eq!(second["auth_time"], first["auth_time"]);
}

#[tokio::test]
async fn oidcc_codereuse_and_codereuse_30seconds() {
    for seconds in [0, 30] {
        let mut scene = Scene::new().await;
        let code = scene.code(&[]).await;
        let tokens = scene.exchange(&code, &[]).await.good();
        scene.app.clock.advance(Duration::seconds(seconds));
        assert_eq!(scene.exchange(&code, &[]).await.error(400), "invalid_grant");
        assert_eq!(scene.userinfo(text(&tokens, "access_token")).await.error(401), "invalid_token");
    }
}

#[tokio::test]
async fn oidcc_server_client_secret_post() {
    let mut scene = Scene::with(|client| client.auth_methods = vec![AuthMethod::ClientSecretPost]).await;
    let code = scene.code(&[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("client_id", scene.rp.id()),
        ("client_secret", scene.rp.secret()),
    ];
    scene.app.door.post("/oauth2/token", &fields).await.good();
}

#[tokio::test]
async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported() {
    let mut scene = Scene::new().await;
    let document = scene.app.door.get("/.well-known/openid-configuration").await.good();
    // So says the document, and the suite skips the module. An object that nobody signed is not taken.
    let algorithms = document["request_object_signing_alg_values_supported"].as_array().unwrap();
    assert!(!algorithms.contains(&json!("none")));
    let stop = scene.ask(&[("request", "eyJhbGciOiJub25lIn0.eyJzdGF0ZSI6IngifQ.")]).await;
    assert_eq!(stop.parameter("error"), "invalid_request_object");
    assert_eq!(stop.parameter("state"), "state-1");
}

#[tokio::test]
async fn oidcc_claims_essential() {
    let mut scene = Scene::new().await;
    let wished = json!({"userinfo": {"name": {"essential": true}}}).to_string();
    let tokens = scene.tokens(&[("claims", &wished)]).await;
    let claims = scene.userinfo(text(&tokens, "access_token")).await.good();
    assert_eq!(claims["name"], "Somchai Jaidee");
}

#[tokio::test]
async fn oidcc_refresh_token() {
    let mut scene = Scene::new().await;
    let other = scene.app.client("other", |_| {}).await;
    let tokens = scene.tokens(&[("scope", "openid offline_access"), ("prompt", "consent")]).await;
    let refresh_token = text(&tokens, "refresh_token");
    let refreshed = scene.refresh(refresh_token, &[]).await.good();
    let (before, after) = (claims(text(&tokens, "id_token")), claims(text(&refreshed, "id_token")));
    assert_eq!((&before["sub"], &before["iss"]), (&after["sub"], &after["iss"]));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", text(&refreshed, "refresh_token"))];
    let refused = scene.app.door.post_as(&other, "/oauth2/token", &fields).await;
    assert_eq!(refused.error(400), "invalid_grant");
}

#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]).await;
    scene.exchange(&code, &[("code_verifier", VERIFIER)]).await.good();
}
