//! Where the person is signed in.

use axum::http::StatusCode;

use super::{at, visit};
use crate::oauth2::Scene;

const PAGE: &str = "/account/sessions";

#[tokio::test]
async fn each_device_is_shown_with_its_place_and_the_present_one_is_marked() {
    let mut scene = Scene::new().await;
    scene.browser.headers.push(("user-agent".into(), "Mozilla/5.0 (X11; Linux x86_64) Firefox/126.0".into()));
    let page = at(&mut scene, PAGE).await;
    assert!(page.answer.body.contains("Firefox, Linux") && page.answer.body.contains("198.51.100.7"));
    assert!(page.answer.body.contains("This device"));
    assert!(!page.has("end-others"), "there is no other");
}

#[tokio::test]
async fn ending_one_signs_that_device_out_and_leaves_the_present_one() {
    let mut scene = Scene::new().await;
    let mut phone = scene.app.browser();
    visit(&mut phone, "somchai", PAGE).await;
    let page = at(&mut scene, PAGE).await;
    let own = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    let ids = ids(&page.answer.body);
    assert_eq!(ids.len(), 2);
    scene.app.clock.advance(time::Duration::minutes(2));
    // The one that is not marked as this device: ending it leaves our own cookie good.
    let mine = page.answer.body.split("<li>").find(|row| row.contains("This device")).unwrap().to_owned();
    let other = ids.iter().find(|id| !mine.contains(id.as_str())).unwrap();
    let stop = scene.browser.submit(&format!("end-{other}"), &[]).await;
    assert!(stop.has("done"), "{}", stop.answer.body);
    assert_eq!(scene.browser.cookie("__Host-tamga_session"), Some(own.as_str()));
    assert!(phone.open(PAGE).await.has("login-form"));
}

fn ids(body: &str) -> Vec<String> {
    let of = |part: &str| part.split('"').next().unwrap().to_owned();
    body.split("id=\"end-").skip(1).map(of).filter(|id| id.len() == 36).collect()
}

#[tokio::test]
async fn ending_all_others_leaves_the_present_one() {
    let mut scene = Scene::new().await;
    let mut phone = scene.app.browser();
    visit(&mut phone, "somchai", PAGE).await;
    at(&mut scene, PAGE).await;
    let stop = scene.browser.submit("end-others", &[]).await;
    assert_eq!(ids(&stop.answer.body).len(), 1);
    assert!(phone.open(PAGE).await.has("login-form"));
}

#[tokio::test]
async fn ending_the_present_one_signs_out() {
    let mut scene = Scene::new().await;
    let page = at(&mut scene, PAGE).await;
    let id = ids(&page.answer.body).remove(0);
    let stop = scene.browser.submit(&format!("end-{id}"), &[]).await;
    assert_eq!(stop.url.path(), "/");
    assert!(stop.has("login-link"));
    assert!(scene.browser.open(PAGE).await.has("login-form"));
}

#[tokio::test]
async fn another_persons_session_is_not_found_and_a_forged_form_ends_nothing() {
    let mut scene = Scene::new().await;
    scene.app.user("mallory").await;
    let mut mallory = scene.app.browser();
    let page = visit(&mut mallory, "mallory", PAGE).await;
    let csrf = page.fields(&format!("end-{}", ids(&page.answer.body)[0]))["csrf"].clone();
    let page = at(&mut scene, PAGE).await;
    let id = ids(&page.answer.body).remove(0);
    let form = [("csrf", &*csrf), ("session", &*id)];
    assert_eq!(
        mallory.post("/account/sessions/end", &form).await.answer.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let stop = scene.browser.post("/account/sessions/end", &form).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN, "a token of another session");
    let stop = scene.browser.post("/account/sessions/end-others", &[("csrf", "")]).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.browser.open(PAGE).await.url.path(), PAGE);
}
