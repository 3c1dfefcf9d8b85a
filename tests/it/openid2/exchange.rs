//! Attribute Exchange 1.0, from the request to what is sent.

use std::collections::BTreeMap;

use tamga::model::user::UserKind;

use super::scene::{Scene, answered, fetch, pairs, verified};
use crate::support::app::PASSWORD;

const EMAIL: &str = "http://axschema.org/contact/email";
const NAME: &str = "http://axschema.org/namePerson";
const FRIENDLY: &str = "http://axschema.org/namePerson/friendly";
const PHONE: &str = "http://axschema.org/contact/phone/cell";
const CITIZEN: &str = "http://www.egov.go.th/2012/identifier/citizenid";
const CITIZEN_LEVEL: &str = "http://www.egov.go.th/2012/identifier/citizenidverifiedlevel";
const PASSPORT: &str = "http://www.egov.go.th/2012/identifier/passportid";
const PASSPORT_LEVEL: &str = "http://www.egov.go.th/2012/identifier/passportidverifiedlevel";
const CODE: &str = "http://www.egov.go.th/2012/identifier/verifycode";
const CODE_LEVEL: &str = "http://www.egov.go.th/2012/identifier/verifycodeverifiedlevel";
const TYPE: &str = "http://www.egov.go.th/2012/identifier/usertype";
const UUID: &str = "http://www.egov.go.th/2012/identifier/uuid";

/// What a scene's person allows of a request, all of it.
async fn exchanged(
    scene: &mut Scene,
    required: &[(&str, &str)],
    wanted: &[(&str, &str)],
) -> BTreeMap<String, String> {
    let request = fetch(required, wanted);
    answered(&scene.answer(&pairs(&request)).await)
}

#[track_caller]
fn assert_values(answer: &BTreeMap<String, String>, values: &[(&str, &str)]) {
    for (key, value) in values {
        assert_eq!(answer.get(*key).map(String::as_str), Some(*value), "{key} in {answer:#?}");
    }
}

#[tokio::test]
async fn a_fetch_request_gets_what_was_allowed_under_its_own_aliases() {
    let mut scene = Scene::new().await;
    let (handle, association) = scene.associate();
    let mut request = fetch(&[("mail", EMAIL), ("n", NAME)], &[("u", FRIENDLY), ("t", TYPE), ("id", UUID)]);
    request.push(("openid.assoc_handle".to_owned(), handle));
    let answer = answered(&scene.answer(&pairs(&request)).await);
    let uuid = scene.user.to_string();
    assert_values(
        &answer,
        &[
            ("ns.x", "http://openid.net/srv/ax/1.0"),
            ("x.mode", "fetch_response"),
            ("x.type.mail", EMAIL),
            ("x.value.mail", "somchai@citizen.example"),
            ("x.value.n", "Somchai Jaidee"),
            ("x.value.u", "somchai"),
            ("x.value.t", "Citizen"),
            ("x.value.id", &uuid),
        ],
    );
    let signed = verified(&association, &answer);
    let unsigned: Vec<_> = answer.keys().filter(|key| !signed.contains(key)).collect();
    // OpenID4Java refuses an answer with one field of the exchange unsigned.
    assert_eq!(unsigned, ["mode", "ns", "sig", "signed"]);
}

#[tokio::test]
async fn an_identifier_brings_its_level_along_unasked() {
    let mut scene = Scene::new().await;
    let held = [("citizen_id", "1101002345674", 2), ("email", "a@b.example", 0)];
    scene.app.user_with("orn", PASSWORD, &held).await;
    let request = fetch(&[("cid", CITIZEN), ("code", CODE)], &[]);
    let stop = scene.ask(&pairs(&request)).await;
    let answer = answered(&crate::oauth2::go_on(&mut scene.browser, "orn", stop).await);
    assert_values(
        &answer,
        &[
            ("x.value.cid", "1101002345674"),
            ("x.value.code", "1101002345674"),
            ("x.type.cid_verifiedlevel", CITIZEN_LEVEL),
            ("x.value.cid_verifiedlevel", "VerifiedLevel2"),
            ("x.type.code_verifiedlevel", CODE_LEVEL),
            ("x.value.code_verifiedlevel", "VerifiedLevel2"),
        ],
    );
    // Asked for by itself, it comes under the alias it was asked by, and once.
    let request = fetch(&[("cid", CITIZEN), ("lv", CITIZEN_LEVEL)], &[]);
    let answer = answered(&scene.ask(&pairs(&request)).await);
    assert_values(&answer, &[("x.value.lv", "VerifiedLevel2")]);
    assert!(!answer.contains_key("x.type.cid_verifiedlevel"));
}

