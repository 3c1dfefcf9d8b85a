//! Direct verification (OpenID Authentication 2.0 §11.4.2).

use std::collections::BTreeMap;

use tamga::{
    protocol::openid2::{
        association::{AssocType, Association, Kind},
        fields::Fields,
        message::OPENID2_NS,
        signature::sign,
    },
    store::purge,
};
use time::Duration;

use super::{behind_proxy, direct, direct_1, lines};
use crate::support::{app::TestApp, door::Answer};

const SIGNED: [&str; 9] = [
    "op_endpoint",
    "claimed_id",
    "identity",
    "return_to",
    "response_nonce",
    "assoc_handle",
    "ns.ax",
    "ax.mode",
    "ax.value.name",
];

/// A positive answer with this nonce, signed under an association.
fn answer_with(handle: &str, association: &Association, nonce: &str) -> Fields {
    let fields = Fields::new()
        .with("op_endpoint", "https://sso.test.example/openid2")
        .with("claimed_id", "https://sso.test.example/id/Somchai")
        .with("identity", "https://sso.test.example/id/Somchai")
        .with("return_to", "https://rp.example/cb?janrain_nonce=1&x=%E0%B8%81")
        .with("response_nonce", nonce)
        .with("assoc_handle", handle)
        .with("ns.ax", "http://openid.net/srv/ax/1.0")
        .with("ax.mode", "fetch_response")
        .with("ax.value.name", "\u{e2a}\u{e21}\u{e0a}\u{e32}\u{e22} \u{e43}\u{e08}\u{e14}\u{e35}");
    let signature = sign(association, &fields, &SIGNED).unwrap();
    fields.with("signed", SIGNED.join(",")).with("sig", signature)
}

/// A positive answer under a private association of its own.
fn answer(app: &TestApp) -> Fields {
    let (handle, association) =
        Association::issue_private(&app.app.sealer, &app.app.rng, app.clock.now()).unwrap();
    answer_with(&handle, &association, "2026-03-01T09:00:00Zabcdef")
}

/// An answer under an association that a relying party shares.
fn shared_answer(app: &TestApp) -> (String, Fields) {
    let until = app.clock.now() + Duration::hours(1);
    let issued =
        Association::issue(&app.app.sealer, &app.app.rng, Kind::Shared, AssocType::HmacSha256, until);
    let (handle, association) = issued.unwrap();
    let fields = answer_with(&handle, &association, "2026-03-01T09:00:00Zabcdef");
    (handle, fields)
}

async fn check(app: &TestApp, fields: &Fields) -> Answer {
    let fields: Vec<_> = [("mode", "check_authentication")].into_iter().chain(fields.iter()).collect();
    direct(app, &fields).await
}

/// The lines of the answer.
async fn checked(app: &TestApp, fields: &Fields) -> BTreeMap<String, String> {
    lines(&check(app, fields).await, 200)
}

#[tokio::test]
async fn openid_2_s11_4_2_2_an_answer_of_ours_is_confirmed() {
    let app = TestApp::new().await;
    let answer = check(&app, &answer(&app)).await;
    assert_eq!(answer.body, format!("ns:{OPENID2_NS}\nis_valid:true\n"));
    assert_eq!(lines(&answer, 200).len(), 2);
}

#[tokio::test]
async fn openid_2_s11_4_2_1_an_answer_is_confirmed_once() {
    let app = TestApp::new().await;
    let fields = answer(&app);
    assert_eq!(checked(&app, &fields).await["is_valid"], "true");
    assert_eq!(checked(&app, &fields).await["is_valid"], "false");
    // On any instance.
    assert_eq!(checked(&app.another().await, &fields).await["is_valid"], "false");
    // Another answer is another matter.
    assert_eq!(checked(&app, &answer(&app)).await["is_valid"], "true");
}

#[tokio::test]
async fn of_two_at_once_one_is_confirmed() {
    let app = TestApp::new().await;
    let other = app.another().await;
    for _ in 0..10 {
        let fields = answer(&app);
        let (a, b, c, d) = tokio::join!(
            checked(&app, &fields),
            checked(&other, &fields),
            checked(&app, &fields),
            checked(&other, &fields)
        );
        let confirmed = [a, b, c, d].iter().filter(|lines| lines["is_valid"] == "true").count();
        assert_eq!(confirmed, 1);
    }
}

