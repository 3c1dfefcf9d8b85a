//! The photo, documents, and who acts for an organisation.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};

use super::{at, visit};
use crate::{
    oauth2::Scene,
    support::{browser::Browser, door::Answer},
};

const PAGE: &str = "/account/files";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01";

/// Posts a form with a file, as browsers do (RFC 7578).
async fn send(browser: &Browser, path: &str, csrf: &str, field: &str, content: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf), ("note", "Passport")] {
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.as_bytes());
    }
    let head = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a.png\"\r\n\r\n");
    body.extend(head.as_bytes());
    body.extend(content);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("cookie", browser.cookie_header())
        .header("content-type", "multipart/form-data; boundary=b");
    browser.door.send(request.body(Body::from(body)).unwrap()).await
}

async fn page(scene: &mut Scene) -> String {
    at(scene, PAGE).await.fields("photo-form")["csrf"].clone()
}

#[tokio::test]
async fn a_photo_is_kept_shown_to_its_owner_and_removed() {
    let mut scene = Scene::new().await;
    let csrf = page(&mut scene).await;
    let answer = send(&scene.browser, "/account/files/photo", &csrf, "photo", PNG).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let photo = scene.browser.open("/account/photo").await;
    assert_eq!(photo.answer.header("content-type"), "image/png");
    assert_eq!(photo.answer.header("x-content-type-options"), "nosniff");
    assert!(scene.browser.open("/account").await.answer.body.contains("/account/photo"));
    scene.browser.open(PAGE).await;
    scene.browser.submit("photo-remove", &[]).await;
    assert_eq!(scene.browser.open("/account/photo").await.answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_picture_or_too_big_is_told_beside_its_field() {
    let mut scene = Scene::new().await;
    let csrf = page(&mut scene).await;
    let html = b"<html><script>alert(1)</script>".as_slice();
    for content in [html, b"", b"%PDF-1.7"] {
        let answer = send(&scene.browser, "/account/files/document", &csrf, "document", content).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("document-error") && answer.body.contains("value=\"Passport\""));
    }
    let big = [PNG, &vec![0; 5 * 1024 * 1024]].concat();
    let answer = send(&scene.browser, "/account/files/photo", &csrf, "photo", &big).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let fits = [PNG, &vec![0; 5 * 1024 * 1024 - PNG.len()]].concat();
    let answer = send(&scene.browser, "/account/files/photo", &csrf, "photo", &fits).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    // Other forms stay small.
    let form = format!("csrf={csrf}&first_name={}", "a".repeat(70_000));
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = scene.app.door.call(Method::POST, "/account/profile", &headers, &form).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn csrf_a_forged_upload_is_not_kept() {
    let mut scene = Scene::new().await;
    page(&mut scene).await;
    let answer = send(&scene.browser, "/account/files/document", "forged", "document", PNG).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(tamga::store::user_files::list(scene.app.pool(), scene.user).await.unwrap().is_empty());
}

#[tokio::test]
async fn documents_are_their_owners_alone_and_ten_at_most() {
    let mut scene = Scene::new().await;
    let csrf = page(&mut scene).await;
    for _ in 0..10 {
        let answer = send(&scene.browser, "/account/files/document", &csrf, "document", PNG).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    let answer = send(&scene.browser, "/account/files/document", &csrf, "document", PNG).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let held = tamga::store::user_files::list(scene.app.pool(), scene.user).await.unwrap();
    let path = format!("{PAGE}/{}", held[0].id);
    assert_eq!(scene.browser.open(&path).await.answer.header("content-type"), "image/png");
    scene.app.user("mallory").await;
    let mut mallory = scene.app.browser();
    let theirs = visit(&mut mallory, "mallory", PAGE).await.fields("photo-form")["csrf"].clone();
    assert_eq!(mallory.open(&path).await.answer.status, StatusCode::NOT_FOUND);
    assert_eq!(mallory.open(&format!("{PAGE}/nonsense")).await.answer.status, StatusCode::NOT_FOUND);
    let id = held[0].id.to_string();
    let stop = mallory.post("/account/files/remove", &[("csrf", &theirs), ("id", &id)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    scene.browser.open(PAGE).await;
    assert!(scene.browser.submit(&format!("remove-{id}"), &[]).await.has("done"));
}

#[tokio::test]
async fn a_persons_account_has_no_representatives() {
    let mut scene = Scene::new().await;
    assert_eq!(at(&mut scene, "/account/representatives").await.url.path(), "/account");
}
