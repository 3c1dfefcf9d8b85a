//! The `claims` parameter in full (OpenID Connect Core §5.5), and what a registration says instead of
//! parameters.

use serde_json::{Value, json};
use time::Duration;

use super::{Scene, claims, text};
use crate::support::app::PASSWORD;

/// A scene whose browser's person has the level 2, one name and one address.
async fn levelled() -> Scene {
    let mut scene = Scene::new().await;
    let attributes =
        [("first_name", "Maria", 2), ("email", "maria@citizen.example", 1), ("citizen_id", "1", 2)];
    scene.app.user_with("maria", PASSWORD, &attributes).await;
    let stop = scene.ask(&[]).await;
    super::go_on(&mut scene.browser, "maria", stop).await;
    scene
}

async fn id_token(scene: &mut Scene, wished: &Value, change: &[(&str, &str)]) -> Value {
    let wished = wished.to_string();
    let change = [change, &[("claims", wished.as_str())]].concat();
    claims(text(&scene.tokens(&change).await, "id_token"))
}

async fn userinfo(scene: &mut Scene, wished: &Value, scope: &str) -> Value {
    let wished = wished.to_string();
    let tokens = scene.tokens(&[("claims", wished.as_str()), ("scope", scope)]).await;
    scene.userinfo(text(&tokens, "access_token")).await.good()
}

#[tokio::test]
async fn oidc_core_s5_5_1_a_claim_asked_with_values_comes_only_with_one_of_them() {
    let mut scene = Scene::new().await;
    for (asked, comes) in [
        (json!({"value": "Somchai"}), true),
        (json!({"values": ["Anna", "Somchai"], "essential": true}), true),
        (json!({"value": "Anna"}), false),
        (json!({"values": ["Anna", "Maria"], "essential": true}), false),
        (json!({"essential": true}), true),
        (json!({"essential": false, "unheard_of": [1]}), true),
        (json!({"values": []}), true),
        (Value::Null, true),
    ] {
        let told = id_token(&mut scene, &json!({"id_token": {"given_name": asked}}), &[]).await;
        assert_eq!(told.get("given_name").is_some(), comes, "{asked}");
        let told = userinfo(&mut scene, &json!({"userinfo": {"given_name": asked}}), "openid").await;
        assert_eq!(told.get("given_name").is_some(), comes, "{asked}");
    }
    // What a scope gives comes in any case.
    let told =
        userinfo(&mut scene, &json!({"userinfo": {"given_name": {"value": "Anna"}}}), "openid profile").await;
    assert_eq!(told["given_name"], "Somchai");
}

#[tokio::test]
async fn oidc_core_s5_5_1_1_acr_is_one_of_those_that_were_asked_for() {
    let mut scene = levelled().await;
    let acr = |asked: Value| json!({"id_token": {"acr": asked}});
    for (asked, told) in [
        (json!({"essential": true, "value": "1"}), "1"),
        (json!({"essential": true, "values": ["1", "2", "3"]}), "2"),
        (json!({"essential": true, "values": ["urn:mace:incommon:iap:silver", "0"]}), "0"),
        (json!({"values": ["3"]}), "2"),
        (json!({"values": ["urn:mace:incommon:iap:silver"]}), "2"),
        (json!({"essential": true}), "2"),
    ] {
        assert_eq!(id_token(&mut scene, &acr(asked.clone()), &[]).await["acr"], told, "{asked}");
    }
    for asked in [json!({"essential": true, "value": "3"}), json!({"essential": true, "values": ["urn:x"]})] {
        let stop = scene.ask(&[("claims", &acr(asked).to_string()), ("prompt", "none")]).await;
        assert_eq!(stop.parameter("error"), "unmet_authentication_requirements");
    }
}

