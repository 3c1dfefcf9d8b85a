//! The cookie of a browser that signed in before.

use std::time::Duration;

use axum::http::HeaderValue;

use super::{cookies, visit::Visit};
use crate::{app::App, crypto::known_browser::KnownBrowser, ids::UserId};

/// The cookie's name.
const COOKIE: &str = "tamga_known";
/// How long a browser is remembered.
const LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// The browser, if it signed in to some account before.
pub fn find(app: &App, visit: &Visit) -> Option<KnownBrowser> {
    KnownBrowser::read(&cookies::read(app, &visit.headers, COOKIE)?, &key(app))
}

/// Whether this browser signed in to this account before.
pub fn knows(app: &App, browser: &KnownBrowser, user: UserId) -> bool {
    browser.knows(user, &key(app))
}

/// The `Set-Cookie` after a sign-in to this account.
pub fn learn(app: &App, visit: &Visit, user: UserId) -> Option<HeaderValue> {
    let mut browser = find(app, visit).unwrap_or_else(|| KnownBrowser::new(&app.rng));
    browser.learn(user, &key(app));
    cookies::set(app, COOKIE, &browser.cookie(&key(app)), LIFE)
}

fn key(app: &App) -> [u8; 32] {
    *app.sealer.derive("known browsers")
}
