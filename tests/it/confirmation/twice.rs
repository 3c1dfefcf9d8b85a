//! What may happen once, asked for twice at once.

use serde_json::json;
use tamga::crypto::totp::Seed;

use super::{CALLBACK, PATHS, PHONE, Scene, person, totp};
use crate::support::app::{PASSWORD, START};

const SEED: &[u8] = b"12345678901234567890";

#[tokio::test]
async fn of_two_right_answers_at_once_one_gets_the_token() {
    for application in [false, true] {
        let scene = Scene::new().await;
        if application {
            scene.app.enrol_totp(scene.user, &Seed::from_bytes(SEED)).await;
        }
        let pending = scene.log_in().await.good();
        let code = match application {
            true => totp(SEED, START.unix_timestamp()),
            false => scene.app.sent_code(PHONE).await,
        };
        let other = scene.app.another_with(&[("profiles.dss", "true")]).await;
        let elsewhere = Scene { app: other, client: scene.client.clone(), user: scene.user };
        let answers = tokio::join!(
            scene.answer(&pending, &code),
            elsewhere.answer(&pending, &code),
            scene.answer(&pending, &code),
            elsewhere.poll(&pending),
        );
        let answers = [answers.0.good(), answers.1.good(), answers.2.good(), answers.3.good()];
        let tokens = answers.iter().filter(|answer| answer.get("AccessToken").is_some()).count();
        assert_eq!(tokens, 1, "{answers:?}");
        assert_eq!(scene.count("grants").await, 1);
    }
}

#[tokio::test]
async fn two_requests_at_once_open_one_challenge_and_send_one_code() {
    let scene = Scene::new().await;
    let (one, two) = tokio::join!(scene.log_in(), scene.log_in());
    assert_eq!(one.good(), two.good());
    assert_eq!(scene.app.messages(PHONE).await.len(), 1);
    assert_eq!(scene.count("confirmations").await, 1);
}

#[tokio::test]
async fn the_client_is_told_once_however_many_decide() {
    let scene = Scene::new().await;
    let header = person("Test1", PASSWORD);
    let pending = scene.send(PATHS[0], Some(&header), &json!({"CallbackUri": CALLBACK})).await.good();
    let code = scene.app.sent_code(PHONE).await;
    tokio::join!(scene.answer(&pending, &code), scene.answer(&pending, &code), scene.answer(&pending, &code));
    assert_eq!(scene.count("outbox WHERE channel = 'webhook'").await, 1);
    assert_eq!(scene.count("journal WHERE action = 'confirmation.confirm'").await, 1);
}
