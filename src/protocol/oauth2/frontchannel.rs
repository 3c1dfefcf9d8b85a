//! What the browser loads at a logout, so that relying parties hear of it where their own cookies are
//! (OpenID Connect Front-Channel Logout 1.0 §3).

use url::Url;

use super::subject;
use crate::{
    app::App, form::append_query, http::fault::InternalError, ids::SessionId, model::client::Client,
    store::logouts,
};

/// An address to be framed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The whole of it.
    pub address: String,
    /// Its origin, which the page's policy must allow.
    pub origin: String,
}

/// The frames of a session that has ended: one a client that took part in it and registered one.
///
/// # Errors
/// When the database fails.
pub async fn frames(app: &App, session: SessionId) -> Result<Vec<Frame>, InternalError> {
    let mut frames = Vec::new();
    for identifier in logouts::frontchannel_clients(&app.pool, session).await? {
        let client = app.clients.find(&app.pool, &identifier).await?;
        frames.extend(client.and_then(|client| frame(app, &client, session)));
    }
    Ok(frames)
}

/// §2: with issuer and session, whether or not the client requires them, so that it can tell whose session to
/// end. An address that no browser would frame is left out.
fn frame(app: &App, client: &Client, session: SessionId) -> Option<Frame> {
    let uri = client.settings.oidc.frontchannel_logout_uri.as_deref()?;
    let url = Url::parse(uri).ok().filter(|url| ["https", "http"].contains(&url.scheme()))?;
    let (issuer, sid) = (app.issuer.as_str(), subject::sid(app, client, session));
    Some(Frame {
        address: append_query(uri, [("iss", issuer), ("sid", sid.as_str())]),
        origin: url.origin().ascii_serialization(),
    })
}
