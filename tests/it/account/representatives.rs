//! Who acts for an organisation, on its own account.

use axum::http::StatusCode;

use super::at;
use crate::oauth2::Scene;

const PAGE: &str = "/account/representatives";
const FORM: &str = "representative-form";

async fn organisation() -> Scene {
    let scene = Scene::new().await;
    sqlx::query("UPDATE users SET kind = 'juristic-person' WHERE id = $1")
        .bind(scene.user.0)
        .execute(scene.app.pool())
        .await
        .unwrap();
    scene
}

#[tokio::test]
async fn representatives_are_added_and_removed_but_for_the_last() {
    let mut scene = organisation().await;
    at(&mut scene, PAGE).await;
    for (name, number) in [("Malee", "1101700230708"), ("Anong", "1101002345674")] {
        let fields = [("full_name", name), ("name", "citizen_id"), ("value", number)];
        let stop = scene.browser.submit(FORM, &fields).await;
        assert!(stop.has("done") && stop.answer.body.contains(name), "{}", stop.answer.body);
    }
    let fields = [("full_name", "Malee"), ("name", "citizen_id"), ("value", "1 1017 00230 70 8")];
    let stop = scene.browser.submit(FORM, &fields).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "is one already");
    assert_eq!(stop.fields(FORM)["value"], "1 1017 00230 70 8");
    let stop = scene.browser.submit("remove-1101700230708", &[]).await;
    assert!(stop.has("done") && !stop.has("remove-1101700230708"));
    let stop = scene.browser.submit("remove-1101002345674", &[]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody must be left");
}

#[tokio::test]
async fn a_mistake_is_told_beside_its_field_and_a_forged_form_adds_nobody() {
    let mut scene = organisation().await;
    at(&mut scene, PAGE).await;
    let fields = [("full_name", ""), ("name", "citizen_id"), ("value", "1101700230705")];
    let stop = scene.browser.submit(FORM, &fields).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.has("full_name-error") && stop.has("value-error"));
    let forged = [("csrf", "x"), ("full_name", "M"), ("name", "citizen_id"), ("value", "1101700230708")];
    assert_eq!(scene.browser.post(PAGE, &forged).await.answer.status, StatusCode::FORBIDDEN);
    let held = tamga::store::representatives::list(scene.app.pool(), scene.user).await.unwrap();
    assert!(held.is_empty());
}
