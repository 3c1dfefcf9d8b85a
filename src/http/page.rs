//! Pages as answers.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::{cookies, fault::InternalError, log, visit::Visit};
use crate::{
    app::App,
    model::locale::Locale,
    templates::{BackLink, ErrorKind, ErrorPage, Page, Shell},
};

/// Renders a page with this status.
///
/// # Errors
/// When a template fails.
pub fn render<P: Page>(
    app: &App,
    shell: &Shell,
    page: &P,
    status: StatusCode,
) -> Result<Response, InternalError> {
    let html = app.templates().page(shell, page)?;
    Ok((status, Html(html)).into_response())
}

/// What an error page says.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The answer's status.
    pub status: StatusCode,
    /// What kind of page.
    pub kind: ErrorKind,
    /// The standard's word.
    pub code: String,
    /// What a developer needs to know.
    pub description: String,
    /// Where to go on.
    pub back: Option<BackLink>,
}

impl Problem {
    /// A fault of the request, told to the relying party's developer.
    pub fn developer(code: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: ErrorKind::Developer,
            code: code.into(),
            description: description.into(),
            back: None,
        }
    }

    /// A page of this kind.
    pub fn new(status: StatusCode, kind: ErrorKind, code: &str, description: &str) -> Self {
        Self { status, kind, code: code.into(), description: description.into(), back: None }
    }
}

/// An error page in the person's language, with the request's id.
pub fn problem(app: &App, visit: &Visit, asked: Option<Locale>, problem: Problem) -> Response {
    log::outcome(&problem.code);
    let shell = visit.shell(app, asked, None);
    let page = ErrorPage {
        code: problem.code,
        description: problem.description,
        request_id: visit.request_id.to_string(),
        kind: problem.kind,
        back: problem.back,
    };
    render(app, &shell, &page, problem.status).unwrap_or_else(|error| {
        error.log(&visit.request_id);
        super::fault::internal(&visit.request_id).into_response()
    })
}

/// The page for a failure of ours; logs the failure.
pub fn failure(app: &App, visit: &Visit, error: &InternalError) -> Response {
    error.log(&visit.request_id);
    let kind = if error.is_temporary() { ErrorKind::Unavailable } else { ErrorKind::Internal };
    let description = "the server could not answer; quote the request id to its operator";
    let mut response =
        problem(app, visit, None, Problem::new(error.status(), kind, error.code(), description));
    if error.is_temporary() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// Adds a `Set-Cookie`.
pub fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Keeps a language that was clicked for the pages after this one.
pub fn keep_language(app: &App, visit: &Visit, response: Response) -> Response {
    let clicked =
        visit.uri.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("lang=")));
    if !clicked {
        return response;
    }
    let locale = visit.locale(app, None);
    let year = std::time::Duration::from_secs(365 * 24 * 3600);
    with_cookie(response, cookies::set(app, cookies::LANGUAGE, locale.tag(), year))
}

/// 303 See Other: after a form with credentials the browser must not repeat them to the next
/// address (RFC 9700 §4.12).
pub fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => (StatusCode::BAD_REQUEST, "the return address can't be sent in a header\n").into_response(),
    }
}
