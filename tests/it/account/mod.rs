//! The person's own pages, as a person and as a stranger use them.

mod applications;
mod closing;
mod contact;
mod files;
mod passkeys;
mod profile;
mod representatives;
mod security;
mod sessions;

use crate::{
    oauth2::Scene,
    support::{app::PASSWORD, browser::Browser, browser::Stop},
};

/// Goes to a page of one's own, signing in with the password where that is asked.
pub async fn visit(browser: &mut Browser, username: &str, path: &str) -> Stop {
    let stop = browser.open(path).await;
    if !stop.has("login-form") {
        return stop;
    }
    browser.submit("login-form", &[("username", username), ("password", PASSWORD)]).await
}

/// The scene's person at a page of their own.
pub async fn at(scene: &mut Scene, path: &str) -> Stop {
    visit(&mut scene.browser, "somchai", path).await
}

/// Ten minutes and a second: no page that changes how the account is protected takes this session.
pub fn grow_stale(scene: &Scene) {
    scene.app.clock.advance(time::Duration::seconds(601));
}