#[tokio::test]
async fn a_failed_attempt_does_not_use_an_answer_up() {
    let app = TestApp::new().await;
    let fields = answer(&app);
    for (key, value) in
        [("sig", "AAAA"), ("identity", "https://sso.test.example/id/Other"), ("ax.value.name", "")]
    {
        let changed = fields.clone().with(key, value);
        assert_eq!(checked(&app, &changed).await["is_valid"], "false", "{key}");
    }
    assert_eq!(checked(&app, &fields).await["is_valid"], "true");
}

#[tokio::test]
async fn openid_2_s11_4_2_1_every_changed_missing_or_added_field_is_refused() {
    let app = TestApp::new().await;
    let fields = answer(&app);
    for key in SIGNED {
        let changed = fields.clone().with(key, "https://evil.example/");
        assert_eq!(checked(&app, &changed).await["is_valid"], "false", "{key} changed");
        if key == "assoc_handle" {
            continue;
        }
        let mut missing = Fields::new();
        fields.iter().filter(|(known, _)| *known != key).for_each(|(key, value)| missing.set(key, value));
        assert_eq!(checked(&app, &missing).await["is_valid"], "false", "{key} missing");
    }
    for (key, value) in
        [("ax.value.cid", "1101700230673"), ("realm", "https://rp.example/"), ("signed", "mode")]
    {
        let added = fields.clone().with(key, value);
        assert_eq!(checked(&app, &added).await["is_valid"], "false", "{key} added");
    }
    assert_eq!(checked(&app, &fields).await["is_valid"], "true");
}

#[tokio::test]
async fn openid_2_s11_4_2_1_a_shared_association_never_confirms() {
    let app = TestApp::new().await;
    // Whoever shares it can sign what they like with it.
    let (_, fields) = shared_answer(&app);
    assert_eq!(checked(&app, &fields).await["is_valid"], "false");
}

#[tokio::test]
async fn a_private_association_lives_ten_minutes() {
    let app = TestApp::new().await;
    let (early, late) = (answer(&app), answer(&app));
    app.clock.advance(Duration::seconds(599));
    assert_eq!(checked(&app, &early).await["is_valid"], "true");
    app.clock.advance(Duration::seconds(1));
    assert_eq!(checked(&app, &late).await["is_valid"], "false");
}

#[tokio::test]
async fn a_confirmation_is_kept_as_long_as_the_handle_and_purged_after() {
    let app = TestApp::new().await;
    let fields = answer(&app);
    assert_eq!(checked(&app, &fields).await["is_valid"], "true");
    let purge = async || purge::purge_expired(app.pool(), app.clock.now()).await.unwrap();
    app.clock.advance(Duration::seconds(599));
    purge().await;
    assert_eq!(checked(&app, &fields).await["is_valid"], "false");
    app.clock.advance(Duration::minutes(55));
    // An instance whose clock is behind still takes the handle for good.
    assert_eq!(purge().await, 0);
    app.clock.advance(Duration::minutes(6));
    assert_eq!(purge().await, 1);
    assert_eq!(checked(&app, &fields).await["is_valid"], "false");
}

#[tokio::test]
async fn openid_2_s11_4_2_2_a_handle_that_is_no_longer_good_is_told() {
    let app = TestApp::new().await;
    let (handle, _) = shared_answer(&app);
    let with = |handle: &str| answer(&app).with("invalidate_handle", handle);
    let lines = checked(&app, &with("{HMAC-SHA1}{4d}{x}")).await;
    assert_eq!(
        (lines["is_valid"].as_str(), lines["invalidate_handle"].as_str()),
        ("true", "{HMAC-SHA1}{4d}{x}")
    );
    // A stranger can't make a relying party forget a good one.
    let lines = checked(&app, &with(&handle)).await;
    assert_eq!((lines["is_valid"].as_str(), lines.get("invalidate_handle")), ("true", None));
    app.clock.advance(Duration::days(2));
    assert_eq!(checked(&app, &with(&handle)).await["invalidate_handle"], handle);
}

