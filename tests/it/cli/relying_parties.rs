//! What a registration says about OpenID Connect, on the command line.

use serde_json::json;

use super::installation;
use crate::support::signer::Signer;

const HOME: &str = "https://app.example.org/callback";

/// A new client of the code flow with these options beside.
fn application<'a>(options: &[&'a str]) -> Vec<&'a str> {
    let usual = ["client", "add", "--identifier", "app", "--name", "App", "--redirect-uri", HOME];
    [&usual[..], &["--allowed-flow", "authorization-code"], options].concat()
}

#[tokio::test]
async fn every_option_is_stored_shown_and_taken_back() {
    let tamga = installation().await;
    tamga.json(&application(&["--generate-secret", "--jwks", "https://app.example.org/jwks"]));
    let set = |options: &[&str]| tamga.json(&[&["client", "set", "app"], options].concat());
    for (option, member, value, stored) in [
        ("--subject-type", "subject_type", "pairwise", json!("pairwise")),
        ("--request-object-alg", "request_object_signing_alg", "ES384", json!("ES384")),
        ("--userinfo-alg", "userinfo_signed_response_alg", "EdDSA", json!("EdDSA")),
        ("--introspection-alg", "introspection_signed_response_alg", "PS256", json!("PS256")),
        ("--authorization-response-alg", "authorization_signed_response_alg", "ES256", json!("ES256")),
        ("--default-max-age", "default_max_age", "600", json!(600)),
        ("--default-acr-value", "default_acr_values", "2", json!(["2"])),
        (
            "--request-uri",
            "request_uris",
            "https://app.example.org/r#x",
            json!(["https://app.example.org/r#x"]),
        ),
        (
            "--frontchannel-logout-uri",
            "frontchannel_logout_uri",
            "https://app.example.org/out",
            json!("https://app.example.org/out"),
        ),
        (
            "--backchannel-logout-uri",
            "backchannel_logout_uri",
            "https://back.example.org/out",
            json!("https://back.example.org/out"),
        ),
        (
            "--initiate-login-uri",
            "initiate_login_uri",
            "https://app.example.org/in",
            json!("https://app.example.org/in"),
        ),
        ("--contact", "contacts", "ops@app.example.org", json!(["ops@app.example.org"])),
        (
            "--require-pushed-authorization-requests",
            "require_pushed_authorization_requests",
            "true",
            json!(true),
        ),
        ("--require-signed-request-object", "require_signed_request_object", "true", json!(true)),
        ("--application-type", "application_type", "native", json!("native")),
    ] {
        assert_eq!(set(&[option, value])[member], stored, "{option}");
        let text = tamga.run(&["client", "show", "app"]).out;
        assert!(value == "true" || value == "native" || text.contains(value), "{option}: {text}");
    }
    for (option, member, none) in [
        ("--userinfo-alg=default", "userinfo_signed_response_alg", json!(null)),
        ("--default-max-age=default", "default_max_age", json!(null)),
        ("--request-uri=", "request_uris", json!([])),
        ("--backchannel-logout-uri=", "backchannel_logout_uri", json!(null)),
        ("--require-signed-request-object=false", "require_signed_request_object", json!(false)),
    ] {
        assert_eq!(set(&[option])[member], none, "{option}");
    }
}

#[tokio::test]
async fn what_can_not_work_is_refused_in_the_words_of_the_options() {
    let tamga = installation().await;
    let refused = |options: &[&str]| tamga.refused(&application(&[&["--generate-secret"], options].concat()));
    for (options, said) in [
        (&["--require-signed-request-object"][..], "--jwks"),
        (&["--request-uri", "https://app.example.org/r"], "--jwks"),
        (&["--backchannel-logout-session-required"], "no --backchannel-logout-uri"),
        (&["--backchannel-logout-uri", "http://app.example.org/out"], "--backchannel-logout-uri: `http://"),
        (&["--backchannel-logout-uri", "https://app.example.org/out#x"], "fragment"),
        (&["--backchannel-logout-uri", "https://127.0.0.1/out"], "--backchannel-logout-uri: `https://127"),
        (&["--frontchannel-logout-uri", "https://other.example.org/out"], "--redirect-uri"),
        (&["--initiate-login-uri", "javascript:alert(1)"], "--initiate-login-uri"),
        (&["--default-acr-value", "4"], "none of 0, 1, 2, 3"),
    ] {
        let text = refused(options);
        assert!(text.contains(said), "{options:?}: {text}");
    }
}

