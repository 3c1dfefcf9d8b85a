//! The secret of a client whose way of authentication needs one.

use super::refusal::Refusal;
use crate::{
    app::App,
    http::fault::Fault,
    ids::ClientSecretId,
    model::client::{AuthMethod, Client, ClientSecret, Sealed},
    secret::Token,
};

/// Gives the client a new secret if it needs one and has none that would do, and takes those away that it
/// does not need; the new one's value.
///
/// # Errors
/// When it can't be sealed.
pub fn renew(app: &App, client: &mut Client) -> Result<Option<Token>, Fault<Refusal>> {
    let now = app.clock.now();
    let method = client.auth_methods.first().copied().unwrap_or(AuthMethod::None);
    let signs = method == AuthMethod::ClientSecretJwt;
    let needed = signs || [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost].contains(&method);
    let will_do = |secret: &ClientSecret| {
        needed && secret.expires_at.is_none_or(|at| at > now) && (!signs || secret.sealed.is_some())
    };
    client.secrets.retain(will_do);
    if !needed || !client.secrets.is_empty() {
        return Ok(None);
    }
    let secret = generate(app, signs);
    let id = ClientSecretId(app.rng.uuid(now));
    let seal = || app.sealer.seal(&ClientSecret::place(id), secret.expose().as_bytes(), &app.rng).map(Sealed);
    let sealed = signs.then(seal).transpose()?;
    client.secrets.push(ClientSecret {
        id,
        digest: secret.digest(),
        sealed,
        created_at: now,
        expires_at: None,
        last_used_at: None,
    });
    Ok(Some(secret))
}

/// RFC 7518 §3.2: a key of HMAC has at least the size of the hash's output, so 64 octets for HS512.
fn generate(app: &App, signs: bool) -> Token {
    let half = Token::generate(&app.rng);
    if signs { Token::from(format!("{}{}", half.expose(), Token::generate(&app.rng).expose())) } else { half }
}

/// Whether this is a secret of the client's that works now.
pub fn is_current(app: &App, client: &Client, shown: &Token) -> bool {
    let (now, digest) = (app.clock.now(), shown.digest());
    client.secrets.iter().any(|s| s.digest == digest && s.expires_at.is_none_or(|at| at > now))
}
