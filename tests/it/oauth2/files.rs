//! Binary data of a person by access token.

use axum::http::Method;
use tamga::{
    ids::FileId,
    model::{
        attribute::Level,
        file::{fingerprint, sniff},
        journal::Entry,
    },
    store::{
        user_files::{self, NewFile},
        users::NewAttribute,
    },
};
use time::Duration;

use super::{Scene, text};
use crate::support::{
    app::{PASSWORD, TestApp},
    door::Answer,
};

const PHOTO: &str = "/api/v1/users/me/files/photo";
/// All of ASCII, so that answers compare as text.
const WEBP: &str = "RIFF0000WEBPVP8 the first";
const SCOPE: (&str, &str) = ("scope", "openid photo");

/// Keeps a photo as the account page would.
async fn keep(scene: &Scene, content: &str) {
    let now = scene.app.clock.now();
    let file = NewFile {
        id: FileId(scene.app.app.rng.uuid(now)),
        user_id: scene.user,
        name: "photo".to_owned(),
        media_type: sniff(content.as_bytes()).unwrap(),
        content: content.as_bytes().to_vec(),
        note: None,
        created_at: now,
    };
    let attribute = NewAttribute {
        name: "photo".to_owned(),
        value: fingerprint(content.as_bytes()),
        level: Level::UNVERIFIED,
        identifier: false,
    };
    let entry = Entry::by_operator(now, "user.set_file", "user", scene.user);
    user_files::replace(scene.app.pool(), &file, &attribute, "self", &entry).await.unwrap();
}

async fn fetch(scene: &Scene, path: &str, bearer: &str) -> Answer {
    let bearer = format!("Bearer {bearer}");
    let headers = [("authorization", bearer.as_str()), ("origin", "https://spa.example")];
    scene.app.door.call(Method::GET, path, &headers, "").await
}

#[tokio::test]
async fn the_photo_comes_for_a_token_whose_scope_covers_it_and_is_in_no_token() {
    let mut scene = Scene::with(|client| client.settings.claims_in_id_token = true).await;
    keep(&scene, WEBP).await;
    let stop = scene.answer(&[SCOPE]).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let bearer = text(&tokens, "access_token");
    let answer = fetch(&scene, PHOTO, bearer).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, WEBP));
    assert_eq!(answer.header("content-type"), "image/webp");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(scene.userinfo(bearer).await.good().get("photo").is_none());
    assert!(super::claims(text(&tokens, "id_token")).get("photo").is_none());
    // The newest is given.
    scene.app.clock.advance(Duration::seconds(1));
    keep(&scene, "RIFF0000WEBPVP8 the second").await;
    assert_eq!(fetch(&scene, PHOTO, bearer).await.body, "RIFF0000WEBPVP8 the second");
    assert!(!scene.app.log().contains("the second"));
}

#[tokio::test]
async fn consent_shows_the_photo_as_a_row_of_its_own_without_its_number() {
    let mut scene = Scene::new().await;
    keep(&scene, WEBP).await;
    let stop = scene.ask(&[SCOPE]).await;
    let fields = [("username", "somchai"), ("password", PASSWORD)];
    assert!(stop.has("login-form"));
    let stop = scene.browser.submit("login-form", &fields).await;
    let page = &stop.answer.body;
    assert!(page.contains("Photograph") && page.contains("A picture"), "{page}");
    assert!(!page.contains(&fingerprint(WEBP.as_bytes())), "{page}");
}

#[tokio::test]
async fn rfc_6750_s3_1_without_the_scope_or_the_consent_it_is_403() {
    let mut scene = Scene::new().await;
    keep(&scene, WEBP).await;
    let tokens = scene.tokens(&[("scope", "openid profile")]).await;
    let answer = fetch(&scene, PHOTO, text(&tokens, "access_token")).await;
    assert_eq!(answer.error(403), "insufficient_scope");
    assert!(answer.header("www-authenticate").contains("error=\"insufficient_scope\""));
    assert_eq!(answer.header("access-control-allow-origin"), "*");

    // The scope is granted, the photo left out.
    scene.browser = scene.app.browser();
    let stop = scene.ask(&[SCOPE]).await;
    assert!(stop.has("login-form"));
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    scene.browser.untick("claim", "photo");
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let answer = fetch(&scene, PHOTO, text(&tokens, "access_token")).await;
    assert_eq!(answer.error(403), "insufficient_scope");
}

