//! The authorization endpoint, GET and POST (RFC 6749 §3.1, OpenID Connect Core §3.1.2).
//!
//! 1. Read the parameters; find the client; recognise the return address. Faults: a page.
//! 2. Vet the rest. Faults: back to the client.
//! 3. With a live session and a remembered consent, answer at once.
//! 4. If nothing may be shown, refuse (`prompt=none`).
//! 5. Else save a journey and send the person to its next page.

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    answer,
    reject::Reject,
    request::{Authorization, Returnable, Surroundings},
};
use crate::{
    app::App,
    form::Form,
    http::{
        cookies,
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::JourneyId,
    journey::{Facts, Login, Refusal, Step, next_step},
    model::journey::{Journey, Protocol},
    protocol::{represents, respond::respond},
    secret::Token,
    store::{self, sessions},
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
                login: Some(Login {
                    session: &login.session,
                    user: &login.user,
                    in_journey: false,
                    second_factor_enrolled: login.second_factor_enrolled,
                }),
                remembered: login.consent.as_ref(),
                decision: None,
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
        Some(reply) => Ok(respond(app, visit, request.locale, reply)?),
        None => begin_journey(app, &request, parameters).await,
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

async fn vet_return(app: &App, form: &Form) -> Result<Returnable, Fault<Problem>> {
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

fn vet_rest(app: &App, returnable: &Returnable, form: &Form) -> Result<Authorization, Reject> {
    let ring = app.keys.ring();
    let around = Surroundings { scopes: &app.settings.scopes, ring: &ring, issuer: &app.issuer };
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

async fn begin_journey(
    app: &App,
    request: &Authorization,
    parameters: String,
) -> Result<Response, Fault<Problem>> {
    let now = app.clock.now();
    let journey = Journey {
        id: JourneyId(app.rng.uuid(now)),
        protocol: Protocol::Oauth2,
        client_id: request.client.id,
        parameters,
        session_id: None,
        decision: None,
        last_error: None,
        created_at: now,
    };
    let cookie = Token::generate(&app.rng);
    let ttl = app.settings.journeys.ttl;
    store::journeys::insert(&app.pool, &journey, cookie.digest(), now + ttl).await?;
    log::outcome("journey_begun");
    let response = page::see_other(&format!("/continue/{}", journey.id));
    let cookie = cookies::set(app, &cookies::journey(journey.id), cookie.expose(), ttl);
    Ok(page::with_cookie(response, cookie).into_response())
}
