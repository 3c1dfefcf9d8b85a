//! A person allows a request token (RFC 5849 §2.2).

use time::Duration;

use super::{AUTHORIZE, Scene, credentials, signing::problem};
use crate::{
    oauth2::{go_on, request},
    support::app::{CALLBACK, PASSWORD},
};

#[tokio::test]
async fn rfc_5849_s2_2_the_person_signs_in_allows_and_goes_back_with_token_and_verifier() {
    let mut scene = Scene::new().await;
    let token = scene.request_token("profile").await;
    let stop = scene.ask(&token).await;
    assert!(stop.has("login-form"), "the server verifies who the person is");
    let stop = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert!(stop.has("consent-form"), "and asks them");
    assert!(stop.answer.body.contains("The service rp") && stop.answer.body.contains("rp.example"));
    assert!(stop.answer.body.contains("Somchai"), "the values are shown");
    let back = scene.browser.press("consent-form", "consent-allow").await;
    assert!(back.away().as_str().starts_with(&format!("{CALLBACK}?oauth_token=")));
    assert_eq!(back.parameter("oauth_token"), token.token);
    assert_eq!(back.parameter("oauth_verifier").len(), 43);
    assert_eq!(back.away().query_pairs().count(), 2);
}

#[tokio::test]
async fn rfc_5849_s2_2_the_callbacks_own_query_is_kept() {
    let callback = "https://rp.example/cb?return=%2Fhome";
    let mut scene = Scene::with(|client| client.settings.oauth1_callbacks = vec![callback.to_owned()]).await;
    let mut call = scene.request_token_call();
    call.set("oauth_callback", callback);
    let token = credentials(&call.send(&scene.app.door).await);
    let back = scene.allow(&token).await;
    assert!(back.away().as_str().starts_with(&format!("{callback}&oauth_token=")), "{}", back.away());
}

#[tokio::test]
async fn oob_shows_the_verifier_to_the_person() {
    let mut scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.set("oauth_callback", "oob");
    let token = credentials(&call.send(&scene.app.door).await);
    let stop = scene.allow(&token).await;
    let verifier = stop.text("verifier");
    credentials(&scene.exchange(&token, &verifier).await);
}

#[tokio::test]
async fn with_a_session_and_a_remembered_consent_nobody_is_asked() {
    let mut scene = Scene::new().await;
    scene.allowed("profile").await;
    let token = scene.request_token("profile").await;
    let back = scene.ask(&token).await;
    assert!(!back.parameter("oauth_verifier").is_empty());
    let token = scene.request_token("profile email").await;
    assert!(scene.ask(&token).await.has("consent-form"), "for more than was allowed they are");
}

#[tokio::test]
async fn one_sign_in_and_one_consent_hold_for_openid_connect_and_oauth_1() {
    let mut scene = Scene::with(|client| {
        client.flows.push(tamga::model::client::Flow::AuthorizationCode);
        client.redirect_uris = vec![CALLBACK.to_owned()];
    })
    .await;
    let request = request("rp", &[("scope", "openid profile email")]);
    let stop = scene.browser.open(&request).await;
    let back = go_on(&mut scene.browser, "somchai", stop).await;
    assert!(!back.parameter("code").is_empty());
    let token = scene.request_token("email").await;
    let stop = scene.ask(&token).await;
    assert!(!stop.has("login-form") && !stop.has("consent-form"), "no page at all");
    assert!(!stop.parameter("oauth_verifier").is_empty());
    let page = scene.browser.open("/account/applications").await;
    assert_eq!(page.answer.body.matches("id=\"withdraw-rp\"").count(), 1, "one entry for both");
}

#[tokio::test]
async fn a_refusal_goes_back_to_the_callback() {
    let mut scene = Scene::new().await;
    let token = scene.request_token("profile").await;
    let stop = scene.ask(&token).await;
    assert!(stop.has("login-form"));
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    let back = scene.browser.press("consent-form", "consent-deny").await;
    assert!(back.away().as_str().starts_with(CALLBACK));
    assert_eq!(back.parameter("oauth_problem"), "permission_denied");
    assert_eq!(back.parameter("oauth_token"), token.token);
    assert_eq!(back.parameter("oauth_verifier"), "");
    assert_eq!(problem(&scene.exchange(&token, "x").await, 401), "permission_unknown");
}

