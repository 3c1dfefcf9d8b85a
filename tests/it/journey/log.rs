//! What the log must never hold: a test runs the ways of signing in and making an account, and
//! reads it.

use tamga::model::credential::CredentialKind;
use time::Duration;

use crate::{oauth2::Scene, support::app::PASSWORD};

#[tokio::test]
async fn no_phone_mail_identifier_code_or_password_of_these_journeys_is_logged() {
    let mut scene = Scene::new().await;
    let mut secret: Vec<String> =
        ["66899990001", "66899990002", "twofold@", "1101700203450", "Malee", PASSWORD]
            .map(str::to_owned)
            .to_vec();
    secret.push("a new and longer one".to_owned());

    // An account is made, by way of a phone that has none.
    let stop = scene.ask(&[("phone", "+66899990001")]).await;
    assert!(stop.has("phone-form"));
    scene.browser.submit("phone-form", &[("phone", "+66899990001")]).await;
    let code = scene.app.sent_code("+66899990001").await;
    scene.browser.submit("code-form", &[("code", "000000")]).await;
    scene.browser.submit("code-form", &[("code", &code)]).await;
    secret.push(code);
    let stop = scene.browser.submit("kind-form", &[("kind", "citizen")]).await;
    assert!(stop.has("register-form"), "{}", stop.url);
    let details = [
        ("citizen_id", "1101700203450"),
        ("first_name", "Malee"),
        ("last_name", "Jaidee"),
        ("date_of_birth", "1990-05-15"),
    ];
    let stop = scene.browser.submit("register-form", &details).await;
    assert!(stop.has("password-form"), "{}", stop.url);
    let fields = [("password", PASSWORD), ("terms", "yes")];
    assert!(scene.browser.submit("password-form", &fields).await.has("consent-form"));
    secret.push(scene.browser.cookie("__Host-tamga_session").unwrap().to_owned());
    secret.push(scene.browser.cookie("__Host-tamga_known").unwrap().to_owned());

    // A second factor.
    let attributes = [("mobile_phone", "+66899990002", 1), ("email", "twofold@citizen.example", 1)];
    let user = scene.app.user_with("twofold", PASSWORD, &attributes).await;
    scene.app.enrol(user, CredentialKind::Sms).await;
    scene.app.enrol(user, CredentialKind::Mail).await;
    let recovery = scene.app.enrol_recovery_code(user).await;
    scene.browser = scene.app.browser();
    scene.ask(&[]).await;
    scene
        .browser
        .submit("login-form", &[("username", "twofold@citizen.example"), ("password", PASSWORD)])
        .await;
    let code = scene.app.sent_code("+66899990002").await;
    scene.browser.submit("code-form", &[("code", &code)]).await;
    secret.extend([code, recovery]);

    // A forgotten password.
    scene.app.clock.advance(Duration::minutes(5));
    scene.browser = scene.app.browser();
    let stop = scene.ask(&[]).await;
    scene.browser.open(&stop.attribute("forgotten-link", "href").unwrap()).await;
    scene.browser.submit("forgotten-form", &[("username", "twofold@citizen.example")]).await;
    for to in ["twofold@citizen.example", "+66899990002"] {
        secret.push(scene.app.sent_code(to).await);
    }
    let log = scene.app.log();
    assert!(log.contains("/login/phone/code"), "something is logged: {log}");
    for word in secret {
        assert!(!log.contains(&word), "`{word}` is in the log");
    }
}
