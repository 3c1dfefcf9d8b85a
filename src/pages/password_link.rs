//! `/password/link?token=`: a link good once, in a message or printed by an operator. Opening it
//! uses nothing up (mail scanners open links); sending the new password does.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::new_password::{self, Outcome};
use crate::{
    app::App,
    form::Form,
    http::{
        csrf,
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    model::{journey::LinkPurpose, user::User},
    secret::Token,
    store::{password_links, passwords::Right},
    templates::{FieldError, NewPasswordPage, PasswordEndPage, Shell},
};

const PAGE: &str = "/password/link";

/// `GET /password/link?token=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /password/link`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take(&app, &visit, &Form::parse(&body)).await)
}

fn token(form: &Form) -> Token {
    // None, or one sent twice, is a link that does not work.
    Token::from(form.get("token").ok().flatten().unwrap_or_default())
}

fn shell(app: &App, visit: &Visit, token: &Token) -> Shell {
    let mut shell = visit.shell(app, None, None);
    for link in &mut shell.languages {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token.expose())
            .append_pair("lang", link.locale.tag())
            .finish();
        link.href = format!("{PAGE}?{query}");
    }
    shell
}

fn shown(token: &Token, user: &User, purpose: LinkPurpose) -> NewPasswordPage {
    NewPasswordPage {
        title: match purpose {
            LinkPurpose::Reset => "new-password-title",
            LinkPurpose::Invitation => "new-password-title-invitation",
        },
        action: PAGE.into(),
        // The link's own secret is what another site's form could not know.
        hidden: vec![("token", token.expose().to_owned()), ("csrf", csrf::token(token))],
        username: user.username.clone(),
        errors: Vec::new(),
    }
}

/// Used, too old or never given out: one page for all, since which it was is nobody's business.
fn over(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    log::outcome("password_link_over");
    let shown = PasswordEndPage { done: false, href: "/password/forgotten".into() };
    Ok(page::render(app, &visit.shell(app, None, None), &shown, StatusCode::GONE)?)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let token = token(form);
    match password_links::find(&app.pool, token.digest(), app.clock.now()).await? {
        None => over(app, visit),
        Some((user, purpose)) => {
            let shell = shell(app, visit, &token);
            new_password::render(app, &shell, &shown(&token, &user, purpose), None, StatusCode::OK)
        }
    }
}

async fn take(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let token = token(form);
    let digest = token.digest();
    let Some((user, purpose)) = password_links::find(&app.pool, digest, app.clock.now()).await? else {
        return over(app, visit);
    };
    let shell = shell(app, visit, &token);
    let shown = shown(&token, &user, purpose);
    if !csrf::matches(&token, form.get("csrf").ok().flatten().unwrap_or_default()) {
        let error = FieldError::new("form", "form-stale");
        return new_password::render(app, &shell, &shown, Some(error), StatusCode::FORBIDDEN);
    }
    match new_password::set(app, visit, form, &user, Right::Link(digest), "").await? {
        Outcome::Refused(error, status) => new_password::render(app, &shell, &shown, Some(error), status),
        Outcome::Set => new_password::done(app, &visit.shell(app, None, None), "/login".into()),
        Outcome::Gone => over(app, visit),
    }
}
