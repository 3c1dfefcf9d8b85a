//! Signatures on the wire (RFC 5849 §3.4, §3.5): places, methods, and what makes one wrong.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::{EncodePublicKey, LineEnding},
};
use tamga::model::oauth1::SecretTransform;

use super::{
    REQUEST_TOKEN, Scene, credentials,
    signing::{Place, problem, told},
};
use crate::support::app::TestApp;

#[tokio::test]
async fn rfc_5849_s3_5_parameters_stand_in_the_header_the_body_or_the_query() {
    let scene = Scene::new().await;
    for place in [Place::Header, Place::Query, Place::Body] {
        let mut call = scene.request_token_call();
        call.place = place;
        call.set("scope", "profile email");
        credentials(&call.send(&scene.app.door).await);
    }
}

#[tokio::test]
async fn rfc_5849_s3_5_1_the_realm_may_be_there_and_is_not_signed() {
    let scene = Scene::new().await;
    for prefix in ["OAuth realm=\"https://sso.test.example/\", ", "OAuth realm=\"\",", "oauth ", "OAUTH  "] {
        let mut call = scene.request_token_call();
        call.prefix = prefix.to_owned();
        credentials(&call.send(&scene.app.door).await);
    }
}

#[tokio::test]
async fn scope_in_header_and_query_parameters_beside_it_are_signed() {
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.set("scope", "http://tempuri.org/IDataApi/GetName");
    for (name, value) in [("a", "2"), ("a", "1"), ("empty", ""), ("é & =", "+ %20/ก")] {
        call.add(name, value);
    }
    credentials(&call.send(&scene.app.door).await);
    let mut tampered = call.clone();
    tampered.set("oauth_nonce", "another");
    tampered.add("oauth_signature", &tampered.signature());
    tampered.add("a", "3");
    assert_eq!(problem(&tampered.send_as_it_is(&scene.app.door).await, 401), "signature_invalid");
}

#[tokio::test]
async fn rfc_5849_s3_4_1_3_1_a_body_that_is_no_form_is_not_signed() {
    let scene = Scene::new().await;
    let call = scene.request_token_call();
    let mut signed = call.clone();
    signed.add("oauth_signature", &call.signature());
    let pairs: Vec<String> = signed
        .parameters
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", super::signing::encode(value)))
        .collect();
    let header = format!("OAuth {}", pairs.join(","));
    let headers = [("authorization", header.as_str()), ("content-type", "application/json")];
    credentials(&scene.app.door.call(Method::POST, REQUEST_TOKEN, &headers, "a=b").await);
}

#[tokio::test]
async fn rfc_5849_s3_2_whatever_is_changed_after_signing_is_refused() {
    let scene = Scene::new().await;
    let call = scene.request_token_call();
    let signature = call.signature();
    let refused = async |change: &dyn Fn(&mut super::signing::Call)| {
        let mut changed = call.clone();
        changed.add("oauth_signature", &signature);
        change(&mut changed);
        problem(&changed.send_as_it_is(&scene.app.door).await, 401)
    };
    let nonce = |call: &mut super::signing::Call| call.set("oauth_nonce", "another");
    assert_eq!(refused(&nonce).await, "signature_invalid");
    assert_eq!(refused(&|call| call.set("oauth_callback", "oob")).await, "signature_invalid");
    assert_eq!(refused(&|call| call.set("scope", "citizen_id")).await, "signature_invalid");
    assert_eq!(refused(&|call| call.method = Method::GET).await, "signature_invalid");
    assert_eq!(refused(&|call| call.set("oauth_signature_method", "HMAC-SHA256")).await, "signature_invalid");
    for wrong in ["x", "AAAA", "=", &signature.to_lowercase(), &signature.replace('=', "")] {
        let change = |call: &mut super::signing::Call| call.set("oauth_signature", wrong);
        assert_eq!(refused(&change).await, "signature_invalid", "{wrong}");
    }
}

