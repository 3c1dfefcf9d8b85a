//! Replies as HTTP.

use axum::{http::StatusCode, response::Response};

use super::Reply;
use crate::{
    app::App,
    http::{fault::InternalError, page, visit::Visit},
    model::locale::Locale,
    templates::{BackLink, CodePage, DeniedPage, DeviceDonePage, FormPostPage, VerifierPage},
};

/// Sends a reply through the browser.
///
/// # Errors
/// When a template fails.
pub fn respond(
    app: &App,
    visit: &Visit,
    locale: Option<Locale>,
    reply: Reply,
) -> Result<Response, InternalError> {
    match reply {
        Reply::Redirect(location) => Ok(page::see_other(&location)),
        Reply::FormPost { action, fields } => {
            let shell = visit.shell(app, locale, None);
            page::render(app, &shell, &FormPostPage { action, fields }, StatusCode::OK)
        }
        Reply::Code(code) => {
            let shell = visit.shell(app, locale, None);
            page::render(app, &shell, &CodePage { code }, StatusCode::OK)
        }
        Reply::Verifier(verifier) => {
            let shell = visit.shell(app, locale, None);
            page::render(app, &shell, &VerifierPage { verifier }, StatusCode::OK)
        }
        Reply::Device { client, allowed } => {
            let mut shell = visit.shell(app, locale, None);
            // The journey is over: its address shows this page once.
            shell.languages.clear();
            page::render(app, &shell, &DeviceDonePage { client, allowed }, StatusCode::OK)
        }
        Reply::Denied { client, back } => {
            let shell = visit.shell(app, locale, None);
            let back = back.map(|href| BackLink { href, name: client.clone() });
            page::render(app, &shell, &DeniedPage { client, back }, StatusCode::OK)
        }
    }
}
