//! `client_credentials` (RFC 6749 §4.4): a client's token for itself. Once the client is in memory
//! the database is not asked.
//!
//! 1. The client is confidential and lists the flow.
//! 2. Resources and scopes are its own.

use super::{TokenRequest, asked};
use crate::{
    http::{fault::Fault, log},
    ids::AccessTokenId,
    model::client::Flow,
    protocol::oauth2::{
        issue::TokenAnswer,
        reject::Reject,
        unattended::{Proof, Subject, Unattended},
    },
};

/// Issues a token to a client for itself.
///
/// # Errors
/// [`Reject`] in the words of RFC 6749 §5.2 and RFC 8707 §2.
pub fn grant(request: TokenRequest<'_>) -> Result<TokenAnswer, Fault<Reject>> {
    let TokenRequest { app, client, form, binding, .. } = request;
    // RFC 6749 §4.4: "MUST only be used by confidential clients."
    super::confidential(client, Flow::ClientCredentials).map_err(Fault::Reject)?;
    let resources = asked::resources(client, form, &["resource"]).map_err(Fault::Reject)?;
    let scopes = asked::scopes(client, &app.settings.scopes, form).map_err(Fault::Reject)?;
    let scopes = scopes.unwrap_or_else(|| client.scopes.iter().cloned().collect());
    log::outcome("tokens_issued");
    metrics::counter!("tamga_tokens_total", "grant" => "client_credentials").increment(1);
    let token = Unattended {
        client,
        subject: Subject::Client,
        id: AccessTokenId(app.rng.uuid(app.clock.now())),
        resources,
        scopes: asked::without_person(scopes),
        act: None,
        proof: Proof::Suppressed,
        binding,
        not_after: None,
    };
    Ok(token.answer(app)?)
}
