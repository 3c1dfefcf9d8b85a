//! What is written down of confirmations, and what must never be.

use serde_json::json;
use tamga::{app::lapse_confirmations, model::client::Client};
use time::Duration;

use super::{PATHS, PHONE, Scene, failure, other_than, person};
use crate::{account::visit, support::app::PASSWORD};

#[tokio::test]
async fn every_step_is_journalled_by_ids_alone() {
    let scene = Scene::new().await;
    let token = scene.token().await;
    let pending = scene.operate(&token, &json!({"OperationId": "a-private-contract"})).await.good();
    let wrong = other_than(&scene.app.sent_code(PHONE).await);
    for _ in 0..5 {
        scene.answer(&pending, &wrong).await.good();
    }
    scene.app.clock.advance(Duration::seconds(120));
    scene.log_in().await.good();
    scene.app.clock.advance(Duration::seconds(330));
    lapse_confirmations(scene.app.pool(), &scene.app.clock).await.unwrap();
    let lines: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT action, actor_kind, after::text, after->>'outcome' FROM journal
         WHERE action LIKE 'confirmation.%' AND subject_kind = 'user' AND subject_id = $1 ORDER BY seq",
    )
    .bind(scene.user.to_string())
    .fetch_all(scene.app.pool())
    .await
    .unwrap();
    let steps: Vec<_> = lines.iter().map(|l| (l.0.as_str(), l.1.as_str(), l.3.as_deref())).collect();
    assert_eq!(
        steps,
        [
            ("confirmation.open", "client", None),
            ("confirmation.confirm", "client", Some("confirmed")),
            ("confirmation.open", "client", None),
            ("confirmation.close", "client", Some("code_exhausted")),
            ("confirmation.open", "client", None),
            ("confirmation.close", "system", Some("expired")),
        ]
    );
    let all: String = lines.iter().map(|line| line.2.as_str()).collect();
    assert!(all.contains(&scene.client.client.id.to_string()) && !all.contains("private"), "{all}");
    assert_eq!(scene.count("journal WHERE action = 'grant.insert'").await, 1);
}

#[tokio::test]
async fn the_person_reads_it_on_their_activity_page() {
    let scene = Scene::new().await;
    scene.token().await;
    scene.app.clock.advance(Duration::seconds(120));
    let mut browser = scene.app.browser();
    visit(&mut browser, "Test1", "/account/activity").await;
    let code = scene.app.sent_code(PHONE).await;
    let page = browser.submit("code-form", &[("code", &code)]).await;
    for words in ["An application asked you to confirm something", "You confirmed a sign-in or an operation"]
    {
        assert!(page.answer.body.contains(words), "{words}: {}", page.answer.body);
    }
}

#[tokio::test]
async fn no_secret_code_token_name_or_phone_is_logged() {
    let mut scene = Scene::new().await;
    let callback = "https://127.0.0.1/confirmed?system=7";
    let registered = |client: &mut Client| client.settings.confirmation_callbacks = vec![callback.to_owned()];
    scene.app.change_client(&mut scene.client, registered).await;
    let header = person("Test1", PASSWORD);
    let pending = scene.send(PATHS[0], Some(&header), &json!({"CallbackUri": callback})).await.good();
    let code = scene.app.sent_code(PHONE).await;
    scene.answer(&pending, &other_than(&code)).await.good();
    let token = scene.answer(&pending, &code).await.good()["AccessToken"].as_str().unwrap().to_owned();
    scene.tick();
    let operation = scene.operate(&token, &json!({"OperationId": "a-private-contract"})).await.good();
    let second = scene.app.sent_code(PHONE).await;
    scene.answer(&operation, &second).await.good();
    scene.send(PATHS[0], Some(&person("Test1", "a-wrong-password")), &json!({})).await;
    scene.send(PATHS[0], Some(&header), &json!({"ClientSecret": "a-wrong-client-secret"})).await;
    scene.raw(PATHS[0], None, "{\"ClientSecret\":\"a-broken-body\"").await;
    assert_eq!(failure(&scene.poll(&pending).await), "expired");
    scene.app.deliver().await;
    let log = scene.app.log();
    assert!(log.contains("confirmation_pending") && log.contains("code_wrong"), "the log was listened to");
    let signature = token.rsplit('.').next().unwrap();
    let basic = header.trim_start_matches("Basic ");
    for secret in [
        PASSWORD,
        "Test1",
        basic,
        scene.client.secret(),
        "66899990001",
        "a-wrong-password",
        "a-wrong-client-secret",
        "a-broken-body",
        "a-private-contract",
        signature,
        "system=7",
    ] {
        let line = log.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret:?} is in the log: {line:?}");
    }
    for code in [&code, &second] {
        let whole = |line: &&str| line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == code);
        let line = log.lines().find(whole);
        assert!(line.is_none(), "{line:?}");
    }
}
