//! Documents of others: fetched from where the operator's settings allow, within limits.

use std::time::Duration;

use serde_json::json;
use tamga::outbound::fetch::FetchError;
use url::Url;

use crate::support::{app::TestApp, gateway::Gateway};

async fn app_and_gateway() -> (TestApp, Gateway) {
    let app = TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    (app, Gateway::start().await)
}

fn at(gateway: &Gateway, path: &str) -> Url {
    Url::parse(gateway.address()).unwrap().join(path).unwrap()
}

#[tokio::test]
async fn a_listed_range_is_fetched_from_and_others_are_not_even_asked() {
    let (app, gateway) = app_and_gateway().await;
    gateway.answer(&[(200, r#"{"a":1}"#), (200, "not json")]);
    let fetcher = &app.app.fetcher;
    assert_eq!(fetcher.get_json(&at(&gateway, "/x")).await, Ok(json!({"a": 1})));
    assert_eq!(fetcher.get_json(&at(&gateway, "/x")).await, Err(FetchError::Malformed("JSON")));
    let unlisted = TestApp::new().await;
    let secure = at(&gateway, "/x").as_str().replace("http:", "https:");
    for url in [at(&gateway, "/x"), Url::parse(&secure).unwrap()] {
        let refused = unlisted.app.fetcher.get_bytes(&url).await;
        assert!(matches!(refused, Err(FetchError::Refused(_))), "{refused:?}");
    }
    assert_eq!(gateway.asked().len(), 2);
}

#[tokio::test]
async fn ssrf_a_name_that_resolves_to_this_machine_is_refused_where_the_connection_is_made() {
    let (app, gateway) = (TestApp::new().await, Gateway::start().await);
    let port = at(&gateway, "/").port().unwrap();
    let url = Url::parse(&format!("https://localhost:{port}/keys")).unwrap();
    let refused = app.app.fetcher.get_bytes(&url).await;
    assert!(matches!(refused, Err(FetchError::Refused(_))), "{refused:?}");
    // By its name the operator may list it.
    let listed = TestApp::with(&[("outbound.allow", "localhost")]).await;
    let url = Url::parse(&format!("http://localhost:{port}/keys")).unwrap();
    assert_eq!(listed.app.fetcher.get_bytes(&url).await, Ok(b"OK".to_vec()));
}

#[tokio::test]
async fn redirects_are_not_followed_and_large_answers_not_read() {
    let (app, gateway) = app_and_gateway().await;
    let (largest, large) = ("x".repeat(256 * 1024), "x".repeat(256 * 1024 + 1));
    gateway.answer(&[(302, ""), (404, "{}"), (200, &largest), (200, &large)]);
    let fetcher = &app.app.fetcher;
    assert_eq!(fetcher.get_bytes(&at(&gateway, "/x")).await, Err(FetchError::Status(302)));
    assert_eq!(fetcher.get_bytes(&at(&gateway, "/x")).await, Err(FetchError::Status(404)));
    assert_eq!(fetcher.get_bytes(&at(&gateway, "/x")).await.unwrap().len(), largest.len());
    assert_eq!(fetcher.get_bytes(&at(&gateway, "/x")).await, Err(FetchError::TooLarge));
    assert_eq!(gateway.asked().len(), 4);
}

const KEY: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"one"}"#;

#[tokio::test]
async fn keys_are_fetched_once_and_again_for_an_unknown_one_but_not_at_a_strangers_pace() {
    let (app, gateway) = app_and_gateway().await;
    let (one, two) = (format!("{{\"keys\":[{KEY}]}}"), KEY.replace("one", "two"));
    let both = format!("{{\"keys\":[{KEY},{two}]}}");
    gateway.answer(&[(200, &one), (200, &both)]);
    let url = at(&gateway, "/jwks");
    gateway.pause(Duration::from_millis(100));
    let (first, second) = tokio::join!(app.app.keys_at(&url, Some("one")), app.app.keys_at(&url, None));
    assert!(first.unwrap().has("one") && second.unwrap().has("one"));
    assert_eq!(gateway.asked().len(), 1, "one of the two fetched");
    assert!(!app.app.keys_at(&url, Some("two")).await.unwrap().has("two"));
    assert_eq!(gateway.asked().len(), 1, "too soon");
    app.clock.advance(time::Duration::seconds(31));
    assert!(app.app.keys_at(&url, Some("two")).await.unwrap().has("two"));
    assert!(!app.app.keys_at(&url, Some("three")).await.unwrap().has("three"));
    assert_eq!(gateway.asked().len(), 2);
}

#[tokio::test]
async fn keys_that_cannot_be_had_again_are_believed_for_an_hour() {
    let (app, gateway) = app_and_gateway().await;
    let set = format!("{{\"keys\":[{KEY}]}}");
    gateway.answer(&[(200, &set), (500, ""), (200, "[]")]);
    let url = at(&gateway, "/jwks");
    assert!(app.app.keys_at(&url, None).await.is_ok());
    app.clock.advance(time::Duration::minutes(30));
    assert!(app.app.keys_at(&url, None).await.unwrap().has("one"));
    app.clock.advance(time::Duration::minutes(31));
    assert_eq!(app.app.keys_at(&url, None).await.map(drop), Err(FetchError::Malformed("a JWK set")));
    assert_eq!(gateway.asked().len(), 3);
    assert!(app.app.keys_at(&url, None).await.is_err());
    assert_eq!(gateway.asked().len(), 3, "too soon");
}
