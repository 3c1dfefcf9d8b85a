//! Tokens of ours as subjects: what they say holds, and what is issued for them is never wider.

use serde::Deserialize;
use time::OffsetDateTime;

use super::{
    ACCESS_TOKEN, ID_TOKEN,
    subject::{Limits, Vouched, Voucher},
};
use crate::{
    app::App,
    crypto::jwt,
    http::fault::{Fault, InternalError},
    ids::UserId,
    model::{client::Client, session::Amr},
    protocol::oauth2::{access_token::AccessToken, reject::Reject, subject, unattended::Proof},
    store::{self, service_grants::Named},
};

/// What a peer is told of a token of ours that will not do.
const SAID: &str = "is no live token of this server that the client may exchange";

/// What an id_token of ours says.
#[derive(Deserialize)]
struct IdToken {
    iss: String,
    sub: String,
    aud: String,
    azp: String,
    #[serde(with = "time::serde::timestamp")]
    exp: OffsetDateTime,
    auth_time: i64,
    acr: String,
    amr: Vec<Amr>,
}

/// Reads a token of ours of this type (RFC 8693 §3); `jwt` may be either.
///
/// # Errors
/// `invalid_request` (RFC 8693 §2.2.2) when it is none, or not this client's to show.
pub async fn read(app: &App, client: &Client, kind: &str, token: &str) -> Result<Vouched, Fault<Reject>> {
    let refused = || Fault::Reject(Reject::invalid("subject_token", SAID));
    let access_token = AccessToken::read(app, token).filter(|_| kind != ID_TOKEN);
    if let Some(read) = access_token {
        if !read.is_of(client) {
            return Err(refused());
        }
        let person = live(app, &read).await?.ok_or_else(refused)?;
        return Ok(narrowing(read, person));
    }
    let id_token = jwt::verify::<IdToken>(&app.keys.ring(), "JWT", token).ok();
    let id_token = id_token.filter(|read| {
        kind != ACCESS_TOKEN
            && read.iss == app.issuer
            && read.azp == read.aud
            && read.aud == client.identifier
            && read.exp > app.clock.now()
    });
    let read = id_token.ok_or_else(refused)?;
    let person = subject::account(app, client, &read.sub).ok_or_else(refused)?;
    Ok(Vouched {
        voucher: Voucher::Ourselves,
        named: Named::Id(person),
        exp: read.exp,
        act: None,
        // It was never good for anything at a resource, so scopes are not to be had for it.
        limits: Limits::Scopes(Vec::new()),
        proof: Proof::Inherited {
            acr: Some(read.acr),
            amr: read.amr,
            auth_time: Some(read.auth_time),
            grant: None,
            suppressed: false,
        },
    })
}

fn narrowing(read: AccessToken, person: UserId) -> Vouched {
    let audiences = read.audiences().into_iter().map(str::to_owned).collect();
    let scopes = read.scope.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    Vouched {
        voucher: Voucher::Ourselves,
        named: Named::Id(person),
        exp: read.exp,
        act: read.act,
        limits: Limits::Token { scopes, audiences },
        proof: Proof::Inherited {
            acr: read.acr,
            amr: read.amr,
            auth_time: read.auth_time,
            // Revoking the grant ends what was made of it too.
            grant: read.grant_id,
            suppressed: read.suppressed_auth,
        },
    }
}

/// The person of an access token that was not revoked; `None` when it was, or has no person.
///
/// # Errors
/// When the database fails.
pub async fn live(app: &App, token: &AccessToken) -> Result<Option<UserId>, InternalError> {
    let Some(person) = token.person(app).await? else { return Ok(None) };
    let live = match token.grant_id {
        Some(grant) => store::access_tokens::find_grant(&app.pool, token.jti, grant).await?.is_some(),
        None => {
            let issued_to = app.clients.find(&app.pool, &token.client_id).await?;
            issued_to.is_some_and(|client| client.disabled_at.is_none())
                && store::access_tokens::find_ungranted(&app.pool, token.jti, Some(person)).await?.is_some()
        }
    };
    Ok(live.then_some(person))
}
