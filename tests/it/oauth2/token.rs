//! The token endpoint itself, and client authentication.

use axum::http::{Method, StatusCode};
use tamga::{
    model::{
        client::{AuthMethod, Flow},
        journal::Entry,
    },
    secret::Token,
    store,
};
use time::Duration;

use super::{Scene, text};
use crate::support::{
    app::CALLBACK,
    door::{Answer, basic, encoded},
};

const TOKEN: &str = "/oauth2/token";

fn form(code: &str) -> Vec<(&str, &str)> {
    vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)]
}

async fn post(scene: &Scene, credentials: Option<(&str, &str)>, fields: &[(&str, &str)]) -> Answer {
    match credentials {
        Some((id, secret)) => {
            let header = basic(id, secret);
            scene.app.door.post_with(TOKEN, &[("authorization", &header)], fields).await
        }
        None => scene.app.door.post(TOKEN, fields).await,
    }
}

#[tokio::test]
async fn rfc_6749_s5_1_the_answer_is_complete_and_never_cached() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[("scope", "openid email offline_access")]).await;
    let answer = scene.exchange(&code, &[]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    let tokens = answer.good();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "email offline_access openid");
    for name in ["access_token", "id_token", "refresh_token"] {
        assert!(!text(&tokens, name).is_empty());
    }
    let refused = scene.exchange(&code, &[]).await;
    assert_eq!(refused.header("cache-control"), "no-store");
    assert_eq!(refused.header("content-type"), "application/json");
}

#[tokio::test]
async fn rfc_6749_s3_2_parameters_in_the_address_are_refused() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[]).await;
    let path = format!("{TOKEN}?{}", encoded(&form(&code)));
    for fields in [form(&code), Vec::new()] {
        assert_eq!(scene.app.door.post_as(&scene.rp, &path, &fields).await.error(400), "invalid_request");
    }
    let path = format!("{TOKEN}?{}", encoded(&[("client_id", scene.rp.id())]));
    assert_eq!(scene.app.door.post(&path, &form(&code)).await.error(400), "invalid_request");
    scene.exchange(&code, &[]).await.good();
}

#[tokio::test]
async fn only_a_posted_form_is_read() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[]).await;
    let header = basic(scene.rp.id(), scene.rp.secret());
    let body = encoded(&form(&code));
    for kind in ["application/json", "text/plain", "multipart/form-data", ""] {
        let headers = [("authorization", header.as_str()), ("content-type", kind)];
        let answer = scene.app.door.call(Method::POST, TOKEN, &headers, &body).await;
        assert_eq!(answer.error(400), "invalid_request", "{kind}");
        assert!(text(&answer.json(), "error_description").contains("x-www-form-urlencoded"));
    }
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let headers = [("authorization", header.as_str())];
        let answer = scene.app.door.call(method, TOKEN, &headers, "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(answer.header("allow").contains("POST"));
    }
    let kind = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
    let headers = [("authorization", header.as_str()), ("content-type", kind)];
    scene.app.door.call(Method::POST, TOKEN, &headers, &body).await.good();
}

#[tokio::test]
async fn grant_types_that_are_missing_unknown_or_not_registered_are_refused() {
    let mut scene = Scene::with(|client| client.flows = vec![Flow::AuthorizationCode]).await;
    let code = scene.code(&[("scope", "openid offline_access")]).await;
    let tokens = scene.exchange(&code, &[]).await.good();
    assert!(tokens.get("refresh_token").is_none(), "the client has not the flow");
    let error = async |grant_type| scene.exchange("x", &[("grant_type", grant_type)]).await.error(400);
    assert_eq!(error("").await, "invalid_request");
    assert_eq!(error("nonsense").await, "unsupported_grant_type");
    assert_eq!(error("implicit").await, "unsupported_grant_type");
    assert_eq!(scene.refresh("x", &[]).await.error(400), "unauthorized_client");
}

#[tokio::test]
async fn repeated_nul_and_not_utf_8_parameters_are_refused_by_name() {
    let scene = Scene::new().await;
    let header = basic(scene.rp.id(), scene.rp.secret());
    let headers = [("authorization", header.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    for (body, name) in [
        ("grant_type=authorization_code&code=a&code=b", "code"),
        ("grant_type=authorization_code&grant_type=refresh_token", "grant_type"),
        ("grant_type=authorization_code&code=%00", "code"),
        ("grant_type=authorization_code&code=%FF", "code"),
        ("grant_type=authorization_code&code=a&x_unknown=1&x_unknown=2", "x_unknown"),
    ] {
        let answer = scene.app.door.call(Method::POST, TOKEN, &headers, body).await;
        assert_eq!(answer.error(400), "invalid_request", "{body}");
        assert!(text(&answer.json(), "error_description").contains(name), "{body}");
    }
}

#[tokio::test]
async fn basic_and_post_prove_a_client_each_only_where_it_is_registered() {
    let mut scene = Scene::new().await;
    let (id, secret) = (scene.rp.id().to_owned(), scene.rp.secret().to_owned());
    let in_body = [("client_id", id.as_str()), ("client_secret", secret.as_str())];
    for (methods, basic_works, post_works) in [
        (vec![AuthMethod::ClientSecretBasic], true, false),
        (vec![AuthMethod::ClientSecretPost], false, true),
        (vec![AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost], true, true),
    ] {
        scene.app.change_client(&mut scene.rp, |client| client.auth_methods = methods).await;
        let code = scene.code(&[]).await;
        let answer = post(&scene, Some((&id, &secret)), &form(&code)).await;
        assert_eq!(answer.status == 200, basic_works, "{answer:?}");
        let code = scene.code(&[]).await;
        let fields: Vec<_> = form(&code).into_iter().chain(in_body).collect();
        let answer = post(&scene, None, &fields).await;
        assert_eq!(answer.status == 200, post_works, "{answer:?}");
        if !post_works {
            assert_eq!(answer.error(401), "invalid_client");
            assert_eq!(answer.header("www-authenticate"), "", "Basic was not used");
        }
    }
}

#[tokio::test]
async fn rfc_6749_s2_3_two_ways_at_once_are_refused() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[]).await;
    let (id, secret) = (scene.rp.id(), scene.rp.secret());
    let both: Vec<_> =
        form(&code).into_iter().chain([("client_id", id), ("client_secret", secret)]).collect();
    assert_eq!(post(&scene, Some((id, secret)), &both).await.error(400), "invalid_request");
    let other: Vec<_> = form(&code).into_iter().chain([("client_id", "somebody-else")]).collect();
    assert_eq!(post(&scene, Some((id, secret)), &other).await.error(400), "invalid_request");
    // The name alone beside Basic is no second proof.
    let named: Vec<_> = form(&code).into_iter().chain([("client_id", id)]).collect();
    post(&scene, Some((id, secret)), &named).await.good();
}

