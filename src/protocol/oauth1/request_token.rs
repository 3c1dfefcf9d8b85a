//! The request token (RFC 5849 §2.1, "temporary credentials").
//!
//! 1. The consumer proves who it is.
//! 2. `oauth_callback` is registered, or `oob`; `scope` is registered.
//! 3. The token is stored by the same write that uses the nonce up.

use axum::{body::Bytes, extract::State, http::Method, response::Response};

use super::{
    answer,
    consumer::{Presented, TokenSecret, present},
    credentials::{Credentials, Place},
    reject::Reject,
    scope,
};
use crate::{
    app::App,
    http::{fault::Fault, log, visit::Visit},
    model::{client::Client, oauth1::OUT_OF_BAND, registry::Registry},
    store::oauth1::request_tokens::{self, NewRequestToken},
};

/// `GET` and `POST /oauth1/request_token`.
pub async fn handle(State(app): State<App>, method: Method, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &method, &body).await {
        Ok(credentials) => answer::form(&[
            ("oauth_token", credentials.token.expose()),
            ("oauth_token_secret", credentials.secret.expose()),
            // RFC 5849 §2.1: "MUST be present and set to "true"".
            ("oauth_callback_confirmed", "true"),
        ]),
        Err(fault) => answer::refuse(&app, &visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, method: &Method, body: &[u8]) -> Result<Credentials, Fault<Reject>> {
    let presented = present(app, visit, method, body).await?;
    let client = presented.prove(app, &TokenSecret::None)?;
    if presented.signed.token.is_some() {
        return Err(Fault::Reject(Reject::parameter(
            "oauth_token",
            "has no place in this step; leave it out",
        )));
    }
    let callback = callback(&client, &presented).map_err(Fault::Reject)?;
    let registry = Registry { scopes: &app.settings.scopes, attributes: &app.settings.attributes };
    let asked = presented.signed.parameters.get("scope").map_err(Fault::Reject)?;
    let scopes = scope::requested(asked, &client, registry).map_err(Fault::Reject)?;
    let credentials = Credentials::generate(app);
    let now = app.clock.now();
    let token = NewRequestToken {
        digest: credentials.token.digest(),
        client: client.id,
        sealed: &credentials.seal(app, Place::RequestToken)?,
        callback,
        scopes: &scopes,
        created_at: now,
        expires_at: now + app.settings.oauth1.request_token_ttl,
    };
    if !request_tokens::insert(&app.pool, &token, presented.nonce()).await? {
        return Err(Fault::Reject(Reject::NonceUsed));
    }
    log::outcome("request_token_issued");
    Ok(credentials)
}

/// RFC 5849 §2.1: `oauth_callback` is required. A request without it is of the version before 1.0a, in
/// which anybody could have somebody else's token approved (session fixation). Compared byte for
/// byte, so that the verifier goes nowhere but to the client.
fn callback<'p>(client: &Client, presented: &'p Presented) -> Result<&'p str, Reject> {
    let callback = presented.signed.parameters.need("oauth_callback")?;
    let registered = client.settings.oauth1_callbacks.iter().any(|known| known == callback);
    if registered || callback == OUT_OF_BAND {
        return Ok(callback);
    }
    let why = "is not one that the client registered; it must be equal byte for byte, or oob";
    Err(Reject::parameter("oauth_callback", why))
}
