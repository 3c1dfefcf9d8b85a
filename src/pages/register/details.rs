//! `/register/details`: who the person is, or which organisation and who acts for it.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{Place, elsewhere, fields, journey_form, keep, registration, shell, to, typed};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::{journey::Reason, user::UserKind},
    pages::traveller::Traveller,
    store::journeys,
    templates::{FieldError, RegisterFieldsPage},
};

/// `GET /register/details?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /register/details`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let traveller =
        Traveller::find(app, visit, form.get("journey").ok().flatten().unwrap_or_default()).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Details) {
        return Ok(response);
    }
    render(app, visit, &traveller, Vec::new(), StatusCode::OK)
}

fn kind(traveller: &Traveller) -> UserKind {
    // `elsewhere` has sent those without one to choose.
    registration(traveller).kind.unwrap_or(UserKind::Citizen)
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = shell(app, visit, traveller, Place::Details.path());
    let wanted = fields::wanted(app, traveller, kind(traveller));
    let (fields, representative) = fields::shown(app, &wanted, &registration(traveller).typed, shell.locale);
    let shown = RegisterFieldsPage {
        id: "register-form",
        title: "register-details-title",
        lead: "register-details-lead",
        form: journey_form(traveller, Place::Details.path()),
        fields,
        representative,
        back: format!("{}?journey={}", Place::Kind.path(), traveller.journey.id),
        errors,
        wait_seconds: None,
    };
    Ok(page::render(app, &shell, &shown, status)?)
}

async fn take(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (mut traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Details) {
        return Ok(response);
    }
    let mut registration = registration(&traveller);
    let wanted = fields::wanted(app, &traveller, kind(&traveller));
    for field in &wanted {
        if let Some(text) = typed(form, &field.name)? {
            registration.typed.insert(field.name.clone(), text.to_owned());
        }
    }
    if !genuine {
        // Shown again as it was typed, and nothing of it kept: the form may be a stranger's.
        traveller.journey.notes.registration = Some(registration);
        let error = FieldError::new("form", "form-stale");
        return render(app, visit, &traveller, vec![error], StatusCode::FORBIDDEN);
    }
    keep(app, &mut traveller, registration.clone()).await?;
    if let Err(errors) = fields::check(app, &wanted, &registration.typed) {
        journeys::record_error(&app.pool, traveller.journey.id, Reason::AttributeInvalid).await?;
        return render(app, visit, &traveller, errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(to(&traveller, Place::Contact.path()))
}
