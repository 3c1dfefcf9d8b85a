//! `/`: what this server is, and whether somebody is signed in at this browser.

use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    app::App,
    http::{
        fault::InternalError,
        page::{self, Problem},
        visit::Visit,
    },
    store::sessions,
    templates::{ErrorKind, HomePage},
};

/// `GET /`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    match serve(&app, &visit).await {
        Ok(response) => page::keep_language(&app, &visit, response),
        Err(error) => page::failure(&app, &visit, &error),
    }
}

async fn serve(app: &App, visit: &Visit) -> Result<Response, InternalError> {
    let login = match &visit.session {
        None => None,
        Some(cookie) => {
            let now = app.clock.now();
            let idle_since = now - app.settings.sessions.idle_ttl;
            sessions::find(&app.pool, cookie.digest(), None, now, idle_since).await?
        }
    };
    let page = HomePage {
        logout: login.is_some().then(|| "/oauth2/logout".to_owned()),
        person: login.map(|login| login.user.display_name()),
    };
    page::render(app, &visit.shell(app, None, None), &page, StatusCode::OK)
}

/// Every address that is not there.
pub async fn not_found(State(app): State<App>, visit: Visit) -> Response {
    let problem =
        Problem::new(StatusCode::NOT_FOUND, ErrorKind::NotFound, "not_found", "there is no such page");
    page::problem(&app, &visit, None, problem)
}
