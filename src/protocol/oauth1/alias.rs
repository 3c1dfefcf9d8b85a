//! `/OAuth.ashx` of the Thai e-Government service: one address for three steps, told apart by what
//! is sent.
//!
//! A consumer key without a token asks for a request token; a token alone brings a person; both
//! exchange a request token.

use axum::{body::Bytes, extract::State, http::Method, response::Response};

use super::{
    access_token, answer, authorize, consumer::gather, params::Parameters, reject::Reject, request_token,
};
use crate::{
    app::App,
    http::{fault::Fault, visit::Visit},
};

/// `GET` and `POST /OAuth.ashx`.
pub async fn handle(State(app): State<App>, method: Method, visit: Visit, body: Bytes) -> Response {
    let has = |parameters: &Parameters, name| parameters.get(name).map(|value| value.is_some());
    let sent = gather(&visit, &body)
        .and_then(|all| Ok((has(&all, "oauth_consumer_key")?, has(&all, "oauth_token")?)));
    match sent {
        Ok((true, false)) => request_token::handle(State(app), method, visit, body).await,
        Ok((true, true)) => access_token::handle(State(app), method, visit, body).await,
        Ok((false, true)) => authorize::get(State(app), visit).await,
        Ok((false, false)) => {
            answer::refuse(&app, &visit, &Fault::Reject(Reject::Absent("oauth_consumer_key")))
        }
        Err(reject) => answer::refuse(&app, &visit, &Fault::Reject(reject)),
    }
}
