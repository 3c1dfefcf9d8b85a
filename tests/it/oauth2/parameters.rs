//! The second stage of an authorization request: faults go back to the client.

use serde_json::json;
use tamga::model::client::{Flow, Profile};

use super::{Scene, text};
use crate::support::{
    app::{CALLBACK, ISSUER},
    browser::Stop,
};

/// RFC 6749 §4.1.2.1, and `iss` by RFC 9207 §2.
#[track_caller]
fn assert_refused(stop: &Stop, error: &str, named: &str) {
    assert!(stop.away().as_str().starts_with(&format!("{CALLBACK}?error=")), "{}", stop.url);
    let description = stop.parameter("error_description");
    assert_eq!(stop.parameter("error"), error, "{description}");
    assert!(description.contains(named), "{description:?} does not name {named}");
    assert!(description.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\'));
    assert_eq!(stop.parameter("iss"), ISSUER);
    assert_eq!(stop.parameter("code"), "");
}

#[tokio::test]
async fn every_fault_goes_back_with_the_standards_word_and_the_parameters_name() {
    let mut scene = Scene::with(|client| client.scopes.retain(|scope| scope != "address")).await;
    // A live session and a remembered consent must not help a request that is wrong.
    scene.code(&[]).await;
    for (name, value, error) in [
        ("response_type", "", "invalid_request"),
        ("response_type", "none", "unsupported_response_type"),
        ("response_type", "Code", "unsupported_response_type"),
        ("response_mode", "telepathy", "invalid_request"),
        ("scope", "openid nonsense", "invalid_scope"),
        ("scope", "openid address", "invalid_scope"),
        ("prompt", "nonsense", "invalid_request"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "none consent", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("claims", "{", "invalid_request"),
        ("claims", "[]", "invalid_request"),
        ("code_challenge_method", "S256", "invalid_request"),
        ("request_uri", "https://rp.example/request", "invalid_request_uri"),
        ("resource", "https://api.example", "invalid_target"),
    ] {
        let stop = scene.ask(&[(name, value)]).await;
        assert_eq!(stop.parameter("error"), error, "{name}={value}");
        assert_refused(&stop, error, if name == "code_challenge_method" { "code_challenge" } else { name });
        assert_eq!(stop.parameter("state"), "state-1", "{name}={value}");
    }
}

#[tokio::test]
async fn rfc_6749_s3_1_a_repeated_parameter_is_refused_by_name() {
    let mut scene = Scene::new().await;
    for name in ["scope", "state", "nonce", "prompt", "code_challenge", "max_age", "x_unknown"] {
        let request = format!("{}&{name}=1&{name}=2", scene.request(&[(name, "")]));
        let stop = scene.browser.open(&request).await;
        assert_refused(&stop, "invalid_request", name);
    }
    // A state sent twice is none to give back.
    let request = format!("{}&state=other", scene.request(&[]));
    assert_eq!(scene.browser.open(&request).await.parameter("state"), "");
}

#[tokio::test]
async fn nul_and_what_is_not_utf_8_are_refused_by_name() {
    let mut scene = Scene::new().await;
    for name in ["scope", "state", "nonce", "login_hint", "x_unknown"] {
        for bad in ["a%00b", "%FF", "%C3%28", "%ED%A0%80"] {
            let request = format!("{}&{name}={bad}", scene.request(&[(name, "")]));
            let stop = scene.browser.open(&request).await;
            assert_refused(&stop, "invalid_request", name);
        }
    }
}

#[tokio::test]
async fn rfc_6749_s3_1_an_empty_parameter_counts_as_left_out_and_an_unknown_one_is_ignored() {
    let mut scene = Scene::new().await;
    let empty = "&prompt=&max_age=&claims=&request=&request_uri=&code_challenge=&code_challenge_method=\
                 &id_token_hint=&response_mode=&resource=&login_hint=&x_unknown=1&%E0%B8%81=2";
    let request = format!("{}{empty}", scene.request(&[]));
    let stop = scene.browser.open(&request).await;
    assert!(stop.has("login-form"), "{}", stop.url);
}

#[tokio::test]
async fn a_client_without_the_code_flow_is_refused() {
    let mut scene = Scene::with(|client| client.flows = vec![Flow::ClientCredentials]).await;
    let stop = scene.ask(&[]).await;
    assert_refused(&stop, "unauthorized_client", "authorization-code");
}

#[tokio::test]
async fn state_comes_back_as_it_was() {
    let mut scene = Scene::new().await;
    let state = "a b+c&d=e%20é\u{e01}\"'<>/?#";
    assert_eq!(scene.answer(&[("state", state)]).await.parameter("state"), state);
    let stop = scene.ask(&[("state", state), ("prompt", "nonsense")]).await;
    assert_eq!(stop.parameter("state"), state);
    let stop = scene.ask(&[("state", "")]).await;
    assert!(!stop.away().query_pairs().any(|(name, _)| name == "state"));
}

#[tokio::test]
async fn a_short_state_is_refused_for_a_client_that_sets_a_least_length() {
    let mut scene = Scene::with(|client| client.settings.min_state_length = 8).await;
    for short in ["", "1234567", "ééééééé"] {
        assert_refused(&scene.ask(&[("state", short)]).await, "invalid_request", "state");
    }
    assert!(scene.ask(&[("state", "12345678")]).await.has("login-form"));
}

#[tokio::test]
async fn form_post_answers_and_refuses_by_a_form() {
    let mut scene = Scene::new().await;
    let stop = scene.answer(&[("response_mode", "form_post")]).await;
    assert_eq!(stop.attribute("form-post", "action").as_deref(), Some(CALLBACK));
    let fields = stop.fields("form-post");
    assert_eq!(fields["state"], "state-1");
    assert_eq!(fields["iss"], ISSUER);
    scene.exchange(&fields["code"], &[]).await.good();
    assert_eq!(stop.answer.header("cache-control"), "no-store");

    let stop =
        scene.ask(&[("response_mode", "form_post"), ("prompt", "nonsense"), ("state", "<\"'&>")]).await;
    let fields = stop.fields("form-post");
    assert_eq!(fields["error"], "invalid_request");
    assert_eq!(fields["state"], "<\"'&>");
    assert_eq!(fields["iss"], ISSUER);
}

#[tokio::test]
async fn fragment_answers_and_refuses_in_the_fragment() {
    let mut scene = Scene::new().await;
    let stop = scene.answer(&[("response_mode", "fragment")]).await;
    assert!(stop.away().as_str().starts_with(&format!("{CALLBACK}#code=")), "{}", stop.url);
    assert!(stop.away().fragment().unwrap().ends_with("&state=state-1&iss=https%3A%2F%2Fsso.test.example"));
    let stop = scene.ask(&[("response_mode", "fragment"), ("prompt", "nonsense")]).await;
    assert!(stop.away().as_str().starts_with(&format!("{CALLBACK}#error=invalid_request&")));
}

#[tokio::test]
async fn out_of_band_the_code_is_shown_on_a_page_whose_title_carries_it() {
    let uri = "urn:ietf:wg:oauth:2.0:oob:auto";
    let mut scene = Scene::with(|client| client.redirect_uris = vec![uri.to_owned()]).await;
    let stop = scene.answer(&[("redirect_uri", uri)]).await;
    let code = stop.text("code");
    assert!(stop.answer.body.contains("<title>") && title(&stop).contains(&code), "{}", title(&stop));
    scene.exchange(&code, &[("redirect_uri", uri)]).await.good();
}

fn title(stop: &Stop) -> String {
    let page = scraper::Html::parse_document(&stop.answer.body);
    let title = page.select(&scraper::Selector::parse("title").unwrap()).next();
    title.map(|title| title.text().collect()).unwrap_or_default()
}

#[tokio::test]
async fn a_resource_that_is_registered_may_be_named_several_times_over() {
    let (one, two) = ("https://one.example", "https://two.example");
    let mut scene = Scene::with(|client| client.resources = vec![one.to_owned(), two.to_owned()]).await;
    let request = format!("{}&resource={one}&resource={two}", scene.request(&[]));
    let stop = scene.browser.open(&request).await;
    let stop = super::go_on(&mut scene.browser, "somchai", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(super::claims(text(&tokens, "access_token"))["aud"], json!([one, two]));
}

#[tokio::test]
async fn detailed_errors_say_how_far_the_person_got() {
    let mut scene = Scene::with(|client| client.settings.detailed_errors = true).await;
    let stop = scene.ask(&[("scope", "openid email")]).await;
    let journey = stop.fields("cancel-form")["journey"].clone();
    let wrong = [("username", "somchai"), ("password", "not the password")];
    scene.browser.submit("login-form", &wrong).await;
    let stop = scene.browser.submit("cancel-form", &[]).await;
    assert_refused(&stop, "access_denied", "refused");
    assert_eq!(stop.parameter("state"), "state-1");
    assert_eq!(stop.parameter("scope"), "openid email");
    assert_eq!(stop.parameter("cancel_stage"), "login");
    assert_eq!(stop.parameter("cancel_request_id"), journey);
    assert_eq!(stop.parameter("cancel_reason"), "bad_credentials");

    scene.ask(&[]).await;
    let right = [("username", "somchai"), ("password", crate::support::app::PASSWORD)];
    scene.browser.submit("login-form", &right).await;
    let stop = scene.browser.press("consent-form", "consent-deny").await;
    assert_eq!(stop.parameter("error"), "access_denied");
    assert_eq!(stop.parameter("cancel_stage"), "consent");
    assert_eq!(stop.parameter("cancel_reason"), "", "nothing went wrong in this journey");

    // Before any journey there is still the scope.
    let stop = scene.ask(&[("scope", "openid email"), ("prompt", "nonsense")]).await;
    assert_eq!(stop.parameter("scope"), "openid email");
}

#[tokio::test]
async fn without_detailed_errors_a_refusal_says_no_more_than_the_standard() {
    let mut scene = Scene::with(|client| client.profile = Some(Profile::DigitalIdTh)).await;
    scene.ask(&[]).await;
    let stop = scene.browser.press("cancel-form", "cancel").await;
    let names: Vec<String> = stop.away().query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["error", "error_description", "state", "iss"]);
}
