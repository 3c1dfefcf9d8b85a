//! `password` (RFC 6749 §4.3), for two sorts of client that have little in common.
//!
//! 1. The client is confidential and lists the flow.
//! 2. `username` and `password` are there; the password may be empty.
//! 3. Resources and scopes are the client's own.
//! 4. A service client is believed: the password is not looked at (`service`).
//! 5. Any other has the person's password checked, as the login page does (`owner`).

use super::{TokenRequest, asked, owner, service};
use crate::{
    http::fault::Fault,
    model::client::Flow,
    protocol::oauth2::{issue::TokenAnswer, reject::Reject},
    secret::Token,
};

/// Issues a token of the user named.
///
/// # Errors
/// [`Reject`] in the words of RFC 6749 §5.2 and RFC 8707 §2.
pub async fn grant(request: TokenRequest<'_>) -> Result<TokenAnswer, Fault<Reject>> {
    let TokenRequest { app, client, form, .. } = request;
    let reject = Fault::Reject;
    super::confidential(client, Flow::ResourceOwner).map_err(reject)?;
    let bad = |bad| Fault::Reject(Reject::BadParameter(bad));
    let username = form.get("username").map_err(bad)?.ok_or(reject(Reject::Missing("username")))?;
    // The documented request has the parameter, empty: left out is another request.
    let password = form.present("password").map_err(bad)?.ok_or(reject(Reject::Missing("password")))?;
    if !client.is_service() && password.is_empty() {
        let why = "the password is empty, and the client is not one that acts for users without it";
        return Err(reject(Reject::NotAllowed(why)));
    }
    let resources = asked::resources(client, form, &["resource"]).map_err(reject)?;
    let scopes = asked::scopes(client, &app.settings.scopes, form).map_err(reject)?;
    if client.is_service() {
        let scopes = asked::without_person(scopes.unwrap_or_default());
        return service::grant(request, username, resources, scopes).await;
    }
    let named = owner::Owner { username, password: Token::from(password) };
    owner::grant(request, named, resources, scopes).await
}
