//! `/account/security/password`: a new password. A fresh sign-in stands in for the old one, which
//! somebody at a browser left open does not have.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use secrecy::SecretString;

use super::{
    frame::{done, entry, frame, shell},
    visitor::{CHANGE, Visitor, signed_in},
};
use crate::{
    app::{App, notices},
    crypto::password::PasswordError,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::{
        attribute::Format,
        password::{check, normalised},
    },
    store::own_account,
    templates::{FieldError, PasswordPage},
};

const PAGE: &str = "/account/security/password";

/// `GET /account/security/password`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/security/password`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, change(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    render(app, visit, &visitor, None, StatusCode::OK)
}

async fn change(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    if !visitor.sent(form) {
        let error = FieldError::new("form", "form-stale");
        return render(app, visit, &visitor, Some(error), StatusCode::FORBIDDEN);
    }
    let user = &visitor.login.user;
    let typed = form.present("password").ok().flatten().unwrap_or_default();
    let password = normalised(&SecretString::from(typed));
    let identifiers = user.attributes.iter().filter(|(name, _)| {
        let definition = app.settings.attributes.get(*name);
        definition.is_some_and(|d| d.identifier || matches!(d.format, Format::Email | Format::Phone))
    });
    let context: Vec<&str> =
        identifiers.map(|(_, held)| held.value.as_str()).chain([user.username.as_str()]).collect();
    if let Err(fault) = check(&password, &context) {
        let error = FieldError::new("password", fault.key());
        return render(app, visit, &visitor, Some(error), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let hash = match app.passwords.hash(password, &app.rng).await {
        Err(PasswordError::Busy) => {
            let error = FieldError::new("form", "server-busy");
            let mut response = render(app, visit, &visitor, Some(error), StatusCode::SERVICE_UNAVAILABLE)?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            return Ok(response);
        }
        hash => hash?,
    };
    let line = entry(app, visit, &visitor, "user.set_password", None);
    own_account::change_password(&app.pool, user.id, &hash, visitor.login.session.id, &line).await?;
    notices::tell_owner(app, user, "notice-password-changed", &[]).await?;
    Ok(done(super::security::PAGE, "password"))
}

fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shown = PasswordPage {
        frame: frame(visit, visitor, "security"),
        username: visitor.login.user.username.clone(),
        errors: error.into_iter().collect(),
    };
    Ok(page::render(app, &shell(app, visit, visitor, PAGE), &shown, status)?)
}
