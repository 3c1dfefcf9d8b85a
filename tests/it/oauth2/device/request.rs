//! The device asks for its codes (RFC 8628 §3.1, §3.2).

use tamga::model::client::Flow;

use super::{Stage, text};
use crate::support::app::{ISSUER, TestApp};

#[tokio::test]
async fn rfc_8628_s3_2_the_answer_holds_both_codes_and_where_to_go() {
    let stage = Stage::new().await;
    let answer = stage.ask(&[("scope", "openid email")]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let codes = answer.good();
    let user_code = text(&codes, "user_code");
    let (head, tail) = user_code.split_once('-').unwrap();
    for half in [head, tail] {
        assert!(half.len() == 4 && half.bytes().all(|b| b"BCDFGHJKLMNPQRSTVWXZ".contains(&b)), "{user_code}");
    }
    assert_eq!(text(&codes, "device_code").len(), 43, "256 bits");
    assert_eq!(codes["verification_uri"], format!("{ISSUER}/device"));
    assert_eq!(codes["verification_uri_complete"], format!("{ISSUER}/device?user_code={user_code}"));
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&600.into(), &5.into()));
}

#[tokio::test]
async fn lives_and_interval_are_settings() {
    let settings = [("device.code_ttl", "3m"), ("device.interval", "7s")];
    let stage = Stage::at(TestApp::with(&settings).await, |_| {}).await;
    let codes = stage.codes().await;
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&180.into(), &7.into()));
}

#[tokio::test]
async fn rfc_8628_s3_1_the_client_proves_who_it_is_as_at_the_token_endpoint() {
    let app = TestApp::new().await;
    let printer = app.client("printer", |client| client.flows = vec![Flow::DeviceCode]).await;
    app.door.post_as(&printer, "/oauth2/device", &[]).await.good();
    let named = app.door.post("/oauth2/device", &[("client_id", "printer")]).await;
    assert_eq!(named.error(401), "invalid_client");
    let unknown = app.door.post("/oauth2/device", &[("client_id", "nobody")]).await;
    assert_eq!(unknown.error(401), "invalid_client");
    let none = app.door.post("/oauth2/device", &[("scope", "openid")]).await;
    assert!([400, 401].contains(&none.status.as_u16()), "{none:?}");
}

#[tokio::test]
async fn only_clients_that_list_the_flow_may_ask() {
    let stage = Stage::with(|client| client.flows = vec![Flow::AuthorizationCode]).await;
    assert_eq!(stage.ask(&[]).await.error(400), "unauthorized_client");
    let polled = stage.poll(&serde_json::json!({"device_code": "any"})).await;
    assert_eq!(polled.error(400), "unauthorized_client");
}

#[tokio::test]
async fn a_mistake_is_told_to_the_developer_and_not_to_people() {
    let stage = Stage::with(|client| client.scopes.retain(|scope| scope != "phone")).await;
    for (fields, error) in [
        (vec![("scope", "openid unheard-of")], "invalid_scope"),
        (vec![("scope", "openid phone")], "invalid_scope"),
        (vec![("resource", "https://elsewhere.example")], "invalid_target"),
        (vec![("scope", "openid"), ("scope", "email")], "invalid_request"),
        (vec![("scope", "openid"), ("acr_values", "1\0")], "invalid_request"),
    ] {
        assert_eq!(stage.ask(&fields).await.error(400), error, "{fields:?}");
    }
    let query = stage.app.door.post_as(&stage.tv, "/oauth2/device?scope=openid", &[]).await;
    assert_eq!(query.error(400), "invalid_request");
    let json = stage
        .app
        .door
        .call(axum::http::Method::POST, "/oauth2/device", &[("content-type", "application/json")], "{}")
        .await;
    assert_eq!(json.error(400), "invalid_request");
    assert_eq!(stage.app.door.get("/oauth2/device").await.status, 405);
}

#[tokio::test]
async fn rfc_8414_s2_discovery_names_the_endpoint_and_the_grant() {
    let app = TestApp::new().await;
    let described = app.door.get("/.well-known/oauth-authorization-server").await.good();
    assert_eq!(described["device_authorization_endpoint"], format!("{ISSUER}/oauth2/device"));
    let grants = described["grant_types_supported"].as_array().unwrap();
    assert!(grants.contains(&super::GRANT_TYPE.into()));
}

#[tokio::test]
async fn both_codes_are_stored_as_digests_alone() {
    let mut stage = Stage::new().await;
    let codes = stage.codes().await;
    stage.consent(&codes).await;
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT row_to_json(d)::text FROM device_codes d UNION ALL SELECT row_to_json(j)::text FROM journeys j",
    )
    .fetch_all(stage.app.pool())
    .await
    .unwrap();
    assert_eq!(rows.len(), 2);
    let user_code = text(&codes, "user_code");
    for value in [text(&codes, "device_code"), user_code, &user_code.replace('-', "")] {
        assert!(!rows.iter().any(|row| row.contains(value)), "{rows:?}");
    }
}
