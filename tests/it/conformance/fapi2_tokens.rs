//! `fapi2-security-profile-final-test-plan`: what concerns answers, the token endpoint and resources. What
//! concerns pushed requests stands with them.

use axum::http::Method;
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};
use tamga::model::client::{AuthMethod, Client, Flow, Profile};
use time::Duration;

use super::{
    authorization::verified,
    fapi2_stage::{Stage, exchange},
};
use crate::{
    oauth2::{Scene, claims, header, text},
    support::{app::ISSUER, door::Answer, pki::Holder, signer::Signer},
};

const TOKEN: &str = "/oauth2/token";

#[track_caller]
fn unauthenticated(answer: &Answer) {
    assert_eq!(answer.error(401), "invalid_client");
}

#[tokio::test]
async fn fapi2_security_profile_final_happy_flow() {
    let mut stage = Stage::new().await;
    let tokens = stage.tokens(&[]).await;
    let (access_token, id_token) = (text(&tokens, "access_token"), text(&tokens, "id_token"));
    // §5.4.1: never RS256, whatever the defaults of others are.
    let told = verified(&stage.app, id_token, "PS256").await;
    assert_eq!((&told["aud"], &told["nonce"]), (&json!("one"), &json!("nonce-1")));
    assert_eq!(header(access_token)["alg"], "ES256");
    assert_eq!(stage.resource(&stage.one, access_token, &[]).await.good()["sub"], json!(stage.user));
    // §5.3.4: not in the query.
    let proof = stage.proof(&stage.one, "GET", "/oauth2/userinfo", Some(access_token), &[]);
    let path = format!("/oauth2/userinfo?access_token={access_token}");
    assert_eq!(stage.app.door.call(Method::GET, &path, &[("dpop", &proof)], "").await.status, 401);
    // Another client's key does not open it.
    let code = stage.others_code(&[]).await;
    let others = stage.exchange(&stage.other, &code).await.good();
    let stolen = stage.resource(&stage.one, text(&others, "access_token"), &[]).await;
    assert_eq!(stolen.error(401), "invalid_token");
}

