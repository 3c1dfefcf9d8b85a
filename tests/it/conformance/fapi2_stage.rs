//! What the FAPI 2.0 plans share: clients that push their requests, sign assertions and prove a key.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};
use tamga::{
    ids::UserId,
    model::client::{AuthMethod, Client, ClientSettings, Profile},
};

use crate::{
    oauth2::{CHALLENGE, VERIFIER, changed, claims, go_on, text},
    support::{
        app::{CALLBACK, ISSUER, TestApp, TestClient},
        browser::{Browser, Stop},
        door::{Answer, encoded},
        signer::Signer,
    },
};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a test changes in claims; `null` leaves out.
pub type Change<'c> = &'c [(&'c str, Value)];

/// A server with two clients of the profile, and a person.
pub struct Stage {
    pub app: TestApp,
    pub user: UserId,
    pub browser: Browser,
    pub one: Party,
    pub other: Party,
}

/// A client with its keys.
pub struct Party {
    pub client: TestClient,
    pub keys: Signer,
    pub dpop: Signer,
}

/// A registration of the profile: `private_key_jwt`, bound to whatever key is proved.
pub fn profiled(client: &mut Client, keys: &Signer) {
    client.profile = Some(Profile::Fapi2);
    client.settings = ClientSettings::for_profile(client.profile);
    client.auth_methods = vec![AuthMethod::PrivateKeyJwt];
    client.settings.jwks = Some(keys.jwks());
    client.secrets.clear();
}

fn next() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn apply(mut claims: Value, change: Change<'_>) -> Value {
    for (name, value) in change {
        claims[*name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With something about both clients changed.
    pub async fn with(tweak: impl Fn(&mut Client)) -> Self {
        Self::at(TestApp::new().await, tweak).await
    }

    pub async fn at(app: TestApp, tweak: impl Fn(&mut Client)) -> Self {
        let party = async |name: &str| {
            let (keys, dpop) = (Signer::new(name), Signer::new("dpop"));
            let client = app.client(name, |client| {
                profiled(client, &keys);
                tweak(client);
            });
            Party { client: client.await, keys, dpop }
        };
        let (one, other) = (party("one").await, party("other").await);
        let user = app.user("somchai").await;
        let browser = app.browser();
        Self { app, user, browser, one, other }
    }

    fn now(&self) -> i64 {
        self.app.clock.now().unix_timestamp()
    }

    /// What an assertion of this client says.
    pub fn assertion_claims(&self, party: &Party, change: Change<'_>) -> Value {
        let (id, now) = (party.client.id(), self.now());
        let jti = format!("assertion-{}", next());
        let usual = json!({"iss": id, "sub": id, "aud": ISSUER, "exp": now + 60, "iat": now, "jti": jti});
        apply(usual, change)
    }

    /// An assertion of this client.
    pub fn assertion(&self, party: &Party, change: Change<'_>) -> String {
        party.keys.sign(&self.assertion_claims(party, change))
    }

    /// A DPoP proof of this client for a request, with the hash of a token.
    pub fn proof(
        &self,
        party: &Party,
        method: &str,
        path: &str,
        token: Option<&str>,
        change: Change<'_>,
    ) -> String {
        party.dpop.proof(&self.proof_claims(method, path, token, change))
    }

    pub fn proof_claims(&self, method: &str, path: &str, token: Option<&str>, change: Change<'_>) -> Value {
        let hash = |token: &str| B64.encode(ring::digest::digest(&ring::digest::SHA256, token.as_bytes()));
        let usual = json!({
            "jti": format!("proof-{}", next()), "htm": method, "htu": format!("{ISSUER}{path}"),
            "iat": self.now(), "ath": token.map(hash),
        });
        apply(usual, change)
    }

    /// A direct request with this assertion and these proofs.
    pub async fn post(
        &self,
        path: &str,
        assertion: &str,
        proofs: &[&str],
        fields: &[(&str, &str)],
    ) -> Answer {
        let shown = [("client_assertion_type", ASSERTION), ("client_assertion", assertion)];
        let fields: Vec<_> = shown.iter().chain(fields).copied().collect();
        let headers: Vec<_> = proofs.iter().map(|proof| ("dpop", *proof)).collect();
        self.app.door.post_with(path, &headers, &fields).await
    }

    /// What the endpoint says to a pushed request.
    pub async fn push(&self, party: &Party, proofs: &[&str], change: &[(&str, &str)]) -> Answer {
        self.post("/oauth2/par", &self.assertion(party, &[]), proofs, &asked(change)).await
    }

    /// What the endpoint says to a request object of the first client.
    pub async fn push_object(&self, object: &str) -> Answer {
        let assertion = self.assertion(&self.one, &[]);
        self.post("/oauth2/par", &assertion, &[], &[("request", object)]).await
    }

    /// The usual request of the first client as a request object says it.
    pub fn object_claims(&self, change: Change<'_>) -> Value {
        let (id, now) = (self.one.client.id(), self.now());
        let mut usual =
            json!({"iss": id, "client_id": id, "aud": ISSUER, "nbf": now, "iat": now, "exp": now + 300});
        for (name, value) in asked(&[]) {
            usual[name] = json!(value);
        }
        apply(usual, change)
    }

    /// A request object of the first client.
    pub fn object(&self, change: Change<'_>) -> String {
        self.one.keys.sign(&self.object_claims(change))
    }

    /// Sends the browser to the authorization endpoint, and no further than its pages.
    pub async fn open(&mut self, query: &[(&str, &str)]) -> Stop {
        self.browser.open(&format!("/oauth2/authorize?{}", encoded(query))).await
    }

    /// Sends the browser with a request that the first client pushed, and parameters beside its name.
    pub async fn visit_beside(&mut self, pushed: &Answer, beside: &[(&str, &str)]) -> Stop {
        let uri = name(pushed);
        let usual = [("client_id", "one"), ("request_uri", uri.as_str())];
        let stop = self.open(&changed(&usual, beside)).await;
        go_on(&mut self.browser, "somchai", stop).await
    }

    /// Sends the browser with a request that was pushed, through whatever pages come.
    pub async fn visit(&mut self, client: &str, pushed: &Answer) -> Stop {
        let uri = name(pushed);
        let stop = self.open(&[("client_id", client), ("request_uri", &uri)]).await;
        go_on(&mut self.browser, "somchai", stop).await
    }

    /// The answer to a request of the first client.
    pub async fn answer(&mut self, change: &[(&str, &str)]) -> Stop {
        let pushed = self.push(&self.one, &[], change).await;
        self.visit("one", &pushed).await
    }

    /// A code of the first client.
    pub async fn code(&mut self, change: &[(&str, &str)]) -> String {
        let stop = self.answer(change).await;
        // RFC 9207: and who says so.
        assert_eq!(stop.parameter("iss"), ISSUER);
        stop.parameter("code")
    }

    /// A code of the second client.
    pub async fn others_code(&mut self, change: &[(&str, &str)]) -> String {
        let pushed = self.push(&self.other, &[], change).await;
        self.visit("other", &pushed).await.parameter("code")
    }

    /// A token request of a client with its own assertion and proof.
    pub async fn token(&self, party: &Party, fields: &[(&str, &str)]) -> Answer {
        let proof = self.proof(party, "POST", "/oauth2/token", None, &[]);
        self.post("/oauth2/token", &self.assertion(party, &[]), &[&proof], fields).await
    }

    pub async fn exchange(&self, party: &Party, code: &str) -> Answer {
        self.token(party, &exchange(code)).await
    }

    pub async fn refresh(&self, party: &Party, token: &str) -> Answer {
        self.token(party, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// The tokens of a whole flow of the first client.
    pub async fn tokens(&mut self, change: &[(&str, &str)]) -> Value {
        let code = self.code(change).await;
        let tokens = self.exchange(&self.one, &code).await.good();
        assert_eq!(tokens["token_type"], "DPoP");
        let bound = claims(text(&tokens, "access_token"));
        assert_eq!(bound["cnf"], json!({"jkt": self.one.dpop.thumbprint()}));
        tokens
    }

    /// What userinfo says to a token with these proofs.
    pub async fn userinfo(&self, scheme: &str, token: &str, proofs: &[&str]) -> Answer {
        let authorization = format!("{scheme} {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
        self.app.door.call(Method::GET, "/oauth2/userinfo", &headers, "").await
    }

    /// The same with a proof of this client.
    pub async fn resource(&self, party: &Party, token: &str, change: Change<'_>) -> Answer {
        let proof = self.proof(party, "GET", "/oauth2/userinfo", Some(token), change);
        self.userinfo("DPoP", token, &[&proof]).await
    }
}

/// The usual request.
pub fn asked<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "state-1"),
        ("nonce", "nonce-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    changed(&usual, change)
}

/// The name of a request that was pushed.
#[track_caller]
pub fn name(pushed: &Answer) -> String {
    assert_eq!(pushed.status, 201, "{pushed:?}");
    text(&pushed.json(), "request_uri").to_owned()
}

/// The usual exchange.
pub fn exchange(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]
}