#[tokio::test]
async fn rfc_5849_s3_4_1_2_only_the_address_that_the_world_knows_is_signed() {
    let scene = Scene::new().await;
    for origin in [
        "http://sso.test.example",
        "https://sso.test.example:443",
        "https://SSO.test.example",
        "https://127.0.0.1:8080",
        "https://sso.test.example.evil.example",
    ] {
        let mut call = scene.request_token_call();
        call.origin = origin.to_owned();
        assert_eq!(problem(&call.send(&scene.app.door).await, 401), "signature_invalid", "{origin}");
    }
    let elsewhere = TestApp::with(&[("server.public_url", "https://sso.test.example:8443")]).await;
    let other = Scene::at(elsewhere, |_| {}).await;
    let mut call = other.request_token_call();
    call.origin = "https://sso.test.example:8443".to_owned();
    assert_eq!(call.send(&other.app.door).await.status, 200, "a port that is not the default is signed");
}

#[tokio::test]
async fn rfc_5849_s3_6_doubly_encoded_values_are_other_values() {
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.set("oauth_callback", "https%3A%2F%2Frp.example%2Fcb");
    assert_eq!(problem(&call.send(&scene.app.door).await, 400), "parameter_rejected");
}

#[tokio::test]
async fn rfc_5849_s3_1_a_repeated_or_missing_protocol_parameter_is_400() {
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.add("oauth_nonce", "second");
    let answer = call.send(&scene.app.door).await;
    assert_eq!(problem(&answer, 400), "parameter_rejected");
    assert_eq!(told(&answer, "oauth_parameters_rejected"), "oauth_nonce");
    for name in ["oauth_consumer_key", "oauth_signature_method", "oauth_timestamp", "oauth_nonce"] {
        let mut call = scene.request_token_call();
        call.set(name, "");
        let answer = call.send(&scene.app.door).await;
        assert_eq!(problem(&answer, 400), "parameter_absent");
        assert_eq!(told(&answer, "oauth_parameters_absent"), name);
    }
    let unsigned = scene.request_token_call().send_as_it_is(&scene.app.door).await;
    assert_eq!(problem(&unsigned, 400), "parameter_absent");
}

#[tokio::test]
async fn rfc_5849_s3_1_another_version_is_refused_and_1_0a_taken() {
    let scene = Scene::new().await;
    for (version, good) in [("1.0", true), ("1.0A", true), ("", true), ("2.0", false), ("1.1", false)] {
        let mut call = scene.request_token_call();
        call.set("oauth_version", version);
        let answer = call.send(&scene.app.door).await;
        if good {
            credentials(&answer);
        } else {
            assert_eq!(problem(&answer, 400), "version_rejected");
            assert_eq!(told(&answer, "oauth_acceptable_versions"), "1.0-1.0");
        }
    }
}

#[tokio::test]
async fn hmac_sha256_is_taken_and_unknown_methods_are_not() {
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.set("oauth_signature_method", "HMAC-SHA256");
    credentials(&call.send(&scene.app.door).await);
    for method in ["HMAC-MD5", "none", "hmac-sha1", "RSA-SHA1"] {
        let mut call = scene.request_token_call();
        call.set("oauth_signature_method", method);
        assert_eq!(problem(&call.send(&scene.app.door).await, 400), "signature_method_rejected", "{method}");
    }
}

#[tokio::test]
async fn rfc_5849_s3_4_4_plaintext_is_for_clients_registered_with_it_over_tls() {
    let plain = |call: &mut super::signing::Call| {
        call.set("oauth_signature_method", "PLAINTEXT");
        call.set("oauth_timestamp", "");
        call.set("oauth_nonce", "");
    };
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    plain(&mut call);
    assert_eq!(problem(&call.send(&scene.app.door).await, 400), "signature_method_rejected");

    let mut scene = Scene::with(|client| client.settings.oauth1_plaintext = true).await;
    let mut call = scene.request_token_call();
    plain(&mut call);
    let token = credentials(&call.send(&scene.app.door).await);
    let verifier = scene.allow(&token).await.parameter("oauth_verifier");
    let mut call = scene.exchange_call(&token, &verifier);
    plain(&mut call);
    let access = credentials(&call.send(&scene.app.door).await);
    let mut call = scene.call(Method::GET, super::USER_INFO, Some(&access));
    plain(&mut call);
    assert_eq!(call.send(&scene.app.door).await.status, 200);
    call.secrets.1 = "wrong".to_owned();
    assert_eq!(call.send(&scene.app.door).await.status, 401);

    let loopback =
        Scene::at(TestApp::on_loopback().await, |client| client.settings.oauth1_plaintext = true).await;
    let mut call = loopback.request_token_call();
    plain(&mut call);
    assert_eq!(told(&call.send(&loopback.app.door).await, "oauth_problem"), "signature_method_rejected");
}

