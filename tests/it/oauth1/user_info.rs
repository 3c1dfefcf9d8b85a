//! The user information document on the wire.

use axum::http::Method;
use serde_json::Value;
use time::Duration;

use super::{Scene, USER_INFO, signing::Place};
use crate::support::door::Answer;

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
    let id = answer.header("x-request-id");
    let expected =
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error code=\"{code}\" requestId=\"{id}\"/>");
    assert_eq!(answer.body, expected);
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains(&format!("oauth_problem=\"{code}\"")), "{challenge}");
}

#[tokio::test]
async fn a_signed_request_and_a_bearer_in_the_query_get_the_same_document() {
    let mut scene = Scene::new().await;
    let access = scene.access_token("profile email").await;
    let signed = scene.user_info(&access).await;
    assert_eq!(signed.status, 200);
    assert_eq!(signed.header("content-type"), "application/xml; charset=utf-8");
    assert_eq!(signed.header("cache-control"), "no-store");
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Member type=\"Citizen\"><UserID>{}</UserID>\
         <UserName>somchai</UserName><Title VerifiedLevel=\"Unverified\"/>\
         <FullName VerifiedLevel=\"VerifiedLevel2\">Somchai Jaidee</FullName>\
         <FirstName VerifiedLevel=\"VerifiedLevel2\">Somchai</FirstName>",
        scene.user
    );
    assert!(signed.body.starts_with(&expected), "{}", signed.body);
    assert!(signed.body.contains("<Email VerifiedLevel=\"VerifiedLevel1\">somchai@citizen.example</Email>"));
    assert!(signed.body.contains("<Mobilephone VerifiedLevel=\"Unverified\"/>"), "not asked for");
    assert_eq!(scene.user_info_by_bearer(&access.token).await.body, signed.body);
    let old = format!("/XmlUserInfo.aspx?AccessToken={}", access.token);
    assert_eq!(scene.app.door.get(&old).await.body, signed.body);
    let mut call = scene.call(Method::GET, USER_INFO, Some(&access));
    call.place = Place::Query;
    assert_eq!(call.send(&scene.app.door).await.body, signed.body);
}

#[tokio::test]
async fn the_alias_is_there_with_its_profile_only() {
    let scene = Scene::at(crate::support::app::TestApp::new().await, |_| {}).await;
    for path in ["/XmlUserInfo.aspx?AccessToken=x", "/OAuth.ashx?oauth_token=x"] {
        assert_eq!(scene.app.door.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn each_reading_is_in_the_journal_and_on_the_persons_page() {
    let mut scene = Scene::new().await;
    let access = scene.access_token("profile").await;
    scene.user_info(&access).await;
    scene.user_info_by_bearer(&access.token).await;
    scene.user_info_by_bearer("made-up").await;
    let lines: Vec<(String, String, String, String, Value)> = sqlx::query_as(
        "SELECT actor_kind, actor_id, subject_id, address, after FROM journal WHERE action = 'grant.read' ORDER BY seq",
    )
    .fetch_all(scene.app.pool())
    .await
    .unwrap();
    let client = scene.rp.client.id.to_string();
    assert_eq!(lines.len(), 2, "what was refused is not a reading");
    for ((actor_kind, actor, subject, address, after), signed) in lines.iter().zip([true, false]) {
        assert_eq!((actor_kind.as_str(), actor), ("client", &client));
        assert_eq!((subject, address.as_str()), (&scene.user.to_string(), "198.51.100.7"));
        assert_eq!(
            (&after["signed"], after["client"].as_str()),
            (&Value::from(signed), Some(client.as_str()))
        );
    }
    let page = scene.browser.open("/account/activity?show=applications").await;
    assert_eq!(page.answer.body.matches("An application read your details").count(), 2);
    assert!(
        !page.answer.body.contains("198.51.100.7"),
        "where another read from is not the person's business"
    );
}

#[tokio::test]
async fn an_access_token_lives_ten_minutes() {
    let mut scene = Scene::new().await;
    let access = scene.access_token("profile").await;
    scene.app.clock.advance(Duration::seconds(599));
    assert_eq!(scene.user_info(&access).await.status, 200);
    scene.app.clock.advance(Duration::seconds(1));
    assert_refused(&scene.user_info(&access).await, 401, "token_expired");
    assert_refused(&scene.user_info_by_bearer(&access.token).await, 401, "token_expired");
}

#[tokio::test]
async fn a_client_may_have_another_life_of_tokens() {
    let mut scene = Scene::with(|client| client.settings.access_token_ttl = Some(3600)).await;
    let access = scene.access_token("profile").await;
    scene.app.clock.advance(Duration::minutes(59));
    assert_eq!(scene.user_info(&access).await.status, 200);
}

#[tokio::test]
async fn withdrawing_the_consent_ends_access_tokens_at_once() {
    let mut scene = Scene::new().await;
    let access = scene.access_token("profile").await;
    let page = scene.browser.open("/account/applications").await;
    assert!(page.answer.body.contains("The service rp"));
    scene.browser.submit("withdraw-rp", &[]).await;
    assert_refused(&scene.user_info(&access).await, 401, "token_revoked");
    assert_refused(&scene.user_info_by_bearer(&access.token).await, 401, "token_revoked");
}

#[tokio::test]
async fn a_disabled_account_or_client_gives_nothing() {
    let mut scene = Scene::new().await;
    let access = scene.access_token("profile").await;
    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = Some(now)).await;
    assert_refused(&scene.user_info(&access).await, 401, "consumer_key_rejected");
    assert_refused(&scene.user_info_by_bearer(&access.token).await, 401, "consumer_key_rejected");
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = None).await;
    scene.app.disable_user(scene.user).await;
    assert_refused(&scene.user_info(&access).await, 401, "token_revoked");
}

#[tokio::test]
async fn whatever_else_is_wrong_is_told_in_xml_too() {
    let mut scene = Scene::new().await;
    let access = scene.access_token("profile").await;
    assert_refused(&scene.app.door.get(USER_INFO).await, 400, "parameter_absent");
    assert_refused(&scene.user_info_by_bearer("made-up").await, 401, "token_rejected");
    let call = scene.call(Method::GET, USER_INFO, None);
    assert_refused(&call.send(&scene.app.door).await, 400, "parameter_absent");
    let mut call = scene.call(Method::GET, USER_INFO, Some(&access));
    call.secrets.1 = "wrong".to_owned();
    assert_refused(&call.send(&scene.app.door).await, 401, "signature_invalid");
    let call = scene.call(Method::GET, USER_INFO, Some(&access));
    assert_eq!(call.send(&scene.app.door).await.status, 200);
    assert_refused(&call.send(&scene.app.door).await, 401, "nonce_used");
    let twice = format!("{USER_INFO}?access_token=a&access_token=b");
    assert_refused(&scene.app.door.get(&twice).await, 400, "parameter_rejected");
}

#[tokio::test]
async fn what_the_person_left_out_is_empty() {
    let mut scene = Scene::new().await;
    let token = scene.request_token("profile email").await;
    let login = [("username", "somchai"), ("password", crate::support::app::PASSWORD)];
    scene.ask(&token).await;
    scene.browser.submit("login-form", &login).await;
    scene.browser.untick("claim", "email");
    let back = scene.browser.press("consent-form", "consent-allow").await;
    let access = super::credentials(&scene.exchange(&token, &back.parameter("oauth_verifier")).await);
    let document = scene.user_info(&access).await.body;
    assert!(document.contains("<Email VerifiedLevel=\"Unverified\"/>"), "{document}");
    assert!(document.contains(">Somchai</FirstName>"), "{document}");
}
