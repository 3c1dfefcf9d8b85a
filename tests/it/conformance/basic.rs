//! `oidcc-basic-certification-test-plan`: `response_type=code`, client_secret_basic.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};
use tamga::model::client::AuthMethod;
use time::Duration;

use super::authorization::verified;
use crate::{
    oauth2::{self, CHALLENGE, Scene, VERIFIER, claims, header, request_object::Stage, text},
    support::{
        app::{CALLBACK, ISSUER, PASSWORD},
        gateway::Gateway,
    },
};

/// What every module of the plan checks of an answer that went through; the claims of its id_token.
async fn check(scene: &Scene, tokens: &Value, nonce: Option<&str>) -> Value {
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let access_token = text(tokens, "access_token");
    let told = verified(&scene.app, text(tokens, "id_token"), "RS256").await;
    let now = scene.app.clock.now().unix_timestamp();
    assert_eq!((&told["iss"], &told["aud"]), (&json!(ISSUER), &json!(scene.rp.id())));
    assert_eq!((&told["iat"], &told["exp"]), (&json!(now), &json!(now + 3600)));
    assert_eq!(told.get("nonce"), nonce.map(|nonce| json!(nonce)).as_ref());
    let sub = text(&told, "sub");
    assert!(sub.is_ascii() && (1..=255).contains(&sub.len()));
    // OpenID Connect Core §3.1.3.6.
    let digest = ring::digest::digest(&ring::digest::SHA256, access_token.as_bytes());
    assert_eq!(told["at_hash"], B64.encode(&digest.as_ref()[..16]));
    assert_eq!(scene.userinfo(access_token).await.good()["sub"], told["sub"]);
    told
}

/// A whole flow with `change` in its request.
async fn succeeds(scene: &mut Scene, change: &[(&str, &str)]) -> Value {
    let tokens = scene.tokens(change).await;
    check(scene, &tokens, Some("nonce-1")).await
}

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
async fn oidcc_server() {
    let mut scene = Scene::new().await;
    let stop = scene.answer(&[("state", "a b&c=%20é")]).await;
    assert_eq!(stop.parameter("state"), "a b&c=%20é");
    assert_eq!(stop.parameter("iss"), ISSUER);
    let answer = scene.exchange(&stop.parameter("code"), &[]).await;
    assert_eq!(
        (answer.header("cache-control"), answer.header("content-type")),
        ("no-store", "application/json")
    );
    check(&scene, &answer.good(), Some("nonce-1")).await;
}

#[tokio::test]
async fn oidcc_response_type_missing() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[("response_type", "")]).await;
    assert_eq!(
        (stop.parameter("error").as_str(), stop.parameter("state").as_str()),
        ("invalid_request", "state-1")
    );
}

#[tokio::test]
async fn oidcc_idtoken_signature() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let id_token = text(&tokens, "id_token");
    let head = header(id_token);
    assert_eq!(head["alg"], "RS256");
    let keys = scene.app.door.get("/oauth2/jwks").await.good();
    let named = keys["keys"].as_array().unwrap().iter().filter(|key| key["kid"] == head["kid"]).count();
    assert_eq!(named, 1, "the key is named and published once");
    verified(&scene.app, id_token, "RS256").await;
}

#[tokio::test]
async fn oidcc_idtoken_unsigned() {
    // The module is for providers that sign nothing when asked to; this one always signs, and says so.
    let scene = Scene::new().await;
    let document = scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert!(!document["id_token_signing_alg_values_supported"].as_array().unwrap().contains(&json!("none")));
}

/// Userinfo by `call` is that of the person of the id_token.
async fn userinfo_by(call: impl AsyncFn(&Scene, &str) -> Value) {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let told = call(&scene, text(&tokens, "access_token")).await;
    assert_eq!(told["sub"], claims(text(&tokens, "id_token"))["sub"]);
}

#[tokio::test]
async fn oidcc_userinfo_get() {
    userinfo_by(async |scene, bearer| scene.userinfo(bearer).await.good()).await;
}

