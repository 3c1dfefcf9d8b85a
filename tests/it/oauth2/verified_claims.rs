//! `levels` and `verified_claims` (OpenID Connect for Identity Assurance 1.0).

use serde_json::{Value, json};
use tamga::model::client::{Client, Profile};

use super::{Scene, claims, text};
use crate::support::app::{PASSWORD, TestApp};

/// A person whose values were checked to every degree, in the place of the scene's usual one.
async fn scene(tweak: impl FnOnce(&mut Client)) -> Scene {
    let mut scene = Scene::at(TestApp::new().await, tweak).await;
    let attributes = [
        ("citizen_id", "1101002345674", 2),
        ("first_name", "สมหญิง", 3),
        ("last_name", "ใจดี", 2),
        ("date_of_birth", "1992-04-13", 2),
        ("occupation", "ครู", 0),
        ("email", "somying@citizen.example", 1),
        ("mobile_phone", "+66812345678", 0),
        ("address.road", "สุขุมวิท", 2),
        ("address.country", "Thailand", 0),
        ("organization.name", "สำนักทะเบียน", 1),
        ("organization.agency_code", "0307", 1),
    ];
    scene.user = scene.app.user_with("somying", PASSWORD, &attributes).await;
    scene
}

async fn tokens(scene: &mut Scene, change: &[(&str, &str)]) -> Value {
    let stop = scene.ask(change).await;
    let stop = super::go_on(&mut scene.browser, "somying", stop).await;
    scene.exchange(&stop.parameter("code"), &[]).await.good()
}

async fn userinfo(scene: &mut Scene, change: &[(&str, &str)]) -> Value {
    let tokens = tokens(scene, change).await;
    scene.userinfo(text(&tokens, "access_token")).await.good()
}

fn verification(level: &str) -> Value {
    json!({"trust_framework": "tamga", "assurance_level": level, "time": "2026-03-01T09:00:00Z"})
}

const SCOPE: (&str, &str) = ("scope", "openid profile email address levels");

#[tokio::test]
async fn oidc_ida_the_scope_levels_gives_an_entry_a_level_and_each_attributes_own() {
    let mut scene = scene(|_| {}).await;
    let told = userinfo(&mut scene, &[SCOPE]).await;
    let levels = json!({
        "first_name": 3, "last_name": 2, "date_of_birth": 2, "occupation": 0, "email": 1, "full_name": 2,
        "address.road": 2, "address.country": 0,
    });
    assert_eq!(told["levels"], levels, "of what is given, no more");
    let expected = json!([
        {"verification": verification("3"), "claims": {"given_name": "สมหญิง"}},
        {"verification": verification("2"),
         "claims": {"birthdate": "1992-04-13", "family_name": "ใจดี", "name": "สมหญิง ใจดี"}},
        {"verification": verification("1"), "claims": {"email": "somying@citizen.example"}},
    ]);
    assert_eq!(told["verified_claims"], expected, "an address is as good as its weakest part");
}

#[tokio::test]
async fn levels_are_told_only_where_the_scope_is_granted_and_only_of_what_was_allowed() {
    let mut scene = scene(|_| {}).await;
    let told = userinfo(&mut scene, &[("scope", "openid profile")]).await;
    assert!(told.get("levels").is_none() && told.get("verified_claims").is_none(), "{told}");
    let told = userinfo(&mut scene, &[("scope", "openid levels")]).await;
    assert_eq!(told, json!({"sub": scene.user, "levels": {}}));
}

#[tokio::test]
async fn consent_names_the_scope_levels_though_it_gives_no_value_of_its_own() {
    let mut scene = scene(|_| {}).await;
    scene.ask(&[SCOPE]).await;
    let stop = scene.browser.submit("login-form", &[("username", "somying"), ("password", PASSWORD)]).await;
    assert!(stop.answer.body.contains("How well each of these was checked"), "{}", stop.url);
}

#[tokio::test]
async fn levels_and_verified_claims_come_in_the_id_token_where_claims_do() {
    let mut scene = scene(|client| {
        client.profile = Some(Profile::Aitu);
        client.settings.claims_in_id_token = true;
    })
    .await;
    let scope =
        "openid first_name last_name birth_date citizen_id phone organization user_type ial_level levels";
    let id_token = claims(text(&tokens(&mut scene, &[("scope", scope)]).await, "id_token"));
    for (name, value) in [
        ("first_name", json!("สมหญิง")),
        ("last_name", json!("ใจดี")),
        ("birth_date", json!("1992-04-13")),
        ("citizen_id", json!("1101002345674")),
        ("phone", json!("66812345678")),
        ("phone_number", json!("+66812345678")),
        ("organization", json!({"name": "สำนักทะเบียน", "agency_code": "0307"})),
        ("user_type", json!("Citizen")),
        ("ial_level", json!(2)),
    ] {
        assert_eq!(id_token[name], value, "{name}");
    }
    assert_eq!(id_token["levels"]["citizen_id"], 2);
    assert_eq!(id_token["verified_claims"][0]["verification"]["assurance_level"], "3");
    let verified = &id_token["verified_claims"][1]["claims"];
    assert_eq!(
        verified,
        &json!({"birth_date": "1992-04-13", "citizen_id": "1101002345674", "last_name": "ใจดี"})
    );
}

