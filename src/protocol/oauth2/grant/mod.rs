//! Grants of the token endpoint, a file each.

pub(super) mod asked;
mod client_credentials;
mod code;
pub(super) mod owner;
mod password;
mod refresh;
pub(super) mod service;

use super::{issue::TokenAnswer, reject::Reject};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, visit::Visit},
    model::client::{Client, ClientType, Flow},
};

/// What `grant_type` may say.
pub const GRANT_TYPES: [&str; 4] = ["authorization_code", "refresh_token", "client_credentials", "password"];

/// Issues what `grant_type` asks for to a client that has proved who it is.
///
/// # Errors
/// [`Reject`] in the words of RFC 6749 §5.2.
pub async fn issue(
    app: &App,
    visit: &Visit,
    client: &Client,
    form: &Form,
) -> Result<TokenAnswer, Fault<Reject>> {
    let grant_type = form.get("grant_type").map_err(|bad| Fault::Reject(bad.into()))?;
    match grant_type {
        Some("authorization_code") => code::grant(app, client, form).await,
        Some("refresh_token") => refresh::grant(app, client, form).await,
        Some("client_credentials") => client_credentials::grant(app, client, form),
        Some("password") => password::grant(app, visit, client, form).await,
        Some(other) => Err(Fault::Reject(Reject::GrantType(other.to_owned()))),
        None => Err(Fault::Reject(Reject::Missing("grant_type"))),
    }
}

/// A client that can't prove who it is gets no token on its word.
fn confidential(client: &Client, flow: Flow) -> Result<(), Reject> {
    if !client.has_flow(flow) {
        return Err(Reject::FlowNotAllowed(flow));
    }
    match client.client_type {
        ClientType::Confidential => Ok(()),
        ClientType::Public => Err(Reject::NotAllowed("a public client can't use this grant")),
    }
}
