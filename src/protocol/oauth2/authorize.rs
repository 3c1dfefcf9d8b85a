//! The authorization endpoint, GET and POST (RFC 6749 §3.1, OpenID Connect Core §3.1.2).
//!
//! 1. Find the client; find the parameters (`resolve`); recognise the return address. Faults: a page.
//! 2. Vet the rest. Faults: back to the client.
//! 3. With a live session and a remembered consent, answer at once.
//! 4. If nothing may be shown, refuse (`prompt=none`).
//! 5. Else save a journey and send the person to its next page.

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    answer,
    claims::Registry,
    par,
    reject::Reject,
    request::{Authorization, Returnable, Surroundings},
    resolve::{Unresolved, resolve},
};
use crate::{
    app::App,
    form::Form,
    http::{
        begin::begin_pushed_journey,
        fault::Fault,
        log,
        page::{self, Problem},
        session_cookies,
        visit::Visit,
    },
    journey::{Facts, Login, Refusal, Step, has_another_phone, next_step},
    model::client::Client,
    protocol::{Reply, represents, respond::respond},
    store::{pushed_requests, sessions},
    templates::ErrorKind,
};

/// `GET /oauth2/authorize`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let parameters = visit.uri.query().unwrap_or_default().to_owned();
    page::settle(&app, &visit, None, serve(&app, &visit, parameters, false).await)
}

/// `POST /oauth2/authorize`: the same parameters in the body.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match String::from_utf8(body.to_vec()) {
        Ok(parameters) => page::settle(&app, &visit, None, serve(&app, &visit, parameters, true).await),
        Err(_) => {
            let problem = Problem::developer("invalid_request", "the body is not a form in ASCII");
            page::problem(&app, &visit, None, problem)
        }
    }
}

async fn serve(
    app: &App,
    visit: &Visit,
    parameters: String,
    posted: bool,
) -> Result<Response, Fault<Problem>> {
    let (request, resolved) = match read(app, &parameters).await? {
        Ok(read) => read,
        Err(reply) => return Ok(respond(app, visit, None, reply)?),
    };
    if posted && request.requirements.prompt.none && visit.session.is_none() && visit.is_cross_site() {
        // Another site's form comes without our cookie (SameSite=Lax). The browser sends it along when
        // it asks again by GET; with pages to show, the journey's own redirect does that.
        return Ok(page::see_other(&format!("/oauth2/authorize?{parameters}")));
    }
    let login = find_login(app, visit, &request).await?;
    let now = app.clock.now();
    let step = match &login {
        None => Ok(Step::Login),
        Some(login) => {
            log::user(login.user.id);
            let facts = Facts {
                login: Some(facts(login)),
                remembered: login.consent.as_ref(),
                decision: None,
                named: None,
                represents: represents(app, &request.requirements, Some(login)).await?,
            };
            next_step(&request.requirements, &facts, now)
        }
    };
    let reply = match (step, &login) {
        (Ok(Step::Done(authenticated)), Some(login)) => {
            let answered = answer::answer(app, &request, login, &authenticated, None).await?;
            Some(answered.ok_or_else(already_answered)?)
        }
        (Ok(step), _) if request.requirements.prompt.none => {
            Some(refuse(app, &request, &Refusal::Needs(Box::new(step))).await?)
        }
        (Err(refusal), _) => Some(refuse(app, &request, &refusal).await?),
        (Ok(_), _) => None,
    };
    match reply {
        Some(reply) => {
            let response = respond(app, visit, request.locale, reply)?;
            Ok(match &login {
                Some(login) => session_cookies::refresh(app, visit, login.session.id, response),
                None => response,
            })
        }
        None => {
            let begun = begin_pushed_journey(app, request.client.id, resolved, request.pushed).await?;
            match login.filter(|login| is_someone_elses(&request, login)) {
                // The client names another phone than this browser's person has: that session ends
                // now, and the journey begins at the one-time code.
                Some(login) => {
                    sessions::end(&app.pool, login.session.id, now).await?;
                    Ok(session_cookies::remove(app, begun))
                }
                None => Ok(begun),
            }
        }
    }
}

/// Refuses without pages. A pushed request is answered by that, too (RFC 9126 §7.3).
pub(super) async fn refuse(
    app: &App,
    request: &Authorization,
    refusal: &Refusal,
) -> Result<Reply, Fault<Problem>> {
    if let Some(pushed) = request.pushed
        && !pushed_requests::spend(&app.pool, pushed, app.clock.now()).await?
    {
        return Err(already_answered());
    }
    Ok(answer::refuse(app, request, refusal, None)?)
}

