//! `actor_token`: an operator who acts as somebody else, by an access token of their own.

use time::OffsetDateTime;

use super::{ACCESS_TOKEN, JWT, own};
use crate::{
    app::App,
    form::Form,
    http::fault::Fault,
    ids::UserId,
    model::{act_for::Reach, client::Client},
    protocol::oauth2::{access_token::AccessToken, reject::Reject},
    store,
};

/// An operator, and for whom they may act.
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// For whom.
    pub reach: Reach,
    /// When their own token ends.
    pub exp: OffsetDateTime,
}

/// The actor, if the request names one.
///
/// # Errors
/// `invalid_request` (RFC 8693 §2.2.2) when the token is not good, or its person acts for nobody.
pub async fn find(app: &App, client: &Client, form: &Form) -> Result<Option<Actor>, Fault<Reject>> {
    let bad = |bad| Fault::Reject(Reject::BadParameter(bad));
    let refused = |name, why: &str| Fault::Reject(Reject::invalid(name, why));
    let kind = form.get("actor_token_type").map_err(bad)?;
    let Some(token) = form.get("actor_token").map_err(bad)? else {
        return match kind {
            // RFC 8693 §2.1: "it MUST NOT be included otherwise".
            Some(_) => Err(refused("actor_token_type", "is there without actor_token")),
            None => Ok(None),
        };
    };
    match kind {
        // RFC 8693 §2.1: REQUIRED when the actor_token parameter is present.
        None => return Err(Fault::Reject(Reject::Missing("actor_token_type"))),
        Some(ACCESS_TOKEN | JWT) => {}
        Some(_) => {
            let why = "is not served for actors; use urn:ietf:params:oauth:token-type:access_token";
            return Err(refused("actor_token_type", why));
        }
    }
    let foreign = || refused("actor_token", "is no live access token of a person at this client");
    let token = AccessToken::read(app, token).filter(|token| token.is_of(client)).ok_or_else(foreign)?;
    // Only who proved themselves can vouch for another, and not through somebody else.
    if token.suppressed_auth || token.act.is_some() || token.grant_id.is_none() {
        return Err(refused("actor_token", "its person must sign in themselves"));
    }
    let user = own::live(app, &token).await?.ok_or_else(foreign)?;
    let reach = store::operators::find_reach(&app.pool, user).await?;
    let reach = reach.filter(|reach| *reach != Reach::default());
    let reach = reach.ok_or_else(|| refused("actor_token", "its person may act for nobody"))?;
    Ok(Some(Actor { user, reach, exp: token.exp }))
}
