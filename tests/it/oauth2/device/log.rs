//! What the log must never hold (`quality.md`, "Security").

use super::{Stage, text};

#[tokio::test]
async fn neither_code_is_logged_whatever_comes_of_it() {
    let mut stage = Stage::new().await;
    let mut secret = Vec::new();
    for allow in [true, false] {
        let codes = stage.codes().await;
        let user_code = text(&codes, "user_code").to_owned();
        stage.browser.open(&format!("/device?user_code={user_code}")).await;
        stage.poll(&codes).await.error(400);
        stage.poll(&codes).await.error(400);
        stage.consent(&codes).await;
        let button = if allow { "consent-allow" } else { "consent-deny" };
        assert!(stage.browser.press("consent-form", button).await.has("device-done"));
        let answer = stage.poll(&codes).await;
        if allow {
            secret.push(text(&answer.good(), "access_token").rsplit('.').next().unwrap().to_owned());
        }
        // Used, or refused: neither is right any more.
        stage.poll(&codes).await.error(400);
        stage.enter(&user_code).await;
        secret.extend([text(&codes, "device_code").to_owned(), user_code.replace('-', ""), user_code]);
    }
    stage.enter("GUES-SSED").await;
    stage.enter("BCDF-GHJK").await;
    secret.extend(["GUES", "SSED", "BCDF", "GHJK", "citizen.example", "Jaidee"].map(str::to_owned));
    let log = stage.app.log();
    for word in ["device_code_issued", "device_allowed", "device_denied", "slow_down", "user_code_wrong"] {
        assert!(log.contains(word), "{word}: the log was listened to");
    }
    for secret in secret {
        let line = log.lines().find(|line| line.contains(&secret));
        assert!(line.is_none(), "{secret:?} is in the log: {line:?}");
    }
}