#[tokio::test]
async fn rfc_6749_s5_2_failed_authentication_is_401_in_the_same_words_whatever_failed() {
    let mut scene = Scene::new().await;
    let id = scene.rp.id().to_owned();
    let now = scene.app.clock.now();
    let mut gone = scene.app.client("gone", |_| {}).await;
    scene.app.change_client(&mut gone, |client| client.disabled_at = Some(now)).await;
    let code = scene.code(&[]).await;
    let mut bodies = Vec::new();
    for (id, secret) in [(id.as_str(), "wrong"), (&id, ""), ("nobody", "wrong"), ("gone", gone.secret())] {
        let answer = post(&scene, Some((id, secret)), &form(&code)).await;
        assert_eq!(answer.error(401), "invalid_client", "{id}");
        // RFC 6749 §5.2: the scheme that was used is named back.
        assert!(answer.header("www-authenticate").starts_with("Basic realm="), "{answer:?}");
        bodies.push(answer.body);
        let fields: Vec<_> =
            form(&code).into_iter().chain([("client_id", id), ("client_secret", secret)]).collect();
        let answer = post(&scene, None, &fields).await;
        assert_eq!(answer.error(401), "invalid_client", "{id}");
        assert_eq!(answer.header("www-authenticate"), "");
        bodies.push(answer.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    // Nothing was used up.
    scene.exchange(&code, &[]).await.good();
}

#[tokio::test]
async fn a_confidential_client_cannot_pass_for_a_public_one() {
    let mut scene = Scene::new().await;
    let code = scene.code(&[]).await;
    let named: Vec<_> = form(&code).into_iter().chain([("client_id", scene.rp.id())]).collect();
    assert_eq!(post(&scene, None, &named).await.error(401), "invalid_client");
    assert_eq!(post(&scene, None, &form(&code)).await.error(401), "invalid_client");
    let assertion: Vec<_> = named.iter().copied().chain([("client_assertion", "e30.e30.")]).collect();
    assert_eq!(post(&scene, None, &assertion).await.error(401), "invalid_client");
    for bad in ["Basic", "Basic !!!", "Bearer abc", "Basic bm9jb2xvbg=="] {
        let answer = scene.app.door.post_with(TOKEN, &[("authorization", bad)], &form(&code)).await;
        assert_eq!(answer.error(401), "invalid_client", "{bad}");
    }
}

#[tokio::test]
async fn a_client_may_hold_several_secrets_each_until_it_expires() {
    let mut scene = Scene::new().await;
    let now = scene.app.clock.now();
    let second = Token::generate(&scene.app.app.rng);
    let stored = scene.app.secret(&second, Some(now + Duration::minutes(2)));
    let entry = Entry::by_operator(now, "client.secret", "client", scene.rp.client.id);
    store::clients::insert_secret(scene.app.pool(), scene.rp.client.id, &stored, &entry).await.unwrap();
    scene.app.app.clients.clear();
    let first = scene.rp.clone();
    let mut other = scene.rp.clone();
    other.secret = Some(second.expose().to_owned());
    for client in [&first, &other] {
        let code = scene.code(&[]).await;
        scene.exchange_as(client, &code, &[]).await.good();
    }
    scene.app.clock.advance(Duration::minutes(2));
    let code = scene.code(&[]).await;
    assert_eq!(scene.exchange_as(&other, &code, &[]).await.error(401), "invalid_client");
    scene.exchange_as(&first, &code, &[]).await.good();
    // When each was last used is gathered, to be written down now and then.
    assert_eq!(scene.app.app.secret_uses.take().len(), 2);
}

#[tokio::test]
async fn the_token_endpoint_serves_scripts_of_any_origin() {
    let scene = Scene::new().await;
    let preflight = [("origin", "https://spa.example"), ("access-control-request-method", "POST")];
    let answer = scene.app.door.call(Method::OPTIONS, TOKEN, &preflight, "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}
