//! Parameters of the Aitu profile: who is expected, and how a refusal tells.

use axum::http::Method;
use base64::{
    Engine,
    engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD},
};
use serde_json::json;
use tamga::{
    ids::UserId,
    model::client::{Client, ClientSettings, Profile},
};
use time::Duration;

use super::{Scene, claims, go_on, text};
use crate::support::{
    app::{PASSWORD, START, TestApp},
    browser::Stop,
    door::basic,
    iin_keys::{foreign, own},
};

const IIN: &str = "900515400123";
const OTHER_IIN: &str = "880315300560";
const BIN: &str = "050740004819";

/// What a client of that profile is registered with.
fn aitu(client: &mut Client) {
    client.profile = Some(Profile::Aitu);
    client.settings = ClientSettings {
        min_state_length: 0,
        iin_public_key: Some(own().public_pem.clone()),
        ..ClientSettings::for_profile(Some(Profile::Aitu))
    };
}

async fn aygerim(app: &TestApp, iin: Option<(&str, i16)>) -> UserId {
    let iin = iin.map(|(iin, level)| ("iin", iin, level));
    let attributes: Vec<_> = [
        Some(("first_name", "Айгерім", 2)),
        Some(("middle_name", "Серікқызы", 2)),
        Some(("last_name", "Нұрланова", 2)),
        Some(("date_of_birth", "1990-05-15", 2)),
        Some(("mobile_phone", "+77011234567", 1)),
        iin,
    ]
    .into_iter()
    .flatten()
    .collect();
    app.user_with("aygerim", PASSWORD, &attributes).await
}

#[track_caller]
fn assert_invalid(stop: &Stop, name: &str) -> String {
    let description = stop.parameter("error_description");
    assert_eq!(stop.parameter("error"), "invalid_request", "{description}");
    assert!(description.starts_with(name), "{description:?} does not name {name}");
    description
}

#[tokio::test]
async fn a_phone_iin_or_bin_of_a_wrong_shape_is_refused_by_name_for_every_client() {
    let mut scene = Scene::new().await;
    for (name, bad) in [
        ("phone", "8-701-123"),
        ("phone", "+7701123456"),
        ("phone", "+770112345678"),
        ("phone", "+07011234567"),
        ("phone", "+77011234567;"),
        ("iin", "900515400124"),
        ("iin", "90051540012"),
        ("iin", "900230400125"),
        ("iin", "90051540012x"),
        ("bin", "050740004818"),
        ("bin", IIN),
    ] {
        let stop = scene.ask(&[(name, bad)]).await;
        assert_invalid(&stop, name);
        let repeated = name != "phone" && stop.parameter("error_description").contains(bad);
        assert!(!repeated, "what was sent is not repeated");
    }
}

#[tokio::test]
async fn a_phone_comes_with_a_plus_the_space_a_raw_plus_becomes_or_its_digits_alone() {
    let mut scene = Scene::new().await;
    for good in ["%2B77011234567", "+77011234567", "77011234567", "%2B66812345678", "97699112233"] {
        let request = format!("{}&phone={good}&iin={IIN}&bin={BIN}", scene.request(&[]));
        let stop = scene.browser.open(&request).await;
        assert!(stop.answer.status.is_success(), "{good}: {}", stop.url);
    }
    assert!(!scene.app.log().contains("7011234567") && !scene.app.log().contains(IIN));
}

#[tokio::test]
async fn a_signed_iin_is_checked_with_the_clients_key() {
    let mut scene = Scene::with(aitu).await;
    let good = own().signature(IIN);
    assert!(scene.ask(&[("iin", IIN), ("iin_signature", &good)]).await.has("login-form"));
    let wrong = [
        ("another IIN's", own().signature(OTHER_IIN)),
        ("a foreign key's", foreign().signature(IIN)),
        ("not base64", "?".to_owned()),
        ("cut short", good[..good.len() - 4].to_owned()),
    ];
    for (what, signature) in &wrong {
        let stop = scene.ask(&[("iin", IIN), ("iin_signature", signature)]).await;
        assert_invalid(&stop, "iin_signature");
        assert_eq!(stop.parameter("cancel_stage"), "", "{what}: no journey was begun");
    }
    let without_iin = scene.ask(&[("iin_signature", &good)]).await;
    assert!(assert_invalid(&without_iin, "iin_signature").contains("iin it signs is missing"));
}

