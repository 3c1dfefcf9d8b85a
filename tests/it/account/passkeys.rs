//! Passkeys: made, used as the only factor and as the second, renamed, removed, refused.

use axum::http::StatusCode;
use serde_json::json;

use super::{at, visit};
use crate::{
    oauth2::{Scene, claims},
    support::{app::PASSWORD, authenticator::Authenticator, browser::Stop},
};

const NEW: &str = "/account/security/passkey";

fn options(stop: &Stop) -> String {
    stop.attribute("passkey-form", "data-options").expect("options")
}

/// Somchai with a passkey on their phone.
async fn with_passkey() -> (Scene, Authenticator) {
    let mut scene = Scene::new().await;
    let mut phone = Authenticator::new(1);
    let page = at(&mut scene, NEW).await;
    let answer = phone.create(&options(&page));
    let done = scene.browser.submit("passkey-form", &[("label", "My phone"), ("credential", &answer)]).await;
    assert_eq!(done.url.path(), "/account/security", "{}", done.answer.body);
    assert!(done.has("done") && done.answer.body.contains("My phone"));
    (scene, phone)
}

/// Asks for a code with another browser, as far as the passkey page.
async fn passkey_page(scene: &mut Scene) -> Stop {
    scene.browser = scene.app.browser();
    let stop = scene.ask(&[]).await;
    let journey = stop.fields("login-form")["journey"].clone();
    scene.browser.open(&format!("/login/passkey?journey={journey}")).await
}

async fn answer(scene: &mut Scene, answer: &str) -> Stop {
    scene.browser.submit("passkey-form", &[("credential", answer)]).await
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_name_and_counts_as_two_factors() {
    let (mut scene, mut phone) = with_passkey().await;
    let page = passkey_page(&mut scene).await;
    assert!(!options(&page).contains("\"allowCredentials\":[{"), "nobody's passkeys are told to strangers");
    let sent = phone.get(&options(&page));
    let stop = answer(&mut scene, &sent).await;
    assert!(stop.has("consent-form"), "no second factor is asked: {}", stop.answer.body);
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let claims = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["amr"], json!(["hwk", "pop", "mfa"]));
    assert_eq!(claims["sub"], scene.user.to_string());
}

#[tokio::test]
async fn one_that_may_be_copied_is_a_software_key() {
    let mut scene = Scene::new().await;
    let mut phone = Authenticator::new(2);
    phone.synchronised = true;
    let page = at(&mut scene, NEW).await;
    let made = phone.create(&options(&page));
    scene.browser.submit("passkey-form", &[("label", "Cloud"), ("credential", &made)]).await;
    let page = passkey_page(&mut scene).await;
    let sent = phone.get(&options(&page));
    answer(&mut scene, &sent).await;
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["amr"], json!(["swk", "pop", "mfa"]));
}

#[tokio::test]
async fn a_passkey_is_the_second_factor_after_the_password() {
    let (mut scene, mut phone) = with_passkey().await;
    scene.browser = scene.app.browser();
    let page = at(&mut scene, "/account/sessions").await;
    assert_eq!(page.url.path(), "/login/passkey", "{}", page.answer.body);
    assert!(options(&page).contains("\"allowCredentials\":[{"), "only this account's will do");
    let before = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    let sent = phone.get(&options(&page));
    let stop = answer(&mut scene, &sent).await;
    assert_eq!(stop.url.path(), "/account/sessions", "{}", stop.answer.body);
    assert_ne!(scene.browser.cookie("__Host-tamga_session").unwrap(), before, "a rise of privilege");
}

#[tokio::test]
async fn another_persons_passkey_is_no_second_factor() {
    let (mut scene, _) = with_passkey().await;
    scene.app.user("mallory").await;
    let mut browser = scene.app.browser();
    let mut stolen = Authenticator::new(9);
    let page = visit(&mut browser, "mallory", NEW).await;
    let made = stolen.create(&options(&page));
    browser.submit("passkey-form", &[("label", "Mine"), ("credential", &made)]).await;
    scene.browser = scene.app.browser();
    let page = at(&mut scene, "/account/sessions").await;
    let sent = stolen.get(&options(&page));
    let stop = answer(&mut scene, &sent).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.has("passkey-form"), "and a new challenge to try again");
}

#[tokio::test]
async fn webauthn_7_2_a_challenge_is_answered_once() {
    let (mut scene, mut phone) = with_passkey().await;
    let page = passkey_page(&mut scene).await;
    let fields = page.fields("passkey-form");
    let sent = phone.get(&options(&page));
    let form = [("journey", &*fields["journey"]), ("csrf", &*fields["csrf"]), ("credential", &*sent)];
    let (mut one, mut other) = (scene.browser.clone(), scene.browser.clone());
    let (one, other) = tokio::join!(one.post("/login/passkey", &form), other.post("/login/passkey", &form));
    let opened = [&one, &other].into_iter().filter(|stop| stop.has("consent-form")).count();
    assert_eq!(opened, 1, "{} {}", one.url, other.url);
}

