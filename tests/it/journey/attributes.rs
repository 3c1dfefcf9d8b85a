//! Attributes that the client requires and the account lacks, and the level it asks for.

use axum::http::StatusCode;
use tamga::{model::attribute::Level, store};

use crate::{
    oauth2::Scene,
    support::{app::PASSWORD, browser::Stop},
};

/// A client that requires these attributes.
async fn requiring(names: &[&str]) -> Scene {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Scene::with(|client| client.settings.require_attributes = names).await
}

async fn sign_in(scene: &mut Scene, username: &str) -> Stop {
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", username), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn just_what_is_missing_is_asked_checked_and_kept() {
    let mut scene = requiring(&["citizen_id", "email", "occupation"]).await;
    let stop = sign_in(&mut scene, "somchai").await;
    assert!(stop.has("attributes-form"), "{}", stop.answer.body);
    assert!(stop.has("citizen_id") && stop.has("occupation") && !stop.has("email"), "the mail is known");
    let fields = [("citizen_id", "1-1017-00203-45-0"), ("occupation", "ครู")];
    let stop = scene.browser.submit("attributes-form", &fields).await;
    assert!(stop.has("consent-form"), "{}", stop.answer.body);
    let user = store::users::find(scene.app.pool(), "somchai").await.unwrap().unwrap();
    assert_eq!(user.attribute("citizen_id"), Some("1101700203450"));
    assert_eq!(user.attribute("occupation"), Some("ครู"));
    assert_eq!(user.attributes["occupation"].level, Level::UNVERIFIED);
    assert_eq!(user.attributes["occupation"].source, "self");
    let stop = scene.ask(&[]).await;
    assert!(stop.has("consent-form"), "asked once");
}

#[tokio::test]
async fn a_wrong_check_digit_and_an_impossible_date_are_told_beside_the_field() {
    let mut scene = requiring(&["citizen_id", "date_of_birth", "occupation"]).await;
    scene.app.user_with("plain", PASSWORD, &[]).await;
    sign_in(&mut scene, "plain").await;
    let fields = [("citizen_id", "1101700203452"), ("date_of_birth", "2001-02-29"), ("occupation", "")];
    let stop = scene.browser.submit("attributes-form", &fields).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["citizen_id-error", "date_of_birth-error", "occupation-error"] {
        assert!(stop.has(id), "{id}: {}", stop.answer.body);
    }
    let kept = stop.fields("attributes-form");
    assert_eq!(kept["citizen_id"], "1101700203452", "nothing typed is lost");
    assert_eq!(kept["date_of_birth"], "2001-02-29");
    assert!(store::users::find(scene.app.pool(), "plain").await.unwrap().unwrap().attributes.is_empty());
}

#[tokio::test]
async fn an_identifier_rises_to_level_1_when_the_phone_is_confirmed() {
    let mut scene = requiring(&["citizen_id"]).await;
    scene.app.user_with("phoned", PASSWORD, &[("mobile_phone", "+66899990001", 1)]).await;
    sign_in(&mut scene, "phoned").await;
    scene.browser.submit("attributes-form", &[("citizen_id", "1101700203450")]).await;
    let user = store::users::find(scene.app.pool(), "phoned").await.unwrap().unwrap();
    assert_eq!(user.level(), Level::CONFIRMED);
}

#[tokio::test]
async fn a_strangers_form_changes_nothing() {
    let mut scene = requiring(&["occupation"]).await;
    let stop = sign_in(&mut scene, "somchai").await;
    let journey = stop.fields("attributes-form")["journey"].clone();
    let fields = [("journey", journey.as_str()), ("csrf", "x"), ("occupation", "thief")];
    let stop = scene.browser.post("/attributes", &fields).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    let user = store::users::find(scene.app.pool(), "somchai").await.unwrap().unwrap();
    assert_eq!(user.attribute("occupation"), None);
}

#[tokio::test]
async fn only_what_was_asked_can_be_set_there() {
    let mut scene = requiring(&["occupation"]).await;
    let stop = sign_in(&mut scene, "somchai").await;
    let fields = stop.fields("attributes-form");
    let fields = [
        ("journey", fields["journey"].as_str()),
        ("csrf", &fields["csrf"]),
        ("occupation", "teacher"),
        ("first_name", "Somebody"),
    ];
    scene.browser.post("/attributes", &fields).await;
    let user = store::users::find(scene.app.pool(), "somchai").await.unwrap().unwrap();
    assert_eq!(user.attribute("first_name"), Some("Somchai"));
}

#[tokio::test]
async fn leaving_the_page_says_so() {
    let mut scene = Scene::with(|client| {
        client.settings.require_attributes = vec!["date_of_birth".to_owned(), "occupation".to_owned()];
        client.settings.detailed_errors = true;
    })
    .await;
    sign_in(&mut scene, "somchai").await;
    scene.browser.submit("attributes-form", &[("occupation", "")]).await;
    let stop = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(stop.parameter("error"), "access_denied");
    assert_eq!(stop.parameter("cancel_stage"), "attributes");
    assert_eq!(stop.parameter("cancel_reason"), "attribute_invalid");
}

