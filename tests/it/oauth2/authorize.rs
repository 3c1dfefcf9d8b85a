//! The first stage of an authorization request: who asks, and where the answer goes.

use axum::http::{Method, StatusCode};

use super::{Scene, go_on, request};
use crate::support::{
    app::{CALLBACK, ISSUER, PASSWORD, TestApp},
    browser::Stop,
};

#[track_caller]
fn assert_page(stop: &Stop, status: u16, code: &str, named: &str) {
    assert_eq!(stop.answer.status.as_u16(), status, "{}", stop.url);
    assert_eq!(stop.text("error-code"), code);
    let description = stop.text("error-description");
    assert!(description.contains(named), "{description:?} does not name {named}");
    assert_eq!(stop.text("request-id"), stop.answer.header("x-request-id"));
}

#[tokio::test]
async fn a_person_signs_in_consents_and_comes_back_with_a_code() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[]).await;
    assert_eq!(stop.url.path(), "/login");
    let stop = go_on(&mut scene.browser, "somchai", stop).await;
    assert!(stop.away().as_str().starts_with(&format!("{CALLBACK}?code=")));
    assert_eq!(stop.parameter("state"), "state-1");
    // RFC 9207 §2.
    assert_eq!(stop.parameter("iss"), ISSUER);
    let names: Vec<String> = stop.away().query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["code", "session_state", "state", "iss"]);
}

#[tokio::test]
async fn with_a_live_session_and_a_remembered_consent_the_answer_comes_at_once() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    scene.browser.trail.clear();
    scene.code(&[]).await;
    assert_eq!(scene.browser.trail.len(), 1);
}

#[tokio::test]
async fn an_unknown_client_gets_a_page_and_no_redirect() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[("client_id", "nobody")]).await;
    assert_page(&stop, 400, "invalid_client", "client_id");
    let stop = scene.ask(&[("client_id", "")]).await;
    assert_page(&stop, 400, "invalid_request", "client_id");
}

#[tokio::test]
async fn a_disabled_client_gets_a_page_with_403() {
    let mut scene = Scene::new().await;
    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = Some(now)).await;
    let stop = scene.ask(&[]).await;
    assert_page(&stop, 403, "unauthorized_client", "client_id");
}

#[tokio::test]
async fn rfc_9700_s2_1_an_address_that_is_not_equal_byte_for_byte_is_never_redirected_to() {
    let mut scene = Scene::new().await;
    for other in [
        "https://rp.example/cb/",
        "https://rp.example/cb?x=1",
        "https://rp.example/cb#",
        "https://rp.example/CB",
        "https://RP.example/cb",
        "https://rp.example:443/cb",
        "https://rp.example/./cb",
        "https://rp.example/%63b",
        "http://rp.example/cb",
        "https://rp.example.evil.example/cb",
        "https://rp.example@evil.example/cb",
        "https://evil.example/cb",
        "javascript:alert(1)",
        "//rp.example/cb",
        "/cb",
    ] {
        let stop = scene.ask(&[("redirect_uri", other)]).await;
        assert_page(&stop, 400, "invalid_request", "redirect_uri");
        // Neither by another fault of the same request.
        let stop = scene.ask(&[("redirect_uri", other), ("response_type", "nonsense")]).await;
        assert_page(&stop, 400, "invalid_request", "redirect_uri");
    }
}

#[tokio::test]
async fn a_repeated_client_id_or_redirect_uri_gets_a_page() {
    let mut scene = Scene::new().await;
    for name in ["client_id", "redirect_uri"] {
        let request = format!("{}&{name}=https%3A%2F%2Frp.example%2Fcb", scene.request(&[]));
        let stop = scene.browser.open(&request).await;
        assert_page(&stop, 400, "invalid_request", name);
    }
    for bad in ["%00", "%FF"] {
        let request = scene.request(&[("redirect_uri", "")]);
        let stop = scene.browser.open(&format!("{request}&redirect_uri={bad}")).await;
        assert_page(&stop, 400, "invalid_request", "redirect_uri");
    }
}

#[tokio::test]
async fn oidc_core_s3_1_2_1_redirect_uri_may_be_left_out_only_outside_openid() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[("redirect_uri", "")]).await;
    assert_page(&stop, 400, "invalid_request", "redirect_uri");
    let stop = scene.answer(&[("redirect_uri", ""), ("scope", "email")]).await;
    assert!(stop.away().as_str().starts_with(CALLBACK));
    assert!(!stop.parameter("code").is_empty());
}

#[tokio::test]
async fn redirect_uri_may_not_be_left_out_when_several_are_registered() {
    let mut scene =
        Scene::with(|client| client.redirect_uris.push("https://rp.example/other".to_owned())).await;
    let stop = scene.ask(&[("redirect_uri", ""), ("scope", "email")]).await;
    assert_page(&stop, 400, "invalid_request", "redirect_uri");
}

#[tokio::test]
async fn rfc_8252_s7_3_a_loopback_address_may_have_any_port() {
    let mut scene = Scene::with(|client| client.redirect_uris = vec!["http://127.0.0.1/cb".to_owned()]).await;
    let stop = scene.answer(&[("redirect_uri", "http://127.0.0.1:51004/cb")]).await;
    assert!(stop.away().as_str().starts_with("http://127.0.0.1:51004/cb?code="));
    let code = stop.parameter("code");
    // RFC 6749 §4.1.3: the token request names the very same address.
    let refused = scene.exchange(&code, &[("redirect_uri", "http://127.0.0.1/cb")]).await;
    assert_eq!(refused.error(400), "invalid_grant");
    scene.exchange(&code, &[("redirect_uri", "http://127.0.0.1:51004/cb")]).await.good();
    let stop = scene.ask(&[("redirect_uri", "http://127.0.0.1:51004/other")]).await;
    assert_page(&stop, 400, "invalid_request", "redirect_uri");
}

