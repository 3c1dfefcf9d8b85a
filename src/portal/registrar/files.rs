//! `/registrar/people/{id}/files/{file}`: a document or photo that a person sent, for registrars
//! alone.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::person;
use crate::{
    app::App,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::role::RoleName,
    portal::staff::{Purpose, Staff, not_found},
    store::{evidence, journal},
};

/// `GET /registrar/people/{id}/files/{file}`.
pub async fn get(State(app): State<App>, visit: Visit, Path((id, file)): Path<(String, String)>) -> Response {
    page::settle(&app, &visit, None, serve(&app, &visit, &id, &file).await)
}

async fn serve(app: &App, visit: &Visit, id: &str, file: &str) -> Result<Response, Fault<Problem>> {
    let back = person::path(id);
    let staff = match Staff::find(app, visit, RoleName::Registrar, Purpose::Look, &back).await? {
        Ok(staff) => staff,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let user = person::find(app, id).await?;
    let file = file.parse().map_err(|_| Fault::Reject(not_found()))?;
    let found = evidence::find_document(&app.pool, user.id, file).await?;
    let (media_type, content) = found.ok_or_else(|| Fault::Reject(not_found()))?;
    let entry = staff.entry_after(app, visit, "registrar.view_file", Some(user.id), json!({"file": file}));
    journal::insert(&app.pool, &entry).await?;
    // Pictures are shown; anything else is saved, so that no file of a stranger's runs as a page
    // of ours. `nosniff` and `no-store` are on every answer (http::headers).
    let (media_type, disposition, ending) = match media_type.as_str() {
        "image/jpeg" => ("image/jpeg", "inline", "jpg"),
        "image/png" => ("image/png", "inline", "png"),
        "image/webp" => ("image/webp", "inline", "webp"),
        "application/pdf" => ("application/pdf", "attachment", "pdf"),
        _ => ("application/octet-stream", "attachment", "bin"),
    };
    let disposition = format!("{disposition}; filename=\"{file}.{ending}\"");
    let mut response = ([(header::CONTENT_TYPE, media_type)], content).into_response();
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
