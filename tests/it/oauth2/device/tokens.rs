//! What the device gets in the end.

use serde_json::json;
use tamga::model::{
    client::{AuthMethod, ClientType, Flow},
    signing::Algorithm,
};

use super::{super::claims, GRANT_TYPE, Stage, text};
use crate::support::{
    app::{BYE, ISSUER, TestApp},
    pki::Holder,
    signer::Signer,
    wire::Counts,
};

#[tokio::test]
async fn tokens_are_those_of_a_code_without_nonce_and_session() {
    let mut stage = Stage::with(|client| client.settings.id_token_alg = Algorithm::Es256).await;
    let tokens = stage.tokens("openid email").await;
    assert_eq!((&tokens["token_type"], &tokens["scope"]), (&"Bearer".into(), &"email openid".into()));
    assert!(tokens.get("refresh_token").is_none(), "offline_access was not asked for");
    let id_token = claims(text(&tokens, "id_token"));
    assert_eq!((&id_token["iss"], &id_token["aud"]), (&ISSUER.into(), &"tv".into()));
    assert_eq!(id_token["sub"], stage.user.to_string());
    assert_eq!(id_token["amr"], json!(["pwd"]));
    assert!(id_token.get("at_hash").is_some() && id_token.get("auth_time").is_some());
    // The television has no part in the session of the phone's browser.
    assert!(id_token.get("sid").is_none() && id_token.get("nonce").is_none());
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let userinfo = stage.app.door.post_with("/oauth2/userinfo", &[("authorization", &bearer)], &[]).await;
    assert_eq!(userinfo.good()["email"], "somchai@citizen.example");
}

#[tokio::test]
async fn what_the_person_left_out_is_not_given() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    stage.consent(&codes).await;
    stage.browser.untick("claim", "email");
    stage.browser.press("consent-form", "consent-allow").await;
    let tokens = stage.poll(&codes).await.good();
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let userinfo = stage.app.door.post_with("/oauth2/userinfo", &[("authorization", &bearer)], &[]).await;
    assert!(userinfo.good().get("email").is_none());
}

#[tokio::test]
async fn signing_out_in_the_browser_leaves_the_device_as_it_is() {
    let mut stage = Stage::new().await;
    let tokens = stage.tokens("openid offline_access").await;
    let session = stage.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    stage.browser.open(&format!("/oauth2/logout?post_logout_redirect_uri={BYE}&client_id=tv")).await;
    stage.browser.submit("logout-form", &[]).await;
    assert_ne!(stage.browser.cookie("__Host-tamga_session"), Some(session.as_str()));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", text(&tokens, "refresh_token"))];
    stage.app.door.post_as(&stage.tv, "/oauth2/token", &fields).await.good();
}

#[tokio::test]
async fn refresh_tokens_come_as_they_do_with_a_code() {
    for (always, scope, comes) in
        [(false, "openid offline_access", true), (true, "openid", true), (false, "openid", false)]
    {
        let mut stage = Stage::with(|client| client.settings.always_refresh = always).await;
        let tokens = stage.tokens(scope).await;
        assert_eq!(tokens.get("refresh_token").is_some(), comes, "{scope}");
    }
    let mut stage = Stage::with(|client| client.flows = vec![Flow::DeviceCode]).await;
    assert!(stage.tokens("openid offline_access").await.get("refresh_token").is_none());
}

#[tokio::test]
async fn rfc_8707_s2_2_the_device_may_name_fewer_resources_and_no_others() {
    let mut stage = Stage::with(|client| client.resources.push("https://music.example".to_owned())).await;
    let both = [("resource", "https://films.example"), ("resource", "https://music.example")];
    let codes = stage.ask(&both).await.good();
    stage.allow(&codes).await;
    let other = stage.poll_with(&codes, &[("resource", "https://elsewhere.example")]).await;
    assert_eq!(other.error(400), "invalid_target");
    let tokens = stage.poll_with(&codes, &both[..1]).await.good();
    assert_eq!(claims(text(&tokens, "access_token"))["aud"], "https://films.example");
}

