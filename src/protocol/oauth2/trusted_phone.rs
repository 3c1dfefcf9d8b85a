//! `POST /api/v1/trusted-phone` (Aitu profile): a client says that it confirmed a phone just now, and
//! gets a secret that spares the person the one-time code (`otp_confirmation`).
//!
//! 1. The body is a JSON object; each member is there once and is text.
//! 2. The client is authenticated as at the token endpoint, in the header or in the same JSON.
//! 3. It must be trusted with phones, and able to prove who it is.
//! 4. The phone is one, and was not vouched for too often within the last minute.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{aitu, client_auth::authenticate, reject::Reject, token::refuse};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log, visit::Visit},
    model::client::AuthMethod,
    secret::Token,
    store::trusted_phones::{self, Vouched},
};

/// What is read of the body; other members are passed over.
#[derive(Deserialize)]
struct Body {
    phone: Option<Value>,
    client_id: Option<Value>,
    client_secret: Option<Value>,
    client_assertion: Option<Value>,
    client_assertion_type: Option<Value>,
}

/// `POST /api/v1/trusted-phone`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &body).await {
        Ok(answer) => answer,
        Err(fault) => refuse(&visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, body: &[u8]) -> Result<Response, Fault<Reject>> {
    let form = read(&visit.headers, body).map_err(Fault::Reject)?;
    let client = authenticate(app, visit, &form).await?;
    // A public client's name is no proof: anybody could vouch for any phone.
    if !client.settings.trusted_phone || client.auth_methods == [AuthMethod::None] {
        return Err(Fault::Reject(Reject::NotTrusted));
    }
    let phone = form.get("phone").map_err(|bad| Fault::Reject(bad.into()))?;
    let phone = phone.ok_or(Fault::Reject(Reject::Missing("phone")))?;
    let phone = aitu::phone(phone).ok_or_else(|| Fault::Reject(aitu::no_phone()))?;
    let (secret, now) = (Token::generate(&app.rng), app.clock.now());
    match trusted_phones::insert(&app.pool, secret.digest(), client.id, &phone, now).await? {
        Vouched::Now => {}
        Vouched::TooMany(until) => {
            let wait = u64::try_from((until - now).whole_milliseconds()).unwrap_or(0).div_ceil(1000).max(1);
            let what = "this phone was vouched for too often within a minute";
            return Err(Fault::Reject(Reject::TooMany { what, seconds: wait }));
        }
    }
    log::outcome("phone_trusted");
    let answer = json!({"secret": secret.expose(), "expires_in": trusted_phones::TTL.whole_seconds()});
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// The members as parameters.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<Form, Reject> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Reject::invalid("Content-Type", "must be application/json"));
    }
    // Two members of one name are an error here, not the last one's win.
    let body: Body = serde_json::from_slice(body).map_err(|error| {
        Reject::invalid("body", format!("is not the JSON object that is wanted: {}", fault(&error)))
    })?;
    let members = [
        ("phone", &body.phone),
        ("client_id", &body.client_id),
        ("client_secret", &body.client_secret),
        ("client_assertion", &body.client_assertion),
        ("client_assertion_type", &body.client_assertion_type),
    ];
    let mut pairs = Vec::new();
    for (name, value) in members {
        match value {
            None => {}
            Some(Value::String(text)) => pairs.push((name, text.as_str())),
            Some(_) => return Err(Reject::invalid(name, "must be a JSON string")),
        }
    }
    Ok(Form::of(pairs))
}

/// What is wrong with the JSON, without what it holds.
fn fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once("duplicate field `") {
        Some((_, rest)) => format!("{} is repeated", rest.split('`').next().unwrap_or_default()),
        None => format!("line {}, column {}", error.line(), error.column()),
    }
}
