//! OAuth 2.0 and OpenID Connect, as relying parties and browsers see it.

mod aitu;
mod authorize;
pub mod backchannel;
mod certificate_login;
mod claims;
mod client_assertion;
mod client_certificate;
mod code;
mod counts;
mod device;
mod discovery;
mod dpop;
mod files;
pub mod frontchannel;
mod initiate;
mod introspect;
mod jarm;
mod journey;
mod keys;
mod log;
mod logout;
mod mutual_tls;
pub mod par;
mod parameters;
mod prompt;
mod refresh;
pub mod registration;
mod representatives;
pub mod request_object;
mod response_type;
mod revoke;
mod security_bcp;
pub mod session_state;
mod subjects;
mod token;
mod tokens;
mod trusted_phone;
mod userinfo;
mod verified_claims;

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use tamga::{ids::UserId, model::client::Client};

use crate::support::{
    app::{CALLBACK, PASSWORD, TestApp, TestClient},
    browser::{Browser, Stop},
    door::{Answer, encoded},
};

/// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Its S256 challenge.
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A server with one relying party, one person, and their browser.
pub struct Scene {
    pub app: TestApp,
    pub rp: TestClient,
    pub user: UserId,
    pub browser: Browser,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With something about the client changed.
    pub async fn with(tweak: impl FnOnce(&mut Client)) -> Self {
        Self::at(TestApp::new().await, tweak).await
    }

    pub async fn at(app: TestApp, tweak: impl FnOnce(&mut Client)) -> Self {
        let rp = app.client("rp", tweak).await;
        let user = app.user("somchai").await;
        let browser = app.browser();
        Self { app, rp, user, browser }
    }

    /// The address of an authorization request: the usual one with `change` over it; an empty
    /// value leaves the parameter out.
    pub fn request(&self, change: &[(&str, &str)]) -> String {
        request(self.rp.id(), change)
    }

    /// Sends the browser there.
    pub async fn ask(&mut self, change: &[(&str, &str)]) -> Stop {
        let request = self.request(change);
        self.browser.open(&request).await
    }

    /// Goes through whatever pages come, and allows everything.
    pub async fn answer(&mut self, change: &[(&str, &str)]) -> Stop {
        let stop = self.ask(change).await;
        go_on(&mut self.browser, "somchai", stop).await
    }

    /// A code.
    pub async fn code(&mut self, change: &[(&str, &str)]) -> String {
        let stop = self.answer(change).await;
        let code = stop.parameter("code");
        assert!(!code.is_empty(), "no code: {}", stop.away());
        code
    }

    /// What the token endpoint says to a code.
    pub async fn exchange(&self, code: &str, change: &[(&str, &str)]) -> Answer {
        self.exchange_as(&self.rp, code, change).await
    }

    /// The same, for another client.
    pub async fn exchange_as(&self, client: &TestClient, code: &str, change: &[(&str, &str)]) -> Answer {
        let usual = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
        self.app.door.post_as(client, "/oauth2/token", &changed(&usual, change)).await
    }

    /// The token endpoint's answer to a whole flow.
    pub async fn tokens(&mut self, change: &[(&str, &str)]) -> Value {
        let code = self.code(change).await;
        self.exchange(&code, &[]).await.good()
    }

    /// What the token endpoint says to a refresh token.
    pub async fn refresh(&self, token: &str, change: &[(&str, &str)]) -> Answer {
        let usual = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.app.door.post_as(&self.rp, "/oauth2/token", &changed(&usual, change)).await
    }

    /// What userinfo says to a bearer.
    pub async fn userinfo(&self, bearer: &str) -> Answer {
        let bearer = format!("Bearer {bearer}");
        self.app.door.call(Method::GET, "/oauth2/userinfo", &[("authorization", &bearer)], "").await
    }
}

/// Goes through sign-in and consent.
pub async fn go_on(browser: &mut Browser, username: &str, mut stop: Stop) -> Stop {
    if stop.has("login-form") {
        stop = browser.submit("login-form", &[("username", username), ("password", PASSWORD)]).await;
    }
    if stop.has("consent-form") {
        stop = browser.press("consent-form", "consent-allow").await;
    }
    stop
}

/// The usual authorization request of a client, with `change` over it.
pub fn request(client: &str, change: &[(&str, &str)]) -> String {
    let usual = [
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "state-1"),
        ("nonce", "nonce-1"),
    ];
    format!("/oauth2/authorize?{}", encoded(&changed(&usual, change)))
}

/// `usual` with `change` over it; empty values leave out.
pub fn changed<'a>(usual: &[(&'a str, &'a str)], change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| !change.iter().any(|(other, _)| other == name));
    kept.chain(change).filter(|(_, value)| !value.is_empty()).copied().collect()
}

/// The claims of a JWT, unverified.
#[track_caller]
pub fn claims(jwt: &str) -> Value {
    part(jwt, 1)
}

/// The header of a JWT.
#[track_caller]
pub fn header(jwt: &str) -> Value {
    part(jwt, 0)
}

#[track_caller]
fn part(jwt: &str, index: usize) -> Value {
    let part = jwt.split('.').nth(index).expect("a JWT");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A text of a JSON answer.
#[track_caller]
pub fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_else(|| panic!("no {name} in {json}"))
}