#[tokio::test]
async fn cancel_is_a_refusal_too() {
    let mut scene = Scene::new().await;
    let token = scene.request_token("profile").await;
    scene.ask(&token).await;
    let back = scene.browser.submit("cancel-form", &[]).await;
    assert_eq!(back.parameter("oauth_problem"), "permission_denied");
}

#[tokio::test]
async fn who_refuses_a_client_with_a_denial_page_sees_it() {
    let mut scene = Scene::with(|client| client.settings.oauth1_denial_page = true).await;
    let token = scene.request_token("profile").await;
    scene.ask(&token).await;
    let stop = scene.browser.submit("cancel-form", &[]).await;
    assert!(stop.text("denied").contains("The service rp"));
    assert_eq!(stop.attribute("denied-back", "href").as_deref(), Some("https://rp.example"));
}

#[tokio::test]
async fn who_refuses_an_oob_client_sees_a_page_since_there_is_nowhere_to_go() {
    let mut scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.set("oauth_callback", "oob");
    let token = credentials(&call.send(&scene.app.door).await);
    scene.ask(&token).await;
    assert!(scene.browser.submit("cancel-form", &[]).await.has("denied"));
}

#[tokio::test]
async fn a_token_that_can_not_be_allowed_gets_a_page_and_never_a_redirect() {
    let mut scene = Scene::new().await;
    for (query, code, status) in [
        ("", "parameter_absent", 400),
        ("?oauth_token=", "parameter_absent", 400),
        ("?oauth_token=nonsense", "token_rejected", 401),
        ("?oauth_token=a&oauth_token=b", "parameter_rejected", 400),
        ("?oauth_token=nonsense&oauth_callback=https://evil.example/", "token_rejected", 401),
    ] {
        let stop = scene.browser.open(&format!("{AUTHORIZE}{query}")).await;
        assert_eq!(
            (stop.text("error-code").as_str(), stop.answer.status.as_u16()),
            (code, status),
            "{query}"
        );
        assert_eq!(stop.answer.headers.contains_key("www-authenticate"), status == 401);
    }
    let (token, _) = scene.allowed("profile").await;
    assert_eq!(scene.ask(&token).await.text("error-code"), "token_used");
    let token = scene.request_token("profile").await;
    scene.app.clock.advance(Duration::minutes(5));
    assert_eq!(scene.ask(&token).await.text("error-code"), "token_expired");
}

#[tokio::test]
async fn rfc_5849_s2_3_a_request_token_that_expires_on_the_way_gives_no_verifier() {
    let mut scene = Scene::new().await;
    let token = scene.request_token("profile").await;
    scene.ask(&token).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    scene.app.clock.advance(Duration::minutes(5));
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    assert_eq!(stop.text("error-code"), "token_expired");
}

#[tokio::test]
async fn a_disabled_clients_token_leads_nowhere() {
    let mut scene = Scene::new().await;
    let token = scene.request_token("profile").await;
    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = Some(now)).await;
    let stop = scene.ask(&token).await;
    assert_eq!(stop.text("error-code"), "consumer_key_rejected");
}

#[tokio::test]
async fn a_missing_required_attribute_is_asked_on_the_journeys_page() {
    let mut scene =
        Scene::with(|client| client.settings.require_attributes = vec!["occupation".into()]).await;
    let token = scene.request_token("profile").await;
    scene.ask(&token).await;
    let stop = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert!(stop.has("attributes-form"), "{}", stop.url);
}

#[tokio::test]
async fn the_address_of_a_journey_is_no_use_in_another_browser_and_holds_no_token() {
    let mut scene = Scene::new().await;
    let token = scene.request_token("profile").await;
    let stop = scene.ask(&token).await;
    let saved: String =
        sqlx::query_scalar("SELECT parameters FROM journeys").fetch_one(scene.app.pool()).await.unwrap();
    assert!(!saved.contains(&token.token), "{saved}");
    let id = stop.fields("login-form")["journey"].clone();
    let mut other = scene.app.browser();
    assert_eq!(other.open(&format!("/continue/{id}")).await.text("error-code"), "other_browser");
}
