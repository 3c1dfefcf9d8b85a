//! A client's secrets: shown once when they are made, kept only as digests.

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{find, proof};
use crate::{
    app,
    cli::{CliError, context::Context, output, stdin},
    ids::ClientSecretId,
    model::{
        client::{AuthMethod, Client, ClientSecret, ClientType, Sealed},
        journal::Entry,
    },
    secret::Token,
    settings::parse_duration,
    store::{client_certificates, clients},
};

/// Fewer characters can be guessed: what is stored is a plain digest.
const SHORTEST: usize = 16;
/// The least length of a key for HMAC with SHA-256.
const SHORTEST_KEY: usize = 32;

/// The secret that a new client starts with.
#[derive(Debug, clap::Args)]
pub struct FirstSecret {
    /// Make a secret of 256 random bits, and print it this once
    #[arg(long, conflicts_with = "secret_stdin")]
    generate_secret: bool,
    /// Take the secret from standard input
    #[arg(long)]
    secret_stdin: bool,
}

/// `tamga client add-secret`
#[derive(Debug, clap::Args)]
pub struct AddSecretOptions {
    /// The client's identifier
    #[arg(value_name = "ID")]
    identifier: String,
    /// The kind of secret
    #[arg(long = "type", value_name = "TYPE", value_parser = ["shared-secret", "certificate"], default_value = "shared-secret")]
    kind: String,
    /// Make one of 256 random bits, and print it this once
    #[arg(long, required_unless_present_any = ["value_stdin", "pem"], conflicts_with_all = ["value_stdin", "pem"])]
    generate: bool,
    /// Take it from standard input
    #[arg(long, conflicts_with = "pem")]
    value_stdin: bool,
    /// The certificate: a file in PEM or DER; only its key counts
    #[arg(long, value_name = "FILE")]
    pem: Option<PathBuf>,
    /// When it stops working, counted from now, such as 90d
    #[arg(long, value_name = "TIME", value_parser = expiry)]
    expires: Option<Duration>,
}

/// `tamga client remove-secret`
#[derive(Debug, clap::Args)]
pub struct RemoveSecretOptions {
    /// The client's identifier
    #[arg(value_name = "ID")]
    identifier: String,
    /// The secret's id, as `tamga client show` lists it
    #[arg(value_name = "SECRET-ID", value_parser = secret_id)]
    secret: ClientSecretId,
}

/// A secret about to be stored, and its value if it is to be shown.
pub struct NewSecret {
    /// What is kept.
    pub stored: ClientSecret,
    /// The value, when it was made here.
    pub shown: Option<Token>,
}

impl FirstSecret {
    /// Whether any secret was asked for.
    pub fn is_asked(&self) -> bool {
        self.generate_secret || self.secret_stdin
    }

    /// Makes or reads it.
    pub fn take(&self, context: &Context, client: &Client) -> Result<Option<NewSecret>, CliError> {
        if !self.is_asked() {
            return Ok(None);
        }
        let given = if self.secret_stdin { Some(read("--secret-stdin")?) } else { None };
        new_secret(context, client, given, None).map(Some)
    }
}