#[tokio::test]
async fn the_return_addresss_own_query_is_kept() {
    let uri = "https://rp.example/cb?tenant=%7e1&x";
    let mut scene = Scene::with(|client| client.redirect_uris = vec![uri.to_owned()]).await;
    let stop = scene.answer(&[("redirect_uri", uri)]).await;
    assert!(stop.answer.header("location").starts_with(&format!("{uri}&code=")));
}

#[tokio::test]
async fn post_is_equal_to_get() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let request = scene.request(&[]);
    let (path, query) = request.split_once('?').unwrap();
    let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let stop = scene.browser.post(path, &fields).await;
    assert!(!stop.parameter("code").is_empty());
    // From another site's page no cookie comes along with the post itself, but with the redirect
    // that follows it: the person need not sign in again.
    let stop = scene.browser.post_from_elsewhere(path, &fields).await;
    assert!(!stop.parameter("code").is_empty());
    let mut stranger = scene.app.browser();
    assert!(stranger.post_from_elsewhere(path, &fields).await.has("login-form"));
}

#[tokio::test]
async fn rfc_9700_s2_6_the_authorization_endpoint_has_no_cors_and_is_never_framed() {
    let scene = Scene::new().await;
    let headers = [("origin", "https://rp.example"), ("accept", "text/html")];
    let answer = scene.app.door.call(Method::GET, &scene.request(&[]), &headers, "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
    let preflight = [("origin", "https://rp.example"), ("access-control-request-method", "GET")];
    let answer = scene.app.door.call(Method::OPTIONS, "/oauth2/authorize", &preflight, "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn cookies_are_bound_to_the_host_and_closed_to_scripts() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    assert!(scene.browser.set_cookies.len() >= 2);
    for line in &scene.browser.set_cookies {
        assert!(line.starts_with("__Host-tamga_"), "{line}");
        // A script in relying parties' pages compares the browser's state: a digest, and no secret.
        let state = line.starts_with("__Host-tamga_browser_state=");
        let usual = ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"];
        for attribute in if state { ["; Path=/", "", "; SameSite=None", "; Secure"] } else { usual } {
            assert!(line.contains(attribute), "{line}");
        }
        assert!(!line.contains("Domain"), "{line}");
    }
    assert_eq!(
        scene.browser.cookie_names(),
        ["__Host-tamga_browser_state", "__Host-tamga_known", "__Host-tamga_session"],
        "the journey's cookie is gone"
    );
}

#[tokio::test]
async fn on_plain_http_in_development_cookies_have_no_prefix() {
    let mut scene = Scene::at(TestApp::on_loopback().await, |_| {}).await;
    let stop = scene.answer(&[]).await;
    assert_eq!(stop.parameter("iss"), "http://localhost:8080");
    assert!(
        scene.browser.set_cookies.iter().all(|line| line.starts_with("tamga_") && !line.contains("Secure"))
    );
    assert_eq!(stop.answer.header("strict-transport-security"), "");
}

#[tokio::test]
async fn what_is_too_large_is_refused_with_the_status_that_says_so() {
    let scene = Scene::new().await;
    let door = &scene.app.door;
    let long = "x".repeat(17 * 1024);
    let answer = door.get(&scene.request(&[("state", &long)])).await;
    assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
    let answer = door.call(Method::GET, &scene.request(&[]), &[("x-long", &long)], "").await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let answer = door.post("/oauth2/authorize", &[("state", &"x".repeat(65 * 1024))]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn of_two_that_finish_a_journey_at_once_one_gets_the_code() {
    let scene = Scene::new().await;
    let beside = scene.app.another().await;
    for _ in 0..5 {
        let mut browser = scene.app.browser();
        browser.open(&request("rp", &[("prompt", "login consent")])).await;
        browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
        let fields = browser.here().fields("consent-form");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let cookie = browser.cookie_header();
        let headers = [("cookie", cookie.as_str())];
        let decided = scene.app.door.post_with("/consent", &headers, &fields).await;
        let next = decided.header("location").to_owned();
        assert!(next.starts_with("/continue/"), "{decided:?}");
        let get = Method::GET;
        let (one, two) = tokio::join!(
            scene.app.door.call(get.clone(), &next, &headers, ""),
            beside.door.call(get, &next, &headers, ""),
        );
        let codes = [&one, &two].iter().filter(|answer| answer.header("location").contains("code=")).count();
        assert_eq!(codes, 1, "{} {}", one.status, two.status);
    }
}

#[tokio::test]
async fn a_planted_session_cookie_gains_its_planter_nothing() {
    let mut scene = Scene::new().await;
    // The attacker signs in, and plants the cookie at somebody else's browser.
    scene.app.user_with("mallory", PASSWORD, &[]).await;
    let mut mallory = scene.app.browser();
    let stop = mallory.open(&request("rp", &[])).await;
    go_on(&mut mallory, "mallory", stop).await;
    let planted = mallory.cookie("__Host-tamga_session").unwrap().to_owned();
    scene.browser.plant("__Host-tamga_session", &planted);
    let stop = scene.ask(&[("prompt", "login")]).await;
    go_on(&mut scene.browser, "somchai", stop).await;
    // The person's session has another cookie, and the planted one is dead.
    assert_ne!(scene.browser.cookie("__Host-tamga_session"), Some(planted.as_str()));
    let stop = mallory.open(&request("rp", &[("prompt", "none")])).await;
    assert_eq!(stop.parameter("error"), "login_required");
}
