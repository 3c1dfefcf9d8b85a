//! How a client proves who it is, and what its tokens are bound to.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{members::Members, policy::Policy, refusal::Refusal};
use crate::{
    crypto::{
        certificate::Certificate,
        jwk::{JwkError, JwkSet, PublicKey},
        tls_subject,
    },
    model::{
        client::{AuthMethod, Client, ClientType, Flow, TlsSubject},
        signing::HmacAlgorithm,
    },
    protocol::oauth2::registrable::{self, BadMetadata},
};

/// More keys are not registered.
const MOST_KEYS: usize = 32;
const METHOD: &str = "token_endpoint_auth_method";
const ALGORITHM: &str = "token_endpoint_auth_signing_alg";
const JWKS: &str = "jwks";
const JWKS_URI: &str = "jwks_uri";

/// Reads all of it into the client, whose flows are known; gives the certificates it proves itself with.
///
/// # Errors
/// The first rule that is broken.
pub fn apply(
    members: &Members,
    policy: &Policy<'_>,
    client: &mut Client,
) -> Result<Vec<Certificate>, Refusal> {
    // RFC 7591 §2: "If unspecified or omitted, the default is client_secret_basic".
    let method = members.word(METHOD)?.unwrap_or(AuthMethod::ClientSecretBasic);
    if !policy.methods.contains(&method) {
        return Err(Refusal::of(METHOD, format!("`{method}` is not open to such clients here")));
    }
    let public = method == AuthMethod::None;
    // RFC 6749 §4.4: the grant "MUST only be used by confidential clients".
    if public && client.has_flow(Flow::ClientCredentials) {
        return Err(Refusal::of(METHOD, "must not be none with the grant client_credentials"));
    }
    client.client_type = if public { ClientType::Public } else { ClientType::Confidential };
    client.auth_methods = vec![method];
    keys(members, policy, client)?;
    client.settings.tls_client_auth = subject(members)?;
    client.settings.assertion_alg = None;
    match members.text(ALGORITHM)? {
        Some(alg) if method == AuthMethod::ClientSecretJwt => {
            alg.parse::<HmacAlgorithm>().map_err(|why| Refusal::of(ALGORITHM, why))?;
        }
        Some(_) => client.settings.assertion_alg = members.word(ALGORITHM)?,
        None => {}
    }
    let settings = &mut client.settings;
    settings.dpop_bound_access_tokens = members.flag("dpop_bound_access_tokens")?;
    const BOUND: &str = "tls_client_certificate_bound_access_tokens";
    settings.certificate_bound_access_tokens = members.flag(BOUND)?;
    if settings.certificate_bound_access_tokens && !policy.binds_certificates {
        return Err(Refusal::of(BOUND, "no certificates are asked for here"));
    }
    match method {
        AuthMethod::PrivateKeyJwt if settings.jwks.is_none() && settings.jwks_uri.is_none() => {
            Err(Refusal::of(JWKS, "is missing, and jwks_uri too: there is no key to check assertions with"))
        }
        AuthMethod::PrivateKeyJwt
            if settings
                .jwks
                .as_ref()
                .is_some_and(|jwks| JwkSet::read(jwks).is_none_or(|set| set.is_empty())) =>
        {
            Err(Refusal::of(JWKS, "holds no key for signatures that is served: RSA, P-256, P-384 or Ed25519"))
        }
        AuthMethod::TlsClientAuth if settings.tls_client_auth.is_none() => Err(Refusal::of(
            "tls_client_auth_subject_dn",
            "or one of the other four is needed with tls_client_auth",
        )),
        AuthMethod::SelfSignedTlsClientAuth => certificates(settings.jwks.as_ref()),
        _ => Ok(Vec::new()),
    }
}

/// By value or by address, never both (RFC 7591 §2).
fn keys(members: &Members, policy: &Policy<'_>, client: &mut Client) -> Result<(), Refusal> {
    let (jwks, jwks_uri) = (members.get(JWKS), members.text(JWKS_URI)?);
    if jwks.is_some() && jwks_uri.is_some() {
        return Err(Refusal::of(JWKS, "and jwks_uri exclude one another; give one"));
    }
    if let Some(jwks) = jwks {
        let keys = jwks.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or_else(|| Refusal::of(JWKS, "must be a JWK set, {'keys': [...]}"))?;
        if keys.len() > MOST_KEYS {
            return Err(Refusal::of(JWKS, format!("holds more than {MOST_KEYS} keys")));
        }
        // Keys of kinds that are not served are passed over (RFC 7517 §5); a private one is a mishap that
        // its owner must hear of.
        if keys.iter().any(|jwk| PublicKey::read(jwk).is_err_and(|why| why == JwkError::Private)) {
            return Err(Refusal::of(JWKS, "holds a private key, which nobody else may know; make another"));
        }
    }
    if let Some(uri) = jwks_uri {
        registrable::fetched(JWKS_URI, uri, policy.fetcher)
            .map_err(|BadMetadata { name, why }| Refusal::of(name, why))?;
    }
    client.settings.jwks = jwks.cloned();
    client.settings.jwks_uri = jwks_uri.map(str::to_owned);
    Ok(())
}

/// RFC 8705 §2.1.2: "exactly one of the below metadata parameters".
fn subject(members: &Members) -> Result<Option<TlsSubject>, Refusal> {
    type Named = (&'static str, fn(String) -> TlsSubject);
    let all: [Named; 5] = [
        ("tls_client_auth_subject_dn", TlsSubject::SubjectDn),
        ("tls_client_auth_san_dns", TlsSubject::SanDns),
        ("tls_client_auth_san_uri", TlsSubject::SanUri),
        ("tls_client_auth_san_ip", TlsSubject::SanIp),
        ("tls_client_auth_san_email", TlsSubject::SanEmail),
    ];
    let mut found = None;
    for (name, make) in all {
        let Some(text) = members.text(name)? else { continue };
        if found.is_some() {
            return Err(Refusal::of(name, "is one of several tls_client_auth members; give one alone"));
        }
        let subject = make(text.to_owned());
        if !tls_subject::fits(&subject) {
            let example = tls_subject::example(&subject);
            return Err(Refusal::of(name, format!("is none; write it like {example}")));
        }
        found = Some(subject);
    }
    Ok(found)
}

/// RFC 8705 §2.2.2: the certificates stand in `x5c` of the client's keys.
fn certificates(jwks: Option<&Value>) -> Result<Vec<Certificate>, Refusal> {
    let mut read: Vec<Certificate> = Vec::new();
    let keys = jwks.and_then(|jwks| jwks.get("keys")).and_then(Value::as_array);
    for jwk in keys.into_iter().flatten() {
        let Some(first) = jwk.get("x5c").and_then(|chain| chain.get(0)).and_then(Value::as_str) else {
            continue;
        };
        let certificate = STANDARD.decode(first).ok().and_then(|der| Certificate::parse(&der).ok());
        let certificate =
            certificate.ok_or_else(|| Refusal::of(JWKS, "has an x5c that is no certificate"))?;
        if read.iter().all(|known| known.key() != certificate.key()) {
            read.push(certificate);
        }
    }
    if read.is_empty() {
        let why =
            "needs the certificates as x5c by value: with self_signed_tls_client_auth they are compared";
        return Err(Refusal::of(JWKS, why));
    }
    Ok(read)
}
