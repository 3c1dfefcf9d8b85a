//! `GET /continue/{journey}`: re-vets the request, asks what comes next, and goes there. It
//! changes nothing, except that finishing claims the journey once.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{attributes, traveller::Traveller};
use crate::{
    app::App,
    http::{
        cookies,
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::{Refusal, Step},
    protocol::respond::respond,
};

/// `GET /continue/{journey}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    page::settle(&app, &visit, None, serve(&app, &visit, &id).await)
}

async fn serve(app: &App, visit: &Visit, id: &str) -> Result<Response, Fault<Problem>> {
    let traveller = Traveller::find(app, visit, id).await?;
    let to_page = |path: &str| Ok(page::see_other(&format!("{path}?journey={}", traveller.journey.id)));
    match (traveller.step(app), &traveller.login) {
        (Ok(Step::Login), _) if traveller.request.requirements().prompt.create => to_page("/register"),
        (Ok(Step::Login), _) if traveller.request.hints().phone.is_some() => to_page("/login/phone"),
        (Ok(Step::Login), _) => to_page("/login"),
        (Ok(Step::OtherIdentifier | Step::NotRepresentative), _) => to_page("/mismatch"),
        (Ok(Step::SecondFactor), _) => to_page("/second-factor"),
        (Ok(Step::Attributes(missing)), Some(_)) if attributes::can_ask(app, &missing) => {
            to_page("/attributes")
        }
        (Ok(Step::Level(_)), Some(_)) => to_page("/level"),
        (Ok(Step::Consent(_)), _) => to_page("/consent"),
        (Ok(Step::Done(authenticated)), Some(login)) => {
            log::user(login.user.id);
            let reply =
                traveller.request.answer(app, login, &authenticated, Some(traveller.journey.id)).await?;
            match reply {
                Some(reply) => finish(app, visit, &traveller, reply),
                None => Err(Fault::Reject(already_answered())),
            }
        }
        (Ok(step), _) => refuse(app, visit, &traveller, Refusal::Unmet(Box::new(step))).await,
        (Err(refusal), _) => refuse(app, visit, &traveller, refusal).await,
    }
}

/// Ends the journey with a refusal.
///
/// # Errors
/// [`Problem`] when another request has ended it meanwhile.
pub async fn refuse(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    refusal: Refusal,
) -> Result<Response, Fault<Problem>> {
    if !traveller.request.end(app, traveller.journey.id).await? {
        return Err(Fault::Reject(already_answered()));
    }
    let reply = traveller.request.refuse(app, &refusal, Some(&traveller.ended(app)))?;
    finish(app, visit, traveller, reply)
}

fn finish(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    reply: crate::protocol::Reply,
) -> Result<Response, Fault<Problem>> {
    let response = respond(app, visit, traveller.request.locale(), reply)?;
    Ok(page::with_cookie(response, cookies::remove(app, &traveller.cookie_name())))
}

fn already_answered() -> Problem {
    Problem::new(
        axum::http::StatusCode::GONE,
        crate::templates::ErrorKind::Expired,
        "journey_ended",
        "the journey was answered already",
    )
}
