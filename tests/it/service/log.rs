//! What the log must never hold: a test runs the flows and reads it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};

use super::{OTHER, Scene};
use crate::oauth2::text;

#[tokio::test]
async fn no_secret_token_password_or_user_name_is_logged() {
    let scene = Scene::new().await;
    let mut secret = vec![
        scene.client.secret().to_owned(),
        "the-ignored-password".to_owned(),
        "Test1".to_owned(),
        "no-such-person".to_owned(),
        "66812345678".to_owned(),
    ];
    let mut tokens = Vec::new();
    let answer = scene.password(&[("password", "the-ignored-password")]).await.good();
    tokens.push(text(&answer, "access_token").to_owned());
    scene.password(&[("username", "no-such-person")]).await.error(400);
    let fields = [("grant_type", "client_credentials"), ("resource", OTHER)];
    tokens.push(text(&scene.ask(&fields).await.good(), "access_token").to_owned());
    let now = scene.app.clock.now().unix_timestamp();
    let naming = serde_json::json!({"unique_name": "Test1", "iat": now, "exp": now + 60}).to_string();
    let naming = format!("{}.{}.", B64.encode(r#"{"alg":"none","typ":"JWT"}"#), B64.encode(naming));
    secret.push(naming.split('.').nth(1).unwrap().to_owned());
    for resource in [OTHER, "urn:the-unknown-resource"] {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", &*naming),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            ("resource", resource),
        ];
        let answer = scene.ask(&fields).await;
        if resource == OTHER {
            tokens.push(text(&answer.good(), "access_token").to_owned());
        }
    }
    for token in &tokens {
        scene.introspect(token).await;
        secret.push(token.rsplit('.').next().unwrap().to_owned());
    }
    let mut wrong = scene.client.clone();
    wrong.secret = Some("a-wrong-client-secret".to_owned());
    secret.push("a-wrong-client-secret".to_owned());
    scene.app.door.post_as(&wrong, "/oauth2/token", &fields).await.error(401);
    let log = scene.app.log();
    assert!(log.contains("tokens_issued") && log.contains("invalid_grant"), "the log was listened to");
    for secret in secret {
        let line = log.lines().find(|line| line.contains(&secret));
        assert!(line.is_none(), "{secret:?} is in the log: {line:?}");
    }
}
