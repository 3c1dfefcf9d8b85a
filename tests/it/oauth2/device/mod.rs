//! The device authorization grant (RFC 8628): the device, its person, and both at once.

mod limits;
mod log;
mod page;
mod polling;
mod request;
mod tokens;

use serde_json::Value;
use tamga::{
    ids::UserId,
    model::client::{Client, Flow},
};

use super::text;
use crate::support::{
    app::{PASSWORD, TestApp, TestClient},
    browser::{Browser, Stop},
    door::Answer,
};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A server, a television that is a public client, a person, and the browser on their phone.
struct Stage {
    app: TestApp,
    tv: TestClient,
    user: UserId,
    browser: Browser,
}

impl Stage {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With something about the client changed.
    async fn with(tweak: impl FnOnce(&mut Client)) -> Self {
        Self::at(TestApp::new().await, tweak).await
    }

    async fn at(app: TestApp, tweak: impl FnOnce(&mut Client)) -> Self {
        let tv = app
            .public_client("tv", |client| {
                client.flows = vec![Flow::DeviceCode, Flow::RefreshToken];
                client.redirect_uris.clear();
                client.resources = vec!["https://films.example".to_owned()];
                tweak(client);
            })
            .await;
        let user = app.user("somchai").await;
        let browser = app.browser();
        Self { app, tv, user, browser }
    }

    /// What the device authorization endpoint says.
    async fn ask(&self, fields: &[(&str, &str)]) -> Answer {
        self.app.door.post_as(&self.tv, "/oauth2/device", fields).await
    }

    /// Codes for `openid email`.
    async fn codes(&self) -> Value {
        self.ask(&[("scope", "openid email")]).await.good()
    }

    /// What the token endpoint says to a device that asks.
    async fn poll(&self, codes: &Value) -> Answer {
        self.poll_with(codes, &[]).await
    }

    async fn poll_with(&self, codes: &Value, further: &[(&str, &str)]) -> Answer {
        let usual = [("grant_type", GRANT_TYPE), ("device_code", text(codes, "device_code"))];
        let fields: Vec<_> = usual.iter().chain(further).copied().collect();
        self.app.door.post_as(&self.tv, "/oauth2/token", &fields).await
    }

    /// The person types the code.
    async fn enter(&mut self, user_code: &str) -> Stop {
        self.browser.open("/device").await;
        self.browser.submit("device-form", &[("user_code", user_code)]).await
    }

    /// The person types the code and signs in if they must: the page for consent.
    async fn consent(&mut self, codes: &Value) -> Stop {
        let mut stop = self.enter(text(codes, "user_code")).await;
        if stop.has("login-form") {
            stop =
                self.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
        }
        assert!(stop.has("consent-form"), "{}", stop.answer.body);
        stop
    }

    /// The person goes all the way.
    async fn allow(&mut self, codes: &Value) {
        self.consent(codes).await;
        let done = self.browser.press("consent-form", "consent-allow").await;
        assert_eq!(done.attribute("device-done", "data-allowed").as_deref(), Some("true"));
    }

    /// Tokens, after the person has gone all the way.
    async fn tokens(&mut self, scope: &str) -> Value {
        let codes = self.ask(&[("scope", scope)]).await.good();
        self.allow(&codes).await;
        self.poll(&codes).await.good()
    }
}
