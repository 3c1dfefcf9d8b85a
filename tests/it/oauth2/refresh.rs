//! Refresh tokens: rotated at every use; reuse ends the family.

use tamga::model::client::Flow;
use time::Duration;

use super::{Scene, claims, text};

const SCOPE: (&str, &str) = ("scope", "openid email offline_access");

async fn first(scene: &mut Scene) -> String {
    let tokens = scene.tokens(&[SCOPE]).await;
    text(&tokens, "refresh_token").to_owned()
}

/// Refreshes, and gives the next refresh token.
async fn next(scene: &Scene, token: &str) -> String {
    let tokens = scene.refresh(token, &[]).await.good();
    text(&tokens, "refresh_token").to_owned()
}

#[tokio::test]
async fn rfc_9700_s2_2_2_every_use_gives_a_new_token() {
    let mut scene = Scene::new().await;
    let one = first(&mut scene).await;
    let two = next(&scene, &one).await;
    let three = next(&scene, &two).await;
    assert!(one != two && two != three && one != three);
    let tokens = scene.refresh(&three, &[]).await.good();
    scene.userinfo(text(&tokens, "access_token")).await.good();
}

#[tokio::test]
async fn oidc_core_s12_2_a_refreshed_id_token_speaks_of_the_same_sign_in() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[SCOPE]).await;
    let before = claims(text(&tokens, "id_token"));
    scene.app.clock.advance(Duration::minutes(30));
    let tokens = scene.refresh(text(&tokens, "refresh_token"), &[]).await.good();
    let after = claims(text(&tokens, "id_token"));
    for name in ["iss", "sub", "aud", "azp", "auth_time", "sid", "acr", "amr"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    assert_eq!(after["iat"].as_i64(), before["iat"].as_i64().map(|at| at + 1800));
    assert!(after.get("nonce").is_none(), "OpenID Connect Core §12.2: no nonce");
}

#[tokio::test]
async fn within_the_grace_the_last_token_gives_the_same_new_one_again() {
    let mut scene = Scene::new().await;
    let one = first(&mut scene).await;
    let two = next(&scene, &one).await;
    scene.app.clock.advance(Duration::seconds(10));
    assert_eq!(next(&scene, &one).await, two);
    assert_ne!(next(&scene, &two).await, two);
}

#[tokio::test]
async fn after_the_grace_reuse_revokes_the_family() {
    let mut scene = Scene::new().await;
    let one = first(&mut scene).await;
    let tokens = scene.refresh(&one, &[]).await.good();
    scene.app.clock.advance(Duration::milliseconds(10_001));
    assert_eq!(scene.refresh(&one, &[]).await.error(400), "invalid_grant");
    assert_eq!(scene.refresh(text(&tokens, "refresh_token"), &[]).await.error(400), "invalid_grant");
    assert_eq!(scene.userinfo(text(&tokens, "access_token")).await.error(401), "invalid_token");
}

