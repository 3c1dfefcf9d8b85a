//! `check_session_iframe` (OpenID Connect Session Management 1.0 §3.3): a page for relying parties to
//! frame, whose script compares what they know with this browser's state. The page is the same for
//! everybody and sets no cookie, and any site may frame it: there is nothing on it to click.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

use crate::{
    app::App,
    http::{headers::Framable, session_cookies},
};

const POLICY: (HeaderName, HeaderValue) = (
    header::CONTENT_SECURITY_POLICY,
    HeaderValue::from_static("default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors *"),
);
const CACHED: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));

/// `GET /oauth2/check-session`.
pub async fn get(State(app): State<App>) -> Response {
    let script = app.templates().asset_href("check_session.js").unwrap_or_default();
    let cookie = session_cookies::state_name(&app);
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Session</title>\
         <script src=\"{script}\" data-cookie=\"{cookie}\"></script></head><body></body></html>\n"
    );
    let mut response = ([POLICY, CACHED], Html(page)).into_response();
    response.extensions_mut().insert(Framable);
    response
}