#[tokio::test]
async fn a_level_alone_is_shown_and_allowed_by_itself() {
    let mut scene = Scene::new().await;
    scene.app.user_with("orn", PASSWORD, &[("citizen_id", "1101002345674", 3)]).await;
    let request = fetch(&[], &[("lv", CITIZEN_LEVEL)]);
    let signed_in = |stop| stop;
    scene.ask(&pairs(&request)).await;
    let stop = scene.browser.submit("login-form", &[("username", "orn"), ("password", PASSWORD)]).await;
    let stop = signed_in(stop);
    assert!(stop.answer.body.contains("level.citizen_id") && !stop.answer.body.contains("1101002345674"));
    scene.browser.untick("claim", "level.citizen_id");
    let answer = answered(&scene.browser.press("consent-form", "consent-allow").await);
    assert_values(&answer, &[("x.value.lv", "Unverified")]);
}

#[tokio::test]
async fn what_is_absent_counts_zero_or_is_a_dash_as_the_client_has_it() {
    for dash in [false, true] {
        let mut scene = Scene::with(|client| client.settings.openid2_dash_for_missing = dash).await;
        let wanted = [
            ("cid", CITIZEN),
            ("unknown", "http://example.org/shoe-size"),
            ("pass", PASSPORT),
            ("plv", PASSPORT_LEVEL),
        ];
        let answer = exchanged(&mut scene, &[], &wanted).await;
        for alias in ["cid", "unknown", "pass"] {
            let (value, count) = (format!("x.value.{alias}"), format!("x.count.{alias}"));
            let given = (answer.get(&value).map(String::as_str), answer.get(&count).map(String::as_str));
            assert_eq!(given, if dash { (Some("-"), None) } else { (None, Some("0")) }, "{alias}");
            assert!(answer.contains_key(&format!("x.type.{alias}")));
        }
        // How well nothing was checked.
        assert_values(&answer, &[("x.value.plv", "Unverified"), ("x.value.cid_verifiedlevel", "Unverified")]);
    }
}

#[tokio::test]
async fn what_the_person_keeps_back_is_absent() {
    let mut scene = Scene::new().await;
    let request = fetch(&[("mail", EMAIL)], &[("tel", PHONE)]);
    scene.ask(&pairs(&request)).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    scene.browser.untick("claim", "mobile_phone");
    let answer = answered(&scene.browser.press("consent-form", "consent-allow").await);
    assert_values(&answer, &[("x.value.mail", "somchai@citizen.example"), ("x.count.tel", "0")]);
    assert!(!answer.values().any(|value| value.contains("66812345678")));
    // Remembered so; and asked again once it is required.
    let answer = answered(&scene.ask(&pairs(&request)).await);
    assert_values(&answer, &[("x.count.tel", "0")]);
    let request = fetch(&[("tel", PHONE)], &[]);
    assert!(scene.ask(&pairs(&request)).await.has("consent-form"));
}

#[tokio::test]
async fn counts_are_answered_with_counts() {
    let mut scene = Scene::new().await;
    let mut request = fetch(&[("mail", EMAIL), ("n", NAME)], &[]);
    request.push(("openid.x.count.mail".to_owned(), "unlimited".to_owned()));
    request.push(("openid.x.count.n".to_owned(), "1".to_owned()));
    request.push(("openid.x.update_url".to_owned(), "https://evil.example/".to_owned()));
    let answer = answered(&scene.answer(&pairs(&request)).await);
    assert_values(
        &answer,
        &[
            ("x.count.mail", "1"),
            ("x.value.mail.1", "somchai@citizen.example"),
            ("x.value.n.1", "Somchai Jaidee"),
        ],
    );
    assert!(!answer.contains_key("x.value.mail") && !answer.contains_key("x.update_url"));
}

#[tokio::test]
async fn faults_of_the_exchange_go_back_naming_the_parameter() {
    let mut scene = Scene::new().await;
    for (name, value, named) in [
        ("openid.x.type.mail", "", "openid.x.type.mail"),
        ("openid.x.count.mail", "0", "openid.x.count.mail"),
        ("openid.x.count.mail", "-1", "openid.x.count.mail"),
        ("openid.x.count.mail", "many", "openid.x.count.mail"),
        ("openid.x.required", "mail,a.b", "openid.x.required"),
    ] {
        let mut request = fetch(&[("mail", EMAIL)], &[]);
        request.retain(|(known, _)| known != name);
        request.push((name.to_owned(), value.to_owned()));
        let answer = answered(&scene.ask(&pairs(&request)).await);
        assert!(answer["mode"] == "error" && answer["error"].contains(named), "{answer:?}");
    }
}

#[tokio::test]
async fn a_store_request_is_refused_and_the_person_asserted() {
    let mut scene = Scene::new().await;
    let mut request = fetch(&[], &[]);
    request.retain(|(name, _)| !name.ends_with("mode"));
    request.push(("openid.x.mode".to_owned(), "store_request".to_owned()));
    request.push(("openid.x.type.mail".to_owned(), EMAIL.to_owned()));
    request.push(("openid.x.value.mail".to_owned(), "evil@evil.example".to_owned()));
    let answer = answered(&scene.answer(&pairs(&request)).await);
    assert_values(&answer, &[("mode", "id_res"), ("x.mode", "store_response_failure")]);
}

