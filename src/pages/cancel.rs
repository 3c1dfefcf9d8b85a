//! `POST /cancel`: the button on every page of a journey.

use axum::{body::Bytes, extract::State, response::Response};

use super::{resume, traveller::Traveller};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    journey::Refusal,
};

/// `POST /cancel`: back to the client with `access_denied`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &Form::parse(&body)).await {
        Ok(response) => response,
        Err(Fault::Reject(problem)) => page::problem(&app, &visit, None, problem),
        Err(Fault::Internal(error)) => page::failure(&app, &visit, &error),
    }
}

async fn serve(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if !genuine {
        // Another site's form must not end somebody's journey: show them where they are.
        return Ok(page::see_other(&traveller.next()));
    }
    resume::refuse(app, visit, &traveller, Refusal::Denied).await
}
