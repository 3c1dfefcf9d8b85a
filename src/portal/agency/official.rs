//! `/agency/officials/{id}`: one official of the own agency: send the link again, or shut out.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;

use super::{invitation, list};
use crate::{
    app::{App, notices},
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::UserId,
    model::{
        role::RoleName,
        user::{User, username_key},
    },
    pages::labels,
    portal::{
        registrar,
        staff::{Purpose, Staff, done, not_found},
    },
    store::{journal, officials, people, users},
    templates::{FieldError, OfficialPage, OfficialRow},
};

/// An official of the administrator's agency.
struct Found {
    user: User,
    has_password: bool,
}

/// `GET /agency/officials/{id}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit, &id).await)
}

/// `POST /agency/officials/{id}`.
pub async fn post(State(app): State<App>, visit: Visit, Path(id): Path<String>, body: Bytes) -> Response {
    page::settle(&app, &visit, None, change(&app, &visit, &id, &Form::parse(&body)).await)
}

fn path(id: &str) -> String {
    id.parse().map_or_else(|_| list::PATH.to_owned(), |id: UserId| format!("/agency/officials/{id}"))
}

async fn find(app: &App, staff: &Staff, id: &str) -> Result<Found, Fault<Problem>> {
    let missing = || Fault::Reject(not_found());
    let id: UserId = id.parse().map_err(|_| missing())?;
    // Another agency's official and nobody at all are the same to this administrator.
    let state = officials::find_state(&app.pool, staff.agency(), id).await?.ok_or_else(missing)?;
    let user = people::find(&app.pool, id).await?.ok_or_else(missing)?;
    Ok(Found { user, has_password: state.has_password })
}

async fn show(app: &App, visit: &Visit, id: &str) -> Result<Response, Fault<Problem>> {
    let role = RoleName::AgencyAdministrator;
    let staff = match Staff::find(app, visit, role, Purpose::Look, &path(id)).await? {
        Ok(staff) => staff,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let found = find(app, &staff, id).await?;
    journal::insert(&app.pool, &staff.entry(app, visit, "agency.view", Some(found.user.id))).await?;
    render(app, visit, &staff, &found, &Form::default(), Vec::new(), StatusCode::OK)
}

async fn change(app: &App, visit: &Visit, id: &str, form: &Form) -> Result<Response, Fault<Problem>> {
    let role = RoleName::AgencyAdministrator;
    let staff = match Staff::find(app, visit, role, Purpose::Change, &path(id)).await? {
        Ok(staff) => staff,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let found = find(app, &staff, id).await?;
    let refuse = |errors, status| render(app, visit, &staff, &found, form, errors, status);
    if !staff.visitor.sent(form) {
        return refuse(vec![FieldError::new("form", "form-stale")], StatusCode::FORBIDDEN);
    }
    if form.get("do") == Ok(Some("invite")) {
        // Once a password is chosen, a link would be a way past it.
        let may = !found.has_password && found.user.disabled_at.is_none();
        if !may || !invitation::send(app, visit, &staff, &found.user).await? {
            let errors = vec![FieldError::new("form", "agency-not-invited")];
            return refuse(errors, StatusCode::UNPROCESSABLE_ENTITY);
        }
        return Ok(done(&path(id), "invited"));
    }
    let errors = wrong(&staff, &found.user, form);
    if !errors.is_empty() {
        return refuse(errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    if found.user.disabled_at.is_none() {
        let mut entry = staff.entry(app, visit, "user.disable", Some(found.user.id));
        entry.before = Some(json!({"disabled": false}));
        entry.after =
            Some(json!({"disabled": true, "agency": staff.agency(), "reason": text(form, "reason")}));
        users::set_disabled(&app.pool, found.user.id, true, &entry).await?;
        log::outcome("official_shut_out");
        let further = [("agency", staff.agency())];
        notices::tell_owner(app, &found.user, "notice-shut-out", &further).await?;
    }
    Ok(done(&path(id), "shut-out"))
}

/// What is wrong with a form that shuts out.
fn wrong(staff: &Staff, user: &User, form: &Form) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if user.id == staff.id() {
        errors.push(FieldError::new("form", "agency-own"));
    }
    if let Some(key) = registrar::wrong_reason(text(form, "reason")) {
        errors.push(FieldError::new("reason", key));
    }
    if username_key(text(form, "name")) != username_key(&user.username) {
        errors.push(FieldError::new("name", "agency-name-differs"));
    }
    errors
}

fn text<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).ok().flatten().unwrap_or_default().trim()
}

fn render(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    found: &Found,
    form: &Form,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = visit.shell(app, None, None);
    let user = &found.user;
    let mut names: Vec<&String> = user.attributes.keys().collect();
    names.sort_by_key(|name| labels::place(name));
    // What else the person keeps in their account is none of the agency's business.
    let given = names
        .into_iter()
        .filter(|name| user.attributes.get(*name).is_some_and(|held| held.source == officials::SOURCE));
    let row = |name: &String| OfficialRow {
        label: labels::attribute(app, name, shell.locale),
        value: labels::value(app, user, name, shell.locale),
    };
    let query = visit.query();
    let page = OfficialPage {
        name: user.display_name(),
        username: user.username.clone(),
        action: path(&user.id.to_string()),
        csrf: staff.visitor.csrf(),
        rows: given.map(row).collect(),
        disabled: user.disabled_at.is_some(),
        invited: !found.has_password && user.disabled_at.is_none(),
        own: user.id == staff.id(),
        reason: text(form, "reason").to_owned(),
        typed_name: text(form, "name").to_owned(),
        done: match query.get("done") {
            Ok(Some("invited")) if errors.is_empty() => Some("agency-invited"),
            Ok(Some("shut-out")) if errors.is_empty() => Some("agency-shut-out-done"),
            _ => None,
        },
        errors,
    };
    Ok(page::render(app, &shell, &page, status)?)
}