#[tokio::test]
async fn rfc_5849_s3_4_3_rsa_sha1_is_off_until_the_operator_and_the_client_have_it() {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    let pem = key.to_public_key().to_public_key_pem(LineEnding::LF).unwrap();
    let signed = |scene: &Scene| {
        let mut call = scene.request_token_call();
        call.set("oauth_signature_method", "RSA-SHA1");
        let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, call.base().as_bytes());
        let prefix = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
        let scheme = Pkcs1v15Sign { hash_len: Some(20), prefix: Box::from(&prefix[..]) };
        call.add("oauth_signature", &STANDARD.encode(key.sign(scheme, digest.as_ref()).unwrap()));
        call
    };
    let on = [("oauth1.signature_methods", "HMAC-SHA1,RSA-SHA1")];
    let with_key =
        Scene::at(TestApp::with(&on).await, |c| c.settings.oauth1_public_key = Some(pem.clone())).await;
    credentials(&signed(&with_key).send_as_it_is(&with_key.app.door).await);
    let mut wrong = signed(&with_key);
    wrong.set("oauth_nonce", "another");
    assert_eq!(problem(&wrong.send_as_it_is(&with_key.app.door).await, 401), "signature_invalid");
    let without = Scene::at(TestApp::with(&on).await, |_| {}).await;
    let answer = signed(&without).send_as_it_is(&without.app.door).await;
    assert_eq!(problem(&answer, 400), "signature_method_rejected");
    let off = Scene::with(|client| client.settings.oauth1_public_key = Some(pem.clone())).await;
    assert_eq!(problem(&signed(&off).send_as_it_is(&off.app.door).await, 400), "signature_method_rejected");
}

#[tokio::test]
async fn a_client_may_sign_with_the_transformed_secret() {
    let scene =
        Scene::with(|client| client.settings.oauth1_secret_transform = SecretTransform::Md5x10Ega).await;
    let call = scene.request_token_call();
    assert_eq!(
        problem(&call.send(&scene.app.door).await, 401),
        "signature_invalid",
        "not with the secret itself"
    );
    let mut call = scene.request_token_call();
    let mut secret = scene.rp.secret().to_owned();
    for _ in 0..10 {
        use md5::Digest;
        let digest = md5::Md5::digest(format!("{secret}EGA").as_bytes());
        secret = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    }
    call.secrets.0 = secret;
    credentials(&call.send(&scene.app.door).await);
}

#[tokio::test]
async fn each_secret_of_a_client_signs_until_it_expires() {
    let scene = Scene::new().await;
    let second = tamga::secret::Token::from("another secret & more");
    let stored = scene.app.secret(&second, Some(scene.app.clock.now() + time::Duration::minutes(1)));
    let now = scene.app.clock.now();
    let entry = tamga::model::journal::Entry::by_operator(now, "client.insert_secret", "client", "rp");
    let client = scene.rp.client.id;
    tamga::store::clients::insert_secret(scene.app.pool(), client, &stored, &entry).await.unwrap();
    scene.app.app.clients.clear();
    scene.request_token("profile").await;
    let signed = async || {
        let mut call = scene.request_token_call();
        call.secrets.0 = second.expose().to_owned();
        call.send(&scene.app.door).await
    };
    credentials(&signed().await);
    scene.app.clock.advance(time::Duration::minutes(1));
    assert_eq!(problem(&signed().await, 401), "signature_invalid");
    scene.request_token("profile").await;
}
