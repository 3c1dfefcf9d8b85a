//! Answers to direct requests: lines of keys and values (OpenID Authentication 2.0 §5.1.2).

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};

use super::{
    association_request::{BadRequest, Unsupported},
    diffie_hellman::BadExchange,
    fields::Fields,
    message::{Malformed, OPENID2_NS, Version},
};
use crate::http::{
    fault::{Fault, InternalError, internal},
    log,
    visit::Visit,
};

/// Why a direct request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The message as such.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A parameter is left out.
    #[error("openid.{0} is missing")]
    Missing(&'static str),
    /// A number of a key exchange.
    #[error(transparent)]
    Exchange(#[from] BadExchange),
    /// Types that are not served.
    #[error("{}", .0.why)]
    Unsupported(Unsupported),
    /// A mode that is unknown, or only served to browsers.
    #[error("openid.mode is none that is served here")]
    Mode,
    /// A direct request that came as GET.
    #[error("this openid.mode is for direct requests, which are sent as POST")]
    NotPost,
}

impl Refusal {
    /// The word for the log.
    fn code(&self) -> &'static str {
        match self {
            Self::Unsupported(_) => "unsupported-type",
            _ => "invalid_request",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotPost => StatusCode::METHOD_NOT_ALLOWED,
            // OpenID 2.0 §5.1.2.2: a malformed request or invalid arguments: 400.
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<BadRequest> for Refusal {
    fn from(bad: BadRequest) -> Self {
        match bad {
            BadRequest::Missing(name) => Self::Missing(name),
            BadRequest::Exchange(bad) => Self::Exchange(bad),
            BadRequest::Unsupported(instead) => Self::Unsupported(instead),
        }
    }
}

/// The answer's first lines: OpenID 2.0 §5.1.2 demands `ns`, OpenID 1.1 knows none.
pub fn begin(version: Version) -> Fields {
    match version {
        Version::V1 => Fields::new(),
        Version::V2 => Fields::new().with("ns", OPENID2_NS),
    }
}

/// The answer to a good request: OpenID 2.0 §5.1.2.1 demands 200.
pub fn answer(visit: &Visit, fields: &Fields) -> Response {
    lines(visit, StatusCode::OK, fields)
}

/// The answer to one that is refused, or that we failed to serve (§5.1.2.2).
pub fn refuse(visit: &Visit, version: Version, fault: &Fault<Refusal>) -> Response {
    let refusal = match fault {
        Fault::Internal(error) => return failed(visit, version, error),
        Fault::Reject(refusal) => refusal,
    };
    log::outcome(refusal.code());
    let mut fields = begin(version).with("error", description(refusal));
    if let (Refusal::Unsupported(instead), Version::V2) = (refusal, version) {
        // OpenID 2.0 §8.2.4, with which the relying party asks again.
        fields.set("error_code", "unsupported-type");
        fields.set("session_type", instead.session_type.name());
        fields.set("assoc_type", instead.assoc_type.name());
    }
    fields.set("reference", visit.request_id.to_string());
    let mut response = lines(visit, refusal.status(), &fields);
    if *refusal == Refusal::NotPost {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// A direct request that came as GET (§5.1.1: "The message MUST be encoded as a POST body").
pub fn not_post(visit: &Visit, version: Version) -> Response {
    refuse(visit, version, &Fault::Reject(Refusal::NotPost))
}

fn failed(visit: &Visit, version: Version, error: &InternalError) -> Response {
    error.log(&visit.request_id);
    let fields = begin(version)
        .with("error", "the server could not answer")
        .with("reference", visit.request_id.to_string());
    let mut response = lines(visit, error.status(), &fields);
    if error.is_temporary() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

fn lines(visit: &Visit, status: StatusCode, fields: &Fields) -> Response {
    match fields.to_key_value() {
        Ok(lines) => (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], lines).into_response(),
        Err(error) => {
            InternalError::Failed(Box::new(error)).log(&visit.request_id);
            internal(&visit.request_id).into_response()
        }
    }
}

/// The text on one line: a parameter's name is a stranger's, and a newline in it would be a field of
/// our answer.
fn description(refusal: &Refusal) -> String {
    let clean = |c: char| if c.is_control() { '?' } else { c };
    refusal.to_string().chars().take(300).map(clean).collect()
}