/// Gives a client one more secret.
pub async fn add(context: &Context, options: AddSecretOptions) -> Result<(), CliError> {
    let client = find(context, &options.identifier).await?;
    if client.client_type == ClientType::Public {
        return Err(CliError::refused(format!(
            "client `{0}` is public and can't have a secret; make it confidential first: `tamga client set {0} \
             --type confidential`",
            client.identifier
        )));
    }
    let expires_at = options.expires.map(|after| context.clock.now() + after);
    match (options.kind.as_str(), &options.pem) {
        ("certificate", Some(path)) => return add_certificate(context, client, path, expires_at).await,
        ("certificate", None) => {
            return Err(CliError::refused("--type certificate: give it with --pem FILE"));
        }
        (_, Some(_)) => {
            return Err(CliError::refused("--pem: that is a certificate; give --type certificate"));
        }
        (_, None) => {}
    }
    let given = if options.value_stdin { Some(read("--value-stdin")?) } else { None };
    let new = new_secret(context, &client, given, expires_at)?;
    if client.secrets.iter().any(|secret| secret.digest == new.stored.digest) {
        return Err(CliError::refused("the client has this secret already; give another"));
    }
    let mut entry =
        Entry::by_operator(new.stored.created_at, "client.insert_secret", "client", &client.identifier);
    entry.after = Some(json(&new.stored));
    clients::insert_secret(&context.pool, client.id, &new.stored, &entry).await?;

    let mut object = json!({
        "client_id": client.identifier,
        "secret_id": new.stored.id,
        "expires_at": expires_at.map(output::time),
    });
    let mut text = format!("added secret {} to client `{}`", new.stored.id, client.identifier);
    if let Some(at) = expires_at {
        text = format!("{text}, valid until {}", output::time(at));
    }
    if let Some(shown) = new.shown {
        object["client_secret"] = json!(shown.expose());
        text = format!("{text}; shown only now:\n{}", shown.expose());
    }
    Ok(context.output.print(&text, &object)?)
}

/// Gives a client one more certificate, and lets it prove itself with it.
async fn add_certificate(
    context: &Context,
    mut client: Client,
    path: &Path,
    expires_at: Option<OffsetDateTime>,
) -> Result<(), CliError> {
    let new = proof::certificate(context, "--pem", path, expires_at)?;
    if client.certificates.iter().any(|held| held.key == new.key) {
        return Err(CliError::refused(
            "the client has a certificate of this key already; remove that one first",
        ));
    }
    let (id, shown) = (new.id, proof::json(&new));
    let action = "client.insert_certificate";
    let mut entry = Entry::by_operator(new.created_at, action, "client", &client.identifier);
    entry.after = Some(shown.clone());
    client.certificates.push(new);
    let method = AuthMethod::SelfSignedTlsClientAuth;
    let listed = client.auth_methods.iter().any(|m| [method, AuthMethod::TlsClientAuth].contains(m));
    if !listed {
        client.auth_methods.push(method);
    }
    client_certificates::insert_last(&context.pool, &client, &entry).await?;
    let mut text = format!("added certificate {id} to client `{}`", client.identifier);
    if let Some(at) = expires_at {
        text = format!("{text}, valid until {}", output::time(at));
    }
    if !listed {
        text = format!("{text}; it may now prove itself by {method}");
    }
    let mut object = shown;
    object["client_id"] = json!(client.identifier);
    object["auth_methods"] = json!(client.auth_methods);
    Ok(context.output.print(&text, &object)?)
}

/// Takes a secret or certificate away.
pub async fn remove(context: &Context, options: RemoveSecretOptions) -> Result<(), CliError> {
    let client = find(context, &options.identifier).await?;
    let certificate = client.certificates.iter().find(|held| held.id.0 == options.secret.0);
    if let Some(held) = certificate {
        let action = "client.remove_certificate";
        let mut entry = Entry::by_operator(context.clock.now(), action, "client", &client.identifier);
        entry.before = Some(proof::json(held));
        client_certificates::remove(&context.pool, client.id, held.id, &entry).await?;
        let text = format!("removed certificate {} of client `{}`", held.id, client.identifier);
        let object = json!({"client_id": client.identifier, "secret_id": held.id});
        return Ok(context.output.print(&text, &object)?);
    }
    let mut entry =
        Entry::by_operator(context.clock.now(), "client.remove_secret", "client", &client.identifier);
    entry.before = client.secrets.iter().find(|secret| secret.id == options.secret).map(json);
    if !clients::remove_secret(&context.pool, client.id, options.secret, &entry).await? {
        return Err(CliError::refused(format!(
            "client `{0}` has no secret {1}; `tamga client show {0}` lists those it has",
            client.identifier, options.secret
        )));
    }
    let text = format!("removed secret {} of client `{}`", options.secret, client.identifier);
    Ok(context.output.print(&text, &json!({"client_id": client.identifier, "secret_id": options.secret}))?)
}

