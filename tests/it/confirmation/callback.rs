//! The client is told of the outcome at its own address.

use serde_json::{Value, json};
use tamga::{app::lapse_confirmations, model::credential::CredentialKind};
use time::Duration;

use super::{PATHS, PHONE, Scene, failure, other_than, person, reference};
use crate::support::{
    app::{PASSWORD, TestApp},
    gateway::{Asked, Gateway},
};

struct Told {
    scene: Scene,
    gateway: Gateway,
}

impl Told {
    async fn new() -> Self {
        Self::with(&[("profiles.dss", "true"), ("outbound.allow", "127.0.0.1"), ("sms.delivery", "outbox")])
            .await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let gateway = Gateway::start().await;
        let mut scene = Scene::at(TestApp::with(settings).await, &[CredentialKind::Sms]).await;
        let callback = format!("{}/confirmed", gateway.address());
        scene
            .app
            .change_client(&mut scene.client, |client| {
                client.settings.confirmation_callbacks = vec![callback];
            })
            .await;
        Self { scene, gateway }
    }

    fn callback(&self) -> String {
        format!("{}/confirmed", self.gateway.address())
    }

    async fn log_in(&self) -> Value {
        let header = person("Test1", PASSWORD);
        self.scene.send(PATHS[0], Some(&header), &json!({"CallbackUri": self.callback()})).await.good()
    }

    async fn deliver(&self) {
        let app = &self.scene.app;
        app.deliver().await;
    }

    /// What the client was told, once the worker went round.
    async fn told(&self) -> Vec<Asked> {
        self.deliver().await;
        self.gateway.asked()
    }
}

fn body(asked: &Asked) -> Value {
    serde_json::from_str(&asked.body).unwrap()
}

#[tokio::test]
async fn it_is_told_of_a_confirmed_sign_in_and_of_an_operation_by_its_own_name() {
    let told = Told::new().await;
    let pending = told.log_in().await;
    assert!(told.told().await.is_empty(), "nothing is decided");
    let code = told.scene.app.sent_code(PHONE).await;
    let done = told.scene.answer(&pending, &code).await.good();
    let asked = told.told().await;
    assert_eq!((asked[0].method.as_str(), asked[0].uri.path()), ("POST", "/confirmed"));
    assert_eq!(asked[0].headers["content-type"], "application/json");
    let expected = json!({"Result": "success", "TransactionId": reference(&pending), "Error": null, "ErrorDescription": null});
    assert_eq!(body(&asked[0]), expected);

    told.scene.tick();
    let token = done["AccessToken"].as_str().unwrap();
    let operation = json!({"TransactionTokenId": "T-17", "CallbackUri": told.callback()});
    let pending = told.scene.operate(token, &operation).await.good();
    let code = told.scene.app.sent_code(PHONE).await;
    told.scene.answer(&pending, &code).await.good();
    let asked = told.told().await;
    assert_eq!(body(&asked[1])["TransactionId"], "T-17");
    assert_eq!(asked.len(), 2);
}

#[tokio::test]
async fn it_is_told_why_it_came_to_nothing() {
    let told = Told::new().await;
    let pending = told.log_in().await;
    let wrong = other_than(&told.scene.app.sent_code(PHONE).await);
    for _ in 0..5 {
        told.scene.answer(&pending, &wrong).await.good();
    }
    let asked = told.told().await;
    let said = body(&asked[0]);
    assert_eq!((&said["Result"], &said["Error"]), (&json!("failed"), &json!("code_exhausted")));
    assert!(said["ErrorDescription"].is_string());

    // Nobody answers, and nobody looks: the sweep decides, once on however many instances.
    told.scene.app.clock.advance(Duration::seconds(120));
    let pending = told.log_in().await;
    told.scene.app.clock.advance(Duration::seconds(330));
    let sweep = || lapse_confirmations(told.scene.app.pool(), &told.scene.app.clock);
    let (one, two) = tokio::join!(sweep(), sweep());
    assert!(one.unwrap() + two.unwrap() >= 1);
    assert_eq!(sweep().await.unwrap(), 0);
    let asked = told.told().await;
    assert_eq!(asked.len(), 2);
    assert_eq!(body(&asked[1])["Error"], "expired");
    assert_eq!(failure(&told.scene.poll(&pending).await), "expired");
}

#[tokio::test]
async fn a_newer_request_cancels_the_older_and_its_client_hears_of_it() {
    let told = Told::new().await;
    told.log_in().await;
    told.scene.app.clock.advance(Duration::seconds(120));
    told.log_in().await;
    let asked = told.told().await;
    assert_eq!(asked.len(), 1);
    assert_eq!(body(&asked[0])["Error"], "cancelled");
}

#[tokio::test]
async fn what_is_not_taken_is_brought_again() {
    let told = Told::new().await;
    told.gateway.answer(&[(500, "later"), (503, "later"), (204, "")]);
    let pending = told.log_in().await;
    let code = told.scene.app.sent_code(PHONE).await;
    told.scene.answer(&pending, &code).await.good();
    for _ in 0..6 {
        told.deliver().await;
        told.scene.app.clock.advance(Duration::seconds(6));
    }
    let asked = told.gateway.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|one| one.body == asked[0].body));
}

#[tokio::test]
async fn who_says_it_is_gone_and_who_redirects_is_not_followed() {
    let told = Told::new().await;
    told.gateway.answer(&[(410, "")]);
    let pending = told.log_in().await;
    let code = told.scene.app.sent_code(PHONE).await;
    told.scene.answer(&pending, &code).await.good();
    for _ in 0..3 {
        told.deliver().await;
        told.scene.app.clock.advance(Duration::minutes(1));
    }
    assert_eq!(told.gateway.asked().len(), 1, "given up");
}

#[tokio::test]
async fn ssrf_an_address_that_only_we_can_reach_is_not_called_unless_the_operator_lists_it() {
    let told = Told::with(&[("profiles.dss", "true"), ("sms.delivery", "outbox")]).await;
    let pending = told.log_in().await;
    let code = told.scene.app.sent_code(PHONE).await;
    told.scene.answer(&pending, &code).await.good();
    assert!(told.told().await.is_empty());
    assert_eq!(told.scene.count("outbox WHERE channel = 'webhook' AND failed_at IS NOT NULL").await, 1);
}

#[tokio::test]
async fn without_a_callback_nothing_is_put_in_line() {
    let told = Told::new().await;
    let pending = told.scene.log_in().await.good();
    let code = told.scene.app.sent_code(PHONE).await;
    told.scene.answer(&pending, &code).await.good();
    assert_eq!(told.scene.count("outbox WHERE channel = 'webhook'").await, 0);
}
