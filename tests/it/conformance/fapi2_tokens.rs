//! `fapi2-security-profile-final-test-plan`: what concerns answers, the token endpoint and resources. What
//! concerns pushed requests stands with them.

use axum::http::Method;
use serde_json::{Value, json};
use tamga::model::client::{AuthMethod, Client, Flow, Profile};
use time::Duration;

use super::{
    authorization::verified,
    fapi2_stage::{Stage, exchange},
};
use crate::{
    oauth2::{Scene, claims, header, text},
    support::{app::ISSUER, door::Answer, pki::Holder},
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
async fn fapi2_security_profile_final_ensure_response_type_token_fails_whatever_is_registered() {
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
