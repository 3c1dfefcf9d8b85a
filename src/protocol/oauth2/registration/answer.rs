//! A registration as its client is told it (RFC 7591 §3.2.1): all of it, as it stands here.

use serde_json::{Map, Value, json};

use crate::{
    model::client::{AuthMethod, Client, TlsSubject},
    secret::Token,
};

/// Of the client's settings, those that are no metadata of the standards.
const OURS: [&str; 3] = ["names", "logo_sha256", "unvouched"];

/// What is registered, and where and with what it can be changed. `secret` is there when it was made just
/// now: of those made before only digests are kept.
///
/// # Errors
/// Never, as long as settings can be written as JSON.
pub fn information(
    client: &Client,
    metadata: &Value,
    issuer: &str,
    token: &Token,
    secret: Option<&Token>,
) -> Result<Value, serde_json::Error> {
    let mut answer = registered(client, metadata)?;
    let mut tell = |name: &str, value: Value| {
        answer.insert(name.to_owned(), value);
    };
    tell("client_id", json!(client.identifier));
    tell("client_id_issued_at", json!(client.created_at.unix_timestamp()));
    tell("registration_client_uri", json!(format!("{issuer}/oauth2/register/{}", client.identifier)));
    tell("registration_access_token", json!(token.expose()));
    if let Some(secret) = secret {
        tell("client_secret", json!(secret.expose()));
    }
    if !client.secrets.is_empty() {
        // RFC 7591 §3.2.1: "REQUIRED if client_secret is issued"; 0: never.
        let ends = client.secrets.iter().map(|secret| secret.expires_at.map(|at| at.unix_timestamp()));
        tell("client_secret_expires_at", json!(ends.max().flatten().unwrap_or(0)));
    }
    Ok(Value::Object(answer))
}

/// The metadata alone.
///
/// # Errors
/// As [`information`].
pub fn registered(client: &Client, metadata: &Value) -> Result<Map<String, Value>, serde_json::Error> {
    let settings = &client.settings;
    let mut told = match serde_json::to_value(&settings.oidc)? {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    told.retain(|name, value| {
        !OURS.contains(&name.as_str())
            && !value.is_null()
            && value.as_array().is_none_or(|list| !list.is_empty())
    });
    let mut tell = |name: &str, value: Value| {
        told.insert(name.to_owned(), value);
    };
    tell("client_name", json!(client.name));
    for (locale, name) in &settings.oidc.names {
        tell(&format!("client_name#{locale}"), json!(name));
    }
    tell("redirect_uris", json!(client.redirect_uris));
    if !client.post_logout_redirect_uris.is_empty() {
        tell("post_logout_redirect_uris", json!(client.post_logout_redirect_uris));
    }
    tell("scope", json!(client.scopes.join(" ")));
    tell("id_token_signed_response_alg", json!(settings.id_token_alg));
    let method = client.auth_methods.first().copied().unwrap_or(AuthMethod::None);
    tell("token_endpoint_auth_method", json!(method));
    if let Some(jwks) = &settings.jwks {
        tell("jwks", jwks.clone());
    }
    if let Some(uri) = &settings.jwks_uri {
        tell("jwks_uri", json!(uri));
    }
    tell("dpop_bound_access_tokens", json!(settings.dpop_bound_access_tokens));
    tell("tls_client_certificate_bound_access_tokens", json!(settings.certificate_bound_access_tokens));
    match &settings.tls_client_auth {
        None => {}
        Some(TlsSubject::SubjectDn(dn)) => tell("tls_client_auth_subject_dn", json!(dn)),
        Some(TlsSubject::SanDns(name)) => tell("tls_client_auth_san_dns", json!(name)),
        Some(TlsSubject::SanUri(uri)) => tell("tls_client_auth_san_uri", json!(uri)),
        Some(TlsSubject::SanIp(address)) => tell("tls_client_auth_san_ip", json!(address)),
        Some(TlsSubject::SanEmail(mail)) => tell("tls_client_auth_san_email", json!(mail)),
    }
    if let Value::Object(kept) = metadata {
        told.extend(kept.clone());
    }
    Ok(told)
}
