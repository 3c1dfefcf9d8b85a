//! Signing in with a second factor.

use serde_json::json;
use tamga::{
    crypto::totp::Seed,
    model::{attribute::Level, credential::CredentialKind},
};
use time::Duration;

use super::{MAIL, PATHS, PHONE, SIGN_SERVER, Scene, failure, person, reference, refusal, totp};
use crate::{
    oauth2::claims,
    support::app::{PASSWORD, START, TestApp},
};

const SEED: &[u8] = b"12345678901234567890";

#[tokio::test]
async fn a_code_by_sms_gives_the_documented_answers_on_each_path() {
    for path in PATHS {
        let scene = Scene::new().await;
        let answer = scene.send(path, Some(&person("Test1", PASSWORD)), &json!({})).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let pending = answer.good();
        let id = reference(&pending);
        assert_eq!(pending["IsFinal"], false);
        assert_eq!(pending["IsError"], false);
        let challenge = &pending["Challenge"];
        assert_eq!(challenge["ContextData"], json!({"RefID": id}));
        let title = challenge["Title"]["Value"].as_str().unwrap();
        assert_eq!(title, "Confirm your sign-in to The service signer");
        assert_eq!(
            challenge["TextChallenge"],
            json!([{
                "Title": title,
                "Label": "Type the code we sent by SMS to +66•••••••01.",
                "RefID": id,
                "AuthnMethod": "http://dss.cryptopro.ru/identity/authenticationmethod/otpviasms",
                "IsHidden": false,
                "CreatedAt": START.unix_timestamp(),
                "ExpiresIn": 330,
            }])
        );
        let message = &scene.app.messages(PHONE).await[0];
        assert!(message.body.contains("sign in to The service signer"), "{}", message.body);
        let code = scene.app.sent_code(PHONE).await;
        let one = json!({"RefId": id, "Value": code});
        let answer = json!({"ChallengeResponse": {"TextChallengeResponse": [one]}});
        let done = scene.send(path, Some(&person("Test1", PASSWORD)), &answer).await.good();
        assert_eq!((&done["IsFinal"], &done["IsError"]), (&json!(true), &json!(false)), "{done}");
        assert_eq!(done["ExpiresIn"], 3600);
        let token = claims(done["AccessToken"].as_str().unwrap());
        assert_eq!(token["aud"], SIGN_SERVER);
        assert_eq!(token["sub"], scene.user.to_string());
        assert_eq!(token["amr"], json!(["pwd", "otp", "sms", "mfa"]));
        assert_eq!(token["auth_time"], START.unix_timestamp());
        assert_eq!(token["client_id"], "signer");
        assert!(token.get("scope").is_none() && token.get("suppressed_auth").is_none());
    }
}

#[tokio::test]
async fn a_code_by_mail_and_one_of_the_application_do_as_well() {
    let scene = Scene::with(&[CredentialKind::Mail]).await;
    let pending = scene.log_in().await.good();
    let method = &pending["Challenge"]["TextChallenge"][0]["AuthnMethod"];
    assert!(method.as_str().unwrap().ends_with("/otpviaemail"));
    let done = scene.answer(&pending, &scene.app.sent_code(MAIL).await).await.good();
    assert_eq!(claims(done["AccessToken"].as_str().unwrap())["amr"], json!(["pwd", "otp", "mfa"]));

    // The application is the stronger of two, and no SMS is paid for.
    let scene = Scene::with(&[CredentialKind::Sms]).await;
    scene.app.enrol_totp(scene.user, &Seed::from_bytes(SEED)).await;
    let pending = scene.log_in().await.good();
    let method = &pending["Challenge"]["TextChallenge"][0]["AuthnMethod"];
    assert!(method.as_str().unwrap().ends_with("/oath"));
    assert!(scene.app.messages(PHONE).await.is_empty());
    let code = totp(SEED, scene.app.clock.now().unix_timestamp());
    let done = scene.answer(&pending, &code).await.good();
    assert_eq!(claims(done["AccessToken"].as_str().unwrap())["amr"], json!(["pwd", "otp", "mfa"]));
    // RFC 6238 §5.2: a code is accepted once.
    let pending = scene.log_in().await.good();
    assert_eq!(scene.answer(&pending, &code).await.good()["Error"], "code_wrong");
    scene.app.clock.advance(Duration::seconds(30));
    let code = totp(SEED, scene.app.clock.now().unix_timestamp());
    assert_eq!(scene.answer(&pending, &code).await.good()["IsFinal"], true);
}

