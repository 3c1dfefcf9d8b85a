//! What the wings' ways of signing out share: the session's end, the question, the page after it.

use std::collections::BTreeSet;

use axum::{
    http::{StatusCode, header},
    response::Response,
};

use super::oauth2::frontchannel::{self, Frame};
use crate::{
    app::App,
    form::Form,
    http::{
        csrf,
        fault::{Fault, InternalError},
        headers, log,
        page::{self, Problem},
        session_cookies,
        visit::Visit,
    },
    ids::SessionId,
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

/// What the browser does once nobody is signed in at it.
#[derive(Default)]
pub struct Farewell {
    /// The language asked for.
    pub locale: Option<Locale>,
    /// An address that was found good.
    pub back: Option<BackLink>,
    /// The browser goes there of itself; else the person is offered a link.
    pub onward: bool,
    /// What is loaded before.
    pub frames: Vec<Frame>,
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

/// Ends the session; relying parties that asked to be told server to server are, with the same write.
/// Gives what the browser has to load for the others.
///
/// # Errors
/// When the database fails.
pub async fn end(app: &App, login: &Login) -> Result<Vec<Frame>, InternalError> {
    log::user(login.user.id);
    store::sessions::end(&app.pool, login.session.id, app.clock.now()).await?;
    ended(app, login.session.id).await
}

/// What the browser has to load after the end of its session.
///
/// # Errors
/// When the database fails.
pub async fn ended(app: &App, session: SessionId) -> Result<Vec<Frame>, InternalError> {
    log::outcome("logged_out");
    frontchannel::frames(app, session).await
}

/// Answers a browser at which nobody is signed in any longer: sends it on at once, unless relying parties
/// are to be loaded or there is nowhere to go; then it is a page.
///
/// # Errors
/// When the page can't be rendered.
pub fn farewell(app: &App, visit: &Visit, farewell: Farewell) -> Result<Response, Fault<Problem>> {
    let Farewell { locale, back, onward, frames } = farewell;
    if let Some(back) = back.as_ref().filter(|_| onward && frames.is_empty()) {
        return Ok(session_cookies::remove(app, page::see_other(&back.href)));
    }
    let origins: BTreeSet<&str> = frames.iter().map(|frame| frame.origin.as_str()).collect();
    let policy = headers::policy_framing(origins).filter(|_| !frames.is_empty());
    let page = LoggedOutPage {
        onward: onward && back.is_some(),
        back,
        frames: frames.into_iter().map(|frame| frame.address).collect(),
    };
    let mut response = page::render(app, &visit.shell(app, locale, None), &page, StatusCode::OK)?;
    if let Some(policy) = policy {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(session_cookies::remove(app, response))
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
