//! Sign-ins begun from elsewhere (OpenID Connect Core §4).

use super::Scene;
use crate::support::{app::ISSUER, browser::Stop, door::encoded};

const START: &str = "https://rp.example/start?from=portal";

async fn scene() -> Scene {
    Scene::with(|client| {
        client.settings.oidc.initiate_login_uri = Some(START.to_owned());
        client.settings.oidc.client_uri = Some("https://www.rp.example/".to_owned());
    })
    .await
}

async fn initiate(scene: &mut Scene, parameters: &[(&str, &str)]) -> Stop {
    scene.browser.open(&format!("/oauth2/initiate?{}", encoded(parameters))).await
}

#[tokio::test]
async fn oidc_core_s4_the_person_goes_to_the_registered_address_with_issuer_hint_and_target() {
    let mut scene = scene().await;
    let stop = initiate(&mut scene, &[("client_id", "rp")]).await;
    assert_eq!(stop.away().as_str(), format!("{START}&{}", encoded(&[("iss", ISSUER)])));
    let target = "https://www.rp.example/tax?year=2026";
    let given = [("client_id", "rp"), ("target_link_uri", target), ("login_hint", "somchai")];
    let stop = initiate(&mut scene, &given).await;
    assert_eq!((stop.away().host_str(), stop.away().path()), (Some("rp.example"), "/start"));
    assert_eq!(stop.parameter("iss"), ISSUER);
    assert_eq!(stop.parameter("target_link_uri"), target);
    assert_eq!(stop.parameter("login_hint"), "somchai");
}

#[tokio::test]
async fn oidc_core_s4_a_target_on_another_site_is_refused() {
    let mut scene = scene().await;
    for target in [
        "https://evil.example/",
        "https://rp.example.evil.example/",
        "https://rp.example@evil.example/",
        "https://evil@rp.example/",
        "http://rp.example/",
        "https://rp.example:8443/",
        "//evil.example/",
        "/here",
        "javascript:alert(1)",
        "data:text/html,x",
    ] {
        let stop = initiate(&mut scene, &[("client_id", "rp"), ("target_link_uri", target)]).await;
        assert_eq!(stop.answer.status.as_u16(), 400, "{target}");
        assert!(stop.text("error-description").contains("target_link_uri"));
    }
}

#[tokio::test]
async fn who_registered_no_address_is_unknown_or_shut_out_is_not_gone_to() {
    let mut scene = scene().await;
    scene.app.client("other", |_| {}).await;
    for (client, named) in [("other", "initiate_login_uri"), ("nobody", "client_id"), ("", "client_id")] {
        let stop = initiate(&mut scene, &[("client_id", client)]).await;
        assert_eq!(stop.answer.status.as_u16(), 400, "{client}");
        assert!(stop.text("error-description").contains(named));
    }
    let (mut client, now) = (scene.rp.clone(), scene.app.clock.now());
    scene.app.change_client(&mut client, |client| client.disabled_at = Some(now)).await;
    assert_eq!(initiate(&mut scene, &[("client_id", "rp")]).await.answer.status.as_u16(), 403);
    let stop = scene.browser.open("/oauth2/initiate?client_id=rp&client_id=rp").await;
    assert!(stop.text("error-description").contains("client_id"));
}

#[tokio::test]
async fn the_page_of_applications_has_a_link_to_those_that_can_be_opened() {
    let mut scene = scene().await;
    scene.code(&[]).await;
    let page = scene.browser.open("/account/applications").await;
    assert!(page.answer.body.contains("oauth2&#x2f;initiate?client_id=rp"), "{}", page.answer.body);
    let (mut client, none) = (scene.rp.clone(), None);
    scene.app.change_client(&mut client, |client| client.settings.oidc.initiate_login_uri = none).await;
    let page = scene.browser.open("/account/applications").await;
    assert!(!page.answer.body.contains("initiate"));
}