#[tokio::test]
async fn a_refresh_narrowed_to_fewer_scopes_gives_no_photo() {
    let mut scene = Scene::new().await;
    keep(&scene, WEBP).await;
    let tokens = scene.tokens(&[("scope", "openid photo offline_access")]).await;
    let narrowed = scene.refresh(text(&tokens, "refresh_token"), &[("scope", "openid")]).await.good();
    let answer = fetch(&scene, PHOTO, text(&narrowed, "access_token")).await;
    assert_eq!(answer.error(403), "insufficient_scope");
}

#[tokio::test]
async fn where_there_is_none_it_is_404() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[SCOPE]).await;
    let bearer = text(&tokens, "access_token").to_owned();
    assert_eq!(fetch(&scene, PHOTO, &bearer).await.error(404), "not_found");
    for other in ["email", "document", "..%2Fphoto", "%FF", "photo%00", "citizen_id"] {
        let answer = fetch(&scene, &format!("/api/v1/users/me/files/{other}"), &bearer).await;
        assert!([400, 404].contains(&answer.status.as_u16()), "{other}: {answer:?}");
    }
    // Held once, then removed.
    keep(&scene, WEBP).await;
    let entry = Entry::by_operator(scene.app.clock.now(), "user.remove_file", "user", scene.user);
    assert!(user_files::remove(scene.app.pool(), scene.user, "photo", &entry).await.unwrap());
    assert!(!user_files::remove(scene.app.pool(), scene.user, "photo", &entry).await.unwrap());
    assert_eq!(fetch(&scene, PHOTO, &bearer).await.error(404), "not_found");
}

#[tokio::test]
async fn without_a_good_bearer_nothing_is_told() {
    let mut scene = Scene::new().await;
    keep(&scene, WEBP).await;
    let missing = scene.app.door.get(PHOTO).await;
    assert_eq!(
        (missing.status.as_u16(), missing.header("www-authenticate")),
        (401, "Bearer realm=\"tamga\"")
    );
    assert_eq!(scene.app.door.get("/api/v1/users/me/files/nothing").await.status, 401);
    assert_eq!(fetch(&scene, PHOTO, "nonsense").await.error(401), "invalid_token");
    let tokens = scene.tokens(&[SCOPE]).await;
    let bearer = text(&tokens, "access_token").to_owned();
    let in_query = format!("{PHOTO}?access_token={bearer}");
    assert_eq!(scene.app.door.get(&in_query).await.status, 401);
    scene.app.disable_user(scene.user).await;
    assert_eq!(fetch(&scene, PHOTO, &bearer).await.error(401), "invalid_token");
}

#[tokio::test]
async fn a_file_costs_two_round_trips_and_no_commit() {
    let mut scene = Scene::at(TestApp::over_wire().await, |_| {}).await;
    keep(&scene, WEBP).await;
    let tokens = scene.tokens(&[SCOPE]).await;
    let bearer = text(&tokens, "access_token");
    fetch(&scene, PHOTO, bearer).await;
    for _ in 0..10 {
        scene.app.wire().take();
        assert_eq!(fetch(&scene, PHOTO, bearer).await.body, WEBP);
        let counts = scene.app.wire().take();
        // Clients are believed for 2.5 s of real time; on a busy machine that can pass right here.
        if !counts.statements.iter().any(|statement| statement.contains("FROM clients c")) {
            assert!(counts.round_trips <= 2 && counts.commits == 0, "{counts:#?}");
            return;
        }
    }
    panic!("the client was never found in memory");
}
