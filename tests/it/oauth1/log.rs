//! What the log must never hold: a test runs the flows, good and bad, and reads it.

use super::{Scene, USER_INFO};
use crate::support::app::PASSWORD;

#[tokio::test]
async fn no_secret_token_verifier_signature_nonce_identifier_phone_or_mail_is_logged() {
    let mut scene = Scene::with(|client| client.settings.oauth1_plaintext = true).await;
    let mut call = scene.request_token_call();
    call.set("scope", "profile email phone");
    let nonce = call.get("oauth_nonce").unwrap().to_owned();
    let signature = call.signature();
    let token = super::credentials(&call.send(&scene.app.door).await);
    call.send(&scene.app.door).await;
    let verifier = scene.allow(&token).await.parameter("oauth_verifier");
    scene.exchange(&token, "a wrong verifier").await;
    let access = super::credentials(&scene.exchange(&token, &verifier).await);
    let document = scene.user_info(&access).await.body;
    assert!(document.contains("Somchai"));
    scene.user_info_by_bearer(&access.token).await;
    scene.app.door.get(&format!("/XmlUserInfo.aspx?AccessToken={}", access.token)).await;
    let mut plain = scene.call(axum::http::Method::GET, USER_INFO, Some(&access));
    plain.set("oauth_signature_method", "PLAINTEXT");
    plain.send(&scene.app.door).await;
    // What is refused is not logged either.
    scene.exchange(&token, &verifier).await;
    scene.user_info(&access).await;
    scene.user_info_by_bearer("a-token-that-was-made-up").await;
    let mut unknown = scene.request_token_call();
    unknown.set("oauth_consumer_key", "a-consumer-that-was-made-up");
    unknown.send(&scene.app.door).await;
    let mut elsewhere = scene.request_token_call();
    elsewhere.set("oauth_callback", "https://callback-of-a-stranger.example/");
    elsewhere.send(&scene.app.door).await;

    let secrets = [
        PASSWORD,
        scene.rp.secret(),
        &token.token,
        &token.secret,
        &access.token,
        &access.secret,
        &verifier,
        &nonce,
        &signature,
        "a wrong verifier",
        "made-up",
        "callback-of-a-stranger",
        "citizen.example",
        "66812345678",
        "Somchai",
        "Jaidee",
    ];
    let log = scene.app.log();
    for outcome in
        ["request_token_issued", "verifier_issued", "access_token_issued", "user_info", "token_used"]
    {
        assert!(log.contains(outcome), "{outcome}: the log was listened to");
    }
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret:?} is in the log: {line:?}");
    }
}
