//! The user information document, for an access token.
//!
//! 1. Signed, the consumer proves who it is; else the token alone is the proof, as a bearer in the query
//!    (so did the system that consumers come from).
//! 2. The write that finds what was allowed puts the reading into the journal.
//! 3. The document holds what the person allowed and nothing else.

use axum::{body::Bytes, extract::State, http::Method, response::Response};

use super::{
    answer,
    consumer::{gather, present},
    credentials::{Place, secret_of},
    reject::Reject,
    xml::Member,
};
use crate::{
    app::App,
    http::{
        fault::{Fault, InternalError},
        log,
        visit::Visit,
    },
    secret::{Digest, Token},
    store::oauth1::{
        Nonce,
        access_tokens::{self, Read, Reader},
    },
};

/// Names of the bearer in the query: ours, and that of `/XmlUserInfo.aspx`.
const BEARER: [&str; 2] = ["access_token", "AccessToken"];

/// `GET /oauth1/user_info`.
pub async fn handle(State(app): State<App>, method: Method, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &method, &body).await {
        Ok(document) => answer::document(document),
        Err(fault) => answer::refuse_with_document(&app, &visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, method: &Method, body: &[u8]) -> Result<Vec<u8>, Fault<Reject>> {
    let parameters = gather(visit, body).map_err(Fault::Reject)?;
    if parameters.get("oauth_consumer_key").map_err(Fault::Reject)?.is_some() {
        return signed(app, visit, method, body).await;
    }
    for name in BEARER {
        if let Some(token) = parameters.get(name).map_err(Fault::Reject)? {
            return read(app, visit, Token::from(token).digest(), None, false).await;
        }
    }
    Err(Fault::Reject(Reject::Absent("oauth_consumer_key")))
}

async fn signed(app: &App, visit: &Visit, method: &Method, body: &[u8]) -> Result<Vec<u8>, Fault<Reject>> {
    let presented = present(app, visit, method, body).await?;
    let token = presented.signed.token.as_ref().ok_or(Fault::Reject(Reject::Absent("oauth_token")))?;
    let digest = token.digest();
    let found = match &presented.client {
        Some(_) => access_tokens::find(&app.pool, digest).await?,
        None => None,
    };
    let owner = found.as_ref().map(|found| (found.client, found.sealed.as_slice()));
    let presenter = presented.client.as_ref().map(|client| client.id);
    let secret = secret_of(app, Place::AccessToken, digest, owner, presenter)?;
    presented.prove(app, &secret)?;
    read(app, visit, digest, presented.nonce(), true).await
}

async fn read(
    app: &App,
    visit: &Visit,
    token: Digest,
    nonce: Option<Nonce>,
    signed: bool,
) -> Result<Vec<u8>, Fault<Reject>> {
    let address = visit.address.to_string();
    let reader = Reader { address: &address, request: visit.request_id, signed, at: app.clock.now() };
    let reject = match access_tokens::read(&app.pool, token, nonce, reader).await? {
        Read::Given(given) => {
            let (grant, user) = *given;
            log::client(grant.client_id);
            log::user(user.id);
            log::outcome("user_info");
            let member =
                Member { user: &user, allowed: &grant.attributes, registry: &app.settings.attributes };
            return member
                .document()
                .map_err(|error| Fault::Internal(InternalError::Failed(Box::new(error))));
        }
        Read::Replayed => Reject::NonceUsed,
        Read::Unknown => Reject::Token("is unknown"),
        Read::Expired => Reject::TokenExpired,
        Read::Revoked => Reject::TokenRevoked,
        Read::ClientOff => {
            Reject::ConsumerRejected("the client has been disabled, or may not use OAuth 1.0a")
        }
    };
    Err(Fault::Reject(reject))
}
