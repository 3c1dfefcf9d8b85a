//! Userinfo, and what is believed of a bearer (RFC 6750, RFC 9068 §4).

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use time::Duration;

use super::{Scene, changed, text};
use crate::support::door::Answer;

const PATH: &str = "/oauth2/userinfo";

#[track_caller]
fn assert_invalid(answer: &Answer, why: &str) {
    assert_eq!(answer.error(401), "invalid_token", "{why}");
    let challenge = answer.header("www-authenticate");
    assert!(
        challenge.starts_with("Bearer realm=") && challenge.contains("error=\"invalid_token\""),
        "{challenge}"
    );
}

#[tokio::test]
async fn oidc_core_s5_3_the_scopes_claims_come_for_a_bearer_in_header_or_body() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[("scope", "openid profile email phone")]).await;
    let bearer = text(&tokens, "access_token");
    let answer = scene.userinfo(bearer).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    let claims = answer.good();
    let expected = json!({
        "sub": scene.user, "name": "Somchai Jaidee", "given_name": "Somchai", "family_name": "Jaidee",
        "birthdate": "1990-05-15", "preferred_username": "somchai", "updated_at": claims["updated_at"],
        "email": "somchai@citizen.example", "email_verified": true,
        "phone_number": "+66812345678", "phone_number_verified": false,
    });
    assert_eq!(claims, expected);
    let door = &scene.app.door;
    assert_eq!(door.post(PATH, &[("access_token", bearer)]).await.good(), claims);
    let header = format!("bearer {bearer}");
    assert_eq!(door.post_with(PATH, &[("authorization", &header)], &[]).await.good(), claims);
}

#[tokio::test]
async fn rfc_6750_s2_a_bearer_sent_twice_is_400() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let bearer = text(&tokens, "access_token");
    let header = format!("Bearer {bearer}");
    let headers = [("authorization", header.as_str())];
    let answer = scene.app.door.post_with(PATH, &headers, &[("access_token", bearer)]).await;
    assert_eq!(answer.error(400), "invalid_request");
    let twice = [("access_token", bearer), ("access_token", bearer)];
    assert_eq!(scene.app.door.post(PATH, &twice).await.error(400), "invalid_request");
    assert_eq!(
        scene.app.door.call(Method::GET, PATH, &[headers[0], headers[0]], "").await.error(400),
        "invalid_request"
    );
}

#[tokio::test]
async fn rfc_6750_s3_1_without_a_bearer_the_challenge_says_no_more_than_the_scheme() {
    let scene = Scene::new().await;
    let answer = scene.app.door.get(PATH).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"tamga\"");
}

#[tokio::test]
async fn rfc_9700_s4_3_2_a_bearer_in_the_address_is_not_looked_at() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let path = format!("{PATH}?access_token={}", text(&tokens, "access_token"));
    assert_eq!(scene.app.door.get(&path).await.status, 401);
    assert_eq!(scene.app.door.post(&path, &[]).await.status, 401);
}

#[tokio::test]
async fn rfc_8725_s3_11_an_id_token_is_no_bearer() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[("scope", "openid offline_access")]).await;
    assert_invalid(&scene.userinfo(text(&tokens, "id_token")).await, "id_token");
    assert_invalid(&scene.userinfo(text(&tokens, "refresh_token")).await, "refresh token");
}

#[tokio::test]
async fn forged_bearers_are_refused() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let bearer = text(&tokens, "access_token");
    let parts: Vec<&str> = bearer.split('.').collect();
    let kid = super::header(bearer)["kid"].clone();
    let encode = |header: serde_json::Value| URL_SAFE_NO_PAD.encode(header.to_string());
    for (why, forged) in [
        ("no JWT", "nonsense".to_owned()),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        (
            "alg none",
            format!("{}.{}.", encode(json!({"typ": "at+jwt", "alg": "none", "kid": kid})), parts[1]),
        ),
        (
            "another key",
            format!(
                "{}.{}.{}",
                encode(json!({"typ": "at+jwt", "alg": "ES256", "kid": "x"})),
                parts[1],
                parts[2]
            ),
        ),
        ("changed claims", format!("{}.{}.{}", parts[0], encode(json!({"sub": "root"})), parts[2])),
    ] {
        assert_invalid(&scene.userinfo(&forged).await, why);
    }
}

#[tokio::test]
async fn an_expired_bearer_is_refused() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    scene.app.clock.advance(Duration::seconds(3599));
    scene.userinfo(text(&tokens, "access_token")).await.good();
    scene.app.clock.advance(Duration::seconds(1));
    assert_invalid(&scene.userinfo(text(&tokens, "access_token")).await, "expired");
}

#[tokio::test]
async fn a_bearer_of_a_disabled_account_is_refused_at_once() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    scene.app.disable_user(scene.user).await;
    assert_invalid(&scene.userinfo(text(&tokens, "access_token")).await, "disabled account");
}

#[tokio::test]
async fn a_bearer_of_a_disabled_client_is_refused() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = Some(now)).await;
    assert_invalid(&scene.userinfo(text(&tokens, "access_token")).await, "disabled client");
}

#[tokio::test]
async fn rfc_9700_s2_3_a_bearer_for_a_resource_is_none_for_us() {
    let api = "https://api.example";
    let mut scene = Scene::with(|client| client.resources = vec![api.to_owned()]).await;
    let tokens = scene.tokens(&[("resource", api)]).await;
    assert_invalid(&scene.userinfo(text(&tokens, "access_token")).await, "another audience");
}

#[tokio::test]
async fn rfc_6750_s3_1_without_the_scope_openid_it_is_403() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[("scope", "email")]).await;
    let answer = scene.userinfo(text(&tokens, "access_token")).await;
    assert_eq!(answer.error(403), "insufficient_scope");
    assert!(answer.header("www-authenticate").contains("error=\"insufficient_scope\""));
}

#[tokio::test]
async fn userinfo_gives_what_the_account_holds_now() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&changed(&[], &[("scope", "openid email")])).await;
    let entry =
        tamga::model::journal::Entry::by_operator(scene.app.clock.now(), "user.update", "user", scene.user);
    let email = tamga::store::users::NewAttribute {
        name: "email".to_owned(),
        value: "new@citizen.example".to_owned(),
        level: Default::default(),
        identifier: false,
    };
    tamga::store::users::set_attributes(scene.app.pool(), scene.user, &[email], "operator", &entry)
        .await
        .unwrap();
    let claims = scene.userinfo(text(&tokens, "access_token")).await.good();
    let expected = json!({"sub": scene.user, "email": "new@citizen.example", "email_verified": false});
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn userinfo_serves_scripts_of_any_origin() {
    let scene = Scene::new().await;
    let answer = scene.app.door.call(Method::GET, PATH, &[("origin", "https://spa.example")], "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}
