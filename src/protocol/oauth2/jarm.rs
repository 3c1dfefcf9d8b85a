//! Answers of the authorization endpoint in one signed token (JWT Secured Authorization Response Mode
//! for OAuth 2.0): what was changed on the way is not believed, errors included.

use serde_json::{Map, Value, json};
use time::Duration;

use super::{fapi2, issue, redirect_uri::OUT_OF_BAND, return_to::ReturnTo};
use crate::{app::App, http::fault::InternalError, model::client::Client, protocol::Reply};

/// JARM §2.1: "a maximum JWT lifetime of 10 minutes is RECOMMENDED".
const LIFE: Duration = Duration::minutes(10);

/// An answer with these parameters and what every answer has, signed where that was asked.
///
/// # Errors
/// When a key is missing or refuses.
pub fn reply(
    app: &App,
    client: &Client,
    to: &ReturnTo,
    parameters: Vec<(&'static str, String)>,
) -> Result<Reply, InternalError> {
    // A person who carries a code over by hand carries the code.
    if !to.mode.signed || to.redirect_uri == OUT_OF_BAND {
        return Ok(to.reply(&app.issuer, parameters));
    }
    // §2.1: `iss` and `aud` against mix-up and against answers made for another client, `exp`
    // against old ones; `iss` stands nowhere else then (RFC 9207 §2.4).
    let mut claims = Map::new();
    for (name, value) in to.fields(&app.issuer, parameters) {
        claims.insert(name.to_owned(), Value::String(value));
    }
    claims.insert("aud".to_owned(), json!(client.identifier));
    claims.insert("exp".to_owned(), json!((app.clock.now() + LIFE).unix_timestamp()));
    let chosen = client.settings.oidc.authorization_signed_response_alg;
    let algorithm = fapi2::signing(client, chosen.unwrap_or(client.settings.id_token_alg));
    let response = issue::sign(app, algorithm, "JWT", &Value::Object(claims))?;
    Ok(to.carry(vec![("response", response)]))
}
