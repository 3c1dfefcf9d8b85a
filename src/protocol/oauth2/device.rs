//! The device authorization endpoint (RFC 8628 §3.1, §3.2): a device without a keyboard gets a code
//! for itself and one for its person.
//!
//! 1. The client is authenticated as at the token endpoint, and lists the flow.
//! 2. What it asks is vetted now, so that its developer learns of a mistake and not its people.
//! 3. Both codes are kept as digests; the device shows one and waits with the other.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    client_auth::authenticate,
    device_request,
    reject::Reject,
    token::{read_form, refuse},
};
use crate::{
    app::App,
    crypto::user_code::UserCode,
    form::Form,
    http::{
        fault::{Fault, InternalError},
        log,
        visit::Visit,
    },
    model::client::{Client, Flow},
    secret::{Digest, Token},
    store::device_codes::{self, NewDeviceCode},
};

/// The page where people enter their codes.
pub const PAGE: &str = "/device";
/// How often a user code is drawn anew when one is taken: with a million of them waiting, one draw in
/// 25,000 is.
const DRAWS: usize = 5;
/// What is kept of the request.
const KEPT: [&str; 3] = ["scope", "resource", "acr_values"];

/// RFC 8628 §3.2. No `Debug`: it holds two codes.
#[derive(Serialize)]
struct Answer {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: u64,
    interval: u64,
}

/// `POST /oauth2/device`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &body).await {
        // RFC 8628 §3.2 refers to RFC 6749 §5.1: the answer must not be kept.
        Ok(answer) => ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response(),
        Err(fault) => refuse(&visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, body: &[u8]) -> Result<Answer, Fault<Reject>> {
    let form = read_form(visit, body)?;
    let client = authenticate(app, visit, &form).await?;
    if !client.has_flow(Flow::DeviceCode) {
        return Err(Fault::Reject(Reject::FlowNotAllowed(Flow::DeviceCode)));
    }
    device_request::vet(app, &client, &form).map_err(Fault::Reject)?;
    let (device_code, user_code) = store(app, &client, &form).await?;
    log::outcome("device_code_issued");
    let page = format!("{}{PAGE}", app.issuer);
    Ok(Answer {
        device_code: device_code.expose().to_owned(),
        // RFC 8628 §3.3.1: for a code to be scanned, or a tap on the device itself.
        verification_uri_complete: format!("{page}?user_code={}", user_code.shown()),
        verification_uri: page,
        user_code: user_code.shown(),
        expires_in: app.settings.device.code_ttl.as_secs(),
        interval: app.settings.device.interval.as_secs(),
    })
}

async fn store(app: &App, client: &Client, form: &Form) -> Result<(Token, UserCode), Fault<Reject>> {
    let parameters = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept(form)).finish();
    let now = app.clock.now();
    let device_code = Token::generate(&app.rng);
    for _ in 0..DRAWS {
        let user_code = UserCode::generate(&app.rng);
        let new = NewDeviceCode {
            digest: device_code.digest(),
            user_code: digest(app, &user_code),
            client: client.id,
            parameters: &parameters,
            interval: i32::try_from(app.settings.device.interval.as_secs()).unwrap_or(i32::MAX),
            created_at: now,
            expires_at: now + app.settings.device.code_ttl,
        };
        if device_codes::insert(&app.pool, &new).await? {
            return Ok((device_code, user_code));
        }
    }
    Err(Fault::Internal(InternalError::Failed("every user code drawn was taken".into())))
}

/// What a user code is known by in the database.
pub fn digest(app: &App, code: &UserCode) -> Digest {
    code.digest(&app.sealer.derive("device user codes"))
}

fn kept(form: &Form) -> impl Iterator<Item = (&'static str, &str)> {
    KEPT.into_iter()
        .flat_map(|name| form.all(name).unwrap_or_default().into_iter().map(move |value| (name, value)))
}
