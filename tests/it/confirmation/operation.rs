//! Confirming an operation, with the person's token.

use serde_json::json;
use tamga::model::{
    act_for::ActFor,
    client::{Client, Flow, Profile},
};
use time::Duration;

use super::{PATHS, PHONE, SIGN_SERVER, Scene, asking, failure, person, reference, refusal};
use crate::{
    oauth2::claims,
    support::app::{PASSWORD, TestClient},
};

#[tokio::test]
async fn the_token_says_what_was_confirmed() {
    for (member, claim) in [("OperationId", "operation_id"), ("TransactionTokenId", "transaction_token_id")] {
        let scene = Scene::new().await;
        let token = scene.token().await;
        let pending = scene.operate(&token, &json!({member: "Гэрээ 17"})).await.good();
        let title = &pending["Challenge"]["Title"]["Value"];
        assert_eq!(title, "Confirm the operation “Гэрээ 17” at The service signer");
        let message = &scene.app.messages(PHONE).await[0];
        assert!(message.body.contains("confirms the operation “Гэрээ 17” at The service signer"));
        let code = scene.app.sent_code(PHONE).await;
        let one = json!({"RefId": reference(&pending), "Value": code});
        let answer = json!({"ChallengeResponse": {"TextChallengeResponse": [one]}});
        let done = scene.operate(&token, &answer).await.good();
        let confirmed = claims(done["AccessToken"].as_str().unwrap());
        assert_eq!(confirmed[claim], "Гэрээ 17");
        assert_eq!(
            (&confirmed["aud"], &confirmed["sub"]),
            (&json!(SIGN_SERVER), &json!(scene.user.to_string()))
        );
    }
}

#[tokio::test]
async fn the_same_operation_asked_again_is_the_same_challenge() {
    let scene = Scene::new().await;
    let token = scene.token().await;
    let first = scene.operate(&token, &json!({"OperationId": "17"})).await.good();
    assert_eq!(scene.operate(&token, &json!({"OperationId": "17"})).await.good(), first);
    assert_eq!(scene.app.messages(PHONE).await.len(), 2, "one for the sign-in, one for the operation");
    let code = scene.app.sent_code(PHONE).await;
    scene.answer(&first, &code).await.good();
    scene.tick();
    // Done is done: asked once more it is confirmed once more.
    let second = scene.operate(&token, &json!({"OperationId": "17"})).await.good();
    assert_ne!(reference(&second), reference(&first));
}

#[tokio::test]
async fn a_code_for_one_operation_confirms_no_other() {
    let scene = Scene::new().await;
    let token = scene.token().await;
    let first = scene.operate(&token, &json!({"OperationId": "1"})).await.good();
    let code = scene.app.sent_code(PHONE).await;
    scene.app.clock.advance(Duration::seconds(120));
    let second = scene.operate(&token, &json!({"OperationId": "2"})).await.good();
    assert_eq!(scene.answer(&second, &code).await.good()["Error"], "code_wrong");
    assert_eq!(scene.answer(&first, &code).await.good()["IsFinal"], true);
}

#[tokio::test]
async fn a_bad_token_is_401_with_the_standards_challenge() {
    let scene = Scene::new().await;
    let operation = json!({"OperationId": "17"});
    let answer = scene.send(PATHS[0], None, &operation).await;
    assert_eq!(
        (refusal(&answer, 401).as_str(), answer.header("www-authenticate")),
        ("invalid_token", "Bearer realm=\"tamga\"")
    );
    let answer = scene.send(PATHS[0], Some(&person("Test1", PASSWORD)), &operation).await;
    assert_eq!(refusal(&answer, 400), "invalid_request");
    let answer = scene.operate("nonsense", &operation).await;
    assert_eq!(refusal(&answer, 401), "invalid_token");
    assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));

    let token = scene.token().await;
    // Another client's token, a revoked one, an expired one.
    let other = scene.app.client("other", asking).await;
    let theirs = json!({"OperationId": "17", "ClientId": "other", "ClientSecret": other.secret()});
    assert_eq!(refusal(&scene.operate(&token, &theirs).await, 401), "invalid_token");
    scene.app.clock.advance(Duration::hours(1));
    assert_eq!(refusal(&scene.operate(&token, &operation).await, 401), "invalid_token");
    let token = scene.token().await;
    sqlx::query("UPDATE grants SET revoked_at = created_at").execute(scene.app.pool()).await.unwrap();
    assert_eq!(refusal(&scene.operate(&token, &operation).await, 401), "invalid_token");
}

