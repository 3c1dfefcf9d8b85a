//! `oidcc-config-certification-test-plan`: what the discovery document says of itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use url::Url;

use crate::support::app::{ISSUER, TestApp};

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let app = TestApp::new().await;
    let answer = app.door.get("/.well-known/openid-configuration").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    let document = answer.good();
    // CheckDiscEndpointIssuer.
    assert_eq!(document["issuer"], ISSUER);
    // CheckDiscEndpointAuthorizationEndpoint, ...TokenEndpoint, ...UserinfoEndpoint, CheckJwksUri,
    // CheckDiscEndpointAllEndpointsAreHttps.
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        assert!(document[name].is_string(), "{name}");
    }
    for (name, value) in document.as_object().unwrap() {
        if name.ends_with("_endpoint") || name.ends_with("_uri") || name.ends_with("_iframe") {
            let url: Url = value.as_str().unwrap().parse().unwrap();
            assert_eq!((url.scheme(), url.fragment(), url.query()), ("https", None, None), "{name}");
        }
    }
    // CheckDiscEndpointScopesSupportedContainsOpenId and the lists that must be there.
    let holds = |name: &str, word: &str| {
        let list = document[name].as_array().unwrap_or_else(|| panic!("{name} is no list"));
        let texts: BTreeSet<&str> = list.iter().map(|item| item.as_str().expect("a text")).collect();
        assert_eq!(texts.len(), list.len(), "{name} names each once");
        assert!(texts.contains(word), "{name} lacks {word}");
    };
    holds("scopes_supported", "openid");
    holds("response_types_supported", "code");
    holds("subject_types_supported", "public");
    holds("subject_types_supported", "pairwise");
    holds("id_token_signing_alg_values_supported", "RS256");
    holds("userinfo_signing_alg_values_supported", "RS256");
    holds("claims_supported", "sub");
    holds("grant_types_supported", "authorization_code");
    holds("token_endpoint_auth_methods_supported", "client_secret_basic");
    // CheckDiscEndpointClaimsParameterSupported and the other flags.
    for flag in
        ["claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"]
    {
        assert!(document[flag].is_boolean(), "{flag}");
    }
    // ValidateServerJWKs: well-formed public keys for signatures, each with an id of its own.
    let path = document["jwks_uri"].as_str().unwrap().strip_prefix(ISSUER).unwrap();
    let keys = app.door.get(path).await.good()["keys"].as_array().unwrap().clone();
    let kids: BTreeSet<String> = keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kids.len(), keys.len());
    for key in &keys {
        assert_eq!(key["use"], "sig");
        let members: &[&str] = match key["kty"].as_str() {
            Some("RSA") => &["n", "e"],
            Some("EC") => &["crv", "x", "y"],
            Some("OKP") => &["crv", "x"],
            other => panic!("{other:?}"),
        };
        assert!(members.iter().all(|name| key[name].is_string()));
        assert!(["d", "p", "q", "dp", "dq", "qi", "k"].iter().all(|name| key.get(name).is_none()));
    }
    let algorithms: Vec<&Value> = keys.iter().map(|key| &key["alg"]).collect();
    assert!(algorithms.contains(&&json!("RS256")));
}
