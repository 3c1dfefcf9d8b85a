//! `POST /api/v1/trusted-phone`, and what becomes of the secret it gives.

use axum::http::Method;
use serde_json::{Value, json};
use tamga::{
    model::client::{Client, ClientType},
    secret::Token,
    store::{purge, trusted_phones},
};
use time::Duration;

use crate::support::{
    app::{START, TestApp, TestClient},
    door::{Answer, basic},
};

const PATH: &str = "/api/v1/trusted-phone";
const PHONE: &str = "+77011234567";

fn trusted(client: &mut Client) {
    client.settings.trusted_phone = true;
}

async fn app() -> TestApp {
    TestApp::with(&[("profiles.aitu", "true")]).await
}

async fn vouch(app: &TestApp, client: &TestClient, body: &Value) -> Answer {
    let basic = basic(client.id(), client.secret());
    let headers = [("authorization", &*basic), ("content-type", "application/json")];
    app.door.call(Method::POST, PATH, &headers, &body.to_string()).await
}

async fn post(app: &TestApp, content_type: &str, body: &str) -> Answer {
    app.door.call(Method::POST, PATH, &[("content-type", content_type)], body).await
}

/// A secret for the phone, as it would be sent in `otp_confirmation`.
async fn secret(app: &TestApp, client: &TestClient) -> Token {
    let answer = vouch(app, client, &json!({"phone": PHONE})).await.good();
    Token::from(answer["secret"].as_str().unwrap())
}

async fn redeem(app: &TestApp, secret: &Token, client: &TestClient, phone: &str) -> bool {
    let now = app.clock.now();
    trusted_phones::redeem(app.pool(), secret.digest(), client.client.id, phone, now).await.unwrap()
}

#[tokio::test]
async fn a_trusted_client_gets_a_secret_with_its_credentials_in_the_header_or_in_the_json() {
    let app = app().await;
    let client = app.client("rp", trusted).await;
    let answer = vouch(&app, &client, &json!({"phone": PHONE})).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let first = answer.good();
    assert_eq!(first["expires_in"], 3600);
    assert_eq!(first["secret"].as_str().unwrap().len(), 43);
    let body = json!({"phone": PHONE, "client_id": "rp", "client_secret": client.secret(), "more": [1]});
    let second = post(&app, "application/json; charset=utf-8", &body.to_string()).await.good();
    assert_ne!(first["secret"], second["secret"]);
    assert!(!app.log().contains("7011234567") && !app.log().contains(first["secret"].as_str().unwrap()));
}

#[tokio::test]
async fn what_can_not_be_read_is_invalid_request_by_name() {
    let app = app().await;
    let client = app.client("rp", trusted).await;
    for (body, named) in [
        (json!({}), "phone"),
        (json!({"phone": ""}), "phone"),
        (json!({"phone": null}), "phone"),
        (json!({"phone": 77011234567u64}), "phone"),
        (json!({"phone": "7701"}), "phone"),
        (json!({"phone": "+77011234567\u{0}"}), "phone"),
        (json!({"phone": "8 (701) 123-45-67"}), "phone"),
        (json!([PHONE]), "body"),
        (json!(PHONE), "body"),
        (json!({"phone": PHONE, "client_id": 5}), "client_id"),
    ] {
        let answer = vouch(&app, &client, &body).await;
        assert_eq!(answer.error(400), "invalid_request", "{body}");
        let description = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(description.starts_with(named), "{body}: {description}");
    }
    let named = |answer: Answer| {
        assert_eq!(answer.error(400), "invalid_request");
        answer.json()["error_description"].as_str().unwrap().to_owned()
    };
    for broken in ["", "{", "{\"phone\":", "\u{feff}{}", "phone=1"] {
        assert!(named(post(&app, "application/json", broken).await).starts_with("body"), "{broken}");
    }
    let twice = format!("{{\"phone\":\"{PHONE}\",\"phone\":\"{PHONE}\"}}");
    assert!(named(post(&app, "application/json", &twice).await).contains("phone is repeated"));
    let good = json!({"phone": PHONE}).to_string();
    for kind in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        assert!(named(post(&app, kind, &good).await).starts_with("Content-Type"), "{kind}");
    }
    assert_eq!(app.door.call(Method::GET, PATH, &[], "").await.status, 405);
}

#[tokio::test]
async fn a_client_that_can_not_prove_who_it_is_is_refused() {
    let app = app().await;
    let client = app.client("rp", trusted).await;
    for (id, secret) in [("rp", "wrong"), ("nobody", client.secret())] {
        let body = json!({"phone": PHONE, "client_id": id, "client_secret": secret}).to_string();
        assert_eq!(post(&app, "application/json", &body).await.error(401), "invalid_client");
    }
    let nobody = post(&app, "application/json", &json!({"phone": PHONE}).to_string()).await;
    assert_eq!(nobody.error(401), "invalid_client");
    let headers = [("authorization", &*basic("rp", "wrong")), ("content-type", "application/json")];
    let answer = app.door.call(Method::POST, PATH, &headers, "{}").await;
    assert_eq!(answer.error(401), "invalid_client");
    assert!(answer.header("www-authenticate").starts_with("Basic"));
}