#[tokio::test]
async fn an_older_token_than_the_last_has_no_grace() {
    let mut scene = Scene::new().await;
    let one = first(&mut scene).await;
    let two = next(&scene, &one).await;
    let three = next(&scene, &two).await;
    assert_eq!(scene.refresh(&one, &[]).await.error(400), "invalid_grant");
    assert_eq!(scene.refresh(&three, &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn a_family_that_was_revoked_leaves_others_alone() {
    let mut scene = Scene::new().await;
    let (one, other) = (first(&mut scene).await, first(&mut scene).await);
    next(&scene, &one).await;
    scene.app.clock.advance(Duration::minutes(1));
    scene.refresh(&one, &[]).await.error(400);
    next(&scene, &other).await;
}

#[tokio::test]
async fn of_two_uses_at_once_both_get_the_same_successor() {
    let mut scene = Scene::new().await;
    let beside = scene.app.another().await;
    let mut token = first(&mut scene).await;
    for _ in 0..5 {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
        let (one, two) = tokio::join!(
            scene.app.door.post_as(&scene.rp, "/oauth2/token", &fields),
            beside.door.post_as(&scene.rp, "/oauth2/token", &fields),
        );
        let (one, two) = (one.good(), two.good());
        assert_eq!(text(&one, "refresh_token"), text(&two, "refresh_token"));
        token = text(&one, "refresh_token").to_owned();
    }
}

#[tokio::test]
async fn rfc_6749_s6_fewer_scopes_may_be_asked_and_the_next_refresh_has_all_again() {
    let mut scene = Scene::new().await;
    let one = first(&mut scene).await;
    let tokens = scene.refresh(&one, &[("scope", "openid")]).await.good();
    assert_eq!(tokens["scope"], "openid");
    let access_token = text(&tokens, "access_token");
    assert_eq!(claims(access_token)["scope"], "openid");
    assert!(scene.userinfo(access_token).await.good().get("email").is_none());
    let tokens = scene.refresh(text(&tokens, "refresh_token"), &[]).await.good();
    assert_eq!(tokens["scope"], "email offline_access openid");
    let userinfo = scene.userinfo(text(&tokens, "access_token")).await.good();
    assert_eq!(userinfo["email"], "somchai@citizen.example");
}

#[tokio::test]
async fn rfc_6749_s6_more_scopes_are_invalid_scope_and_nothing_is_used_up() {
    let mut scene = Scene::new().await;
    let one = first(&mut scene).await;
    for wider in ["openid profile", "nonsense", "openid email offline_access phone"] {
        assert_eq!(scene.refresh(&one, &[("scope", wider)]).await.error(400), "invalid_scope");
    }
    // Nor does it count as a use: past the grace the token still works.
    scene.app.clock.advance(Duration::minutes(1));
    next(&scene, &one).await;
}

#[tokio::test]
async fn another_clients_token_is_refused_and_unharmed() {
    let mut scene = Scene::new().await;
    let other = scene.app.client("other", |_| {}).await;
    let one = first(&mut scene).await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", one.as_str())];
    let refused = scene.app.door.post_as(&other, "/oauth2/token", &fields).await;
    assert_eq!(refused.error(400), "invalid_grant");
    let two = next(&scene, &one).await;
    // Nor does a used one in other hands end the family.
    scene.app.clock.advance(Duration::minutes(1));
    scene.app.door.post_as(&other, "/oauth2/token", &fields).await.error(400);
    next(&scene, &two).await;
}

#[tokio::test]
async fn a_token_lives_30_days_counted_anew_at_each_rotation() {
    let mut scene = Scene::new().await;
    let one = first(&mut scene).await;
    scene.app.clock.advance(Duration::days(29));
    let two = next(&scene, &one).await;
    scene.app.clock.advance(Duration::days(29));
    let three = next(&scene, &two).await;
    scene.app.clock.advance(Duration::days(30));
    assert_eq!(scene.refresh(&three, &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn a_token_comes_only_with_consent_to_offline_access_or_by_registration() {
    let mut scene = Scene::new().await;
    assert!(scene.tokens(&[]).await.get("refresh_token").is_none());
    assert!(scene.tokens(&[SCOPE]).await.get("refresh_token").is_some());
    // What was once consented to is not given to a request that does not ask it.
    assert!(scene.tokens(&[]).await.get("refresh_token").is_none());
    scene.app.change_client(&mut scene.rp, |client| client.settings.always_refresh = true).await;
    assert!(scene.tokens(&[]).await.get("refresh_token").is_some());
    scene.app.change_client(&mut scene.rp, |client| client.flows = vec![Flow::AuthorizationCode]).await;
    assert!(scene.tokens(&[SCOPE]).await.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_disabled_account_or_client_refreshes_nothing() {
    let mut scene = Scene::new().await;
    let one = first(&mut scene).await;
    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = Some(now)).await;
    assert_eq!(scene.refresh(&one, &[]).await.error(401), "invalid_client");
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = None).await;
    scene.app.disable_user(scene.user).await;
    assert_eq!(scene.refresh(&one, &[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn unknown_and_missing_tokens_are_refused() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[SCOPE]).await;
    for bad in ["nonsense", text(&tokens, "access_token"), text(&tokens, "id_token")] {
        assert_eq!(scene.refresh(bad, &[]).await.error(400), "invalid_grant");
    }
    assert_eq!(scene.refresh("", &[]).await.error(400), "invalid_request");
}

#[tokio::test]
async fn rfc_8707_s2_2_fewer_resources_may_be_asked_and_others_are_refused_with_nothing_used_up() {
    let (one, two) = ("https://api.example/one", "https://api.example/two");
    let tweak = |client: &mut tamga::model::client::Client| client.resources = vec![one.into(), two.into()];
    let mut scene = Scene::with(tweak).await;
    let ask =
        format!("{}&resource={one}&resource={two}", scene.request(&[("scope", "openid offline_access")]));
    let stop = scene.browser.open(&ask).await;
    let stop = super::go_on(&mut scene.browser, "somchai", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let refresh = text(&tokens, "refresh_token").to_owned();
    let refused = scene.refresh(&refresh, &[("resource", "https://api.example/three")]).await;
    assert_eq!(refused.error(400), "invalid_target");
    let narrowed = scene.refresh(&refresh, &[("resource", two)]).await.good();
    assert_eq!(claims(text(&narrowed, "access_token"))["aud"], two);
}
