//! Signing in by mail, phone or identifier in place of the user name.

use axum::http::StatusCode;

use crate::{
    oauth2::Scene,
    support::{app::PASSWORD, browser::Stop},
};

async fn sign_in(scene: &Scene, username: &str) -> Stop {
    let mut browser = scene.app.browser();
    browser.open(&scene.request(&[])).await;
    browser.submit("login-form", &[("username", username), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn confirmed_mail_phone_and_identifier_stand_for_the_user_name_however_they_are_written() {
    let scene = Scene::new().await;
    let attributes = [
        ("email", "Malee@Citizen.example", 1),
        ("mobile_phone", "+66899990001", 1),
        ("citizen_id", "1101700203450", 2),
    ];
    scene.app.user_with("malee", PASSWORD, &attributes).await;
    for name in [
        "malee",
        "malee@citizen.example",
        "MALEE@CITIZEN.EXAMPLE",
        "+66899990001",
        "66899990001",
        "+66 89 999 0001",
        "1101700203450",
        "1-1017-00203-45-0",
    ] {
        assert!(sign_in(&scene, name).await.has("consent-form"), "{name}");
    }
}

#[tokio::test]
async fn what_was_only_typed_signs_nobody_in() {
    let scene = Scene::new().await;
    // `somchai` typed this phone; nobody confirmed it.
    let stop = sign_in(&scene, "+66812345678").await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn who_types_anothers_number_later_does_not_push_the_owner_out() {
    let scene = Scene::new().await;
    scene.app.user_with("owner", PASSWORD, &[("citizen_id", "1101700203450", 1)]).await;
    scene.app.clock.advance(time::Duration::days(1));
    let other = [("citizen_id", "1101700203450", 1)];
    scene.app.user_with("latecomer", "another long password", &other).await;
    assert!(sign_in(&scene, "1101700203450").await.has("consent-form"), "the owner's password opens it");
}

#[tokio::test]
async fn a_user_name_comes_before_anothers_mail() {
    let scene = Scene::new().await;
    scene.app.user_with("malee@citizen.example", PASSWORD, &[]).await;
    let mail = [("email", "malee@citizen.example", 3)];
    scene.app.user_with("malee", "another long password", &mail).await;
    assert!(sign_in(&scene, "malee@citizen.example").await.has("consent-form"));
}
