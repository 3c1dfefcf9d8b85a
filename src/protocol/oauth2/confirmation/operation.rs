//! Confirming an operation: the person's access token comes with the question.
//!
//! The token must have been issued to the client that asks, for this server or one of the client's
//! resources, and a person must stand behind it: who has the token of a service client speaks for
//! nobody who was there (RFC 9470 §3).

use super::{
    Peer,
    answer::Answer,
    challenge::Asking,
    refusal::{Refusal, of_bearer},
};
use crate::{
    http::fault::Fault,
    model::user::User,
    protocol::oauth2::access_token::{self, BearerReject, Sent},
    store,
};

/// Asks the person whose token is in the header.
///
/// # Errors
/// [`Refusal::Bearer`] when it is not good for this.
pub async fn begin(asking: Asking<'_>) -> Result<Answer, Fault<Refusal>> {
    let sent = access_token::find(&asking.peer.visit.headers, None);
    let sent = sent.map_err(|reject| Fault::Reject(Refusal::Bearer(reject)))?;
    let user = person(asking.peer, &sent).await.map_err(of_bearer)?;
    asking.ask(&user).await
}

async fn person(peer: Peer<'_>, sent: &Sent) -> Result<User, Fault<BearerReject>> {
    let Peer { app, visit, client, .. } = peer;
    let invalid = |why| Fault::Reject(BearerReject::Invalid(why));
    let token = access_token::read_sent(app, visit, sent).await?;
    if token.client_id != client.identifier {
        return Err(invalid("the token was issued to another client"));
    }
    // Audience restriction (RFC 9700 §2.3).
    if !token.is_for(&app.issuer) && !client.resources.iter().any(|resource| token.is_for(resource)) {
        return Err(invalid("the token is for another audience"));
    }
    let Some(grant) = token.grant_id.filter(|_| !token.suppressed_auth && token.act.is_none()) else {
        let absent = "the token was issued without the person; they must sign in themselves";
        return Err(Fault::Reject(BearerReject::Authentication(absent)));
    };
    let found = store::access_tokens::find_grant(&app.pool, token.jti, grant).await?;
    let (_, user) = found.ok_or(invalid("the token or its grant was revoked"))?;
    Ok(user)
}
