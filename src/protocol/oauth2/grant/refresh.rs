//! `refresh_token` (RFC 6749 §6), rotated at every use (RFC 9700 §4.14.2), except for clients that keep to
//! FAPI 2.0: their tokens are of no use to a thief, and a lost answer would lose them the grant.

use super::asked::each_once;
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log},
    model::client::{Client, Flow},
    protocol::oauth2::{
        binding::Binding,
        issue::{Issue, TokenAnswer, next_refresh_token},
        reject::Reject,
    },
    secret::Token,
    store::{
        codes::NewRefreshToken,
        grants,
        refresh_tokens::{self, Presented, Rotated},
    },
};

/// What a peer is told of a refresh token that is not good, whatever the reason.
const SAID: &str = "the refresh token is unknown, expired, revoked, used, or another client's";

/// Exchanges a refresh token for the next one and new tokens.
///
/// # Errors
/// [`Reject`] in the words of RFC 6749 §5.2.
pub async fn grant(
    app: &App,
    client: &Client,
    form: &Form,
    binding: &Binding,
) -> Result<TokenAnswer, Fault<Reject>> {
    if !client.has_flow(Flow::RefreshToken) {
        return Err(Fault::Reject(Reject::FlowNotAllowed(Flow::RefreshToken)));
    }
    let bad = |bad| Fault::Reject(Reject::BadParameter(bad));
    let presented = form.get("refresh_token").map_err(bad)?;
    let presented = Token::from(presented.ok_or(Fault::Reject(Reject::Missing("refresh_token")))?);
    let scope = form.get("scope").map_err(bad)?;
    let now = app.clock.now();
    // FAPI 2.0 Security Profile §5.3.2.1: "shall not use refresh token rotation".
    let rotates = !client.is_fapi2();
    let next = if rotates { next_refresh_token(app, &presented) } else { presented.clone() };
    let stored =
        NewRefreshToken { digest: next.digest(), expires_at: now + app.settings.oauth2.refresh_token_ttl };
    let grace_since = now - app.settings.oauth2.refresh_grace;
    let scopes: Vec<String> =
        scope.unwrap_or_default().split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    let resources = each_once(form.all("resource").map_err(bad)?);
    let keys = binding.stored();
    let shown = Presented {
        digest: presented.digest(),
        client: client.id,
        keys: &keys,
        scopes: &scopes,
        resources: &resources,
    };
    let rotated = if rotates {
        refresh_tokens::rotate(&app.pool, shown, stored, now, grace_since).await?
    } else {
        refresh_tokens::renew(&app.pool, shown, stored.expires_at, now).await?
    };
    let (grant, user) = match rotated {
        Rotated::Now(found) => *found,
        Rotated::Reused(family) => {
            // RFC 9700 §4.14.2: thief or owner, one of the two holds a copy; end the family.
            grants::revoke(&app.pool, family, "refresh_token_reused", now).await?;
            return Err(refused("the refresh token was used before; its family is revoked"));
        }
        // RFC 6749 §6: "The requested scope MUST NOT include any scope not originally granted".
        Rotated::TooWide => return Err(Fault::Reject(Reject::Scope(scope.unwrap_or_default().to_owned()))),
        Rotated::OtherTarget => return Err(Fault::Reject(Reject::Target(resources.join(" ")))),
        // RFC 9449 §5: the thief of a public client's token lacks its key.
        Rotated::OtherKey => return Err(refused("the refresh token is bound to another key")),
        Rotated::Refused => return Err(refused("unknown, expired, revoked or another client's")),
    };
    log::user(user.id);
    let scopes = if scopes.is_empty() { grant.scopes.clone() } else { scopes };
    log::outcome("tokens_refreshed");
    metrics::counter!("tamga_tokens_total", "grant" => "refresh_token").increment(1);
    let resources = if resources.is_empty() { grant.resources.clone() } else { resources };
    let issue = Issue {
        client,
        grant: &grant,
        user: &user,
        scopes,
        resources,
        nonce: None,
        binding,
        refresh_token: Some(&next),
    };
    issue.answer(app)
}

fn refused(why: &'static str) -> Fault<Reject> {
    Fault::Reject(Reject::Grant { said: SAID, why })
}