#[tokio::test]
async fn a_signature_in_base64url_or_with_a_raw_plus_is_told_what_to_send() {
    let mut scene = Scene::with(aitu).await;
    let signature = own().sign(IIN);
    for url in [URL_SAFE.encode(&signature), URL_SAFE_NO_PAD.encode(&signature)] {
        let stop = scene.ask(&[("iin", IIN), ("iin_signature", &url)]).await;
        assert!(assert_invalid(&stop, "iin_signature").contains("is base64url; send standard base64"));
    }
    let raw = own().signature(IIN);
    let request = format!("{}&iin={IIN}&iin_signature={raw}", scene.request(&[]));
    let stop = scene.browser.open(&request).await;
    if raw.contains('+') {
        assert!(assert_invalid(&stop, "iin_signature").contains("%2B"));
    } else {
        assert!(stop.has("login-form"));
    }
}

#[tokio::test]
async fn without_a_registered_key_a_signature_is_refused() {
    let mut scene = Scene::new().await;
    let stop = scene.ask(&[("iin", IIN), ("iin_signature", &own().signature(IIN))]).await;
    assert!(assert_invalid(&stop, "iin_signature").contains("registered"));
}

#[tokio::test]
async fn a_client_that_must_sign_is_refused_without() {
    let must = |client: &mut Client| {
        aitu(client);
        client.settings.require_iin_signature = true;
    };
    let mut scene = Scene::with(must).await;
    assert_invalid(&scene.ask(&[]).await, "iin_signature");
    assert_invalid(&scene.ask(&[("iin", IIN)]).await, "iin_signature");
    let signed = [("iin", IIN), ("iin_signature", &*own().signature(IIN))];
    assert!(scene.ask(&signed).await.has("login-form"));
}

#[tokio::test]
async fn an_account_with_another_iin_than_the_signed_one_is_told_and_goes_back() {
    let mut scene = Scene::with(aitu).await;
    aygerim(&scene.app, Some((IIN, 2))).await;
    let signature = own().signature(OTHER_IIN);
    let signed = [("iin", OTHER_IIN), ("iin_signature", &*signature), ("scope", "openid iin")];
    let stop = scene.ask(&signed).await;
    let journey = stop.fields("cancel-form")["journey"].clone();
    let page = go_on(&mut scene.browser, "aygerim", stop).await;
    assert!(page.has("mismatch-form"), "{}", page.url);
    assert!(!page.answer.body.contains(OTHER_IIN) && !page.answer.body.contains(IIN));
    let mut cancelling = scene.browser.clone();

    // A stranger's form ends nothing.
    let forged = scene.browser.post("/mismatch", &[("journey", &journey), ("csrf", "x")]).await;
    assert!(forged.has("mismatch-form"));
    let back = scene.browser.press("mismatch-form", "mismatch-back").await;
    assert_eq!(back.parameter("error"), "access_denied");
    assert_eq!(back.parameter("cancel_reason"), "iin_mismatch");
    assert_eq!(back.parameter("cancel_stage"), "login");
    assert_eq!(back.parameter("cancel_request_id"), journey);
    assert_eq!(back.parameter("scope"), "openid iin");
    let late = cancelling.submit("cancel-form", &[]).await;
    assert!(late.answer.status.is_client_error(), "the journey is over");

    // The session that is there already meets the same page, and Cancel says the same.
    let page = scene.ask(&signed).await;
    assert!(page.has("mismatch-form"));
    let back = scene.browser.submit("cancel-form", &[]).await;
    assert_eq!(back.parameter("error"), "access_denied");
    assert_eq!(back.parameter("cancel_reason"), "iin_mismatch");
    // Where nothing may be shown, the refusal comes at once.
    let stop = scene.ask(&[&signed[..], &[("prompt", "none")]].concat()).await;
    assert_eq!(stop.parameter("error"), "access_denied");
}

