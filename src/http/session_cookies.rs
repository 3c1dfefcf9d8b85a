//! The cookies of a browser session: the session's own, and beside it the browser state that relying
//! parties' pages compare with (OpenID Connect Session Management 1.0 §3.2, "OP browser state").
//!
//! The state must be readable by the script of our frame in a relying party's page, so it is neither
//! HttpOnly nor bound to our own site, and says nothing: a keyed digest of the session's id, good for
//! nothing but comparison.

use axum::{http::HeaderValue, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;

use super::{cookies, page, visit::Visit};
use crate::{app::App, ids::SessionId, secret::Token};

const STATE: &str = "tamga_browser_state";

/// The state of a browser with this session; one without any has the empty state.
pub fn state(app: &App, session: SessionId) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, app.sealer.derive("browser state").as_slice());
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, session.0.as_bytes()))
}

/// The name of the state's cookie, for the script that reads it.
pub fn state_name(app: &App) -> String {
    cookies::full_name(app, STATE)
}

/// Gives the browser a session's cookies.
pub fn set(app: &App, response: Response, session: SessionId, cookie: &Token) -> Response {
    let life = app.settings.sessions.absolute_ttl;
    let response = page::with_cookie(response, cookies::set(app, cookies::SESSION, cookie.expose(), life));
    page::with_cookie(response, state_cookie(app, &state(app, session), life.as_secs()))
}

/// Gives the browser the state of its session, should it have another or none: one that was deleted by
/// hand, or from before an encryption key was added.
pub fn refresh(app: &App, visit: &Visit, session: SessionId, response: Response) -> Response {
    let state = state(app, session);
    if cookies::read(app, &visit.headers, STATE).as_ref() == Some(&state) {
        return response;
    }
    let life = app.settings.sessions.absolute_ttl.as_secs();
    page::with_cookie(response, state_cookie(app, &state, life))
}

/// Takes both away.
pub fn remove(app: &App, response: Response) -> Response {
    let response = page::with_cookie(response, cookies::remove(app, cookies::SESSION));
    page::with_cookie(response, state_cookie(app, "", 0))
}

fn state_cookie(app: &App, value: &str, seconds: u64) -> Option<HeaderValue> {
    // Browsers take SameSite=None over TLS alone; without it, in development, relying parties are on this
    // machine, which is one site.
    let site = if app.is_secure() { "None; Secure" } else { "Lax" };
    let name = state_name(app);
    HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite={site}")).ok()
}
