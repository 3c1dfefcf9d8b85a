//! Introspection answers in signed tokens (RFC 9701), for who must be able to show later what this server
//! said.

use axum::{
    http::{
        HeaderMap,
        header::{ACCEPT, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{fapi2, issue};
use crate::{
    app::App,
    http::fault::InternalError,
    model::{client::Client, signing::Algorithm},
};

/// RFC 9701 §4.
const MEDIA_TYPE: &str = "application/token-introspection+jwt";

/// What the answer to this client is signed with; nothing when it is plain JSON. A client that registered an
/// algorithm gets no other answer; others say so in the request (RFC 9701 §4), and §6 has RS256 for them.
pub fn algorithm(headers: &HeaderMap, client: &Client) -> Option<Algorithm> {
    let registered = client.settings.oidc.introspection_signed_response_alg;
    let chosen = registered.or_else(|| accepts(headers).then_some(Algorithm::Rs256))?;
    Some(fapi2::signing(client, chosen))
}

fn accepts(headers: &HeaderMap) -> bool {
    let ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    ranges.flat_map(|value| value.split(',')).any(|range| {
        let (kind, parameters) = range.split_once(';').unwrap_or((range, ""));
        // RFC 9110 §12.4.2: a weight of 0 is "not acceptable".
        let weight = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("q="));
        kind.trim().eq_ignore_ascii_case(MEDIA_TYPE) && weight.and_then(|q| q.parse().ok()) != Some(0.0)
    })
}

/// The signed answer (RFC 9701 §5).
///
/// # Errors
/// When the key is missing or refuses.
pub fn answer(
    app: &App,
    client: &Client,
    algorithm: Algorithm,
    told: &Value,
) -> Result<Response, InternalError> {
    // What was told stands by itself, without `sub` or `exp` beside it: the token must not pass for the one
    // it speaks of (§8.1).
    let claims = json!({
        "iss": app.issuer,
        "aud": client.identifier,
        "iat": app.clock.now().unix_timestamp(),
        "token_introspection": told,
    });
    let token = issue::sign(app, algorithm, "token-introspection+jwt", &claims)?;
    Ok(([(CONTENT_TYPE, MEDIA_TYPE)], token).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn rfc_9701_s4_a_signed_answer_is_asked_by_its_media_type() {
        let accepts =
            |value: &'static str| accepts(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(value))]));
        for good in [
            "application/token-introspection+jwt",
            "Application/Token-Introspection+JWT;q=0.5",
            "application/json;q=0.1, application/token-introspection+jwt",
        ] {
            assert!(accepts(good), "{good}");
        }
        for plain in
            ["", "*/*", "application/json", "application/jwt", "application/token-introspection+jwt;q=0"]
        {
            assert!(!accepts(plain), "{plain}");
        }
    }
}
