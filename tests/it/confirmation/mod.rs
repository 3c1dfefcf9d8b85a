//! Confirmations, as a client that talks to the person asks for them, and as the person answers.

mod account;
mod callback;
mod journal;
mod login;
mod operation;
mod refusals;
mod tries;
mod twice;

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;
use serde_json::{Value, json};
use tamga::{
    ids::UserId,
    model::{
        client::{Client, Flow},
        credential::CredentialKind,
    },
};

use crate::support::{
    app::{PASSWORD, TestApp, TestClient},
    door::Answer,
};

/// The source system's paths and ours.
pub const PATHS: [&str; 3] = ["/STS/confirmation", "/STS/v2.0/confirmation", "/api/v1/confirmations"];
/// What the replaced system's signing server is called.
pub const SIGN_SERVER: &str = "urn:cryptopro:dss:signserver:SignServer";
pub const PHONE: &str = "+66899990001";
pub const MAIL: &str = "test1@citizen.example";
pub const CALLBACK: &str = "https://sign.example/confirmed?system=7";

/// A server with a client that asks for confirmations, and a person with a phone.
pub struct Scene {
    pub app: TestApp,
    pub client: TestClient,
    pub user: UserId,
}

impl Scene {
    /// The person's second factor is a code by SMS.
    pub async fn new() -> Self {
        Self::with(&[CredentialKind::Sms]).await
    }

    /// The person's second factors are these.
    pub async fn with(factors: &[CredentialKind]) -> Self {
        Self::at(TestApp::with(&[("profiles.dss", "true")]).await, factors).await
    }

    pub async fn at(app: TestApp, factors: &[CredentialKind]) -> Self {
        let client = app.client("signer", asking).await;
        let attributes = [("mobile_phone", PHONE, 1), ("email", MAIL, 1)];
        let user = app.user_with("Test1", PASSWORD, &attributes).await;
        for kind in factors {
            app.enrol(user, *kind).await;
        }
        Self { app, client, user }
    }

    /// Sends these members, with the client's credentials, under this header.
    pub async fn send(&self, path: &str, header: Option<&str>, members: &Value) -> Answer {
        let mut body = json!({
            "Resource": SIGN_SERVER,
            "ClientId": self.client.id(),
            "ClientSecret": self.client.secret(),
        });
        for (name, value) in members.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.raw(path, header, &body.to_string()).await
    }

    /// Sends this body.
    pub async fn raw(&self, path: &str, header: Option<&str>, body: &str) -> Answer {
        let json = ("content-type", "application/json");
        let headers: Vec<_> =
            [json].into_iter().chain(header.map(|value| ("authorization", value))).collect();
        self.app.door.call(Method::POST, path, &headers, body).await
    }

    /// The person signs in at the client.
    pub async fn log_in(&self) -> Answer {
        self.send(PATHS[0], Some(&person("Test1", PASSWORD)), &json!({})).await
    }

    /// The client shows what the person typed.
    pub async fn answer(&self, challenge: &Value, value: &str) -> Answer {
        let one = json!({"RefId": reference(challenge), "Value": value});
        self.send(PATHS[0], None, &json!({"ChallengeResponse": {"TextChallengeResponse": [one]}})).await
    }

    /// The client looks what became of it.
    pub async fn poll(&self, challenge: &Value) -> Answer {
        let one = json!({"RefId": reference(challenge)});
        self.send(PATHS[0], None, &json!({"ChallengeResponse": {"TextChallengeResponse": [one]}})).await
    }

    /// A token of the person, confirmed by SMS.
    pub async fn token(&self) -> String {
        let pending = self.log_in().await.good();
        let code = self.app.sent_code(PHONE).await;
        let done = self.answer(&pending, &code).await.good();
        self.tick();
        done["AccessToken"].as_str().expect("a token").to_owned()
    }

    /// A second later: messages of one moment have no order.
    pub fn tick(&self) {
        self.app.clock.advance(time::Duration::seconds(1));
    }

    /// The person confirms this operation, whose token the client has.
    pub async fn operate(&self, token: &str, members: &Value) -> Answer {
        self.send(PATHS[0], Some(&format!("Bearer {token}")), members).await
    }

    /// How many rows these are.
    pub async fn count(&self, from: &str) -> i64 {
        let statement = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {from}"));
        sqlx::query_scalar(statement).fetch_one(self.app.pool()).await.unwrap()
    }
}

/// What such a client is registered with.
pub fn asking(client: &mut Client) {
    client.flows = vec![Flow::Confirmation];
    client.redirect_uris.clear();
    client.resources = vec![SIGN_SERVER.to_owned(), "urn:other".to_owned()];
    client.settings.confirmation_callbacks = vec![CALLBACK.to_owned()];
}

/// The header with the person's name and password (RFC 7617).
pub fn person(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

/// The reference of a pending challenge.
#[track_caller]
pub fn reference(pending: &Value) -> String {
    let text = &pending["Challenge"]["TextChallenge"][0]["RefID"];
    text.as_str().unwrap_or_else(|| panic!("no challenge: {pending}")).to_owned()
}

/// A failure of the protocol: 200, final, with this word.
#[track_caller]
pub fn failure(answer: &Answer) -> String {
    let body = answer.good();
    assert_eq!((&body["IsError"], &body["IsFinal"]), (&json!(true), &json!(true)), "{body}");
    assert!(body["ErrorDescription"].is_string() && body.get("AccessToken").is_none(), "{body}");
    body["Error"].as_str().unwrap().to_owned()
}

/// A refusal with this status.
#[track_caller]
pub fn refusal(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    let body = answer.json();
    assert!(body["IsError"] == true && body["ErrorDescription"].is_string(), "{body}");
    body["Error"].as_str().unwrap().to_owned()
}

/// RFC 6238 with SHA-1, six digits and 30 s.
pub fn totp(seed: &[u8], unix: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, seed);
    let tag = hmac::sign(&key, &(unix / 30).to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes[19] & 15);
    let word = u32::from_be_bytes(bytes[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

/// A code that is not this one.
pub fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}
