//! Second factors.

use axum::http::StatusCode;
use tamga::{crypto::totp::Seed, model::credential::CredentialKind};
use time::Duration;

use crate::{
    oauth2::Scene,
    support::{app::PASSWORD, browser::Stop},
};

const PHONE: &str = "+66899990001";

/// Signs in with name and password as far as the second factor.
async fn password(scene: &mut Scene) -> Stop {
    let stop = scene.ask(&[]).await;
    assert!(stop.has("login-form"), "{}", stop.url);
    let fields = [("username", "twofold"), ("password", PASSWORD)];
    scene.browser.submit("login-form", &fields).await
}

async fn with(kinds: &[CredentialKind]) -> Scene {
    let mut scene = Scene::new().await;
    let attributes = [("mobile_phone", PHONE, 1), ("email", "twofold@citizen.example", 1)];
    scene.user = scene.app.user_with("twofold", PASSWORD, &attributes).await;
    for kind in kinds {
        scene.app.enrol(scene.user, *kind).await;
    }
    scene
}

fn at(seed: &Seed, scene: &Scene) -> String {
    // Found by trying all: the test has no other implementation at hand than the one under test.
    let now = scene.app.clock.now();
    let guess =
        |number: u32| tamga::crypto::one_time_code::OneTimeCode::typed(&format!("{number:06}")).unwrap();
    let step = now.unix_timestamp() / 30;
    let found = (0..1_000_000).find(|number| seed.step_of(&guess(*number), now) == Some(step));
    format!("{:06}", found.unwrap())
}

#[tokio::test]
async fn a_code_by_sms_follows_the_password_and_the_session_is_renewed() {
    let mut scene = with(&[CredentialKind::Sms]).await;
    let stop = password(&mut scene).await;
    assert!(stop.has("code-form") && stop.has("resend") && stop.has("cancel-form"), "{}", stop.answer.body);
    assert_eq!(stop.url.path(), "/second-factor");
    let before = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    let sent = scene.app.sent_code(PHONE).await;
    let stop = scene.browser.submit("code-form", &[("code", &sent)]).await;
    assert!(stop.has("consent-form"), "{}", stop.answer.body);
    assert_ne!(scene.browser.cookie("__Host-tamga_session").unwrap(), before, "a rise of privilege");
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let claims = crate::oauth2::claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["amr"], serde_json::json!(["pwd", "otp", "sms", "mfa"]));
}

#[tokio::test]
async fn the_password_alone_opens_nothing() {
    let mut scene = with(&[CredentialKind::Sms]).await;
    password(&mut scene).await;
    let stop = scene.browser.open(&scene.request(&[("prompt", "none")])).await;
    assert_eq!(stop.parameter("error"), "interaction_required");
    let stop = scene.browser.open("/account").await;
    assert!(stop.has("code-form") || stop.has("login-form"), "{}", stop.url);
}

#[tokio::test]
async fn a_code_by_mail_does_as_well() {
    let mut scene = with(&[CredentialKind::Mail]).await;
    let stop = password(&mut scene).await;
    assert!(stop.answer.body.contains("@citizen.example"), "{}", stop.answer.body);
    let message = &scene.app.messages("twofold@citizen.example").await[0];
    assert!(message.channel == "mail" && message.subject.is_some());
    let sent = scene.app.sent_code("twofold@citizen.example").await;
    assert!(scene.browser.submit("code-form", &[("code", &sent)]).await.has("consent-form"));
}

#[tokio::test]
async fn opening_the_page_again_sends_no_second_code() {
    let mut scene = with(&[CredentialKind::Sms]).await;
    let stop = password(&mut scene).await;
    let here = stop.url.to_string();
    scene.browser.open(&here).await;
    assert_eq!(scene.app.messages(PHONE).await.len(), 1);
}

#[tokio::test]
async fn a_code_of_the_application_is_good_once() {
    let seed = Seed::from_bytes(b"12345678901234567890");
    let mut scene = with(&[]).await;
    scene.app.enrol_totp(scene.user, &seed).await;
    let stop = password(&mut scene).await;
    assert!(stop.has("code-form") && !stop.has("resend"));
    let code = at(&seed, &scene);
    let stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert!(stop.has("consent-form"), "{}", stop.answer.body);
    // RFC 6238 §5.2: the verifier must not accept the second attempt of the same code.
    scene.browser = scene.app.browser();
    password(&mut scene).await;
    let stop = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.answer.body.contains("used already"));
}

#[tokio::test]
async fn of_two_that_use_one_application_code_at_once_one_gets_in() {
    let seed = Seed::from_bytes(b"12345678901234567890");
    let mut scene = with(&[]).await;
    scene.app.enrol_totp(scene.user, &seed).await;
    password(&mut scene).await;
    let mut one = scene.browser.clone();
    scene.browser = scene.app.browser();
    password(&mut scene).await;
    let mut two = scene.browser.clone();
    let code = at(&seed, &scene);
    let fields = [("code", code.as_str())];
    let (one, two) = tokio::join!(one.submit("code-form", &fields), two.submit("code-form", &fields));
    assert_eq!([one, two].iter().filter(|stop| stop.has("consent-form")).count(), 1);
}

