//! The person enters the code and decides (RFC 8628 §3.3).

use axum::http::StatusCode;
use time::Duration;

use super::{super::go_on, Stage, text};
use crate::support::app::CALLBACK;

#[tokio::test]
async fn rfc_8628_s3_3_a_person_signs_in_compares_the_code_and_allows_the_device() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    let stop = stage.enter(text(&codes, "user_code")).await;
    assert!(stop.has("login-form") && stop.has("cancel"));
    assert!(!stop.text("cancel").contains("The service tv"), "nobody goes back to a television");
    let stop = stage.consent(&codes).await;
    assert_eq!(stop.text("device-code"), text(&codes, "user_code"));
    assert!(stop.answer.body.contains("The service tv") && stop.has("device-warning"));
    assert!(!stop.has("remember"), "asked every time, so there is nothing to remember");
    let done = stage.browser.press("consent-form", "consent-allow").await;
    assert!(done.text("device-done").contains("The service tv"));
    stage.poll(&codes).await.good();
}

#[tokio::test]
async fn rfc_8628_s6_1_a_code_is_taken_whatever_its_case_and_punctuation() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    let typed = text(&codes, "user_code").to_lowercase().replace('-', " ");
    assert!(stage.enter(&format!("  {typed}. ")).await.has("login-form"));
}

#[tokio::test]
async fn rfc_8628_s5_4_a_link_with_the_code_shows_it_and_goes_no_further() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    let complete = text(&codes, "verification_uri_complete");
    let path = complete.strip_prefix("https://sso.test.example").unwrap();
    let stop = stage.browser.open(path).await;
    assert_eq!(stop.fields("device-form")["user_code"], text(&codes, "user_code"));
    let journeys: i64 =
        sqlx::query_scalar("SELECT count(*) FROM journeys").fetch_one(stage.app.pool()).await.unwrap();
    assert_eq!(journeys, 0);
    // Whatever stands there is text.
    let stop = stage.browser.open("/device?user_code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!stop.answer.body.contains("<script>alert"));
}

#[tokio::test]
async fn rfc_8628_s5_4_consent_is_asked_whatever_was_remembered_and_each_time() {
    let mut stage = Stage::with(|client| {
        client.flows.push(tamga::model::client::Flow::AuthorizationCode);
        client.redirect_uris.push(CALLBACK.to_owned());
    })
    .await;
    let pkce = [("code_challenge", super::super::CHALLENGE), ("code_challenge_method", "S256")];
    let change: Vec<_> = [("scope", "openid email")].into_iter().chain(pkce).collect();
    let stop = stage.browser.open(&super::super::request("tv", &change)).await;
    assert!(!go_on(&mut stage.browser, "somchai", stop).await.parameter("code").is_empty());
    for _ in 0..2 {
        let codes = stage.codes().await;
        stage.allow(&codes).await;
        stage.poll(&codes).await.good();
    }
}

#[tokio::test]
async fn who_refuses_or_cancels_is_told_and_so_is_the_device() {
    let mut stage = Stage::new().await;
    for (form, button) in [("cancel-form", "cancel"), ("consent-form", "consent-deny")] {
        let codes = stage.codes().await;
        stage.consent(&codes).await;
        let done = stage.browser.press(form, button).await;
        assert_eq!(done.attribute("device-done", "data-allowed").as_deref(), Some("false"));
        for _ in 0..2 {
            assert_eq!(stage.poll(&codes).await.error(400), "access_denied");
        }
        // And nobody can allow it any more.
        let again = stage.enter(text(&codes, "user_code")).await;
        assert_eq!(again.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn a_code_that_expires_meanwhile_is_told_to_the_person() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    stage.consent(&codes).await;
    stage.app.clock.advance(Duration::minutes(10));
    let stop = stage.browser.press("consent-form", "consent-allow").await;
    assert_eq!((stop.answer.status, stop.text("error-code")), (StatusCode::GONE, "expired_token".to_owned()));
    assert!(stop.answer.body.contains("Start again on your device"));
    let stop = stage.enter(text(&codes, "user_code")).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_mistake_is_told_beside_the_field_and_what_was_typed_stays() {
    let mut stage = Stage::new().await;
    for (typed, says) in [
        ("", "Enter the code that the device shows."),
        ("BBBB-BBBB", "This code is not right"),
        ("hello world", "This code is not right"),
    ] {
        let stop = stage.enter(typed).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stop.text("user_code-error").starts_with(says), "{typed}");
        assert_eq!(stop.fields("device-form")["user_code"], typed);
    }
    for language in ["mn", "kk", "ru", "th"] {
        stage.browser.open(&format!("/device?lang={language}")).await;
        let stop = stage.browser.submit("device-form", &[("user_code", "BBBB-BBBB")]).await;
        assert!(!stop.text("user_code-error").contains("code"), "{language}");
    }
    let long = "B".repeat(5000);
    let stop = stage.enter(&long).await;
    assert_eq!(stop.fields("device-form")["user_code"].len(), 40);
}

#[tokio::test]
async fn another_sites_form_begins_nothing() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    let csrf = stage.browser.open("/device").await.fields("device-form")["csrf"].clone();
    let fields = [("user_code", text(&codes, "user_code")), ("csrf", &csrf)];
    let stop = stage.browser.post_from_elsewhere("/device", &fields).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    // Nothing is lost: the page is a good one.
    assert!(stage.browser.submit("device-form", &[]).await.has("login-form"));
    let stop = stage.browser.post("/device", &fields[..1]).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    let twice = [("user_code", "a"), ("user_code", "b"), ("csrf", csrf.as_str())];
    assert_eq!(stage.browser.post("/device", &twice).await.answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_client_shut_out_meanwhile_gets_nothing() {
    let mut stage = Stage::new().await;
    let (codes, other) = (stage.codes().await, stage.codes().await);
    stage.consent(&codes).await;
    let now = stage.app.clock.now();
    let mut tv = stage.tv.clone();
    stage.app.change_client(&mut tv, |client| client.disabled_at = Some(now)).await;
    let stop = stage.browser.press("consent-form", "consent-allow").await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    let stop = stage.enter(text(&other, "user_code")).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(stage.poll(&codes).await.error(401), "invalid_client");
}

#[tokio::test]
async fn another_browser_can_not_go_on_with_the_journey() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    let stop = stage.enter(text(&codes, "user_code")).await;
    let path = stop.url[url::Position::BeforePath..].to_owned();
    let stop = stage.app.browser().open(&path).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_account_below_the_level_asked_for_can_not_allow_it() {
    let mut stage = Stage::with(|client| client.scopes.push("iin".to_owned())).await;
    let codes = stage.ask(&[("scope", "openid"), ("acr_values", "9 3")]).await.good();
    let stop = stage.enter(text(&codes, "user_code")).await;
    assert!(stop.has("login-form"));
    let fields = [("username", "somchai"), ("password", crate::support::app::PASSWORD)];
    let stop = stage.browser.submit("login-form", &fields).await;
    assert!(!stop.has("consent-form") && stop.url.path() == "/level", "{}", stop.url);
}