/// Another request was faster with what the client pushed.
pub(super) fn already_answered() -> Fault<Problem> {
    let reject = Reject::RequestUri(par::USED);
    Fault::Reject(Problem::developer(reject.code(), reject.description()))
}

fn is_someone_elses(request: &Authorization, login: &sessions::Login) -> bool {
    has_another_phone(&request.requirements, &facts(login))
}

fn facts(login: &sessions::Login) -> Login<'_> {
    Login {
        session: &login.session,
        user: &login.user,
        in_journey: false,
        second_factor_enrolled: login.second_factor_enrolled,
    }
}

/// Reads a request that came through a browser: vetted, and its parameters as a journey keeps them. The
/// inner error is one that the client is told.
///
/// # Errors
/// [`Problem`] for a page.
pub(super) async fn read(
    app: &App,
    parameters: &str,
) -> Result<Result<(Authorization, String), Reply>, Fault<Problem>> {
    let client = find_client(app, &Form::parse(parameters.as_bytes())).await?;
    let resolved = match resolve(app, &client, parameters).await {
        Ok(resolved) => resolved,
        Err(Fault::Reject(Unresolved::Back(return_to, reject))) => {
            return Ok(Err(answer::error(app, &client, &return_to, &reject, None)?));
        }
        Err(Fault::Reject(Unresolved::Page(problem))) => return Err(Fault::Reject(problem)),
        Err(Fault::Internal(error)) => return Err(Fault::Internal(error)),
    };
    let returnable = Returnable::vet(client, &resolved.form).map_err(fault)?;
    match vet_rest(app, &returnable, &resolved.form) {
        Ok(request) => Ok(Ok((Authorization { pushed: resolved.pushed, ..request }, resolved.parameters))),
        Err(reject) => Ok(Err(answer::error(app, &returnable.client, &returnable.return_to, &reject, None)?)),
    }
}

/// Vets saved parameters anew.
///
/// # Errors
/// [`Problem`] for an error page: what was good when the journey began no longer is.
pub async fn vet(app: &App, parameters: &str) -> Result<Authorization, Fault<Problem>> {
    let form = Form::parse(parameters.as_bytes());
    let returnable = Returnable::vet(find_client(app, &form).await?, &form).map_err(fault)?;
    vet_rest(app, &returnable, &form).map_err(fault)
}

fn fault(reject: Reject) -> Fault<Problem> {
    Fault::Reject(Problem::developer(reject.code(), reject.description()))
}

/// Who asks.
async fn find_client(app: &App, form: &Form) -> Result<Arc<Client>, Fault<Problem>> {
    let identifier = form
        .get("client_id")
        .map_err(|bad| fault(bad.into()))?
        .ok_or_else(|| fault(Reject::Missing("client_id")))?;
    let client = app.clients.find(&app.pool, identifier).await?;
    let client = client.ok_or_else(|| {
        Fault::Reject(Problem::developer(
            "invalid_client",
            "client_id: no client of this identifier is registered",
        ))
    })?;
    log::client(client.id);
    if client.disabled_at.is_some() {
        return Err(Fault::Reject(Problem::new(
            StatusCode::FORBIDDEN,
            ErrorKind::Forbidden,
            "unauthorized_client",
            "client_id: this client has been disabled",
        )));
    }
    Ok(client)
}

/// The second stage of vetting: everything but client and return address.
///
/// # Errors
/// [`Reject`], which goes back to the client.
pub(super) fn vet_rest(app: &App, returnable: &Returnable, form: &Form) -> Result<Authorization, Reject> {
    let ring = app.keys.ring();
    let around = Surroundings {
        registry: Registry { scopes: &app.settings.scopes, attributes: &app.settings.attributes },
        trust_framework: &app.settings.oauth2.trust_framework,
        ring: &ring,
        pairwise_key: &app.pairwise_key,
        issuer: &app.issuer,
    };
    returnable.authorization(form, &around)
}

async fn find_login(
    app: &App,
    visit: &Visit,
    request: &Authorization,
) -> Result<Option<sessions::Login>, Fault<Problem>> {
    let Some(cookie) = &visit.session else { return Ok(None) };
    let now = app.clock.now();
    let idle_since = now - app.settings.sessions.idle_ttl;
    Ok(sessions::find(&app.pool, cookie.digest(), Some(request.client.id), now, idle_since).await?)
}
