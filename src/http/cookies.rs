//! Cookies: `__Host-`, Secure, HttpOnly, SameSite=Lax. On plain-HTTP loopback in development
//! without the prefix and Secure, because browsers would drop them.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

use crate::{app::App, ids::JourneyId, secret::Token};

/// The browser session's cookie.
pub const SESSION: &str = "tamga_session";
/// The language chosen with the switch.
pub const LANGUAGE: &str = "tamga_language";

/// The cookie that ties a journey to the browser that began it; one a journey, so that two tabs
/// don't disturb one another.
pub fn journey(id: JourneyId) -> String {
    format!("tamga_journey_{}", id.0.simple())
}

/// The name as the browser knows it.
pub(super) fn full_name(app: &App, name: &str) -> String {
    if app.is_secure() { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of a cookie the browser sent; `None` when it sent none, or several of that name
/// (a planted one beside ours must not be guessed between).
pub fn read(app: &App, headers: &HeaderMap, name: &str) -> Option<String> {
    let name = full_name(app, name);
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned());
    match (found.next(), found.next()) {
        (Some(value), None) if !value.is_empty() => Some(value),
        _ => None,
    }
}

/// A `Set-Cookie` value that lasts for `life`.
pub fn set(app: &App, name: &str, value: &str, life: Duration) -> Option<HeaderValue> {
    let secure = if app.is_secure() { "; Secure" } else { "" };
    let name = full_name(app, name);
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
        life.as_secs()
    ))
    .ok()
}

/// A `Set-Cookie` value that takes a cookie away.
pub fn remove(app: &App, name: &str) -> Option<HeaderValue> {
    set(app, name, "", Duration::ZERO)
}

/// The session cookie the browser sent.
pub fn session(app: &App, headers: &HeaderMap) -> Option<Token> {
    read(app, headers, SESSION).map(Token::from)
}