#[tokio::test]
async fn rfc_9449_s5_a_proof_binds_the_devices_tokens_to_its_key() {
    let mut stage = Stage::with(|client| client.settings.dpop_bound_access_tokens = true).await;
    let signer = Signer::new("dpop");
    let now = stage.app.clock.now().unix_timestamp();
    let proof = |jti: &str| {
        signer.proof(&json!({"jti": jti, "htm": "POST", "htu": format!("{ISSUER}/oauth2/token"), "iat": now}))
    };
    let codes = stage.ask(&[("scope", "openid offline_access")]).await.good();
    stage.allow(&codes).await;
    assert_eq!(stage.poll(&codes).await.error(400), "invalid_request", "the client must bind its tokens");
    let usual =
        [("client_id", "tv"), ("grant_type", GRANT_TYPE), ("device_code", text(&codes, "device_code"))];
    let bound = stage.app.door.post_with("/oauth2/token", &[("dpop", &proof("1"))], &usual).await.good();
    assert_eq!(bound["token_type"], "DPoP");
    assert_eq!(claims(text(&bound, "access_token"))["cnf"]["jkt"], signer.thumbprint());
    // A public client's refresh token is bound as well.
    let refresh = [
        ("client_id", "tv"),
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&bound, "refresh_token")),
    ];
    let thief = Signer::new("thief");
    let stolen =
        thief.proof(&json!({"jti": "2", "htm": "POST", "htu": format!("{ISSUER}/oauth2/token"), "iat": now}));
    let refused = stage.app.door.post_with("/oauth2/token", &[("dpop", &stolen)], &refresh).await;
    assert_eq!(refused.error(400), "invalid_grant");
    stage.app.door.post_with("/oauth2/token", &[("dpop", &proof("3"))], &refresh).await.good();
}

#[tokio::test]
async fn rfc_8705_s3_a_certificate_binds_the_devices_tokens() {
    let mut stage = Stage::with(|client| {
        client.client_type = ClientType::Confidential;
        client.auth_methods = vec![AuthMethod::SelfSignedTlsClientAuth];
        client.settings.certificate_bound_access_tokens = true;
    })
    .await;
    let holder = Holder::self_signed(|_| {});
    stage.app.add_certificate(&stage.tv.clone(), &holder, None).await;
    let door = stage.app.door.with_certificate(&holder);
    let codes = door.post("/oauth2/device", &[("client_id", "tv"), ("scope", "openid")]).await.good();
    stage.allow(&codes).await;
    let fields =
        [("client_id", "tv"), ("grant_type", GRANT_TYPE), ("device_code", text(&codes, "device_code"))];
    let tokens = door.post("/oauth2/token", &fields).await.good();
    let bound = &claims(text(&tokens, "access_token"))["cnf"]["x5t#S256"];
    assert_eq!(*bound, holder.chain().leaf.thumbprint());
}

/// The costs of `work` once every statement has been prepared.
async fn cost(stage: &Stage, work: impl AsyncFn()) -> Counts {
    work().await;
    for _ in 0..10 {
        stage.app.wire().take();
        work().await;
        let counts = stage.app.wire().take();
        // Clients are believed for 2.5 s of real time; on a busy machine that can pass right here.
        if !counts.statements.iter().any(|statement| statement.contains("FROM clients c")) {
            return counts;
        }
    }
    panic!("the client was never found in memory");
}

#[tokio::test]
async fn asking_for_codes_polling_and_redeeming_cost_1_and_1_each() {
    let mut stage = Stage::at(TestApp::over_wire().await, |_| {}).await;
    let ask = cost(&stage, async || drop(stage.codes().await)).await;
    let codes = stage.codes().await;
    let poll = cost(&stage, async || {
        stage.app.clock.advance(time::Duration::seconds(5));
        assert_eq!(stage.poll(&codes).await.error(400), "authorization_pending");
    })
    .await;
    let mut ready = Vec::new();
    for _ in 0..11 {
        let codes = stage.ask(&[("scope", "openid offline_access")]).await.good();
        stage.allow(&codes).await;
        ready.push(codes);
    }
    let ready = std::sync::Mutex::new(ready);
    let redeem = cost(&stage, async || {
        let codes = ready.lock().unwrap().pop().unwrap();
        stage.poll(&codes).await.good();
    })
    .await;
    for counts in [ask, poll, redeem] {
        assert_eq!((counts.round_trips, counts.commits), (1, 1), "{counts:#?}");
    }
}
