//! `/account/representatives`: who acts for an organisation, on the organisation's own account.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    frame::{done, entry, frame, shell},
    profile,
    visitor::{CHANGE, LOOK, Visitor, signed_in},
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::{hints::Identifier, user::UserKind},
    pages::labels,
    store::representatives,
    templates::{FieldError, Moment, RepresentativeRow, RepresentativesPage},
};

const PAGE: &str = "/account/representatives";
/// The identifiers that name a representative.
const NAMES: [&str; 3] = ["citizen_id", "iin", "passport_id"];

/// `GET /account/representatives`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/representatives`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, add(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /account/representatives/remove`.
pub async fn remove(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take_away(&app, &visit, &Form::parse(&body)).await)
}

/// What was typed.
#[derive(Default)]
struct Typed {
    name: String,
    value: String,
    full_name: String,
}

impl Typed {
    fn read(form: &Form) -> Self {
        let text = |name| form.get(name).ok().flatten().unwrap_or_default().trim().to_owned();
        Self { name: text("name"), value: text("value"), full_name: text("full_name") }
    }
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    if visitor.login.user.kind != UserKind::JuristicPerson {
        return Ok(page::see_other(profile::PAGE));
    }
    render(app, visit, &visitor, Typed::default(), Vec::new(), StatusCode::OK).await
}

async fn add(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    if visitor.login.user.kind != UserKind::JuristicPerson {
        return Ok(page::see_other(profile::PAGE));
    }
    let typed = Typed::read(form);
    if !visitor.sent(form) {
        let stale = vec![FieldError::new("form", "form-stale")];
        return render(app, visit, &visitor, typed, stale, StatusCode::FORBIDDEN).await;
    }
    let mut errors = Vec::new();
    if typed.full_name.is_empty() || typed.full_name.chars().count() > 200 {
        errors.push(FieldError::new("full_name", "attribute-error-text"));
    }
    let definition = app.settings.attributes.get(&typed.name).filter(|_| NAMES.contains(&&*typed.name));
    let today = app.clock.now().date();
    let value = match definition.map(|definition| definition.normalised(&typed.value, today)) {
        Some(Ok(value)) => value,
        Some(Err(fault)) => {
            errors.push(FieldError::new("value", fault.key()));
            String::new()
        }
        None => {
            errors.push(FieldError::new("name", "choose-one"));
            String::new()
        }
    };
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    if !errors.is_empty() {
        return render(app, visit, &visitor, typed, errors, refused).await;
    }
    let (user, value) = (visitor.login.user.id, Identifier::from(value));
    let line = entry(app, visit, &visitor, "representative.insert", None);
    let full_name = Some(typed.full_name.as_str());
    if !representatives::insert(&app.pool, user, &typed.name, &value, full_name, &line).await? {
        let there = vec![FieldError::new("value", "representatives-there")];
        return render(app, visit, &visitor, typed, there, refused).await;
    }
    Ok(done(PAGE, "representative"))
}

async fn take_away(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    if visitor.login.user.kind != UserKind::JuristicPerson {
        return Ok(page::see_other(profile::PAGE));
    }
    let refuse = |key, status| {
        render(app, visit, &visitor, Typed::default(), vec![FieldError::new("form", key)], status)
    };
    if !visitor.sent(form) {
        return refuse("form-stale", StatusCode::FORBIDDEN).await;
    }
    let (user, typed) = (visitor.login.user.id, Typed::read(form));
    let held = representatives::list(&app.pool, user).await?;
    // Somebody must be left who can speak for it.
    if held.len() <= 1 {
        return refuse("representatives-last", StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let line = entry(app, visit, &visitor, "representative.remove", None);
    let value = Identifier::from(typed.value);
    if !representatives::remove(&app.pool, user, &typed.name, &value, &line).await? {
        return refuse("account-gone", StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    Ok(done(PAGE, "representative-removed"))
}

async fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    typed: Typed,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = shell(app, visit, visitor, PAGE);
    let label = |name: &str| labels::attribute(app, name, shell.locale);
    let held = representatives::list(&app.pool, visitor.login.user.id).await?;
    let row = |one: representatives::Representative| RepresentativeRow {
        label: label(&one.name),
        value: one.value.as_str().to_owned(),
        full_name: one.full_name.unwrap_or_default(),
        since: Moment(one.added_at),
        name: one.name,
    };
    let known = NAMES.into_iter().filter(|name| app.settings.attributes.contains_key(*name));
    let shown = RepresentativesPage {
        frame: frame(visit, visitor, "representatives"),
        rows: held.into_iter().map(row).collect(),
        names: known.map(|name| (name.to_owned(), label(name))).collect(),
        name: typed.name,
        value: typed.value,
        full_name: typed.full_name,
        errors,
    };
    Ok(page::render(app, &shell, &shown, status)?)
}
