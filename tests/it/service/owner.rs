//! The password grant of an ordinary client: the person's own password is checked.

use serde_json::json;
use tamga::model::{client::Flow, credential::CredentialKind};
use time::Duration;

use crate::{
    oauth2::{claims, text},
    support::{
        app::{PASSWORD, TestApp, TestClient},
        door::Answer,
    },
};

struct Scene {
    app: TestApp,
    client: TestClient,
}

impl Scene {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let client =
            app.client("legacy", |client| client.flows = vec![Flow::ResourceOwner, Flow::RefreshToken]).await;
        app.user("somchai").await;
        Self { app, client }
    }

    async fn ask(&self, username: &str, password: &str, further: &[(&str, &str)]) -> Answer {
        let fields = [("grant_type", "password"), ("username", username), ("password", password)];
        let fields: Vec<_> = fields.iter().chain(further).copied().collect();
        self.app.door.post_as(&self.client, "/oauth2/token", &fields).await
    }
}

#[tokio::test]
async fn the_right_password_gives_tokens_that_say_so() {
    let scene = Scene::new().await;
    let scope = [("scope", "openid email offline_access")];
    let tokens = scene.ask("somchai", PASSWORD, &scope).await.good();
    let access = claims(text(&tokens, "access_token"));
    assert_eq!(access["amr"], json!(["pwd"]));
    assert!(access.get("suppressed_auth").is_none());
    assert!(!text(&tokens, "id_token").is_empty());
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    let userinfo =
        scene.app.door.call(axum::http::Method::GET, "/oauth2/userinfo", &headers, "").await.good();
    assert_eq!(userinfo["email"], "somchai@citizen.example");
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", text(&tokens, "refresh_token"))];
    scene.app.door.post_as(&scene.client, "/oauth2/token", &refresh).await.good();
    // A confirmed mail address names the account too, as on the login page.
    scene.ask("somchai@citizen.example", PASSWORD, &[]).await.good();
}

#[tokio::test]
async fn wrong_passwords_unknown_names_and_disabled_accounts_get_the_same_words() {
    let scene = Scene::new().await;
    let disabled = scene.app.user("disabled").await;
    scene.app.disable_user(disabled).await;
    let mut bodies = Vec::new();
    for (username, password) in [("somchai", "wrong"), ("nobody", PASSWORD), ("disabled", PASSWORD)] {
        let answer = scene.ask(username, password, &[]).await;
        assert_eq!(answer.error(400), "invalid_grant", "{username}");
        bodies.push(answer.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert_eq!(scene.ask("somchai", "", &[]).await.error(400), "unauthorized_client");
}

#[tokio::test]
async fn guessing_is_throttled_as_on_the_login_page_whichever_is_used() {
    let scene = Scene::new().await;
    for _ in 0..5 {
        assert_eq!(scene.ask("somchai", "wrong", &[]).await.error(400), "invalid_grant");
    }
    // Even the right password has to wait, and is told how long.
    let throttled = scene.ask("SOMCHAI", PASSWORD, &[]).await;
    assert_eq!(throttled.error(429), "temporarily_unavailable");
    assert_eq!(throttled.header("retry-after"), "1");
    let mut browser = scene.app.browser();
    let login = browser.open("/login").await;
    assert!(login.has("login-form"));
    let form = [("username", "somchai"), ("password", PASSWORD)];
    assert_eq!(browser.submit("login-form", &form).await.answer.status, 429);
    // Others of the same client are not shut out by it.
    scene.app.user("other").await;
    scene.ask("other", PASSWORD, &[]).await.good();
    scene.app.clock.advance(Duration::seconds(2));
    scene.ask("somchai", PASSWORD, &[]).await.good();
    // The failures are forgotten.
    assert_eq!(scene.ask("somchai", "wrong", &[]).await.error(400), "invalid_grant");
    scene.ask("somchai", PASSWORD, &[]).await.good();
}

#[tokio::test]
async fn guesses_at_once_count_each() {
    let scene = Scene::new().await;
    let guesses = (0..12).map(|_| scene.ask("somchai", "wrong", &[]));
    futures_util::future::join_all(guesses).await;
    assert_eq!(scene.ask("somchai", PASSWORD, &[]).await.error(429), "temporarily_unavailable");
}

#[tokio::test]
async fn who_has_a_second_factor_is_pointed_to_the_confirmation_flow() {
    let scene = Scene::new().await;
    let user = scene.app.user("careful").await;
    scene.app.enrol(user, CredentialKind::Mail).await;
    let answer = scene.ask("careful", PASSWORD, &[]).await;
    assert_eq!(answer.error(400), "invalid_grant");
    assert!(text(&answer.json(), "error_description").contains("confirmation"), "{answer:?}");
    // Only who knows the password learns of it.
    let wrong = scene.ask("careful", "wrong", &[]).await;
    assert_eq!(wrong.error(400), "invalid_grant");
    assert!(!text(&wrong.json(), "error_description").contains("confirmation"), "{wrong:?}");
}
