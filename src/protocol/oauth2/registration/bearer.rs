//! Who may register, and who may read and change a registration. Both show a bearer token in the header
//! (RFC 6750 §2.1); nowhere else, since addresses and bodies end up in logs.

use axum::http::{HeaderMap, header};

use super::refusal::Refusal;
use crate::{
    app::App,
    http::{fault::Fault, log},
    model::client::Client,
    secret::Token,
    store::{
        client_registrations::{self, Registration},
        clients, registration_tokens,
    },
};

/// A client at its own registration.
pub struct Own {
    /// The client, as the database has it now.
    pub client: Client,
    /// The rest of it.
    pub registration: Registration,
    /// The token it showed.
    pub token: Token,
}

/// The initial access token (RFC 7591 §3), if one is needed or shown; the write will count its use.
///
/// # Errors
/// [`Refusal::NoToken`] and [`Refusal::Token`].
pub async fn initial(app: &App, headers: &HeaderMap) -> Result<Option<Token>, Fault<Refusal>> {
    let Some(token) = shown(headers).map_err(Fault::Reject)? else {
        let open = app.settings.registration.open;
        return if open { Ok(None) } else { Err(Fault::Reject(Refusal::NoToken)) };
    };
    // A stranger's token has nothing looked at or fetched for it.
    if !registration_tokens::is_live(&app.pool, token.digest(), app.clock.now()).await? {
        return Err(Fault::Reject(Refusal::Token));
    }
    Ok(Some(token))
}

/// The client whose registration this is (RFC 7592 §2).
///
/// # Errors
/// [`Refusal::Token`] alike for a wrong token, a client that is gone and one that an operator registered.
pub async fn own(app: &App, headers: &HeaderMap, identifier: &str) -> Result<Own, Fault<Refusal>> {
    let token = shown(headers).map_err(Fault::Reject)?.ok_or(Fault::Reject(Refusal::NoToken))?;
    let refused = || Fault::Reject(Refusal::Token);
    if identifier.contains('\0') {
        return Err(refused());
    }
    let client = clients::find(&app.pool, identifier).await?.ok_or_else(refused)?;
    let registration = client_registrations::find(&app.pool, client.id).await?.ok_or_else(refused)?;
    if registration.digest != token.digest() {
        return Err(refused());
    }
    log::client(client.id);
    // RFC 7592 §2.1: "If the client does not have permission ... HTTP 403".
    if client.disabled_at.is_some() {
        return Err(Fault::Reject(Refusal::Disabled));
    }
    Ok(Own { client, registration, token })
}

fn shown(headers: &HeaderMap) -> Result<Option<Token>, Refusal> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            let (scheme, token) = value.to_str().ok().and_then(|v| v.split_once(' ')).unwrap_or_default();
            let bearer = scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty();
            if bearer { Ok(Some(Token::from(token))) } else { Err(Refusal::Token) }
        }
        _ => Err(Refusal::Token),
    }
}