#[tokio::test]
async fn fapi_2_0_security_profile_s5_3_2_a_client_of_it_is_held_to_it() {
    let tamga = installation().await;
    let jwks = tamga.folder.join("jwks.json");
    std::fs::write(&jwks, Signer::new("one").jwks().to_string()).unwrap();
    let keys = ["--profile", "fapi2", "--jwks", jwks.to_str().unwrap()];
    let refused = |options: &[&str]| tamga.refused(&application(&[&keys, options].concat()));
    for (options, said) in [
        (&["--generate-secret"][..], "--auth-method"),
        (&["--type", "public", "--auth-method", "none"], "confidential"),
        (&["--allowed-flow", "implicit"], "FAPI 2.0 has no implicit"),
        (&["--id-token-alg", "RS256"], "--id-token-alg"),
        (&["--assertion-alg", "RS256"], "--assertion-alg"),
        (&["--require-pkce", "false"], "PKCE"),
        (&["--userinfo-alg", "RS256"], "--userinfo-alg"),
    ] {
        let text = refused(options);
        assert!(text.contains(said), "{options:?}: {text}");
    }
    let added = tamga.json(&application(&keys));
    assert_eq!(added["auth_methods"], json!(["private_key_jwt"]));
    assert_eq!(added["require_pushed_authorization_requests"], json!(true));
    assert_eq!((&added["profile"], &added["id_token_alg"]), (&json!("fapi2"), &json!("PS256")));
}

#[tokio::test]
async fn rfc_9700_s4_15_no_client_is_called_like_a_person() {
    let tamga = installation().await;
    let add = ["user", "add", "--kind", "citizen", "--username", "somchai"];
    let added = tamga.json(&add);
    let number = added["user_id"].as_str().unwrap();
    let called =
        |identifier: &'static str| ["client", "add", "--identifier", identifier, "--name", "Service"];
    let rest = ["--allowed-flow", "client-credentials", "--generate-secret"];
    let theirs: &'static str = number.to_owned().leak();
    let refused = tamga.refused(&[&called(theirs)[..], &rest].concat());
    assert!(refused.contains("--identifier") && refused.contains("account"), "{refused}");
    // Any other number will do, as clients of some replaced systems have them.
    tamga.json(&[&called("6f1c2a52-7a0e-4d40-8b8a-111111111111")[..], &rest].concat());
}

#[tokio::test]
async fn oidc_core_s8_1_a_pairwise_client_has_one_sector() {
    let tamga = installation().await;
    let pairwise = ["--generate-secret", "--subject-type", "pairwise"];
    let two = ["--redirect-uri", "https://other.example.org/callback"];
    let refused = tamga.refused(&application(&[&pairwise[..], &two].concat()));
    assert!(refused.contains("--sector-identifier-uri") && refused.contains("several hosts"), "{refused}");
    let nowhere = ["--sector-identifier-uri", "https://127.0.0.1/sector.json"];
    let refused = tamga.refused(&application(&[&pairwise[..], &two, &nowhere].concat()));
    assert!(refused.contains("--sector-identifier-uri"), "{refused}");
    tamga.json(&application(&pairwise));
    let added = ["client", "set", "app", "--add-redirect-uri", "https://other.example.org/callback"];
    assert!(tamga.refused(&added).contains("several hosts"));
}
