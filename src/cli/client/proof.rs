//! What a client proves itself by, beside secrets: keys, certificates, and what its tokens are bound to.

use std::{fs, path::Path};

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{
    cli::{CliError, context::Context, output, words::words},
    crypto::{
        certificate::Certificate,
        jwk::{JwkSet, PublicKey},
        tls_subject,
    },
    ids::ClientCertificateId,
    model::{
        client::{Client, ClientCertificate, TlsSubject},
        signing::ForeignAlgorithm,
    },
};

/// Larger files are neither keys nor certificates.
const LARGEST: u64 = 256 * 1024;

/// Options of a registration about proofs.
#[derive(Debug, Default, clap::Args)]
pub struct ProofOptions {
    /// Its public keys, for what it signs: a file with a JWK set, or the https address where it publishes
    /// them; '' takes them away
    #[arg(long, value_name = "FILE|URL")]
    jwks: Option<String>,
    /// The one algorithm its assertions are signed with
    #[arg(long, value_name = "ALG", value_parser = words(ForeignAlgorithm::ALL, ForeignAlgorithm::word))]
    assertion_alg: Option<ForeignAlgorithm>,
    /// The subject of its certificate (tls_client_auth), as RFC 4514 writes it; '' takes it away
    #[arg(long, value_name = "DN", group = "tls_client_auth")]
    tls_client_auth_subject_dn: Option<String>,
    /// A DNS name in its certificate, instead of the subject
    #[arg(long, value_name = "NAME", group = "tls_client_auth")]
    tls_client_auth_san_dns: Option<String>,
    /// A URI in its certificate
    #[arg(long, value_name = "URI", group = "tls_client_auth")]
    tls_client_auth_san_uri: Option<String>,
    /// An address in its certificate
    #[arg(long, value_name = "ADDRESS", group = "tls_client_auth")]
    tls_client_auth_san_ip: Option<String>,
    /// A mail address in its certificate
    #[arg(long, value_name = "MAIL", group = "tls_client_auth")]
    tls_client_auth_san_email: Option<String>,
    /// Its access tokens work with its certificate alone
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    certificate_bound_access_tokens: Option<bool>,
    /// Its access tokens work with its DPoP key alone
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    dpop_bound_access_tokens: Option<bool>,
}

impl ProofOptions {
    /// Lays what was given over the registration.
    ///
    /// # Errors
    /// A file that was named can't be used, or a name is none of its kind.
    pub fn apply(self, client: &mut Client) -> Result<(), CliError> {
        let subject = self.subject()?;
        let settings = &mut client.settings;
        if let Some(given) = &self.jwks {
            (settings.jwks, settings.jwks_uri) = match given.as_str() {
                "" => (None, None),
                address if address.contains("://") => (None, Some(address.to_owned())),
                path => (Some(key_set("--jwks", Path::new(path))?), None),
            };
        }
        settings.assertion_alg = self.assertion_alg.or(settings.assertion_alg);
        if let Some(subject) = subject {
            settings.tls_client_auth = subject;
        }
        let bound = &mut settings.certificate_bound_access_tokens;
        *bound = self.certificate_bound_access_tokens.unwrap_or(*bound);
        let bound = &mut settings.dpop_bound_access_tokens;
        *bound = self.dpop_bound_access_tokens.unwrap_or(*bound);
        Ok(())
    }

    /// The one name given; an empty one takes it away.
    fn subject(&self) -> Result<Option<Option<TlsSubject>>, CliError> {
        type Given<'a> = (&'a str, &'a Option<String>, fn(String) -> TlsSubject);
        let given: [Given<'_>; 5] = [
            ("subject-dn", &self.tls_client_auth_subject_dn, TlsSubject::SubjectDn),
            ("san-dns", &self.tls_client_auth_san_dns, TlsSubject::SanDns),
            ("san-uri", &self.tls_client_auth_san_uri, TlsSubject::SanUri),
            ("san-ip", &self.tls_client_auth_san_ip, TlsSubject::SanIp),
            ("san-email", &self.tls_client_auth_san_email, TlsSubject::SanEmail),
        ];
        let Some((name, text, make)) =
            given.into_iter().find_map(|(name, text, make)| Some((name, text.as_ref()?, make)))
        else {
            return Ok(None);
        };
        if text.is_empty() {
            return Ok(Some(None));
        }
        let subject = make(text.clone());
        if !tls_subject::fits(&subject) {
            return Err(CliError::refused(format!(
                "--tls-client-auth-{name} `{text}`: that is none; write it like {}",
                tls_subject::example(&subject)
            )));
        }
        Ok(Some(Some(subject)))
    }
}

