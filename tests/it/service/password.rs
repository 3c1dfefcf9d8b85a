//! The password grant of a service client, as the replaced system's documentation shows it.

use axum::http::Method;
use serde_json::json;
use tamga::{
    model::{
        act_for::ActFor,
        client::{AuthMethod, ClientType, Flow},
        hints::Identifier,
        journal::Entry,
        user::UserKind,
    },
    store::representatives,
};
use time::Duration;

use super::{OTHER, SIGN_SERVER, Scene, account};
use crate::{
    oauth2::{claims, header, text},
    support::door::{basic, encoded},
};

#[tokio::test]
async fn the_documented_request_gets_the_documented_answer() {
    let scene = Scene::new().await;
    let credentials = basic("test_id", scene.client.secret());
    let headers =
        [("authorization", credentials.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let body = "grant_type=password&username=Test1&resource=urn%3Acryptopro%3Adss%3Asignserver%3ASignServer&password=";
    for path in ["/oauth2/token", "/STS/oauth/token"] {
        let answer = scene.app.door.call(Method::POST, path, &headers, body).await;
        answer.good();
        let (token, rest) =
            answer.body.strip_prefix("{\"access_token\":\"").unwrap().split_once('"').unwrap();
        assert_eq!(rest, ",\"expires_in\":300,\"token_type\":\"Bearer\"}");
        // The header's first field is `typ`, `JWT` for this profile.
        assert!(token.starts_with("eyJ0eXAiOiJK"), "{token}");
        assert_eq!(header(token)["typ"], "JWT");
        let claims = claims(token);
        assert_eq!((&claims["sub"], &claims["aud"]), (&json!(scene.user), &json!(SIGN_SERVER)));
        assert_eq!((&claims["acr"], &claims["amr"]), (&json!("0"), &json!([])));
        assert_eq!(claims["suppressed_auth"], true);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    }
    let in_body = [("client_id", "test_id"), ("client_secret", scene.client.secret())];
    let fields: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let fields: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).chain(in_body).collect();
    scene.app.door.post("/oauth2/token", &fields).await.good();
}

#[tokio::test]
async fn for_other_profiles_the_type_is_that_of_rfc_9068() {
    let scene = Scene::with(|client| client.profile = None).await;
    let answer = scene.password(&[]).await.good();
    assert_eq!(header(text(&answer, "access_token"))["typ"], "at+jwt");
}

#[tokio::test]
async fn the_password_parameter_must_be_there_and_is_not_looked_at() {
    let scene = Scene::new().await;
    let fields = [("grant_type", "password"), ("username", "Test1"), ("resource", SIGN_SERVER)];
    let absent = scene.ask(&fields).await;
    assert_eq!(absent.error(400), "invalid_request");
    assert!(text(&absent.json(), "error_description").contains("password"), "{absent:?}");
    scene.password(&[("password", "anything at all")]).await.good();
    let unnamed = scene.password(&[("username", "")]).await;
    assert_eq!(unnamed.error(400), "invalid_request");
    assert!(text(&unnamed.json(), "error_description").contains("username"), "{unnamed:?}");
    // A user name is found whatever its case.
    scene.password(&[("username", "tEST1")]).await.good();
}

#[tokio::test]
async fn public_clients_those_without_the_flow_and_empty_passwords_are_unauthorized_client() {
    let mut scene = Scene::new().await;
    let error = async |scene: &Scene| scene.password(&[]).await.error(400);
    scene.app.change_client(&mut scene.client, |c| c.flows = vec![Flow::ClientCredentials]).await;
    assert_eq!(error(&scene).await, "unauthorized_client");
    scene.app.change_client(&mut scene.client, |c| c.flows = vec![Flow::ResourceOwner]).await;
    scene.password(&[]).await.good();
    scene.app.change_client(&mut scene.client, |c| c.settings.suppress_auth_for_issue = false).await;
    assert_eq!(error(&scene).await, "unauthorized_client");
    let public = scene
        .app
        .public_client("public", |client| {
            super::service(client);
            client.client_type = ClientType::Public;
        })
        .await;
    assert_eq!(public.client.auth_methods, [AuthMethod::None]);
    scene.client = public;
    assert_eq!(error(&scene).await, "unauthorized_client");
}

#[tokio::test]
async fn a_client_that_fails_to_prove_itself_is_told_so_in_the_paths_own_word() {
    let mut scene = Scene::new().await;
    scene.client.secret = Some("wrong".to_owned());
    for (path, word) in [("/oauth2/token", "invalid_client"), ("/STS/oauth/token", "unauthorized_client")] {
        let answer = scene.password_at(path, &[]).await;
        assert_eq!(answer.error(401), word);
        assert!(answer.header("www-authenticate").starts_with("Basic "));
    }
}

#[tokio::test]
async fn rfc_8707_s2_a_resource_is_needed_and_must_be_registered() {
    let scene = Scene::new().await;
    assert_eq!(scene.password(&[("resource", "")]).await.error(400), "invalid_target");
    assert_eq!(scene.password(&[("resource", "urn:unknown")]).await.error(400), "invalid_target");
    let answer = scene.password(&[("resource", "URN:CryptoPro:DSS:SignServer:signserver")]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["aud"], SIGN_SERVER);
    let answer = scene.password(&[("resource", SIGN_SERVER), ("resource", OTHER)]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["aud"], json!([SIGN_SERVER, OTHER]));
    let scene = Scene::with(|client| client.resources.clear()).await;
    let answer = scene.password(&[("resource", "")]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["aud"], crate::support::app::ISSUER);
    assert_eq!(scene.password(&[]).await.error(400), "invalid_target");
}

#[tokio::test]
async fn scopes_are_given_only_when_asked_and_never_promise_a_sign_in() {
    let scene = Scene::new().await;
    let answer = scene.password(&[("scope", "openid profile offline_access")]).await.good();
    assert_eq!(answer["scope"], "profile");
    assert!(answer.get("id_token").is_none() && answer.get("refresh_token").is_none(), "{answer}");
    assert_eq!(scene.password(&[("scope", "nonsense")]).await.error(400), "invalid_scope");
}

#[tokio::test]
async fn unknown_disabled_and_out_of_scope_users_get_the_same_words() {
    let mut scene = Scene::new().await;
    let disabled = scene.app.user("disabled").await;
    scene.app.disable_user(disabled).await;
    account(&scene.app, "foreigner", UserKind::Foreigner, &[]).await;
    let kinds = vec![ActFor::Kind(UserKind::Citizen), ActFor::Kind(UserKind::GovernmentAgent)];
    scene.app.change_client(&mut scene.client, |client| client.settings.act_for = kinds).await;
    let mut bodies = Vec::new();
    for username in ["nobody", "disabled", "foreigner"] {
        let answer = scene.password(&[("username", username)]).await;
        assert_eq!(answer.error(400), "invalid_grant");
        bodies.push(answer.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    scene.password(&[]).await.good();
    // Nothing by default.
    scene.app.change_client(&mut scene.client, |client| client.settings.act_for.clear()).await;
    assert_eq!(scene.password(&[]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn an_organisations_client_acts_for_its_own_members_alone() {
    let mut scene = Scene::new().await;
    let app = &scene.app;
    let own =
        [("juristic_id", "0105561122338", 2, "operator"), ("organization.name", "Registry", 2, "operator")];
    let organisation = account(app, "company", UserKind::JuristicPerson, &own).await;
    account(app, "another", UserKind::JuristicPerson, &[]).await;
    // A representative by a number that was checked, and one who only typed it.
    account(app, "head", UserKind::Citizen, &[("citizen_id", "1101002345674", 2, "registrar")]).await;
    account(app, "liar", UserKind::Citizen, &[("iin", "900515400123", 1, "self")]).await;
    for (name, value) in [("citizen_id", "1101002345674"), ("iin", "900515400123")] {
        let entry = Entry::by_operator(app.clock.now(), "representative.insert", "user", organisation);
        let value = Identifier::from(value.to_owned());
        representatives::insert(app.pool(), organisation, name, &value, None, &entry).await.unwrap();
    }
    // An official whom the agency entered, and people who say they work there.
    let named = |source| [("organization.name", "Registry", 2, source)];
    account(app, "official", UserKind::GovernmentAgent, &named("agency")).await;
    account(app, "pretender", UserKind::GovernmentAgent, &named("self")).await;
    account(app, "visitor", UserKind::Citizen, &named("agency")).await;
    scene
        .app
        .change_client(&mut scene.client, |client| {
            client.settings.act_for = vec![ActFor::Organisation];
            client.organisation = Some(organisation);
        })
        .await;
    for member in ["company", "head", "official"] {
        scene.password(&[("username", member)]).await.good();
    }
    for stranger in ["Test1", "another", "liar", "pretender", "visitor"] {
        assert_eq!(scene.password(&[("username", stranger)]).await.error(400), "invalid_grant", "{stranger}");
    }
    let entry = Entry::by_operator(scene.app.clock.now(), "representative.remove", "user", organisation);
    let value = Identifier::from("1101002345674".to_owned());
    representatives::remove(scene.app.pool(), organisation, "citizen_id", &value, &entry).await.unwrap();
    assert_eq!(scene.password(&[("username", "head")]).await.error(400), "invalid_grant");
}

#[tokio::test]
async fn every_token_is_in_the_journal_and_no_refusal_is() {
    let scene = Scene::new().await;
    let answer = scene.password(&[]).await.good();
    let token = claims(text(&answer, "access_token"));
    scene.password(&[("username", "nobody")]).await.error(400);
    let lines = scene.journal("grant.service").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = &lines[0];
    assert_eq!(line["actor"], json!({"kind": "client", "id": scene.client.client.id}));
    assert_eq!(line["subject"], json!({"kind": "user", "id": scene.user}));
    assert_eq!(line["address"], "198.51.100.7");
    assert_eq!(line["after"]["token"], token["jti"]);
    assert_eq!(line["after"]["resources"], json!([SIGN_SERVER]));
}

#[tokio::test]
async fn introspection_tells_that_nobody_signed_in_and_ends_with_the_account() {
    let scene = Scene::new().await;
    let answer = scene.password(&[]).await.good();
    let token = text(&answer, "access_token");
    let told = scene.introspect(token).await;
    assert_eq!((&told["active"], &told["sub"]), (&json!(true), &json!(scene.user)));
    assert_eq!((&told["acr"], &told["amr"]), (&json!("0"), &json!([])));
    assert_eq!((&told["suppressed_auth"], &told["username"]), (&json!(true), &json!("Test1")));
    let second = scene.password(&[]).await.good();
    scene.app.door.post_as(&scene.client, "/oauth2/revoke", &[("token", token)]).await;
    assert_eq!(scene.introspect(token).await, json!({"active": false}));
    let second = text(&second, "access_token");
    assert_eq!(scene.introspect(second).await["active"], true, "another token lives on");
    scene.app.disable_user(scene.user).await;
    assert_eq!(scene.introspect(second).await, json!({"active": false}));
    let third = scene.password(&[]).await;
    assert_eq!(third.error(400), "invalid_grant");
    scene.app.clock.advance(Duration::seconds(300));
    assert_eq!(scene.introspect(second).await, json!({"active": false}));
}

#[tokio::test]
async fn rfc_8725_s3_11_no_id_token_passes_for_such_a_token_nor_it_for_a_hint() {
    // Both have the type `JWT` at a client of this profile.
    let mut scene = crate::oauth2::Scene::with(|client| {
        super::service(client);
        client.flows.push(Flow::AuthorizationCode);
        client.redirect_uris = vec![crate::support::app::CALLBACK.to_owned()];
        client.resources.clear();
    })
    .await;
    let tokens = scene.tokens(&[]).await;
    let (access_token, id_token) = (text(&tokens, "access_token"), text(&tokens, "id_token"));
    assert_eq!((&header(access_token)["typ"], &header(id_token)["typ"]), (&json!("JWT"), &json!("JWT")));
    scene.userinfo(access_token).await.good();
    assert_eq!(scene.userinfo(id_token).await.error(401), "invalid_token");
    let path = format!(
        "/oauth2/logout?{}",
        encoded(&[
            ("id_token_hint", access_token),
            ("client_id", "rp"),
            ("post_logout_redirect_uri", crate::support::app::BYE)
        ])
    );
    assert!(scene.browser.open(&path).await.has("logout-form"), "a doubtful hint never redirects");
}
