//! `/account/confirmations`: sign-ins and operations that clients ask the person to confirm, whatever
//! way of answering the challenge itself has.
//!
//! To confirm is a second factor: the session must be fresh and proved by one. To refuse takes a
//! fresh session alone.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use serde_json::json;

use super::{
    frame::{done, entry, frame, shell},
    visitor::{CHANGE, FRESH, LOOK, Visitor, signed_in},
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    ids::ConfirmationId,
    model::{confirmation::Outcome, session::Amr},
    protocol::account::Assurance,
    store::confirmations,
    templates::{ConfirmationRow, ConfirmationsPage, FieldError, Moment},
};

const PAGE: &str = "/account/confirmations";
/// What confirming demands.
const PROVED: Assurance = Assurance { max_age: Some(FRESH), second_factor: true };

/// `GET /account/confirmations`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/confirmations/approve`.
pub async fn approve(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, decide(&app, &visit, &Form::parse(&body), Outcome::Confirmed).await)
}

/// `POST /account/confirmations/refuse`.
pub async fn refuse(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, decide(&app, &visit, &Form::parse(&body), Outcome::Cancelled).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    render(app, visit, &visitor, None, StatusCode::OK).await
}

async fn decide(app: &App, visit: &Visit, form: &Form, outcome: Outcome) -> Result<Response, Fault<Problem>> {
    let (assurance, action, what) = match outcome {
        Outcome::Confirmed => (PROVED, "confirmation.confirm", "confirmed"),
        _ => (CHANGE, "confirmation.close", "refused"),
    };
    let visitor = signed_in!(app, visit, assurance, PAGE);
    if !visitor.sent(form) {
        return render(app, visit, &visitor, Some("form-stale"), StatusCode::FORBIDDEN).await;
    }
    let asked = form.get("id").ok().flatten().and_then(|id| id.parse::<ConfirmationId>().ok());
    let now = app.clock.now();
    let waiting = confirmations::list_waiting(&app.pool, visitor.login.user.id, now).await?;
    // Only the person's own are found.
    let found = waiting.iter().find(|(confirmation, _)| Some(confirmation.id) == asked);
    let gone = (Some("account-gone"), StatusCode::UNPROCESSABLE_ENTITY);
    let Some((confirmation, _)) = found else {
        return render(app, visit, &visitor, gone.0, gone.1).await;
    };
    let amr = if outcome == Outcome::Confirmed { ways(&visitor) } else { Vec::new() };
    let after = json!({"confirmation": confirmation.id, "client": confirmation.client_id});
    let line = entry(app, visit, &visitor, action, Some(after));
    if confirmations::decide(&app.pool, &[confirmation.id], outcome, &amr, &line).await? == 0 {
        // Decided elsewhere at the same moment, or too late.
        return render(app, visit, &visitor, gone.0, gone.1).await;
    }
    Ok(done(PAGE, what))
}

/// How the person proved themselves: to the client with the password, here with what the session has.
fn ways(visitor: &Visitor) -> Vec<Amr> {
    let session = &visitor.login.session.amr;
    let password = Some(Amr::Password).filter(|password| !session.contains(password));
    password.into_iter().chain(session.iter().copied()).collect()
}

async fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    error: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let mut rows = Vec::new();
    for (confirmation, identifier) in
        confirmations::list_waiting(&app.pool, visitor.login.user.id, app.clock.now()).await?
    {
        let Some(client) = app.clients.find(&app.pool, &identifier).await? else { continue };
        rows.push(ConfirmationRow {
            id: confirmation.id.to_string(),
            client: client.name.clone(),
            host: client.host(),
            reference: confirmation.question.reference,
            asked: Moment(confirmation.created_at),
            until: Moment(confirmation.expires_at),
        });
    }
    let errors = error.map(|key| FieldError::new("form", key)).into_iter().collect();
    let shown = ConfirmationsPage { frame: frame(visit, visitor, "confirmations"), rows, errors };
    Ok(page::render(app, &shell(app, visit, visitor, PAGE), &shown, status)?)
}
