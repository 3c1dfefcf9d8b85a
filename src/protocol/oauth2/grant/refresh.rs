//! `refresh_token` (RFC 6749 §6), rotated at every use (RFC 9700 §4.14.2).

use crate::{
    app::App,
    http::{fault::Fault, form::Form, log},
    model::{
        client::{Client, Flow},
        grant::Grant,
    },
    protocol::oauth2::{
        issue::{Issue, TokenAnswer, next_refresh_token},
        reject::Reject,
    },
    secret::Token,
    store::{
        codes::NewRefreshToken,
        grants,
        refresh_tokens::{self, Rotated},
    },
};

/// What a peer is told of a refresh token that is not good, whatever the reason.
const SAID: &str = "the refresh token is unknown, expired, revoked, used, or another client's";

/// Exchanges a refresh token for the next one and new tokens.
///
/// # Errors
/// [`Reject`] in the words of RFC 6749 §5.2.
pub async fn grant(app: &App, client: &Client, form: &Form) -> Result<TokenAnswer, Fault<Reject>> {
    if !client.has_flow(Flow::RefreshToken) {
        return Err(Fault::Reject(Reject::FlowNotAllowed(Flow::RefreshToken)));
    }
    let bad = |bad| Fault::Reject(Reject::BadParameter(bad));
    let presented = form.get("refresh_token").map_err(bad)?;
    let presented = Token::from(presented.ok_or(Fault::Reject(Reject::Missing("refresh_token")))?);
    let scope = form.get("scope").map_err(bad)?;
    let now = app.clock.now();
    let next = next_refresh_token(app, &presented);
    let stored =
        NewRefreshToken { digest: next.digest(), expires_at: now + app.settings.oauth2.refresh_token_ttl };
    let grace_since = now - app.settings.oauth2.refresh_grace;
    let rotated =
        refresh_tokens::rotate(&app.pool, presented.digest(), stored, client.id, now, grace_since).await?;
    let (grant, user) = match rotated {
        Rotated::Now(found) => *found,
        Rotated::Reused(family) => {
            // RFC 9700 §4.14.2: thief or owner, one of the two holds a copy; end the family.
            grants::revoke(&app.pool, family, "refresh_token_reused", now).await?;
            return Err(refused("the refresh token was used before; its family is revoked"));
        }
        Rotated::Refused => return Err(refused("unknown, expired, revoked or another client's")),
    };
    log::user(user.id);
    let scopes = narrowed(scope, &grant)?;
    log::outcome("tokens_refreshed");
    metrics::counter!("tamga_tokens_total", "grant" => "refresh_token").increment(1);
    let resources = grant.resources.clone();
    let issue = Issue {
        client,
        grant: &grant,
        user: &user,
        scopes,
        resources,
        nonce: None,
        refresh_token: Some(&next),
    };
    issue.answer(app)
}

/// RFC 6749 §6: "The requested scope MUST NOT include any scope not originally granted".
fn narrowed(scope: Option<&str>, grant: &Grant) -> Result<Vec<String>, Fault<Reject>> {
    let Some(scope) = scope else { return Ok(grant.scopes.clone()) };
    let asked: Vec<&str> = scope.split(' ').filter(|s| !s.is_empty()).collect();
    match asked.iter().find(|scope| !grant.has_scope(scope)) {
        Some(wider) => Err(Fault::Reject(Reject::Scope((*wider).to_owned()))),
        None => Ok(asked.into_iter().map(str::to_owned).collect()),
    }
}

fn refused(why: &'static str) -> Fault<Reject> {
    Fault::Reject(Reject::Grant { said: SAID, why })
}
