//! Access tokens that come back: where they may stand (RFC 6750 §2) and what is believed of them
//! (RFC 9068 §4).

use std::{borrow::Cow, sync::Arc};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{
    binding::{Binding, Unproved, prove_key},
    fapi2, subject,
};
use crate::{
    app::App,
    crypto::jwt,
    form::Form,
    http::{fault::Fault, log, visit::Visit},
    ids::{AccessTokenId, GrantId, UserId},
    model::{client::Client, grant::Grant, session::Amr, signing::ForeignAlgorithm, user::User},
    store::{self, StoreError},
};

/// The claims of an access token that we look at.
#[derive(Clone, Debug, Deserialize)]
pub struct AccessToken {
    iss: String,
    /// Whose it is: what the client knows a person by, or its own identifier.
    pub sub: String,
    /// Audience: a text or several.
    pub aud: Value,
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
    #[serde(default)]
    pub scope: String,
    /// What it hangs from; nothing when no person allowed it.
    pub grant_id: Option<GrantId>,
    /// How the person proved themselves.
    #[serde(default)]
    pub amr: Vec<Amr>,
    /// The level told to whoever reads the token.
    pub acr: Option<String>,
    /// When the person proved themselves, in Unix seconds.
    pub auth_time: Option<i64>,
    /// Somebody else vouched for the person.
    #[serde(default)]
    pub suppressed_auth: bool,
    /// Who acts for the person (RFC 8693 §4.1).
    pub act: Option<Value>,
    /// Only id_tokens have it.
    azp: Option<Value>,
    /// The keys it is bound to.
    #[serde(default, rename = "cnf")]
    pub binding: Binding,
}

impl AccessToken {
    /// Reads a token that this server signed and that has not expired.
    pub fn read(app: &App, token: &str) -> Option<Self> {
        let ring = app.keys.ring();
        let read = |typ| jwt::verify_again::<Self>(&ring, typ, token, &app.tokens_read);
        // Access tokens for clients of the profile dss have the type of id_tokens, which must not
        // pass for them (RFC 8725 §3.11): an id_token always says `azp`, an access token never.
        let read = read("at+jwt").or_else(|_| read("JWT")).ok().filter(|token| token.azp.is_none())?;
        (read.iss == app.issuer && read.exp > app.clock.now()).then_some(read)
    }

    /// The person it is about; `None` when the client speaks for itself.
    ///
    /// # Errors
    /// When the database fails: what the client calls people is its registration's to say.
    pub async fn person(&self, app: &App) -> Result<Option<UserId>, StoreError> {
        if self.is_clients_own() {
            return Ok(None);
        }
        let client = app.clients.find(&app.pool, &self.client_id).await?;
        Ok(client.and_then(|client| subject::account(app, &client, &self.sub)))
    }

    /// Whether the client speaks for itself (RFC 9068 §2.2).
    pub fn is_clients_own(&self) -> bool {
        self.sub == self.client_id
    }

    /// Whether the client may ask about it: it was issued to the client, or is meant for one of its
    /// resources.
    pub fn is_of(&self, client: &Client) -> bool {
        self.client_id == client.identifier || client.resources.iter().any(|r| self.is_for(r))
    }

