//! One line a request. Handlers add what they learn (client, account, outcome) from wherever they
//! are; the line never holds a path's parameters, a secret, a code, a token, a phone or a mail.

use std::{cell::RefCell, panic::AssertUnwindSafe, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;

use super::fault::internal;
use crate::{app::App, ids::RequestId};

tokio::task_local! {
    static LINE: RefCell<Line>;
}

#[derive(Default)]
struct Line {
    client: Option<String>,
    user: Option<String>,
    outcome: Option<String>,
    detail: Option<String>,
}

fn with(change: impl FnOnce(&mut Line)) {
    // Outside a request (a unit test of a handler's part) there is no line to add to.
    let _outside_a_request = LINE.try_with(|line| change(&mut line.borrow_mut()));
}

/// Notes which client the request was for: its own identifier or id, never a secret.
pub fn client(id: impl ToString) {
    with(|line| line.client = Some(id.to_string()));
}

/// Notes which account it was for, by id.
pub fn user(id: impl ToString) {
    with(|line| line.user = Some(id.to_string()));
}

/// Notes what came of it: an error code, `code_issued`, `login_failed`.
pub fn outcome(word: impl ToString) {
    with(|line| line.outcome = Some(word.to_string()));
}

/// Notes why, precisely, in words that hold nothing a peer sent.
pub fn detail(text: impl ToString) {
    with(|line| line.detail = Some(text.to_string()));
}

/// The layer: gives the request its id, turns a panic into a 500, writes the line.
pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.request_id();
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let started = Instant::now();
    let (mut response, line) = LINE
        .scope(RefCell::default(), async {
            let handled = AssertUnwindSafe(next.run(request)).catch_unwind().await;
            let response = handled.unwrap_or_else(|_| {
                tracing::error!(request_id = %id, "a handler panicked");
                internal(&id).into_response()
            });
            (response, LINE.with(RefCell::take))
        })
        .await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    let status = response.status().as_u16();
    let route = route.as_deref().unwrap_or("(none)");
    let elapsed = started.elapsed();
    metrics::counter!("tamga_requests_total", "route" => route.to_owned(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("tamga_request_seconds", "route" => route.to_owned()).record(elapsed.as_secs_f64());
    tracing::info!(
        target: "tamga::request",
        request_id = %id,
        %method,
        route,
        status,
        client = line.client,
        user = line.user,
        outcome = line.outcome,
        detail = line.detail,
        elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

/// The id that the layer gave a request.
pub fn request_id(extensions: &axum::http::Extensions) -> Option<RequestId> {
    extensions.get::<RequestId>().copied()
}
