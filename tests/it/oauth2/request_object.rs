//! Request objects (RFC 9101, OpenID Connect Core §6).

use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};
use tamga::model::{client::Client, signing::ForeignAlgorithm};
use time::Duration;

use super::{Scene, claims, go_on, text};
use crate::support::{
    app::{CALLBACK, ISSUER, TestApp},
    browser::Stop,
    door::encoded,
    gateway::Gateway,
    signer::Signer,
};

/// A scene whose client has a key.
pub struct Stage {
    pub scene: Scene,
    pub signer: Signer,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(tweak: impl FnOnce(&mut Client)) -> Self {
        Self::at(TestApp::new().await, tweak).await
    }

    pub async fn at(app: TestApp, tweak: impl FnOnce(&mut Client)) -> Self {
        let signer = Signer::new("one");
        let jwks = signer.jwks();
        let with_key = |client: &mut Client| {
            client.settings.jwks = Some(jwks);
            tweak(client);
        };
        Self { scene: Scene::at(app, with_key).await, signer }
    }

    /// What an object says, with `change` over it; `null` leaves out.
    pub fn claims(&self, change: &Value) -> Value {
        let now = self.scene.app.clock.now().unix_timestamp();
        let mut claims = json!({
            "iss": "rp", "aud": ISSUER, "client_id": "rp", "nbf": now, "exp": now + 60,
            "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid", "state": "inner",
            "nonce": "inner-nonce",
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            }
        }
        claims
    }

    pub fn object(&self, change: &Value) -> String {
        self.signer.sign(&self.claims(change))
    }

    /// Sends the browser with an object and the usual parameters beside it.
    pub async fn ask(&mut self, object: &str, change: &[(&str, &str)]) -> Stop {
        let change: Vec<_> = [("request", object)].into_iter().chain(change.iter().copied()).collect();
        self.scene.ask(&change).await
    }

    /// Sends it with the object alone.
    pub async fn ask_alone(&mut self, object: &str) -> Stop {
        let query = encoded(&[("client_id", "rp"), ("request", object)]);
        self.scene.browser.open(&format!("/oauth2/authorize?{query}")).await
    }

    pub async fn go_on(&mut self, stop: Stop) -> Stop {
        go_on(&mut self.scene.browser, "somchai", stop).await
    }
}

#[tokio::test]
async fn rfc_9101_s5_an_object_alone_is_a_request() {
    let mut stage = Stage::new().await;
    let object = stage.object(&json!({"max_age": 600, "claims": {"id_token": {"email": null}}}));
    let stop = stage.ask_alone(&object).await;
    let stop = stage.go_on(stop).await;
    assert_eq!(stop.parameter("state"), "inner");
    let tokens = stage.scene.exchange(&stop.parameter("code"), &[]).await.good();
    let id_token = claims(text(&tokens, "id_token"));
    assert_eq!(id_token["nonce"], "inner-nonce");
    assert_eq!(id_token["email"], "somchai@citizen.example");
}

#[tokio::test]
async fn oidc_core_s6_1_what_the_object_says_supersedes_what_stands_beside_it() {
    let mut stage = Stage::new().await;
    let object = stage.object(&json!({"nonce": null, "scope": null, "response_type": null}));
    let beside = [("scope", "openid email"), ("redirect_uri", "https://evil.example/cb")];
    let stop = stage.ask(&object, &beside).await;
    let stop = stage.go_on(stop).await;
    assert!(stop.away().as_str().starts_with(CALLBACK), "{}", stop.url);
    assert_eq!(stop.parameter("state"), "inner");
    let tokens = stage.scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["nonce"], "nonce-1");
    assert_eq!(tokens["scope"], "email openid");
    let stop = stage.ask(&stage.object(&json!({"response_type": "code id_token"})), &[]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
}

#[tokio::test]
async fn rfc_9101_s6_3_without_openid_beside_it_the_object_alone_counts() {
    let mut stage = Stage::new().await;
    let object = stage.object(&json!({"state": null}));
    let stop = stage.ask(&object, &[("scope", "")]).await;
    let stop = stage.go_on(stop).await;
    assert!(!stop.away().query_pairs().any(|(name, _)| name == "state"), "{}", stop.url);
    let without = stage.object(&json!({"client_id": null}));
    let stop = stage.ask(&without, &[("scope", "")]).await;
    assert_eq!(stop.parameter("error"), "invalid_request_object");
    // And so for a client whose requests must be signed.
    let require = |client: &mut Client| client.settings.oidc.require_signed_request_object = true;
    let mut stage = Stage::with(require).await;
    let object = stage.object(&json!({"scope": "openid", "nonce": null}));
    let stop = stage.ask(&object, &[("scope", "openid email")]).await;
    let stop = stage.go_on(stop).await;
    let tokens = stage.scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(tokens["scope"], "openid");
    assert!(claims(text(&tokens, "id_token")).get("nonce").is_none());
}