    /// Its audiences.
    pub fn audiences(&self) -> Vec<&str> {
        match &self.aud {
            Value::String(one) => vec![one],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it is meant for this audience.
    pub fn is_for(&self, audience: &str) -> bool {
        self.audiences().contains(&audience)
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
    /// The person did not prove themselves as this needs (RFC 9470 §3).
    Authentication(&'static str),
    /// Its DPoP proof is missing or no good (RFC 9449 §7.1).
    Dpop(&'static str),
    /// Its DPoP proof must carry this nonce (RFC 9449 §9).
    DpopNonce(String),
}

impl BearerReject {
    /// Status, the standard's word (RFC 6750 §3.1, RFC 9449 §7.1, RFC 9470 §3) and a description.
    pub fn told(&self) -> (StatusCode, Option<&'static str>, String) {
        match self {
            Self::Missing => (StatusCode::UNAUTHORIZED, None, "a bearer token is needed".to_owned()),
            Self::Malformed(why) => (StatusCode::BAD_REQUEST, Some("invalid_request"), (*why).to_owned()),
            Self::Invalid(why) => (StatusCode::UNAUTHORIZED, Some("invalid_token"), (*why).to_owned()),
            Self::Authentication(why) => {
                (StatusCode::UNAUTHORIZED, Some("insufficient_user_authentication"), (*why).to_owned())
            }
            Self::Scope(scope) => (
                StatusCode::FORBIDDEN,
                Some("insufficient_scope"),
                format!("the token lacks the scope {scope}"),
            ),
            Self::Dpop(why) => (StatusCode::UNAUTHORIZED, Some("invalid_dpop_proof"), (*why).to_owned()),
            Self::DpopNonce(_) => (
                StatusCode::UNAUTHORIZED,
                Some("use_dpop_nonce"),
                "the DPoP proof must carry the nonce of the DPoP-Nonce header".to_owned(),
            ),
        }
    }
}

/// A token as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    token: String,
    /// Under the scheme `DPoP`, with a proof beside it.
    dpop: bool,
}

/// Finds the token in the header, or in the form body of a POST (RFC 6750 §2.1, §2.2); the query
/// is not looked at, since addresses end up in logs (RFC 9700 §4.3.2).
///
/// # Errors
/// [`BearerReject`] when there is none or more than one.
pub fn find(headers: &HeaderMap, form: Option<&Form>) -> Result<Sent, BearerReject> {
    let in_form = match form.map(|form| form.get("access_token")) {
        None => None,
        Some(Ok(token)) => token,
        Some(Err(_)) => return Err(BearerReject::Malformed("access_token is repeated or no text")),
    };
    let mut in_header = headers.get_all(header::AUTHORIZATION).iter();
    match (in_header.next(), in_header.next(), in_form) {
        (None, _, None) => Err(BearerReject::Missing),
        (None, _, Some(token)) => Ok(Sent { token: token.to_owned(), dpop: false }),
        (Some(value), None, None) => {
            let (scheme, token) = value.to_str().ok().and_then(|v| v.split_once(' ')).unwrap_or_default();
            let dpop = scheme.eq_ignore_ascii_case("DPoP");
            if (dpop || scheme.eq_ignore_ascii_case("Bearer")) && !token.is_empty() {
                Ok(Sent { token: token.to_owned(), dpop })
            } else {
                Err(BearerReject::Malformed("the Authorization header is no bearer token"))
            }
        }
        _ => Err(BearerReject::Malformed("the token was sent more than once")),
    }
}

/// The grant and person behind a token for this server's own endpoints: one round trip, and another
/// for a DPoP proof.
///
/// # Errors
/// [`BearerReject::Invalid`] when the token is not good any more, or the sender does not prove the key
/// that it is bound to.
pub async fn authorize(
    app: &App,
    visit: &Visit,
    sent: &Sent,
) -> Result<(AccessToken, Grant, User), Fault<BearerReject>> {
    let invalid = |why| Fault::Reject(BearerReject::Invalid(why));
    let token = read_sent(app, visit, sent).await?;
    let Some(grant) = token.grant_id else {
        // No person allowed it, so it opens nothing of theirs.
        let absent = "the token was issued without the person; they must sign in";
        return Err(match token.is_clients_own() {
            false => Fault::Reject(BearerReject::Authentication(absent)),
            true => invalid("the token speaks for no person"),
        });
    };
    // Audience restriction (RFC 9700 §2.3): a token for a resource is none for us.
    if !token.is_for(&app.issuer) {
        return Err(invalid("the token is for another audience"));
    }
    let found = store::access_tokens::find_grant(&app.pool, token.jti, grant).await?;
    let (grant, user) = found.ok_or(invalid("the token or its grant was revoked"))?;
    log::client(grant.client_id);
    log::user(user.id);
    Ok((token, grant, user))
}

/// The token, once its sender proved the keys that it is bound to. What it is good for, and whether it
/// was revoked, is left to the caller.
///
/// # Errors
/// [`BearerReject`] when it is not one of ours, has expired or was stolen.
pub async fn read_sent(app: &App, visit: &Visit, sent: &Sent) -> Result<AccessToken, Fault<BearerReject>> {
    let read = AccessToken::read(app, &sent.token);
    let token = read.ok_or(Fault::Reject(BearerReject::Invalid("not a token of this server, or expired")))?;
    confirm(app, visit, sent, &token).await?;
    Ok(token)
}

/// Whether the sender holds the keys that the token is bound to.
async fn confirm(
    app: &App,
    visit: &Visit,
    sent: &Sent,
    token: &AccessToken,
) -> Result<(), Fault<BearerReject>> {
    let binding = &token.binding;
    let invalid = |why| Fault::Reject(BearerReject::Invalid(why));
    if let Some(bound) = &binding.certificate {
        // RFC 8705 §3: with another certificate, or none, it is a stolen token.
        let shown = visit.certificate.as_deref().map(|chain| chain.leaf.thumbprint());
        if shown.as_ref() != Some(bound) {
            return Err(invalid("the token is bound to another certificate"));
        }
    }
    match (&binding.jkt, sent.dpop) {
        (None, false) => Ok(()),
        (None, true) => Err(invalid("the token is no DPoP token")),
        // RFC 9449 §7.1: "MUST NOT ... be used as a bearer token".
        (Some(_), false) => Err(invalid("the token is bound to a DPoP key; send it under the scheme DPoP")),
        (Some(bound), true) => match prove_key(app, visit, Some(&sent.token)).await {
            Ok(Some(proved)) if proved.jkt == *bound => fits(app, token, proved.algorithm).await,
            Ok(Some(_)) => Err(invalid("the token is bound to another DPoP key")),
            Ok(None) => Err(Fault::Reject(BearerReject::Dpop("the DPoP proof is missing"))),
            Err(Unproved::Refused(why)) => Err(Fault::Reject(BearerReject::Dpop(why))),
            Err(Unproved::NonceWanted(nonce)) => Err(Fault::Reject(BearerReject::DpopNonce(nonce))),
            Err(Unproved::Failed(error)) => Err(Fault::Internal(error)),
        },
    }
}

/// Whether the profile of the token's client has this algorithm; most proofs are signed with one that every
/// profile has, and no client need be looked up.
async fn fits(app: &App, token: &AccessToken, signed: ForeignAlgorithm) -> Result<(), Fault<BearerReject>> {
    if fapi2::ALGORITHMS.contains(&signed) {
        return Ok(());
    }
    let client = app.clients.find(&app.pool, &token.client_id).await?;
    match client {
        Some(client) if !fapi2::proves(&client, signed) => {
            Err(Fault::Reject(BearerReject::Dpop(fapi2::UNFIT_PROOF)))
        }
        _ => Ok(()),
    }
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
pub async fn authorize_for_person(
    app: &App,
    visit: &Visit,
    sent: &Sent,
) -> Result<Bearer, Fault<BearerReject>> {
    let (token, mut grant, user) = authorize(app, visit, sent).await?;
    // A token narrowed at a refresh gives no more than its own scopes.
    grant.scopes.retain(|scope| token.has_scope(scope));
    let client = app.clients.find(&app.pool, &token.client_id).await?;
    let client = client.filter(|client| client.disabled_at.is_none());
    let client = client.ok_or(Fault::Reject(BearerReject::Invalid("the client is gone or disabled")))?;
    Ok(Bearer { token, grant, user, client })
}

/// As [`authorize_for_person`], where a password alone is too little: the person proved themselves
/// with two factors, and nobody acts for them.
///
/// # Errors
/// [`BearerReject::Authentication`] when they did not.
pub async fn authorize_with_second_factor(
    app: &App,
    visit: &Visit,
    sent: &Sent,
) -> Result<Bearer, Fault<BearerReject>> {
    let bearer = authorize_for_person(app, visit, sent).await?;
    let refused = |why| Err(Fault::Reject(BearerReject::Authentication(why)));
    if bearer.token.suppressed_auth || bearer.token.act.is_some() {
        return refused("somebody acts for the person; they must sign in themselves");
    }
    if !bearer.token.amr.contains(&Amr::MultiFactor) {
        return refused("the person must sign in with a second factor");
    }
    Ok(bearer)
}

/// The answer to a refused bearer (RFC 6750 §3).
pub fn refuse(visit: &Visit, fault: &Fault<BearerReject>) -> Response {
    let reject = match fault {
        Fault::Internal(error) => return error.json(&visit.request_id),
        Fault::Reject(reject) => reject,
    };
    let (status, code, description) = reject.told();
    log::outcome(code.unwrap_or("bearer_missing"));
    let body = json!({"error": code.unwrap_or("invalid_token"), "error_description": description});
    challenge(visit, reject, (status, axum::Json(body)).into_response())
}

/// A refused bearer's answer with the headers that say why.
pub fn challenge(visit: &Visit, reject: &BearerReject, mut response: Response) -> Response {
    let (_, code, description) = reject.told();
    // RFC 6750 §3.1: without any token the challenge says no more than the scheme.
    let scheme = challenged(visit);
    let challenge = code.map_or(scheme.clone(), |code| {
        format!("{scheme}, error=\"{code}\", error_description=\"{description}\"")
    });
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let BearerReject::DpopNonce(nonce) = reject
        && let Ok(nonce) = HeaderValue::from_str(nonce)
    {
        response.headers_mut().insert("dpop-nonce", nonce);
    }
    response
}

/// The challenge's scheme: the one that was used, or else the simpler one.
fn challenged(visit: &Visit) -> String {
    let used = visit.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let dpop = used.is_some_and(|value| value.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("DPoP ")));
    if !dpop {
        return "Bearer realm=\"tamga\"".to_owned();
    }
    // RFC 9449 §7.1: what proofs may be signed with.
    let algorithms: Vec<&str> = ForeignAlgorithm::ALL.iter().map(|a| a.word()).collect();
    format!("DPoP realm=\"tamga\", algs=\"{}\"", algorithms.join(" "))
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
        let sent = |token: &str, dpop| Ok(Sent { token: token.to_owned(), dpop });
        assert_eq!(find(&headers(&["Bearer a"]), None), sent("a", false));
        assert_eq!(find(&headers(&["bearer a"]), None), sent("a", false));
        assert_eq!(find(&headers(&["DPoP a"]), None), sent("a", true));
        assert_eq!(find(&headers(&[]), Some(&form)), sent("b", false));
        assert_eq!(find(&headers(&[]), None), Err(BearerReject::Missing));
        assert!(matches!(find(&headers(&["Bearer a"]), Some(&form)), Err(BearerReject::Malformed(_))));
        assert!(matches!(find(&headers(&["Bearer a", "Bearer b"]), None), Err(BearerReject::Malformed(_))));
        for bad in ["Bearer", "Bearer ", "DPoP ", "Basic a"] {
            assert!(matches!(find(&headers(&[bad]), None), Err(BearerReject::Malformed(_))), "{bad}");
        }
    }
}
