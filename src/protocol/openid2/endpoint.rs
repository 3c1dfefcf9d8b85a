//! The OP endpoint (OpenID Authentication 2.0 §4.1.2): `openid.mode` says what is asked.

use axum::{body::Bytes, extract::State, response::Response};

use super::{
    associate::associate,
    check_authentication::check_authentication,
    direct::{self, Refusal},
    message::{Message, Unreadable},
};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, visit::Visit},
};

/// `GET /openid2`.
pub async fn get(visit: Visit) -> Response {
    let message = match Message::read(&visit.query()) {
        Ok(message) => message,
        Err(unreadable) => return unread(&visit, *unreadable),
    };
    match message.get("mode") {
        Some("associate" | "check_authentication") => direct::not_post(&visit, message.version()),
        _ => direct::refuse(&visit, message.version(), &Fault::Reject(Refusal::Mode)),
    }
}

/// `POST /openid2`. OpenID 2.0 §4.1.2: parameters "MUST only be sent in, and extracted from, the POST
/// body".
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    let message = match Message::read(&Form::parse(&body)) {
        Ok(message) => message,
        Err(unreadable) => return unread(&visit, *unreadable),
    };
    match message.get("mode") {
        Some("associate") => associate(&app, &visit, &message).await,
        Some("check_authentication") => check_authentication(&app, &visit, &message).await,
        _ => direct::refuse(&visit, message.version(), &Fault::Reject(Refusal::Mode)),
    }
}

fn unread(visit: &Visit, unreadable: Unreadable) -> Response {
    direct::refuse(visit, unreadable.rest.version(), &Fault::Reject(unreadable.fault.into()))
}