#[tokio::test]
async fn fapi2_security_profile_final_user_rejects_authentication() {
    let mut stage = Stage::new().await;
    let pushed = stage.push(&stage.one, &[], &[]).await.json();
    let query = [("client_id", "one"), ("request_uri", text(&pushed, "request_uri"))];
    let address = format!("/oauth2/authorize?{}", crate::support::door::encoded(&query));
    assert!(stage.browser.open(&address).await.has("cancel-form"));
    let stop = stage.browser.submit("cancel-form", &[]).await;
    assert_eq!(stop.parameter("error"), "access_denied");
    assert_eq!((stop.parameter("state").as_str(), stop.parameter("iss").as_str()), ("state-1", ISSUER));
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_without_state_success() {
    let mut stage = Stage::new().await;
    let stop = stage.answer(&[("state", "")]).await;
    assert!(stop.away().query_pairs().all(|(name, _)| name != "state"));
    stage.exchange(&stage.one, &stop.parameter("code")).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_without_nonce_success() {
    let tokens = Stage::new().await.tokens(&[("nonce", "")]).await;
    assert_eq!(claims(text(&tokens, "id_token")).get("nonce"), None);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_request_with_64_char_nonce_success() {
    let nonce = "n".repeat(64);
    let tokens = Stage::new().await.tokens(&[("nonce", &nonce)]).await;
    assert_eq!(claims(text(&tokens, "id_token"))["nonce"], nonce);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_other_scope_order_succeeds() {
    Stage::new().await.tokens(&[("scope", "email openid")]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_access_token_type_header_case_sensitivity() {
    let mut stage = Stage::new().await;
    let tokens = stage.tokens(&[]).await;
    let token = text(&tokens, "access_token");
    for scheme in ["dPoP", "dpop", "DPOP"] {
        let proof = stage.proof(&stage.one, "GET", "/oauth2/userinfo", Some(token), &[]);
        stage.userinfo(scheme, token, &[&proof]).await.good();
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_check_dpop_proof_nbf_exp() {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let now = stage.app.clock.now().unix_timestamp();
    let times = [("nbf", json!(now)), ("exp", json!(now + 300))];
    let proof = stage.proof(&stage.one, "POST", TOKEN, None, &times);
    let assertion = stage.assertion(&stage.one, &[]);
    let tokens = stage.post(TOKEN, &assertion, &[&proof], &exchange(&code)).await.good();
    stage.resource(&stage.one, text(&tokens, "access_token"), &times).await.good();
}

async fn with_iat(seconds: i64) -> Answer {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let iat = json!(stage.app.clock.now().unix_timestamp() + seconds);
    let proof = stage.proof(&stage.one, "POST", TOKEN, None, &[("iat", iat.clone())]);
    let assertion = stage.assertion(&stage.one, &[]);
    let answer = stage.post(TOKEN, &assertion, &[&proof], &exchange(&code)).await;
    if answer.status == 200 {
        let tokens = answer.json();
        stage.resource(&stage.one, text(&tokens, "access_token"), &[("iat", iat)]).await.good();
    }
    answer
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_before_succeeds() {
    with_iat(-10).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_after_succeeds() {
    with_iat(10).await.good();
    // §5.3.2.1: "shall reject JWTs with an iat ... greater than 60 seconds in the future".
    assert_eq!(with_iat(61).await.error(400), "invalid_dpop_proof");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_jkt() {
    let mut stage = Stage::new().await;
    let jkt = Signer::new("another").thumbprint();
    let code = stage.code(&[("dpop_jkt", &jkt)]).await;
    assert_eq!(stage.exchange(&stage.one, &code).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt() {
    let mut stage = Stage::new().await;
    let proof = stage.proof(&stage.one, "POST", "/oauth2/par", None, &[]);
    let pushed = stage.push(&stage.one, &[&proof], &[]).await;
    let code = stage.visit("one", &pushed).await.parameter("code");
    stage.one.dpop = Signer::new("another");
    assert_eq!(stage.exchange(&stage.one, &code).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_dpopproof_at_par_endpoint_binding_success() {
    let mut stage = Stage::new().await;
    let proof = stage.proof(&stage.one, "POST", "/oauth2/par", None, &[]);
    let pushed = stage.push(&stage.one, &[&proof], &[]).await;
    let code = stage.visit("one", &pushed).await.parameter("code");
    stage.exchange(&stage.one, &code).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_dpop_auth_code_binding_success() {
    let mut stage = Stage::new().await;
    let jkt = stage.one.dpop.thumbprint();
    stage.tokens(&[("dpop_jkt", &jkt)]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_response_type_code_idtoken_fails() {
    let stage = Stage::new().await;
    let answer = stage.push(&stage.one, &[], &[("response_type", "code id_token")]).await;
    assert_eq!(answer.error(400), "unauthorized_client");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_response_type_token_fails() {
    // Even where a registration has it.
    let all = |client: &mut Client| super::authorization::every_flow(client);
    let stage = Stage::with(all).await;
    for response_type in ["token", "id_token", "code token"] {
        let answer = stage.push(&stage.one, &[], &[("response_type", response_type)]).await;
        assert_eq!(answer.error(400), "unauthorized_client", "{response_type}");
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_client_id_in_token_endpoint() {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    // The other client's name, signed with this one's key.
    let forged = stage.one.keys.sign(&stage.assertion_claims(&stage.other, &[]));
    let proof = stage.proof(&stage.one, "POST", TOKEN, None, &[]);
    unauthenticated(&stage.post(TOKEN, &forged, &[&proof], &exchange(&code)).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_holder_of_key_required() {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let assertion = stage.assertion(&stage.one, &[]);
    let answer = stage.post(TOKEN, &assertion, &[], &exchange(&code)).await;
    assert_eq!(answer.error(400), "invalid_request");
    // The code is still good with a key: of a certificate, too.
    stage.app.door = stage.app.door.with_certificate(&Holder::self_signed(|_| {}));
    let assertion = stage.assertion(&stage.one, &[]);
    let tokens = stage.post(TOKEN, &assertion, &[], &exchange(&code)).await.good();
    assert_eq!(tokens["token_type"], "Bearer");
    let bound = claims(text(&tokens, "access_token"));
    assert!(bound["cnf"]["x5t#S256"].is_string() && bound["cnf"].get("jkt").is_none());
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_holder_of_key_required_of_mutual_tls() {
    let certificate = |client: &mut Client| {
        client.auth_methods = vec![AuthMethod::SelfSignedTlsClientAuth];
        client.settings.certificate_bound_access_tokens = true;
    };
    let mut stage = Stage::with(certificate).await;
    let holder = Holder::self_signed(|_| {});
    stage.app.add_certificate(&stage.one.client, &holder, None).await;
    let bare = stage.app.door.clone();
    let door = bare.with_certificate(&holder);
    let ask = [
        ("client_id", "one"),
        ("response_type", "code"),
        ("redirect_uri", crate::support::app::CALLBACK),
        ("scope", "openid"),
        ("code_challenge", crate::oauth2::CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    unauthenticated(&bare.post("/oauth2/par", &ask).await);
    let pushed = door.post("/oauth2/par", &ask).await;
    let code = stage.visit("one", &pushed).await.parameter("code");
    let mut fields = exchange(&code).to_vec();
    fields.push(("client_id", "one"));
    unauthenticated(&bare.post(TOKEN, &fields).await);
    let tokens = door.post(TOKEN, &fields).await.good();
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    door.call(Method::GET, "/oauth2/userinfo", &headers, "").await.good();
    let stolen = bare.call(Method::GET, "/oauth2/userinfo", &headers, "").await;
    assert_eq!(stolen.error(401), "invalid_token");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_authorization_code_is_bound_to_client() {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    assert_eq!(stage.exchange(&stage.other, &code).await.error(400), "invalid_grant");
    stage.exchange(&stage.one, &code).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_attempt_reuse_authorization_code_after_one_second() {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let tokens = stage.exchange(&stage.one, &code).await.good();
    stage.app.clock.advance(Duration::seconds(1));
    assert_eq!(stage.exchange(&stage.one, &code).await.error(400), "invalid_grant");
    let revoked = stage.resource(&stage.one, text(&tokens, "access_token"), &[]).await;
    assert_eq!(revoked.error(401), "invalid_token");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_token_endpoint_fails_with_expired_auth_code() {
    let mut stage = Stage::new().await;
    let (early, late) = (stage.code(&[]).await, stage.code(&[]).await);
    stage.app.clock.advance(Duration::seconds(59));
    stage.exchange(&stage.one, &early).await.good();
    // §5.3.2.1: "a maximum lifetime of 60 seconds".
    stage.app.clock.advance(Duration::seconds(1));
    assert_eq!(stage.exchange(&stage.one, &late).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_client_assertion_in_token_endpoint() {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let proof = stage.proof(&stage.one, "POST", TOKEN, None, &[]);
    let mut fields = exchange(&code).to_vec();
    fields.push(("client_id", "one"));
    unauthenticated(&stage.app.door.post_with(TOKEN, &[("dpop", &proof)], &fields).await);
}

/// What the token endpoint says to an assertion with this change.
async fn asserted(change: &[(&str, Value)]) -> Answer {
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let proof = stage.proof(&stage.one, "POST", TOKEN, None, &[]);
    stage.post(TOKEN, &stage.assertion(&stage.one, change), &[&proof], &exchange(&code)).await
}

fn now() -> i64 {
    crate::support::app::START.unix_timestamp()
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails() {
    unauthenticated(&asserted(&[("exp", json!(now() - 300))]).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_client_assertion_with_wrong_aud_fails() {
    for aud in [
        json!("https://other.example"),
        Value::Null,
        // §5.3.2.1: the issuer as a string, and nothing else.
        json!([ISSUER]),
        json!([ISSUER, "https://other.example"]),
        json!(format!("{ISSUER}/")),
        json!(format!("{ISSUER}/oauth2/token")),
        json!(format!("{ISSUER}/oauth2/par")),
    ] {
        unauthenticated(&asserted(&[("aud", aud)]).await);
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_client_assertion_with_no_sub_fails() {
    unauthenticated(&asserted(&[("sub", Value::Null)]).await);
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_invalid_client_assertions_fail() {
    let over = json!(now() + 61);
    for change in [
        &[("sub", json!("somebody"))][..],
        &[("iss", Value::Null)],
        &[("iss", json!("somebody"))],
        &[("iat", over.clone()), ("nbf", over)],
    ] {
        unauthenticated(&asserted(change).await);
    }
    // Clocks differ by a few seconds (§5.3.2.1, note 3).
    let ahead = json!(now() + 8);
    asserted(&[("iat", ahead.clone()), ("nbf", ahead)]).await.good();
}

/// An RSA key, which can sign in two ways.
struct Rsa {
    key: EncodingKey,
    jwk: Value,
}

impl Rsa {
    fn new() -> Self {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
        use rsa::{
            RsaPrivateKey,
            pkcs1::{EncodeRsaPrivateKey, LineEnding},
            pkcs8::DecodePrivateKey,
            traits::PublicKeyParts,
        };
        let der = Holder::self_signed_rsa().key.serialize_der();
        let key = RsaPrivateKey::from_pkcs8_der(&der).unwrap();
        let (n, e) = (B64.encode(key.n().to_bytes_be()), B64.encode(key.e().to_bytes_be()));
        let pem = key.to_pkcs1_pem(LineEnding::LF).unwrap();
        let jwk = json!({"kty": "RSA", "n": n, "e": e, "kid": "rsa"});
        Self { key: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(), jwk }
    }

    fn sign(&self, algorithm: Algorithm, claims: &Value) -> String {
        let header = Header { kid: Some("rsa".to_owned()), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }

    fn proof(&self, algorithm: Algorithm, claims: &Value) -> String {
        let mut jwk = self.jwk.clone();
        jwk.as_object_mut().unwrap().remove("kid");
        let jwk: Jwk = serde_json::from_value(jwk).unwrap();
        let typ = Some("dpop+jwt".to_owned());
        let header = Header { typ, jwk: Some(jwk), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_ensure_signed_client_assertion_with_rs256_fails() {
    let rsa = Rsa::new();
    let keys = json!({"keys": [rsa.jwk]});
    let mut stage = Stage::new().await;
    stage.app.change_client(&mut stage.one.client, |client| client.settings.jwks = Some(keys)).await;
    let ask = async |algorithm| {
        let assertion = rsa.sign(algorithm, &stage.assertion_claims(&stage.one, &[]));
        stage.post("/oauth2/introspect", &assertion, &[], &[("token", "x")]).await
    };
    unauthenticated(&ask(Algorithm::RS256).await);
    unauthenticated(&ask(Algorithm::PS384).await);
    ask(Algorithm::PS256).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_dpop_negative_tests() {
    let mut stage = Stage::new().await;
    let tokens = stage.tokens(&[]).await;
    let token = text(&tokens, "access_token");
    let path = "/oauth2/userinfo";
    let good = |change: &[(&str, Value)]| stage.proof(&stage.one, "GET", path, Some(token), change);
    let refused = async |proofs: &[&str]| {
        let answer = stage.userinfo("DPoP", token, proofs).await;
        assert!([400, 401].contains(&answer.status.as_u16()), "{answer:?}");
    };
    refused(&[&good(&[]), &good(&[])]).await;
    refused(&["nonsense"]).await;
    let now = now();
    for change in [
        ("jti", Value::Null),
        ("htm", Value::Null),
        ("htu", Value::Null),
        ("iat", Value::Null),
        ("ath", Value::Null),
        ("ath", json!("incorrect")),
        ("htm", json!("PUT")),
        ("htu", json!("https://other.example/userinfo")),
        ("iat", json!(now + 3600)),
        ("iat", json!(now - 3600)),
    ] {
        refused(&[&good(&[change])]).await;
    }
    // Bytes of the signature exchanged, and no algorithm at all.
    let proof = good(&[]);
    let (signed, signature) = proof.rsplit_once('.').unwrap();
    let broken: String = signature.chars().rev().collect();
    refused(&[&format!("{signed}.{broken}")]).await;
    refused(&[&format!("{signed}.")]).await;
    let stranger = Signer::new("stranger").proof(&claims(&good(&[])));
    refused(&[&stranger]).await;
    assert_eq!(stage.userinfo("Bearer", token, &[&good(&[])]).await.status, 401);
    // The same proof twice.
    let proof = good(&[]);
    stage.userinfo("DPoP", token, &[&proof]).await.good();
    refused(&[&proof]).await;
    // What does not count, and what means the same.
    for change in [
        ("htu", json!(format!("{ISSUER}{path}?x=1#y"))),
        ("htu", json!(format!("HTTPS://SSO.test.example:443{path}"))),
        ("extra", json!("claim")),
    ] {
        stage.userinfo("DPoP", token, &[&good(&[change])]).await.good();
    }
}

#[tokio::test]
async fn fapi2_security_profile_final_dpop_negative_tests_of_an_rsa_key() {
    let rsa = Rsa::new();
    let mut stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let claims = || stage.proof_claims("POST", TOKEN, None, &[]);
    let ask = async |proof: String| {
        let assertion = stage.assertion(&stage.one, &[]);
        stage.post(TOKEN, &assertion, &[&proof], &exchange(&code)).await
    };
    assert_eq!(ask(rsa.proof(Algorithm::RS256, &claims())).await.error(400), "invalid_dpop_proof");
    let tokens = ask(rsa.proof(Algorithm::PS256, &claims())).await.good();
    let token = text(&tokens, "access_token");
    let at_userinfo = || stage.proof_claims("GET", "/oauth2/userinfo", Some(token), &[]);
    // The key is right, and what it signs with is not.
    let answer = stage.userinfo("DPoP", token, &[&rsa.proof(Algorithm::RS256, &at_userinfo())]).await;
    assert_eq!(answer.error(401), "invalid_dpop_proof");
    stage.userinfo("DPoP", token, &[&rsa.proof(Algorithm::PS256, &at_userinfo())]).await.good();
}

#[tokio::test]
async fn fapi2_security_profile_final_refresh_token() {
    let mut stage = Stage::new().await;
    let tokens = stage.tokens(&[("scope", "openid offline_access"), ("prompt", "consent")]).await;
    let refresh = text(&tokens, "refresh_token");
    // §5.3.2.1: "shall not use refresh token rotation": an answer that was lost loses nothing.
    for _ in 0..3 {
        stage.app.clock.advance(Duration::minutes(1));
        let next = stage.refresh(&stage.one, refresh).await.good();
        assert_eq!(next["refresh_token"], refresh);
        assert_ne!(next["access_token"], tokens["access_token"]);
        let told = claims(text(&next, "id_token"));
        assert_eq!(told["sub"], claims(text(&tokens, "id_token"))["sub"]);
        stage.resource(&stage.one, text(&next, "access_token"), &[]).await.good();
    }
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    // RFC 6749 §6: not without the client's own proof, nor another client's.
    let proof = stage.proof(&stage.one, "POST", TOKEN, None, &[]);
    unauthenticated(&stage.app.door.post_with(TOKEN, &[("dpop", &proof)], &fields).await);
    assert_eq!(stage.refresh(&stage.other, refresh).await.error(400), "invalid_grant");
    // And not without a key to bind the new token to.
    let bare = stage.post(TOKEN, &stage.assertion(&stage.one, &[]), &[], &fields).await;
    assert_eq!(bare.error(400), "invalid_request");
    stage.refresh(&stage.one, refresh).await.good();
}

#[tokio::test]
async fn a_refresh_token_that_is_kept_ends_with_its_grant_and_by_disuse() {
    let mut stage = Stage::new().await;
    let scope = [("scope", "openid offline_access")];
    let tokens = stage.tokens(&scope).await;
    let refresh = text(&tokens, "refresh_token");
    // Its life begins anew at each use.
    for _ in 0..3 {
        stage.app.clock.advance(Duration::days(20));
        stage.refresh(&stage.one, refresh).await.good();
    }
    let wide = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", "openid email")];
    assert_eq!(stage.token(&stage.one, &wide).await.error(400), "invalid_scope");
    stage.app.clock.advance(Duration::days(30));
    assert_eq!(stage.refresh(&stage.one, refresh).await.error(400), "invalid_grant");

    let tokens = stage.tokens(&scope).await;
    let refresh = text(&tokens, "refresh_token");
    let assertion = stage.assertion(&stage.one, &[]);
    let revoked = stage.post("/oauth2/revoke", &assertion, &[], &[("token", refresh)]).await;
    assert_eq!(revoked.status, 200);
    assert_eq!(stage.refresh(&stage.one, refresh).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn of_two_refreshes_at_once_both_get_the_same_token() {
    let mut stage = Stage::new().await;
    let tokens = stage.tokens(&[("scope", "openid offline_access")]).await;
    let refresh = text(&tokens, "refresh_token");
    let (one, two) = tokio::join!(stage.refresh(&stage.one, refresh), stage.refresh(&stage.one, refresh));
    assert_eq!(
        (&one.good()["refresh_token"], &two.good()["refresh_token"]),
        (&json!(refresh), &json!(refresh))
    );
}

#[tokio::test]
async fn a_token_rotated_before_the_profile_was_chosen_is_still_recognised() {
    let mut stage = Stage::with(|client| client.profile = None).await;
    let tokens = stage.tokens(&[("scope", "openid offline_access")]).await;
    let old = text(&tokens, "refresh_token");
    let next = stage.refresh(&stage.one, old).await.good();
    let next = text(&next, "refresh_token");
    assert_ne!(next, old);
    let fapi = |client: &mut Client| client.profile = Some(Profile::Fapi2);
    stage.app.change_client(&mut stage.one.client, fapi).await;
    assert_eq!(stage.refresh(&stage.one, old).await.error(400), "invalid_grant");
    // RFC 9700 §4.14.2: thief or owner; the family has ended.
    assert_eq!(stage.refresh(&stage.one, next).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn fapi2_sp_s5_3_2_1_other_ways_of_authentication_and_the_password_grant_are_refused() {
    // Registrations are held to the profile when they are made; one that slipped through is, here.
    let loose = |client: &mut Client| client.profile = Some(Profile::Fapi2);
    let scene = Scene::with(loose).await;
    let field = [("token", "x")];
    unauthenticated(&scene.app.door.post_as(&scene.rp, "/oauth2/introspect", &field).await);
    let public = scene.app.public_client("spa", loose).await;
    unauthenticated(&scene.app.door.post_as(&public, "/oauth2/revoke", &field).await);

    let password = |client: &mut Client| {
        client.flows.push(Flow::ResourceOwner);
    };
    let stage = Stage::with(password).await;
    let fields =
        [("grant_type", "password"), ("username", "somchai"), ("password", crate::support::app::PASSWORD)];
    assert_eq!(stage.token(&stage.one, &fields).await.error(400), "unauthorized_client");
}

#[tokio::test]
async fn fapi2_sp_s5_2_2_the_authorization_endpoint_redirects_with_303_and_has_no_cors() {
    let mut stage = Stage::new().await;
    stage.code(&[]).await;
    let stop = stage.answer(&[]).await;
    assert_eq!(stop.answer.status, 303);
    assert_eq!(stop.answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn client_credentials_are_bound_too() {
    let client_credentials = |client: &mut Client| client.flows.push(Flow::ClientCredentials);
    let stage = Stage::with(client_credentials).await;
    let fields = [("grant_type", "client_credentials"), ("scope", "email")];
    let tokens = stage.token(&stage.one, &fields).await.good();
    assert_eq!(claims(text(&tokens, "access_token"))["cnf"]["jkt"], stage.one.dpop.thumbprint());
    let bare = stage.post(TOKEN, &stage.assertion(&stage.one, &[]), &[], &fields).await;
    assert_eq!(bare.error(400), "invalid_request");
}
