//! `authorization_code` (RFC 6749 §4.1.3, RFC 7636 §4.5).
//!
//! 1. The code exists, lives, and was issued to this client.
//! 2. `redirect_uri` is the one of the authorization request.
//! 3. The verifier fits the challenge.
//! 4. The write uses the code up; a second use revokes everything issued from the first.

use super::asked::each_once;
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log},
    model::client::{Client, Flow},
    protocol::oauth2::{
        binding::Binding,
        issue::{Issue, TokenAnswer, first_refresh_token, is_refreshable},
        pkce,
        reject::Reject,
    },
    secret::Token,
    store::{
        codes::{self, Code, NewRefreshToken, Redeemed},
        grants,
    },
};

/// What a peer is told of a code that is not good, whatever the reason.
const SAID: &str = "the code is unknown, expired, used, or was issued to another client or redirect_uri";

/// Exchanges a code for tokens.
///
/// # Errors
/// [`Reject`] in the words of RFC 6749 §5.2.
pub async fn grant(
    app: &App,
    client: &Client,
    form: &Form,
    binding: &Binding,
) -> Result<TokenAnswer, Fault<Reject>> {
    if !client.has_flow(Flow::AuthorizationCode) && !client.has_flow(Flow::Hybrid) {
        return Err(Fault::Reject(Reject::FlowNotAllowed(Flow::AuthorizationCode)));
    }
    let presented = get(form, "code")?.ok_or(Fault::Reject(Reject::Missing("code")))?;
    let presented = Token::from(presented);
    let code = codes::find(&app.pool, presented.digest()).await?.ok_or(refused("unknown code"))?;
    // RFC 6749 §4.1.3: "ensure that the authorization code was issued to the authenticated
    // confidential client" (code injection, RFC 9700 §4.5).
    if code.grant.client_id != client.id {
        return Err(refused("the code was issued to another client"));
    }
    log::user(code.user.id);
    if code.redeemed {
        return replayed(app, &code).await;
    }
    check(app, client, form, &code)?;
    // RFC 9449 §10: a code that was asked with a key works with that key alone.
    if code.dpop_jkt.is_some() && code.dpop_jkt != binding.jkt {
        return Err(refused("the code is bound to another DPoP key"));
    }
    let resources = resources(form, &code)?;
    let now = app.clock.now();
    let refresh_token =
        is_refreshable(client, &code.grant).then(|| first_refresh_token(app, &presented, code.grant.id));
    let stored = refresh_token.as_ref().map(|token| NewRefreshToken {
        digest: token.digest(),
        expires_at: now + app.settings.oauth2.refresh_token_ttl,
    });
    let bound_to = binding.of_refresh_token(client);
    match codes::redeem(&app.pool, presented.digest(), code.grant.id, stored, bound_to.as_deref(), now)
        .await?
    {
        Redeemed::Before => return replayed(app, &code).await,
        Redeemed::Now => {}
    }
    log::outcome("tokens_issued");
    metrics::counter!("tamga_tokens_total", "grant" => "authorization_code").increment(1);
    let issue = Issue {
        client,
        grant: &code.grant,
        user: &code.user,
        scopes: code.grant.scopes.clone(),
        resources,
        nonce: code.nonce.as_deref(),
        binding,
        refresh_token: refresh_token.as_ref(),
    };
    issue.answer(app)
}

fn check(app: &App, client: &Client, form: &Form, code: &Code) -> Result<(), Fault<Reject>> {
    if code.dead || code.expires_at <= app.clock.now() {
        return Err(refused("the code has expired, or its grant or account has ended"));
    }
    // RFC 6749 §4.1.3: identical if the authorization request had one.
    match (&code.redirect_uri, get(form, "redirect_uri")?) {
        (Some(asked), Some(given)) if asked == given => {}
        (None, None) => {}
        (None, Some(given)) if client.redirect_uris.iter().any(|uri| uri == given) => {}
        _ => return Err(refused("redirect_uri differs from the authorization request's")),
    }
    match (&code.code_challenge, get(form, "code_verifier")?) {
        (Some(challenge), Some(verifier)) if pkce::verifies(challenge, verifier) => Ok(()),
        (None, None) => Ok(()),
        (Some(_), None) => Err(Fault::Reject(Reject::Grant {
            said: "code_verifier is missing",
            why: "code_verifier is missing",
        })),
        // RFC 9700 §4.8.2: a verifier without a challenge is a sign of a PKCE downgrade.
        _ => Err(Fault::Reject(Reject::Grant {
            said: "code_verifier does not fit the code_challenge",
            why: "code_verifier does not fit",
        })),
    }
}

/// RFC 8707 §2.2: a token request may name fewer resources than were granted, never others.
fn resources(form: &Form, code: &Code) -> Result<Vec<String>, Fault<Reject>> {
    let asked = form.all("resource").map_err(|bad| Fault::Reject(bad.into()))?;
    if asked.is_empty() {
        return Ok(code.grant.resources.clone());
    }
    match asked.iter().find(|resource| !code.grant.resources.iter().any(|granted| granted == *resource)) {
        Some(other) => Err(Fault::Reject(Reject::Target((*other).to_owned()))),
        None => Ok(each_once(asked)),
    }
}

/// RFC 6749 §4.1.2: a code that comes twice may have been stolen, so whatever the first use gave
/// is revoked.
async fn replayed(app: &App, code: &Code) -> Result<TokenAnswer, Fault<Reject>> {
    grants::revoke(&app.pool, code.grant.id, "code_replayed", app.clock.now()).await?;
    Err(refused("the code was used before; its grant is revoked"))
}

fn get<'a>(form: &'a Form, name: &str) -> Result<Option<&'a str>, Fault<Reject>> {
    form.get(name).map_err(|bad| Fault::Reject(bad.into()))
}

fn refused(why: &'static str) -> Fault<Reject> {
    Fault::Reject(Reject::Grant { said: SAID, why })
}
