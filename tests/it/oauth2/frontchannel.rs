//! Relying parties hear of the end of a session by being loaded in the browser (OpenID Connect Front-Channel
//! Logout 1.0).

use scraper::{Html, Selector};

use super::{Scene, claims, go_on, request, text};
use crate::support::{
    app::{BYE, ISSUER},
    browser::Stop,
    door::encoded,
};

pub const FRAME: &str = "https://rp.example/frontchannel_logout";

/// A scene whose client has an address for frames, signed in, and its id_token.
pub async fn signed_in() -> (Scene, String) {
    let mut scene = Scene::with(|client| {
        client.settings.oidc.frontchannel_logout_uri = Some(FRAME.to_owned());
        client.settings.oidc.frontchannel_logout_session_required = true;
    })
    .await;
    let id_token = text(&scene.tokens(&[]).await, "id_token").to_owned();
    (scene, id_token)
}

pub async fn logout(scene: &mut Scene, parameters: &[(&str, &str)]) -> Stop {
    scene.browser.open(&format!("/oauth2/logout?{}", encoded(parameters))).await
}

/// The addresses of the page's frames.
pub fn frames(stop: &Stop) -> Vec<String> {
    let page = Html::parse_document(&stop.answer.body);
    let frames = Selector::parse("iframe[hidden][title][sandbox]").unwrap();
    page.select(&frames).map(|frame| frame.attr("src").unwrap().to_owned()).collect()
}

/// The address of a frame with issuer and session.
pub fn frame(id_token: &str) -> String {
    let sid = claims(id_token)["sid"].as_str().unwrap().to_owned();
    format!("{FRAME}?{}", encoded(&[("iss", ISSUER), ("sid", &sid)]))
}

#[tokio::test]
async fn frontchannel_logout_s3_the_frames_are_loaded_before_the_browser_goes_on() {
    let (mut scene, hint) = signed_in().await;
    let parameters = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s")];
    let stop = logout(&mut scene, &parameters).await;
    assert!(stop.has("logged-out"));
    assert_eq!(frames(&stop), [frame(&hint)]);
    assert_eq!(stop.attribute("onward", "href"), Some(format!("{BYE}?state=s")), "without JavaScript too");
    assert!(stop.answer.body.contains("onward."));
    assert_eq!(scene.browser.cookie("__Host-tamga_session"), None);
    assert_eq!(scene.browser.cookie("__Host-tamga_browser_state"), None);
}

#[tokio::test]
async fn only_this_page_may_frame_and_only_these_sites() {
    let (mut scene, hint) = signed_in().await;
    let other = scene
        .app
        .client("other", |client| {
            client.settings.oidc.frontchannel_logout_uri =
                Some("https://other.example:8443/out?a=b".to_owned());
        })
        .await;
    let stop = scene.browser.open(&request(other.id(), &[])).await;
    go_on(&mut scene.browser, "somchai", stop).await.away();
    let home = scene.browser.open("/").await;
    assert!(!home.answer.header("content-security-policy").contains("frame-src"));
    let stop = logout(&mut scene, &[("id_token_hint", &hint)]).await;
    let policy = stop.answer.header("content-security-policy");
    assert!(policy.ends_with("; frame-src https://other.example:8443 https://rp.example"), "{policy}");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    let frames = frames(&stop);
    assert_eq!(frames.len(), 2);
    assert!(frames[0].starts_with("https://other.example:8443/out?a=b&iss="), "{}", frames[0]);
    assert!(!stop.has("onward") && !stop.answer.body.contains("onward."), "there is nowhere to go");
}

#[tokio::test]
async fn every_way_of_signing_out_at_this_browser_loads_them() {
    for way in ["asked", "openid2", "own page"] {
        let (mut scene, hint) = signed_in().await;
        let stop = match way {
            "asked" => {
                logout(&mut scene, &[("client_id", "rp"), ("post_logout_redirect_uri", BYE)]).await;
                scene.browser.press("logout-form", "logout-confirm").await
            }
            "openid2" => {
                scene.browser.open("/openid2/logout").await;
                scene.browser.press("logout-form", "logout-confirm").await
            }
            _ => {
                scene.browser.open("/account/sessions").await;
                let form = format!("end-{}", claims(&hint)["sid"].as_str().unwrap());
                scene.browser.submit(&form, &[]).await
            }
        };
        assert_eq!(frames(&stop), [frame(&hint)], "{way}");
        // A doubtful request is not gone on from, not even by a script.
        assert!(!stop.answer.body.contains("onward."));
    }
}

#[tokio::test]
async fn without_such_clients_nothing_is_framed() {
    let mut scene = Scene::new().await;
    let hint = text(&scene.tokens(&[]).await, "id_token").to_owned();
    let stop = logout(&mut scene, &[("id_token_hint", &hint)]).await;
    assert!(stop.has("logged-out") && frames(&stop).is_empty());
    assert!(!stop.answer.header("content-security-policy").contains("frame-src"));
}

#[tokio::test]
async fn an_address_that_is_none_of_the_web_is_left_out() {
    let (mut scene, hint) = signed_in().await;
    for bad in ["javascript:alert(1)", "data:text/html,x", "not a url"] {
        let mut client = scene.rp.clone();
        let uri = Some(bad.to_owned());
        scene
            .app
            .change_client(&mut client, |client| client.settings.oidc.frontchannel_logout_uri = uri)
            .await;
        let stop = logout(&mut scene, &[("id_token_hint", &hint)]).await;
        assert!(frames(&stop).is_empty(), "{bad}");
        scene.code(&[]).await;
    }
}