#[tokio::test]
async fn a_level_the_account_lacks_is_explained_and_refused_in_the_standards_words() {
    let mut scene = Scene::with(|client| client.settings.min_level = Level::try_from(2).unwrap()).await;
    let stop = sign_in(&mut scene, "somchai").await;
    assert!(stop.has("level-form") && stop.has("cancel-form"), "{}", stop.answer.body);
    assert!(stop.answer.body.contains("A registrar looks at it"));
    let stop = scene.browser.press("level-form", "level-back").await;
    assert_eq!(stop.parameter("error"), "unmet_authentication_requirements");
}

#[tokio::test]
async fn cancelling_at_the_level_page_says_why() {
    let mut scene = Scene::with(|client| {
        client.settings.min_level = Level::HIGHEST;
        client.settings.detailed_errors = true;
    })
    .await;
    sign_in(&mut scene, "somchai").await;
    let stop = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(stop.parameter("error"), "access_denied");
    assert_eq!(stop.parameter("cancel_reason"), "level_insufficient");
}

#[tokio::test]
async fn level_1_is_reached_by_confirming_the_phone_on_the_spot() {
    let mut scene = Scene::with(|client| client.settings.min_level = Level::CONFIRMED).await;
    let attributes = [("citizen_id", "1101700203450", 0), ("mobile_phone", "+66899990001", 0)];
    scene.app.user_with("fresh", PASSWORD, &attributes).await;
    let stop = sign_in(&mut scene, "fresh").await;
    assert!(stop.has("level-confirm"), "{}", stop.answer.body);
    let stop = scene.browser.press("confirm-form", "level-confirm").await;
    assert!(stop.has("code-form"));
    let sent = scene.app.sent_code("+66899990001").await;
    let stop = scene.browser.submit("code-form", &[("code", &sent)]).await;
    assert!(stop.has("consent-form"), "{}", stop.answer.body);
    let user = store::users::find(scene.app.pool(), "fresh").await.unwrap().unwrap();
    assert_eq!(user.level(), Level::CONFIRMED);
    assert_eq!(user.attributes["mobile_phone"].level, Level::CONFIRMED);
}

#[tokio::test]
async fn somebody_with_another_confirmed_phone_than_the_client_names_signs_in_anew() {
    let mut scene = Scene::new().await;
    scene.app.user_with("first", PASSWORD, &[("mobile_phone", "+66899990001", 1)]).await;
    sign_in(&mut scene, "first").await;
    scene.browser.press("consent-form", "consent-allow").await;
    let same = scene.ask(&[("phone", "+66899990001"), ("prompt", "none")]).await;
    assert!(!same.parameter("code").is_empty(), "the same phone: {}", same.url);
    let stop = scene.ask(&[("phone", "66899990002")]).await;
    assert!(stop.has("phone-form"), "{}", stop.url);
    assert_eq!(stop.fields("phone-form")["phone"], "+66899990002");
    let stop = scene.ask(&[]).await;
    assert!(stop.has("login-form"), "the other's session has ended");
}

#[tokio::test]
async fn rfc_9470_s5_acr_values_ask_for_a_level_and_any_of_them_will_do() {
    let mut scene = Scene::new().await;
    sign_in(&mut scene, "somchai").await;
    scene.browser.press("consent-form", "consent-allow").await;
    for (values, met) in
        [("0", true), ("3 0", true), ("urn:of:another 0", true), ("gold", true), ("2 3", false)]
    {
        let stop = scene.ask(&[("acr_values", values), ("prompt", "none")]).await;
        let error = stop.parameter("error");
        assert_eq!(error, if met { "" } else { "unmet_authentication_requirements" }, "{values}");
    }
    let stop = scene.ask(&[("acr_values", "2")]).await;
    assert!(stop.has("level-form"), "{}", stop.url);
}

#[tokio::test]
async fn a_confirmed_contact_lowers_nothing_and_raises_only_what_was_looked_at() {
    let app = crate::support::app::TestApp::new().await;
    let attributes = [("mobile_phone", "+66899990001", 2), ("citizen_id", "1101700203450", 2)];
    let user = app.user_with("checked", PASSWORD, &attributes).await;
    let new = |name: &str, value: &str, identifier| store::users::NewAttribute {
        name: name.to_owned(),
        value: value.to_owned(),
        level: Level::CONFIRMED,
        identifier,
    };
    let entry =
        tamga::model::journal::Entry::by_operator(app.clock.now(), "user.confirm_contact", "user", user);
    // What another window looked at, before a registrar raised both or corrected one.
    let phone = new("mobile_phone", "+66899990001", false);
    let rises = [new("citizen_id", "1101700203450", true), new("iin", "900515400123", true)];
    store::users::confirm_contact(app.pool(), user, &phone, &rises, "code", &entry).await.unwrap();
    let held = store::users::find(app.pool(), "checked").await.unwrap().unwrap().attributes;
    assert_eq!(i16::from(held["mobile_phone"].level), 2);
    assert_eq!(i16::from(held["citizen_id"].level), 2);
    assert!(!held.contains_key("iin"), "a rise gives no value");
}
