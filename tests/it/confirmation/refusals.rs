//! Requests that are refused before there is anything to confirm.

use axum::http::Method;
use serde_json::{Value, json};
use tamga::model::client::{AuthMethod, ClientType, Flow};

use super::{CALLBACK, PATHS, PHONE, SIGN_SERVER, Scene, asking, failure, person, reference, refusal};
use crate::support::{app::PASSWORD, door::basic};

#[tokio::test]
async fn broken_json_is_400_and_named() {
    let scene = Scene::new().await;
    for broken in ["", "{", "[]", "Resource=urn", "{\"ClientId\":\"a\",\"ClientId\":\"b\"}"] {
        let answer = scene.raw(PATHS[0], None, broken).await;
        assert_eq!(refusal(&answer, 400), "invalid_request", "{broken}");
        assert!(answer.json()["ErrorDescription"].as_str().unwrap().starts_with("body"), "{broken}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = scene.app.door.call(Method::POST, PATHS[0], &form, "{}").await;
    assert_eq!(refusal(&answer, 400), "invalid_request");
    assert_eq!(scene.app.door.get(PATHS[0]).await.status, 405);
    assert_eq!(scene.raw(PATHS[0], None, &"x".repeat(70_000)).await.status, 413);
}

#[tokio::test]
async fn a_client_that_can_not_prove_who_it_is_is_401_in_every_request() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let header = person("Test1", PASSWORD);
    let poll = json!({"TextChallengeResponse": [{"RefId": reference(&pending)}]});
    for credentials in [
        json!({"ClientSecret": "wrong"}),
        json!({"ClientSecret": null}),
        json!({"ClientId": "nobody"}),
        json!({"ClientId": null, "ClientSecret": null}),
    ] {
        let mut poll = json!({"ChallengeResponse": poll});
        for (name, value) in credentials.as_object().unwrap() {
            poll[name] = value.clone();
        }
        // The source system's word on its paths, the standard's on ours.
        for (path, word) in
            PATHS.into_iter().zip(["unauthorized_client", "unauthorized_client", "invalid_client"])
        {
            for body in [&credentials, &poll] {
                assert_eq!(refusal(&scene.send(path, Some(&header), body).await, 401), word, "{body}");
            }
        }
    }
    // The header is the person's: a client's credentials in it are no client's.
    let basic = basic(scene.client.id(), scene.client.secret());
    let answer = scene.raw(PATHS[2], Some(&basic), &json!({"Resource": SIGN_SERVER}).to_string()).await;
    assert_eq!(refusal(&answer, 401), "invalid_client");
}

#[tokio::test]
async fn a_client_without_the_flow_and_a_public_one_are_refused() {
    let mut scene = Scene::new().await;
    scene.app.change_client(&mut scene.client, |client| client.flows = vec![Flow::AuthorizationCode]).await;
    assert_eq!(refusal(&scene.log_in().await, 400), "unauthorized_client");
    let public = |client: &mut tamga::model::client::Client| {
        asking(client);
        client.client_type = ClientType::Public;
        client.auth_methods = vec![AuthMethod::None];
        client.secrets.clear();
    };
    scene.app.client("public", public).await;
    let body = json!({"ClientId": "public", "ClientSecret": null});
    let answer = scene.send(PATHS[0], Some(&person("Test1", PASSWORD)), &body).await;
    assert_eq!(refusal(&answer, 400), "unauthorized_client");
    assert!(scene.app.messages(PHONE).await.is_empty());
}

#[tokio::test]
async fn the_resource_is_one_of_the_clients_whatever_its_case() {
    let mut scene = Scene::new().await;
    let header = person("Test1", PASSWORD);
    for (resource, word) in [
        (json!("urn:unknown"), "invalid_target"),
        (Value::Null, "invalid_target"),
        (json!(7), "invalid_request"),
    ] {
        let answer = scene.send(PATHS[0], Some(&header), &json!({"Resource": resource})).await;
        assert_eq!(refusal(&answer, 400), word);
    }
    let resource = json!({"Resource": SIGN_SERVER.to_uppercase()});
    let pending = scene.send(PATHS[0], Some(&header), &resource).await.good();
    let done = scene.answer(&pending, &scene.app.sent_code(PHONE).await).await.good();
    let token = crate::oauth2::claims(done["AccessToken"].as_str().unwrap());
    assert_eq!(token["aud"], SIGN_SERVER, "in the letters it was registered in");
    scene.tick();
    // A client without resources gets a token for this server.
    scene.app.change_client(&mut scene.client, |client| client.resources.clear()).await;
    let pending = scene.send(PATHS[0], Some(&header), &json!({"Resource": null})).await.good();
    let code = scene.app.sent_code(PHONE).await;
    let one = json!({"TextChallengeResponse": [{"RefId": reference(&pending), "Value": code}]});
    let answer = json!({"Resource": null, "ChallengeResponse": one});
    let done = scene.send(PATHS[0], None, &answer).await.good();
    let token = crate::oauth2::claims(done["AccessToken"].as_str().unwrap());
    assert_eq!(token["aud"], crate::support::app::ISSUER);
}

#[tokio::test]
async fn a_callback_must_be_registered_byte_for_byte() {
    let scene = Scene::new().await;
    let header = person("Test1", PASSWORD);
    for uri in ["https://sign.example/confirmed", &format!("{CALLBACK}&x=1"), &CALLBACK.to_uppercase(), "x"] {
        let answer = scene.send(PATHS[0], Some(&header), &json!({"CallbackUri": uri})).await;
        assert_eq!(refusal(&answer, 400), "invalid_request", "{uri}");
        assert!(answer.json()["ErrorDescription"].as_str().unwrap().starts_with("CallbackUri"));
    }
    scene.send(PATHS[0], Some(&header), &json!({"CallbackUri": CALLBACK})).await.good();
}

#[tokio::test]
async fn another_clients_challenge_is_one_that_is_not_there() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let code = scene.app.sent_code(PHONE).await;
    let other = scene.app.client("other", asking).await;
    let theirs = json!({
        "ClientId": "other",
        "ClientSecret": other.secret(),
        "ChallengeResponse": {"TextChallengeResponse": [{"RefId": reference(&pending), "Value": code}]},
    });
    assert_eq!(failure(&scene.send(PATHS[0], None, &theirs).await), "expired");
    let unknown = |id: &str| json!({"ChallengeResponse": {"TextChallengeResponse": [{"RefId": id}]}});
    for id in ["x", "019c0000-0000-7000-8000-000000000000"] {
        assert_eq!(failure(&scene.send(PATHS[0], None, &unknown(id)).await), "expired");
    }
    assert_eq!(scene.answer(&pending, &code).await.good()["IsFinal"], true, "no try was spent");
}

#[tokio::test]
async fn a_client_that_mixes_its_users_up_is_not_served() {
    let scene = Scene::new().await;
    scene.app.user("somebody").await;
    let pending = scene.log_in().await.good();
    let code = scene.app.sent_code(PHONE).await;
    let one = json!({"RefId": reference(&pending), "Value": code});
    let answer = json!({"ChallengeResponse": {"TextChallengeResponse": [one]}});
    let header = person("somebody", PASSWORD);
    assert_eq!(failure(&scene.send(PATHS[0], Some(&header), &answer).await), "expired");
    let answer = scene.send(PATHS[0], Some("Bearer not-a-token"), &answer).await;
    assert_eq!(refusal(&answer, 401), "invalid_token");
    assert_eq!(scene.answer(&pending, &code).await.good()["IsFinal"], true);
}

#[tokio::test]
async fn a_person_shut_out_meanwhile_confirms_nothing() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let code = scene.app.sent_code(PHONE).await;
    scene.app.disable_user(scene.user).await;
    assert_eq!(failure(&scene.answer(&pending, &code).await), "expired");
    assert_eq!(scene.count("grants").await, 0);
}
