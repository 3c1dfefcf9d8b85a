//! What people are called at clients that may not compare them (OpenID Connect Core §8).

use serde_json::{Value, json};
use tamga::{
    model::{
        client::{Client, Flow},
        relying_party::SubjectType,
    },
    protocol::oauth2::subject,
};

use super::{Scene, claims, go_on, request, text};
use crate::support::{
    app::{CALLBACK, TestApp, TestClient},
    gateway::Gateway,
};

const API: &str = "https://api.example";

fn pairwise(client: &mut Client) {
    client.settings.oidc.subject_type = SubjectType::Pairwise;
}

/// What this client calls the person of the scene's browser.
async fn sub_at(scene: &mut Scene, client: &TestClient, callback: &str) -> Value {
    let request = request(client.id(), &[("redirect_uri", callback)]);
    let stop = scene.browser.open(&request).await;
    let stop = go_on(&mut scene.browser, "somchai", stop).await;
    let code = stop.parameter("code");
    let tokens = scene.exchange_as(client, &code, &[("redirect_uri", callback)]).await.good();
    claims(text(&tokens, "id_token"))["sub"].clone()
}

#[tokio::test]
async fn oidc_core_s8_one_name_stands_wherever_a_pairwise_client_is_told_who_it_is() {
    let mut scene = Scene::with(pairwise).await;
    let change = [("scope", "openid offline_access user_id"), ("prompt", "consent")];
    let tokens = scene.tokens(&change).await;
    let sub = claims(text(&tokens, "id_token"))["sub"].clone();
    assert_ne!(sub, json!(scene.user));
    let access_token = text(&tokens, "access_token");
    assert_eq!(claims(access_token)["sub"], sub);
    let told = scene.userinfo(access_token).await.good();
    assert_eq!((&told["sub"], &told["user_id"]), (&sub, &sub));
    let refresh_token = text(&tokens, "refresh_token");
    for token in [access_token, refresh_token] {
        let told = scene.app.door.post_as(&scene.rp, "/oauth2/introspect", &[("token", token)]).await.good();
        assert_eq!((&told["sub"], told.get("username")), (&sub, None));
    }
    let refreshed = scene.refresh(refresh_token, &[]).await.good();
    assert_eq!(claims(text(&refreshed, "id_token"))["sub"], sub);
    for told in [tokens, refreshed] {
        for jwt in ["id_token", "access_token"] {
            let number = scene.user.to_string();
            assert!(!claims(text(&told, jwt)).to_string().contains(&number), "the account's number in {jwt}");
        }
    }
}

#[tokio::test]
async fn oidc_core_s8_1_clients_of_one_sector_share_a_name_and_others_do_not() {
    const OTHER: &str = "https://other.example/cb";
    const NAMED: &str = "https://third.example/cb";
    let mut scene = Scene::with(pairwise).await;
    let sector = "https://rp.example/sector.json";
    let same = scene.app.client("same", pairwise).await;
    let other = |client: &mut Client| {
        pairwise(client);
        client.redirect_uris = vec![OTHER.to_owned()];
    };
    let other = scene.app.client("other", other).await;
    let named = |client: &mut Client| {
        pairwise(client);
        client.redirect_uris = vec![NAMED.to_owned(), OTHER.to_owned()];
        client.settings.oidc.sector_identifier_uri = Some(sector.to_owned());
    };
    let named = scene.app.client("named", named).await;
    let public = scene.app.client("public", |_| {}).await;
    let rp = scene.rp.clone();
    let sub = sub_at(&mut scene, &rp, CALLBACK).await;
    assert_eq!(sub_at(&mut scene, &same, CALLBACK).await, sub);
    assert_eq!(sub_at(&mut scene, &named, NAMED).await, sub, "by sector_identifier_uri");
    assert_ne!(sub_at(&mut scene, &other, OTHER).await, sub);
    assert_eq!(sub_at(&mut scene, &public, CALLBACK).await, json!(scene.user));
    // After a restart people are who they were.
    let again = scene.app.another().await;
    assert_eq!(json!(subject::of(&again.app, &rp.client, scene.user)), sub);
}

#[tokio::test]
async fn a_session_is_called_otherwise_at_every_sector_too() {
    let mut scene = Scene::with(pairwise).await;
    let public = scene.app.client("public", |_| {}).await;
    let sid = claims(text(&scene.tokens(&[]).await, "id_token"))["sid"].clone();
    let stop = scene.browser.open(&request("public", &[])).await;
    let stop = go_on(&mut scene.browser, "somchai", stop).await;
    let tokens = scene.exchange_as(&public, &stop.parameter("code"), &[]).await.good();
    let own = claims(text(&tokens, "id_token"))["sid"].clone();
    assert_ne!(sid, own, "what two clients are told must not show that it is one person");
    let session = subject::session(&scene.app.app, &scene.rp.client, sid.as_str().unwrap()).unwrap();
    assert_eq!(json!(session), own);
}

