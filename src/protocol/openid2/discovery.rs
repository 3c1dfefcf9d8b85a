//! Discovery (OpenID Authentication 2.0 §7.3, Yadis 1.0): the documents and pages that tell a relying
//! party where to send people. None of them asks the database anything: they answer while it is away,
//! and the same for every well-formed name, so that they tell nobody who has an account.

use std::{io, sync::OnceLock};

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::json;

use super::{addresses, identity::is_well_formed, xrds};
use crate::{
    app::App,
    http::{
        accept::rather_than_html,
        fault::{Fault, InternalError},
        page::{self, Problem},
        visit::Visit,
    },
    templates::{ErrorKind, IdentityPage},
};

/// Yadis 1.0 §6.2.4: where the document of this address is.
const LOCATION: HeaderName = HeaderName::from_static("x-xrds-location");
const JSON: &str = "application/json";
const CACHED: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=300");
/// The same address has several answers, for caches on the way.
const VARY: (HeaderName, &str) = (header::VARY, "Accept");

/// `GET /openid2/xrds`: the document of the OP Identifier.
pub async fn provider(State(app): State<App>, visit: Visit) -> Response {
    settle(&app, &visit, provider_document(&app))
}

/// Before `GET /`, which is the OP Identifier: its document for whoever would rather have that, else
/// the page with the document's address.
pub async fn at_root(State(app): State<App>, visit: Visit, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    if rather_than_html(&visit.headers, &[xrds::MEDIA_TYPE]).is_some() {
        return settle(
            &app,
            &visit,
            provider_document(&app).map(|document| ([VARY], document).into_response()),
        );
    }
    let page = next.run(request).await;
    match location(&addresses(&app).op_xrds()) {
        Ok(location) => ([VARY], [(LOCATION, location)], page).into_response(),
        Err(error) => page::failure(&app, &visit, &error),
    }
}

/// `GET /id/{name}`: the page of an identity, its document, or who may speak for it.
pub async fn identity(State(app): State<App>, visit: Visit) -> Response {
    let answer = match name(&app, visit.uri.path()) {
        Some(name) => of_name(&app, &visit, &name),
        None => Err(no_such_name()),
    };
    page::settle(&app, &visit, None, answer)
}

/// `GET /id/{name}/xrds`.
pub async fn identity_xrds(State(app): State<App>, visit: Visit) -> Response {
    let name = visit.uri.path().strip_suffix("/xrds").and_then(|path| name(&app, path));
    of_document(&app, &visit, name.is_some())
}

/// `GET /user_xrds.aspx?id=`.
pub async fn user_xrds(State(app): State<App>, visit: Visit) -> Response {
    let query = visit.query();
    let name = query.get("id").ok().flatten();
    of_document(&app, &visit, name.is_some_and(is_well_formed))
}

fn of_document(app: &App, visit: &Visit, well_formed: bool) -> Response {
    let answer = match well_formed {
        true => identity_document(app).map_err(Fault::Internal),
        false => Err(no_such_name()),
    };
    page::settle(app, visit, None, answer)
}

/// The well-formed name in a path of ours.
fn name(app: &App, path: &str) -> Option<String> {
    let addresses = addresses(app);
    addresses.name_in(&format!("{}{path}", addresses.base))
}

fn of_name(app: &App, visit: &Visit, name: &str) -> Result<Response, Fault<Problem>> {
    match rather_than_html(&visit.headers, &[xrds::MEDIA_TYPE, JSON]) {
        Some(xrds::MEDIA_TYPE) => Ok(([VARY], identity_document(app)?).into_response()),
        // OpenID 2.0 to OpenID Connect Migration 1.0 §6: whose id_tokens may speak of this identifier.
        Some(_) => Ok(([CACHED, VARY], Json(json!({ "iss": app.issuer }))).into_response()),
        None => {
            let addresses = addresses(app);
            let shown =
                IdentityPage { address: addresses.identity(name), op_endpoint: addresses.op_endpoint() };
            let page = page::render(app, &visit.shell(app, None, None), &shown, StatusCode::OK)?;
            let location = location(&addresses.identity_xrds(name))?;
            Ok(([VARY], [(LOCATION, location)], page).into_response())
        }
    }
}

fn no_such_name() -> Fault<Problem> {
    let why = "no account can have this name";
    Fault::Reject(Problem::new(StatusCode::NOT_FOUND, ErrorKind::NotFound, "not_found", why))
}

fn settle(app: &App, visit: &Visit, answer: Result<Response, InternalError>) -> Response {
    page::settle(app, visit, None, answer.map_err(Fault::Internal))
}

fn location(address: &str) -> Result<HeaderValue, InternalError> {
    HeaderValue::from_str(address).map_err(|error| InternalError::Failed(error.into()))
}

fn provider_document(app: &App) -> Result<Response, InternalError> {
    document(app, &app.op_xrds, xrds::of_provider)
}

fn identity_document(app: &App) -> Result<Response, InternalError> {
    document(app, &app.identity_xrds, xrds::of_identity)
}

/// A document, written once: addresses don't change while the server runs. It has no `X-XRDS-Location`
/// of its own: a relying party that follows it would go in circles.
fn document(
    app: &App,
    kept: &OnceLock<Bytes>,
    write: fn(&str) -> io::Result<Vec<u8>>,
) -> Result<Response, InternalError> {
    let written = match kept.get() {
        Some(written) => written.clone(),
        None => {
            let written = write(&addresses(app).op_endpoint());
            let written = written.map_err(|error| InternalError::Failed(error.into()))?;
            kept.get_or_init(|| written.into()).clone()
        }
    };
    let media_type = (header::CONTENT_TYPE, "application/xrds+xml; charset=utf-8");
    Ok(([CACHED, media_type], written).into_response())
}
