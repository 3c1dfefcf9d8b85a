//! The attributes that the client requires and the account lacks: asked for, checked, kept. Those it
//! only wants may be offered beside them, and skipped.

use std::collections::{BTreeMap, BTreeSet};

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    fields::{self, Typed},
    traveller::Traveller,
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::{self, Step},
    model::{
        attribute::{Format, Level},
        journey::Reason,
        level::level_of_typed,
    },
    store::{
        journeys, own_account,
        sessions::Login,
        users::{self, NewAttribute},
    },
    templates::{AttributesPage, FieldError},
};

const PAGE: &str = "/attributes";

/// `GET /attributes?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /attributes`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, keep(&app, &visit, &Form::parse(&body)).await)
}

/// Whether everything missing can be typed: all of it is in the registry, and none of it a file.
pub fn can_ask(app: &App, missing: &[String]) -> bool {
    missing.iter().all(|name| !fields_of(app, name).is_empty() || name == "locale")
}

/// The fields behind a missing attribute, and whether each must be filled in. A composed one
/// (`address`) is asked part by part.
fn fields_of<'a>(app: &'a App, name: &'a str) -> Vec<(&'a str, bool)> {
    let registry = &app.settings.attributes;
    if let Some(definition) = registry.get(name) {
        return if definition.format == Format::File { Vec::new() } else { vec![(name, true)] };
    }
    let needed = ["address.province", "organization.name"];
    let parts =
        registry.keys().filter(|held| held.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
    parts.map(|part| (part.as_str(), needed.contains(&part.as_str()))).collect()
}

/// The fields of what is missing, and whether each must be filled in: none of what is only wanted.
fn asked<'a>(app: &'a App, missing: &'a [String], wanted: &'a [String]) -> Vec<(&'a str, bool)> {
    let offered = wanted.iter().flat_map(|name| fields_of(app, name)).map(|(name, _)| (name, false));
    let mut asked: Vec<_> = missing.iter().flat_map(|name| fields_of(app, name)).collect();
    let offered: Vec<_> = offered.filter(|(name, _)| asked.iter().all(|(held, _)| held != name)).collect();
    asked.extend(offered);
    asked.sort_by_key(|(name, _)| super::labels::place(name));
    asked
}

/// What is only wanted of this account and could be typed.
fn offered(app: &App, traveller: &Traveller, login: &Login) -> Vec<String> {
    let mut wanted = journey::wanted(traveller.request.requirements(), &login.user);
    wanted.retain(|name| !fields_of(app, name).is_empty());
    wanted
}

/// What the client signed: shown, and not the person's to change.
fn locked(traveller: &Traveller) -> BTreeMap<String, String> {
    let hints = traveller.request.hints();
    hints.iin.filter(|_| hints.iin_locked).map(|iin| ("iin".to_owned(), iin)).into_iter().collect()
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let id = form.get("journey").ok().flatten().unwrap_or_default();
    let traveller = Traveller::find(app, visit, id).await?;
    let (Ok(Step::Attributes(missing)), Some(login)) = (traveller.step(app), &traveller.login) else {
        return Ok(page::see_other(&traveller.next()));
    };
    let hints = traveller.request.hints();
    let known = [("iin", hints.iin), ("mobile_phone", hints.phone)];
    let raw = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let typed = Typed { raw, ..Typed::default() };
    render(app, visit, &traveller, login, &missing, typed, StatusCode::OK)
}

async fn keep(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let (Ok(Step::Attributes(missing)), Some(login)) = (traveller.step(app), &traveller.login) else {
        // Kept already (a second press), or signed out meanwhile.
        return Ok(page::see_other(&traveller.next()));
    };
    log::user(login.user.id);
    let skips = form.get("skip").ok().flatten().is_some();
    let wanted = if skips { Vec::new() } else { offered(app, &traveller, login) };
    let mut typed = fields::read(app, form, asked(app, &missing, &wanted), &locked(&traveller));
    if !genuine {
        typed.errors = vec![FieldError::new("form", "form-stale")];
        return render(app, visit, &traveller, login, &missing, typed, StatusCode::FORBIDDEN);
    }
    if !typed.errors.is_empty() {
        journeys::record_error(&app.pool, traveller.journey.id, Reason::AttributeInvalid).await?;
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return render(app, visit, &traveller, login, &missing, typed, status);
    }
    let phone = login.user.attributes.get("mobile_phone");
    let phone_confirmed = phone.is_some_and(|phone| phone.level > Level::UNVERIFIED);
    let registry = &app.settings.attributes;
    let attributes: Vec<_> = typed
        .values
        .into_iter()
        .map(|(name, value)| NewAttribute {
            level: level_of_typed(&name, &value, phone_confirmed, registry),
            identifier: registry.get(&name).is_some_and(|definition| definition.identifier),
            name,
            value,
        })
        .collect();
    let mut entry = visit.entry(app, login.user.id, "user.set_attributes");
    // Names alone: the journal is for ever.
    entry.after = Some(
        attributes
            .iter()
            .map(|attribute| attribute.name.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
    );
    users::set_attributes(&app.pool, login.user.id, &attributes, "self", &entry).await?;
    if missing.iter().any(|name| name == "locale") {
        let locale = visit.locale(app, traveller.request.locale());
        own_account::set_locale(&app.pool, login.user.id, locale, app.clock.now()).await?;
    }
    log::outcome("attributes_kept");
    Ok(page::see_other(&traveller.next()))
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    login: &Login,
    missing: &[String],
    typed: Typed,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = traveller.shell_at(app, visit, PAGE);
    let locked = locked(traveller);
    let wanted = offered(app, traveller, login);
    let fields = asked(app, missing, &wanted).into_iter().filter_map(|(name, required)| {
        let text = locked.get(name).or_else(|| typed.raw.get(name)).map_or("", String::as_str);
        fields::field(app, name, text, shell.locale, required, locked.contains_key(name))
    });
    let shown = AttributesPage {
        action: PAGE.into(),
        journey: traveller.journey.id.to_string(),
        csrf: traveller.csrf(),
        person: login.user.display_name(),
        fields: fields.collect(),
        skippable: !wanted.is_empty(),
        errors: typed.errors,
    };
    Ok(page::render(app, &shell, &shown, status)?)
}
