//! `/account/profile`: changing what the person typed themselves. A change goes back to level 0, or
//! to 1 for an identifier whose check digit is right when the phone is confirmed; an identifier that
//! was verified is a registrar's to change.

use std::collections::{BTreeMap, BTreeSet};

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use serde_json::json;

use super::{
    contact::is_contact,
    frame::{done, entry, frame, shell},
    visitor::{LOOK, Visitor, signed_in},
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::{
        attribute::{AttributeDefinition, Format, Level},
        level::level_of_typed,
        user::User,
    },
    pages::{fields, labels},
    store::{own_account, users::NewAttribute},
    templates::{EditProfilePage, FieldError},
};

const PAGE: &str = "/account/profile";
/// The part of attributes that belong to no group.
const PERSON: &str = "person";

/// `GET /account/profile?part=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /account/profile`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, change(&app, &visit, &Form::parse(&body)).await)
}

/// The group an attribute is edited with: one matter, one page.
fn part_of(name: &str) -> &str {
    name.split_once('.').map_or(PERSON, |(part, _)| part)
}

fn page_of(part: &str) -> String {
    format!("{PAGE}?part={part}")
}

/// The attributes of this part that accounts of the person's kind have, and may type.
fn of_part<'a>(app: &'a App, user: &User, part: &str) -> Vec<(&'a String, &'a AttributeDefinition)> {
    let mut names: Vec<_> = app
        .settings
        .attributes
        .iter()
        .filter(|(name, definition)| {
            definition.applies_to(user.kind)
                && definition.format != Format::File
                && !is_contact(name)
                && part_of(name) == part
        })
        .collect();
    names.sort_by_key(|(name, _)| labels::place(name));
    names
}

fn is_locked(user: &User, name: &str, definition: &AttributeDefinition) -> bool {
    definition.identifier && user.attributes.get(name).is_some_and(|held| held.level > Level::CONFIRMED)
}

fn chosen_part(app: &App, user: &User, form: &Form) -> String {
    let asked = form.get("part").ok().flatten().unwrap_or(PERSON);
    if of_part(app, user, asked).is_empty() { PERSON.to_owned() } else { asked.to_owned() }
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    let part = chosen_part(app, &visitor.login.user, form);
    render(app, visit, &visitor, &part, &BTreeMap::new(), Vec::new(), StatusCode::OK)
}

async fn change(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    let user = &visitor.login.user;
    let part = chosen_part(app, user, form);
    let (mut typed, mut errors) = (BTreeMap::new(), Vec::new());
    let (mut changed, mut emptied) = (Vec::new(), Vec::new());
    let today = app.clock.now().date();
    let confirmed = user.attributes.get("mobile_phone").is_some_and(|phone| phone.level >= Level::CONFIRMED);
    for (name, definition) in of_part(app, user, &part) {
        if is_locked(user, name, definition) {
            continue;
        }
        let text = match form.present(name) {
            Ok(Some(text)) => text,
            Ok(None) => continue,
            Err(_) => {
                errors.push(FieldError::new(name.clone(), "attribute-error-text"));
                continue;
            }
        };
        typed.insert(name.clone(), text.to_owned());
        if text.trim().is_empty() {
            emptied.extend(user.attributes.contains_key(name).then(|| name.clone()));
            continue;
        }
        match definition.normalised(text, today) {
            Ok(value) if user.attribute(name) == Some(&value) => {}
            Ok(value) => changed.push(NewAttribute {
                level: level_of_typed(name, &value, confirmed, &app.settings.attributes),
                identifier: definition.identifier,
                name: name.clone(),
                value,
            }),
            Err(fault) => errors.push(FieldError::new(name.clone(), fault.key())),
        }
    }
    if !visitor.sent(form) {
        let stale = vec![FieldError::new("form", "form-stale")];
        return render(app, visit, &visitor, &part, &typed, stale, StatusCode::FORBIDDEN);
    }
    if !errors.is_empty() {
        return render(app, visit, &visitor, &part, &typed, errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    if changed.is_empty() && emptied.is_empty() {
        return Ok(done(super::profile::PAGE, "unchanged"));
    }
    let names: Vec<&String> = changed.iter().map(|new| &new.name).chain(&emptied).collect();
    let line = entry(app, visit, &visitor, "user.change_attributes", Some(json!({"names": names})));
    if !own_account::change_attributes(&app.pool, user.id, &changed, &emptied, &line).await? {
        // A registrar verified one of them while its owner typed.
        let locked = vec![FieldError::new("form", "edit-locked-what")];
        return render(app, visit, &visitor, &part, &typed, locked, StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(done(super::profile::PAGE, "profile"))
}

fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    part: &str,
    typed: &BTreeMap<String, String>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let user = &visitor.login.user;
    let shell = shell(app, visit, visitor, &page_of(part));
    let (locked, open): (Vec<_>, Vec<_>) = of_part(app, user, part)
        .into_iter()
        .partition(|(name, definition)| is_locked(user, name, definition));
    let field = |(name, _): (&String, &AttributeDefinition)| {
        let held = || user.attribute(name).unwrap_or_default().to_owned();
        let text = typed.get(name).cloned().unwrap_or_else(held);
        // All of it may stay empty, so nothing is called optional.
        fields::field(app, name, &text, shell.locale, true, false)
    };
    let parts: BTreeSet<&str> = app
        .settings
        .attributes
        .keys()
        .map(|name| part_of(name))
        .filter(|part| !of_part(app, user, part).is_empty())
        .collect();
    let mut parts: Vec<(String, String)> =
        parts.into_iter().map(|part| (part.to_owned(), part_label(app, part, shell.locale))).collect();
    parts.sort_by_key(|(part, _)| part != PERSON);
    let shown = EditProfilePage {
        frame: frame(visit, visitor, "profile"),
        part: part.to_owned(),
        parts,
        fields: open.into_iter().filter_map(field).collect(),
        locked: locked
            .into_iter()
            .map(|(name, _)| {
                (labels::attribute(app, name, shell.locale), labels::value(app, user, name, shell.locale))
            })
            .collect(),
        errors,
    };
    Ok(page::render(app, &shell, &shown, status)?)
}

/// What a group of attributes is called; an operator's own goes by its name.
fn part_label(app: &App, part: &str, locale: crate::model::locale::Locale) -> String {
    let key = match part {
        PERSON => "edit-part-person",
        "address" => "attribute-address",
        "organization" => "attribute-organization",
        "identification" => "edit-part-identification",
        other => return other.to_owned(),
    };
    app.templates().text(locale, key, &[])
}
