//! Answers with documents that may be kept for a while, and 304 for whoever has one already (RFC 9110
//! §15.4.5, RFC 9111 §4.3).

use std::time::Duration;

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::model::document::Document;

/// The document, for anybody to keep this long; or 304 where the copy named in the request still holds.
pub fn answer(
    document: &Document,
    asked: &HeaderMap,
    content_type: &'static str,
    max_age: Duration,
) -> Response {
    let headers = [
        (header::ETAG, document.tag.to_string()),
        (header::CACHE_CONTROL, format!("public, max-age={}", max_age.as_secs())),
    ];
    let named = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    if named.into_iter().any(|value| document.is_named(value)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    ([(header::CONTENT_TYPE, content_type)], headers, document.body.clone()).into_response()
}
