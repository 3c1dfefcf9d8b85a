//! A client's logo, from us: nobody else learns that somebody is about to sign in.

use axum::{
    extract::{Path, State},
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    http::{page, visit::Visit},
    ids::ClientId,
    model::client::Client,
    store::client_logos,
};

/// Even opened by itself a picture runs nothing and loads nothing.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Where a client's logo is; the address changes with the picture, so that it can be kept for ever.
pub fn address(client: &Client) -> Option<String> {
    let fingerprint = client.settings.oidc.logo_sha256.as_ref()?;
    Some(format!("/clients/{}/logo?v={}", client.id, fingerprint.get(..16)?))
}

/// `GET /clients/{id}/logo`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let none = || (StatusCode::NOT_FOUND, "no such logo\n").into_response();
    let Ok(id) = id.parse::<ClientId>() else { return none() };
    let kept = match client_logos::find(&app.pool, id).await {
        Ok(Some(kept)) => kept,
        Ok(None) => return none(),
        Err(error) => return page::failure(&app, &visit, &error.into()),
    };
    let hex: String = kept.digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{hex}\"");
    let query = visit.query();
    let version = query.get("v").ok().flatten().unwrap_or_default();
    let current = version.len() == 16 && hex.starts_with(version);
    let cached = if current { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    let common = [
        (header::CACHE_CONTROL, cached),
        (header::ETAG, tag.as_str()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(header::CONTENT_TYPE, kept.media_type.word())], kept.content).into_response()
}