#[tokio::test]
async fn hints_and_demands_name_a_person_as_the_client_knows_them() {
    let mut scene = Scene::with(pairwise).await;
    scene.app.user("other").await;
    let tokens = scene.tokens(&[]).await;
    let hint = text(&tokens, "id_token");
    let sub = claims(hint)["sub"].as_str().unwrap().to_owned();
    let demand = |sub: &str| json!({"id_token": {"sub": {"value": sub}}}).to_string();
    for (what, change) in [("hint", ("id_token_hint", hint)), ("claims", ("claims", &demand(&sub)))] {
        let stop = scene.ask(&[("prompt", "none"), change]).await;
        assert!(!stop.parameter("code").is_empty(), "{what}: {}", stop.url);
    }
    // The account's own number is nobody's name here.
    let stop = scene.ask(&[("prompt", "none"), ("claims", &demand(&scene.user.to_string()))]).await;
    assert_eq!(stop.parameter("error"), "login_required");
    let stop = scene.ask(&[("prompt", "none"), ("claims", &demand("nobody"))]).await;
    assert_eq!(stop.parameter("error"), "invalid_request");
    let mut stranger = scene.app.browser();
    let stop = stranger.open(&scene.request(&[])).await;
    go_on(&mut stranger, "other", stop).await;
    let stop = stranger.open(&scene.request(&[("prompt", "none"), ("id_token_hint", hint)])).await;
    assert_eq!(stop.parameter("error"), "login_required");
    // At logout as well.
    let stop = scene.browser.open(&format!("/oauth2/logout?id_token_hint={hint}")).await;
    assert!(stop.has("logged-out"), "{}", stop.url);
}

#[tokio::test]
async fn a_pairwise_clients_tokens_are_exchanged_and_found_again() {
    const GRANT: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    const KINDS: &str = "urn:ietf:params:oauth:token-type:";
    let mut scene = Scene::with(|client| {
        pairwise(client);
        client.flows = vec![Flow::AuthorizationCode, Flow::TokenExchange];
        client.resources = vec![API.to_owned()];
    })
    .await;
    let tokens = scene.tokens(&[("resource", API)]).await;
    let sub = claims(text(&tokens, "id_token"))["sub"].clone();
    for kind in ["id_token", "access_token"] {
        let typed = format!("{KINDS}{kind}");
        let fields = [GRANT, ("subject_token", text(&tokens, kind)), ("subject_token_type", &typed)];
        let fields = [fields.as_slice(), &[("resource", API)]].concat();
        let made = scene.app.door.post_as(&scene.rp, "/oauth2/token", &fields).await.good();
        let made = text(&made, "access_token");
        assert_eq!(claims(made)["sub"], sub, "{kind}");
        let told = scene.app.door.post_as(&scene.rp, "/oauth2/introspect", &[("token", made)]).await.good();
        assert_eq!((&told["active"], &told["sub"]), (&json!(true), &sub), "{kind}");
    }
}

#[tokio::test]
async fn a_pairwise_service_client_knows_its_user_by_its_sectors_name() {
    let app = TestApp::new().await;
    let service = |client: &mut Client| {
        pairwise(client);
        crate::service::service(client);
        client.profile = None;
        client.resources.clear();
    };
    let client = app.client("service", service).await;
    let user = app.user("somchai").await;
    let fields = [("grant_type", "password"), ("username", "somchai"), ("password", "")];
    let answer = app.door.post_as(&client, "/oauth2/token", &fields).await.good();
    let token = text(&answer, "access_token");
    assert_eq!(claims(token)["sub"], json!(subject::of(&app.app, &client.client, user)));
    assert_ne!(claims(token)["sub"], json!(user));
    let told = app.door.post_as(&client, "/oauth2/introspect", &[("token", token)]).await.good();
    assert_eq!((&told["active"], told.get("username")), (&json!(true), None));
}

#[tokio::test]
async fn oidc_core_s8_1_a_sectors_document_lists_every_return_address() {
    let app = TestApp::with(&[("outbound.allow", "127.0.0.0/8")]).await;
    let gateway = Gateway::start().await;
    let mut client = app.client("rp", pairwise).await.client;
    let more = "https://b.example/cb";
    client.redirect_uris.push(more.to_owned());
    let check = async |client: &Client| subject::check_sector(&app.app.fetcher, client).await;
    assert!(check(&client).await.is_err_and(|why| why.contains("sector_identifier_uri")), "several hosts");
    client.settings.oidc.subject_type = SubjectType::Public;
    assert_eq!(check(&client).await, Ok(()), "a public client has no sector");
    pairwise(&mut client);
    client.settings.oidc.sector_identifier_uri = Some(format!("{}/sector.json", gateway.address()));
    let all = json!([CALLBACK, "https://c.example/", more]).to_string();
    let some = json!([CALLBACK]).to_string();
    gateway.answer(&[(200, &all), (200, &some), (200, "{}"), (200, "[3"), (404, "[]")]);
    assert_eq!(check(&client).await, Ok(()));
    for expected in [more, "array", "JSON", "404"] {
        let why = check(&client).await.unwrap_err();
        assert!(why.starts_with("sector_identifier_uri: ") && why.contains(expected), "{why}");
    }
    // Whoever registers can't make us ask machines that only we can reach.
    let unlisted = TestApp::new().await;
    assert!(subject::check_sector(&unlisted.app.fetcher, &client).await.is_err());
}
