//! OpenID 2.0 to OpenID Connect Migration 1.0: one client that speaks both, and nobody's account lost.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use tamga::model::client::{Client, Flow};

use super::scene::{REALM, Scene, answered, fetch, ours, pairs};
use crate::{
    oauth2,
    support::app::{CALLBACK, ISSUER},
};

const SCOPE: (&str, &str) = ("scope", "openid openid2");
const UUID: &str = "http://www.egov.go.th/2012/identifier/uuid";

/// A relying party on its way: OpenID 2.0 today, OpenID Connect tomorrow.
async fn moving(tweak: impl FnOnce(&mut Client)) -> Scene {
    Scene::with(|client| {
        client.flows = vec![Flow::Openid2, Flow::AuthorizationCode];
        client.redirect_uris = vec![CALLBACK.to_owned()];
        tweak(client);
    })
    .await
}

/// Asks by OpenID Connect and goes through whatever pages come.
async fn connect(scene: &mut Scene, change: &[(&str, &str)]) -> (Value, String) {
    let stop = scene.browser.open(&oauth2::request("rp", change)).await;
    let stop = oauth2::go_on(&mut scene.browser, "somchai", stop).await;
    let code = stop.parameter("code");
    assert!(!code.is_empty(), "{}", stop.url);
    let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", CALLBACK)];
    let tokens = scene.app.door.post_as(&scene.rp, "/oauth2/token", &fields).await.good();
    let id_token = tokens["id_token"].as_str().unwrap();
    let payload = URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1).unwrap()).unwrap();
    (serde_json::from_slice(&payload).unwrap(), tokens["access_token"].as_str().unwrap().to_owned())
}

/// The claimed_id and the account's number, by OpenID 2.0.
async fn openid2(scene: &mut Scene) -> (String, String) {
    let uuid = fetch(&[("uuid", UUID)], &[]);
    let answer = answered(&scene.answer(&pairs(&uuid)).await);
    (answer["claimed_id"].clone(), answer["x.value.uuid"].clone())
}

#[tokio::test]
async fn migration_s4_the_id_token_has_the_identifier_that_openid_2_asserts() {
    let mut scene = moving(|_| {}).await;
    let (claimed_id, uuid) = openid2(&mut scene).await;
    assert_eq!(claimed_id, ours("/id/Somchai"));
    let (claims, access_token) = connect(&mut scene, &[SCOPE]).await;
    assert_eq!(claims["openid2_id"], claimed_id);
    assert_eq!(claims["sub"], scene.user.to_string());
    assert_eq!(claims["sub"], uuid, "the same subject for the same person");
    let bearer = format!("Bearer {access_token}");
    let userinfo =
        scene.app.door.call(Method::GET, "/oauth2/userinfo", &[("authorization", &bearer)], "").await;
    assert_eq!(userinfo.good()["openid2_id"], claimed_id);
    // §6: the relying party asks the identifier itself whose word counts.
    let path = claimed_id.strip_prefix(ISSUER).unwrap();
    let iss = scene.app.door.call(Method::GET, path, &[("accept", "application/json")], "").await.good();
    assert_eq!(iss["iss"], claims["iss"]);
}

#[tokio::test]
async fn a_pairwise_name_is_the_same_by_both_ways() {
    let mut scene = moving(|client| client.settings.openid2_pairwise = true).await;
    let stop = scene.answer(&[]).await;
    let claimed_id = answered(&stop)["claimed_id"].clone();
    assert!(!claimed_id.to_lowercase().contains("somchai"), "{claimed_id}");
    let (claims, _) = connect(&mut scene, &[SCOPE]).await;
    assert_eq!(claims["openid2_id"], claimed_id);
}

#[tokio::test]
async fn without_the_scope_there_is_no_such_claim() {
    let mut scene = moving(|_| {}).await;
    let (claims, _) = connect(&mut scene, &[("scope", "openid profile")]).await;
    assert_eq!(claims.get("openid2_id"), None);
}

#[tokio::test]
async fn migration_s9_1_the_person_is_asked_and_what_they_keep_back_is_not_told() {
    let mut scene = moving(|_| {}).await;
    let password = crate::support::app::PASSWORD;
    scene.browser.open(&oauth2::request("rp", &[SCOPE])).await;
    let stop = scene.browser.submit("login-form", &[("username", "somchai"), ("password", password)]).await;
    let shown = stop.answer.body.replace("&#x2f;", "/");
    assert!(shown.contains(&ours("/id/Somchai")), "the person sees what would be told");
    scene.browser.untick("claim", "openid2_id");
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    let code = stop.parameter("code");
    let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", CALLBACK)];
    let tokens = scene.app.door.post_as(&scene.rp, "/oauth2/token", &fields).await.good();
    let id_token = tokens["id_token"].as_str().unwrap();
    let payload = URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1).unwrap()).unwrap();
    assert!(!String::from_utf8(payload).unwrap().contains("openid2_id"));
}

#[tokio::test]
async fn one_consent_holds_for_both() {
    let mut scene = moving(|_| {}).await;
    connect(&mut scene, &[SCOPE]).await;
    // Allowed once, by OpenID Connect: by OpenID 2.0 nobody is asked again.
    let answer = answered(&scene.ask(&[("openid.mode", "checkid_immediate")]).await);
    assert_eq!(answer["mode"], "id_res");
    assert_eq!(answer["claimed_id"], ours("/id/Somchai"));
    let consents: i64 =
        sqlx::query_scalar("SELECT count(*) FROM consents").fetch_one(scene.app.pool()).await.unwrap();
    assert_eq!(consents, 1);
}

#[tokio::test]
async fn migration_s3_a_realm_must_be_the_clients_own_and_hold_the_return_address() {
    let mut scene = moving(|client| {
        client.redirect_uris.push("https://elsewhere.example/cb".to_owned());
        client.settings.openid2_realms.push("https://elsewhere.example/app/".to_owned());
    })
    .await;
    let (claims, _) = connect(&mut scene, &[SCOPE, ("openid2_realm", REALM)]).await;
    assert_eq!(claims["openid2_id"], ours("/id/Somchai"));
    for (realm, why) in [
        ("https://other.example/", "does not hold redirect_uri"),
        ("https://*.com/", "other owners"),
        ("nonsense", "web address"),
        ("https://elsewhere.example/app/", "does not hold redirect_uri"),
    ] {
        let stop = scene.browser.open(&oauth2::request("rp", &[SCOPE, ("openid2_realm", realm)])).await;
        assert_eq!(stop.parameter("error"), "invalid_request", "{realm}");
        let description = stop.parameter("error_description");
        assert!(description.contains("openid2_realm") && description.contains(why), "{description}");
    }
    // Its own address, and yet nothing it registered as a realm.
    let there = [
        SCOPE,
        ("redirect_uri", "https://elsewhere.example/cb"),
        ("openid2_realm", "https://elsewhere.example/cb"),
    ];
    let stop = scene.browser.open(&oauth2::request("rp", &there)).await;
    assert!(stop.parameter("error_description").contains("no realm that the client registered"));
    // Where it is not asked for, it says nothing.
    connect(&mut scene, &[("openid2_realm", "nonsense")]).await;
}
