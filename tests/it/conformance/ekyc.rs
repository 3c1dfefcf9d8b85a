//! `ekyc-test-plan-oidccore`: OpenID Connect for Identity Assurance 1.0.

use serde_json::{Value, json};

use crate::{
    oauth2::{self, Scene, claims, text},
    support::app::{PASSWORD, TestApp},
};

/// A person whose name and birth date were checked, and whose occupation was not.
async fn scene() -> Scene {
    let mut scene = Scene::at(TestApp::new().await, |_| {}).await;
    let attributes = [
        ("citizen_id", "1101002345674", 3),
        ("first_name", "Maria", 3),
        ("last_name", "Silva", 2),
        ("date_of_birth", "1992-04-13", 2),
        ("occupation", "teacher", 0),
        ("email", "maria@citizen.example", 1),
    ];
    scene.user = scene.app.user_with("maria", PASSWORD, &attributes).await;
    scene
}

fn wish(asked: &Value) -> Value {
    json!({"verification": {"trust_framework": null}, "claims": asked})
}

/// What id_token and userinfo say of a request whose `claims` are these.
async fn told(scene: &mut Scene, wished: &Value) -> (Value, Value) {
    let stop = scene.ask(&[("claims", &wished.to_string())]).await;
    let stop = oauth2::go_on(&mut scene.browser, "maria", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let userinfo = scene.userinfo(text(&tokens, "access_token")).await.good();
    (claims(text(&tokens, "id_token")), userinfo)
}

/// What every module checks of `verified_claims`: their form, that no more came than was asked, and
/// that the document speaks of all of it.
async fn check(scene: &Scene, told: &Value, asked: &Value) {
    let document = scene.app.door.get("/.well-known/openid-configuration").await.good();
    let known = |list: &str, value: &Value| document[list].as_array().unwrap().contains(value);
    let entries = told["verified_claims"].as_array().expect("verified_claims came");
    assert!(!entries.is_empty());
    for entry in entries {
        assert!(known("trust_frameworks_supported", &entry["verification"]["trust_framework"]));
        let given = entry["claims"].as_object().unwrap();
        assert!(!given.is_empty());
        for name in given.keys() {
            assert!(known("claims_in_verified_claims_supported", &json!(name)), "{name}");
            assert!(asked.get(name).is_some(), "{name} was not asked");
        }
    }
}

/// A request for verified claims at both places goes through, and the answer holds what was asked.
async fn happy(asked: Value) {
    let mut scene = scene().await;
    let wish = wish(&asked);
    let wished =
        json!({"id_token": {"verified_claims": wish}, "userinfo": {"verified_claims": wish, "email": null}});
    let (id_token, userinfo) = told(&mut scene, &wished).await;
    for told in [&id_token, &userinfo] {
        check(&scene, told, &asked).await;
        assert_eq!(told["verified_claims"][0]["claims"], json!({"given_name": "Maria"}));
    }
    assert_eq!(userinfo["email"], "maria@citizen.example", "beside those that are not asked as verified");
}

#[tokio::test]
async fn ekyc_server_happypath() {
    let scene = scene().await;
    let document = scene.app.door.get("/.well-known/openid-configuration").await.good();
    for flag in ["claims_parameter_supported", "verified_claims_supported"] {
        assert_eq!(document[flag], true, "{flag}");
    }
    for list in ["trust_frameworks_supported", "claims_in_verified_claims_supported"] {
        assert!(document[list].as_array().is_some_and(|list| !list.is_empty()), "{list}");
    }
    // No evidence is told, so no kind of it is promised.
    assert!(document.get("evidence_supported").is_none());
    happy(json!({"given_name": null})).await;
}

#[tokio::test]
async fn ekyc_server_happypath_emptyobject() {
    happy(json!({"given_name": {}})).await;
}

#[tokio::test]
async fn ekyc_server_happypath_essentialfalse() {
    happy(json!({"given_name": {"essential": false}})).await;
}

#[tokio::test]
async fn ekyc_server_unknown_claim_omitted() {
    happy(json!({"given_name": null, "Gq7rTz1": null})).await;
}

#[tokio::test]
async fn ekyc_server_unknown_essential_claim_omitted() {
    happy(json!({"given_name": null, "Gq7rTz1": {"essential": true}})).await;
}

#[tokio::test]
async fn ekyc_server_unknown_claim_specialchars_omitted() {
    happy(json!({"given_name": null, "claim%1/a&,.b": null})).await;
}

#[tokio::test]
async fn ekyc_server_one_claim_with_random_value_omitted() {
    let mut scene = scene().await;
    let value = json!({"value": "1f0ad3f2-3b5c-4e9b-9a57-bd3f8f1b6c11"});
    let wish = wish(&json!({"given_name": value}));
    let wished = json!({"id_token": {"verified_claims": wish}, "userinfo": {"verified_claims": wish}});
    let (id_token, userinfo) = told(&mut scene, &wished).await;
    assert_eq!((id_token.get("verified_claims"), userinfo.get("verified_claims")), (None, None));
    // Beside one that can be met, that one alone.
    let wish = self::wish(&json!({"given_name": value, "family_name": {"values": ["Silva", "Santos"]}}));
    let (_, userinfo) = told(&mut scene, &json!({"userinfo": {"verified_claims": wish}})).await;
    assert_eq!(userinfo["verified_claims"][0]["claims"], json!({"family_name": "Silva"}));
}

#[tokio::test]
async fn ekyc_server_request_only_in_idtoken() {
    let mut scene = scene().await;
    let asked = json!({"given_name": null});
    let (id_token, userinfo) =
        told(&mut scene, &json!({"id_token": {"verified_claims": wish(&asked)}})).await;
    check(&scene, &id_token, &asked).await;
    assert!(userinfo.get("verified_claims").is_none());
}

#[tokio::test]
async fn ekyc_server_request_only_in_userinfo() {
    let mut scene = scene().await;
    let asked = json!({"given_name": null});
    let (id_token, userinfo) =
        told(&mut scene, &json!({"userinfo": {"verified_claims": wish(&asked)}})).await;
    check(&scene, &userinfo, &asked).await;
    assert!(id_token.get("verified_claims").is_none());
}

#[tokio::test]
async fn ekyc_server_testuserprovidedrequest() {
    let mut scene = scene().await;
    let asked = json!({"given_name": {"essential": true}, "family_name": null, "birthdate": null, "occupation": null});
    let request = json!({
        "verification": {
            "trust_framework": {"value": "tamga"},
            "assurance_level": {"values": ["2", "3"]},
            "time": {"max_age": 63_113_852},
        },
        "claims": asked,
    });
    let other = json!({"verification": {"trust_framework": {"value": "de_aml"}}, "claims": {"email": null}});
    let wished = json!({"userinfo": {"verified_claims": [request, other]}});
    let (_, userinfo) = told(&mut scene, &wished).await;
    check(&scene, &userinfo, &asked).await;
    let entries = userinfo["verified_claims"].as_array().unwrap();
    let given: Vec<&Value> = entries.iter().map(|entry| &entry["claims"]).collect();
    let expected =
        [json!({"given_name": "Maria"}), json!({"birthdate": "1992-04-13", "family_name": "Silva"})];
    assert_eq!(given, expected.iter().collect::<Vec<_>>(), "by level; what nobody checked is not there");
    for entry in entries {
        assert_eq!(entry["verification"]["time"], "2026-03-01T09:00:00Z");
    }
}

#[tokio::test]
async fn ekyc_server_testbasedonuserinfo_defaults() {
    // The request is made of what the tester says userinfo will be, and the answer must be that.
    let mut scene = scene().await;
    let expected = json!({"given_name": "Maria"});
    let verification = json!({"trust_framework": {"value": "tamga"}, "assurance_level": {"value": "3"}});
    let request = json!({"verification": verification, "claims": {"given_name": {"value": "Maria"}}});
    let (_, userinfo) = told(&mut scene, &json!({"userinfo": {"verified_claims": request}})).await;
    let entries = json!([{
        "verification": {"trust_framework": "tamga", "assurance_level": "3", "time": "2026-03-01T09:00:00Z"},
        "claims": expected,
    }]);
    assert_eq!(userinfo["verified_claims"], entries);
}

#[tokio::test]
async fn ekyc_server_test_userinfo_notfoundinop() {
    // What the document does not speak of: the request goes through, and nothing of it comes.
    let mut scene = scene().await;
    let evidence = json!([{"type": {"value": "document"}, "document_details": null}]);
    let request = json!({
        "verification": {"trust_framework": {"value": "uk_diatf"}, "evidence": evidence},
        "claims": {"given_name": null, "place_of_birth": null},
    });
    let (_, userinfo) = told(&mut scene, &json!({"userinfo": {"verified_claims": request}})).await;
    assert!(userinfo.get("verified_claims").is_none());
}
