//! `/registrar/people/{id}`: what an account holds, what its owner sent, and the form to say how
//! well a value was checked.
//!
//! 1. who asks is a registrar with a fresh second factor, and not the person themselves;
//! 2. the form is checked against the person as they are now (`judgement.rs`);
//! 3. the write decides: a value changed meanwhile or an identifier taken is told beside its field;
//! 4. the owner is told.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    judgement::{self, Checked, Typed},
    view,
};
use crate::{
    app::{App, notices},
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    model::{role::RoleName, user::User},
    portal::staff::{Purpose, Staff, done, not_found},
    store::{
        evidence::{self, Judgement},
        journal, people,
    },
    templates::FieldError,
};

/// Values of the history that are shown.
const HISTORY: i64 = 50;

/// The page of the person with this id.
pub fn path(id: &str) -> String {
    // Only an id of ours becomes part of an address.
    id.parse().map_or_else(
        |_| super::search::PATH.to_owned(),
        |id: crate::ids::UserId| format!("/registrar/people/{id}"),
    )
}

/// The person with this id.
///
/// # Errors
/// The page that says there is none.
pub async fn find(app: &App, id: &str) -> Result<User, Fault<Problem>> {
    let id = id.parse().map_err(|_| Fault::Reject(not_found()))?;
    people::find(&app.pool, id).await?.ok_or_else(|| Fault::Reject(not_found()))
}

/// `GET /registrar/people/{id}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit, &id).await)
}

/// `POST /registrar/people/{id}`.
pub async fn post(State(app): State<App>, visit: Visit, Path(id): Path<String>, body: Bytes) -> Response {
    page::settle(&app, &visit, None, change(&app, &visit, &id, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, id: &str) -> Result<Response, Fault<Problem>> {
    let staff = match Staff::find(app, visit, RoleName::Registrar, Purpose::Look, &path(id)).await? {
        Ok(staff) => staff,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let user = find(app, id).await?;
    journal::insert(&app.pool, &staff.entry(app, visit, "registrar.view", Some(user.id))).await?;
    render(app, visit, &staff, &user, None, Vec::new(), StatusCode::OK).await
}

async fn change(app: &App, visit: &Visit, id: &str, form: &Form) -> Result<Response, Fault<Problem>> {
    let staff = match Staff::find(app, visit, RoleName::Registrar, Purpose::Change, &path(id)).await? {
        Ok(staff) => staff,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let user = find(app, id).await?;
    let typed = Typed::read(form, &user);
    let refused = |key, status| (vec![FieldError::new("form", key)], status);
    let refusal = if user.id == staff.id() {
        Some(refused("registrar-own", StatusCode::FORBIDDEN))
    } else if !staff.visitor.sent(form) {
        Some(refused("form-stale", StatusCode::FORBIDDEN))
    } else {
        None
    };
    if let Some((errors, status)) = refusal {
        return render(app, visit, &staff, &user, Some(&typed), errors, status).await;
    }
    if form.get("do") == Ok(Some("seen")) {
        let entry = staff.entry(app, visit, "registrar.review", Some(user.id));
        evidence::review(&app.pool, user.id, &entry).await?;
        return Ok(done(&path(id), "seen"));
    }
    let today = app.clock.now().date();
    let errors = match judgement::check(&typed, &user, &app.settings.attributes, today) {
        Err(errors) => errors,
        Ok(checked) => match judge(app, visit, &staff, &user, &typed, &checked).await? {
            Judgement::Done => {
                log::outcome("levels_set");
                notices::tell_owner(app, &user, "notice-registrar", &[]).await?;
                return Ok(done(&path(id), "changed"));
            }
            Judgement::Taken(name) => vec![FieldError::new(format!("value-{name}"), "registrar-taken")],
            Judgement::Changed(name) => vec![FieldError::new(format!("value-{name}"), "registrar-changed")],
        },
    };
    // As the person is now: another registrar may have been quicker.
    let user = find(app, id).await?;
    render(app, visit, &staff, &user, Some(&typed), errors, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn judge(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    user: &User,
    typed: &Typed,
    checked: &Checked,
) -> Result<Judgement, Fault<Problem>> {
    let levels = |level: fn(&evidence::Judged) -> Value| -> Map<String, Value> {
        checked.values.iter().map(|one| (one.name.clone(), level(one))).collect()
    };
    let corrected = checked.values.iter().filter(|one| one.value != one.seen).map(|one| &one.name);
    let mut entry = staff.entry(app, visit, "registrar.set_levels", Some(user.id));
    // Names and levels; the values stay in the account's own history, which can be erased.
    entry.before = Some(json!({"levels": levels(|one| json!(one.seen_level))}));
    entry.after = Some(json!({
        "levels": levels(|one| json!(one.level)),
        "corrected": corrected.collect::<Vec<_>>(),
        "evidence": checked.evidence,
        "reason": typed.reason,
    }));
    Ok(evidence::judge(&app.pool, user.id, &checked.values, &entry).await?)
}

async fn render(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    user: &User,
    typed: Option<&Typed>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let documents = evidence::list_documents(&app.pool, user.id).await?;
    let history = evidence::list_history(&app.pool, user.id, HISTORY).await?;
    let shell = visit.shell(app, None, None);
    let mut page = view::page(app, user, &documents, &history, typed, shell.locale);
    page.own = user.id == staff.id();
    page.csrf = staff.visitor.csrf();
    page.errors = errors;
    let query = visit.query();
    page.done = match query.get("done") {
        Ok(Some("changed")) if typed.is_none() => Some("registrar-done"),
        Ok(Some("seen")) if typed.is_none() => Some("registrar-seen-done"),
        _ => None,
    };
    Ok(page::render(app, &shell, &page, status)?)
}
