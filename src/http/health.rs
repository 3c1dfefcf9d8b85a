//! What a load balancer asks.

use std::time::Duration;

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;
use tokio::time::timeout;

use crate::{app::App, store};

/// A balancer must hear of a frozen database within 2 s.
const PATIENCE: Duration = Duration::from_millis(1500);

/// `GET /health/live`: the process answers.
pub async fn live() -> impl IntoResponse {
    axum::Json(json!({"status": "ok"}))
}

/// `GET /health/ready`: database, keys and migrations are in order; 503 names what is not.
pub async fn ready(State(app): State<App>) -> impl IntoResponse {
    let present = app.presence.is_present();
    let asked = timeout(PATIENCE, store::pending_migrations(&app.pool));
    let pending = if present { asked.await.ok().and_then(Result::ok) } else { None };
    let now = app.clock.now();
    let signs = app.keys.ring().signing(app.settings.oauth2.access_token_alg, now).is_some();
    let word = |ok: bool| if ok { "ok" } else { "fault" };
    let body = json!({
        "database": word(pending.is_some()),
        "migrations": word(pending == Some(0)),
        "keys": word(signs),
    });
    let status = if pending == Some(0) && signs { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(body))
}
