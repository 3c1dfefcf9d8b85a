//! Confirmations: a person confirms a sign-in or an operation with their second factor, while the
//! client, not we, talks to them. `POST /api/v1/confirmations`; the source system's paths are
//! `/STS/confirmation` and `/STS/v2.0/confirmation`.
//!
//! 1. The body is JSON; what is wrong with it is named (400).
//! 2. The client is authenticated, by every request, and has the flow (401, 400).
//! 3. A question: who the person is comes in `Authorization`, their name and password for a sign-in
//!    (`login`), their token for an operation (`operation`). Then a challenge is opened, or the one
//!    that is open given again (`challenge`).
//! 4. An answer, or no more than a look: the same address, with the challenge's `RefID` (`respond`).
//! 5. What comes of it is 200: pending, final with a token (`finish`), or failed.

mod answer;
mod challenge;
mod finish;
mod login;
mod operation;
mod refusal;
mod request;
mod respond;

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use self::{
    answer::Answer,
    challenge::Asking,
    refusal::{Refusal, refuse},
    request::{Ask, Request},
};
use super::{binding::Binding, client_auth::authenticate, grant::asked, reject::Reject};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, visit::Visit},
    model::{
        client::{Client, ClientType, Flow},
        confirmation::{Question, Subject},
    },
    secret::Token,
};

/// `POST /api/v1/confirmations`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    settle(&visit, serve(&app, &visit, &body).await, false)
}

/// `POST /STS/confirmation`, `/STS/v2.0/confirmation`: the same, but a client that can't be
/// authenticated is told so in that system's word.
pub async fn post_dss(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    settle(&visit, serve(&app, &visit, &body).await, true)
}

fn settle(visit: &Visit, result: Result<Answer, Fault<Refusal>>, dss: bool) -> Response {
    match result {
        Ok(answer) => answer.into_response(),
        Err(Fault::Internal(error)) => error.json(&visit.request_id),
        Err(Fault::Reject(refusal)) => refuse(visit, &refusal, dss),
    }
}

async fn serve(app: &App, visit: &Visit, body: &[u8]) -> Result<Answer, Fault<Refusal>> {
    let reject = |reject| Fault::Reject(Refusal::Request(reject));
    is_json(&visit.headers).map_err(reject)?;
    let request = Request::read(body).map_err(reject)?;
    let client = client(app, visit, &request).await?;
    let binding = Binding::of_request(app, visit, &client).await.map_err(refusal::of_request)?;
    let peer = Peer { app, visit, client: &client, binding: &binding };
    let resource = resource(&client, request.resource.as_deref()).map_err(reject)?;
    match request.ask {
        Ask::Begin { subject, reference, callback_uri } => {
            if let Some(uri) = &callback_uri {
                is_registered(&client, uri).map_err(reject)?;
            }
            let question = Question { subject, reference, resource };
            let asking = Asking { peer, question, callback_uri };
            match subject {
                Subject::Login => login::begin(asking).await,
                Subject::Operation | Subject::Transaction => operation::begin(asking).await,
            }
        }
        Ask::Answer { ref_id, value } => {
            respond::respond(peer, &ref_id, value.as_ref().map(Token::expose)).await
        }
    }
}

/// Who asks.
#[derive(Clone, Copy)]
struct Peer<'a> {
    /// The server.
    app: &'a App,
    /// The request.
    visit: &'a Visit,
    /// The client.
    client: &'a Client,
    /// The keys its token will be bound to.
    binding: &'a Binding,
}

fn is_json(headers: &HeaderMap) -> Result<(), Reject> {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Reject::invalid("Content-Type", "must be application/json"))
}

/// The client. Its credentials are in the body: the header is the person's.
async fn client(app: &App, visit: &Visit, request: &Request) -> Result<Arc<Client>, Fault<Refusal>> {
    let shown = [
        ("client_id", request.client_id.as_deref()),
        ("client_secret", request.client_secret.as_ref().map(Token::expose)),
    ];
    let form = Form::of(shown.into_iter().filter_map(|(name, value)| Some((name, value?))));
    let client =
        authenticate(app, &visit.without_authorization(), &form).await.map_err(refusal::of_request)?;
    // A public client's name is no proof: anybody could try people's passwords and codes in its name.
    if client.client_type != ClientType::Confidential || !client.has_flow(Flow::Confirmation) {
        return Err(Fault::Reject(Refusal::Request(Reject::FlowNotAllowed(Flow::Confirmation))));
    }
    Ok(client)
}

/// What the token will be for, in the letters it was registered in; a client that has resources
/// registered must name one of them (RFC 8707 §2).
fn resource(client: &Client, asked: Option<&str>) -> Result<String, Reject> {
    let form = Form::of(asked.map(|asked| ("resource", asked)));
    Ok(asked::resources(client, &form, &["resource"])?.pop().unwrap_or_default())
}

/// Byte for byte: a client may have us call its own addresses and nobody else's.
fn is_registered(client: &Client, uri: &str) -> Result<(), Reject> {
    if client.settings.confirmation_callbacks.iter().any(|registered| registered == uri) {
        return Ok(());
    }
    Err(Reject::invalid("CallbackUri", "is not registered for this client"))
}
