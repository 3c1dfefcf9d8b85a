//! Taking one's data away, and closing the account.

use axum::http::StatusCode;

use super::{at, visit};
use crate::{
    oauth2::{Scene, text},
    support::app::PASSWORD,
};

#[tokio::test]
async fn an_export_has_everything_and_no_secret() {
    let mut scene = Scene::new().await;
    scene.tokens(&[("scope", "openid email")]).await;
    let recovery = scene.app.enrol_recovery_code(scene.user).await;
    let cookie = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    at(&mut scene, "/account").await;
    let stop = scene.browser.submit("export-form", &[]).await;
    assert!(stop.answer.header("content-disposition").starts_with("attachment"));
    let export = stop.answer.good();
    assert_eq!(export["account"]["username"], "somchai");
    assert_eq!(export["attributes"]["email"]["value"], "somchai@citizen.example");
    assert_eq!(export["attributes"]["email"]["level"], 1);
    assert_eq!(export["history"].as_array().unwrap().len(), 5);
    assert_eq!(export["applications"][0]["client_id"], "rp");
    assert_eq!(export["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(export["credentials"][0]["kind"], "recovery-code");
    assert!(export["activity"].as_array().unwrap().len() >= 3);
    let body = &stop.answer.body;
    for secret in [PASSWORD, "argon2", "sealed", "digest", &recovery, &cookie] {
        assert!(!body.contains(secret), "{secret}");
    }
    let activity = scene.browser.open("/account/activity").await;
    assert!(activity.answer.body.contains("You took a copy of your data"));
}

#[tokio::test]
async fn a_forged_export_gives_nothing() {
    let mut scene = Scene::new().await;
    at(&mut scene, "/account").await;
    let stop = scene.browser.post("/account/export", &[("csrf", "forged")]).await;
    assert_eq!(stop.url.path(), "/account");
    assert!(scene.browser.open("/account/export").await.answer.status == StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn closing_erases_what_was_held_ends_access_and_keeps_the_name() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[("scope", "openid email offline_access"), ("prompt", "consent")]).await;
    let mut phone = scene.app.browser();
    visit(&mut phone, "somchai", "/account").await;
    at(&mut scene, "/account/close").await;
    let stop = scene.browser.submit("close-form", &[("username", " SomChai ")]).await;
    assert!(stop.has("closed"), "{}", stop.answer.body);
    assert!(scene.browser.cookie("__Host-tamga_session").is_none());
    assert!(phone.open("/account").await.has("login-form"));
    assert_eq!(scene.userinfo(text(&tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(scene.refresh(text(&tokens, "refresh_token"), &[]).await.error(400), "invalid_grant");
    assert!(visit(&mut scene.browser, "somchai", "/account").await.has("login-form"), "nobody signs in");
    let user = tamga::store::users::find(scene.app.pool(), "somchai").await.unwrap().unwrap();
    assert!(user.attributes.is_empty() && user.disabled_at.is_some());
    for table in
        ["user_attribute_history", "passwords", "credentials", "consents", "user_files", "one_time_codes"]
    {
        let query = format!("SELECT count(*) FROM {table} WHERE user_id = $1");
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .bind(scene.user.0)
            .fetch_one(scene.app.pool())
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
    let told = scene.app.messages("somchai@citizen.example").await;
    assert_eq!(told.len(), 1, "told before, where they could still be reached");
}

#[tokio::test]
async fn another_name_closes_nothing_and_what_was_typed_stays() {
    let mut scene = Scene::new().await;
    at(&mut scene, "/account/close").await;
    for typed in ["", "somcha", "mallory"] {
        let stop = scene.browser.submit("close-form", &[("username", typed)]).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stop.has("username-error"));
        assert_eq!(stop.fields("close-form")["username"], typed);
    }
    assert_eq!(scene.browser.open("/account").await.url.path(), "/account");
}

#[tokio::test]
async fn an_account_is_closed_once() {
    let scene = Scene::new().await;
    let now = scene.app.clock.now();
    let entry = tamga::model::journal::Entry::by_operator(now, "user.close", "user", scene.user);
    let close = || tamga::store::own_account::close(scene.app.pool(), scene.user, &entry);
    let (one, other) = tokio::join!(close(), close());
    assert!(one.unwrap() != other.unwrap());
}
