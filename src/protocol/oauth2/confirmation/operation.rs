//! Confirming an operation: the person's access token comes with the question.
//!
//! The token must have been issued to the client that asks, for this server or one of the client's
//! resources, and a person must stand behind it: who has the token of a service client speaks for
//! nobody who was there (RFC 9470 §3).

use super::{answer::Answer, challenge::Asking, refusal::Refusal};
use crate::{
    http::fault::Fault,
    model::user::User,
    protocol::oauth2::access_token::{self, AccessToken, BearerReject},
    store,
};

/// Asks the person whose token is in the header.
///
/// # Errors
/// [`Refusal::Bearer`] when it is not good for this.
pub async fn begin(asking: Asking<'_>) -> Result<Answer, Fault<Refusal>> {
    let refused = |reject| Fault::Reject(Refusal::Bearer(reject));
    let token = access_token::find(&asking.visit.headers, None).map_err(refused)?;
    let user = person(&asking, &token).await?;
    asking.ask(&user).await
}

async fn person(asking: &Asking<'_>, token: &str) -> Result<User, Fault<Refusal>> {
    let (app, client) = (asking.app, asking.client);
    let refused = |reject| Fault::Reject(Refusal::Bearer(reject));
    let invalid = |why| refused(BearerReject::Invalid(why));
    let token = AccessToken::read(app, token).ok_or(invalid("not a token of this server, or expired"))?;
    if token.client_id != client.identifier {
        return Err(invalid("the token was issued to another client"));
    }
    // Audience restriction (RFC 9700 §2.3).
    if !token.is_for(&app.issuer) && !client.resources.iter().any(|resource| token.is_for(resource)) {
        return Err(invalid("the token is for another audience"));
    }
    let Some(grant) = token.grant_id.filter(|_| !token.suppressed_auth && token.act.is_none()) else {
        let absent = "the token was issued without the person; they must sign in themselves";
        return Err(refused(BearerReject::Authentication(absent)));
    };
    let found = store::access_tokens::find_grant(&app.pool, token.jti, grant).await?;
    let (_, user) = found.ok_or(invalid("the token or its grant was revoked"))?;
    Ok(user)
}
