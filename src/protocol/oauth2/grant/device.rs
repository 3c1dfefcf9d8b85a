//! `urn:ietf:params:oauth:grant-type:device_code` (RFC 8628 §3.4): a device asks again and again
//! whether its person has allowed it.
//!
//! 1. The client lists the flow, and the code was issued to it.
//! 2. While the person has not decided it is told to wait, and longer if it does not (§3.5).
//! 3. The write uses the code up; a second use revokes everything issued from the first.

use super::TokenRequest;
use crate::{
    http::{fault::Fault, log},
    model::client::Flow,
    protocol::oauth2::{
        issue::{Issue, TokenAnswer, is_refreshable},
        reject::Reject,
    },
    secret::Token,
    store::{
        codes::NewRefreshToken,
        device_codes::{self, Answer, Asked},
        grants,
    },
};

/// `grant_type`.
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a peer is told of a device code that is not good, whatever the reason.
const SAID: &str = "the device code is unknown, used, or was issued to another client";

/// Exchanges a device code for tokens, once its person has allowed it.
///
/// # Errors
/// [`Reject`] in the words of RFC 6749 §5.2 and RFC 8628 §3.5.
pub async fn grant(request: TokenRequest<'_>) -> Result<TokenAnswer, Fault<Reject>> {
    let TokenRequest { app, client, form, binding, .. } = request;
    if !client.has_flow(Flow::DeviceCode) {
        return Err(Fault::Reject(Reject::FlowNotAllowed(Flow::DeviceCode)));
    }
    let bad = |bad| Fault::Reject(Reject::BadParameter(bad));
    let presented = form.get("device_code").map_err(bad)?;
    let presented = Token::from(presented.ok_or(Fault::Reject(Reject::Missing("device_code")))?);
    let resources: Vec<String> = form.all("resource").map_err(bad)?.into_iter().map(str::to_owned).collect();
    let now = app.clock.now();
    let refresh_token = client.has_flow(Flow::RefreshToken).then(|| Token::generate(&app.rng));
    let stored = refresh_token.as_ref().map(|token| {
        let expires_at = now + app.settings.oauth2.refresh_token_ttl;
        (NewRefreshToken { digest: token.digest(), expires_at }, client.settings.always_refresh)
    });
    let bound_to = binding.of_refresh_token(client);
    let asked = Asked {
        digest: presented.digest(),
        client: client.id,
        resources: &resources,
        refresh: stored,
        bound_to: bound_to.as_deref(),
    };
    let (grant, user) = match device_codes::redeem(&app.pool, asked, now).await? {
        Answer::Redeemed(found) => *found,
        Answer::Pending => return Err(Fault::Reject(Reject::AuthorizationPending)),
        Answer::TooSoon => return Err(Fault::Reject(Reject::SlowDown)),
        Answer::Denied => return Err(Fault::Reject(Reject::Denied)),
        Answer::Expired => return Err(Fault::Reject(Reject::DeviceCodeExpired)),
        // RFC 8707 §2.2: a token request may name fewer resources than were granted, never others.
        Answer::OtherTarget => return Err(Fault::Reject(Reject::Target(resources.join(" ")))),
        Answer::Before(grant) => {
            // As of an authorization code (RFC 6749 §4.1.2): who has a copy may have stolen it.
            grants::revoke(&app.pool, grant, "device_code_replayed", now).await?;
            return Err(refused("the device code was used before; its grant is revoked"));
        }
        Answer::Refused => {
            return Err(refused("unknown, another client's, or its grant or account has ended"));
        }
    };
    log::user(user.id);
    log::outcome("tokens_issued");
    metrics::counter!("tamga_tokens_total", "grant" => "device_code").increment(1);
    let issue = Issue {
        client,
        scopes: grant.scopes.clone(),
        resources: if resources.is_empty() { grant.resources.clone() } else { resources },
        nonce: None,
        binding,
        refresh_token: refresh_token.as_ref().filter(|_| is_refreshable(client, &grant)),
        grant: &grant,
        user: &user,
    };
    issue.answer(app)
}

fn refused(why: &'static str) -> Fault<Reject> {
    Fault::Reject(Reject::Grant { said: SAID, why })
}
