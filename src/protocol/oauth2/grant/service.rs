//! The password grant of a service client: the client proved who it is, and stands in for the user.
//!
//! One statement finds the user, checks that the client may act for them and writes the journal line,
//! for all requests that come while the one before is on its way to the disk. An unknown, a disabled
//! and another's user get the same answer after the same work: who has an account is nobody's business.

use serde_json::json;

use super::TokenRequest;
use crate::{
    app::App,
    http::{
        fault::{Fault, InternalError},
        log,
    },
    ids::{AccessTokenId, UserId},
    model::{act_for::Reach, journal::Entry},
    protocol::oauth2::{
        issue::TokenAnswer,
        reject::Reject,
        unattended::{Proof, Subject, Unattended},
    },
    store::service_grants::{Asked, Named},
};

/// What a peer is told of a user that will not do, whatever the reason.
const SAID: &str = "the user is unknown or disabled, or the client may not act for them";

/// Issues a token of a user who is not there.
///
/// # Errors
/// [`Reject::Grant`] when the client may not act for such a user.
pub async fn grant(
    request: TokenRequest<'_>,
    username: &str,
    resources: Vec<String>,
    scopes: Vec<String>,
) -> Result<TokenAnswer, Fault<Reject>> {
    let TokenRequest { app, client, binding, .. } = request;
    let id = AccessTokenId(app.rng.uuid(app.clock.now()));
    let line = Line { grant: "password", id, resources: &resources, scopes: &scopes, actor: None };
    let named = Named::Username(username.to_owned());
    let person = find(app, named, client.reach(), line.entry(request, "grant.service")).await?;
    let why = "no such user, disabled, or out of the client's reach";
    let person = person.ok_or(Fault::Reject(Reject::Grant { said: SAID, why }))?;
    log::user(person);
    log::outcome("tokens_issued");
    metrics::counter!("tamga_tokens_total", "grant" => "service").increment(1);
    let subject = Subject::Person(person);
    let token = Unattended {
        client,
        subject,
        id,
        resources,
        scopes,
        act: None,
        proof: Proof::Suppressed,
        binding,
        not_after: None,
    };
    Ok(token.answer(app)?)
}

/// What the journal says of a token that the person did not ask for.
pub struct Line<'a> {
    /// By which grant.
    pub grant: &'static str,
    /// Which token.
    pub id: AccessTokenId,
    /// For where.
    pub resources: &'a [String],
    /// For what.
    pub scopes: &'a [String],
    /// The operator who acts, if it is not the client itself.
    pub actor: Option<UserId>,
}

impl Line<'_> {
    /// The line, but for the person.
    pub fn entry(&self, request: TokenRequest<'_>, action: &'static str) -> Entry {
        let TokenRequest { app, visit, client, .. } = request;
        let address = visit.address.to_string();
        let mut entry = Entry::by_client(app.clock.now(), client.id, action, None, address, visit.request_id);
        entry.after = Some(json!({
            "client": client.id,
            "grant": self.grant,
            "token": self.id,
            "resources": self.resources,
            "scopes": self.scopes,
            "actor": self.actor,
        }));
        entry
    }
}

/// The person named, once the line about them is written; `None` when they are not within reach.
///
/// # Errors
/// When the database fails.
pub async fn find(
    app: &App,
    named: Named,
    reach: Reach,
    entry: Entry,
) -> Result<Option<UserId>, InternalError> {
    Ok(app.service_grants.record(&app.pool, Asked { named, reach, entry }).await?)
}
