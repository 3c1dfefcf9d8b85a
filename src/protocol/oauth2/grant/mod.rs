//! Grants of the token endpoint, a file each.

pub(super) mod asked;
mod client_credentials;
mod code;
mod device;
mod exchange;
pub(super) mod owner;
mod password;
mod refresh;
pub(super) mod service;

use super::{binding::Binding, fapi2, issue::TokenAnswer, reject::Reject};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, visit::Visit},
    model::client::{Client, ClientType, Flow},
};

/// What `grant_type` may say.
pub const GRANT_TYPES: [&str; 6] = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "password",
    exchange::GRANT_TYPE,
    device::GRANT_TYPE,
];

/// A request whose client has proved who it is.
#[derive(Clone, Copy)]
pub struct TokenRequest<'a> {
    /// The server.
    pub app: &'a App,
    /// Who sends it.
    pub visit: &'a Visit,
    /// For whom.
    pub client: &'a Client,
    /// What it asks.
    pub form: &'a Form,
    /// What its tokens are bound to.
    pub binding: &'a Binding,
}

/// Issues what `grant_type` asks for.
///
/// # Errors
/// [`Reject`] in the words of RFC 6749 §5.2.
pub async fn issue(request: TokenRequest<'_>) -> Result<TokenAnswer, Fault<Reject>> {
    let TokenRequest { app, client, form, binding, .. } = request;
    let grant_type = form.get("grant_type").map_err(|bad| Fault::Reject(bad.into()))?;
    fapi2::vet_grant(client, grant_type.unwrap_or_default()).map_err(Fault::Reject)?;
    match grant_type {
        Some("authorization_code") => code::grant(app, client, form, binding).await,
        Some("refresh_token") => refresh::grant(app, client, form, binding).await,
        Some("client_credentials") => client_credentials::grant(request),
        Some("password") => password::grant(request).await,
        Some(device::GRANT_TYPE) => device::grant(request).await,
        Some(exchange::GRANT_TYPE) => exchange::grant(request).await,
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