#[tokio::test]
async fn oidcc_userinfo_post_header() {
    userinfo_by(async |scene, bearer| {
        let bearer = format!("Bearer {bearer}");
        let headers = [("authorization", bearer.as_str())];
        scene.app.door.call(Method::POST, "/oauth2/userinfo", &headers, "").await.good()
    })
    .await;
}

#[tokio::test]
async fn oidcc_userinfo_post_body() {
    userinfo_by(async |scene, bearer| {
        scene.app.door.post("/oauth2/userinfo", &[("access_token", bearer)]).await.good()
    })
    .await;
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[("nonce", "")]).await;
    check(&scene, &tokens, None).await;
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
async fn oidcc_scope_all() {
    let all = userinfo(&mut with_address().await, "openid profile email address phone").await;
    for name in ["name", "given_name", "family_name", "email", "address", "phone_number"] {
        assert!(all.get(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn oidcc_ensure_other_scope_order_succeeds() {
    let mut scene = with_address().await;
    let all = userinfo(&mut scene, "openid profile email address phone").await;
    assert_eq!(userinfo(&mut scene, "phone address email profile openid").await, all);
}

#[tokio::test]
async fn oidcc_display_page() {
    succeeds(&mut Scene::new().await, &[("display", "page")]).await;
}

#[tokio::test]
async fn oidcc_display_popup() {
    succeeds(&mut Scene::new().await, &[("display", "popup")]).await;
}

#[tokio::test]
async fn oidcc_prompt_login() {
    let mut scene = Scene::new().await;
    let first = succeeds(&mut scene, &[]).await;
    scene.app.clock.advance(Duration::seconds(2));
    let stop = scene.ask(&[("prompt", "login")]).await;
    assert!(stop.has("login-form"), "the person is asked again");
    let stop = oauth2::go_on(&mut scene.browser, "somchai", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let second = check(&scene, &tokens, Some("nonce-1")).await;
    assert_eq!(first["sub"], second["sub"]);
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[("prompt", "none")]).await;
    assert_eq!(stop.parameter("error"), "login_required");
    assert_eq!((stop.parameter("state").as_str(), stop.parameter("code").as_str()), ("state-1", ""));
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in() {
    let mut scene = Scene::new().await;
    let first = succeeds(&mut scene, &[]).await;
    scene.app.clock.advance(Duration::seconds(2));
    let stop = scene.ask(&[("prompt", "none")]).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let second = check(&scene, &tokens, Some("nonce-1")).await;
    assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
}

#[tokio::test]
async fn oidcc_max_age_1() {
    let mut scene = Scene::new().await;
    let first = succeeds(&mut scene, &[]).await;
    scene.app.clock.advance(Duration::seconds(2));
    let stop = scene.ask(&[("max_age", "1")]).await;
    assert!(stop.has("login-form"), "the person is asked again");
    let stop = oauth2::go_on(&mut scene.browser, "somchai", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let second = check(&scene, &tokens, Some("nonce-1")).await;
    assert_eq!(first["sub"], second["sub"]);
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_max_age_10000() {
    let mut scene = Scene::new().await;
    let first = succeeds(&mut scene, &[]).await;
    scene.app.clock.advance(Duration::seconds(2));
    let second = succeeds(&mut scene, &[("max_age", "10000")]).await;
    assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
}

#[tokio::test]
async fn oidcc_ensure_request_with_unknown_parameter_succeeds() {
    succeeds(&mut Scene::new().await, &[("extra", "foobar")]).await;
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let hint = text(&tokens, "id_token");
    let stop = scene.ask(&[("prompt", "none"), ("id_token_hint", hint)]).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(check(&scene, &tokens, Some("nonce-1")).await["sub"], claims(hint)["sub"]);
}

#[tokio::test]
async fn oidcc_login_hint() {
    succeeds(&mut Scene::new().await, &[("login_hint", "somchai@citizen.example")]).await;
}

#[tokio::test]
async fn oidcc_ui_locales() {
    succeeds(&mut Scene::new().await, &[("ui_locales", "se")]).await;
}

#[tokio::test]
async fn oidcc_claims_locales() {
    succeeds(&mut Scene::new().await, &[("claims_locales", "se")]).await;
}

#[tokio::test]
async fn oidcc_ensure_request_with_acr_values_succeeds() {
    let mut scene = Scene::new().await;
    let document = scene.app.door.get("/.well-known/openid-configuration").await.good();
    let first = document["acr_values_supported"][0].as_str().unwrap();
    assert_eq!(succeeds(&mut scene, &[("acr_values", first)]).await["acr"], first);
}

#[tokio::test]
async fn oidcc_codereuse() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[]).await;
    scene.exchange(&code, &[]).await.good();
    assert_eq!(scene.exchange(&code, &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn oidcc_codereuse_30seconds() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[]).await;
    let tokens = scene.exchange(&code, &[]).await.good();
    scene.app.clock.advance(Duration::seconds(30));
    assert_eq!(scene.exchange(&code, &[]).await.error(400), "invalid_grant");
    // RFC 6749 §4.1.2: tokens issued from the code are revoked.
    assert_eq!(scene.userinfo(text(&tokens, "access_token")).await.error(401), "invalid_token");
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let mut scene = Scene::new().await;
    for uri in [format!("{CALLBACK}/other"), "https://evil.example/cb".to_owned()] {
        let stop = scene.ask(&[("redirect_uri", &uri)]).await;
        assert_eq!(stop.answer.status, 400, "a page, no redirect");
        assert!(stop.has("error-code"));
    }
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds() {
    let mut scene = Scene::new().await;
    let request = scene.request(&[]);
    let (path, query) = request.split_once('?').unwrap();
    let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let stop = scene.browser.post_from_elsewhere(path, &fields).await;
    let stop = oauth2::go_on(&mut scene.browser, "somchai", stop).await;
    assert_eq!(stop.parameter("state"), "state-1");
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    check(&scene, &tokens, Some("nonce-1")).await;
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
    let tokens = scene.app.door.post("/oauth2/token", &fields).await.good();
    check(&scene, &tokens, Some("nonce-1")).await;
}

/// An object that nobody signed, as the suite makes it.
fn unsigned(stage: &Stage) -> String {
    let claims = stage.claims(&json!({}));
    format!("{}.{}.", B64.encode(r#"{"alg":"none"}"#), B64.encode(claims.to_string()))
}

/// The suite skips modules with unsigned objects where the document says that they are not taken.
async fn says_that_objects_are_signed(scene: &Scene) {
    let document = scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(document["request_parameter_supported"], true);
    assert_eq!(document["request_uri_parameter_supported"], true);
    let algorithms = document["request_object_signing_alg_values_supported"].as_array().unwrap();
    assert!(!algorithms.is_empty() && !algorithms.contains(&json!("none")));
}

#[tokio::test]
async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported() {
    let gateway = Gateway::start().await;
    let app = crate::support::app::TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    let uri = format!("{}/request.jwt", gateway.address());
    let registered = vec![uri.clone()];
    let mut stage = Stage::at(app, |client| client.settings.oidc.request_uris = registered).await;
    says_that_objects_are_signed(&stage.scene).await;
    gateway.answer(&[(200, &unsigned(&stage))]);
    let stop = stage.scene.ask(&[("request_uri", &uri)]).await;
    assert_eq!(stop.parameter("error"), "invalid_request_object");
    assert_eq!(stop.parameter("state"), "state-1");
}

#[tokio::test]
async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported() {
    let mut stage = Stage::new().await;
    says_that_objects_are_signed(&stage.scene).await;
    let object = unsigned(&stage);
    let stop = stage.ask(&object, &[]).await;
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
async fn oidcc_ensure_request_object_with_redirect_uri() {
    let mut stage = Stage::new().await;
    // The object's address counts; the one beside it, which nobody registered, does not.
    let object = stage.object(&json!({}));
    let stop = stage.ask(&object, &[("redirect_uri", "https://evil.example/cb")]).await;
    let stop = stage.go_on(stop).await;
    assert!(stop.away().as_str().starts_with(CALLBACK));
    stage.scene.exchange(&stop.parameter("code"), &[]).await.good();
    let object = stage.object(&json!({"redirect_uri": "https://evil.example/cb"}));
    let stop = stage.ask(&object, &[]).await;
    assert_eq!(stop.answer.status, 400);
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
