//! What the log must never hold (`quality.md`, "Security"): a test runs the flows and reads it.

use super::{
    direct, lines,
    scene::{SELECT, Scene, answered, fetch, ours, pairs, request},
};
use crate::support::app::PASSWORD;

#[tokio::test]
async fn no_secret_handle_signature_nonce_name_or_attribute_is_logged() {
    let mut scene = Scene::new().await;
    let held = [("citizen_id", "1101002345674", 2), ("email", "orn@citizen.example", 1)];
    scene.app.user_with("ornuma", PASSWORD, &held).await;
    let dh = [
        ("mode", "associate"),
        ("assoc_type", "HMAC-SHA256"),
        ("session_type", "DH-SHA256"),
        ("dh_consumer_public", "Aw=="),
    ];
    let association = lines(&direct(&scene.app, &dh).await, 200);
    let mut secret: Vec<String> =
        ["assoc_handle", "enc_mac_key", "dh_server_public"].map(|key| association[key].clone()).into();
    let fetched = fetch(
        &[("mail", "http://axschema.org/contact/email")],
        &[("cid", "http://www.egov.go.th/2012/identifier/citizenid")],
    );
    let wanted = pairs(&fetched);
    scene.ask(&wanted).await;
    scene.browser.submit("login-form", &[("username", "ornuma"), ("password", "wrong-word")]).await;
    scene.browser.submit("login-form", &[("username", "ornuma"), ("password", PASSWORD)]).await;
    let answer = answered(&scene.browser.press("consent-form", "consent-allow").await);
    let confirm: Vec<(&str, &str)> = answer
        .iter()
        .map(|(key, value)| {
            (key.as_str(), if key == "mode" { "check_authentication" } else { value.as_str() })
        })
        .filter(|(key, _)| *key != "ns")
        .collect();
    assert_eq!(lines(&direct(&scene.app, &confirm).await, 200)["is_valid"], "true");
    assert_eq!(lines(&direct(&scene.app, &confirm).await, 200)["is_valid"], "false");
    // What is refused is not logged either.
    let named = ours("/id/Ornuma");
    for change in [
        vec![("openid.claimed_id", named.as_str()), ("openid.identity", SELECT)],
        vec![("openid.return_to", "https://evil.example/secret-path")],
        vec![
            ("openid.realm", "https://evil.example/"),
            ("openid.return_to", "https://evil.example/secret-path"),
        ],
        vec![("openid.mode", "secret-mode")],
    ] {
        scene.ask(&change).await;
    }
    scene.browser.open(&format!("{}&openid.sig=secret-sig&openid.sig=secret-sig", request(&[]))).await;
    secret.extend(["response_nonce", "assoc_handle", "sig"].map(|key| answer[key].clone()));
    secret.extend(
        ["wrong-word", PASSWORD, "ornuma", "Ornuma", "citizen.example", "1101002345674", "secret-"]
            .map(str::to_owned),
    );
    let log = scene.app.log();
    for word in ["asserted", "associated", "error"] {
        assert!(log.contains(word), "{word} is not in the log: {log}");
    }
    for secret in secret {
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
}