#[tokio::test]
async fn the_person_whose_iin_was_signed_goes_on_and_an_unsigned_iin_locks_nobody_out() {
    let mut scene = Scene::with(aitu).await;
    aygerim(&scene.app, Some((IIN, 2))).await;
    let stop = scene.ask(&[("iin", IIN), ("iin_signature", &own().signature(IIN))]).await;
    let stop = go_on(&mut scene.browser, "aygerim", stop).await;
    assert!(!stop.parameter("code").is_empty());
    let stop = scene.ask(&[("iin", OTHER_IIN)]).await;
    assert!(!stop.parameter("code").is_empty(), "only a hint");
}

#[tokio::test]
async fn the_flat_claims_come_in_the_id_token_and_the_access_token_lives_30_days() {
    let mut scene = Scene::with(aitu).await;
    aygerim(&scene.app, Some((IIN, 2))).await;
    let scope = "openid first_name last_name middle_name birth_date iin phone";
    let stop = scene.ask(&[("scope", scope)]).await;
    let stop = go_on(&mut scene.browser, "aygerim", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(tokens["expires_in"], 30 * 24 * 3600);
    let access_token = claims(text(&tokens, "access_token"));
    assert_eq!(access_token["exp"], START.unix_timestamp() + 30 * 24 * 3600);
    let id_token = claims(text(&tokens, "id_token"));
    for (name, value) in [
        ("first_name", "Айгерім"),
        ("last_name", "Нұрланова"),
        ("middle_name", "Серікқызы"),
        ("birth_date", "1990-05-15"),
        ("iin", IIN),
        ("phone", "77011234567"),
        ("phone_number", "+77011234567"),
    ] {
        assert_eq!(id_token[name], value, "{name}");
    }
    assert!(id_token.get("bin").is_none());
    // At another client the phone scope gives the standard's claims alone.
    let mut scene = Scene::with(|client| client.settings.claims_in_id_token = true).await;
    let tokens = scene.tokens(&[("scope", "openid phone")]).await;
    assert!(claims(text(&tokens, "id_token")).get("phone").is_none());
}

#[tokio::test]
async fn an_aitu_client_asks_for_a_state_of_eight_characters() {
    let usual = |client: &mut Client| {
        client.settings = ClientSettings::for_profile(Some(Profile::Aitu));
    };
    let mut scene = Scene::with(usual).await;
    assert_invalid(&scene.ask(&[("state", "1234567")]).await, "state");
    assert_invalid(&scene.ask(&[("state", "")]).await, "state");
    assert!(scene.ask(&[("state", "12345678")]).await.has("login-form"));
}

#[tokio::test]
async fn an_unknown_language_or_theme_is_passed_over() {
    let mut scene = Scene::with(aitu).await;
    let page = scene.ask(&[("locale", "kk"), ("theme", "dark")]).await;
    assert!(page.answer.body.contains("lang=\"kk\"") && page.answer.body.contains("dark"));
    for unknown in [("locale", "tlh"), ("theme", "pink")] {
        assert!(scene.ask(&[unknown]).await.has("login-form"), "{unknown:?}");
    }
}

/// The client's word for a phone, as `/api/v1/trusted-phone` gives it.
async fn vouched(scene: &Scene, phone: &str) -> String {
    let basic = basic(scene.rp.id(), scene.rp.secret());
    let headers = [("authorization", &*basic), ("content-type", "application/json")];
    let body = json!({ "phone": phone }).to_string();
    let answer = scene.app.door.call(Method::POST, "/api/v1/trusted-phone", &headers, &body).await;
    text(&answer.good(), "secret").to_owned()
}

fn trusted(client: &mut Client) {
    aitu(client);
    client.settings.trusted_phone = true;
}

async fn scene_with_phones() -> Scene {
    let scene = Scene::at(TestApp::with(&[("profiles.aitu", "true")]).await, trusted).await;
    aygerim(&scene.app, Some((IIN, 2))).await;
    scene
}

const PHONE: &str = "+77011234567";

#[tokio::test]
async fn a_phone_the_client_vouches_for_needs_no_code_and_its_word_counts_once() {
    let mut scene = scene_with_phones().await;
    let word = vouched(&scene, PHONE).await;
    let asked = [("phone", PHONE), ("otp_confirmation", &*word)];
    let page = scene.ask(&asked).await;
    assert_eq!(page.fields("phone-form")["phone"], PHONE, "prefilled");
    let stop = scene.browser.submit("phone-form", &[]).await;
    assert!(stop.has("consent-form"), "signed in without a code: {}", stop.url);
    // At another browser the same word is spent: the code is asked as usual, and Cancel says why.
    scene.browser = scene.app.browser();
    scene.ask(&asked).await;
    let stop = scene.browser.submit("phone-form", &[]).await;
    assert!(stop.has("code-form"), "{}", stop.url);
    let back = scene.browser.submit("cancel-form", &[]).await;
    assert_eq!(back.parameter("error"), "access_denied");
    assert_eq!(back.parameter("cancel_stage"), "login");
    assert_eq!(back.parameter("cancel_reason"), "otp_confirmation_invalid");
}

#[tokio::test]
async fn another_phone_than_the_one_vouched_for_gets_the_code_and_spends_nothing() {
    let mut scene = scene_with_phones().await;
    let word = vouched(&scene, PHONE).await;
    let asked = [("phone", PHONE), ("otp_confirmation", &*word)];
    scene.ask(&asked).await;
    let stop = scene.browser.submit("phone-form", &[("phone", "+77017654321")]).await;
    assert!(stop.has("code-form"), "{}", stop.url);
    assert_eq!(scene.browser.submit("cancel-form", &[]).await.parameter("cancel_reason"), "");
    scene.ask(&asked).await;
    assert!(scene.browser.submit("phone-form", &[]).await.has("consent-form"), "it was not spent");
}

#[tokio::test]
async fn a_bad_expired_or_foreign_word_for_a_phone_is_passed_over() {
    let mut scene = scene_with_phones().await;
    let foreign = scene.app.client("other", trusted).await;
    let own = std::mem::replace(&mut scene.rp, foreign);
    let foreign_word = vouched(&scene, PHONE).await;
    scene.rp = own;
    let other_phones = vouched(&scene, "+77017654321").await;
    let expired = vouched(&scene, PHONE).await;
    for (what, word) in [("bad", "rubbish"), ("foreign", &foreign_word), ("another phone's", &other_phones)] {
        scene.ask(&[("phone", PHONE), ("otp_confirmation", word)]).await;
        assert!(scene.browser.submit("phone-form", &[]).await.has("code-form"), "{what}");
        scene.app.clock.advance(Duration::seconds(121));
    }
    scene.app.clock.advance(Duration::minutes(60));
    scene.ask(&[("phone", PHONE), ("otp_confirmation", &expired)]).await;
    assert!(scene.browser.submit("phone-form", &[]).await.has("code-form"), "expired");
}

#[tokio::test]
async fn the_word_of_a_client_that_lost_the_trust_is_not_looked_at() {
    let mut scene = scene_with_phones().await;
    let word = vouched(&scene, PHONE).await;
    let mut rp = scene.rp.clone();
    scene.app.change_client(&mut rp, |client| client.settings.trusted_phone = false).await;
    scene.ask(&[("phone", PHONE), ("otp_confirmation", &word)]).await;
    assert!(scene.browser.submit("phone-form", &[]).await.has("code-form"));
    let back = scene.browser.submit("cancel-form", &[]).await;
    assert_eq!(back.parameter("cancel_reason"), "");
}