#[tokio::test]
async fn oidc_ida_the_claims_parameter_gets_only_what_it_names_at_the_level_it_names() {
    let mut scene = scene(|_| {}).await;
    let wish = |assurance: Value| {
        json!({"verified_claims": {
            "verification": {"trust_framework": null, "assurance_level": assurance},
            "claims": {"given_name": null, "family_name": null, "email": null, "occupation": null},
        }})
    };
    let ask = |place: &str, assurance: Value| json!({place: wish(assurance)}).to_string();
    let two = ask("userinfo", json!({"value": "2"}));
    let told = userinfo(&mut scene, &[("claims", &two)]).await;
    // Who reached level 3 met level 2, which is what was asked.
    let expected = json!([{
        "verification": verification("2"), "claims": {"given_name": "สมหญิง", "family_name": "ใจดี"},
    }]);
    assert_eq!(told, json!({"sub": scene.user, "verified_claims": expected}));

    let any = ask("id_token", Value::Null);
    let id_token = claims(text(&tokens(&mut scene, &[("claims", &any)]).await, "id_token"));
    let told: Vec<_> = id_token["verified_claims"].as_array().unwrap().iter().map(|e| &e["claims"]).collect();
    let levels = [
        json!({"given_name": "สมหญิง"}),
        json!({"family_name": "ใจดี"}),
        json!({"email": "somying@citizen.example"}),
    ];
    assert_eq!(told, levels.iter().collect::<Vec<_>>());
    assert!(id_token.get("given_name").is_none(), "asked as verified, not by itself");
}

#[tokio::test]
async fn oidc_ida_what_is_too_old_or_by_other_rules_is_left_out() {
    let mut scene = scene(|_| {}).await;
    scene.app.clock.advance(time::Duration::hours(2));
    for verification in [
        json!({"trust_framework": {"value": "de_aml"}}),
        json!({"trust_framework": null, "time": {"max_age": 7199}}),
        json!({"trust_framework": null, "evidence": [{"type": {"value": "document"}}]}),
    ] {
        let wish = json!({"userinfo": {"verified_claims": {
            "verification": verification, "claims": {"given_name": null},
        }}});
        let told = userinfo(&mut scene, &[("claims", &wish.to_string())]).await;
        assert!(told.get("verified_claims").is_none(), "{verification}: {told}");
    }
    let wish = json!({"userinfo": {"verified_claims": {
        "verification": {"trust_framework": {"value": "tamga"}, "time": {"max_age": 7200}},
        "claims": {"given_name": null},
    }}});
    let told = userinfo(&mut scene, &[("claims", &wish.to_string())]).await;
    assert_eq!(told["verified_claims"][0]["claims"]["given_name"], "สมหญิง");
}

#[tokio::test]
async fn a_level_that_is_demanded_is_one_the_account_must_have() {
    let mut scene = scene(|_| {}).await;
    tokens(&mut scene, &[]).await;
    let wish = |assurance: Value| {
        json!({"id_token": {"verified_claims": {
            "verification": {"trust_framework": null, "assurance_level": assurance},
            "claims": {"given_name": null},
        }}})
        .to_string()
    };
    let passive = |wish: String| [("claims".to_owned(), wish), ("prompt".to_owned(), "none".to_owned())];
    for (assurance, error) in [
        (json!({"value": "3"}), "unmet_authentication_requirements"),
        (json!({"values": ["2", "3"]}), "consent_required"),
        (json!({"essential": true}), "consent_required"),
    ] {
        let change = passive(wish(assurance.clone()));
        let change: Vec<_> = change.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let stop = scene.ask(&change).await;
        assert_eq!(stop.parameter("error"), error, "{assurance}");
    }
}

#[tokio::test]
async fn oidc_ida_a_malformed_wish_is_refused_by_the_parameters_name() {
    let mut scene = scene(|_| {}).await;
    for wrong in [
        json!({"userinfo": {"verified_claims": {"claims": {"given_name": null}}}}),
        json!({"userinfo": {"verified_claims": {"verification": {"trust_framework": null}}}}),
        json!({"id_token": {"verified_claims": []}}),
        json!({"id_token": {"verified_claims": "all"}}),
    ] {
        let stop = scene.ask(&[("claims", &wrong.to_string())]).await;
        assert_eq!(stop.parameter("error"), "invalid_request", "{wrong}");
        assert!(stop.parameter("error_description").contains("claims"), "{wrong}");
    }
}

#[tokio::test]
async fn an_operator_names_the_trust_framework() {
    let app = TestApp::with(&[("oauth2.trust_framework", "th_dga")]).await;
    let mut scene = Scene::at(app, |_| {}).await;
    let document = scene.app.door.get("/.well-known/openid-configuration").await.good();
    assert_eq!(document["verified_claims_supported"], true);
    assert_eq!(document["trust_frameworks_supported"], json!(["th_dga"]));
    let verified = document["claims_in_verified_claims_supported"].as_array().unwrap();
    for claim in ["name", "given_name", "birthdate", "citizen_id", "address", "organization", "phone_number"]
    {
        assert!(verified.contains(&json!(claim)), "{claim}");
    }
    for claim in ["sub", "email_verified", "preferred_username", "photo", "ial_level", "levels"] {
        assert!(!verified.contains(&json!(claim)), "{claim}");
    }
    let tokens = scene.tokens(&[("scope", "openid email levels")]).await;
    let told = scene.userinfo(text(&tokens, "access_token")).await.good();
    assert_eq!(told["verified_claims"][0]["verification"]["trust_framework"], "th_dga");
}