#[tokio::test]
async fn a_client_without_that_trust_is_unauthorized_and_so_is_a_public_one() {
    let app = app().await;
    let client = app.client("rp", |_| {}).await;
    assert_eq!(vouch(&app, &client, &json!({"phone": PHONE})).await.error(403), "unauthorized_client");
    let public = app.public_client("app", trusted).await;
    assert_eq!(public.client.client_type, ClientType::Public);
    let body = json!({"phone": PHONE, "client_id": "app"}).to_string();
    assert_eq!(post(&app, "application/json", &body).await.error(403), "unauthorized_client");
}

#[tokio::test]
async fn the_path_is_there_with_the_profile_alone() {
    let app = TestApp::with(&[("profiles.aitu", "false")]).await;
    let client = app.client("rp", trusted).await;
    assert_eq!(vouch(&app, &client, &json!({"phone": PHONE})).await.status, 404);
}

#[tokio::test]
async fn the_eleventh_for_one_phone_within_a_minute_waits_at_whatever_instance_and_client() {
    let app = app().await;
    let (client, second) = (app.client("rp", trusted).await, app.client("rp2", trusted).await);
    let other = app.another_with(&[("profiles.aitu", "true")]).await;
    for n in 0..10 {
        let (app, client) = if n % 2 == 0 { (&app, &client) } else { (&other, &second) };
        vouch(app, client, &json!({"phone": PHONE})).await.good();
        app.clock.advance(Duration::seconds(1));
    }
    for app in [&app, &other] {
        let answer = vouch(app, &client, &json!({"phone": "77011234567"})).await;
        answer.error(429);
        assert_eq!(answer.header("retry-after"), "50", "the first of the ten was 10 s ago");
    }
    vouch(&app, &client, &json!({"phone": "+77011234568"})).await.good();
    app.clock.advance(Duration::seconds(49));
    vouch(&app, &client, &json!({"phone": PHONE})).await.error(429);
    app.clock.advance(Duration::seconds(1));
    vouch(&app, &client, &json!({"phone": PHONE})).await.good();
    vouch(&app, &client, &json!({"phone": PHONE})).await.error(429);
}

#[tokio::test]
async fn of_twenty_at_once_for_one_phone_ten_are_taken() {
    let app = app().await;
    let client = app.client("rp", trusted).await;
    let body = json!({"phone": PHONE});
    let all = futures_util::future::join_all((0..20).map(|_| vouch(&app, &client, &body))).await;
    let taken = all.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(taken, 10);
    assert!(all.iter().all(|answer| answer.status == 200 || answer.status == 429));
}

#[tokio::test]
async fn a_secret_is_good_once_for_its_client_and_phone() {
    let app = app().await;
    let (client, foreign) = (app.client("rp", trusted).await, app.client("rp2", trusted).await);
    let one = secret(&app, &client).await;
    assert!(!redeem(&app, &one, &foreign, PHONE).await, "another client's");
    assert!(!redeem(&app, &one, &client, "+77011234568").await, "another phone's");
    assert!(!redeem(&app, &Token::from("made up"), &client, PHONE).await);
    assert!(redeem(&app, &one, &client, PHONE).await, "the failures spent nothing");
    assert!(!redeem(&app, &one, &client, PHONE).await, "used");
}

#[tokio::test]
async fn a_secret_lives_sixty_minutes() {
    let app = app().await;
    let client = app.client("rp", trusted).await;
    let (early, late) = (secret(&app, &client).await, secret(&app, &client).await);
    app.clock.advance(Duration::minutes(60) - Duration::seconds(1));
    assert!(redeem(&app, &early, &client, PHONE).await);
    app.clock.advance(Duration::seconds(1));
    assert!(!redeem(&app, &late, &client, PHONE).await);
}

#[tokio::test]
async fn of_two_who_use_a_secret_at_once_one_wins() {
    let app = app().await;
    let client = app.client("rp", trusted).await;
    for _ in 0..5 {
        let one = secret(&app, &client).await;
        let both = tokio::join!(redeem(&app, &one, &client, PHONE), redeem(&app, &one, &client, PHONE));
        assert!(both.0 ^ both.1, "{both:?}");
    }
}

#[tokio::test]
async fn what_is_too_old_is_taken_away_and_what_counts_still_stays() {
    let app = app().await;
    let client = app.client("rp", trusted).await;
    secret(&app, &client).await;
    let rows = async |table: &str| -> i64 {
        let count = format!("SELECT count(*) FROM {table}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(app.pool()).await.unwrap()
    };
    purge::purge_expired(app.pool(), START + Duration::minutes(59)).await.unwrap();
    assert_eq!((rows("trusted_phones").await, rows("spends").await), (1, 1));
    purge::purge_expired(app.pool(), START + Duration::minutes(61)).await.unwrap();
    assert_eq!((rows("trusted_phones").await, rows("spends").await), (0, 1));
    purge::purge_expired(app.pool(), START + Duration::days(3)).await.unwrap();
    assert_eq!(rows("spends").await, 0);
}