fn service(client: &mut Client) {
    asking(client);
    client.flows = vec![Flow::Confirmation, Flow::ResourceOwner];
    client.profile = Some(Profile::Dss);
    client.settings.suppress_auth_for_issue = true;
    client.settings.act_for = vec![ActFor::All];
}

async fn service_token(scene: &Scene, client: &TestClient) -> String {
    let fields =
        [("grant_type", "password"), ("username", "Test1"), ("password", ""), ("resource", SIGN_SERVER)];
    let answer = scene.app.door.post_as(client, "/oauth2/token", &fields).await.good();
    answer["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn rfc_9470_a_service_clients_token_confirms_no_operation() {
    let mut scene = Scene::new().await;
    scene.client = scene.app.client("service", service).await;
    let token = service_token(&scene, &scene.client).await;
    for member in ["OperationId", "TransactionTokenId"] {
        let answer = scene.operate(&token, &json!({member: "17"})).await;
        assert_eq!(refusal(&answer, 401), "insufficient_user_authentication");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.contains("error=\"insufficient_user_authentication\""), "{challenge}");
    }
    assert!(scene.app.messages(PHONE).await.is_empty());
}

#[tokio::test]
async fn a_service_client_gets_a_login_token_whatever_second_factor_its_user_has() {
    let mut scene = Scene::new().await;
    scene.client = scene.app.client("service", service).await;
    let done = scene.send(PATHS[0], Some(&person("Test1", "")), &json!({})).await.good();
    assert_eq!((&done["IsFinal"], &done["ExpiresIn"]), (&json!(true), &json!(300)), "{done}");
    let token = claims(done["AccessToken"].as_str().unwrap());
    assert_eq!(token["suppressed_auth"], true);
    assert_eq!((&token["acr"], &token["amr"]), (&json!("0"), &json!([])));
    assert_eq!((&token["aud"], &token["sub"]), (&json!(SIGN_SERVER), &json!(scene.user.to_string())));
    assert!(scene.app.messages(PHONE).await.is_empty());
    let answer = scene.operate(done["AccessToken"].as_str().unwrap(), &json!({"OperationId": "1"})).await;
    assert_eq!(refusal(&answer, 401), "insufficient_user_authentication");
    // Whom it may not act for it gets no token of.
    scene.app.change_client(&mut scene.client, |client| client.settings.act_for.clear()).await;
    let answer = scene.send(PATHS[0], Some(&person("Test1", PASSWORD)), &json!({})).await;
    assert_eq!(refusal(&answer, 400), "invalid_grant");
}

#[tokio::test]
async fn the_answer_to_an_operation_is_for_who_holds_the_persons_token() {
    let scene = Scene::new().await;
    let token = scene.token().await;
    let pending = scene.operate(&token, &json!({"OperationId": "17"})).await.good();
    let code = scene.app.sent_code(PHONE).await;
    let other = scene.app.user_with("other", PASSWORD, &[("mobile_phone", "+66899990009", 1)]).await;
    scene.app.enrol(other, tamga::model::credential::CredentialKind::Sms).await;
    let asked = scene.send(PATHS[0], Some(&person("other", PASSWORD)), &json!({})).await.good();
    let theirs = scene.answer(&asked, &scene.app.sent_code("+66899990009").await).await.good();
    let one = json!({"RefId": reference(&pending), "Value": code});
    let answer = json!({"ChallengeResponse": {"TextChallengeResponse": [one]}});
    let theirs = theirs["AccessToken"].as_str().unwrap();
    assert_eq!(failure(&scene.operate(theirs, &answer).await), "expired");
    assert_eq!(scene.operate(&token, &answer).await.good()["IsFinal"], true);
}
