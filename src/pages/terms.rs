//! `/terms`: what people agree to, where the operator gives no page of their own.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    http::{page, visit::Visit},
    templates::TermsPage,
};

/// `GET /terms`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    if let Some(url) = &app.settings.branding.terms_url {
        return page::see_other(url.as_str()).into_response();
    }
    let shell = visit.shell(&app, None, None);
    let shown = page::render(&app, &shell, &TermsPage {}, StatusCode::OK);
    page::settle(&app, &visit, None, shown.map_err(Into::into))
}

/// Where the terms are.
pub(super) fn href(app: &App) -> String {
    app.settings.branding.terms_url.as_ref().map_or_else(|| "/terms".to_owned(), ToString::to_string)
}
