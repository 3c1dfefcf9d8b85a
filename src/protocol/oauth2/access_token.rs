//! Access tokens that come back: where they may stand (RFC 6750 §2) and what is believed of them
//! (RFC 9068 §4).

use std::{borrow::Cow, sync::Arc};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use crate::{
    app::App,
    crypto::jwt,
    form::Form,
    http::{fault::Fault, log, visit::Visit},
    ids::{AccessTokenId, GrantId},
    model::{client::Client, grant::Grant, user::User},
    store,
};

/// The claims of an access token that we look at.
#[derive(Clone, Debug, Deserialize)]
pub struct AccessToken {
    iss: String,
    /// Audience: a text or several.
    pub aud: serde_json::Value,
    /// When it ends.
    #[serde(with = "time::serde::timestamp")]
    pub exp: OffsetDateTime,
    /// When it was made.
    #[serde(with = "time::serde::timestamp")]
    pub iat: OffsetDateTime,
    /// Its id.
    pub jti: AccessTokenId,
    /// To which client.
    pub client_id: String,
    /// Scopes, space-separated.
    pub scope: String,
    /// What it hangs from.
    pub grant_id: GrantId,
}

impl AccessToken {
    /// Reads a token that this server signed and that has not expired.
    pub fn read(app: &App, token: &str) -> Option<Self> {
        let ring = app.keys.ring();
        let read: Self = jwt::verify_again(&ring, "at+jwt", token, &app.tokens_read).ok()?;
        (read.iss == app.issuer && read.exp > app.clock.now()).then_some(read)
    }

    /// Whether it is meant for this audience.
    pub fn is_for(&self, audience: &str) -> bool {
        match &self.aud {
            serde_json::Value::String(one) => one == audience,
            serde_json::Value::Array(several) => several.iter().any(|one| one == audience),
            _ => false,
        }
    }

    /// Whether it carries this scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|s| s == scope)
    }
}

