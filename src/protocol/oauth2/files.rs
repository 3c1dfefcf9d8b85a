//! Binary data of a person by access token (`oauth2.md`, "Binary data"): it is never in a token.
//!
//! 1. Find the bearer, its grant, its person, its client: as at userinfo.
//! 2. A scope of the token must give the attribute, and the person must have allowed it.
//! 3. Answer with the newest file of that name.

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    access_token::{self, Bearer, BearerReject},
    claims::Registry,
};
use crate::{
    app::App,
    http::{fault::Fault, log, visit::Visit},
    model::attribute::Format,
    store::user_files::{self, Content},
};

/// `GET /api/v1/users/me/files/{name}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(name): Path<String>) -> Response {
    match serve(&app, &visit, &name).await {
        Ok(Some(file)) => {
            log::outcome("file");
            // What was checked when it was stored; `nosniff` and the rest come with every answer.
            let headers =
                [(header::CONTENT_TYPE, file.media_type.word()), (header::CONTENT_DISPOSITION, "attachment")];
            (headers, file.content).into_response()
        }
        Ok(None) => {
            log::outcome("not_found");
            let body = json!({"error": "not_found", "error_description": "the account holds no such file"});
            (StatusCode::NOT_FOUND, Json(body)).into_response()
        }
        Err(fault) => access_token::refuse(&visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, name: &str) -> Result<Option<Content>, Fault<BearerReject>> {
    let bearer = access_token::find(&visit.headers, None).map_err(Fault::Reject)?;
    let Bearer { grant, user, .. } = access_token::authorize_for_person(app, visit, &bearer).await?;
    let attributes = &app.settings.attributes;
    // The name of the registry, so that nothing of the request's goes into a header.
    let known = attributes.get_key_value(name).filter(|(_, definition)| definition.format == Format::File);
    let Some((name, _)) = known else { return Ok(None) };
    let registry = Registry { scopes: &app.settings.scopes, attributes };
    let covered = registry.attributes_for(grant.scopes.iter().map(String::as_str), []);
    if !covered.contains(name) {
        return Err(Fault::Reject(BearerReject::Scope(name.clone().into())));
    }
    if !user.attributes.contains_key(name) {
        return Ok(None);
    }
    // The scope was granted without this attribute: the person left it out.
    if !grant.attributes.contains(name) {
        return Err(Fault::Reject(BearerReject::Scope(name.clone().into())));
    }
    Ok(user_files::find(&app.pool, user.id, name).await?)
}
