//! Associations (OpenID Authentication 2.0 §8, §14.2.2).

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, Request},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use num_bigint::BigUint;
use ring::digest;
use tamga::{
    http::serve::ConnectionTls,
    protocol::openid2::{
        association::{Association, Kind},
        message::OPENID2_NS,
    },
};
use time::Duration;

use super::{BY_TLS, ENDPOINT, behind_proxy, direct, direct_1, lines};
use crate::support::{
    app::TestApp,
    door::{Answer, encoded},
};

/// OpenID 2.0 appendix B.
const MODULUS: &str = "155172898181473697471232257763715539915724801966915404479707795314057629378541917580651227423698\
    188993727816152646631438561595825688188889951272158842675419950341258706556549803580104870537681476726513255747\
    040765857479291291572334510643245094715007229621094194349783925984760375594985848253359305585439638443";

/// Our private exponent as a relying party.
const EXPONENT: u64 = 0x1234_5678_9abc_def1;

fn btwoc(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes[0] & 0x80 != 0 {
        bytes.insert(0, 0);
    }
    bytes
}

fn number(text: &str) -> BigUint {
    BigUint::from_bytes_be(&STANDARD.decode(text).unwrap())
}

/// Asks with a public value of this modulus and generator, and unmasks what comes.
async fn exchange(
    app: &TestApp,
    (assoc_type, session_type): (&str, &str),
    modulus: &BigUint,
    generator: u32,
    named: bool,
) -> (BTreeMap<String, String>, Vec<u8>) {
    let encode = |number: &BigUint| STANDARD.encode(btwoc(number));
    let public = encode(&BigUint::from(generator).modpow(&EXPONENT.into(), modulus));
    let (modulus_text, generator_text) = (encode(modulus), encode(&generator.into()));
    let mut fields = vec![
        ("mode", "associate"),
        ("assoc_type", assoc_type),
        ("session_type", session_type),
        ("dh_consumer_public", &public),
    ];
    if named {
        fields.extend([("dh_modulus", modulus_text.as_str()), ("dh_gen", generator_text.as_str())]);
    }
    let answer = lines(&direct(app, &fields).await, 200);
    let shared = number(&answer["dh_server_public"]).modpow(&EXPONENT.into(), modulus);
    let algorithm =
        if session_type == "DH-SHA1" { &digest::SHA1_FOR_LEGACY_USE_ONLY } else { &digest::SHA256 };
    let mask = digest::digest(algorithm, &btwoc(&shared));
    let masked = STANDARD.decode(&answer["enc_mac_key"]).unwrap();
    assert_eq!(masked.len(), mask.as_ref().len());
    let secret = mask.as_ref().iter().zip(masked).map(|(a, b)| a ^ b).collect();
    (answer, secret)
}

/// The secret that we know for a handle.
#[track_caller]
fn known(app: &TestApp, handle: &str) -> Vec<u8> {
    let association = Association::open(&app.app.sealer, Kind::Shared, handle, app.clock.now());
    association.expect("a shared association").mac_key().to_vec()
}

fn default_modulus() -> BigUint {
    MODULUS.parse().unwrap()
}

const PLAIN: [(&str, &str); 3] =
    [("mode", "associate"), ("assoc_type", "HMAC-SHA1"), ("session_type", "no-encryption")];

/// Asks for a secret as it is, on a connection of this kind and with these headers.
async fn ask_plain(app: &TestApp, tls: bool, headers: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = PLAIN.iter().map(|(key, value)| (format!("openid.{key}"), *value)).collect();
    let mut fields: Vec<_> = fields.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    fields.push(("openid.ns", OPENID2_NS));
    let mut request = Request::post(ENDPOINT).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.door.send(request.extension(ConnectionTls { tls }).body(Body::from(encoded(&fields))).unwrap()).await
}

#[tokio::test]
async fn openid_2_s8_2_3_both_sides_of_an_exchange_know_the_secret() {
    let app = TestApp::new().await;
    for (pair, length) in [(("HMAC-SHA1", "DH-SHA1"), 20), (("HMAC-SHA256", "DH-SHA256"), 32)] {
        for named in [false, true] {
            let (answer, secret) = exchange(&app, pair, &default_modulus(), 2, named).await;
            assert_eq!(secret, known(&app, &answer["assoc_handle"]));
            assert_eq!(secret.len(), length);
        }
    }
}

