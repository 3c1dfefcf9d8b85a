//! What the log must never hold (`quality.md`, "Security"): a test runs the flows and reads it.

use serde_json::{Value, json};
use tamga::model::client::AuthMethod;

use super::{CHALLENGE, Scene, VERIFIER, text};
use crate::support::{
    app::{BYE, CALLBACK, ISSUER, PASSWORD},
    pki::Holder,
    signer::Signer,
};

#[tokio::test]
async fn no_password_code_token_secret_identifier_phone_or_mail_is_logged() {
    let mut scene = Scene::new().await;
    let challenge = [
        ("scope", "openid profile email phone offline_access"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "the-state-of-the-client"),
        ("nonce", "the-nonce-of-the-client"),
        ("login_hint", "hinted@citizen.example"),
    ];
    let mut secret = vec![
        PASSWORD.to_owned(),
        "a wrong password".to_owned(),
        scene.rp.secret().to_owned(),
        VERIFIER.to_owned(),
        CHALLENGE.to_owned(),
        "the-state-of-the-client".to_owned(),
        "the-nonce-of-the-client".to_owned(),
        "citizen.example".to_owned(),
        "66812345678".to_owned(),
        "Somchai".to_owned(),
        "Jaidee".to_owned(),
    ];
    // A mistake, then the whole flow.
    scene.ask(&challenge).await;
    let wrong = [("username", "somchai"), ("password", "a wrong password")];
    secret.push(scene.browser.submit("login-form", &wrong).await.fields("login-form")["csrf"].clone());
    let code = scene.code(&challenge).await;
    let refused = scene.exchange(&code, &[("code_verifier", &"a".repeat(43))]).await;
    refused.error(400);
    let tokens = scene.exchange(&code, &[("code_verifier", VERIFIER)]).await.good();
    let refreshed = scene.refresh(text(&tokens, "refresh_token"), &[]).await.good();
    scene.userinfo(text(&tokens, "access_token")).await.good();
    for path in ["/oauth2/introspect", "/oauth2/revoke"] {
        for token in ["access_token", "refresh_token"] {
            let fields = [("token", text(&refreshed, token))];
            scene.app.door.post_as(&scene.rp, path, &fields).await;
        }
    }
    // What is refused is not logged either.
    scene.exchange(&code, &[("code_verifier", VERIFIER)]).await.error(400);
    scene.refresh(text(&tokens, "refresh_token"), &[]).await.error(400);
    scene.userinfo(text(&tokens, "access_token")).await.error(401);
    scene.app.door.post_with("/oauth2/token", &[("authorization", "Basic c2VjcmV0OnNlY3JldA==")], &[]).await;
    secret.push("c2VjcmV0OnNlY3JldA".to_owned());
    let cookie = scene.browser.cookie("__Host-tamga_session").unwrap().to_owned();
    let hint = text(&refreshed, "id_token");
    let parameters = [("id_token_hint", hint), ("post_logout_redirect_uri", BYE)];
    scene.browser.post("/oauth2/logout", &parameters).await.away();

    secret.extend([code, cookie]);
    for answer in [&tokens, &refreshed] {
        secret.extend(["access_token", "id_token", "refresh_token"].map(|name| signature(answer, name)));
    }
    secret.extend(scene.browser.set_cookies.iter().filter_map(|line| cookie_value(line)));
    let log = scene.app.log();
    assert!(log.contains("tokens_issued") && log.contains("login_failed"), "the log was listened to");
    for secret in secret {
        let line = log.lines().find(|line| line.contains(&secret));
        assert!(line.is_none(), "{secret:?} is in the log: {line:?}");
    }
}

#[tokio::test]
async fn no_assertion_proof_certificate_or_key_is_logged() {
    let (signer, holder) = (Signer::new("the-name-of-the-key"), Holder::self_signed(named));
    let mut scene = Scene::with(|client| {
        client.auth_methods = vec![AuthMethod::PrivateKeyJwt, AuthMethod::SelfSignedTlsClientAuth];
        client.settings.jwks = Some(signer.jwks());
        client.settings.certificate_bound_access_tokens = true;
    })
    .await;
    scene.app.add_certificate(&scene.rp.clone(), &holder, None).await;
    let now = scene.app.clock.now().unix_timestamp();
    let claims = |jti: &str| json!({"iss": "rp", "sub": "rp", "aud": ISSUER, "exp": now + 60, "jti": jti});
    let proof = |jti: &str, path: &str| {
        signer.proof(&json!({"jti": jti, "htm": "POST", "htu": format!("{ISSUER}{path}"), "iat": now}))
    };
    let (first, second) = (signer.sign(&claims("the-first-jti")), signer.sign(&claims("the-second-jti")));
    let used = proof("the-jti-of-the-proof", "/oauth2/token");
    let misfit = proof("another-jti", "/elsewhere");
    let door = scene.app.door.with_certificate(&holder);
    let code = scene.code(&[]).await;
    let exchange = |assertion: &str| {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    for (assertion, proof, status) in [
        (first.as_str(), misfit.as_str(), 400),
        (first.as_str(), used.as_str(), 401),
        ("a.made-up.assertion", used.as_str(), 401),
        (second.as_str(), used.as_str(), 200),
    ] {
        let fields = exchange(assertion);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = door.post_with("/oauth2/token", &[("dpop", proof)], &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    }
    let unknown = scene.app.door.with_certificate(&Holder::self_signed(named));
    let path = scene.request(&[]).replace("/authorize?", "/authorize/certificate?");
    for door in [&door, &unknown] {
        assert_eq!(door.get(&path).await.status, 401);
        door.post("/oauth2/introspect", &[("token", "x"), ("client_id", "rp")]).await;
    }
    let (log, thumbprint) = (scene.app.log(), holder.chain().leaf.thumbprint());
    assert!(log.contains("the client assertion was used before") && log.contains("certificate_unknown"));
    let secret = [
        first.as_str(),
        &second,
        &used,
        &misfit,
        "made-up",
        "the-first-jti",
        "the-jti-of-the-proof",
        "the-name-of-the-key",
        &thumbprint,
        &signer.thumbprint(),
        "Somchai in person",
        "system.example",
    ];
    for secret in secret {
        // Of a token its signature.
        let tail = if secret.len() > 100 { secret.rsplit('.').next().unwrap() } else { secret };
        let line = log.lines().find(|line| line.contains(tail));
        assert!(line.is_none(), "{secret:?} is in the log: {line:?}");
    }
}

fn named(params: &mut rcgen::CertificateParams) {
    params.distinguished_name.push(rcgen::DnType::CommonName, "Somchai in person");
    params.subject_alt_names.push(rcgen::SanType::DnsName("ops.system.example".try_into().unwrap()));
}

/// The part of a token that gives it away: a JWT's signature, or all of it.
fn signature(answer: &Value, name: &str) -> String {
    text(answer, name).rsplit('.').next().unwrap_or_default().to_owned()
}

fn cookie_value(line: &str) -> Option<String> {
    let value = line.split(';').next()?.split_once('=')?.1;
    (!value.is_empty()).then(|| value.to_owned())
}
