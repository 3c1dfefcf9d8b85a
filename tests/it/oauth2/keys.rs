//! Keys that change by themselves, and copies of them that relying parties keep.

use std::time::Duration as Life;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tamga::{
    app::{App, PUBLISHED_BEFORE, Rotation, destroy_retired_keys, rotate_due_keys},
    model::signing::Algorithm,
    store::{self, signing_keys::StoredKey},
};
use time::Duration;

use super::{Scene, header, text};
use crate::support::app::TestApp;

const DAY: Life = Life::from_secs(86_400);
const LIFETIME: Life = Life::from_secs(90 * 86_400);

/// What the background task of a running server does.
async fn rotate(app: &App, lifetime: Life) -> Vec<Rotation> {
    let rotations =
        rotate_due_keys(&app.pool, lifetime, &app.sealer, &app.rng, app.clock.now()).await.unwrap();
    app.keys.reload(&app.pool, &app.sealer, app.clock.now()).await.unwrap();
    rotations
}

async fn stored(app: &TestApp) -> Vec<StoredKey> {
    store::signing_keys::list(app.pool()).await.unwrap()
}

async fn published(app: &TestApp) -> Vec<String> {
    let set = app.door.get("/oauth2/jwks").await.good();
    set["keys"].as_array().unwrap().iter().map(|key| text(key, "kid").to_owned()).collect()
}

async fn lines(app: &TestApp, action: &str) -> Vec<Value> {
    crate::service::journal(app, action).await
}

#[tokio::test]
async fn a_key_past_its_lifetime_gives_way_to_one_that_everybody_knows() {
    let mut scene = Scene::new().await;
    let kid = header(text(&scene.tokens(&[]).await, "id_token"))["kid"].clone();
    scene.app.clock.advance(Duration::days(90) - Duration::seconds(1));
    assert!(rotate(&scene.app.app, LIFETIME).await.is_empty(), "not yet");
    let known = published(&scene.app).await;
    scene.app.clock.advance(Duration::seconds(1));
    let rotations = rotate(&scene.app.app, LIFETIME).await;
    assert_eq!(rotations.len(), Algorithm::ALL.len());
    assert!(rotate(&scene.app.app, LIFETIME).await.is_empty(), "once");
    for rotation in &rotations {
        assert!(known.contains(&rotation.active), "published before it signs");
        assert!(!known.contains(&rotation.waiting));
    }
    let now = published(&scene.app).await;
    assert!(known.iter().all(|kid| now.contains(kid)), "the former stay published");
    let new = header(text(&scene.tokens(&[]).await, "id_token"))["kid"].clone();
    assert_ne!(new, kid);
    assert!(rotations.iter().any(|rotation| new == json!(rotation.active)));
    let lines = lines(&scene.app, "key.rotate").await;
    assert_eq!(lines.len(), rotations.len());
    assert!(lines.iter().all(|line| line["actor"] == json!({"kind": "system", "id": null})));
    assert!(rotations.iter().all(|r| lines.iter().any(|line| line["subject"]["id"] == json!(r.active))));
}

#[tokio::test]
async fn a_key_signs_by_itself_only_after_it_was_published_for_a_day() {
    let app = TestApp::new().await;
    let beginning = app.clock.now();
    app.clock.advance(Duration::days(1));
    assert_eq!(rotate(&app.app, DAY).await.len(), 4);
    // The key that waits now was made a moment ago; the one that signs is old again in a day.
    app.clock.advance(Duration::days(1) - Duration::seconds(1));
    assert!(rotate(&app.app, DAY).await.is_empty());
    app.clock.advance(Duration::seconds(1));
    assert_eq!(rotate(&app.app, DAY).await.len(), 4);
    for key in stored(&app).await.iter().filter(|key| key.active_at.is_some_and(|at| at > beginning)) {
        assert!(key.active_at.unwrap() - key.created_at >= PUBLISHED_BEFORE);
    }
}

