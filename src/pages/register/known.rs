//! `/register/known`: the phone or mail that was just confirmed is an account's already. Only who
//! typed the right code comes here, so nobody else learns of the account. They may sign in with it,
//! or go on: numbers change hands, and families share a mail address.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{Place, elsewhere, journey_form, shell, to};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::journey::{Channel, Contact},
    pages::{phone, traveller::Traveller},
    store::logins,
    templates::RegisterKnownPage,
};

/// The page.
pub(super) const PAGE: &str = "/register/known";

/// `GET /register/known?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /register/known`: signs in with the phone.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, sign_in(&app, &visit, &Form::parse(&body)).await)
}

/// The confirmed phone or mail, if an account has it.
async fn known(app: &App, traveller: &Traveller) -> Result<Option<Contact>, Fault<Problem>> {
    let Some(contact) = traveller.journey.notes.confirmed.clone() else { return Ok(None) };
    let account = logins::find_by_contact(&app.pool, &contact).await?;
    Ok(account.map(|_| contact))
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let traveller =
        Traveller::find(app, visit, form.get("journey").ok().flatten().unwrap_or_default()).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Password) {
        return Ok(response);
    }
    let Some(contact) = known(app, &traveller).await? else {
        return Ok(to(&traveller, Place::Password.path()));
    };
    let link = |path: &str| format!("{path}?journey={}", traveller.journey.id);
    let shown = RegisterKnownPage {
        sign_in: (contact.channel == Channel::Sms).then(|| journey_form(&traveller, PAGE)),
        login: link("/login"),
        forgotten: link("/password/forgotten"),
        go_on: link(Place::Password.path()),
    };
    Ok(page::render(app, &shell(app, visit, &traveller, PAGE), &shown, StatusCode::OK)?)
}

async fn sign_in(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Password) {
        return Ok(response);
    }
    match known(app, &traveller).await? {
        // A mail address alone opens no account.
        Some(contact) if genuine && contact.channel == Channel::Sms => {
            phone::enter(app, visit, &traveller, contact).await
        }
        _ => Ok(to(&traveller, PAGE)),
    }
}
