//! Password, authenticator application, codes by SMS and mail, recovery codes.

use axum::http::StatusCode;
use tamga::{
    crypto::{one_time_code::OneTimeCode, totp::Seed},
    model::credential::CredentialKind,
    store::credentials,
};
use time::Duration;

use super::{at, grow_stale, visit};
use crate::{oauth2::Scene, support::browser::Stop};

const PAGE: &str = "/account/security";
const TOTP: &str = "/account/security/totp";
const NEW_PASSWORD: &str = "seven purple elephants dance";

/// The code that an application shows for the seed on this page. Found by trying all.
fn shown(scene: &Scene, page: &Stop) -> String {
    let key = page.text("totp-secret").replace(' ', "");
    let bits: String = key
        .bytes()
        .map(|c| {
            format!(
                "{:05b}",
                if c >= b'a' {
                    c - b'a'
                } else if c >= b'A' {
                    c - b'A'
                } else {
                    c - b'2' + 26
                }
            )
        })
        .collect();
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap())
        .collect();
    let seed = Seed::from_bytes(&bytes);
    let now = scene.app.clock.now();
    let step = now.unix_timestamp() / 30;
    let guess = |number: &u32| OneTimeCode::typed(&format!("{number:06}")).unwrap();
    let found = (0..1_000_000).find(|number| seed.step_of(&guess(number), now) == Some(step));
    format!("{:06}", found.unwrap())
}

async fn count(scene: &Scene, kind: CredentialKind) -> usize {
    let all = credentials::list(scene.app.pool(), scene.user).await.unwrap();
    all.iter().filter(|held| held.kind == kind).count()
}

#[tokio::test]
async fn a_new_password_ends_other_sessions_and_tells_the_owner() {
    let mut scene = Scene::new().await;
    let mut phone = scene.app.browser();
    visit(&mut phone, "somchai", "/account").await;
    at(&mut scene, "/account/security/password").await;
    let stop = scene.browser.submit("password-form", &[("password", NEW_PASSWORD)]).await;
    assert_eq!((stop.url.path(), stop.text("done").as_str()), (PAGE, "Your password was changed."));
    assert!(phone.open("/account").await.has("login-form"));
    let stop = visit(&mut phone, "somchai", "/account").await;
    assert!(stop.has("login-form"), "the old one opens nothing");
    let fields = [("username", "somchai"), ("password", NEW_PASSWORD)];
    assert_eq!(phone.submit("login-form", &fields).await.url.path(), "/account");
    let told = scene.app.messages("somchai@citizen.example").await;
    assert!(told.len() == 1 && told[0].body.contains("password") && !told[0].body.contains(NEW_PASSWORD));
}

#[tokio::test]
async fn a_password_that_is_short_common_or_ones_own_name_is_refused() {
    let mut scene = Scene::new().await;
    at(&mut scene, "/account/security/password").await;
    let long = "я".repeat(129);
    for password in ["", "short", "password1", "somchai@citizen.example", &long] {
        let stop = scene.browser.submit("password-form", &[("password", password)]).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
        assert!(stop.has("password-error"));
    }
    assert!(visit(&mut scene.app.browser(), "somchai", "/account").await.url.path() == "/account");
}

#[tokio::test]
async fn what_protects_the_account_is_changed_by_a_fresh_session_alone() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, "/account/security/password").await;
    let csrf = page.fields("password-form")["csrf"].clone();
    grow_stale(&scene);
    for (path, further) in [
        ("/account/security/password", ("password", NEW_PASSWORD)),
        ("/account/security/totp", ("code", "123456")),
        ("/account/security/passkey", ("label", "x")),
        ("/account/security/passkey/rename", ("label", "x")),
        ("/account/security/channel", ("channel", "mail")),
        ("/account/security/recovery", ("x", "x")),
        ("/account/security/remove", ("id", "x")),
        ("/account/close", ("username", "somchai")),
        ("/account/export", ("x", "x")),
        ("/account/contact", ("contact", "x@evil.example")),
    ] {
        let stop = scene.browser.post(path, &[("csrf", &csrf), further]).await;
        assert!(stop.has("login-form"), "{path}: {}", stop.answer.body);
    }
    assert_eq!(
        scene.browser.open("/account/sessions").await.url.path(),
        "/account/sessions",
        "looking is fine"
    );
    let stop = at(&mut scene, "/account/security/password").await;
    assert_eq!(stop.url.path(), "/account/security/password", "signed in anew, and back");
}