#[tokio::test]
async fn simple_registration_is_left_alone() {
    let mut scene = Scene::new().await;
    let sreg =
        [("openid.ns.sreg", "http://openid.net/extensions/sreg/1.1"), ("openid.sreg.required", "email")];
    let answer = answered(&scene.answer(&sreg).await);
    assert!(!answer.keys().any(|key| key.contains("sreg")));
}

#[tokio::test]
async fn a_required_attribute_that_is_missing_is_asked_and_a_wanted_one_may_be_skipped() {
    for skips in [true, false] {
        let mut scene = Scene::with(|client| client.settings.openid2_dash_for_missing = true).await;
        scene.app.user_with("orn", PASSWORD, &[]).await;
        let request = fetch(&[("mail", EMAIL), ("pass", PASSPORT)], &[("tel", PHONE), ("t", TYPE)]);
        scene.ask(&pairs(&request)).await;
        let stop = scene.browser.submit("login-form", &[("username", "orn"), ("password", PASSWORD)]).await;
        assert_eq!(stop.url.path(), "/attributes");
        let names: Vec<_> = stop.fields("attributes-form").into_keys().collect();
        assert_eq!(names, ["csrf", "email", "journey", "mobile_phone"], "no passport of a citizen");
        // What is required can't be skipped.
        let stop = scene.browser.press("attributes-form", "attributes-skip").await;
        assert_eq!((stop.answer.status.as_u16(), stop.url.path()), (422, "/attributes"));
        let form = stop.fields("attributes-form");
        let mut typed = vec![("journey", form["journey"].as_str()), ("csrf", &form["csrf"])];
        typed.push(("email", "orn@example.org"));
        if skips {
            // What stands in a field that is skipped does not matter.
            typed.extend([("mobile_phone", "0"), ("skip", "yes")]);
        } else {
            typed.push(("mobile_phone", "+66 81 234 5678"));
        }
        let stop = scene.browser.post("/attributes", &typed).await;
        assert_eq!(stop.url.path(), "/consent");
        let answer = answered(&scene.browser.press("consent-form", "consent-allow").await);
        let phone = if skips { "-" } else { "+66812345678" };
        assert_values(
            &answer,
            &[
                ("x.value.mail", "orn@example.org"),
                ("x.value.tel", phone),
                ("x.value.pass", "-"),
                ("x.value.t", "Citizen"),
            ],
        );
    }
}

#[tokio::test]
async fn only_wanted_attributes_stop_nobody() {
    let mut scene = Scene::new().await;
    scene.app.user_with("orn", PASSWORD, &[]).await;
    let request = fetch(&[], &[("mail", EMAIL), ("tel", PHONE)]);
    scene.ask(&pairs(&request)).await;
    let stop = scene.browser.submit("login-form", &[("username", "orn"), ("password", PASSWORD)]).await;
    assert_eq!(stop.url.path(), "/consent");
}

#[tokio::test]
async fn thai_text_survives_byte_for_byte_in_every_attribute() {
    let mut scene = Scene::new().await;
    let text = "สมชาย ใจดี ๑๒๓ & <ก>:=%+\"'\u{200b}";
    let registry = scene.app.app.settings.attributes.clone();
    let texts: Vec<_> = registry
        .iter()
        .filter(|(_, definition)| {
            definition.format == tamga::model::attribute::Format::Text
                && definition.pattern.is_none()
                && definition.checks.is_empty()
                && !definition.openid2.is_empty()
                && definition.applies_to(UserKind::Citizen)
        })
        .collect();
    assert!(texts.len() > 3);
    let held: Vec<_> = texts.iter().map(|(name, _)| (name.as_str(), text, 0)).collect();
    scene.app.user_with("thai", PASSWORD, &held).await;
    let aliases: Vec<String> = (0..texts.len()).map(|i| format!("a{i}")).collect();
    let types: Vec<_> =
        aliases.iter().zip(&texts).map(|(alias, (_, d))| (alias.as_str(), d.openid2[0].as_str())).collect();
    let (handle, association) = scene.associate();
    let mut request = fetch(&types, &[]);
    request.push(("openid.assoc_handle".to_owned(), handle));
    let stop = scene.ask(&pairs(&request)).await;
    let stop = crate::oauth2::go_on(&mut scene.browser, "thai", stop).await;
    let answer: BTreeMap<String, String> = match stop.has("form-post") {
        true => stop
            .fields("form-post")
            .into_iter()
            .filter_map(|(k, v)| Some((k.strip_prefix("openid.")?.to_owned(), v)))
            .collect(),
        false => answered(&stop),
    };
    verified(&association, &answer);
    for alias in &aliases {
        assert_eq!(answer[&format!("x.value.{alias}")], text);
    }
}
