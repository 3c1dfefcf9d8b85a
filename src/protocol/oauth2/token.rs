//! The token endpoint (RFC 6749 §3.2).
//!
//! 1. Parameters come in the form body alone.
//! 2. The client is authenticated.
//! 3. What its tokens will be bound to: a DPoP key, a certificate, or nothing.
//! 4. The grant that `grant_type` names does the rest (`grant`).

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    binding::Binding,
    client_auth::authenticate,
    grant::{self, TokenRequest},
    issue::TokenAnswer,
    reject::Reject,
};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log, visit::Visit},
};

/// `POST /oauth2/token`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &body).await {
        Ok(answer) => answer.into_response(),
        Err(fault) => refuse(&visit, &fault),
    }
}

/// `POST /STS/oauth/token`: the same, but a client that can't be authenticated is told so in that
/// system's word.
pub async fn post_dss(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &body).await {
        Ok(answer) => answer.into_response(),
        Err(Fault::Reject(reject @ Reject::Client { .. })) => refuse_with(&reject, "unauthorized_client"),
        Err(fault) => refuse(&visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, body: &[u8]) -> Result<TokenAnswer, Fault<Reject>> {
    let form = read_form(visit, body)?;
    let client = authenticate(app, visit, &form).await?;
    let binding = Binding::of_request(app, visit, &client).await?;
    let request = TokenRequest { app, visit, client: &client, form: &form, binding: &binding };
    grant::issue(request).await
}

/// Reads the form of a direct request: in the body, as a form, each parameter once.
///
/// # Errors
/// [`Reject`] naming what is wrong.
pub fn read_form(visit: &Visit, body: &[u8]) -> Result<Form, Fault<Reject>> {
    // RFC 6749 §2.3.1, §3.2: credentials in an address end up in logs and histories.
    if visit.uri.query().is_some_and(|query| !query.is_empty()) {
        let why = "parameters belong in the body, none in the address";
        return Err(Fault::Reject(Reject::invalid("query", why)));
    }
    if !is_form(&visit.headers) {
        let why = "must be application/x-www-form-urlencoded";
        return Err(Fault::Reject(Reject::invalid("Content-Type", why)));
    }
    let form = Form::parse(body);
    match form.first_bad(&["resource", "audience"]) {
        Some(bad) => Err(Fault::Reject(bad.into())),
        None => Ok(form),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = sent.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The JSON of RFC 6749 §5.2.
pub fn refuse(visit: &Visit, fault: &Fault<Reject>) -> Response {
    match fault {
        Fault::Internal(error) => error.json(&visit.request_id),
        Fault::Reject(reject) => refuse_with(reject, reject.code()),
    }
}

fn refuse_with(reject: &Reject, code: &str) -> Response {
    log::outcome(code);
    if let Some(detail) = reject.detail() {
        log::detail(detail);
    }
    let status = StatusCode::from_u16(reject.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({"error": code, "error_description": reject.description()});
    let mut response = (status, axum::Json(body)).into_response();
    match reject {
        Reject::Client { basic: true, .. } => {
            // RFC 6749 §5.2: the scheme that was used is named back.
            let challenge = HeaderValue::from_static("Basic realm=\"tamga\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        Reject::TooMany { seconds, .. } => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        Reject::DpopNonce(nonce) => {
            if let Ok(nonce) = HeaderValue::from_str(nonce) {
                response.headers_mut().insert("dpop-nonce", nonce);
            }
        }
        _ => {}
    }
    response
}
