//! Tokens bound to a DPoP key (RFC 9449).

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};
use tamga::model::client::{AuthMethod, Client, ClientType};
use time::Duration;

use super::{CHALLENGE, Scene, VERIFIER, claims, text};
use crate::support::{
    app::{CALLBACK, ISSUER, TestApp},
    door::{Answer, basic},
    signer::Signer,
};

/// A scene whose person allowed the client, and a key of the client's.
struct Stage {
    scene: Scene,
    signer: Signer,
    public: bool,
}

fn public(client: &mut Client) {
    client.client_type = ClientType::Public;
    client.auth_methods = vec![AuthMethod::None];
    client.secrets.clear();
    client.settings.always_refresh = true;
}

impl Stage {
    async fn new(tweak: impl FnOnce(&mut Client)) -> Self {
        let scene = Scene::with(tweak).await;
        let public = scene.rp.secret.is_none();
        Self { scene, signer: Signer::new("dpop"), public }
    }

    async fn code(&mut self, change: &[(&str, &str)]) -> String {
        let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
        let change: Vec<_> = pkce.into_iter().chain(change.iter().copied()).collect();
        self.scene.code(&change).await
    }

    /// A proof for the token endpoint with `change` over it.
    fn proof(&self, jti: &str, change: &[(&str, Value)]) -> String {
        self.proof_for("POST", "/oauth2/token", jti, change)
    }

    fn proof_for(&self, method: &str, path: &str, jti: &str, change: &[(&str, Value)]) -> String {
        let now = self.scene.app.clock.now().unix_timestamp();
        let mut claims = json!({"jti": jti, "htm": method, "htu": format!("{ISSUER}{path}"), "iat": now});
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        self.signer.proof(&claims)
    }

    async fn token(&self, proofs: &[&str], fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        let header = basic(self.scene.rp.id(), self.scene.rp.secret.as_deref().unwrap_or_default());
        let mut headers: Vec<(&str, &str)> = proofs.iter().map(|proof| ("dpop", *proof)).collect();
        if self.public {
            fields.push(("client_id", self.scene.rp.id()));
        } else {
            headers.push(("authorization", &header));
        }
        self.scene.app.door.post_with("/oauth2/token", &headers, &fields).await
    }

    async fn exchange(&self, proofs: &[&str], code: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.token(proofs, &fields).await
    }

