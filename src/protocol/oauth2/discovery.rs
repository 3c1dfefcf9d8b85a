//! What this server is and does (OpenID Connect Discovery 1.0 §3, RFC 8414 §2), and its keys.
//! Built from what is really served.

use std::collections::BTreeSet;

use axum::{extract::State, http::HeaderMap, response::Response};
use serde_json::{Map, Value, json};

use super::{claims::Registry, grant::GRANT_TYPES, response_type::ResponseType, return_to::ResponseMode};
use crate::{
    app::App,
    http::conditional,
    model::{
        attribute::Format,
        client::AuthMethod,
        document::Document,
        locale::Locale,
        signing::{Algorithm, ED25519, ForeignAlgorithm, HmacAlgorithm},
    },
};

const JSON: &str = "application/json";

/// `GET /.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
pub async fn get(State(app): State<App>, asked: HeaderMap) -> Response {
    // Settings don't change while the server runs, so it is written once.
    let written = app.discovery.get_or_init(|| Document::new(document(&app).to_string()));
    conditional::answer(written, &asked, JSON, app.settings.oauth2.documents_max_age)
}

/// `GET /oauth2/jwks`.
pub async fn jwks(State(app): State<App>, asked: HeaderMap) -> Response {
    conditional::answer(&app.keys.ring().jwks(), &asked, JSON, app.settings.oauth2.documents_max_age)
}

fn document(app: &App) -> Value {
    let issuer = &app.issuer;
    let at = |path: &str| format!("{issuer}{path}");
    let algorithms: Vec<&str> = Algorithm::ALL.iter().map(|a| a.word()).collect();
    let proving = proving(app);
    let with_public: Vec<&str> = proving.iter().copied().chain(["none"]).collect();
    let signing = signing();
    let proofs: Vec<&str> = foreign().collect();
    let scopes: Vec<&String> = app.settings.scopes.keys().collect();
    let mut claims: Vec<&str> =
        app.settings.scopes.values().flat_map(|scope| scope.claims.iter().map(String::as_str)).collect();
    claims.extend([
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "amr",
        "azp",
        "nonce",
        "at_hash",
        "c_hash",
        "sid",
    ]);
    claims.sort_unstable();
    claims.dedup();
    let verified = verifiable(app);
    // RFC 7591 §2: the implicit flow has a word, though nobody sends it to the token endpoint.
    let grant_types: Vec<&str> = GRANT_TYPES.into_iter().chain(["implicit"]).collect();
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth2/authorize"),
        "token_endpoint": at("/oauth2/token"),
        "userinfo_endpoint": at("/oauth2/userinfo"),
        "jwks_uri": at("/oauth2/jwks"),
        "introspection_endpoint": at("/oauth2/introspect"),
        "revocation_endpoint": at("/oauth2/revoke"),
        "device_authorization_endpoint": at("/oauth2/device"),
        "end_session_endpoint": at("/oauth2/logout"),
        "scopes_supported": scopes,
        "claims_supported": claims,
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": true,
        // OpenID Connect for Identity Assurance 1.0, "OP metadata".
        "verified_claims_supported": true,
        "trust_frameworks_supported": [app.settings.oauth2.trust_framework],
        "claims_in_verified_claims_supported": verified,
        "response_types_supported": ResponseType::ALL.map(|asked| asked.to_string()),
        "response_modes_supported": ResponseMode::WORDS,
        "grant_types_supported": grant_types,
        "subject_types_supported": ["public", "pairwise"],
        "acr_values_supported": ["0", "1", "2", "3"],
        "token_endpoint_auth_methods_supported": with_public,
        "token_endpoint_auth_signing_alg_values_supported": signing,
        "introspection_endpoint_auth_methods_supported": proving,
        "introspection_endpoint_auth_signing_alg_values_supported": signing,
        "revocation_endpoint_auth_methods_supported": with_public,
        "revocation_endpoint_auth_signing_alg_values_supported": signing,
        "dpop_signing_alg_values_supported": proofs,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account", "create"],
        "ui_locales_supported": Locale::ALL.map(Locale::tag),
        "authorization_response_iss_parameter_supported": true,
        // RFC 9126 §5.
        "pushed_authorization_request_endpoint": at("/oauth2/par"),
        "require_pushed_authorization_requests": app.settings.oauth2.require_pushed_authorization_requests,
        // OpenID Connect Discovery §3. Without `none`: an unsigned request object is not taken.
        "request_parameter_supported": true,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
        "request_object_signing_alg_values_supported": proofs,
    });
    for signed in ["id_token", "userinfo", "authorization", "introspection"] {
        document[format!("{signed}_signing_alg_values_supported")] = json!(algorithms);
    }
    // OpenID Connect Session Management §3.3, Front-Channel Logout §3, Back-Channel Logout §2.1.
    document["check_session_iframe"] = json!(at("/oauth2/check-session"));
    for channel in ["frontchannel", "backchannel"] {
        document[format!("{channel}_logout_supported")] = json!(true);
        document[format!("{channel}_logout_session_supported")] = json!(true);
    }
    let registration = &app.settings.registration;
    if registration.enabled {
        document["registration_endpoint"] = json!(at("/oauth2/register"));
    }
    // OpenID Connect Discovery §3: for those who register clients.
    let pages = [
        ("op_policy_uri", &registration.policy_url),
        ("op_tos_uri", &registration.terms_url),
        ("service_documentation", &registration.documentation_url),
    ];
    for (name, url) in pages.into_iter().filter_map(|(name, url)| Some((name, url.as_ref()?))) {
        document[name] = json!(url);
    }
    if app.settings.client_tls.is_served() {
        // RFC 8705 §3.3, §5.
        document["tls_client_certificate_bound_access_tokens"] = json!(true);
    }
    if let Some(base) = app.mtls_base() {
        let names = [
            "token",
            "userinfo",
            "introspection",
            "revocation",
            "pushed_authorization_request",
            "device_authorization",
        ];
        let aliases: Map<String, Value> = names
            .into_iter()
            .map(|name| format!("{name}_endpoint"))
            .filter_map(|name| {
                let path = document[&name].as_str()?.strip_prefix(issuer.as_str())?;
                Some((name, json!(format!("{base}{path}"))))
            })
            .collect();
        document["mtls_endpoint_aliases"] = Value::Object(aliases);
    }
    document
}