#[tokio::test]
async fn oidc_core_s5_5_1_a_sub_may_be_demanded_at_either_place_but_only_one() {
    let mut scene = Scene::new().await;
    let hint = text(&scene.tokens(&[]).await, "id_token").to_owned();
    let (own, other) = (json!(scene.user), json!(uuid::Uuid::from_u128(7)));
    let at = |place: &str, sub: &Value| json!({place: {"sub": {"value": sub}}}).to_string();
    for (wished, error) in [
        (at("userinfo", &own), ""),
        (at("userinfo", &other), "login_required"),
        (json!({"id_token": {"sub": {"values": [own]}}}).to_string(), ""),
        (json!({"id_token": {"sub": {"values": [own, other]}}}).to_string(), "invalid_request"),
    ] {
        let stop = scene.ask(&[("claims", &wished), ("prompt", "none")]).await;
        assert_eq!(stop.parameter("error"), error, "{wished}");
    }
    let stop =
        scene.ask(&[("claims", &at("id_token", &other)), ("prompt", "none"), ("id_token_hint", &hint)]).await;
    assert_eq!(stop.parameter("error"), "invalid_request", "a hint at somebody else");
}

#[tokio::test]
async fn oidc_core_s5_2_a_language_tag_is_understood_and_s5_5_unknown_names_are_ignored() {
    let mut scene = Scene::new().await;
    let wished = json!({"userinfo": {
        "given_name#th": null, "family_name#ja-Kana-JP": {"value": "Anna"}, "family_name": null, "unheard_of#en": null,
        "unheard_of": {"essential": true}, "#": null, "": null,
    }});
    let told = userinfo(&mut scene, &wished, "openid").await;
    assert_eq!(told, json!({"sub": scene.user, "given_name": "Somchai", "family_name": "Jaidee"}));
    let stop = scene.ask(&[("claims_locales", "th en"), ("claims", "{}"), ("prompt", "none")]).await;
    assert!(!stop.parameter("code").is_empty());
}

#[tokio::test]
async fn what_no_scope_of_the_registration_gives_cannot_be_asked_by_claims() {
    let mut scene = Scene::with(|client| client.scopes = vec!["openid".to_owned(), "email".to_owned()]).await;
    let verified = json!({"verification": {"trust_framework": null}, "claims": {"given_name": null}});
    let wished = json!({
        "id_token": {"given_name": null, "email": null},
        "userinfo": {"phone_number": {"essential": true}, "verified_claims": verified},
    });
    let stop = scene.ask(&[("claims", &wished.to_string())]).await;
    let stop = if stop.has("login-form") {
        scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await
    } else {
        stop
    };
    assert!(
        stop.answer.body.contains("somchai@citizen.example") && !stop.answer.body.contains("+66812345678")
    );
    let told = id_token(&mut scene, &wished, &[]).await;
    assert_eq!((&told["email"], told.get("given_name")), (&json!("somchai@citizen.example"), None));
    assert_eq!(userinfo(&mut scene, &wished, "openid").await, json!({"sub": scene.user}));
}

