//! Client authentication at the token, introspection and revocation endpoints (RFC 6749 §2.3).
//!
//! 1. Take the credentials from HTTP Basic or from the body, never both.
//! 2. Find the client; an unknown one gets the same answer as a wrong secret.
//! 3. Compare digests in constant time against every secret that has not expired.

use std::sync::Arc;

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::reject::Reject;
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log},
    model::client::{AuthMethod, Client},
    secret::{Digest, Token},
};

/// What a client showed.
struct Shown {
    identifier: String,
    method: AuthMethod,
    /// The secret in the ways it may be meant.
    secrets: Vec<Token>,
}

/// Finds out who calls.
///
/// # Errors
/// [`Reject::Client`] when they can't prove it; which reason it was is for the log alone.
pub async fn authenticate(app: &App, headers: &HeaderMap, form: &Form) -> Result<Arc<Client>, Fault<Reject>> {
    let basic = headers.contains_key(AUTHORIZATION);
    let refused = |why| Fault::Reject(Reject::Client { why, basic });
    let shown = read(headers, form).map_err(Fault::Reject)?;
    let client = app.clients.find(&app.pool, &shown.identifier).await?;
    let Some(client) = client else {
        // The answer says nothing of it: identifiers can't be found by trying.
        return Err(refused("no such client"));
    };
    log::client(client.id);
    if client.disabled_at.is_some() {
        return Err(refused("the client is disabled"));
    }
    if !client.auth_methods.contains(&shown.method) {
        return Err(refused("the client is not registered for this authentication method"));
    }
    if shown.method == AuthMethod::None {
        return Ok(client);
    }
    let now = app.clock.now();
    let digests: Vec<Digest> = shown.secrets.iter().map(Token::digest).collect();
    let mut right = None;
    for secret in client.secrets.iter().filter(|s| s.expires_at.is_none_or(|at| at > now)) {
        if digests.contains(&secret.digest) {
            right = Some(secret.id);
        }
    }
    app.secret_uses.note(right.ok_or_else(|| refused("wrong or expired secret"))?, now);
    Ok(client)
}

fn read(headers: &HeaderMap, form: &Form) -> Result<Shown, Reject> {
    let in_body = form.get("client_id")?;
    // RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
    let secret_in_body = form.get("client_secret")?;
    if form.get("client_assertion")?.is_some() {
        return Err(Reject::Client { why: "client assertions are not served", basic: false });
    }
    let Some(header) = headers.get(AUTHORIZATION) else {
        let identifier =
            in_body.ok_or(Reject::Client { why: "no client credentials", basic: false })?.to_owned();
        return Ok(match secret_in_body {
            Some(secret) => {
                Shown { identifier, method: AuthMethod::ClientSecretPost, secrets: vec![Token::from(secret)] }
            }
            None => Shown { identifier, method: AuthMethod::None, secrets: Vec::new() },
        });
    };
    let (identifier, secrets) = header
        .to_str()
        .ok()
        .and_then(basic)
        .ok_or(Reject::Client { why: "malformed Basic header", basic: true })?;
    if secret_in_body.is_some() {
        return Err(Reject::invalid("client_secret", "is in the header already; use one way alone"));
    }
    if in_body.is_some_and(|id| id != identifier) {
        return Err(Reject::invalid("client_id", "differs from the one in the header"));
    }
    Ok(Shown { identifier, method: AuthMethod::ClientSecretBasic, secrets })
}

/// Takes `Basic` credentials apart. RFC 6749 §2.3.1 has both parts form-encoded, which half of all
/// clients do not do: where decoding changes the secret, both readings are tried.
fn basic(header: &str) -> Option<(String, Vec<Token>)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (identifier, secret) = pair.split_once(':')?;
    let mut secrets = vec![Token::from(secret)];
    if let Some(decoded) = form_decoded(secret).filter(|decoded| decoded != secret) {
        secrets.push(Token::from(decoded));
    }
    Some((form_decoded(identifier)?, secrets))
}

fn form_decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    Some(percent_encoding::percent_decode_str(&spaced).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(pair: &str) -> String {
        format!("Basic {}", STANDARD.encode(pair))
    }

    #[test]
    fn rfc_6749_s2_3_1_both_parts_of_basic_are_form_decoded() {
        let (identifier, secrets) = basic(&header("a%3Ab:s%2Bx")).unwrap();
        assert_eq!(identifier, "a:b");
        let readings: Vec<&str> = secrets.iter().map(Token::expose).collect();
        assert_eq!(readings, ["s%2Bx", "s+x"]);
    }

    #[test]
    fn malformed_headers_are_no_credentials() {
        for bad in ["Basic", "Basic !!!", "Bearer x", &header("no colon"), "Basic /w==", ""] {
            assert!(basic(bad).is_none(), "{bad}");
        }
    }
}
