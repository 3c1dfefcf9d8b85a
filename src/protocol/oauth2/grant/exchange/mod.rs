//! Token exchange (RFC 8693): a token of ours for one that somebody shows.
//!
//! 1. The client is confidential and lists the flow; the types of the tokens are served.
//! 2. `actor_token`, if there is one, says who acts (`actor`).
//! 3. `subject_token` says for whom, and who vouches for it (`subject`): we ourselves, an issuer that
//!    is trusted for this client, or nobody.
//! 4. Whom nobody vouched for must be within reach of the actor or of the service client.
//! 5. Scope and audience are at most what the subject token has.
//! 6. The account is looked at and the journal line written; then the new token, which never outlives
//!    the old ones.

mod act;
mod actor;
mod foreign;
mod own;
mod subject;
mod unsigned;

use serde_json::{Value, json};

use self::{actor::Actor, subject::Vouched};
use super::{TokenRequest, asked, service};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log},
    ids::{AccessTokenId, UserId},
    model::{
        act_for::Reach,
        client::{Client, Flow},
    },
    protocol::oauth2::{
        issue::TokenAnswer,
        reject::Reject,
        subject as names,
        unattended::{Subject, Unattended},
    },
};

/// What `grant_type` says.
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// RFC 8693 §3.
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// RFC 8693 §3.
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
/// RFC 8693 §3.
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// Issues a token for the ones shown.
///
/// # Errors
/// [`Reject`] in the words of RFC 8693 §2.2.2.
pub async fn grant(request: TokenRequest<'_>) -> Result<TokenAnswer, Fault<Reject>> {
    let TokenRequest { app, client, form, binding, .. } = request;
    super::confidential(client, Flow::TokenExchange).map_err(Fault::Reject)?;
    let issued = requested_type(form).map_err(Fault::Reject)?;
    let actor = actor::find(app, client, form).await?;
    let vouched = subject::find(app, client, form).await?;
    let act = act(app, client, &vouched, actor.as_ref()).map_err(Fault::Reject)?;
    let scopes = vouched.scopes(client, &app.settings.scopes, form).map_err(Fault::Reject)?;
    let resources = vouched.resources(client, form).map_err(Fault::Reject)?;
    let id = AccessTokenId(app.rng.uuid(app.clock.now()));
    let line = service::Line {
        grant: vouched.voucher.word(),
        id,
        resources: &resources,
        scopes: &scopes,
        actor: actor.as_ref().map(|actor| actor.user),
    };
    let entry = line.entry(request, "token.exchange");
    let reach = reach(client, &vouched, actor.as_ref());
    let person = service::find(app, vouched.named.clone(), reach, entry).await?;
    // RFC 8693 §2.2.2: invalid_request when a token is "unacceptable based on policy".
    let said = "names nobody whom the client, its actor or the issuer may speak for";
    let person: UserId = person.ok_or(Fault::Reject(Reject::invalid("subject_token", said)))?;
    log::user(person);
    log::outcome("tokens_exchanged");
    metrics::counter!("tamga_tokens_total", "grant" => "token_exchange").increment(1);
    let ends = actor.map_or(vouched.exp, |actor| vouched.exp.min(actor.exp));
    let token = Unattended {
        client,
        subject: Subject::Person(person),
        id,
        resources,
        scopes,
        act,
        proof: vouched.proof,
        binding,
        not_after: Some(ends),
    };
    Ok(token.answer(app)?.of_type(issued))
}

/// RFC 8693 §2.1: what is wanted; our access tokens are JWTs too.
fn requested_type(form: &Form) -> Result<&'static str, Reject> {
    match form.get("requested_token_type")? {
        None | Some(ACCESS_TOKEN) => Ok(ACCESS_TOKEN),
        Some(JWT) => Ok(JWT),
        Some(_) => Err(Reject::invalid(
            "requested_token_type",
            format!("is not given here; leave it out, or ask for {ACCESS_TOKEN} or {JWT}"),
        )),
    }
}

/// Who acts (RFC 8693 §4.1): the actor, or the service client that vouches; before them whoever acted
/// already.
fn act(
    app: &App,
    client: &Client,
    vouched: &Vouched,
    actor: Option<&Actor>,
) -> Result<Option<Value>, Reject> {
    match actor {
        Some(actor) => {
            act::chained(json!(names::of(app, client, actor.user)), vouched.act.as_ref()).map(Some)
        }
        None if vouched.voucher == subject::Voucher::Nobody => {
            if client.is_service() {
                act::chained(json!(client.identifier), None).map(Some)
            } else {
                let why =
                    "is not signed, so somebody must vouch for it: give actor_token, or use a service client";
                Err(Reject::invalid("subject_token", why))
            }
        }
        None => Ok(vouched.act.clone()),
    }
}

/// For whom this may be: an actor always acts within their own reach; a token that was vouched for is
/// about whomever it names.
fn reach(client: &Client, vouched: &Vouched, actor: Option<&Actor>) -> Reach {
    match actor {
        Some(actor) => actor.reach.clone(),
        None if vouched.voucher == subject::Voucher::Nobody => client.reach(),
        None => Reach { everyone: true, ..Reach::default() },
    }
}
