//! Faults: a refusal in a protocol's own words, or an internal error that is logged once, here at
//! the edge, and of which the peer learns no more than the request's id.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    crypto::{jwt::JwtError, password::PasswordError, pool::PoolError, sealed::SealError},
    ids::RequestId,
    store::StoreError,
    templates::TemplateError,
};

/// Why a request was not served.
#[derive(Debug)]
pub enum Fault<R> {
    /// The protocol refuses.
    Reject(R),
    /// We failed.
    Internal(InternalError),
}

/// A failure of ours.
#[derive(Debug, thiserror::Error)]
pub enum InternalError {
    /// The database is away or too slow: try again later.
    #[error("unavailable: {0}")]
    Unavailable(StoreError),
    /// A queue of long work is full: try again later.
    #[error("busy: {0}")]
    Busy(PoolError),
    /// Anything else.
    #[error("{0}")]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl InternalError {
    /// Whether trying again later may help.
    pub fn is_temporary(&self) -> bool {
        !matches!(self, Self::Failed(_))
    }

    /// 503 when trying again may help, else 500.
    pub fn status(&self) -> StatusCode {
        if self.is_temporary() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR }
    }

    /// The word of RFC 6749 §4.1.2.1.
    pub fn code(&self) -> &'static str {
        if self.is_temporary() { "temporarily_unavailable" } else { "server_error" }
    }

    /// Writes it to the log, with the request it happened in.
    pub fn log(&self, id: &RequestId) {
        super::log::outcome(self.code());
        if self.is_temporary() {
            tracing::warn!(request_id = %id, error = %self, "a request could not be served now");
        } else {
            tracing::error!(request_id = %id, error = %self, "a request failed");
        }
    }

    /// The answer for a peer that speaks JSON; logs the error.
    pub fn json(&self, id: &RequestId) -> Response {
        self.log(id);
        let body = json!({
            "error": self.code(),
            "error_description": format!("the server could not answer; request id {id}"),
        });
        let mut response = (self.status(), Json(body)).into_response();
        if self.is_temporary() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

/// The plain answer when even the error page can't be made.
pub fn internal(id: &RequestId) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("server_error; request id {id}\n"))
}

impl From<StoreError> for InternalError {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() { Self::Unavailable(error) } else { Self::Failed(Box::new(error)) }
    }
}

impl From<PasswordError> for InternalError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy(PoolError::Busy),
            PasswordError::Failed(_) => Self::Failed(Box::new(error)),
        }
    }
}

impl From<PoolError> for InternalError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Busy => Self::Busy(error),
            PoolError::Failed(_) => Self::Failed(Box::new(error)),
        }
    }
}

macro_rules! failures {
    ($($error:ty),+) => {$(
        impl From<$error> for InternalError {
            fn from(error: $error) -> Self {
                Self::Failed(Box::new(error))
            }
        }
    )+};
}

failures!(TemplateError, JwtError, SealError, serde_json::Error);

impl<R, E: Into<InternalError>> From<E> for Fault<R> {
    fn from(error: E) -> Self {
        Self::Internal(error.into())
    }
}