/// How clients can prove who they are.
pub(super) fn proving(app: &App) -> Vec<&'static str> {
    let settings = &app.settings.client_tls;
    let served = |method: &AuthMethod| match method {
        AuthMethod::None => false,
        AuthMethod::TlsClientAuth => settings.is_served() && settings.ca.is_some(),
        AuthMethod::SelfSignedTlsClientAuth => settings.is_served(),
        _ => true,
    };
    AuthMethod::ALL.iter().copied().filter(served).map(AuthMethod::word).collect()
}

/// What their assertions may be signed with (RFC 8414 §2).
fn signing() -> Vec<&'static str> {
    foreign().chain(HmacAlgorithm::ALL.iter().map(|a| a.word())).collect()
}

/// What others may sign with, under both names where there are two.
fn foreign() -> impl Iterator<Item = &'static str> {
    ForeignAlgorithm::ALL.iter().map(|a| a.word()).chain([ED25519])
}

/// Claims whose values are of the person's own, so that they may have been checked.
fn verifiable(app: &App) -> Vec<&str> {
    let (scopes, attributes) = (&app.settings.scopes, &app.settings.attributes);
    let registry = Registry { scopes, attributes };
    let all = scopes.values().flat_map(|scope| scope.claims.iter().map(String::as_str));
    let verifiable: BTreeSet<&str> = all
        .filter(|claim| {
            let name = registry.attribute_of(claim);
            let held = attributes.get(name).is_some_and(|definition| definition.format != Format::File);
            (held || ["address", "organization"].contains(&name)) && !claim.ends_with("_verified")
        })
        .collect();
    verifiable.into_iter().collect()
}