/// What may be shown of a secret.
pub fn json(secret: &ClientSecret) -> Value {
    json!({
        "secret_id": secret.id,
        "created_at": output::time(secret.created_at),
        "expires_at": secret.expires_at.map(output::time),
        "last_used_at": secret.last_used_at.map(output::time),
    })
}

/// Some protocols sign with the secret itself: their clients' secrets are kept sealed too.
fn new_secret(
    context: &Context,
    client: &Client,
    given: Option<Token>,
    expires_at: Option<OffsetDateTime>,
) -> Result<NewSecret, CliError> {
    let (now, made) = (context.clock.now(), given.is_none());
    if client.auth_methods.contains(&AuthMethod::ClientSecretJwt)
        && given.as_ref().is_some_and(|value| value.expose().len() < SHORTEST_KEY)
    {
        // RFC 7518 §3.2: "A key of the same size as the hash output ... or larger MUST be used".
        return Err(CliError::refused(format!(
            "a secret that assertions are signed with has {SHORTEST_KEY} characters or more; give a longer one"
        )));
    }
    let value = given.unwrap_or_else(|| Token::generate(&context.rng));
    let id = ClientSecretId(context.rng.uuid(now));
    let seal = || {
        let sealer = app::sealer(context.settings())?;
        sealer.seal(&ClientSecret::place(id), value.expose().as_bytes(), &context.rng).map(Sealed)
    };
    let sealed = client.signs_with_secret().then(seal).transpose();
    let sealed = sealed.map_err(|error| CliError::refused(format!("secrets.encryption_keys: {error}")))?;
    let stored =
        ClientSecret { id, digest: value.digest(), sealed, created_at: now, expires_at, last_used_at: None };
    Ok(NewSecret { stored, shown: made.then_some(value) })
}

fn read(option: &str) -> Result<Token, CliError> {
    let value = stdin::secret(option)?;
    chosen(value.expose_secret()).map_err(|why| CliError::refused(format!("{option}: {why}")))
}

/// RFC 6749 Appendix A.2: client-secret = *VSCHAR
fn chosen(value: &str) -> Result<Token, String> {
    if !value.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
        return Err("only printable ASCII characters can be sent as client_secret".into());
    }
    if value.len() < SHORTEST {
        return Err(format!("a secret of under {SHORTEST} characters can be guessed; give a longer one"));
    }
    Ok(Token::from(value))
}

fn secret_id(text: &str) -> Result<ClientSecretId, String> {
    text.parse().map_err(|_| "give the id of a secret, as `tamga client show` lists it".to_owned())
}

fn expiry(text: &str) -> Result<Duration, String> {
    let after = parse_duration(text).map_err(|error| error.to_string())?;
    let seconds = i64::try_from(after.as_secs()).unwrap_or(i64::MAX);
    // Past 100 years it is a slip, and dates would end.
    if (1..=100 * 365 * 24 * 3600).contains(&seconds) {
        Ok(Duration::seconds(seconds))
    } else {
        Err("give 1s to 36500d".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_secrets_are_long_and_printable() {
        assert!(chosen("0123456789abcdef").is_ok());
        assert!(chosen("0123456789abcde").is_err_and(|why| why.contains("longer")));
        assert!(chosen("пароль-пароль-пароль").is_err_and(|why| why.contains("ASCII")));
    }

    #[test]
    fn an_expiry_is_a_time_from_now() {
        assert_eq!(expiry("90d"), Ok(Duration::days(90)));
        for wrong in ["0s", "tomorrow", "99999999d"] {
            assert!(expiry(wrong).is_err(), "{wrong}");
        }
    }
}
