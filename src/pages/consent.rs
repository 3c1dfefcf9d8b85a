//! What the client would get, shown with its values, to be allowed or refused.

use std::collections::BTreeSet;

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{labels, resume, traveller::Traveller};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::{Refusal, Step},
    model::{
        consent::{Asked, Decision},
        locale::Locale,
        user::User,
    },
    protocol::{oauth2::claims::Registry, openid2_identity},
    store::{journeys, sessions::Login},
    templates::{ConsentPage, ConsentRow, FieldError, Verified},
};

/// `GET /consent?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /consent`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, decide(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let id = form.get("journey").ok().flatten().unwrap_or_default();
    let traveller = Traveller::find(app, visit, id).await?;
    match (traveller.step(app), &traveller.login) {
        (Ok(Step::Consent(asked)), Some(login)) => {
            render(app, visit, &traveller, login, &asked, None, StatusCode::OK)
        }
        _ => Ok(page::see_other(&traveller.next())),
    }
}

async fn decide(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let (Ok(Step::Consent(asked)), Some(login)) = (traveller.step(app), &traveller.login) else {
        // Decided already (a second press), or signed out meanwhile: where the journey stands says the rest.
        return Ok(page::see_other(&traveller.next()));
    };
    if !genuine {
        let error = Some(FieldError::new("form", "form-stale"));
        return render(app, visit, &traveller, login, &asked, error, StatusCode::FORBIDDEN);
    }
    log::user(login.user.id);
    match form.get("decision") {
        Ok(Some("allow")) => {}
        Ok(Some("deny")) => return resume::refuse(app, visit, &traveller, Refusal::Denied).await,
        _ => {
            let problem = Problem::developer("invalid_request", "decision: is neither allow nor deny");
            return Err(Fault::Reject(problem));
        }
    }
    let ticked = form.all("claim").unwrap_or_default();
    let (allowed, refused): (BTreeSet<_>, BTreeSet<_>) =
        asked.optional.iter().cloned().partition(|name| ticked.contains(&name.as_str()));
    let decision = Decision {
        user_id: login.user.id,
        scopes: asked.scopes,
        attributes: allowed.into_iter().chain(asked.required).collect(),
        refused,
        remember: traveller.request.user_code().is_none() && form.get("remember").ok().flatten().is_some(),
    };
    journeys::record_decision(&app.pool, traveller.journey.id, &decision, app.clock.now()).await?;
    log::outcome("consent_given");
    Ok(page::see_other(&traveller.next()))
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    login: &Login,
    asked: &Asked,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = traveller.shell_at(app, visit, "/consent");
    let refused = login.consent.as_ref().map(|consent| &consent.refused);
    let required = asked.required.iter().map(|name| (name, false));
    let mut rows: Vec<_> = required.chain(asked.optional.iter().map(|name| (name, true))).collect();
    rows.sort_by_key(|(name, _)| labels::place(name));
    let rows = rows.into_iter().map(|(name, optional)| {
        let checked = !refused.is_some_and(|refused| refused.contains(name));
        let value = match name.as_str() {
            // The one value that may be another at every client.
            "openid2_id" => openid2_identity::identifier(app, traveller.request.client(), &login.user),
            name => labels::value(app, &login.user, name, shell.locale),
        };
        row(app, &login.user, name, value, optional, checked, shell.locale)
    });
    let user_code = traveller.request.user_code();
    // Of a device the person is asked every time: there is nothing to remember.
    let remembered = traveller.request.client().is_some() && user_code.is_none();
    let page = ConsentPage {
        action: "/consent".into(),
        journey: traveller.journey.id.to_string(),
        csrf: traveller.csrf(),
        person: login.user.display_name(),
        rows: rows.collect(),
        scopes: valueless(app, asked, shell.locale),
        remember: remembered.then_some(true),
        user_code: user_code.map(str::to_owned),
        errors: error.into_iter().collect(),
    };
    Ok(page::render(app, &shell, &page, status)?)
}

fn row(
    app: &App,
    user: &User,
    name: &str,
    value: String,
    optional: bool,
    checked: bool,
    locale: Locale,
) -> ConsentRow {
    let checked_value = labels::checked(user, name);
    ConsentRow {
        name: name.to_owned(),
        label: labels::attribute(app, name, locale),
        value,
        level: checked_value.map(|value| value.level),
        verified: checked_value.and_then(|value| value.verified_at).map(|at| Verified { date: at.date() }),
        optional,
        checked,
    }
}

/// What scopes without values allow, in words.
fn valueless(app: &App, asked: &Asked, locale: Locale) -> Vec<String> {
    let registry = Registry { scopes: &app.settings.scopes, attributes: &app.settings.attributes };
    let valueless =
        asked.scopes.iter().filter(|scope| registry.attributes_for([scope.as_str()], []).is_empty());
    let scopes = valueless.filter_map(|scope| app.settings.scopes.get(scope));
    scopes.filter_map(|scope| labels::in_language(&scope.labels, locale).cloned()).collect()
}