#[tokio::test]
async fn openid_2_s8_2_1_the_answer_has_what_the_standard_lists() {
    let app = TestApp::with(&[("openid2.association_ttl", "2h")]).await;
    let (answer, _) = exchange(&app, ("HMAC-SHA256", "DH-SHA256"), &default_modulus(), 2, false).await;
    let keys: Vec<&str> = answer.keys().map(String::as_str).collect();
    let expected =
        ["assoc_handle", "assoc_type", "dh_server_public", "enc_mac_key", "expires_in", "ns", "session_type"];
    assert_eq!(keys, expected);
    assert_eq!(answer["ns"], OPENID2_NS);
    assert_eq!(
        (answer["assoc_type"].as_str(), answer["session_type"].as_str()),
        ("HMAC-SHA256", "DH-SHA256")
    );
    assert_eq!(answer["expires_in"], "7200");
    let handle = &answer["assoc_handle"];
    assert!(handle.len() <= 255 && handle.bytes().all(|b| b.is_ascii_graphic()), "{handle}");
    let open = || Association::open(&app.app.sealer, Kind::Shared, handle, app.clock.now());
    app.clock.advance(Duration::seconds(7_199));
    assert!(open().is_some());
    app.clock.advance(Duration::seconds(1));
    assert!(open().is_none());
}

#[tokio::test]
async fn each_association_is_another() {
    let app = TestApp::new().await;
    let (first, secret) = exchange(&app, ("HMAC-SHA1", "DH-SHA1"), &default_modulus(), 2, false).await;
    let (second, other) = exchange(&app, ("HMAC-SHA1", "DH-SHA1"), &default_modulus(), 2, false).await;
    assert_ne!(first["assoc_handle"], second["assoc_handle"]);
    assert_ne!(first["dh_server_public"], second["dh_server_public"]);
    assert_ne!(secret, other);
}

#[tokio::test]
async fn another_instance_knows_the_handle() {
    let app = TestApp::new().await;
    let (answer, secret) = exchange(&app, ("HMAC-SHA1", "DH-SHA1"), &default_modulus(), 2, false).await;
    assert_eq!(known(&app.another().await, &answer["assoc_handle"]), secret);
}

#[tokio::test]
async fn openid_2_s8_1_2_a_relying_party_may_bring_modulus_and_generator() {
    let app = TestApp::new().await;
    for bits in [1_024_u32, 2_048, 8_192] {
        // Odd and of that size; nothing else is asked of it.
        let modulus = (BigUint::from(1_u8) << (bits - 1)) + 0x1235_u32;
        let (answer, secret) = exchange(&app, ("HMAC-SHA256", "DH-SHA256"), &modulus, 5, true).await;
        assert_eq!(secret, known(&app, &answer["assoc_handle"]), "{bits}");
    }
}

/// Only these can be dear; those with the default modulus go on.
#[tokio::test]
async fn a_flood_of_foreign_moduli_is_told_to_come_back() {
    let app = TestApp::new().await;
    let mut held = Vec::new();
    // More than may work and wait, until no place is left.
    for _ in 0..256 {
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let pool = app.app.exchanges.clone();
        held.push((
            release,
            tokio::spawn(async move { pool.run(move || wait.recv().is_ok()).await.is_err() }),
        ));
    }
    while !held.iter().any(|(_, task)| task.is_finished()) {
        tokio::task::yield_now().await;
    }
    let modulus = STANDARD.encode(btwoc(&((BigUint::from(1_u8) << 2_048) - 1_u8)));
    let usual = [
        ("mode", "associate"),
        ("assoc_type", "HMAC-SHA1"),
        ("session_type", "DH-SHA1"),
        ("dh_consumer_public", "Aw=="),
    ];
    let own = [&usual[..], &[("dh_modulus", modulus.as_str())]].concat();
    let answer = direct(&app, &own).await;
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(lines(&answer, 503)["ns"], OPENID2_NS);
    lines(&direct(&app, &usual).await, 200);
    for (release, task) in held {
        drop(release);
        task.await.unwrap();
    }
    lines(&direct(&app, &own).await, 200);
}

#[tokio::test]
async fn numbers_out_of_bounds_are_refused_by_name() {
    let app = TestApp::new().await;
    let dh = [("mode", "associate"), ("assoc_type", "HMAC-SHA1"), ("session_type", "DH-SHA1")];
    let small = STANDARD.encode(btwoc(&((BigUint::from(1_u8) << 1_000) + 1_u8)));
    for (fields, named) in [
        (&[][..], "dh_consumer_public"),
        (&[("dh_consumer_public", "AQ==")], "dh_consumer_public"),
        (&[("dh_consumer_public", "/w==")], "dh_consumer_public"),
        (&[("dh_consumer_public", "Aw=="), ("dh_gen", "AQ==")], "dh_gen"),
        (&[("dh_consumer_public", "Aw=="), ("dh_modulus", &small)], "dh_modulus"),
        (&[("dh_consumer_public", "Aw=="), ("dh_modulus", "x")], "dh_modulus"),
    ] {
        let answer = lines(&direct(&app, &[&dh, fields].concat()).await, 400);
        assert!(answer["error"].contains(named), "{answer:?}");
        assert_eq!((answer["ns"].as_str(), answer.get("error_code")), (OPENID2_NS, None));
    }
}