#[tokio::test]
async fn rfc_9101_s6_an_object_that_is_not_the_clients_is_refused() {
    let mut stage = Stage::new().await;
    let now = stage.scene.app.clock.now().unix_timestamp();
    let good = stage.object(&json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    let header = |header: Header| {
        let claims = stage.claims(&json!({}));
        jsonwebtoken::encode(&header, &claims, &stage.signer.key).unwrap()
    };
    let typed =
        header(Header { typ: Some("oauth-authz-req+jwt".to_owned()), ..Header::new(Algorithm::ES256) });
    let bad = [
        "nonsense".to_owned(),
        format!("eyJhbGciOiJub25lIn0.{}.", parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        Signer::new("one").sign(&stage.claims(&json!({}))),
        Signer::new("two").sign(&stage.claims(&json!({}))),
        header(Header { typ: Some("at+jwt".to_owned()), ..Header::new(Algorithm::ES256) }),
        stage.object(&json!({"iss": "other"})),
        stage.object(&json!({"client_id": "other"})),
        stage.object(&json!({"aud": "https://other.example"})),
        stage.object(&json!({"sub": "rp"})),
        stage.object(&json!({"exp": now - 60})),
        stage.object(&json!({"nbf": now + 61})),
        stage.object(&json!({"request_uri": "https://rp.example/r"})),
        stage.object(&json!({"request": good})),
        "a.b.c.d.e".to_owned(),
    ];
    for object in bad {
        let stop = stage.ask(&object, &[]).await;
        assert_eq!(stop.parameter("error"), "invalid_request_object", "{object}");
        assert_eq!(stop.parameter("state"), "state-1");
        // Nowhere but to an address that is registered and stands beside it.
        for change in [[("redirect_uri", "https://evil.example/cb")], [("redirect_uri", "")]] {
            let stop = stage.ask(&object, &change).await;
            assert_eq!(stop.text("error-code"), "invalid_request_object");
        }
    }
    assert!(stage.ask(&typed, &[]).await.has("login-form"));
}

#[tokio::test]
async fn faults_within_a_good_object_go_to_its_own_address() {
    let mut stage = Stage::new().await;
    let object = stage.object(&json!({"prompt": "nonsense"}));
    let stop = stage.ask_alone(&object).await;
    assert_eq!(
        (stop.parameter("error"), stop.parameter("state")),
        ("invalid_request".into(), "inner".into())
    );
    let object = stage.object(&json!({"redirect_uri": "https://evil.example/cb"}));
    let stop = stage.ask(&object, &[]).await;
    assert_eq!(stop.text("error-code"), "invalid_request");
    let object = stage.object(&json!({"nonce": "a\u{0}b"}));
    assert_eq!(stage.ask_alone(&object).await.parameter("error"), "invalid_request");
}

#[tokio::test]
async fn rfc_8707_s2_1_resources_come_as_a_list() {
    let apis = ["https://a.example", "https://b.example"];
    let mut stage = Stage::with(|client| client.resources = apis.map(str::to_owned).to_vec()).await;
    let object = stage.object(&json!({"resource": apis}));
    let stop = stage.ask_alone(&object).await;
    let stop = stage.go_on(stop).await;
    let tokens = stage.scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(claims(text(&tokens, "access_token"))["aud"], json!(apis));
}

#[tokio::test]
async fn a_client_that_chose_an_algorithm_is_believed_with_that_alone() {
    let choose = |client: &mut Client| {
        client.settings.oidc.request_object_signing_alg = Some(ForeignAlgorithm::Ps256);
    };
    let mut stage = Stage::with(choose).await;
    let object = stage.object(&json!({}));
    assert_eq!(stage.ask(&object, &[]).await.parameter("error"), "invalid_request_object");
}

#[tokio::test]
async fn rfc_9101_s10_5_a_client_registered_so_must_sign() {
    let require = |client: &mut Client| client.settings.oidc.require_signed_request_object = true;
    let mut stage = Stage::with(require).await;
    assert_eq!(stage.scene.ask(&[]).await.parameter("error"), "invalid_request");
    assert_eq!(stage.scene.push(&[]).await.error(400), "invalid_request");
    let object = stage.object(&json!({}));
    assert!(stage.ask_alone(&object).await.has("login-form"));
    let uri = stage.scene.pushed(&[("request", &object)]).await;
    assert!(stage.scene.visit(&uri).await.has("login-form"));
}

#[tokio::test]
async fn rfc_9126_s3_of_a_pushed_object_nothing_beside_it_counts() {
    let mut stage = Stage::new().await;
    let object = stage.object(&json!({"state": null}));
    let uri = stage.scene.pushed(&[("request", &object), ("scope", "openid email")]).await;
    let stop = stage.scene.visit_and_go_on(&uri).await;
    assert!(!stop.away().query_pairs().any(|(name, _)| name == "state"), "{}", stop.url);
    let tokens = stage.scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(tokens["scope"], "openid");
    let other = stage.object(&json!({"client_id": "other"}));
    assert_eq!(stage.scene.push(&[("request", &other)]).await.error(400), "invalid_request_object");
}

#[tokio::test]
async fn rfc_9101_s5_request_and_request_uri_go_not_together() {
    let mut stage = Stage::new().await;
    let object = stage.object(&json!({}));
    let stop = stage.ask(&object, &[("request_uri", "https://rp.example/r")]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
}

/// A stage whose client has its objects at a server of its own.
async fn published() -> (Stage, Gateway, String) {
    let gateway = Gateway::start().await;
    let app = TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    let uri = format!("{}/object#v1", gateway.address());
    let registered = vec![uri.clone()];
    let stage = Stage::at(app, |client| client.settings.oidc.request_uris = registered).await;
    (stage, gateway, uri)
}

#[tokio::test]
async fn oidc_core_s6_2_an_object_is_fetched_once_from_where_the_client_registered() {
    let (mut stage, gateway, uri) = published().await;
    let object = stage.object(&json!({}));
    gateway.answer(&[(200, &format!("{object}\n"))]);
    let stop = stage.scene.ask(&[("request_uri", &uri)]).await;
    // Later steps of the journey fetch nothing.
    let stop = stage.go_on(stop).await;
    assert_eq!(stop.parameter("state"), "inner");
    assert!(!stop.parameter("code").is_empty());
    assert_eq!(gateway.asked().len(), 1);
    assert_eq!(gateway.asked()[0].uri, "/object");
}

#[tokio::test]
async fn rfc_9101_s10_4_1_no_other_address_is_fetched() {
    let (mut stage, gateway, uri) = published().await;
    let others = [uri.trim_end_matches("#v1").to_owned(), format!("{uri}&x"), uri.replace("object", "other")];
    for other in others {
        let stop = stage.scene.ask(&[("request_uri", &other)]).await;
        assert_eq!(stop.parameter("error"), "invalid_request_uri", "{other}");
    }
    assert_eq!(gateway.asked().len(), 0);
    for (status, body, error) in [
        (404, "x", "invalid_request_uri"),
        (302, "x", "invalid_request_uri"),
        (200, "nonsense", "invalid_request_object"),
    ] {
        gateway.answer(&[(status, body)]);
        let stop = stage.scene.ask(&[("request_uri", &uri)]).await;
        assert_eq!(stop.parameter("error"), error);
        gateway.answer(&[(status, body)]);
        let stop = stage.scene.ask(&[("request_uri", &uri), ("redirect_uri", "https://evil.example/")]).await;
        assert_eq!(stop.text("error-code"), error);
    }
    assert!(!stage.scene.app.log().contains("/object"));
}

#[tokio::test]
async fn an_address_on_our_side_of_the_wall_is_not_fetched_even_if_registered() {
    let uri = "https://127.0.0.1:1/object";
    let mut stage = Stage::with(|client| client.settings.oidc.request_uris = vec![uri.to_owned()]).await;
    let stop = stage.scene.ask(&[("request_uri", uri)]).await;
    assert_eq!(stop.parameter("error"), "invalid_request_uri");
    assert!(stage.scene.app.log().contains("refused to fetch"));
}

#[tokio::test]
async fn keys_are_fetched_from_where_the_client_publishes_them() {
    let gateway = Gateway::start().await;
    let app = TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    let address = format!("{}/jwks", gateway.address());
    let elsewhere = |client: &mut Client| {
        client.settings.jwks = None;
        client.settings.jwks_uri = Some(address);
    };
    let mut stage = Stage::at(app, elsewhere).await;
    gateway.answer(&[(200, &stage.signer.jwks().to_string())]);
    let object = stage.object(&json!({}));
    let stop = stage.ask_alone(&object).await;
    stage.scene.app.clock.advance(Duration::minutes(5));
    assert!(!stage.go_on(stop).await.parameter("code").is_empty());
    assert_eq!(gateway.asked().len(), 1);
}
