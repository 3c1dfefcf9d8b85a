//! The account that is signed in is not whom the client asked for: it holds another IIN than the
//! one signed, or does not act for the organisation named. The page says so; nothing goes on from
//! there but the way back.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{resume, traveller::Traveller};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    journey::{Refusal, Step},
    model::journey::Reason,
    store::journeys,
    templates::{Mismatch, MismatchPage},
};

/// `GET /mismatch?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /mismatch`: back to the client.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, go_back(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let id = form.get("journey").ok().flatten().unwrap_or_default();
    let traveller = Traveller::find(app, visit, id).await?;
    let Some(mismatch) = mismatch(app, &traveller) else {
        return Ok(page::see_other(&traveller.next()));
    };
    if mismatch == Mismatch::Iin {
        // Recorded here, so that every way back, the Cancel button's too, tells the client.
        journeys::record_error(&app.pool, traveller.journey.id, Reason::IinMismatch).await?;
    }
    let mut shell = traveller.shell(app, visit);
    for link in &mut shell.languages {
        link.href = format!("/mismatch?journey={}&lang={}", traveller.journey.id, link.locale);
    }
    let page = MismatchPage {
        action: "/mismatch".into(),
        journey: traveller.journey.id.to_string(),
        csrf: traveller.csrf(),
        person: traveller.login.as_ref().map(|login| login.user.display_name()).unwrap_or_default(),
        mismatch,
        organisation: traveller.request.hints().bin,
    };
    Ok(page::render(app, &shell, &page, StatusCode::OK)?)
}

async fn go_back(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if !genuine {
        // Another site's form must not end somebody's journey: show them where they are.
        return Ok(page::see_other(&traveller.next()));
    }
    match traveller.step(app) {
        Ok(step @ (Step::OtherIdentifier | Step::NotRepresentative)) => {
            resume::refuse(app, visit, &traveller, Refusal::Unmet(Box::new(step))).await
        }
        // Signed in as somebody else meanwhile, in another tab: the journey may go on.
        _ => Ok(page::see_other(&traveller.next())),
    }
}

fn mismatch(app: &App, traveller: &Traveller) -> Option<Mismatch> {
    match traveller.step(app) {
        Ok(Step::OtherIdentifier) => Some(Mismatch::Iin),
        Ok(Step::NotRepresentative) => Some(Mismatch::Organisation),
        _ => None,
    }
}
