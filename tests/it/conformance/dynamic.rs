//! `oidcc-dynamic-certification-test-plan`: clients that register themselves.

use serde_json::{Value, json};
use time::Duration;

use crate::{
    oauth2::{
        claims, go_on, header,
        registration::{created, open, register, registered, with},
        request,
    },
    support::{
        app::{CALLBACK, ISSUER, TestApp},
        browser::Stop,
        door::Answer,
        gateway::Gateway,
        signer::Signer,
    },
};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A server, somebody who signs in there, and a client with a key.
struct Suite {
    app: TestApp,
    signer: Signer,
}

impl Suite {
    async fn new() -> Self {
        let app = open().await;
        app.user("somchai").await;
        Self { app, signer: Signer::new("one") }
    }

    /// What the suite registers: `private_key_jwt`, keys by value.
    fn asked(&self, change: Value) -> Value {
        let mut asked = with(json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": self.signer.jwks(),
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "contacts": ["certification@rp.example"],
        }));
        for (name, value) in change.as_object().unwrap() {
            asked[name] = value.clone();
        }
        asked
    }

    async fn registered(&self, change: Value) -> String {
        registered(&self.app, &self.asked(change)).await["client_id"].as_str().unwrap().to_owned()
    }

    async fn ask(&self, client: &str, change: &[(&str, &str)]) -> Stop {
        let mut browser = self.app.browser();
        let stop = browser.open(&request(client, change)).await;
        go_on(&mut browser, "somchai", stop).await
    }

    async fn login_page(&self, client: &str) -> String {
        self.app.browser().open(&request(client, &[])).await.answer.body
    }

    fn assertion(&self, signer: &Signer, client: &str, audience: &str, jti: &str) -> String {
        let now = self.app.clock.now().unix_timestamp();
        let claims =
            json!({"iss": client, "sub": client, "aud": audience, "exp": now + 60, "iat": now, "jti": jti});
        signer.sign(&claims)
    }

    async fn token(&self, client: &str, fields: &[(&str, &str)]) -> Answer {
        let jti = fields.iter().map(|(_, value)| *value).collect::<String>();
        let assertion = self.assertion(&self.signer, client, &format!("{ISSUER}/oauth2/token"), &jti);
        let proof = [("client_assertion_type", ASSERTION), ("client_assertion", assertion.as_str())];
        let fields: Vec<_> = fields.iter().chain(&proof).copied().collect();
        self.app.door.post("/oauth2/token", &fields).await
    }

    async fn tokens(&self, client: &str, change: &[(&str, &str)]) -> Value {
        let stop = self.ask(client, change).await;
        let code = stop.parameter("code");
        let fields = [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", CALLBACK)];
        self.token(client, &fields).await.good()
    }

    async fn userinfo(&self, tokens: &Value) -> Answer {
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str())];
        self.app.door.call(axum::http::Method::GET, "/oauth2/userinfo", &headers, "").await
    }
}

#[tokio::test]
async fn oidcc_server() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({})).await;
    let tokens = suite.tokens(&client, &[]).await;
    assert_eq!(
        suite.userinfo(&tokens).await.good()["sub"],
        claims(tokens["id_token"].as_str().unwrap())["sub"]
    );
}

#[tokio::test]
async fn oidcc_idtoken_rs256() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({"id_token_signed_response_alg": "RS256"})).await;
    let tokens = suite.tokens(&client, &[]).await;
    assert_eq!(header(tokens["id_token"].as_str().unwrap())["alg"], "RS256");
}

#[tokio::test]
async fn oidcc_idtoken_unsigned() {
    // The suite skips the module where discovery does not list `none`; registering it is refused then.
    let suite = Suite::new().await;
    let document = suite.app.door.get("/.well-known/openid-configuration").await.good();
    assert!(!document["id_token_signing_alg_values_supported"].as_array().unwrap().contains(&json!("none")));
    let answer = register(&suite.app, &suite.asked(json!({"id_token_signed_response_alg": "none"}))).await;
    assert_eq!(answer.error(400), "invalid_client_metadata");
}

#[tokio::test]
async fn oidcc_userinfo_rs256() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({"userinfo_signed_response_alg": "RS256"})).await;
    let answer = suite.userinfo(&suite.tokens(&client, &[]).await).await;
    assert_eq!(answer.header("content-type"), "application/jwt");
    assert_eq!(header(&answer.body)["alg"], "RS256");
    assert_eq!(claims(&answer.body)["aud"], client);
}

#[tokio::test]
async fn oidcc_ensure_redirect_uri_in_authorization_request() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({})).await;
    let stop = suite.ask(&client, &[("redirect_uri", "")]).await;
    assert_eq!(stop.text("error-code"), "invalid_request");
}

#[tokio::test]
async fn oidcc_redirect_uri_query_ok() {
    let suite = Suite::new().await;
    let uri = format!("{CALLBACK}?foo=bar");
    let client = suite.registered(json!({"redirect_uris": [uri]})).await;
    let stop = suite.ask(&client, &[("redirect_uri", &uri)]).await;
    assert_eq!(stop.parameter("foo"), "bar");
    assert!(!stop.parameter("code").is_empty());
}

