//! OAuth 1.0a (RFC 5849) and the user information document.

mod access_token;
mod alias;
mod authorize;
mod counts;
mod document;
mod foreign;
mod log;
mod request_token;
mod signatures;
mod signing;
mod twice;
mod user_info;

use axum::http::{Method, StatusCode};
use tamga::{
    ids::UserId,
    model::client::{Client, Flow},
};

use self::signing::{Call, told};
use crate::{
    oauth2::go_on,
    support::{
        app::{CALLBACK, TestApp, TestClient},
        browser::{Browser, Stop},
        door::Answer,
    },
};

pub const REQUEST_TOKEN: &str = "/oauth1/request_token";
pub const AUTHORIZE: &str = "/oauth1/authorize";
pub const ACCESS_TOKEN: &str = "/oauth1/access_token";
pub const USER_INFO: &str = "/oauth1/user_info";

/// A server with a consumer, a person and a browser.
pub struct Scene {
    pub app: TestApp,
    pub rp: TestClient,
    pub user: UserId,
    pub browser: Browser,
}

/// A token with its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub token: String,
    pub secret: String,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(tweak: impl FnOnce(&mut Client)) -> Self {
        Self::at(TestApp::with(&[("profiles.egov_th", "true")]).await, tweak).await
    }

    pub async fn at(app: TestApp, tweak: impl FnOnce(&mut Client)) -> Self {
        let rp = consumer(&app, "rp", tweak).await;
        let user = app.user("somchai").await;
        let browser = app.browser();
        Self { app, rp, user, browser }
    }

    /// A request of the consumer's, not yet signed.
    pub fn call(&self, method: Method, path: &str, token: Option<&Credentials>) -> Call {
        self.call_as(&self.rp, method, path, token)
    }

    /// The same, of another consumer.
    pub fn call_as(&self, rp: &TestClient, method: Method, path: &str, token: Option<&Credentials>) -> Call {
        let stamp = self.app.clock.now().unix_timestamp().to_string();
        let nonce: String = self.app.app.rng.bytes::<12>().iter().map(|byte| format!("{byte:02x}")).collect();
        let mut call = Call::new(
            method,
            path,
            &[
                ("oauth_consumer_key", rp.id()),
                ("oauth_signature_method", "HMAC-SHA1"),
                ("oauth_timestamp", &stamp),
                ("oauth_nonce", &nonce),
                ("oauth_version", "1.0"),
            ],
            (rp.secret(), token.map_or("", |token| &token.secret)),
        );
        if let Some(token) = token {
            call.set("oauth_token", &token.token);
        }
        call
    }

    /// The usual request for a request token.
    pub fn request_token_call(&self) -> Call {
        let mut call = self.call(Method::POST, REQUEST_TOKEN, None);
        call.set("oauth_callback", CALLBACK);
        call
    }

    /// A request token, for these scopes or the usual ones.
    pub async fn request_token(&self, scope: &str) -> Credentials {
        let mut call = self.request_token_call();
        call.set("scope", scope);
        credentials(&call.send(&self.app.door).await)
    }

    /// Sends the browser with a request token.
    pub async fn ask(&mut self, token: &Credentials) -> Stop {
        self.browser.open(&format!("{AUTHORIZE}?oauth_token={}", token.token)).await
    }

    /// Goes through whatever pages come, and allows everything.
    pub async fn allow(&mut self, token: &Credentials) -> Stop {
        let stop = self.ask(token).await;
        go_on(&mut self.browser, "somchai", stop).await
    }

    /// A request token that was allowed, and its verifier.
    pub async fn allowed(&mut self, scope: &str) -> (Credentials, String) {
        let token = self.request_token(scope).await;
        let stop = self.allow(&token).await;
        let verifier = stop.parameter("oauth_verifier");
        assert!(!verifier.is_empty(), "no verifier: {}", stop.away());
        (token, verifier)
    }

    /// The usual exchange of a request token.
    pub fn exchange_call(&self, token: &Credentials, verifier: &str) -> Call {
        let mut call = self.call(Method::POST, ACCESS_TOKEN, Some(token));
        call.set("oauth_verifier", verifier);
        call
    }

    /// What the server says to it.
    pub async fn exchange(&self, token: &Credentials, verifier: &str) -> Answer {
        self.exchange_call(token, verifier).send(&self.app.door).await
    }

    /// An access token for these scopes.
    pub async fn access_token(&mut self, scope: &str) -> Credentials {
        let (token, verifier) = self.allowed(scope).await;
        credentials(&self.exchange(&token, &verifier).await)
    }

    /// What user info says to a signed request.
    pub async fn user_info(&self, token: &Credentials) -> Answer {
        self.call(Method::GET, USER_INFO, Some(token)).send(&self.app.door).await
    }

    /// What it says to a bearer in the query.
    pub async fn user_info_by_bearer(&self, token: &str) -> Answer {
        self.app.door.get(&format!("{USER_INFO}?access_token={token}")).await
    }
}

/// Registers a consumer with every shipped scope.
pub async fn consumer(app: &TestApp, identifier: &str, tweak: impl FnOnce(&mut Client)) -> TestClient {
    let oauth1 = |client: &mut Client| {
        client.flows = vec![Flow::Oauth1];
        client.redirect_uris.clear();
        client.settings.oauth1_callbacks = vec![CALLBACK.to_owned()];
        tweak(client);
    };
    app.client(identifier, oauth1).await
}

/// The credentials of a good answer.
#[track_caller]
pub fn credentials(answer: &Answer) -> Credentials {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/x-www-form-urlencoded");
    Credentials { token: told(answer, "oauth_token"), secret: told(answer, "oauth_token_secret") }
}
