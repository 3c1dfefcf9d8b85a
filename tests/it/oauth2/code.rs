//! Codes: bound to client, address and challenge; used once.

use time::Duration;

use super::{CHALLENGE, Scene, VERIFIER, request, text};

const WITH_CHALLENGE: [(&str, &str); 2] = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];

#[tokio::test]
async fn rfc_6749_s4_1_3_a_code_of_another_client_is_refused_and_not_used_up() {
    let mut scene = Scene::new().await;
    let other = scene.app.client("other", |_| {}).await;
    let code = scene.code(&[]).await;
    assert_eq!(scene.exchange_as(&other, &code, &[]).await.error(400), "invalid_grant");
    scene.exchange(&code, &[]).await.good();
}

#[tokio::test]
async fn rfc_6749_s4_1_3_the_redirect_uri_must_be_that_of_the_request() {
    let mut scene =
        Scene::with(|client| client.redirect_uris.push("https://rp.example/other".to_owned())).await;
    let code = scene.code(&[]).await;
    for other in ["https://rp.example/other", "https://rp.example/cb/", "https://evil.example/", ""] {
        let refused = scene.exchange(&code, &[("redirect_uri", other)]).await;
        assert_eq!(refused.error(400), "invalid_grant", "{other}");
    }
    scene.exchange(&code, &[]).await.good();
}

#[tokio::test]
async fn a_request_without_redirect_uri_needs_none_at_the_token_endpoint() {
    let mut scene = Scene::new().await;
    let change = [("redirect_uri", ""), ("scope", "email")];
    let code = scene.code(&change).await;
    let tokens = scene.exchange(&code, &[("redirect_uri", "")]).await.good();
    assert!(tokens.get("id_token").is_none(), "no openid, no id_token");
}

#[tokio::test]
async fn a_code_lives_five_minutes() {
    let mut scene = Scene::new().await;
    let (early, late) = (scene.code(&[]).await, scene.code(&[]).await);
    scene.app.clock.advance(Duration::seconds(299));
    scene.exchange(&early, &[]).await.good();
    scene.app.clock.advance(Duration::seconds(1));
    assert_eq!(scene.exchange(&late, &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn rfc_6749_s4_1_2_a_second_use_revokes_all_that_the_first_gave() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[("scope", "openid offline_access")]).await;
    let tokens = scene.exchange(&code, &[]).await.good();
    let access_token = text(&tokens, "access_token");
    scene.userinfo(access_token).await.good();
    // Thirty seconds later (oidcc_codereuse_30seconds).
    scene.app.clock.advance(Duration::seconds(30));
    assert_eq!(scene.exchange(&code, &[]).await.error(400), "invalid_grant");
    assert_eq!(scene.userinfo(access_token).await.error(401), "invalid_token");
    let refused = scene.refresh(text(&tokens, "refresh_token"), &[]).await;
    assert_eq!(refused.error(400), "invalid_grant");
}

#[tokio::test]
async fn another_clients_use_of_a_used_code_revokes_nothing() {
    let mut scene = Scene::new().await;
    let other = scene.app.client("other", |_| {}).await;
    let code = scene.code(&[]).await;
    let tokens = scene.exchange(&code, &[]).await.good();
    assert_eq!(scene.exchange_as(&other, &code, &[]).await.error(400), "invalid_grant");
    scene.userinfo(text(&tokens, "access_token")).await.good();
}

#[tokio::test]
async fn of_two_uses_at_once_exactly_one_wins() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    let beside = scene.app.another().await;
    for _ in 0..5 {
        let code = scene.code(&[]).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", crate::support::app::CALLBACK),
        ];
        let (one, two) = tokio::join!(
            scene.app.door.post_as(&scene.rp, "/oauth2/token", &fields),
            beside.door.post_as(&scene.rp, "/oauth2/token", &fields),
        );
        let won: Vec<_> = [&one, &two].into_iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1, "{one:?} {two:?}");
        // And what it got died with the second use.
        let userinfo = scene.userinfo(text(&won[0].json(), "access_token")).await;
        assert_eq!(userinfo.error(401), "invalid_token");
    }
}

#[tokio::test]
async fn unknown_and_missing_codes_are_refused() {
    let scene = Scene::new().await;
    assert_eq!(scene.exchange("no-such-code", &[]).await.error(400), "invalid_grant");
    let refused = scene.exchange("", &[]).await;
    assert_eq!(refused.error(400), "invalid_request");
    assert!(text(&refused.json(), "error_description").contains("code"));
}

#[tokio::test]
async fn a_code_of_an_account_disabled_since_is_refused() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[]).await;
    scene.app.disable_user(scene.user).await;
    assert_eq!(scene.exchange(&code, &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn rfc_9700_s2_1_1_a_public_client_must_use_pkce() {
    let mut scene = Scene::new().await;
    let spa = scene.app.public_client("spa", |_| {}).await;
    let stop = scene.browser.open(&request("spa", &[])).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
    assert!(stop.parameter("error_description").contains("code_challenge"));
    let stop = scene.browser.open(&request("spa", &WITH_CHALLENGE)).await;
    let stop = super::go_on(&mut scene.browser, "somchai", stop).await;
    let code = stop.parameter("code");
    assert_eq!(scene.exchange_as(&spa, &code, &[]).await.error(400), "invalid_grant");
    scene.exchange_as(&spa, &code, &[("code_verifier", VERIFIER)]).await.good();
}

#[tokio::test]
async fn a_client_that_asked_for_pkce_must_use_it() {
    let mut scene = Scene::with(|client| client.settings.require_pkce = true).await;
    assert_eq!(scene.ask(&[]).await.parameter("error"), "invalid_request");
    assert!(!scene.answer(&WITH_CHALLENGE).await.parameter("code").is_empty());
}

#[tokio::test]
async fn rfc_7636_s4_3_plain_is_refused_said_or_implied() {
    let mut scene = Scene::new().await;
    for method in ["plain", "", "s256", "S512"] {
        let stop = scene.ask(&[("code_challenge", CHALLENGE), ("code_challenge_method", method)]).await;
        assert_eq!(stop.parameter("error"), "invalid_request", "{method}");
        assert!(stop.parameter("error_description").contains("code_challenge_method"));
    }
    for challenge in ["short", &CHALLENGE[1..], &format!("{CHALLENGE}="), &format!("+{}", &CHALLENGE[1..])] {
        let stop = scene.ask(&[("code_challenge", challenge), ("code_challenge_method", "S256")]).await;
        assert_eq!(stop.parameter("error"), "invalid_request", "{challenge}");
    }
}

#[tokio::test]
async fn rfc_7636_s4_6_a_wrong_or_missing_verifier_is_refused_and_the_code_not_used_up() {
    let mut scene = Scene::new().await;
    let code = scene.code(&WITH_CHALLENGE).await;
    let wrong = "a".repeat(43);
    for verifier in ["", &wrong, CHALLENGE, &VERIFIER[..42]] {
        let refused = scene.exchange(&code, &[("code_verifier", verifier)]).await;
        assert_eq!(refused.error(400), "invalid_grant", "{verifier}");
        assert!(text(&refused.json(), "error_description").contains("code_verifier"));
    }
    scene.exchange(&code, &[("code_verifier", VERIFIER)]).await.good();
}

#[tokio::test]
async fn rfc_9700_s4_8_2_a_verifier_without_a_challenge_is_a_downgrade_and_refused() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[]).await;
    let refused = scene.exchange(&code, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(refused.error(400), "invalid_grant");
}
