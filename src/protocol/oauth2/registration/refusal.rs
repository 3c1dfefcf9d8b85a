//! Refusals of the registration endpoints (RFC 7591 §3.2.2, RFC 7592 §2).

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    http::{fault::Fault, log, visit::Visit},
    protocol::oauth2::reject::printable,
};

/// Why a registration is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The body can't be read.
    #[error("{0}")]
    Body(String),
    /// A return address can't be registered.
    #[error("redirect_uris: {0}")]
    RedirectUri(String),
    /// Another member can't be.
    #[error("{name}: {why}")]
    Metadata {
        /// The member.
        name: String,
        /// What is wrong with it and what would be right.
        why: String,
    },
    /// A software statement that is none.
    #[error("software_statement: is no signed JWT")]
    Statement,
    /// A software statement of somebody nobody here knows.
    #[error("software_statement: none is accepted here; leave it out")]
    UnapprovedStatement,
    /// No token, where one is needed.
    #[error("a bearer token is needed")]
    NoToken,
    /// The token is not good.
    #[error("the token is unknown, used up, expired or another client's")]
    Token,
    /// An operator has shut the client out.
    #[error("the client is disabled")]
    Disabled,
    /// Too many from one address.
    #[error("too many registrations from this address; try again in {seconds} s")]
    TooMany {
        /// When to try again.
        seconds: u64,
    },
}

impl Refusal {
    /// A member at fault.
    pub fn of(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Metadata { name: name.into(), why: why.into() }
    }

    /// Status and the standard's word.
    pub fn told(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Body(_) | Self::Metadata { .. } => (StatusCode::BAD_REQUEST, "invalid_client_metadata"),
            Self::RedirectUri(_) => (StatusCode::BAD_REQUEST, "invalid_redirect_uri"),
            Self::Statement => (StatusCode::BAD_REQUEST, "invalid_software_statement"),
            Self::UnapprovedStatement => (StatusCode::BAD_REQUEST, "unapproved_software_statement"),
            Self::NoToken | Self::Token => (StatusCode::UNAUTHORIZED, "invalid_token"),
            Self::Disabled => (StatusCode::FORBIDDEN, "access_denied"),
            Self::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable"),
        }
    }
}

/// The JSON of RFC 7591 §3.2.2.
pub fn answer(visit: &Visit, fault: &Fault<Refusal>) -> Response {
    let refusal = match fault {
        Fault::Internal(error) => return error.json(&visit.request_id),
        Fault::Reject(refusal) => refusal,
    };
    let (status, code) = refusal.told();
    log::outcome(code);
    let body = json!({"error": code, "error_description": printable(&refusal.to_string())});
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    match refusal {
        // RFC 6750 §3.1: a request without a token is not told of an error.
        Refusal::NoToken => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Refusal::Token => {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        Refusal::TooMany { seconds } => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        _ => {}
    }
    response
}
