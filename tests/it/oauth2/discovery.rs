//! The discovery documents and the published keys.

use axum::http::Method;
use serde_json::{Value, json};

use super::Scene;
use crate::support::app::{ISSUER, TestApp};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

#[tokio::test]
async fn both_documents_are_the_same_cacheable_and_open_to_scripts() {
    let app = TestApp::new().await;
    let answer = app.door.call(Method::GET, OPENID, &[("origin", "https://spa.example")], "").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.good(), app.door.get(OAUTH).await.good());
}

#[tokio::test]
async fn oidc_discovery_s3_the_document_says_what_is_served() {
    let app = TestApp::new().await;
    let document = app.door.get(OPENID).await.good();
    assert_eq!(document["issuer"], ISSUER);
    for (name, expected) in [
        (
            "response_types_supported",
            json!([
                "code",
                "id_token",
                "token",
                "id_token token",
                "code id_token",
                "code token",
                "code id_token token"
            ]),
        ),
        (
            "response_modes_supported",
            json!(["query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"]),
        ),
        ("authorization_signing_alg_values_supported", json!(["RS256", "ES256", "PS256", "EdDSA"])),
        (
            "grant_types_supported",
            json!([
                "authorization_code",
                "refresh_token",
                "client_credentials",
                "password",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "urn:ietf:params:oauth:grant-type:device_code",
                "implicit"
            ]),
        ),
        ("subject_types_supported", json!(["public", "pairwise"])),
        ("id_token_signing_alg_values_supported", json!(["RS256", "ES256", "PS256", "EdDSA"])),
        ("userinfo_signing_alg_values_supported", json!(["RS256", "ES256", "PS256", "EdDSA"])),
        ("code_challenge_methods_supported", json!(["S256"])),
        (
            "token_endpoint_auth_methods_supported",
            json!([
                "client_secret_basic",
                "client_secret_post",
                "private_key_jwt",
                "client_secret_jwt",
                "none"
            ]),
        ),
        ("claims_parameter_supported", json!(true)),
        ("request_parameter_supported", json!(true)),
        ("request_uri_parameter_supported", json!(true)),
        ("require_request_uri_registration", json!(true)),
        ("require_pushed_authorization_requests", json!(false)),
        ("authorization_response_iss_parameter_supported", json!(true)),
    ] {
        assert_eq!(document[name], expected, "{name}");
    }
    for scope in ["openid", "profile", "email", "phone", "address", "offline_access"] {
        assert!(holds(&document["scopes_supported"], scope), "{scope}");
    }
    for claim in ["sub", "name", "email", "phone_number", "address", "auth_time", "acr"] {
        assert!(holds(&document["claims_supported"], claim), "{claim}");
    }
}

fn holds(list: &Value, word: &str) -> bool {
    list.as_array().unwrap().iter().any(|item| item == word)
}

#[tokio::test]
async fn every_address_in_the_document_is_served() {
    let scene = Scene::new().await;
    let document = scene.app.door.get(OPENID).await.good();
    let mut checked = 0;
    for (name, value) in document.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let path = value.as_str().unwrap().strip_prefix(ISSUER).expect("at the issuer");
            assert_ne!(scene.app.door.get(path).await.status, 404, "{name}");
            checked += 1;
        }
    }
    assert!(checked >= 7);
}

#[tokio::test]
async fn the_key_set_holds_public_halves_only() {
    let app = TestApp::new().await;
    let answer = app.door.get("/oauth2/jwks").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let set = answer.good();
    let mut kids = Vec::new();
    for key in set["keys"].as_array().unwrap() {
        assert_eq!(key["use"], "sig");
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private} of {}", key["kid"]);
        }
        kids.push((key["alg"].to_string(), key["kid"].to_string()));
    }
    let count = kids.len();
    kids.sort();
    kids.dedup();
    assert_eq!((count, kids.len()), (8, 8));
    assert_eq!(app.door.get("/.well-known/jwks.json").await.good(), set);
}

#[tokio::test]
async fn the_documents_are_only_read() {
    let app = TestApp::new().await;
    for path in [OPENID, OAUTH, "/oauth2/jwks"] {
        assert_eq!(app.door.post(path, &[]).await.status, 405, "{path}");
    }
}