#[tokio::test]
async fn invalidate_handle_adds_no_line_to_the_answer() {
    let app = TestApp::new().await;
    let fields = answer(&app).with("sig", "AAAA").with("invalidate_handle", "x\nis_valid:true");
    let lines = checked(&app, &fields).await;
    assert_eq!((lines["is_valid"].as_str(), lines.get("invalidate_handle")), ("false", None));
}

#[tokio::test]
async fn openid_2_s5_1_2_2_without_handle_list_or_signature_the_request_is_malformed() {
    let app = TestApp::new().await;
    for missing in ["assoc_handle", "signed", "sig"] {
        let fields = answer(&app).with(missing, "");
        let lines = lines(&check(&app, &fields).await, 400);
        assert_eq!(lines["error"], format!("openid.{missing} is missing"));
        assert_eq!(lines.get("is_valid"), None);
    }
}

#[tokio::test]
async fn openid_2_s4_1_a_repeated_field_is_malformed() {
    let app = TestApp::new().await;
    let fields = answer(&app);
    let fields: Vec<_> = [("mode", "check_authentication"), ("identity", "https://evil.example/")]
        .into_iter()
        .chain(fields.iter())
        .collect();
    let lines = lines(&direct(&app, &fields).await, 400);
    assert_eq!(lines["error"], "openid.identity is repeated");
}

/// An answer in OpenID 1.1: no nonce, no endpoint, the mode signed as it was.
fn answer_1(app: &TestApp) -> Vec<(String, String)> {
    let (handle, association) =
        Association::issue_private(&app.app.sealer, &app.app.rng, app.clock.now()).unwrap();
    let signed = ["mode", "identity", "return_to"];
    let fields = Fields::new()
        .with("mode", "id_res")
        .with("identity", "https://sso.test.example/id/Somchai")
        .with("return_to", "https://rp.example/cb?nonce=1");
    let signature = sign(&association, &fields, &signed).unwrap();
    let fields = fields
        .with("mode", "check_authentication")
        .with("assoc_handle", handle)
        .with("signed", signed.join(","))
        .with("sig", signature);
    fields.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

async fn checked_1(app: &TestApp, fields: &[(String, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let answer = direct_1(app, &fields).await;
    lines(&answer, 200);
    answer.body
}

#[tokio::test]
async fn openid_2_s14_in_openid_1_1_an_answer_is_confirmed_once_by_its_handle() {
    let app = behind_proxy().await;
    let fields = answer_1(&app);
    let mut changed = fields.clone();
    changed[1].1 = "https://sso.test.example/id/Other".to_owned();
    assert_eq!(checked_1(&app, &changed).await, "is_valid:false\n");
    let (a, b) = tokio::join!(checked_1(&app, &fields), checked_1(&app, &fields));
    let mut both = [a, b];
    both.sort();
    assert_eq!(both, ["is_valid:false\n", "is_valid:true\n"]);
}

#[tokio::test]
async fn an_answer_of_openid_2_is_not_confirmed_again_as_one_of_openid_1() {
    let app = TestApp::new().await;
    let fields = answer(&app);
    let confirm_1 = async || {
        let fields: Vec<_> = [("mode", "check_authentication")].into_iter().chain(fields.iter()).collect();
        lines(&direct_1(&app, &fields).await, 200)["is_valid"].clone()
    };
    assert_eq!(checked(&app, &fields).await["is_valid"], "true");
    assert_eq!(confirm_1().await, "false");
}

#[tokio::test]
async fn nothing_of_an_answer_is_logged() {
    let app = TestApp::new().await;
    let fields = answer(&app);
    checked(&app, &fields).await;
    checked(&app, &fields).await;
    checked(&app, &fields.clone().with("sig", "AAAA")).await;
    let log = app.log();
    assert!(log.contains("the answer was confirmed before"), "{log}");
    for key in ["assoc_handle", "sig", "response_nonce", "ax.value.name", "claimed_id"] {
        assert!(!log.contains(fields.get(key).unwrap()), "{key}");
    }
}
