//! Client authentication, the same at every endpoint that clients call directly (RFC 6749 §2.3).
//!
//! 1. Take what the client shows: HTTP Basic, a secret in the body, a signed assertion, the
//!    certificate of the connection, or nothing. More than one way at once is refused.
//! 2. Find the client; an unknown one gets the same answer as a wrong secret.
//! 3. It must be registered for that way.
//! 4. Check: secrets here, assertions in `client_assertion`, certificates in `client_certificate`.

use std::sync::Arc;

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    client_assertion::{self, Assertion},
    client_certificate, fapi2,
    reject::Reject,
};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log, visit::Visit},
    model::client::{AuthMethod, Client},
    secret::{Digest, Token},
};

/// The one kind of assertion that is served (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client showed.
struct Shown<'f> {
    identifier: String,
    proof: Proof<'f>,
}

enum Proof<'f> {
    /// A secret, in the ways it may be meant.
    Secret(AuthMethod, Vec<Token>),
    /// A signed assertion.
    Assertion(Box<Assertion<'f>>),
    /// Nothing in the request; the connection may have a certificate.
    Connection,
}

/// Finds out who calls.
///
/// # Errors
/// [`Reject::Client`] when they can't prove it; which reason it was is for the log alone.
pub async fn authenticate(app: &App, visit: &Visit, form: &Form) -> Result<Arc<Client>, Fault<Reject>> {
    let shown = read(&visit.headers, form).map_err(Fault::Reject)?;
    let basic = matches!(shown.proof, Proof::Secret(AuthMethod::ClientSecretBasic, _));
    let refused = |why| Fault::Reject(Reject::Client { why, basic });
    let client = app.clients.find(&app.pool, &shown.identifier).await?;
    let Some(client) = client else {
        // The answer says nothing of it: identifiers can't be found by trying.
        return Err(refused("no such client"));
    };
    log::client(client.id);
    if client.disabled_at.is_some() {
        return Err(refused("the client is disabled"));
    }
    let registered = |method: AuthMethod| {
        let why = "the client is not registered for this authentication method";
        let allowed = !client.is_fapi2() || fapi2::allows(method);
        (allowed && client.auth_methods.contains(&method)).then_some(()).ok_or_else(|| refused(why))
    };
    match shown.proof {
        Proof::Secret(method, secrets) => {
            registered(method)?;
            check_secret(app, &client, &secrets).map_err(refused)?;
        }
        Proof::Assertion(assertion) => {
            registered(assertion.method())?;
            client_assertion::check(app, visit, &client, &assertion).await?;
        }
        Proof::Connection => match client_certificate::methods(&client) {
            [] => registered(AuthMethod::None)?,
            methods => client_certificate::check(app, visit, &client, methods).map_err(refused)?,
        },
    }
    Ok(client)
}

/// Compares digests, in constant time, with those of every secret that has not expired.
fn check_secret(app: &App, client: &Client, secrets: &[Token]) -> Result<(), &'static str> {
    let now = app.clock.now();
    let digests: Vec<Digest> = secrets.iter().map(Token::digest).collect();
    let mut right = None;
    for secret in client.secrets.iter().filter(|s| s.expires_at.is_none_or(|at| at > now)) {
        if digests.contains(&secret.digest) {
            right = Some(secret.id);
        }
    }
    app.secret_uses.note(right.ok_or("wrong or expired secret")?, now);
    Ok(())
}

fn read<'f>(headers: &HeaderMap, form: &'f Form) -> Result<Shown<'f>, Reject> {
    let in_body = form.get("client_id")?;
    let secret = form.get("client_secret")?;
    let assertion = form.get("client_assertion")?;
    let header = headers.get(AUTHORIZATION);
    // RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
    if usize::from(header.is_some()) + usize::from(secret.is_some()) + usize::from(assertion.is_some()) > 1 {
        let name = if assertion.is_some() { "client_assertion" } else { "client_secret" };
        return Err(Reject::invalid(name, "is one way of client authentication among others; use one alone"));
    }
    let shown = match (header, assertion) {
        (Some(header), _) => {
            let (identifier, secrets) = header
                .to_str()
                .ok()
                .and_then(basic)
                .ok_or(Reject::Client { why: "malformed Basic header", basic: true })?;
            Shown { identifier, proof: Proof::Secret(AuthMethod::ClientSecretBasic, secrets) }
        }
        (None, Some(assertion)) => {
            // RFC 7521 §4.2: the type is required, since it says how the assertion is to be read.
            if form.get("client_assertion_type")? != Some(JWT_BEARER) {
                // RFC 6749 §5.2: an "unsupported authentication method" is invalid_client.
                return Err(Reject::Client { why: "no client_assertion_type that is served", basic: false });
            }
            let assertion = Assertion::read(assertion).map_err(|why| Reject::Client { why, basic: false })?;
            Shown { identifier: assertion.claims.sub.clone(), proof: Proof::Assertion(Box::new(assertion)) }
        }
        (None, None) => {
            let no_credentials = Reject::Client { why: "no client credentials", basic: false };
            let identifier = in_body.ok_or(no_credentials)?.to_owned();
            let proof = match secret {
                Some(secret) => Proof::Secret(AuthMethod::ClientSecretPost, vec![Token::from(secret)]),
                None => Proof::Connection,
            };
            Shown { identifier, proof }
        }
    };
    // RFC 7521 §4.2: "the client_id ... MUST identify the same client as is identified by the client
    // assertion"; and so for Basic.
    if in_body.is_some_and(|id| id != shown.identifier) {
        return Err(Reject::invalid("client_id", "differs from the client that the credentials name"));
    }
    Ok(shown)
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
