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
    model::journey::Stage,
};

/// `POST /cancel`: back to the client with `access_denied`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, serve(&app, &visit, &Form::parse(&body)).await)
}

async fn serve(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (mut traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if !genuine {
        // Another site's form must not end somebody's journey: show them where they are.
        return Ok(page::see_other(&traveller.next()));
    }
    // Pages of making an account say so: nothing else tells them from the sign-in's.
    let from = visit.query();
    traveller.registering = from.get("stage") == Ok(Some(Stage::Register.word()));
    resume::refuse(app, visit, &traveller, Refusal::Denied).await
}
