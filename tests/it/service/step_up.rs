//! What a service client may not do: endpoints that need the person themselves tell it so (RFC 9470).

use axum::http::Method;
use tamga::model::credential::CredentialKind;

use super::Scene;
use crate::{
    oauth2::{self, text},
    support::door::Answer,
};

const EXPORT: &str = "/api/v1/users/me/export";

async fn export(app: &crate::support::app::TestApp, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    app.door.call(Method::GET, EXPORT, &[("authorization", &bearer)], "").await
}

#[tokio::test]
async fn rfc_9470_s3_a_service_clients_token_is_told_to_have_the_person_sign_in() {
    let scene = Scene::new().await;
    // For a resource, and for this server itself.
    let elsewhere = Scene::with(|client| client.resources.clear()).await;
    for (scene, change) in [(&scene, &[][..]), (&elsewhere, &[("resource", "")])] {
        let answer = scene.password(change).await.good();
        for path in [EXPORT, "/oauth2/userinfo"] {
            let bearer = format!("Bearer {}", text(&answer, "access_token"));
            let headers = [("authorization", bearer.as_str())];
            let refused = scene.app.door.call(Method::GET, path, &headers, "").await;
            assert_eq!(refused.error(401), "insufficient_user_authentication", "{path}");
            let challenge = refused.header("www-authenticate");
            assert!(challenge.contains("error=\"insufficient_user_authentication\""), "{challenge}");
        }
    }
    assert!(scene.journal("user.export").await.is_empty());
}

#[tokio::test]
async fn a_password_alone_does_not_export_and_a_second_factor_does_once_the_person_allowed_it() {
    let mut scene = oauth2::Scene::new().await;
    let tokens = scene.tokens(&[("scope", "openid export")]).await;
    let refused = export(&scene.app, text(&tokens, "access_token")).await;
    assert_eq!(refused.error(401), "insufficient_user_authentication");

    scene.app.enrol(scene.user, CredentialKind::Mail).await;
    scene.browser = scene.app.browser();
    let tokens = with_second_factor(&mut scene, "openid export").await;
    let document = export(&scene.app, &tokens).await.good();
    assert_eq!(document["account"]["username"], "somchai");
    assert_eq!(document["attributes"]["email"]["value"], "somchai@citizen.example");
    assert_eq!(super::journal(&scene.app, "user.export").await.len(), 1);

    scene.browser = scene.app.browser();
    scene.app.clock.advance(time::Duration::minutes(5));
    let narrow = with_second_factor(&mut scene, "openid email").await;
    let refused = export(&scene.app, &narrow).await;
    assert_eq!(refused.error(403), "insufficient_scope");
    assert_eq!(export(&scene.app, "nonsense").await.error(401), "invalid_token");
}

/// An access token of a sign-in with a code by mail.
pub async fn with_second_factor(scene: &mut oauth2::Scene, scope: &str) -> String {
    let form = [("username", "somchai"), ("password", crate::support::app::PASSWORD)];
    scene.ask(&[("scope", scope)]).await;
    let mut stop = scene.browser.submit("login-form", &form).await;
    if stop.has("code-form") {
        let code = scene.app.sent_code("somchai@citizen.example").await;
        stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    }
    let stop = oauth2::go_on(&mut scene.browser, "somchai", stop).await;
    let code = stop.parameter("code");
    assert!(!code.is_empty(), "{}", stop.away());
    let tokens = scene.exchange(&code, &[]).await.good();
    text(&tokens, "access_token").to_owned()
}
