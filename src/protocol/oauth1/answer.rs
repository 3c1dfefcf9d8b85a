//! Answers of the direct endpoints: form-encoded text (RFC 5849 §2.1), or XML at user info.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{reject::Reject, signature::encode, xml};
use crate::{
    app::App,
    http::{fault::Fault, log, visit::Visit},
};

const FORM: &str = "application/x-www-form-urlencoded";
const XML: &str = "application/xml; charset=utf-8";

/// Parameters as a form.
pub fn form(parameters: &[(&str, &str)]) -> Response {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    ([(header::CONTENT_TYPE, FORM)], body).into_response()
}

/// A document.
pub fn document(xml: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, XML)], xml).into_response()
}

/// A refusal as a form.
pub fn refuse(app: &App, visit: &Visit, fault: &Fault<Reject>) -> Response {
    let reject = match fault {
        Fault::Internal(error) => return error.json(&visit.request_id),
        Fault::Reject(reject) => reject,
    };
    let told = reject.parameters();
    let pairs: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
    challenged(app, reject, form(&pairs))
}

/// A refusal as XML.
pub fn refuse_with_document(app: &App, visit: &Visit, fault: &Fault<Reject>) -> Response {
    let id = visit.request_id.to_string();
    match fault {
        Fault::Reject(reject) => {
            let body = xml::error(reject.code(), &id).unwrap_or_default();
            challenged(app, reject, document(body))
        }
        Fault::Internal(error) => {
            error.log(&visit.request_id);
            let mut response = document(xml::error(error.code(), &id).unwrap_or_default());
            *response.status_mut() = error.status();
            if error.is_temporary() {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            response
        }
    }
}

/// `WWW-Authenticate` (RFC 5849 §3.5.1) with the problem, as its extension wants it in both places.
pub fn challenge(app: &App, reject: &Reject) -> Option<HeaderValue> {
    let told = reject.parameters();
    let told: Vec<String> =
        told.iter().map(|(name, value)| format!(", {name}=\"{}\"", encode(value))).collect();
    HeaderValue::from_str(&format!("OAuth realm=\"{}\"{}", app.issuer, told.concat())).ok()
}

fn challenged(app: &App, reject: &Reject, mut response: Response) -> Response {
    log::outcome(reject.code());
    *response.status_mut() = StatusCode::from_u16(reject.status()).unwrap_or(StatusCode::BAD_REQUEST);
    if let Some(challenge) = challenge(app, reject) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
