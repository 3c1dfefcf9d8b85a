//! Style, script and images. Their names carry a hash of their content, so they are kept for ever.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::app::App;

/// `GET /static/{*path}`.
pub async fn get(State(app): State<App>, Path(path): Path<String>) -> Response {
    match app.templates().asset(&path) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.content_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.body).into_response()
        }
        None => (StatusCode::NOT_FOUND, "no such file\n").into_response(),
    }
}
