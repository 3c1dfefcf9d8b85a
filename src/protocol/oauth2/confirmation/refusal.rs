//! Requests that are refused before there is anything to confirm.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::answer::refused;
use crate::{
    http::{fault::Fault, log, visit::Visit},
    protocol::oauth2::{
        access_token::{BearerReject, challenge},
        reject::Reject,
    },
};

/// Why.
pub enum Refusal {
    /// The request or the client.
    Request(Reject),
    /// The person's name and password; the reason is for the log alone.
    Person(&'static str),
    /// The person's token.
    Bearer(BearerReject),
}

/// A fault of the request as one of this endpoint.
pub fn of_request(fault: Fault<Reject>) -> Fault<Refusal> {
    match fault {
        Fault::Reject(reject) => Fault::Reject(Refusal::Request(reject)),
        Fault::Internal(error) => Fault::Internal(error),
    }
}

/// A fault of a token as one of this endpoint.
pub fn of_bearer(fault: Fault<BearerReject>) -> Fault<Refusal> {
    match fault {
        Fault::Reject(reject) => Fault::Reject(Refusal::Bearer(reject)),
        Fault::Internal(error) => Fault::Internal(error),
    }
}

/// The answer. `dss`: in the words of the source system.
pub fn refuse(visit: &Visit, refusal: &Refusal, dss: bool) -> Response {
    match refusal {
        Refusal::Request(reject) => refuse_request(reject, dss),
        Refusal::Person(why) => {
            log::detail(why);
            let said = "the user name or the password is wrong";
            let mut response = refused(StatusCode::UNAUTHORIZED, "invalid_grant", said);
            // RFC 7617 §2
            let challenge = HeaderValue::from_static("Basic realm=\"tamga\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            response
        }
        Refusal::Bearer(reject) => {
            let (status, code, description) = reject.told();
            challenge(visit, reject, refused(status, code.unwrap_or("invalid_token"), &description))
        }
    }
}

fn refuse_request(reject: &Reject, dss: bool) -> Response {
    if let Some(detail) = reject.detail() {
        log::detail(detail);
    }
    let status = StatusCode::from_u16(reject.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let code = match reject {
        Reject::Client { .. } if dss => "unauthorized_client",
        reject => reject.code(),
    };
    let mut response = refused(status, code, &reject.description());
    match reject {
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