#[tokio::test]
async fn openid_2_s8_2_2_without_encryption_the_secret_comes_as_it_is() {
    let app = behind_proxy().await;
    let answer = lines(&direct(&app, &PLAIN).await, 200);
    assert_eq!(answer["session_type"], "no-encryption");
    let secret = STANDARD.decode(&answer["mac_key"]).unwrap();
    // §8.4.1: "The MAC key sent by the OP MUST be the length specified".
    assert_eq!(secret.len(), 20);
    assert_eq!(secret, known(&app, &answer["assoc_handle"]));
    assert!(!answer.contains_key("dh_server_public") && !answer.contains_key("enc_mac_key"));
}

#[tokio::test]
async fn openid_2_s8_4_1_no_encryption_is_for_tls_alone() {
    let (app, proxied) = (TestApp::new().await, behind_proxy().await);
    assert_eq!(ask_plain(&app, true, &[]).await.status, 200);
    assert_eq!(ask_plain(&proxied, false, &[("forwarded", "for=192.0.2.1;proto=https")]).await.status, 200);
    for (app, headers) in [
        (&app, &[][..]),
        // A stranger says so.
        (&app, &[BY_TLS]),
        (&proxied, &[]),
        (&proxied, &[("x-forwarded-proto", "http")]),
        // The stranger's word stands before the proxy's.
        (&proxied, &[("x-forwarded-proto", "https, http")]),
    ] {
        let answer = lines(&ask_plain(app, false, headers).await, 400);
        assert_eq!(answer["error_code"], "unsupported-type", "{headers:?}");
        assert_eq!(
            (answer["assoc_type"].as_str(), answer["session_type"].as_str()),
            ("HMAC-SHA1", "DH-SHA1")
        );
        assert!(!answer.contains_key("mac_key"));
    }
}

#[tokio::test]
async fn no_encryption_needs_a_public_address_with_tls() {
    let app = TestApp::on_loopback().await;
    assert_eq!(lines(&ask_plain(&app, true, &[]).await, 400)["error_code"], "unsupported-type");
}

#[tokio::test]
async fn openid_2_s8_2_4_types_that_are_not_served_are_told_with_what_to_try() {
    let app = behind_proxy().await;
    for (asked, instead) in [
        (("HMAC-SHA1", "DH-SHA256"), ("HMAC-SHA1", "DH-SHA1")),
        (("HMAC-SHA256", "DH-SHA1"), ("HMAC-SHA256", "DH-SHA256")),
        (("HMAC-SHA512", "no-encryption"), ("HMAC-SHA256", "DH-SHA256")),
        (("HMAC-SHA1", "DH-SHA512"), ("HMAC-SHA1", "DH-SHA1")),
    ] {
        let fields = [
            ("mode", "associate"),
            ("assoc_type", asked.0),
            ("session_type", asked.1),
            ("dh_consumer_public", "Aw=="),
        ];
        let answer = lines(&direct(&app, &fields).await, 400);
        assert_eq!((answer["ns"].as_str(), answer["error_code"].as_str()), (OPENID2_NS, "unsupported-type"));
        assert_eq!((answer["assoc_type"].as_str(), answer["session_type"].as_str()), instead);
        assert!(!answer["error"].is_empty());
        // §8.2.4: asked again so, it is served.
        let again = [
            ("mode", "associate"),
            ("assoc_type", instead.0),
            ("session_type", instead.1),
            ("dh_consumer_public", "Aw=="),
        ];
        lines(&direct(&app, &again).await, 200);
    }
}

#[tokio::test]
async fn openid_2_s5_1_2_2_a_malformed_request_is_400_and_says_why_on_one_line() {
    let app = behind_proxy().await;
    for (fields, why) in [
        (&[("mode", "associate")][..], "openid.assoc_type is missing"),
        (&[("mode", "associate"), ("assoc_type", "HMAC-SHA1")], "openid.session_type is missing"),
        (&[("mode", "associate"), ("mode", "associate")], "openid.mode is repeated"),
        (&[("mode", "x"), ("x\nis_valid", "1"), ("x\nis_valid", "2")], "openid.x?is_valid is repeated"),
        (&[("mode", "nonsense")], "openid.mode is none that is served here"),
        (&[("mode", "associate"), ("identity", "\0")], "openid.identity holds a NUL character"),
    ] {
        let answer = lines(&direct(&app, fields).await, 400);
        assert_eq!((answer["ns"].as_str(), answer["error"].as_str()), (OPENID2_NS, why));
        assert!(!answer["reference"].is_empty());
    }
}