#[tokio::test]
async fn of_two_instances_that_rotate_at_once_one_does() {
    let one = TestApp::new().await;
    let other = one.another().await;
    one.clock.advance(Duration::days(90));
    let (left, right) = tokio::join!(rotate(&one.app, LIFETIME), rotate(&other.app, LIFETIME));
    assert_eq!(left.len() + right.len(), Algorithm::ALL.len(), "each algorithm once");
    let keys = stored(&one).await;
    for algorithm in Algorithm::ALL {
        let live: Vec<_> =
            keys.iter().filter(|k| k.algorithm == *algorithm && k.retired_at.is_none()).collect();
        let waiting = live.iter().filter(|key| key.active_at.is_none()).count();
        assert_eq!((live.len(), waiting), (2, 1), "{algorithm}: one signs, one waits");
    }
    assert_eq!(lines(&one, "key.rotate").await.len(), Algorithm::ALL.len());
}

#[tokio::test]
async fn a_lifetime_of_zero_leaves_keys_to_the_operator() {
    let app = TestApp::new().await;
    app.clock.advance(Duration::days(3650));
    assert!(rotate(&app.app, Life::ZERO).await.is_empty());
}

#[tokio::test]
async fn the_private_half_of_a_retired_key_is_destroyed() {
    let app = TestApp::new().await;
    app.clock.advance(Duration::days(90));
    rotate(&app.app, LIFETIME).await;
    let former: Vec<_> = stored(&app).await.into_iter().filter(|key| key.retired_at.is_some()).collect();
    assert_eq!(former.len(), 4);
    let destroy = async || destroy_retired_keys(app.pool(), app.clock.now()).await.unwrap();
    app.clock.advance(Duration::days(31));
    // Other instances' clocks may be behind, and they still read it.
    assert!(destroy().await.is_empty());
    app.clock.advance(Duration::hours(1));
    let mut destroyed = destroy().await;
    destroyed.sort();
    let mut expected: Vec<_> = former.into_iter().map(|key| key.kid).collect();
    expected.sort();
    assert_eq!(destroyed, expected);
    assert!(destroy().await.is_empty(), "once");
    for key in stored(&app).await {
        assert_eq!(key.is_destroyed(), expected.contains(&key.kid));
    }
    assert_eq!(lines(&app, "key.destroy").await.len(), 4);
    // An instance whose clock is behind passes it over.
    let now = app.clock.now();
    app.app.keys.reload(app.pool(), &app.app.sealer, now - Duration::days(30)).await.unwrap();
    assert!(published(&app).await.iter().all(|kid| !expected.contains(kid)));
}

#[tokio::test]
async fn rfc_9110_s13_whoever_has_a_copy_of_keys_or_documents_is_told_that_it_holds() {
    let app = TestApp::new().await;
    let ask =
        async |path: &str, tag: &str| app.door.call(Method::GET, path, &[("if-none-match", tag)], "").await;
    for path in
        ["/oauth2/jwks", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]
    {
        let whole = app.door.get(path).await;
        let tag = whole.header("etag").to_owned();
        assert_eq!((tag.starts_with('"'), whole.header("cache-control")), (true, "public, max-age=300"));
        let same = ask(path, &tag).await;
        assert_eq!((same.status, same.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!((same.header("etag"), same.header("cache-control")), (&*tag, "public, max-age=300"));
        assert_eq!(ask(path, "\"other\"").await.body, whole.body, "{path}");
        assert_eq!(app.another().await.door.get(path).await.header("etag"), tag, "on every instance");
    }
    let tag = app.door.get("/oauth2/jwks").await.header("etag").to_owned();
    app.clock.advance(Duration::days(90));
    rotate(&app.app, LIFETIME).await;
    let changed = ask("/oauth2/jwks", &tag).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), tag);
    let longer = app.another_with(&[("oauth2.documents_max_age", "1h")]).await;
    assert_eq!(longer.door.get("/oauth2/jwks").await.header("cache-control"), "public, max-age=3600");
}