#[tokio::test]
async fn who_has_no_second_factor_is_told_to_get_one() {
    let scene = Scene::with(&[]).await;
    assert_eq!(failure(&scene.log_in().await), "second_factor_required");
    // A recovery code is for who lost the second factor; here it is none.
    scene.app.enrol_recovery_code(scene.user).await;
    assert_eq!(failure(&scene.log_in().await), "second_factor_required");
    assert_eq!(scene.count("confirmations").await, 0);
}

#[tokio::test]
async fn a_second_request_within_two_minutes_gets_the_same_challenge_and_no_second_code() {
    let scene = Scene::new().await;
    let first = scene.log_in().await.good();
    scene.app.clock.advance(Duration::seconds(119));
    assert_eq!(scene.log_in().await.good(), first);
    assert_eq!(scene.app.messages(PHONE).await.len(), 1);
    // Another resource is another question; its code must wait.
    let other = json!({"Resource": "urn:OTHER"});
    let answer = scene.send(PATHS[2], Some(&person("Test1", PASSWORD)), &other).await;
    assert_eq!(refusal(&answer, 429), "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    scene.app.clock.advance(Duration::seconds(1));
    let second = scene.log_in().await.good();
    assert_ne!(reference(&second), reference(&first));
    assert_eq!(scene.app.messages(PHONE).await.len(), 2);
    // The first was cancelled by it: there is one challenge to guess at.
    assert_eq!(failure(&scene.poll(&first).await), "cancelled");
}

#[tokio::test]
async fn after_a_right_code_the_next_sign_in_need_not_wait() {
    let scene = Scene::new().await;
    scene.token().await;
    let pending = scene.log_in().await.good();
    assert_eq!(scene.app.messages(PHONE).await.len(), 2);
    let done = scene.answer(&pending, &scene.app.sent_code(PHONE).await).await.good();
    assert_eq!(done["IsFinal"], true);
}

#[tokio::test]
async fn a_challenge_is_answered_once_and_in_time() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    assert_eq!(scene.poll(&pending).await.good(), pending);
    let code = scene.app.sent_code(PHONE).await;
    assert_eq!(scene.answer(&pending, &code).await.good()["IsFinal"], true);
    assert_eq!(failure(&scene.answer(&pending, &code).await), "expired");
    assert_eq!(failure(&scene.poll(&pending).await), "expired");

    let pending = scene.log_in().await.good();
    let code = scene.app.sent_code(PHONE).await;
    scene.app.clock.advance(Duration::seconds(330));
    assert_eq!(failure(&scene.poll(&pending).await), "expired");
    assert_eq!(failure(&scene.answer(&pending, &code).await), "expired");
}

#[tokio::test]
async fn the_wrong_name_password_and_a_disabled_account_get_the_same_words() {
    let scene = Scene::new().await;
    let mut seen = Vec::new();
    for header in [person("Test1", "wrong"), person("nobody", PASSWORD), person("Test1", "")] {
        let answer = scene.send(PATHS[0], Some(&header), &json!({})).await;
        assert!(answer.header("www-authenticate").starts_with("Basic "));
        seen.push((refusal(&answer, 401), answer.json()["ErrorDescription"].clone()));
    }
    scene.app.disable_user(scene.user).await;
    let answer = scene.log_in().await;
    seen.push((refusal(&answer, 401), answer.json()["ErrorDescription"].clone()));
    assert!(seen.iter().all(|one| one == &seen[0] && one.0 == "invalid_grant"), "{seen:?}");
    for header in [None, Some("Basic"), Some("Basic !!"), Some("Bearer x")] {
        assert_eq!(refusal(&scene.send(PATHS[0], header, &json!({})).await, 401), "invalid_grant");
    }
}