    async fn refresh(&self, proofs: &[&str], token: &str) -> Answer {
        self.token(proofs, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn userinfo(&self, scheme: &str, token: &str, proofs: &[&str]) -> Answer {
        let authorization = format!("{scheme} {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
        self.scene.app.door.call(Method::GET, "/oauth2/userinfo", &headers, "").await
    }

    /// A proof for userinfo with this token.
    fn at_userinfo(&self, jti: &str, token: &str, change: &[(&str, Value)]) -> String {
        let hash = B64.encode(ring::digest::digest(&ring::digest::SHA256, token.as_bytes()));
        let change: Vec<_> = [("ath", json!(hash))].into_iter().chain(change.iter().cloned()).collect();
        self.proof_for("GET", "/oauth2/userinfo", jti, &change)
    }
}

#[tokio::test]
async fn rfc_9449_s5_a_proof_binds_the_token_to_its_key() {
    let mut stage = Stage::new(|_| {}).await;
    let code = stage.code(&[]).await;
    let tokens = stage.exchange(&[&stage.proof("a", &[])], &code).await.good();
    assert_eq!(tokens["token_type"], "DPoP");
    let token = text(&tokens, "access_token");
    assert_eq!(claims(token)["cnf"], json!({"jkt": stage.signer.thumbprint()}));
    stage.userinfo("DPoP", token, &[&stage.at_userinfo("b", token, &[])]).await.good();
    let door = &stage.scene.app.door;
    let seen = door.post_as(&stage.scene.rp, "/oauth2/introspect", &[("token", token)]).await.good();
    assert_eq!((&seen["token_type"], &seen["cnf"]), (&json!("DPoP"), &claims(token)["cnf"]));
}

#[tokio::test]
async fn without_a_proof_tokens_are_bearers_unless_the_client_must_bind_them() {
    let mut stage = Stage::new(|_| {}).await;
    let code = stage.code(&[]).await;
    let tokens = stage.exchange(&[], &code).await.good();
    assert_eq!(tokens["token_type"], "Bearer");
    let token = text(&tokens, "access_token");
    assert!(claims(token).get("cnf").is_none());
    // RFC 9449 §7.1: nor does a proof make a bound token of one.
    let answer = stage.userinfo("DPoP", token, &[&stage.at_userinfo("a", token, &[])]).await;
    assert_eq!(answer.error(401), "invalid_token");
    let mut stage = Stage::new(|client| client.settings.dpop_bound_access_tokens = true).await;
    let code = stage.code(&[]).await;
    assert_eq!(stage.exchange(&[], &code).await.error(400), "invalid_request");
    stage.exchange(&[&stage.proof("a", &[])], &code).await.good();
}

#[tokio::test]
async fn rfc_9449_s4_3_a_proof_that_does_not_fit_is_refused_and_the_code_is_still_good() {
    let mut stage = Stage::new(|_| {}).await;
    let code = stage.code(&[]).await;
    let now = stage.scene.app.clock.now().unix_timestamp();
    for (name, value) in [
        ("htm", json!("GET")),
        ("htu", json!(format!("{ISSUER}/oauth2/userinfo"))),
        ("htu", json!("https://other.example/oauth2/token")),
        ("iat", json!(now - 301)),
        ("iat", json!(now + 91)),
    ] {
        let proof = stage.proof("x", &[(name, value.clone())]);
        let answer = stage.exchange(&[&proof], &code).await;
        assert_eq!(answer.error(400), "invalid_dpop_proof", "{name} {value}");
    }
    assert_eq!(stage.exchange(&["nonsense"], &code).await.error(400), "invalid_dpop_proof");
    let (one, other) = (stage.proof("x", &[]), stage.proof("y", &[]));
    assert_eq!(stage.exchange(&[&one, &other], &code).await.error(400), "invalid_dpop_proof");
    stage.exchange(&[&one], &code).await.good();
}

#[tokio::test]
async fn rfc_9449_s11_1_a_proof_counts_once_even_of_two_at_once() {
    let mut stage = Stage::new(|_| {}).await;
    let code = stage.code(&[]).await;
    let tokens = stage.exchange(&[&stage.proof("a", &[])], &code).await.good();
    let token = text(&tokens, "access_token").to_owned();
    let proof = stage.at_userinfo("b", &token, &[]);
    let (proofs, again) = ([proof.as_str()], [proof.as_str()]);
    let (one, other) =
        tokio::join!(stage.userinfo("DPoP", &token, &proofs), stage.userinfo("DPoP", &token, &again));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let third = stage.userinfo("DPoP", &token, &[&proof]).await;
    assert_eq!(third.error(401), "invalid_dpop_proof");
    assert!(third.header("www-authenticate").starts_with("DPoP "));
}

#[tokio::test]
async fn rfc_9449_s7_1_a_bound_token_is_worth_nothing_without_its_key() {
    let mut stage = Stage::new(|_| {}).await;
    let code = stage.code(&[]).await;
    let tokens = stage.exchange(&[&stage.proof("a", &[])], &code).await.good();
    let token = text(&tokens, "access_token").to_owned();
    assert_eq!(stage.userinfo("Bearer", &token, &[]).await.error(401), "invalid_token");
    assert_eq!(stage.userinfo("DPoP", &token, &[]).await.error(401), "invalid_dpop_proof");
    let good = stage.at_userinfo("b", &token, &[]);
    assert_eq!(stage.userinfo("Bearer", &token, &[&good]).await.error(401), "invalid_token");
    for (name, value) in [("ath", json!("x")), ("ath", Value::Null), ("htm", json!("POST"))] {
        let proof = stage.at_userinfo("c", &token, &[(name, value)]);
        assert_eq!(stage.userinfo("DPoP", &token, &[&proof]).await.error(401), "invalid_dpop_proof");
    }
    // A thief signs with a key of their own.
    let thief = Stage { signer: Signer::new("thief"), ..stage };
    let proof = thief.at_userinfo("d", &token, &[]);
    let answer = thief.userinfo("DPoP", &token, &[&proof]).await;
    assert_eq!(answer.error(401), "invalid_token");
    assert!(answer.header("www-authenticate").starts_with("DPoP realm"));
    // In the form it would be a bearer.
    let fields = [("access_token", token.as_str())];
    let posted = thief.scene.app.door.post("/oauth2/userinfo", &fields).await;
    assert_eq!(posted.error(401), "invalid_token");
}

#[tokio::test]
async fn rfc_9449_s5_refresh_tokens_of_public_clients_are_bound_and_those_of_others_are_not() {
    let mut stage = Stage::new(public).await;
    let code = stage.code(&[]).await;
    let tokens = stage.exchange(&[&stage.proof("a", &[])], &code).await.good();
    let refresh = text(&tokens, "refresh_token").to_owned();
    assert_eq!(stage.refresh(&[], &refresh).await.error(400), "invalid_grant");
    let own = std::mem::replace(&mut stage.signer, Signer::new("thief"));
    assert_eq!(stage.refresh(&[&stage.proof("b", &[])], &refresh).await.error(400), "invalid_grant");
    stage.signer = own;
    let next = stage.refresh(&[&stage.proof("c", &[])], &refresh).await.good();
    assert_eq!(next["token_type"], "DPoP");
    // The successor is bound as well, and a thief's try did not end the family.
    let next = text(&next, "refresh_token").to_owned();
    assert_eq!(stage.refresh(&[], &next).await.error(400), "invalid_grant");
    stage.refresh(&[&stage.proof("d", &[])], &next).await.good();

    let mut stage = Stage::new(|client| client.settings.always_refresh = true).await;
    let code = stage.code(&[]).await;
    let tokens = stage.exchange(&[&stage.proof("a", &[])], &code).await.good();
    stage.signer = Signer::new("next");
    let next = stage.refresh(&[&stage.proof("b", &[])], text(&tokens, "refresh_token")).await.good();
    let jkt = claims(text(&next, "access_token"))["cnf"]["jkt"].clone();
    assert_eq!(jkt, json!(stage.signer.thumbprint()));
}

#[tokio::test]
async fn rfc_9449_s10_a_code_asked_with_a_key_works_with_that_key_alone() {
    let mut stage = Stage::new(public).await;
    let jkt = stage.signer.thumbprint();
    let code = stage.code(&[("dpop_jkt", &jkt)]).await;
    assert_eq!(stage.exchange(&[], &code).await.error(400), "invalid_grant");
    let own = std::mem::replace(&mut stage.signer, Signer::new("thief"));
    assert_eq!(stage.exchange(&[&stage.proof("a", &[])], &code).await.error(400), "invalid_grant");
    stage.signer = own;
    stage.exchange(&[&stage.proof("b", &[])], &code).await.good();
    let stop = stage.scene.ask(&[("dpop_jkt", "short")]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
}

#[tokio::test]
async fn rfc_9449_s8_a_nonce_is_wanted_where_the_operator_says_so() {
    let app = TestApp::with(&[("oauth2.dpop_nonce", "true")]).await;
    let scene = Scene::at(app, |_| {}).await;
    let mut stage = Stage { scene, signer: Signer::new("dpop"), public: false };
    let code = stage.code(&[]).await;
    let first = stage.exchange(&[&stage.proof("a", &[])], &code).await;
    assert_eq!(first.error(400), "use_dpop_nonce");
    let nonce = first.header("dpop-nonce").to_owned();
    assert!(!nonce.is_empty());
    stage.scene.app.clock.advance(Duration::minutes(4));
    let proof = stage.proof("b", &[("nonce", json!(nonce))]);
    let tokens = stage.exchange(&[&proof], &code).await.good();
    let token = text(&tokens, "access_token").to_owned();
    stage.scene.app.clock.advance(Duration::minutes(10));
    let old = stage.at_userinfo("c", &token, &[("nonce", json!(nonce))]);
    let answer = stage.userinfo("DPoP", &token, &[&old]).await;
    assert_eq!(answer.error(401), "use_dpop_nonce");
    assert!(answer.header("www-authenticate").contains("use_dpop_nonce"));
    let nonce = json!(answer.header("dpop-nonce"));
    let proof = stage.at_userinfo("d", &token, &[("nonce", nonce)]);
    stage.userinfo("DPoP", &token, &[&proof]).await.good();
}
