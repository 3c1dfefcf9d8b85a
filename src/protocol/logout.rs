//! What the wings' ways of signing out share: the session's end, the question, the page after it.

use axum::{http::StatusCode, response::Response};

use crate::{
    app::App,
    form::Form,
    http::{
        cookies, csrf,
        fault::{Fault, InternalError},
        log,
        page::{self, Problem},
        visit::Visit,
    },
    model::locale::Locale,
    store::{self, sessions::Login},
    templates::{BackLink, LoggedOutPage, LogoutPage},
};

/// A request to sign out, as the person is shown it.
pub struct Asked<'r> {
    /// Where the question's form is posted.
    pub action: &'static str,
    /// What the form repeats of the request.
    pub kept: Vec<(&'static str, &'r str)>,
    /// Who asks, when that is known.
    pub client: Option<String>,
    /// The language asked for.
    pub locale: Option<Locale>,
}

/// Who is signed in at this browser.
///
/// # Errors
/// When the database fails.
pub async fn signed_in(app: &App, visit: &Visit) -> Result<Option<Login>, InternalError> {
    let Some(cookie) = &visit.session else { return Ok(None) };
    let now = app.clock.now();
    let idle_since = now - app.settings.sessions.idle_ttl;
    Ok(store::sessions::find(&app.pool, cookie.digest(), None, now, idle_since).await?)
}

/// Whether the person answered the question: only our own form has the token.
pub fn is_confirmed(visit: &Visit, form: &Form) -> bool {
    let token = form.get("csrf").ok().flatten();
    visit.session.as_ref().zip(token).is_some_and(|(cookie, token)| csrf::matches(cookie, token))
}

/// Ends the session.
///
/// # Errors
/// When the database fails.
pub async fn end(app: &App, login: &Login) -> Result<(), InternalError> {
    log::user(login.user.id);
    log::outcome("logged_out");
    store::sessions::end(&app.pool, login.session.id, app.clock.now()).await?;
    Ok(())
}

/// Sends the browser, which is no longer signed in, on to an address that was found good.
pub fn go_back(app: &App, back: &str) -> Response {
    page::with_cookie(page::see_other(back), cookies::remove(app, cookies::SESSION))
}

/// The page after signing out; a link leads on, no redirect.
///
/// # Errors
/// When the page can't be rendered.
pub fn logged_out(
    app: &App,
    visit: &Visit,
    locale: Option<Locale>,
    back: Option<BackLink>,
) -> Result<Response, Fault<Problem>> {
    let shell = visit.shell(app, locale, None);
    let response = page::render(app, &shell, &LoggedOutPage { back }, StatusCode::OK)?;
    Ok(page::with_cookie(response, cookies::remove(app, cookies::SESSION)))
}

/// Asks the person.
///
/// # Errors
/// When the page can't be rendered.
pub fn ask(app: &App, visit: &Visit, login: &Login, asked: Asked<'_>) -> Result<Response, Fault<Problem>> {
    log::outcome("logout_asked");
    let hidden = asked.kept.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let page = LogoutPage {
        action: asked.action.to_owned(),
        csrf: visit.session.as_ref().map(csrf::token).unwrap_or_default(),
        hidden: hidden.collect(),
        person: login.user.display_name(),
        client: asked.client,
    };
    Ok(page::render(app, &visit.shell(app, asked.locale, None), &page, StatusCode::OK)?)
}
