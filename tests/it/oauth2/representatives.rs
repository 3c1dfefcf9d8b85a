//! `bin`: only representatives of the organisation go on, and tokens say for whom.

use tamga::{
    ids::UserId,
    model::client::{Client, ClientSettings, Profile},
    store::users,
};

use super::{Scene, claims, go_on, text};
use crate::support::app::{PASSWORD, TestApp};

const IIN: &str = "900515400123";
const BIN: &str = "050740004819";

fn aitu(client: &mut Client) {
    client.profile = Some(Profile::Aitu);
    client.settings =
        ClientSettings { min_state_length: 0, ..ClientSettings::for_profile(Some(Profile::Aitu)) };
}

/// An organisation with one representative, and that person's account.
async fn organisation(app: &TestApp, level: i16, own: i16) -> UserId {
    let company = app.user_with("company", PASSWORD, &[("juristic_id", BIN, level)]).await;
    sqlx::query("UPDATE users SET kind = 'juristic-person' WHERE id = $1")
        .bind(company.0)
        .execute(app.pool())
        .await
        .unwrap();
    sqlx::query("INSERT INTO representatives (user_id, name, value, added_at) VALUES ($1, 'iin', $2, now())")
        .bind(company.0)
        .bind(IIN)
        .execute(app.pool())
        .await
        .unwrap();
    app.user_with("aygerim", PASSWORD, &[("first_name", "Айгерім", 2), ("iin", IIN, own)]).await;
    company
}

#[tokio::test]
async fn a_representative_goes_on_and_every_token_says_for_whom() {
    let mut scene = Scene::with(aitu).await;
    organisation(&scene.app, 2, 1).await;
    let asked = [("bin", BIN), ("scope", "openid offline_access")];
    let stop = scene.ask(&asked).await;
    let stop = go_on(&mut scene.browser, "aygerim", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["bin"], BIN);
    assert_eq!(scene.userinfo(text(&tokens, "access_token")).await.good()["bin"], BIN);
    let refreshed = scene.refresh(text(&tokens, "refresh_token"), &[]).await.good();
    assert_eq!(claims(text(&refreshed, "id_token"))["bin"], BIN);
    // With the consent remembered: at once, and without `bin` it is not there.
    let stop = scene.ask(&asked).await;
    assert!(!stop.parameter("code").is_empty(), "{}", stop.url);
    let code = scene.code(&[]).await;
    let tokens = scene.exchange(&code, &[]).await.good();
    assert!(claims(text(&tokens, "id_token")).get("bin").is_none());
}

#[tokio::test]
async fn whoever_does_not_represent_the_organisation_is_told_and_goes_back() {
    let mut scene = Scene::with(aitu).await;
    organisation(&scene.app, 2, 2).await;
    let stop = scene.ask(&[("bin", BIN)]).await;
    let page = go_on(&mut scene.browser, "somchai", stop).await;
    assert!(page.has("mismatch-form") && page.answer.body.contains(BIN), "{}", page.url);
    let back = scene.browser.press("mismatch-form", "mismatch-back").await;
    assert_eq!(back.parameter("error"), "access_denied");
    assert!(back.parameter("error_description").contains("bin"));
    assert_eq!(back.parameter("cancel_stage"), "attributes");
    assert_eq!(back.parameter("cancel_reason"), "", "nothing was done wrong");
    let silent = scene.ask(&[("bin", BIN), ("prompt", "none")]).await;
    assert_eq!(silent.parameter("error"), "access_denied");
}

/// Each of these leaves the person without a proof that they speak for the organisation.
#[tokio::test]
async fn what_is_not_checked_or_no_longer_so_makes_no_representative() {
    let refused = async |level, own, then: &'static str| {
        let mut scene = Scene::with(aitu).await;
        let company = organisation(&scene.app, level, own).await;
        if !then.is_empty() {
            sqlx::query(then).bind(company.0).execute(scene.app.pool()).await.unwrap();
        }
        let stop = scene.ask(&[("bin", BIN)]).await;
        go_on(&mut scene.browser, "aygerim", stop).await.has("mismatch-form")
    };
    assert!(!refused(2, 1, "").await);
    assert!(refused(1, 1, "").await, "the organisation's number is not verified");
    assert!(refused(2, 0, "").await, "the person's own number is only typed");
    assert!(refused(2, 1, "UPDATE representatives SET removed_at = now() WHERE user_id = $1").await);
    assert!(refused(2, 1, "UPDATE users SET disabled_at = now() WHERE id = $1").await);
    assert!(refused(2, 1, "UPDATE users SET closed_at = now() WHERE id = $1").await);
    assert!(refused(2, 1, "UPDATE users SET kind = 'citizen' WHERE id = $1").await);
}

#[tokio::test]
async fn an_organisation_nobody_registered_has_no_representatives() {
    let mut scene = Scene::with(aitu).await;
    assert!(users::find(scene.app.pool(), "company").await.unwrap().is_none());
    let stop = scene.ask(&[("bin", BIN)]).await;
    assert!(go_on(&mut scene.browser, "somchai", stop).await.has("mismatch-form"));
}