/// Why a bearer is refused (RFC 6750 §3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BearerReject {
    /// No token at all: the challenge carries no error.
    Missing,
    /// Sent in two ways, or malformed.
    Malformed(&'static str),
    /// Not a token of ours, expired, revoked, or for another audience.
    Invalid(&'static str),
    /// It lacks this scope.
    Scope(Cow<'static, str>),
}

/// Finds the token in the header, or in the form body of a POST (RFC 6750 §2.1, §2.2); the query
/// is not looked at, since addresses end up in logs (RFC 9700 §4.3.2).
///
/// # Errors
/// [`BearerReject`] when there is none or more than one.
pub fn find(headers: &HeaderMap, form: Option<&Form>) -> Result<String, BearerReject> {
    let in_form = match form.map(|form| form.get("access_token")) {
        None => None,
        Some(Ok(token)) => token,
        Some(Err(_)) => return Err(BearerReject::Malformed("access_token is repeated or no text")),
    };
    let mut in_header = headers.get_all(header::AUTHORIZATION).iter();
    match (in_header.next(), in_header.next(), in_form) {
        (None, _, None) => Err(BearerReject::Missing),
        (None, _, Some(token)) => Ok(token.to_owned()),
        (Some(value), None, None) => {
            let (scheme, token) = value.to_str().ok().and_then(|v| v.split_once(' ')).unwrap_or_default();
            if scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty() {
                Ok(token.to_owned())
            } else {
                Err(BearerReject::Malformed("the Authorization header is no bearer token"))
            }
        }
        _ => Err(BearerReject::Malformed("the token was sent more than once")),
    }
}

/// The grant and person behind a token for this server's own endpoints: one round trip.
///
/// # Errors
/// [`BearerReject::Invalid`] when the token is not good any more.
pub async fn authorize(app: &App, token: &str) -> Result<(AccessToken, Grant, User), Fault<BearerReject>> {
    let invalid = |why| Fault::Reject(BearerReject::Invalid(why));
    let token = AccessToken::read(app, token).ok_or(invalid("not a token of this server, or expired"))?;
    // Audience restriction (RFC 9700 §2.3): a token for a resource is none for us.
    if !token.is_for(&app.issuer) {
        return Err(invalid("the token is for another audience"));
    }
    let found = store::access_tokens::find_grant(&app.pool, token.jti, token.grant_id).await?;
    let (grant, user) = found.ok_or(invalid("the token or its grant was revoked"))?;
    log::client(grant.client_id);
    log::user(user.id);
    Ok((token, grant, user))
}

/// A token that may speak for a person at this server's own endpoints.
pub struct Bearer {
    /// The token.
    pub token: AccessToken,
    /// Its grant, with no more scopes than the token itself carries.
    pub grant: Grant,
    /// Who allowed it.
    pub user: User,
    /// To whom.
    pub client: Arc<Client>,
}

/// As [`authorize`], for a client that is still there: what userinfo and files ask first.
///
/// # Errors
/// [`BearerReject::Invalid`] when the token is not good any more, or its client is disabled.
pub async fn authorize_for_person(app: &App, token: &str) -> Result<Bearer, Fault<BearerReject>> {
    let (token, mut grant, user) = authorize(app, token).await?;
    // A token narrowed at a refresh gives no more than its own scopes.
    grant.scopes.retain(|scope| token.has_scope(scope));
    let client = app.clients.find(&app.pool, &token.client_id).await?;
    let client = client.filter(|client| client.disabled_at.is_none());
    let client = client.ok_or(Fault::Reject(BearerReject::Invalid("the client is gone or disabled")))?;
    Ok(Bearer { token, grant, user, client })
}

/// The answer to a refused bearer (RFC 6750 §3).
pub fn refuse(visit: &Visit, fault: &Fault<BearerReject>) -> Response {
    let reject = match fault {
        Fault::Internal(error) => return error.json(&visit.request_id),
        Fault::Reject(reject) => reject,
    };
    let (status, code, description) = match reject {
        BearerReject::Missing => (StatusCode::UNAUTHORIZED, None, "a bearer token is needed".to_owned()),
        BearerReject::Malformed(why) => (StatusCode::BAD_REQUEST, Some("invalid_request"), (*why).to_owned()),
        BearerReject::Invalid(why) => (StatusCode::UNAUTHORIZED, Some("invalid_token"), (*why).to_owned()),
        BearerReject::Scope(scope) => {
            (StatusCode::FORBIDDEN, Some("insufficient_scope"), format!("the token lacks the scope {scope}"))
        }
    };
    log::outcome(code.unwrap_or("bearer_missing"));
    // RFC 6750 §3.1: without any token the challenge says no more than the scheme.
    let challenge = code.map_or("Bearer realm=\"tamga\"".to_owned(), |code| {
        format!("Bearer realm=\"tamga\", error=\"{code}\", error_description=\"{description}\"")
    });
    let body = json!({"error": code.unwrap_or("invalid_token"), "error_description": description});
    let mut response = (status, axum::Json(body)).into_response();
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|v| (header::AUTHORIZATION, HeaderValue::from_str(v).unwrap())).collect()
    }

    #[test]
    fn rfc_6750_s2_a_token_comes_in_one_place_only() {
        let form = Form::parse(b"access_token=b");
        assert_eq!(find(&headers(&["Bearer a"]), None), Ok("a".into()));
        assert_eq!(find(&headers(&["bearer a"]), None), Ok("a".into()));
        assert_eq!(find(&headers(&[]), Some(&form)), Ok("b".into()));
        assert_eq!(find(&headers(&[]), None), Err(BearerReject::Missing));
        assert!(matches!(find(&headers(&["Bearer a"]), Some(&form)), Err(BearerReject::Malformed(_))));
        assert!(matches!(find(&headers(&["Bearer a", "Bearer b"]), None), Err(BearerReject::Malformed(_))));
        for bad in ["Bearer", "Bearer ", "Basic a"] {
            assert!(matches!(find(&headers(&[bad]), None), Err(BearerReject::Malformed(_))), "{bad}");
        }
    }
}