#[tokio::test]
async fn passwords_are_throttled_by_name_with_those_of_the_login_page() {
    let scene = Scene::new().await;
    for _ in 0..5 {
        let answer = scene.send(PATHS[0], Some(&person("test1", "wrong")), &json!({})).await;
        assert_eq!(refusal(&answer, 401), "invalid_grant");
    }
    let answer = scene.log_in().await;
    assert_eq!(refusal(&answer, 429), "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    // The client's server has one address for all its users: another is not held up.
    let other = scene.app.user_with("other", PASSWORD, &[]).await;
    let answer = scene.send(PATHS[0], Some(&person("other", PASSWORD)), &json!({})).await;
    assert_eq!(failure(&answer), "second_factor_required", "{other}");
    scene.app.clock.advance(Duration::seconds(1));
    scene.log_in().await.good();
}

#[tokio::test]
async fn an_account_that_lacks_what_the_client_requires_is_refused() {
    let mut scene = Scene::new().await;
    scene.app.change_client(&mut scene.client, |client| client.settings.min_level = Level::HIGHEST).await;
    assert_eq!(refusal(&scene.log_in().await, 400), "invalid_grant");
    assert!(scene.app.messages(PHONE).await.is_empty());
}

#[tokio::test]
async fn texts_are_in_the_persons_language_else_in_the_requests() {
    let scene = Scene::new().await;
    let header = person("Test1", PASSWORD);
    let headers =
        [("content-type", "application/json"), ("authorization", &*header), ("accept-language", "kk")];
    let body = json!({"Resource": SIGN_SERVER, "ClientId": "signer", "ClientSecret": scene.client.secret()});
    let answer = scene.app.door.call(axum::http::Method::POST, PATHS[0], &headers, &body.to_string()).await;
    let title = answer.good()["Challenge"]["Title"]["Value"].as_str().unwrap().to_owned();
    assert_eq!(title, "The service signer жүйесіне кіруді растаңыз");
    assert!(scene.app.messages(PHONE).await[0].body.contains("кіру коды"));
}

#[tokio::test]
async fn several_instances_serve_one_challenge() {
    let scene = Scene::new().await;
    let pending = scene.log_in().await.good();
    let code = scene.app.sent_code(PHONE).await;
    let other = scene.app.another_with(&[("profiles.dss", "true")]).await;
    let elsewhere = Scene { app: other, client: scene.client.clone(), user: scene.user };
    assert_eq!(elsewhere.log_in().await.good(), pending);
    assert_eq!(elsewhere.answer(&pending, &code).await.good()["IsFinal"], true);
    assert_eq!(failure(&scene.poll(&pending).await), "expired");
}

#[tokio::test]
async fn the_source_systems_paths_are_there_with_its_profile_alone_and_under_its_segment() {
    let scene = Scene::at(TestApp::new().await, &[CredentialKind::Sms]).await;
    let header = person("Test1", PASSWORD);
    for path in &PATHS[..2] {
        assert_eq!(scene.send(path, Some(&header), &json!({})).await.status, 404);
    }
    scene.send(PATHS[2], Some(&header), &json!({})).await.good();
    let app = TestApp::with(&[("profiles.dss", "true"), ("profiles.dss_segment", "idp")]).await;
    let scene = Scene::at(app, &[CredentialKind::Sms]).await;
    scene.send("/idp/v2.0/confirmation", Some(&header), &json!({})).await.good();
}