#[tokio::test]
async fn guesses_at_the_second_factor_make_wait() {
    let seed = Seed::from_bytes(b"12345678901234567890");
    let mut scene = with(&[]).await;
    scene.app.enrol_totp(scene.user, &seed).await;
    password(&mut scene).await;
    for _ in 0..5 {
        let stop = scene.browser.submit("code-form", &[("code", "000000")]).await;
        assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let stop = scene.browser.submit("code-form", &[("code", "000000")]).await;
    assert_eq!(stop.answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stop.answer.header("retry-after"), "1");
    scene.app.clock.advance(Duration::seconds(1));
    let code = at(&seed, &scene);
    assert!(scene.browser.submit("code-form", &[("code", &code)]).await.has("consent-form"));
}

#[tokio::test]
async fn a_recovery_code_works_once_and_its_owner_is_told() {
    let mut scene = with(&[CredentialKind::Sms]).await;
    let code = scene.app.enrol_recovery_code(scene.user).await;
    let stop = password(&mut scene).await;
    let here = format!("{}&way=recovery-code", stop.url);
    assert!(stop.answer.body.contains("way=recovery-code"), "{}", stop.answer.body);
    scene.browser.open(&here).await;
    let stop = scene.browser.submit("code-form", &[("code", &code.to_uppercase())]).await;
    assert!(stop.has("consent-form"), "{}", stop.answer.body);
    let notices = scene.app.messages("twofold@citizen.example").await;
    assert!(notices[0].body.contains("recovery code"), "{}", notices[0].body);
    assert!(!notices[0].body.contains(&code));
    scene.browser = scene.app.browser();
    let stop = password(&mut scene).await;
    assert!(!stop.answer.body.contains("way=recovery-code"), "none is left");
}

#[tokio::test]
async fn a_second_factor_code_does_not_sign_in_by_phone() {
    let mut scene = with(&[CredentialKind::Sms]).await;
    let stop = password(&mut scene).await;
    let sent = scene.app.sent_code(PHONE).await;
    let fields = stop.fields("code-form");
    let fields = [("journey", fields["journey"].as_str()), ("csrf", &fields["csrf"]), ("code", &sent)];
    let stop = scene.browser.post("/login/phone/code", &fields).await;
    assert_eq!(stop.url.path(), "/second-factor", "still there");
}

#[tokio::test]
async fn leaving_the_code_page_says_how_far_the_person_got() {
    let mut scene = with(&[CredentialKind::Sms]).await;
    let mut rp = scene.rp.clone();
    scene.app.change_client(&mut rp, |client| client.settings.detailed_errors = true).await;
    password(&mut scene).await;
    let sent = scene.app.sent_code(PHONE).await;
    let wrong = format!("{:06}", (sent.parse::<u32>().unwrap() + 1) % 1_000_000);
    scene.browser.submit("code-form", &[("code", &wrong)]).await;
    let stop = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(stop.parameter("error"), "access_denied");
    assert_eq!(stop.parameter("cancel_stage"), "second_factor");
    assert_eq!(stop.parameter("cancel_reason"), "code_wrong");
}

#[tokio::test]
async fn a_phone_that_the_operator_set_the_way_up_with_need_not_be_confirmed() {
    let mut scene = Scene::new().await;
    scene.user = scene.app.user_with("twofold", PASSWORD, &[("mobile_phone", PHONE, 0)]).await;
    scene.app.enrol(scene.user, CredentialKind::Sms).await;
    assert!(password(&mut scene).await.has("code-form"));
    let sent = scene.app.sent_code(PHONE).await;
    assert!(scene.browser.submit("code-form", &[("code", &sent)]).await.has("consent-form"));
}

#[tokio::test]
async fn a_code_sent_to_one_account_is_no_second_factor_of_another() {
    let mut scene = with(&[CredentialKind::Sms]).await;
    // Somebody who has learned a password signs in as themselves, has a code sent to their own phone,
    // and then signs in as the other in the same journey, without the page that would send another.
    let thief = scene.app.user_with("thief", PASSWORD, &[("mobile_phone", "+66899990009", 1)]).await;
    scene.app.enrol(thief, CredentialKind::Sms).await;
    let login = scene.ask(&[]).await.fields("login-form");
    scene.browser.submit("login-form", &[("username", "thief"), ("password", PASSWORD)]).await;
    let code = scene.app.sent_code("+66899990009").await;
    let form = [("journey", login["journey"].as_str()), ("csrf", login["csrf"].as_str())];
    let other = [&form[..], &[("username", "twofold"), ("password", PASSWORD)]].concat();
    scene.browser.post_and_stay("/login", &other).await;
    let stop = scene.browser.post("/second-factor?way=sms", &[&form[..], &[("code", &code)]].concat()).await;
    assert!(stop.has("code-form"), "the thief's phone is nobody else's second factor: {}", stop.url);
    assert!(stop.answer.body.contains("Ask for a new one"), "{}", stop.answer.body);
}