/// A JWK set from a file: public keys that can be used, all of them.
fn key_set(option: &str, path: &Path) -> Result<Value, CliError> {
    let refused = |why: String| CliError::refused(format!("{option} {}: {why}", path.display()));
    let read: Value = serde_json::from_slice(&file(option, path)?)
        .map_err(|_| refused("is no JSON; give a JWK set, {\"keys\": [...]}".into()))?;
    let set = if read.get("kty").is_some() { json!({"keys": [read]}) } else { read };
    let keys = set.get("keys").and_then(Value::as_array).filter(|keys| !keys.is_empty());
    let keys = keys.ok_or_else(|| refused("holds no keys; give a JWK set, {\"keys\": [...]}".into()))?;
    for (at, jwk) in keys.iter().enumerate() {
        PublicKey::read(jwk).map_err(|why| refused(format!("key {} {why}", at + 1)))?;
    }
    Ok(set)
}

/// A certificate from a file, in PEM or DER, ready to be registered.
pub fn certificate(
    context: &Context,
    option: &str,
    path: &Path,
    expires_at: Option<OffsetDateTime>,
) -> Result<ClientCertificate, CliError> {
    let read = read_certificate(option, path)?;
    let now = context.clock.now();
    Ok(ClientCertificate {
        id: ClientCertificateId(context.rng.uuid(now)),
        key: read.key(),
        der: read.der.to_vec(),
        created_at: now,
        expires_at,
        last_used_at: None,
    })
}

/// A certificate from a file.
///
/// # Errors
/// The file can't be read, or holds none that will do.
pub fn read_certificate(option: &str, path: &Path) -> Result<Certificate, CliError> {
    let refused = |why: String| CliError::refused(format!("{option} {}: {why}", path.display()));
    let bytes = file(option, path)?;
    if bytes.windows(11).any(|window| window == b"PRIVATE KEY") {
        return Err(refused(
            "holds a private key, which nobody else may know; give the certificate alone".into(),
        ));
    }
    Certificate::from_file(&bytes).map_err(|why| refused(why.to_string()))
}

fn file(option: &str, path: &Path) -> Result<Vec<u8>, CliError> {
    let refused = |why: String| CliError::refused(format!("{option} {}: {why}", path.display()));
    let found = fs::metadata(path).map_err(|error| refused(error.to_string()))?;
    if !found.is_file() || found.len() > LARGEST {
        return Err(refused("is no file of that size; check the path".into()));
    }
    fs::read(path).map_err(|error| refused(error.to_string()))
}

/// What may be shown of a certificate.
pub fn json(certificate: &ClientCertificate) -> Value {
    let read = Certificate::parse(&certificate.der).ok();
    json!({
        "secret_id": certificate.id,
        "type": "certificate",
        "subject": read.as_ref().map(|read| read.subject.to_string()),
        "key_sha256": hex(certificate.key.as_bytes()),
        "created_at": output::time(certificate.created_at),
        "expires_at": certificate.expires_at.map(output::time),
        "last_used_at": certificate.last_used_at.map(output::time),
    })
}

/// The same on a line.
pub fn line(certificate: &ClientCertificate) -> String {
    let shown = json(certificate);
    let text = |name: &str, none: &str| shown[name].as_str().unwrap_or(none).to_owned();
    format!(
        "{}  {}, key {}, expires {}, used {}",
        certificate.id,
        text("subject", "unreadable"),
        text("key_sha256", ""),
        text("expires_at", "never"),
        text("last_used_at", "never"),
    )
}

/// Where its keys are, and how many.
pub fn keys_line(client: &Client) -> String {
    match (&client.settings.jwks, &client.settings.jwks_uri) {
        (Some(jwks), _) => {
            let count = JwkSet::read(jwks).map_or(0, |set| set.candidates(None).count());
            format!("{count} registered")
        }
        (None, Some(uri)) => uri.clone(),
        (None, None) => "none".to_owned(),
    }
}

/// What its certificate must say.
pub fn subject_line(client: &Client) -> String {
    match &client.settings.tls_client_auth {
        None => "none".to_owned(),
        Some(TlsSubject::SubjectDn(dn)) => format!("subject {dn}"),
        Some(TlsSubject::SanDns(name)) => format!("DNS name {name}"),
        Some(TlsSubject::SanUri(uri)) => format!("URI {uri}"),
        Some(TlsSubject::SanIp(address)) => format!("address {address}"),
        Some(TlsSubject::SanEmail(mail)) => format!("mail {mail}"),
    }
}

/// Bytes as people compare them.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
