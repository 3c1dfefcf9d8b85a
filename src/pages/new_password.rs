//! `/password/new`: the new password, for who brought back the code of a forgotten one. The write
//! decides who uses the right to it; the account's other sessions end, and its owner is told.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use secrecy::SecretString;

use super::{forgotten::throttle_key, traveller::Traveller};
use crate::{
    app::{App, notices},
    crypto::password::PasswordError,
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::Step,
    model::{
        password::{self, normalised},
        user::User,
    },
    secret::Token,
    store::{
        passwords::{self, NewPassword, Right},
        users,
    },
    templates::{FieldError, NewPasswordPage, PasswordEndPage, Shell},
};

/// The page.
pub(super) const PAGE: &str = "/password/new";

/// `GET /password/new?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /password/new`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take(&app, &visit, &Form::parse(&body)).await)
}

/// Whose password may be set in this journey: `Err` with where others go.
async fn owner(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
) -> Result<Result<User, Response>, Fault<Problem>> {
    if traveller.step(app) != Ok(Step::Login) {
        return Ok(Err(page::see_other(&traveller.next())));
    }
    let reset = traveller.journey.notes.reset.clone().unwrap_or_default();
    if reset.done {
        // A second press after the password was set lands on the next page all the same.
        return Ok(Err(done(app, &traveller.shell_at(app, visit, PAGE), traveller.next())?));
    }
    let user = match reset.user.filter(|_| reset.confirmed) {
        Some(id) => users::find_by_id(&app.pool, id).await?,
        None => None,
    };
    let elsewhere = || page::see_other(&format!("/password/forgotten?journey={}", traveller.journey.id));
    Ok(user.filter(|user| user.disabled_at.is_none()).ok_or_else(elsewhere))
}

/// The page that says that the password is set.
pub(super) fn done(app: &App, shell: &Shell, href: String) -> Result<Response, Fault<Problem>> {
    Ok(page::render(app, shell, &PasswordEndPage { done: true, href }, StatusCode::OK)?)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let traveller =
        Traveller::find(app, visit, form.get("journey").ok().flatten().unwrap_or_default()).await?;
    match owner(app, visit, &traveller).await? {
        Err(response) => Ok(response),
        Ok(user) => {
            let shell = traveller.shell_at(app, visit, PAGE);
            render(app, &shell, &shown(&traveller, &user), None, StatusCode::OK)
        }
    }
}

fn shown(traveller: &Traveller, user: &User) -> NewPasswordPage {
    NewPasswordPage {
        title: "new-password-title",
        action: PAGE.into(),
        hidden: vec![("journey", traveller.journey.id.to_string()), ("csrf", traveller.csrf())],
        username: user.username.clone(),
        errors: Vec::new(),
    }
}

/// The page, with what is wrong.
pub(super) fn render(
    app: &App,
    shell: &Shell,
    shown: &NewPasswordPage,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let mut shown = shown.clone();
    shown.errors.extend(error);
    let mut response = page::render(app, shell, &shown, status)?;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    Ok(response)
}

async fn take(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let user = match owner(app, visit, &traveller).await? {
        Err(response) => return Ok(response),
        Ok(user) => user,
    };
    let shell = traveller.shell_at(app, visit, PAGE);
    let shown = shown(&traveller, &user);
    if !genuine {
        let error = FieldError::new("form", "form-stale");
        return render(app, &shell, &shown, Some(error), StatusCode::FORBIDDEN);
    }
    let right = Right::Journey(traveller.journey.id);
    let name = traveller.journey.notes.reset.clone().unwrap_or_default().name;
    match set(app, visit, form, &user, right, &name).await? {
        Outcome::Refused(error, status) => render(app, &shell, &shown, Some(error), status),
        // Lost to another press of the same person: their password is set.
        Outcome::Set | Outcome::Gone => done(app, &shell, traveller.next()),
    }
}

/// What became of the wish to set a password.
pub(super) enum Outcome {
    /// It is set.
    Set,
    /// The right to set it was used up meanwhile.
    Gone,
    /// The password may not be used.
    Refused(FieldError, StatusCode),
}

/// Sets the password of the form, if it is a good one and the right to set it is there still.
pub(super) async fn set(
    app: &App,
    visit: &Visit,
    form: &Form,
    user: &User,
    right: Right,
    typed_name: &str,
) -> Result<Outcome, Fault<Problem>> {
    let typed = form
        .present("password")
        .map_err(|bad| Fault::Reject(Problem::developer("invalid_request", bad.to_string())))?;
    let password = normalised(&SecretString::from(typed.unwrap_or_default()));
    let values = user.attributes.values().map(|held| held.value.clone());
    let context: Vec<String> = values.chain([user.username.clone()]).collect();
    if let Some(error) = fault(&password, &context) {
        return Ok(Outcome::Refused(error, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let hash = match app.passwords.hash(password, &app.rng).await {
        Err(PasswordError::Busy) => {
            let error = FieldError::new("form", "server-busy");
            return Ok(Outcome::Refused(error, StatusCode::SERVICE_UNAVAILABLE));
        }
        hash => hash?,
    };
    let language = user.locale.unwrap_or(app.settings.locales.default);
    let contact = notices::owner(user);
    let message = contact.map(|contact| {
        notices::message(app, &user.display_name(), language, &contact, "notice-password-set", &[])
    });
    let entry = visit.entry(app, user.id, "user.set_password");
    let new = NewPassword {
        user: user.id,
        hash: &hash,
        keep: visit.session.as_ref().map(Token::digest),
        forgotten: &[throttle_key(&user.username), throttle_key(typed_name)],
        message: message.as_ref(),
    };
    if !passwords::reset(&app.pool, right, &new, &entry).await? {
        return Ok(Outcome::Gone);
    }
    log::user(user.id);
    log::outcome("password_set");
    Ok(Outcome::Set)
}

/// What is wrong with a new password, beside its field. `context` is what names the person.
pub(super) fn fault(password: &SecretString, context: &[String]) -> Option<FieldError> {
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    password::check(password, &context).err().map(|fault| FieldError::new("password", fault.key()))
}
