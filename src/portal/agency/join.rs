//! `/agency/officials/new`: an account for an official, at level 2, since the agency that employs a
//! person says who they are. Its owner chooses the password by the link in their mail.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use serde_json::json;

use super::{invitation, list};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::UserId,
    model::{attribute::Level, role::RoleName, user::UserKind},
    pages::fields,
    portal::staff::{Purpose, Staff, done},
    store::{
        StoreError, officials, people,
        users::{self, NewAttribute, NewUser},
    },
    templates::{AttributeField, FieldError, OfficialFormPage},
};

/// The page's address.
const PATH: &str = "/agency/officials/new";
/// What is asked: the attribute, and whether it may be left empty.
const FIELDS: [(&str, bool); 6] = [
    ("citizen_id", false),
    ("first_name", false),
    ("last_name", false),
    ("email", false),
    ("occupation", true),
    ("organization.division", true),
];

/// `GET /agency/officials/new`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /agency/officials/new`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, add(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let role = RoleName::AgencyAdministrator;
    match Staff::find(app, visit, role, Purpose::Look, PATH).await? {
        Ok(staff) => render(app, visit, &staff, &Form::default(), Vec::new(), StatusCode::OK),
        Err(elsewhere) => Ok(elsewhere),
    }
}

async fn add(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let role = RoleName::AgencyAdministrator;
    let staff = match Staff::find(app, visit, role, Purpose::Change, PATH).await? {
        Ok(staff) => staff,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !staff.visitor.sent(form) {
        let errors = vec![FieldError::new("form", "form-stale")];
        return render(app, visit, &staff, form, errors, StatusCode::FORBIDDEN);
    }
    let wrong = |errors| render(app, visit, &staff, form, errors, StatusCode::UNPROCESSABLE_ENTITY);
    let user = match checked(app, &staff, form) {
        Ok(user) => user,
        Err(errors) => return wrong(errors),
    };
    let names: Vec<_> = user.attributes.iter().map(|attribute| &attribute.name).collect();
    let after = json!({"kind": user.kind, "agency": staff.agency(), "attributes": names, "level": 2});
    let entry = staff.entry_after(app, visit, "user.insert", Some(user.id), after);
    match users::insert(&app.pool, &user, officials::SOURCE, &entry).await {
        Ok(()) => {}
        // Who holds the number is not told: only that no second account can be made for it.
        Err(StoreError::Taken(constraint)) if constraint == "user_attributes_verified_identifier" => {
            return wrong(vec![FieldError::new("citizen_id", "agency-taken")]);
        }
        Err(StoreError::Taken(_)) => {
            return wrong(vec![FieldError::new("username", "agency-username-taken")]);
        }
        Err(error) => return Err(error.into()),
    }
    log::outcome("official_added");
    if let Some(user) = people::find(&app.pool, user.id).await? {
        invitation::send(app, visit, &staff, &user).await?;
    }
    Ok(done(list::PATH, "invited"))
}

/// The account to make.
fn checked(app: &App, staff: &Staff, form: &Form) -> Result<NewUser, Vec<FieldError>> {
    let now = app.clock.now();
    let (mut errors, mut attributes) = (Vec::new(), Vec::new());
    let employed = NewAttribute {
        name: "organization.name".to_owned(),
        value: staff.agency().to_owned(),
        level: Level::REGISTERED,
        identifier: false,
    };
    for (name, optional) in FIELDS {
        let typed = text(form, name);
        let Some(definition) = app.settings.attributes.get(name) else { continue };
        if typed.is_empty() {
            if !optional {
                errors.push(FieldError::new(name, "portal-missing"));
            }
            continue;
        }
        match definition.normalised(typed, now.date()) {
            Ok(value) => attributes.push(NewAttribute {
                name: name.to_owned(),
                value,
                level: Level::REGISTERED,
                identifier: definition.identifier,
            }),
            Err(wrong) => errors.push(FieldError::new(name, wrong.key())),
        }
    }
    let mail = attributes.iter().find(|attribute| attribute.name == "email").map(|mail| mail.value.clone());
    let wished = Some(text(form, "username")).filter(|wished| !wished.is_empty()).map(str::to_owned);
    let username = wished.or(mail).unwrap_or_default();
    if username.chars().count() > 128 || username.chars().any(char::is_control) {
        errors.push(FieldError::new("username", "agency-username-wrong"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    attributes.push(employed);
    let id = UserId(app.rng.uuid(now));
    Ok(NewUser { id, kind: UserKind::GovernmentAgent, username, password_hash: None, attributes })
}

fn text<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).ok().flatten().unwrap_or_default().trim()
}

fn render(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    form: &Form,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = visit.shell(app, None, None);
    let field = |(name, optional): (&'static str, bool)| {
        let field = fields::field(app, name, text(form, name), shell.locale, !optional, false)?;
        // Somebody else's details: the browser must not offer the administrator's own.
        Some(AttributeField { autocomplete: "off", ..field })
    };
    let page = OfficialFormPage {
        agency: staff.agency().to_owned(),
        action: PATH.to_owned(),
        csrf: staff.visitor.csrf(),
        fields: FIELDS.into_iter().filter_map(field).collect(),
        username: text(form, "username").to_owned(),
        errors,
    };
    Ok(page::render(app, &shell, &page, status)?)
}