#[tokio::test]
async fn csrf_a_forged_form_changes_nothing_that_protects_the_account() {
    let mut scene = Scene::new().await;
    at(&mut scene, PAGE).await;
    for (path, further) in [
        ("/account/security/password", ("password", NEW_PASSWORD)),
        ("/account/security/totp", ("code", "123456")),
        ("/account/security/passkey", ("label", "x")),
        ("/account/security/passkey/rename", ("label", "x")),
        ("/account/security/channel", ("channel", "mail")),
        ("/account/security/recovery", ("x", "x")),
        ("/account/security/remove", ("id", "x")),
        ("/account/close", ("username", "somchai")),
    ] {
        let stop = scene.browser.post(path, &[("csrf", "forged"), further]).await;
        assert_eq!(stop.answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(credentials::list(scene.app.pool(), scene.user).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_application_counts_from_its_first_right_code_on() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, TOTP).await;
    assert!(
        page.answer.body.contains("<svg")
            && page.attribute("totp-uri", "href").unwrap().starts_with("otpauth://")
    );
    let code = shown(&scene, &page);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let stop = scene.browser.submit("totp-form", &[("code", wrong)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        stop.text("totp-secret"),
        page.text("totp-secret"),
        "the seed stays, it is in the application"
    );
    assert_eq!(count(&scene, CredentialKind::Totp).await, 0);
    let before = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    let stop = scene.browser.submit("totp-form", &[("code", &code)]).await;
    assert_eq!((stop.url.path(), stop.has("recovery-offer")), (PAGE, true), "{}", stop.answer.body);
    assert_ne!(scene.browser.cookie("__Host-tamga_session").unwrap(), before, "a rise of privilege");
    assert_eq!(count(&scene, CredentialKind::Totp).await, 1);
    // RFC 6238 §5.2: the code that confirmed it opens nothing else.
    scene.browser = scene.app.browser();
    let stop = at(&mut scene, PAGE).await;
    assert!(stop.has("code-form"));
    let stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    scene.app.clock.advance(Duration::seconds(60));
    let next = shown(&scene, &page);
    assert_eq!(scene.browser.submit("code-form", &[("code", &next)]).await.url.path(), PAGE);
}

#[tokio::test]
async fn a_seed_of_another_session_confirms_nothing() {
    let mut scene = Scene::new().await;
    scene.app.user("mallory").await;
    let mut mallory = scene.app.browser();
    let planted = visit(&mut mallory, "mallory", TOTP).await;
    let seed = planted.fields("totp-form")["seed"].clone();
    let code = shown(&scene, &planted);
    let page = at(&mut scene, TOTP).await;
    let csrf = page.fields("totp-form")["csrf"].clone();
    let form = [("csrf", &*csrf), ("seed", &*seed), ("code", &*code)];
    assert_eq!(scene.browser.post(TOTP, &form).await.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(count(&scene, CredentialKind::Totp).await, 0);
}

#[tokio::test]
async fn codes_go_only_to_what_is_confirmed() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, PAGE).await;
    assert!(!page.has("sms-on") && page.has("mail-on"));
    let csrf = page.fields("mail-on")["csrf"].clone();
    for channel in ["sms", "", "fax"] {
        let stop =
            scene.browser.post("/account/security/channel", &[("csrf", &csrf), ("channel", channel)]).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{channel}");
    }
    scene.browser.open(PAGE).await;
    let stop = scene.browser.submit("mail-on", &[]).await;
    assert!(stop.has("code-form"), "it is proved at once: {}", stop.answer.body);
    let code = scene.app.sent_code("somchai@citizen.example").await;
    let stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert!(
        stop.url.path() == PAGE && stop.has("mail-off") && stop.has("recovery-offer"),
        "{}",
        stop.answer.body
    );
}

#[tokio::test]
async fn ten_recovery_codes_are_shown_once_and_replace_those_before() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, PAGE).await;
    let csrf = page.fields("mail-on")["csrf"].clone();
    let stop = scene.browser.post("/account/security/recovery", &[("csrf", &csrf)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing to recover yet");
    let page = scene.browser.open(TOTP).await;
    let code = shown(&scene, &page);
    scene.browser.submit("totp-form", &[("code", &code)]).await;
    let stop = scene.browser.submit("recovery-offer", &[]).await;
    let codes = |stop: &Stop| -> Vec<String> {
        stop.text("recovery-codes").split_whitespace().map(str::to_owned).collect()
    };
    let first = codes(&stop);
    assert_eq!(first.len(), 10);
    let page = scene.browser.open(PAGE).await;
    assert!(!page.has("recovery-offer") && !page.answer.body.contains(&first[0]));
    let second = codes(&scene.browser.submit("recovery-form", &[]).await);
    assert_eq!(count(&scene, CredentialKind::RecoveryCode).await, 10);
    scene.browser = scene.app.browser();
    at(&mut scene, PAGE).await;
    let recovery = |stop: &Stop| {
        let journey = stop.fields("code-form")["journey"].clone();
        format!("/second-factor?journey={journey}&way=recovery-code")
    };
    let path = recovery(scene.browser.here());
    scene.browser.open(&path).await;
    let stop = scene.browser.submit("code-form", &[("code", &first[0])]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "of the old set");
    assert_eq!(scene.browser.submit("code-form", &[("code", &second[0])]).await.url.path(), PAGE);
    let page = scene.browser.open(PAGE).await;
    assert!(page.answer.body.contains("You have 9 codes left."), "{}", page.answer.body);
}

#[tokio::test]
async fn the_last_factor_takes_the_recovery_codes_with_it() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, TOTP).await;
    let code = shown(&scene, &page);
    scene.browser.submit("totp-form", &[("code", &code)]).await;
    scene.browser.submit("recovery-offer", &[]).await;
    scene.browser.open(PAGE).await;
    let stop = scene.browser.submit("totp-remove", &[]).await;
    assert!(stop.has("done") && !stop.has("recovery-form"));
    assert!(credentials::list(scene.app.pool(), scene.user).await.unwrap().is_empty());
    let told = scene.app.messages("somchai@citizen.example").await;
    assert_eq!(told.len(), 3, "a factor added, codes made, a factor removed");
    assert_eq!(visit(&mut scene.app.browser(), "somchai", PAGE).await.url.path(), PAGE);
}

#[tokio::test]
async fn a_recovery_code_is_not_removed_as_if_it_were_a_factor() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, PAGE).await;
    let csrf = page.fields("mail-on")["csrf"].clone();
    scene.app.enrol_recovery_code(scene.user).await;
    let id = credentials::list(scene.app.pool(), scene.user).await.unwrap()[0].id.to_string();
    let stop = scene.browser.post("/account/security/remove", &[("csrf", &csrf), ("id", &id)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&scene, CredentialKind::RecoveryCode).await, 1);
}
