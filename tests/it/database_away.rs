//! The database goes away and comes back, without a restart.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use tokio::time::sleep;

use crate::support::app::TestApp;

/// Waits until the server's word on its database is this.
async fn until_present(app: &TestApp, present: bool) {
    let begun = Instant::now();
    while app.app.presence.is_present() != present {
        assert!(begun.elapsed() < Duration::from_secs(20), "presence never became {present}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn gone_and_back(app: &TestApp, go: impl Fn(), come_back: impl Fn()) {
    let _background = app.run_background();
    let rp = app.client("rp", |_| {}).await;
    let token = [("token", "some-token")];
    assert_eq!(app.door.post_as(&rp, "/oauth2/introspect", &token).await.status, StatusCode::OK);
    assert_eq!(app.door.get("/health/ready").await.status, StatusCode::OK);

    go();
    // A request under way when it happens is given up, not left hanging.
    let answer = app.door.post_as(&rp, "/oauth2/introspect", &token).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    until_present(app, false).await;
    let answer = app.door.post_as(&rp, "/oauth2/introspect", &token).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(answer.json()["error"], "temporarily_unavailable");
    let page = app.door.call(Method::GET, "/oauth2/authorize", &[("accept", "text/html")], "").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("request-id"), "people get a page");
    assert_eq!(app.door.get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    for path in ["/.well-known/openid-configuration", "/oauth2/jwks", "/health/live"] {
        assert_eq!(app.door.get(path).await.status, StatusCode::OK, "{path} needs no database");
    }

    come_back();
    until_present(app, true).await;
    assert_eq!(app.door.get("/health/ready").await.status, StatusCode::OK);
    assert_eq!(app.door.post_as(&rp, "/oauth2/introspect", &token).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_database_gives_503_and_is_used_again_when_it_thaws() {
    let app = TestApp::over_wire_with_connections(4).await;
    gone_and_back(&app, || app.wire().freeze(), || app.wire().thaw()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_cut_off_gives_503_and_is_used_again_when_it_is_back() {
    let app = TestApp::over_wire_with_connections(4).await;
    gone_and_back(&app, || app.wire().cut(), || app.wire().restore()).await;
}
