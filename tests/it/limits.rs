//! Whatever arrives, the answer is one of the standard's errors or a page.

use axum::http::{Method, StatusCode};

use crate::support::app::TestApp;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn a_body_over_64_kib_is_413() {
    let app = TestApp::new().await;
    let body = format!("token={}", "a".repeat(64 * 1024));
    for path in ["/oauth2/token", "/oauth2/authorize", "/oauth2/introspect", "/login", "/oauth2/userinfo"] {
        let answer = app.door.call(Method::POST, path, &[FORM], &body).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
}

#[tokio::test]
async fn an_address_over_16_kib_is_414_and_a_header_431() {
    let app = TestApp::new().await;
    let long = "a".repeat(16 * 1024 + 1);
    let answer = app.door.get(&format!("/oauth2/authorize?state={long}")).await;
    assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
    let answer = app.door.call(Method::GET, "/", &[("cookie", &long)], "").await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test]
async fn every_page_and_answer_carries_the_security_headers() {
    let app = TestApp::new().await;
    for path in ["/", "/oauth2/authorize", "/no-such-page", "/oauth2/jwks", "/oauth2/userinfo", "/login"] {
        let answer = app.door.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe-inline"), "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn pages_have_no_inline_script_or_style() {
    let app = TestApp::new().await;
    for path in ["/", "/no-such-page", "/oauth2/authorize"] {
        let body = app.door.get(path).await.body;
        assert!(
            !body.contains("<style") && !body.contains(" style=") && !body.contains(" onclick="),
            "{path}"
        );
        assert!(
            body.match_indices("<script").all(|(at, _)| body[at..].starts_with("<script src=")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_and_an_unknown_address_a_page() {
    let app = TestApp::new().await;
    assert_eq!(app.door.get("/oauth2/token").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let answer = app.door.get("/no-such-page").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("not_found"));
}

#[tokio::test]
async fn static_files_are_kept_for_a_year_and_nothing_else_is_served() {
    let app = TestApp::new().await;
    let home = app.door.get("/").await.body;
    let at = home.find("/static/app.").or_else(|| home.find("&#x2f;static&#x2f;app.")).unwrap();
    let address = home[at..].split('"').next().unwrap().replace("&#x2f;", "/");
    let style = app.door.get(&address).await;
    assert_eq!(style.status, StatusCode::OK);
    assert!(style.header("cache-control").contains("immutable"));
    for bad in ["/static/../Cargo.toml", "/static/app.css", "/static/%2e%2e/Cargo.toml"] {
        assert_eq!(app.door.get(bad).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn profiles_paths_are_served_only_when_switched_on() {
    let app = TestApp::new().await;
    for path in ["/oauth2/auth", "/connect/authorize", "/sessions/logout"] {
        assert_eq!(app.door.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let app = TestApp::with(&[("profiles.aitu", "true"), ("profiles.digital_id_th", "true")]).await;
    for path in ["/oauth2/auth", "/connect/authorize"] {
        assert_eq!(app.door.get(path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert_eq!(app.door.get("/sessions/logout").await.status, StatusCode::OK);
}