#[tokio::test]
async fn oidc_core_s5_5_a_malformed_parameter_is_invalid_request() {
    let mut scene = Scene::new().await;
    for wrong in [
        "nonsense",
        "[]",
        "3",
        "\"userinfo\"",
        r#"{"userinfo":[]}"#,
        r#"{"id_token":"sub"}"#,
        r#"{"userinfo":{"email":"x"}}"#,
        r#"{"userinfo":{"email":[]}}"#,
        r#"{"userinfo":{"email":{"essential":"yes"}}}"#,
        r#"{"id_token":{"acr":{"values":"1"}}}"#,
        "{\"userinfo\":{",
    ] {
        let stop = scene.ask(&[("claims", wrong)]).await;
        assert_eq!(stop.parameter("error"), "invalid_request", "{wrong}");
        assert!(stop.parameter("error_description").starts_with("claims"), "{wrong}");
    }
    // Members that nobody knows are ignored.
    let stop = scene.answer(&[("claims", r#"{"unheard_of":[],"userinfo":{}}"#)]).await;
    assert!(!stop.parameter("code").is_empty());
}

#[tokio::test]
async fn oidc_registration_s2_defaults_stand_in_for_parameters_that_are_left_out() {
    let mut scene = Scene::with(|client| {
        client.settings.oidc.default_max_age = Some(60);
        client.settings.oidc.require_auth_time = true;
        client.settings.oidc.default_acr_values = vec!["2".to_owned(), "urn:x".to_owned()];
    })
    .await;
    let attributes = [("citizen_id", "1", 2)];
    scene.app.user_with("maria", PASSWORD, &attributes).await;
    let stop = scene.ask(&[]).await;
    let stop = super::go_on(&mut scene.browser, "maria", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let told = claims(text(&tokens, "id_token"));
    assert!(told["auth_time"].is_i64());
    assert_eq!(told["acr"], "2");
    scene.app.clock.advance(Duration::seconds(61));
    let error = async |scene: &mut Scene, change: &[(&str, &str)]| {
        let change = [change, &[("prompt", "none")]].concat();
        scene.ask(&change).await.parameter("error")
    };
    assert_eq!(error(&mut scene, &[]).await, "login_required", "default_max_age");
    assert_eq!(error(&mut scene, &[("max_age", "100")]).await, "", "the parameter says otherwise");
    // A person of a lower level.
    let mut other = scene.app.browser();
    let stop = other.open(&scene.request(&[("acr_values", "0")])).await;
    super::go_on(&mut other, "somchai", stop).await;
    let stop = other.open(&scene.request(&[("prompt", "none")])).await;
    assert_eq!(stop.parameter("error"), "unmet_authentication_requirements", "default_acr_values");
    let stop = other.open(&scene.request(&[("prompt", "none"), ("acr_values", "0")])).await;
    assert!(!stop.parameter("code").is_empty(), "the parameter says otherwise");
}

#[tokio::test]
async fn prompt_create_begins_with_making_an_account() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    // Whoever is signed in wants another account.
    let stop = scene.ask(&[("prompt", "create")]).await;
    assert!(stop.url.path() == "/register", "{}", stop.url);
    let journey = stop.url.query().unwrap().strip_prefix("journey=").unwrap().to_owned();
    // Somebody who has one after all signs in.
    let stop = scene.browser.open(&format!("/login?journey={journey}")).await;
    let stop = super::go_on(&mut scene.browser, "somchai", stop).await;
    assert!(!stop.parameter("code").is_empty(), "{}", stop.url);
    let stop = scene.ask(&[("prompt", "none create")]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
    let stop = scene.ask(&[("prompt", "created")]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
}

#[tokio::test]
async fn rfc_8707_s2_resources_are_narrowed_named_once_and_never_others() {
    let (one, two) = ("https://one.example", "https://two.example");
    let mut scene =
        Scene::with(|client| client.resources = vec![one.to_owned(), two.to_owned(), "urn:three".to_owned()])
            .await;
    let all =
        [("scope", "openid offline_access"), ("prompt", "consent"), ("resource", one), ("resource", two)];
    let all = [all.as_slice(), &[("resource", one)]].concat();
    let aud = |tokens: &Value| claims(text(tokens, "access_token"))["aud"].clone();
    let code = scene.code(&all).await;
    assert_eq!(scene.exchange(&code, &[("resource", "urn:three")]).await.error(400), "invalid_target");
    let tokens = scene.exchange(&code, &[("resource", two), ("resource", two)]).await.good();
    assert_eq!(aud(&tokens), json!(two));
    let refresh_token = text(&tokens, "refresh_token").to_owned();
    let twice = [("resource", one), ("resource", two), ("resource", one)];
    let tokens = scene.refresh(&refresh_token, &twice).await.good();
    assert_eq!(aud(&tokens), json!([one, two]));
    let refresh_token = text(&tokens, "refresh_token").to_owned();
    let refused = scene.refresh(&refresh_token, &[("resource", "urn:three")]).await;
    assert_eq!(refused.error(400), "invalid_target");
    let code = scene.code(&all).await;
    assert_eq!(aud(&scene.exchange(&code, &[]).await.good()), json!([one, two]));
    for other in ["https://other.example", "https://one.example/", "https://one.example#x", "one"] {
        let stop = scene.ask(&[("resource", other)]).await;
        assert_eq!(stop.parameter("error"), "invalid_target", "{other}");
    }
}
