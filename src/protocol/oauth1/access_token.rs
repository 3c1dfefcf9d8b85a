//! The access token (RFC 5849 §2.3, "token credentials").
//!
//! 1. The consumer proves who it is, with the request token's secret too.
//! 2. The token lives, a person has allowed it, it was not exchanged before. One that was is a sign
//!    of theft: what it gave is revoked.
//! 3. The write checks the verifier, uses token and nonce up, and stores the access token.

use axum::{body::Bytes, extract::State, http::Method, response::Response};

use super::{
    answer,
    consumer::{Presented, present},
    credentials::{Credentials, Place, secret_of},
    reject::Reject,
};
use crate::{
    app::App,
    http::{fault::Fault, log, visit::Visit},
    model::client::Client,
    secret::{Digest, Token},
    store::oauth1::request_tokens::{self, NewAccessToken, Redeemed, RequestToken},
};

/// `GET` and `POST /oauth1/access_token`.
pub async fn handle(State(app): State<App>, method: Method, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &method, &body).await {
        Ok(credentials) => answer::form(&[
            ("oauth_token", credentials.token.expose()),
            ("oauth_token_secret", credentials.secret.expose()),
        ]),
        Err(fault) => answer::refuse(&app, &visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, method: &Method, body: &[u8]) -> Result<Credentials, Fault<Reject>> {
    let presented = present(app, visit, method, body).await?;
    let token = presented.signed.token.as_ref().ok_or(Fault::Reject(Reject::Absent("oauth_token")))?;
    let digest = token.digest();
    let found = match &presented.client {
        Some(_) => request_tokens::find(&app.pool, digest).await?,
        // Not asked for: an unknown client costs one trip to the database, as an unknown token does.
        None => None,
    };
    let owner = found.as_ref().map(|found| (found.client, found.sealed.as_slice()));
    let presenter = presented.client.as_ref().map(|client| client.id);
    let secret = secret_of(app, Place::RequestToken, digest, owner, presenter)?;
    let client = presented.prove(app, &secret)?;
    let found = found.ok_or(Fault::Reject(Reject::Token("is unknown")))?;
    exchange(app, &presented, &client, digest, &found).await
}

async fn exchange(
    app: &App,
    presented: &Presented,
    client: &Client,
    digest: Digest,
    found: &RequestToken,
) -> Result<Credentials, Fault<Reject>> {
    let now = app.clock.now();
    if found.redeemed {
        return reused(app, presented, client, digest).await;
    }
    if let Some(reject) = state(found, now) {
        return Err(Fault::Reject(reject));
    }
    let verifier = Token::from(presented.signed.parameters.need("oauth_verifier").map_err(Fault::Reject)?);
    let credentials = Credentials::generate(app);
    let life = client.settings.access_token_ttl.map(std::time::Duration::from_secs);
    let access_token = NewAccessToken {
        digest: credentials.token.digest(),
        sealed: &credentials.seal(app, Place::AccessToken)?,
        expires_at: now + life.unwrap_or(app.settings.oauth1.access_token_ttl),
    };
    let (key, nonce) = ((client.id, digest), presented.nonce());
    match request_tokens::redeem(&app.pool, key, verifier.digest(), &access_token, nonce, now).await? {
        Redeemed::Now => {
            log::outcome("access_token_issued");
            metrics::counter!("tamga_tokens_total", "grant" => "oauth1").increment(1);
            Ok(credentials)
        }
        Redeemed::Replayed => Err(Fault::Reject(Reject::NonceUsed)),
        Redeemed::WrongVerifier => Err(Fault::Reject(Reject::Token("does not go with this oauth_verifier"))),
        // Another request was quicker. Its nonce was another one, so this is no mere repetition.
        Redeemed::Gone => match request_tokens::find(&app.pool, digest).await? {
            Some(now_found) if now_found.redeemed => {
                request_tokens::revoke_reused(&app.pool, key, None, now).await?;
                Err(Fault::Reject(Reject::TokenUsed))
            }
            Some(now_found) => Err(Fault::Reject(state(&now_found, now).unwrap_or(ENDED))),
            None => Err(Fault::Reject(ENDED)),
        },
    }
}

const ENDED: Reject = Reject::Token("has ended");

/// Why a token that was not exchanged can't be; `None` when it can.
fn state(token: &RequestToken, now: time::OffsetDateTime) -> Option<Reject> {
    if token.exhausted {
        return Some(Reject::Token("was ended by too many wrong verifiers"));
    }
    if token.expires_at <= now {
        return Some(Reject::TokenExpired);
    }
    // RFC 5849 §2.3: "ensure that the resource owner has authorized the provisioning".
    if token.grant.is_none() {
        return Some(Reject::PermissionUnknown);
    }
    token.dead.then_some(Reject::TokenRevoked)
}

async fn reused(
    app: &App,
    presented: &Presented,
    client: &Client,
    digest: Digest,
) -> Result<Credentials, Fault<Reject>> {
    let nonce = presented.nonce();
    let fresh = request_tokens::revoke_reused(&app.pool, (client.id, digest), nonce, app.clock.now()).await?;
    // Who repeats a request they overheard can't revoke anything.
    Err(Fault::Reject(if fresh { Reject::TokenUsed } else { Reject::NonceUsed }))
}
