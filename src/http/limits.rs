//! Bounds on what a peer may send, checked before anything else looks at it, and the early answer
//! while the database is away.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{fault::InternalError, page, visit::Visit};
use crate::{app::App, store::StoreError};

/// The largest body in bytes.
pub const BODY: usize = 64 * 1024;
/// The longest header or query in bytes.
const HEAD: usize = 16 * 1024;

/// A header over 16 KiB is 431, a query or path over 16 KiB is 414.
pub async fn layer(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path().len() > HEAD || uri.query().is_some_and(|query| query.len() > HEAD) {
        return (StatusCode::URI_TOO_LONG, "the address is longer than 16 KiB\n").into_response();
    }
    if let Some((name, _)) = request.headers().iter().find(|(_, value)| value.len() > HEAD) {
        let text = format!("the header {name} is longer than 16 KiB\n");
        return (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text).into_response();
    }
    next.run(request).await
}

/// While the database is away a request that needs it gets 503 at once, and one that was under way
/// is given up: within 2 s nobody hangs on a frozen database.
pub async fn database_layer(State(app): State<App>, visit: Visit, request: Request, next: Next) -> Response {
    if !app.presence.is_present() {
        return unavailable(&app, &visit);
    }
    tokio::select! {
        biased;
        response = next.run(request) => response,
        () = app.presence.away() => unavailable(&app, &visit),
    }
}

fn unavailable(app: &App, visit: &Visit) -> Response {
    let error = InternalError::Unavailable(StoreError::Database(sqlx::Error::PoolTimedOut));
    if visit.wants_html() { page::failure(app, visit, &error) } else { error.json(&visit.request_id) }
}
