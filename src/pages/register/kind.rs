//! `/register`: what kind of account.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{Place, elsewhere, journey_form, keep, registration, shell, to, typed};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    ids::UserId,
    model::user::UserKind,
    pages::{login::own_journey, traveller::Traveller},
    templates::{FieldError, RegisterKindPage},
};

/// `GET /register?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /register`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, choose(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let Some(id) = form.get("journey").ok().flatten() else {
        return Ok(own_journey(app, Place::Kind.path()).await?);
    };
    let traveller = Traveller::find(app, visit, id).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Kind) {
        return Ok(response);
    }
    render(app, visit, &traveller, None, StatusCode::OK)
}

/// The kinds that can be made here: with a signed IIN only those that are known by one.
fn offered(traveller: &Traveller) -> Vec<UserKind> {
    let locked = traveller.request.hints().iin_locked;
    UserKind::ALL.iter().copied().filter(|kind| !locked || kind.verify_codes().contains(&"iin")).collect()
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shown = RegisterKindPage {
        form: journey_form(traveller, Place::Kind.path()),
        kinds: offered(traveller),
        chosen: registration(traveller).kind,
        login: format!("/login?journey={}", traveller.journey.id),
        errors: error.into_iter().collect(),
    };
    Ok(page::render(app, &shell(app, visit, traveller, Place::Kind.path()), &shown, status)?)
}

async fn choose(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (mut traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Kind) {
        return Ok(response);
    }
    if !genuine {
        let error = FieldError::new("form", "form-stale");
        return render(app, visit, &traveller, Some(error), StatusCode::FORBIDDEN);
    }
    let chosen = typed(form, "kind")?.and_then(|word| word.parse().ok());
    let Some(kind) = chosen.filter(|kind| offered(&traveller).contains(kind)) else {
        let error = FieldError::new("kind", "register-kind-missing");
        return render(app, visit, &traveller, Some(error), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let mut registration = registration(&traveller);
    registration.kind = Some(kind);
    registration.account.get_or_insert_with(|| UserId(app.rng.uuid(app.clock.now())));
    keep(app, &mut traveller, registration).await?;
    Ok(to(&traveller, Place::Details.path()))
}
