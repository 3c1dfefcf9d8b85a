//! The OP endpoint (OpenID Authentication 2.0 §4.1.2, §5): `openid.mode` says what is asked, by the
//! relying party itself (POST alone) or through the browser (either way).

use axum::{body::Bytes, extract::State, response::Response};

use super::{
    associate::associate,
    check_authentication::check_authentication,
    checkid,
    direct::{self, Refusal},
    message::{Malformed, Message},
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
};

/// `GET /openid2`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let (message, _) = read(&visit.query());
    if let Some("associate" | "check_authentication") = message.get("mode") {
        return direct::not_post(&visit, message.version());
    }
    let parameters = visit.uri.query().unwrap_or_default().to_owned();
    page::settle(&app, &visit, None, checkid::serve(&app, &visit, parameters, false).await)
}

/// `POST /openid2`. OpenID 2.0 §4.1.2: parameters "MUST only be sent in, and extracted from, the POST
/// body".
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    let (message, fault) = read(&Form::parse(&body));
    let direct = match message.get("mode") {
        Some("associate" | "check_authentication") => true,
        Some(mode) if mode.starts_with("check") => false,
        // A mode of nobody's: who gave a return address awaits its answer there.
        _ => message.get("return_to").is_none(),
    };
    if !direct {
        return match String::from_utf8(body.to_vec()) {
            Ok(parameters) => {
                page::settle(&app, &visit, None, checkid::serve(&app, &visit, parameters, true).await)
            }
            Err(_) => {
                let problem = Problem::developer("invalid_request", "the body is not a form in ASCII");
                page::problem(&app, &visit, None, problem)
            }
        };
    }
    if let Some(fault) = fault {
        return direct::refuse(&visit, message.version(), &Fault::Reject(fault.into()));
    }
    match message.get("mode") {
        Some("associate") => associate(&app, &visit, &message).await,
        Some("check_authentication") => check_authentication(&app, &visit, &message).await,
        _ => direct::refuse(&visit, message.version(), &Fault::Reject(Refusal::Mode)),
    }
}

/// What can be read of a message, and what is wrong with the rest.
fn read(form: &Form) -> (Message, Option<Malformed>) {
    match Message::read(form) {
        Ok(message) => (message, None),
        Err(unreadable) => (unreadable.rest, Some(unreadable.fault)),
    }
}