#[tokio::test]
async fn webauthn_7_2_22_a_counter_that_stands_still_betrays_a_copy() {
    let (mut scene, mut phone) = with_passkey().await;
    phone.counter = 7;
    let page = passkey_page(&mut scene).await;
    let sent = phone.get(&options(&page));
    assert!(answer(&mut scene, &sent).await.has("consent-form"));
    let page = passkey_page(&mut scene).await;
    phone.counter = 7;
    let sent = phone.get(&options(&page));
    let stop = answer(&mut scene, &sent).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_is_no_proof_is_refused_with_a_message_and_a_new_challenge() {
    let (mut scene, mut phone) = with_passkey().await;
    let mut stranger = Authenticator::new(3);
    let page = passkey_page(&mut scene).await;
    let old = options(&page);
    let unknown = stranger.get(&old);
    phone.verified = false;
    let unverified = phone.get(&old);
    phone.verified = true;
    phone.origin = "https://sso.test.example.evil".into();
    let elsewhere = phone.get(&old);
    phone.origin = crate::support::app::ISSUER.into();
    for sent in ["", "{}", "null", "\u{0}", &unknown, &unverified, &elsewhere] {
        let stop = answer(&mut scene, sent).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sent}");
        assert!(stop.has("errors") && options(&stop) != old, "{sent}");
    }
    // An answer to an earlier page's challenge.
    let late = phone.get(&old);
    assert_eq!(answer(&mut scene, &late).await.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = phone.get(&options(scene.browser.here()));
    assert!(answer(&mut scene, &good).await.has("consent-form"));
}

#[tokio::test]
async fn login_csrf_a_strangers_form_signs_nobody_in() {
    let (mut scene, mut phone) = with_passkey().await;
    let page = passkey_page(&mut scene).await;
    let journey = page.fields("passkey-form")["journey"].clone();
    let sent = phone.get(&options(&page));
    let forged = [("journey", &*journey), ("csrf", "forged"), ("credential", &*sent)];
    let stop = scene.browser.post("/login/passkey", &forged).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert!(scene.browser.cookie("__Host-tamga_session").is_none());
}

#[tokio::test]
async fn a_disabled_accounts_passkey_opens_nothing() {
    let (mut scene, mut phone) = with_passkey().await;
    scene.app.disable_user(scene.user).await;
    let page = passkey_page(&mut scene).await;
    let sent = phone.get(&options(&page));
    assert_eq!(answer(&mut scene, &sent).await.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_passkey_is_made_once_for_one_account_from_the_page_of_its_session() {
    let (mut scene, mut phone) = with_passkey().await;
    let page = scene.browser.open(NEW).await;
    let again = phone.create(&options(&page));
    let stop = scene.browser.submit("passkey-form", &[("label", "Again"), ("credential", &again)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "registered already");
    assert_eq!(stop.fields("passkey-form")["label"], "Again");
    // A challenge of another session, as whoever plants a form would bring it.
    scene.app.user("mallory").await;
    let mut browser = scene.app.browser();
    let foreign = visit(&mut browser, "mallory", NEW).await;
    let challenge = foreign.fields("passkey-form")["challenge"].clone();
    let made = Authenticator::new(5).create(&options(&foreign));
    let page = scene.browser.open(NEW).await;
    let csrf = page.fields("passkey-form")["csrf"].clone();
    let form = [("csrf", &*csrf), ("challenge", &*challenge), ("label", "x"), ("credential", &*made)];
    assert_eq!(scene.browser.post(NEW, &form).await.answer.status, StatusCode::FORBIDDEN);
    let page = scene.browser.open(NEW).await;
    let mut unverified = Authenticator::new(6);
    unverified.verified = false;
    let made = unverified.create(&options(&page));
    let stop = scene.browser.submit("passkey-form", &[("label", "x"), ("credential", &made)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "the device must verify its holder");
}

#[tokio::test]
async fn a_passkey_is_renamed_and_removed_by_its_owner_alone() {
    let (mut scene, _) = with_passkey().await;
    let id = tamga::store::credentials::list(scene.app.pool(), scene.user).await.unwrap()[0].id.to_string();
    scene.app.user("mallory").await;
    let mut mallory = scene.app.browser();
    let page = visit(&mut mallory, "mallory", "/account/security/password").await;
    let csrf = page.fields("password-form")["csrf"].clone();
    for (path, further) in [("/account/security/passkey/rename", "label"), ("/account/security/remove", "x")]
    {
        let form = [("csrf", &*csrf), ("id", &*id), (further, "Mine")];
        let stop = mallory.post(path, &form).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    let rename = format!("rename-{id}");
    let stop = scene.browser.submit(&rename, &[("label", " Work phone ")]).await;
    assert!(stop.has("done") && stop.answer.body.contains("Work phone"), "{}", stop.answer.body);
    let stop = scene.browser.submit(&rename, &[("label", "  ")]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stop = scene.browser.submit(&format!("remove-{id}"), &[]).await;
    assert!(stop.has("done") && !stop.answer.body.contains("Work phone"));
    scene.browser = scene.app.browser();
    scene.ask(&[]).await;
    let stop = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert!(stop.has("consent-form"), "no second factor is left to ask for");
    let notices = scene.app.messages("somchai@citizen.example").await;
    assert_eq!(notices.len(), 2, "told of the new way and of its end");
}
