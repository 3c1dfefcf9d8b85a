//! The OP endpoint: requests through the browser (GET or POST) and direct ones (POST alone).

use axum::{body::Bytes, extract::State, response::Response};

use super::checkid;
use crate::{
    app::App,
    http::{
        page::{self, Problem},
        visit::Visit,
    },
};

/// `GET /openid2`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let parameters = visit.uri.query().unwrap_or_default().to_owned();
    page::settle(&app, &visit, None, checkid::serve(&app, &visit, parameters, false).await)
}

/// `POST /openid2`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match String::from_utf8(body.to_vec()) {
        Ok(parameters) => {
            page::settle(&app, &visit, None, checkid::serve(&app, &visit, parameters, true).await)
        }
        Err(_) => {
            let problem = Problem::developer("invalid_request", "the body is not a form in ASCII");
            page::problem(&app, &visit, None, problem)
        }
    }
}
