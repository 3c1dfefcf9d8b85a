//! The authorization endpoint, GET and POST (RFC 6749 §3.1, OpenID Connect Core §3.1.2).
//!
//! 1. Read the parameters; find the client; recognise the return address. Faults: a page.
//! 2. Vet the rest. Faults: back to the client.
//! 3. With a live session and a remembered consent, answer at once.
//! 4. If nothing may be shown, refuse (`prompt=none`).
//! 5. Else save a journey and send the person to its next page.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    answer,
    claims::Registry,
    reject::Reject,
    request::{Authorization, Returnable, Surroundings},
};
use crate::{
    app::App,
    form::Form,
    http::{
        begin::begin_journey,
        fault::Fault,
        log,
        page::{self, Problem},
        session_cookies,
        visit::Visit,
    },
    journey::{Facts, Login, Refusal, Step, has_another_phone, next_step},
    model::journey::Protocol,
    protocol::{represents, respond::respond},
    store::sessions,
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
    let form = Form::parse(parameters.as_bytes());
    let returnable = vet_return(app, &form).await?;
    let request = match vet_rest(app, &returnable, &form) {
        Ok(request) => request,
        Err(reject) => {
            let reply = answer::error(app, &returnable.client, &returnable.return_to, &reject, None);
            return Ok(respond(app, visit, None, reply)?);
        }
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
            answer::answer(app, &request, login, &authenticated, None).await?
        }
        (Ok(step), _) if request.requirements.prompt.none => {
            Some(answer::refuse(app, &request, &Refusal::Needs(Box::new(step)), None))
        }
        (Err(refusal), _) => Some(answer::refuse(app, &request, &refusal, None)),
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
            let begun = begin_journey(app, Protocol::Oauth2, Some(request.client.id), parameters).await?;
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

/// Vets saved parameters anew.
///
/// # Errors
/// [`Problem`] for an error page: what was good when the journey began no longer is.
pub async fn vet(app: &App, parameters: &str) -> Result<Authorization, Fault<Problem>> {
    let form = Form::parse(parameters.as_bytes());
    let returnable = vet_return(app, &form).await?;
    vet_rest(app, &returnable, &form)
        .map_err(|reject| Fault::Reject(Problem::developer(reject.code(), reject.description())))
}

/// The first stage of vetting: client and return address.
///
/// # Errors
/// [`Problem`] for a page.
pub(super) async fn vet_return(app: &App, form: &Form) -> Result<Returnable, Fault<Problem>> {
    let fault = |reject: Reject| Fault::Reject(Problem::developer(reject.code(), reject.description()));
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
    Returnable::vet(client, form).map_err(fault)
}

/// The second stage: everything else.
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
