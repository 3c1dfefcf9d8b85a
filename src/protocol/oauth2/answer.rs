//! Answers to an authorization request: what was granted (RFC 6749 §4.1.2) or an error (§4.1.2.1).

use std::collections::BTreeSet;

use super::{
    authorization_response::Granted, authorize::already_answered, fapi2, jarm, reject::Reject,
    request::Authorization, return_to::ReturnTo,
};
use crate::{
    app::App,
    http::{
        fault::{Fault, InternalError},
        log,
        page::Problem,
    },
    ids::{GrantId, JourneyId, SessionId},
    journey::{Authenticated, Refusal, Step},
    model::{client::Client, grant::Grant},
    protocol::{Ended, Reply},
    secret::Token,
    store::{
        grants::{self, Ends, NewCode},
        sessions::Login,
    },
};

/// Stores the grant and answers with what was asked for; `None` when another request has ended the journey.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    app: &App,
    request: &Authorization,
    login: &Login,
    authenticated: &Authenticated,
    journey: Option<JourneyId>,
) -> Result<Option<Reply>, Fault<Problem>> {
    mint(app, request, login, authenticated, (Some(login.session.id), journey)).await
}

/// The same where no browser session was begun: somebody proved themselves for this answer alone.
///
/// # Errors
/// When the database fails.
pub async fn answer_without_session(
    app: &App,
    request: &Authorization,
    login: &Login,
    authenticated: &Authenticated,
) -> Result<Reply, Fault<Problem>> {
    let minted = mint(app, request, login, authenticated, (None, None)).await?;
    // There was no journey that another request could have ended; a pushed request there may have been.
    minted.ok_or_else(already_answered)
}

async fn mint(
    app: &App,
    request: &Authorization,
    login: &Login,
    authenticated: &Authenticated,
    (session_id, journey): (Option<SessionId>, Option<JourneyId>),
) -> Result<Option<Reply>, Fault<Problem>> {
    let now = app.clock.now();
    let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
    let grant = Grant {
        id: GrantId(app.rng.uuid(now)),
        client_id: request.client.id,
        user_id: login.user.id,
        session_id,
        scopes: names(&authenticated.scopes),
        attributes: names(&authenticated.attributes),
        id_token_claims: request.claims.id_token.stored(),
        userinfo_claims: request.claims.userinfo.stored(),
        resources: request.resources.clone(),
        acting_for: request.requirements.acting_for.clone(),
        amr: login.session.amr.clone(),
        auth_time: login.session.authenticated_at,
        created_at: now,
    };
    let code = request.response_type.code.then(|| Token::generate(&app.rng));
    let new_code = code.as_ref().map(|code| NewCode {
        digest: code.digest(),
        redirect_uri: request.redirect_uri.as_deref(),
        code_challenge: request.code_challenge.as_deref(),
        nonce: request.nonce.as_deref(),
        dpop_jkt: request.dpop_jkt.as_deref(),
        expires_at: now + fapi2::code_life(&request.client, app.settings.oauth2.code_ttl),
    });
    let remember = authenticated.remember.as_ref();
    let ends = Ends { journey, pushed: request.pushed };
    if !grants::insert_ending(&app.pool, &grant, new_code.as_ref(), ends, remember).await? {
        return Ok(None);
    }
    log::outcome(if code.is_some() { "code_issued" } else { "tokens_issued" });
    let granted = Granted { request, grant: &grant, user: &login.user, code: code.as_ref() };
    Ok(Some(jarm::reply(app, &request.client, &request.return_to, granted.parameters(app)?)?))
}

/// Says why nothing was granted.
///
/// # Errors
/// When the answer must be signed and can't be.
pub fn refuse(
    app: &App,
    request: &Authorization,
    refusal: &Refusal,
    ended: Option<&Ended>,
) -> Result<Reply, InternalError> {
    error(app, &request.client, &request.return_to, &reject(refusal), ended)
}

/// The standard's word for a refusal (OpenID Connect Core §3.1.2.6).
fn reject(refusal: &Refusal) -> Reject {
    match refusal {
        Refusal::Denied => Reject::Denied,
        Refusal::WrongSubject => Reject::LoginRequired,
        Refusal::Needs(step) => match &**step {
            Step::Login => Reject::LoginRequired,
            Step::Consent(_) => Reject::ConsentRequired,
            Step::SecondFactor => Reject::InteractionRequired("a second factor"),
            Step::OtherIdentifier => Reject::OtherIdentifier,
            Step::NotRepresentative => Reject::NotRepresentative,
            Step::Attributes(_) => Reject::InteractionRequired("missing attributes"),
            Step::Level(_) => Reject::UnmetAuthentication,
            Step::Done(_) => Reject::InteractionRequired("nothing"),
        },
        Refusal::Unmet(step) => match &**step {
            Step::Attributes(missing) => Reject::Unmet(missing.join(", ")),
            Step::SecondFactor => Reject::Unmet("a second factor".to_owned()),
            Step::OtherIdentifier => Reject::OtherIdentifier,
            Step::NotRepresentative => Reject::NotRepresentative,
            Step::Login | Step::Consent(_) | Step::Level(_) | Step::Done(_) => Reject::UnmetAuthentication,
        },
    }
}

/// An error that goes back to the client.
///
/// # Errors
/// When it must be signed and can't be.
pub fn error(
    app: &App,
    client: &Client,
    return_to: &ReturnTo,
    reject: &Reject,
    ended: Option<&Ended>,
) -> Result<Reply, InternalError> {
    log::outcome(reject.code());
    let mut parameters =
        vec![("error", reject.code().to_owned()), ("error_description", reject.description())];
    let detailed = client.settings.detailed_errors;
    if let Some(scope) = return_to.scope.as_ref().filter(|_| detailed) {
        parameters.push(("scope", scope.clone()));
    }
    if let Some(ended) = ended.filter(|_| detailed) {
        parameters.push(("cancel_stage", ended.stage.to_string()));
        parameters.push(("cancel_request_id", ended.journey.to_string()));
        if let Some(reason) = &ended.last_error {
            parameters.push(("cancel_reason", reason.clone()));
        }
    }
    jarm::reply(app, client, return_to, parameters)
}
