//! The profile: what is held, and changing it.

use axum::http::StatusCode;

use super::at;
use crate::{oauth2::Scene, support::app::PASSWORD};

const EDIT: &str = "/account/profile";

#[tokio::test]
async fn every_value_is_shown_with_its_level_in_words() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, "/account").await;
    assert!(page.text("held-first_name").contains("Checked against the register, 1 March 2026"));
    assert!(page.text("held-email").contains("Confirmed"));
    assert!(page.text("held-mobile_phone").contains("Entered by you, not checked"));
    assert_eq!(page.answer.header("cache-control"), "no-store");
    let home = scene.browser.open("/").await;
    assert!(home.has("account-link") && home.has("logout-link"));
}

#[tokio::test]
async fn who_is_not_signed_in_comes_back_to_the_page_they_wanted() {
    let mut scene = Scene::new().await;
    assert!(scene.browser.open("/").await.has("login-link"));
    for path in ["/account/sessions", "/account/applications", "/account/security", "/account/activity", EDIT]
    {
        scene.browser = scene.app.browser();
        assert!(scene.browser.open(path).await.has("login-form"), "{path}");
        let fields = [("username", "somchai"), ("password", PASSWORD)];
        assert_eq!(scene.browser.submit("login-form", &fields).await.url.path(), path);
    }
}

#[tokio::test]
async fn a_change_goes_to_level_0_and_keeps_its_history() {
    let mut scene = Scene::new().await;
    at(&mut scene, EDIT).await;
    let stop = scene.browser.submit("profile-form", &[("first_name", " Somsak "), ("last_name", "")]).await;
    assert_eq!(stop.url.path(), "/account");
    assert!(stop.has("done"));
    assert!(
        stop.text("held-first_name").contains("Somsak")
            && stop.text("held-first_name").contains("not checked")
    );
    assert!(!stop.has("held-last_name"), "an emptied field takes the detail away");
    let history = tamga::store::own_account::history(scene.app.pool(), scene.user).await.unwrap();
    let of = |name: &str| -> Vec<(&str, i16, &str)> {
        let past = history.iter().filter(|past| past.name == name);
        past.map(|past| (past.value.as_str(), past.level, past.source.as_str())).collect()
    };
    assert_eq!(of("first_name"), [("Somchai", 2, "operator"), ("Somsak", 0, "self")]);
    assert_eq!(of("last_name"), [("Jaidee", 2, "operator"), ("", 0, "self")]);
    scene.browser.open(EDIT).await;
    let stop = scene.browser.submit("profile-form", &[]).await;
    assert_eq!(stop.text("done"), "Nothing was changed.");
    let activity = scene.browser.open("/account/activity?show=changes").await;
    assert!(
        activity.answer.body.contains("Details were changed") && !activity.answer.body.contains("Somsak")
    );
}

#[tokio::test]
async fn a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost() {
    let mut scene = Scene::new().await;
    at(&mut scene, EDIT).await;
    let fields = [("first_name", "Somsak"), ("date_of_birth", "2001-02-30"), ("citizen_id", "1101700230706")];
    let stop = scene.browser.submit("profile-form", &fields).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.has("date_of_birth-error") && stop.has("citizen_id-error") && !stop.has("first_name-error"));
    let kept = stop.fields("profile-form");
    for (name, value) in fields {
        assert_eq!(kept[name], value);
    }
    let page = scene.browser.open("/account").await;
    assert!(page.text("held-first_name").contains("Somchai"), "all or nothing");
}

#[tokio::test]
async fn a_verified_identifier_is_a_registrars_to_change() {
    let mut scene = Scene::new().await;
    let held = [("citizen_id", "1101700230705", 2), ("email", "v@citizen.example", 1)];
    scene.user = scene.app.user_with("verified", PASSWORD, &held).await;
    let page = super::visit(&mut scene.browser, "verified", EDIT).await;
    assert!(!page.has("citizen_id") && page.answer.body.contains("1101700230705"));
    assert!(page.answer.body.contains("changed by a registrar only"));
    let csrf = page.fields("profile-form")["csrf"].clone();
    let form = [("csrf", &*csrf), ("citizen_id", "1101700230708"), ("first_name", "Mallory")];
    let stop = scene.browser.post(EDIT, &form).await;
    assert!(stop.text("held-citizen_id").contains("1101700230705"));
    assert!(stop.text("held-first_name").contains("Mallory"));
}

#[tokio::test]
async fn a_registrar_who_verifies_while_the_owner_types_wins() {
    use tamga::{
        model::{attribute::Level, journal::Entry},
        store::{own_account, users},
    };
    let scene = Scene::new().await;
    let new = |value: &str, level: i16| users::NewAttribute {
        name: "citizen_id".into(),
        value: value.into(),
        level: Level::try_from(level).unwrap(),
        identifier: true,
    };
    let entry = Entry::by_operator(scene.app.clock.now(), "user.set_attributes", "user", scene.user);
    users::set_attributes(scene.app.pool(), scene.user, &[new("1101700230705", 2)], "r", &entry)
        .await
        .unwrap();
    let typed = [new("1101700230708", 0)];
    let changed = own_account::change_attributes(scene.app.pool(), scene.user, &typed, &[], &entry).await;
    assert!(!changed.unwrap());
    let user = users::find(scene.app.pool(), "somchai").await.unwrap().unwrap();
    assert_eq!(user.attribute("citizen_id"), Some("1101700230705"));
}

#[tokio::test]
async fn csrf_a_forged_change_changes_nothing() {
    let mut scene = Scene::new().await;
    at(&mut scene, EDIT).await;
    let stop = scene.browser.post(EDIT, &[("csrf", "forged"), ("first_name", "Mallory")]).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(stop.fields("profile-form")["first_name"], "Mallory", "to be sent again");
    let stop = scene.browser.post_from_elsewhere(EDIT, &[("first_name", "Mallory")]).await;
    assert!(stop.has("profile-form"), "asked who it is, and led to the page");
    let page = scene.browser.open("/account").await;
    assert!(page.text("held-first_name").contains("Somchai"));
}

#[tokio::test]
async fn the_language_chosen_is_that_of_pages_and_messages() {
    let mut scene = Scene::new().await;
    at(&mut scene, "/account").await;
    let page = scene.browser.submit("locale-form", &[("locale", "mn")]).await;
    assert!(page.answer.body.contains("<html lang=\"mn\""));
    let user = tamga::store::users::find(scene.app.pool(), "somchai").await.unwrap().unwrap();
    assert_eq!(user.locale.map(|locale| locale.tag()), Some("mn"));
    let csrf = page.fields("locale-form")["csrf"].clone();
    let stop = scene.browser.post("/account/locale", &[("csrf", &csrf), ("locale", "xx")]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn only_what_we_know_is_said_to_be_done() {
    let mut scene = Scene::new().await;
    at(&mut scene, "/account").await;
    for query in ["?done=%3Cscript%3E", "?done=", "?done=profile&done=locale", "?done=nonsense"] {
        assert!(!scene.browser.open(&format!("/account{query}")).await.has("done"), "{query}");
    }
}
