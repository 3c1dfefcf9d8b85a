//! The password grant of an ordinary client, for those that can't be moved to a browser: the client
//! shows the person's own password (RFC 6749 §4.3). New clients don't get the flow (RFC 9700 §2.4).
//!
//! 1. The name is looked up with any wait for it. The sender's address is the client's server, which
//!    all its users share, so failures are charged to the name alone.
//! 2. The hash is computed, whether or not there is an account (enumeration).
//! 3. Who has a second factor can't show it here: the confirmation flow asks for it.
//! 4. One transaction: the grant, its refresh token, and the failures of the name forgotten.

use std::collections::BTreeSet;

use secrecy::SecretString;
use time::OffsetDateTime;

use super::{TokenRequest, asked};
use crate::{
    app::{App, passwords},
    http::{fault::Fault, log},
    ids::{GrantId, UserId},
    model::{client::Client, grant::Grant, journey::Reason, password::normalised, session::Amr, user::User},
    protocol::oauth2::{
        claims::Registry,
        issue::{Issue, TokenAnswer, is_refreshable},
        reject::Reject,
    },
    secret::{Digest, Token},
    store::{
        codes::NewRefreshToken,
        credentials, grants,
        logins::{self, Throttles},
        users,
    },
};

/// What a peer is told of a name and password that will not do, whatever the reason.
const SAID: &str = "the user name or the password is wrong";

/// Who is said to be there.
pub struct Owner<'a> {
    /// A user name, or a confirmed mail address, phone or identifier.
    pub username: &'a str,
    /// The password as it came.
    pub password: Token,
}

/// Issues tokens of a person whose password the client shows.
///
/// # Errors
/// [`Reject::Grant`] for a wrong password, and where it does not suffice; [`Reject::TooMany`].
pub async fn grant(
    request: TokenRequest<'_>,
    owner: Owner<'_>,
    resources: Vec<String>,
    scopes: Option<BTreeSet<String>>,
) -> Result<TokenAnswer, Fault<Reject>> {
    let TokenRequest { app, client, binding, .. } = request;
    let account = passwords::account_key(owner.username);
    let user = check_password(app, &owner, account).await?;
    log::user(user);
    let user = users::find_by_id(&app.pool, user).await?.ok_or(refused(SAID, "the account has gone"))?;
    may_go_on(app, client, &user).await?;
    let scopes: Vec<String> = match scopes {
        Some(scopes) => scopes.into_iter().collect(),
        None => asked::without_person(client.scopes.iter().cloned().collect()),
    };
    let grant = new_grant(app, client, &user, scopes, resources);
    let refresh_token = is_refreshable(client, &grant).then(|| Token::generate(&app.rng));
    let stored = refresh_token.as_ref().map(|token| NewRefreshToken {
        digest: token.digest(),
        expires_at: grant.created_at + app.settings.oauth2.refresh_token_ttl,
    });
    grants::insert_by_password(&app.pool, &grant, stored, account).await?;
    log::outcome("tokens_issued");
    metrics::counter!("tamga_tokens_total", "grant" => "password").increment(1);
    let issue = Issue {
        client,
        grant: &grant,
        user: &user,
        scopes: grant.scopes.clone(),
        resources: grant.resources.clone(),
        nonce: None,
        refresh_token: refresh_token.as_ref(),
        binding,
    };
    issue.answer(app)
}

async fn check_password(app: &App, owner: &Owner<'_>, account: Digest) -> Result<UserId, Fault<Reject>> {
    let now = app.clock.now();
    let throttles = Throttles { account, address: account, browser: None };
    let candidate = passwords::candidate(app, owner.username, &throttles).await?;
    if let Some(until) = candidate.blocked_until {
        count("throttled");
        return Err(Fault::Reject(throttled(until, now)));
    }
    let password = normalised(&SecretString::from(owner.password.expose()));
    let right = passwords::is_right(app, &candidate, password).await?;
    match candidate.user.filter(|_| right) {
        Some((user, _, false)) => {
            count("success");
            Ok(user)
        }
        found => {
            count("failure");
            let disabled = found.is_some();
            let reason = if disabled { Reason::AccountDisabled } else { Reason::BadCredentials };
            logins::fail(&app.pool, None, reason, &[("account", account)], now).await?;
            // A disabled account gets the words of a wrong password: who has one is nobody's business.
            let why = if disabled { "the account is disabled" } else { "wrong user name or password" };
            Err(refused(SAID, why))
        }
    }
}

/// What the person would be asked for in a browser can't be asked for here. Said only to who knows
/// the password.
async fn may_go_on(app: &App, client: &Client, user: &User) -> Result<(), Fault<Reject>> {
    if credentials::has_second_factor(&app.pool, user.id).await? {
        return Err(refused(
            "the account has a second factor, which this grant can't ask for; use the confirmation flow \
             (POST /api/v1/confirmations)",
            "a second factor is needed",
        ));
    }
    let missing = client.settings.require_attributes.iter().any(|name| !user.attributes.contains_key(name));
    if missing || user.level() < client.settings.min_level {
        return Err(refused(
            "the account lacks an attribute or the level that the client requires; the person can add it by \
             signing in with a browser",
            "an attribute or the level is missing",
        ));
    }
    Ok(())
}

fn new_grant(app: &App, client: &Client, user: &User, scopes: Vec<String>, resources: Vec<String>) -> Grant {
    let now = app.clock.now();
    let registry = Registry { scopes: &app.settings.scopes, attributes: &app.settings.attributes };
    let attributes = registry.attributes_for(scopes.iter().map(String::as_str), []);
    Grant {
        id: GrantId(app.rng.uuid(now)),
        client_id: client.id,
        user_id: user.id,
        session_id: None,
        attributes: attributes.into_iter().collect(),
        scopes,
        id_token_claims: Vec::new(),
        userinfo_claims: Vec::new(),
        resources,
        acting_for: None,
        amr: vec![Amr::Password],
        auth_time: now,
        created_at: now,
    }
}

fn throttled(until: OffsetDateTime, now: OffsetDateTime) -> Reject {
    let wait = u64::try_from((until - now).whole_milliseconds()).unwrap_or(0).div_ceil(1000).max(1);
    Reject::TooMany { what: "too many wrong passwords for this name", seconds: wait }
}

fn refused(said: &'static str, why: &'static str) -> Fault<Reject> {
    Fault::Reject(Reject::Grant { said, why })
}

fn count(outcome: &'static str) {
    metrics::counter!("tamga_logins_total", "method" => "password-grant", "outcome" => outcome).increment(1);
}