#[tokio::test]
async fn openid_2_s5_1_1_direct_requests_are_posts() {
    let app = behind_proxy().await;
    for mode in ["associate", "check_authentication"] {
        let query = [("openid.ns", OPENID2_NS), ("openid.mode", mode)];
        let path = format!("{ENDPOINT}?{}", encoded(&query));
        let answer = app.door.get(&path).await;
        assert_eq!(answer.header("allow"), "POST");
        assert_eq!(lines(&answer, 405)["ns"], OPENID2_NS);
    }
}

#[tokio::test]
async fn openid_2_s4_1_2_parameters_of_a_post_are_taken_from_the_body_alone() {
    let app = behind_proxy().await;
    let fields: Vec<_> = PLAIN.iter().map(|(key, value)| (format!("openid.{key}"), *value)).collect();
    let fields: Vec<_> = fields.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    let path = format!("{ENDPOINT}?{}", encoded(&fields));
    let answer = app.door.post_with(&path, &[BY_TLS], &[("openid.ns", OPENID2_NS)]).await;
    assert_eq!(lines(&answer, 400)["error"], "openid.mode is none that is served here");
}

#[tokio::test]
async fn openid_2_s14_2_2_openid_1_1_is_answered_in_its_own_words() {
    let app = behind_proxy().await;
    for fields in [
        &[("mode", "associate")][..],
        &[("mode", "associate"), ("assoc_type", ""), ("session_type", "")],
        &[("mode", "associate"), ("ns", "http://openid.net/signon/1.1")],
    ] {
        let answer = lines(&direct_1(&app, fields).await, 200);
        let keys: Vec<&str> = answer.keys().map(String::as_str).collect();
        // "OPs MUST NOT send responses with "openid.session_type" set to "no-encryption"."
        assert_eq!(keys, ["assoc_handle", "assoc_type", "expires_in", "mac_key"]);
        assert_eq!(answer["assoc_type"], "HMAC-SHA1");
    }
    let masked = [("mode", "associate"), ("session_type", "DH-SHA1"), ("dh_consumer_public", "Aw==")];
    let answer = lines(&direct_1(&app, &masked).await, 200);
    assert_eq!((answer["session_type"].as_str(), answer.get("ns")), ("DH-SHA1", None));
    let mismatched = [("mode", "associate"), ("session_type", "DH-SHA256"), ("dh_consumer_public", "Aw==")];
    let answer = lines(&direct_1(&app, &mismatched).await, 400);
    assert!(!answer.contains_key("ns") && answer.contains_key("error"));
}

#[tokio::test]
async fn openid_2_s14_openid_1_1_gets_no_secret_in_the_open_either() {
    let app = TestApp::new().await;
    let answer = lines(&direct_1(&app, &[("mode", "associate")]).await, 400);
    assert!(!answer.contains_key("mac_key"));
}

#[tokio::test]
async fn the_path_of_egov_is_the_same_endpoint() {
    let app = TestApp::with(&[("profiles.egov_th", "true")]).await;
    let fields = [
        ("openid.ns", OPENID2_NS),
        ("openid.mode", "associate"),
        ("openid.assoc_type", "HMAC-SHA1"),
        ("openid.session_type", "DH-SHA1"),
        ("openid.dh_consumer_public", "Aw=="),
    ];
    let answer = lines(&app.door.post("/server.aspx", &fields).await, 200);
    assert_eq!(answer["session_type"], "DH-SHA1");
    assert_eq!(TestApp::new().await.door.post("/server.aspx", &fields).await.status, 404);
}

#[tokio::test]
async fn no_secret_and_no_handle_is_logged() {
    let app = behind_proxy().await;
    let answer = lines(&direct(&app, &PLAIN).await, 200);
    let log = app.log();
    assert!(log.contains("associated"), "{log}");
    for secret in [&answer["mac_key"], &answer["assoc_handle"]] {
        assert!(!log.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn any_method_but_get_and_post_is_405() {
    let app = TestApp::new().await;
    assert_eq!(app.door.call(Method::PUT, ENDPOINT, &[], "").await.status, 405);
}