#[tokio::test]
async fn oidcc_redirect_uri_query_mismatch() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({"redirect_uris": [format!("{CALLBACK}?foo=bar")]})).await;
    let stop = suite.ask(&client, &[("redirect_uri", &format!("{CALLBACK}?bar=foo"))]).await;
    assert_eq!(stop.text("error-code"), "invalid_request");
}

#[tokio::test]
async fn oidcc_redirect_uri_query_added() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({})).await;
    let stop = suite.ask(&client, &[("redirect_uri", &format!("{CALLBACK}?foo=bar"))]).await;
    assert_eq!(stop.text("error-code"), "invalid_request");
}

#[tokio::test]
async fn oidcc_redirect_uri_regfrag() {
    let suite = Suite::new().await;
    let answer =
        register(&suite.app, &suite.asked(json!({"redirect_uris": [format!("{CALLBACK}#foobar")]}))).await;
    assert_eq!(answer.error(400), "invalid_redirect_uri");
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn oidcc_registration_logo_uri() {
    let (suite, gateway) = (Suite::new().await, Gateway::start().await);
    let png =
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x40\x08\x06\0\0\0\0\0\0\0\0\0\0\0IDAT\0\0\0\0";
    gateway.answer_bytes(200, png);
    let client =
        suite.registered(json!({"logo_uri": format!("{}/images/openid.png", gateway.address())})).await;
    assert!(suite.login_page(&client).await.contains("class=\"asker-logo\" src=\""));
}

#[tokio::test]
async fn oidcc_registration_policy_uri() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({"policy_uri": "https://rp.example/login.html"})).await;
    assert!(links_to(&suite.login_page(&client).await, "https://rp.example/login.html"));
}

#[tokio::test]
async fn oidcc_registration_tos_uri() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({"tos_uri": "https://rp.example/tos.html"})).await;
    assert!(links_to(&suite.login_page(&client).await, "https://rp.example/tos.html"));
}

fn links_to(page: &str, address: &str) -> bool {
    let page = page.replace("&#x2f;", "/");
    page.contains(&format!("<a href=\"{address}\" rel=\"noopener\">"))
}

#[tokio::test]
async fn oidcc_registration_jwks_uri() {
    let (suite, gateway) = (Suite::new().await, Gateway::start().await);
    gateway.answer(&[(200, &suite.signer.jwks().to_string())]);
    let keys = json!({"jwks": null, "jwks_uri": format!("{}/jwks", gateway.address())});
    let client = suite.registered(keys).await;
    assert!(suite.tokens(&client, &[]).await["id_token"].is_string());
}

#[tokio::test]
async fn oidcc_refresh_token_rp_key_rotation() {
    let (mut suite, gateway) = (Suite::new().await, Gateway::start().await);
    gateway.answer(&[(200, &suite.signer.jwks().to_string())]);
    let client = suite
        .registered(json!({
            "jwks": null,
            "jwks_uri": format!("{}/jwks", gateway.address()),
            "grant_types": ["authorization_code", "refresh_token"],
        }))
        .await;
    let change = [("scope", "openid offline_access"), ("prompt", "consent")];
    let tokens = suite.tokens(&client, &change).await;
    suite.signer = Signer::new("two");
    gateway.answer(&[(200, &suite.signer.jwks().to_string())]);
    suite.app.clock.advance(Duration::seconds(60));
    let refresh = tokens["refresh_token"].as_str().expect("a refresh token");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let renewed = suite.token(&client, &fields).await.good();
    assert_ne!(renewed["access_token"], tokens["access_token"]);
    suite.userinfo(&renewed).await.good();
}

/// The answer to a client of the sector whose document lists these.
async fn sector(listed: Value) -> Answer {
    let (suite, gateway) = (Suite::new().await, Gateway::start().await);
    gateway.answer(&[(200, &listed.to_string())]);
    let uri = format!("{}/redirect_uris.json", gateway.address());
    let asked = suite.asked(json!({"subject_type": "pairwise", "sector_identifier_uri": uri}));
    let answer = register(&suite.app, &asked).await;
    assert_eq!(gateway.asked().len(), 1);
    answer
}

#[tokio::test]
async fn oidcc_registration_sector_uri() {
    assert_eq!(created(&sector(json!([CALLBACK])).await)["subject_type"], "pairwise");
}

#[tokio::test]
async fn oidcc_registration_sector_bad() {
    let answer = sector(json!(["https://other.example/cb"])).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.error(400), "invalid_client_metadata");
}

#[tokio::test]
async fn oidcc_ensure_client_assertion_with_iss_aud_succeeds() {
    let suite = Suite::new().await;
    let client = suite.registered(json!({})).await;
    let code = suite.ask(&client, &[]).await.parameter("code");
    let assertion = suite.assertion(&suite.signer, &client, ISSUER, "iss-aud");
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", &assertion),
    ];
    assert!(suite.app.door.post("/oauth2/token", &fields).await.good()["access_token"].is_string());
}
