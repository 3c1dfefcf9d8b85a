//! The pushed authorization request endpoint (RFC 9126): the client hands over beforehand, out of the
//! browser's reach, what it asks; the browser carries only a name for it.
//!
//! 1. The client is authenticated as at the token endpoint.
//! 2. The request is taken from the form or from the request object in it.
//! 3. A DPoP proof binds the code to its key (RFC 9449 §10.1).
//! 4. All of it is vetted as at the authorization endpoint: the client learns of a fault here.
//! 5. It is stored under the digest of a random name.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    authorize::vet_rest,
    binding::{Unproved, prove},
    client_auth::authenticate,
    reject::Reject,
    request::Returnable,
    resolve::{encode, resolve_pushed},
    token::{read_form, refuse},
};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log, visit::Visit},
    secret::Token,
    store::pushed_requests::{self, NewPushedRequest},
};

/// What stands before the random part of a name (RFC 9126 §2.2).
pub const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// What is said of a name that was answered.
pub const USED: &str = "was answered; push the request again";

/// `POST /oauth2/par`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &body).await {
        // RFC 9126 §2.2; that nobody keeps it is a header of every answer.
        Ok(answer) => (StatusCode::CREATED, Json(answer)).into_response(),
        Err(fault) => refuse(&visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, body: &[u8]) -> Result<Value, Fault<Reject>> {
    let form = read_form(visit, body)?;
    let client = authenticate(app, visit, &form).await?;
    let mut parameters = resolve_pushed(app, &client, &form).await.map_err(Fault::Reject)?;
    bind(app, visit, &mut parameters).await?;
    let parameters = encode(parameters);
    let asked = Form::parse(parameters.as_bytes());
    let returnable = Returnable::vet(client.clone(), &asked).map_err(Fault::Reject)?;
    vet_rest(app, &returnable, &asked).map_err(Fault::Reject)?;
    let name = Token::generate(&app.rng);
    let now = app.clock.now();
    let ttl = app.settings.oauth2.par_ttl;
    let request = NewPushedRequest {
        digest: name.digest(),
        client_id: client.id,
        parameters: &parameters,
        created_at: now,
        expires_at: now + ttl,
        kept_until: now + ttl + app.settings.journeys.ttl,
    };
    pushed_requests::insert(&app.pool, &request).await?;
    log::outcome("request_pushed");
    Ok(json!({"request_uri": format!("{PREFIX}{}", name.expose()), "expires_in": ttl.as_secs()}))
}

/// RFC 9449 §10.1: a proof here counts as `dpop_jkt`; both must name the same key.
async fn bind(app: &App, visit: &Visit, parameters: &mut Vec<(String, String)>) -> Result<(), Fault<Reject>> {
    let jkt = match prove(app, visit, None).await {
        Ok(Some(jkt)) => jkt,
        Ok(None) => return Ok(()),
        Err(Unproved::Refused(why)) => return Err(Fault::Reject(Reject::Dpop(why))),
        Err(Unproved::NonceWanted(nonce)) => return Err(Fault::Reject(Reject::DpopNonce(nonce))),
        Err(Unproved::Failed(error)) => return Err(Fault::Internal(error)),
    };
    let mut asked = parameters.iter().filter(|(name, value)| name == "dpop_jkt" && !value.is_empty());
    match asked.next() {
        Some((_, named)) if *named != jkt => {
            Err(Fault::Reject(Reject::invalid("dpop_jkt", "is another key than that of the DPoP proof")))
        }
        Some(_) => Ok(()),
        None => {
            parameters.retain(|(name, _)| name != "dpop_jkt");
            parameters.push(("dpop_jkt".to_owned(), jkt));
            Ok(())
        }
    }
}
