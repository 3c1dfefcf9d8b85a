//! A client of the FAPI 2.0 profiles: `private_key_jwt`, DPoP, PKCE, pushed requests.

use std::cell::Cell;

use serde_json::{Value, json};
use tamga::model::client::{AuthMethod, Client, ClientSettings, Profile};

use crate::{
    oauth2::{CHALLENGE, Scene, VERIFIER, changed, go_on, par, text},
    support::{
        app::{CALLBACK, ISSUER, TestApp},
        browser::Stop,
        door::Answer,
        signer::Signer,
    },
};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A server, such a client, and a person.
pub struct Fapi {
    pub scene: Scene,
    /// The client's key.
    pub signer: Signer,
    /// The key its tokens are bound to.
    pub dpop: Signer,
    count: Cell<u32>,
}

impl Fapi {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(tweak: impl FnOnce(&mut Client)) -> Self {
        let app = TestApp::new().await;
        let signer = Signer::new("one");
        let jwks = signer.jwks();
        let scene = Scene::at(app, |client| {
            client.profile = Some(Profile::Fapi2);
            client.auth_methods = vec![AuthMethod::PrivateKeyJwt];
            client.secrets.clear();
            client.settings = ClientSettings::for_profile(client.profile);
            client.settings.jwks = Some(jwks);
            client.settings.dpop_bound_access_tokens = true;
            tweak(client);
        });
        Self { scene: scene.await, signer, dpop: Signer::new("dpop"), count: Cell::new(0) }
    }

    fn now(&self) -> i64 {
        self.scene.app.clock.now().unix_timestamp()
    }

    fn jti(&self) -> String {
        self.count.set(self.count.get() + 1);
        format!("jti-{}", self.count.get())
    }

    /// A client assertion with `change` over it.
    pub fn assertion(&self, change: &Value) -> String {
        let id = self.scene.rp.id();
        let now = self.now();
        let mut claims =
            json!({"iss": id, "sub": id, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": self.jti()});
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.signer.sign(&claims)
    }

    /// A proof of the DPoP key for an endpoint.
    pub fn proof(&self, path: &str) -> String {
        let htu = format!("{ISSUER}{path}");
        self.dpop.proof(&json!({"jti": self.jti(), "htm": "POST", "htu": htu, "iat": self.now()}))
    }

    /// The usual parameters with `change` over them.
    pub fn asked<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
        let kept: Vec<_> =
            pkce.into_iter().filter(|(name, _)| !change.iter().any(|(other, _)| other == name)).collect();
        par::asked(&kept.into_iter().chain(change.iter().copied()).collect::<Vec<_>>())
    }

    /// Pushes the usual request with `change` over it.
    pub async fn push(&self, change: &[(&str, &str)]) -> Answer {
        self.push_as(&self.assertion(&json!({})), &[], &Self::asked(change)).await
    }

    /// Pushes these fields with this assertion and these headers.
    pub async fn push_as(
        &self,
        assertion: &str,
        headers: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> Answer {
        let proof = [("client_assertion_type", TYPE), ("client_assertion", assertion)];
        let fields: Vec<_> = fields.iter().copied().chain(proof).collect();
        self.scene.app.door.post_with("/oauth2/par", headers, &fields).await
    }

    /// The name of a request that was pushed.
    #[track_caller]
    pub fn name(answer: &Answer) -> String {
        assert_eq!(answer.status, 201, "{answer:?}");
        text(&answer.json(), "request_uri").to_owned()
    }

    /// The request as the claims of an object, with `change` over it; `null` leaves out.
    pub fn claims(&self, change: &Value) -> Value {
        let now = self.now();
        let mut claims = json!({"iss": self.scene.rp.id(), "client_id": self.scene.rp.id(), "aud": ISSUER,
            "nbf": now, "iat": now, "exp": now + 300});
        for (name, value) in Self::asked(&[]) {
            claims[name] = json!(value);
        }
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            }
        }
        claims
    }

    /// Pushes an object with `change` over its usual claims.
    pub async fn push_object(&self, change: &Value) -> Answer {
        self.push_token(&self.signer.sign(&self.claims(change))).await
    }

    /// Pushes this object.
    pub async fn push_token(&self, object: &str) -> Answer {
        self.push_as(&self.assertion(&json!({})), &[], &[("request", object)]).await
    }

    /// Sends the browser with a name, and goes through whatever pages come.
    pub async fn visit(&mut self, uri: &str) -> Stop {
        self.scene.visit_and_go_on(uri).await
    }

    /// The same with further parameters.
    pub async fn visit_with(&mut self, uri: &str, beside: &[(&str, &str)]) -> Stop {
        let all: Vec<_> = [("request_uri", uri)].into_iter().chain(beside.iter().copied()).collect();
        let usual = [("client_id", self.scene.rp.id())];
        let query = crate::support::door::encoded(&changed(&usual, &all));
        let stop = self.scene.browser.open(&format!("/oauth2/authorize?{query}")).await;
        go_on(&mut self.scene.browser, "somchai", stop).await
    }

    /// What the token endpoint says to a code.
    pub async fn exchange(&self, code: &str, change: &[(&str, &str)]) -> Answer {
        let assertion = self.assertion(&json!({}));
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_assertion_type", TYPE),
            ("client_assertion", &assertion),
        ];
        let proof = self.proof("/oauth2/token");
        let headers = [("dpop", proof.as_str())];
        self.scene.app.door.post_with("/oauth2/token", &headers, &changed(&usual, change)).await
    }
}

/// The error that an address which leads nowhere gives on a page.
#[track_caller]
pub fn assert_bad_name(stop: &Stop) {
    assert_eq!(stop.answer.status, 400, "{}", stop.url);
    assert_eq!(stop.text("error-code"), "invalid_request_uri");
}
