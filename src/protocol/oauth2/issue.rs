//! What the token endpoint gives: access token (RFC 9068), id_token (OpenID Connect Core §2),
//! refresh token.

use std::time::Duration;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{digest, hmac};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    binding::Binding,
    claims::{Registry, Release},
    fapi2,
    reject::Reject,
    subject,
    unattended::audience,
    valued_claim,
};
use crate::{
    app::App,
    crypto::jwt,
    http::fault::{Fault, InternalError},
    ids::{AccessTokenId, GrantId},
    model::{
        client::{Client, Flow, Profile},
        grant::Grant,
        signing::Algorithm,
        user::User,
    },
    protocol::openid2_identity,
    secret::Token,
};

/// What OpenID 2.0 relying parties know a person by (OpenID 2.0 to OpenID Connect Migration 1.0 §4).
const OPENID2_ID: &str = "openid2_id";

/// RFC 6749 §5.1.
#[derive(Serialize)]
pub struct TokenAnswer {
    access_token: String,
    expires_in: u64,
    token_type: &'static str,
    /// RFC 8693 §2.2.1; of a token exchange alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl TokenAnswer {
    /// The access token and its life in seconds, for an answer of another shape.
    pub fn into_access_token(self) -> (String, u64) {
        (self.access_token, self.expires_in)
    }

    /// An access token and nothing beside it; `scope` is left out when there is none.
    pub fn bare(access_token: String, binding: &Binding, life: Duration, scopes: &[String]) -> Self {
        Self {
            access_token,
            expires_in: life.as_secs(),
            token_type: binding.token_type(),
            issued_token_type: None,
            scope: (!scopes.is_empty()).then(|| scopes.join(" ")),
            id_token: None,
            refresh_token: None,
        }
    }

    /// The same as what token exchange gives: its type is named.
    #[must_use]
    pub fn of_type(mut self, issued_token_type: &'static str) -> Self {
        self.issued_token_type = Some(issued_token_type);
        self
    }
}

impl IntoResponse for TokenAnswer {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// What tokens are issued for.
pub struct Issue<'a> {
    /// To whom.
    pub client: &'a Client,
    /// For what.
    pub grant: &'a Grant,
    /// Of whom.
    pub user: &'a User,
    /// The scopes of this answer: the grant's, or fewer at a refresh (RFC 6749 §6).
    pub scopes: Vec<String>,
    /// Resources of this answer: the grant's, or fewer (RFC 8707 §2.2).
    pub resources: Vec<String>,
    /// To be repeated in the id_token.
    pub nonce: Option<&'a str>,
    /// What the access token is bound to.
    pub binding: &'a Binding,
    /// The refresh token that goes along.
    pub refresh_token: Option<&'a Token>,
}

/// What comes along with an id_token: it holds their hashes, so that none can be exchanged for
/// another's on the way (OpenID Connect Core §3.3.2.11).
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The access token.
    pub access_token: Option<&'a str>,
    /// The code.
    pub code: Option<&'a str>,
    /// The client's `state` (`s_hash`, FAPI 1.0 Part 2 §5.2.2.1): the id_token vouches for it, too.
    pub state: Option<&'a str>,
}

impl Issue<'_> {
    /// Signs everything.
    ///
    /// # Errors
    /// When a key is missing or refuses.
    pub fn answer(&self, app: &App) -> Result<TokenAnswer, Fault<Reject>> {
        let life = access_token_life(app, self.client);
        let access_token = self.access_token(app, life)?;
        let openid = self.scopes.iter().any(|scope| scope == "openid");
        let beside = Beside { access_token: Some(&access_token), ..Beside::default() };
        let with_scopes = self.client.settings.claims_in_id_token;
        let id_token = openid.then(|| self.id_token(app, &beside, with_scopes)).transpose()?;
        Ok(TokenAnswer {
            scope: Some(self.scopes.join(" ")),
            id_token,
            refresh_token: self.refresh_token.map(|token| token.expose().to_owned()),
            ..TokenAnswer::bare(access_token, self.binding, life, &[])
        })
    }

    /// RFC 9068 §2.2.
    ///
    /// # Errors
    /// When a key is missing or refuses.
    pub fn access_token(&self, app: &App, life: Duration) -> Result<String, InternalError> {
        let now = app.clock.now();
        let mut claims = json!({
            "iss": app.issuer,
            "sub": subject::of(app, self.client, self.user.id),
            "aud": audience(&app.issuer, &self.resources),
            "exp": (now + life).unix_timestamp(),
            "iat": now.unix_timestamp(),
            "jti": AccessTokenId(app.rng.uuid(now)),
            "client_id": self.client.identifier,
            "scope": self.scopes.join(" "),
            "auth_time": self.grant.auth_time.unix_timestamp(),
            "acr": self.user.level().to_string(),
            "amr": self.grant.amr,
            "grant_id": self.grant.id,
        });
        if let Value::Object(claims) = &mut claims {
            self.binding.confirm(claims);
        }
        sign_access_token(app, self.client, &claims)
    }

    /// OpenID Connect Core §2, §3.1.3.6, §3.3.2.11; with all text claims of the scopes, or with those
    /// alone that were asked by name.
    ///
    /// # Errors
    /// When a key is missing or refuses.
    pub fn id_token(
        &self,
        app: &App,
        beside: &Beside<'_>,
        with_scopes: bool,
    ) -> Result<String, InternalError> {
        let now = app.clock.now();
        let algorithm = fapi2::signing(self.client, self.client.settings.id_token_alg);
        let named = self.grant.id_token_claims.iter().map(String::as_str);
        let named = named.chain(extra_claims(self.client, self.grant).filter(|_| with_scopes));
        // OpenID 2.0 to OpenID Connect Migration 1.0 §4: the claim comes in the id_token.
        let openid2 = self.scopes.iter().any(|scope| scope == "openid2").then_some(OPENID2_ID);
        let named = named.chain(openid2);
        let mut all: Map<String, Value> =
            release(app, self.client, self.grant, self.user).claims(with_scopes, named);
        let protocol = json!({
            "iss": app.issuer,
            "sub": subject::of(app, self.client, self.user.id),
            "aud": self.client.identifier,
            "azp": self.client.identifier,
            "exp": (now + app.settings.oauth2.id_token_ttl).unix_timestamp(),
            "iat": now.unix_timestamp(),
            "auth_time": self.grant.auth_time.unix_timestamp(),
            "acr": valued_claim::acr(self.grant, self.user.level()).to_string(),
            "amr": self.grant.amr,
        });
        if let Value::Object(protocol) = protocol {
            // After the person's claims: an attribute named like one of these must not replace it.
            all.extend(protocol);
        }
        let hashes = [("at_hash", beside.access_token), ("c_hash", beside.code), ("s_hash", beside.state)];
        for (name, value) in hashes {
            if let Some(value) = value {
                all.insert(name.into(), json!(half_hash(algorithm, value)));
            }
        }
        if let Some(nonce) = self.nonce {
            all.insert("nonce".into(), json!(nonce));
        }
        if let Some(bin) = acting_for(self.grant) {
            all.insert("bin".into(), bin);
        }
        if let Some(session) = self.grant.session_id {
            all.insert("sid".into(), json!(subject::sid(app, self.client, session)));
        }
        sign(app, algorithm, "JWT", &Value::Object(all))
    }
}

/// What a grant lets its client know now.
pub fn release<'a>(app: &'a App, client: &Client, grant: &'a Grant, user: &'a User) -> Release<'a> {
    let told = grant.attributes.iter().any(|attribute| attribute == OPENID2_ID);
    Release {
        openid2_id: told.then(|| openid2_identity::identifier(app, Some(client), user)),
        registry: Registry { scopes: &app.settings.scopes, attributes: &app.settings.attributes },
        trust_framework: &app.settings.oauth2.trust_framework,
        grant,
        user,
        subject: subject::of(app, client, user.id),
        now: app.clock.now(),
    }
}

/// Claims a client's profile adds to its scopes: Aitu's `phone` scope gives `phone` too.
pub fn extra_claims<'a>(client: &Client, grant: &'a Grant) -> Option<&'a str> {
    let phone = grant.scopes.iter().find(|scope| *scope == "phone").map(String::as_str);
    phone.filter(|_| client.profile == Some(Profile::Aitu))
}

/// The claim `bin`: the organisation the person acts for, as the client asked.
pub fn acting_for(grant: &Grant) -> Option<Value> {
    grant.acting_for.as_ref().map(|bin| json!(bin.as_str()))
}

/// How long the access tokens of service clients live, unless one says otherwise.
const SERVICE_LIFE: Duration = Duration::from_secs(300);

/// How long the client's access tokens live.
pub fn access_token_life(app: &App, client: &Client) -> Duration {
    let usual = if client.is_service() { SERVICE_LIFE } else { app.settings.oauth2.access_token_ttl };
    client.settings.access_token_ttl.map_or(usual, Duration::from_secs)
}

/// Signs the claims of an access token of this client.
///
/// # Errors
/// When a key is missing or refuses.
pub fn sign_access_token(app: &App, client: &Client, claims: &Value) -> Result<String, InternalError> {
    // RFC 9068 §2.1; clients of the profile dss know another word.
    let typ = if client.profile == Some(Profile::Dss) { "JWT" } else { "at+jwt" };
    sign(app, fapi2::signing(client, app.settings.oauth2.access_token_alg), typ, claims)
}

/// Whether a grant comes with a refresh token: the client has the flow, and the person allowed
/// `offline_access` or the client always gets one.
pub fn is_refreshable(client: &Client, grant: &Grant) -> bool {
    client.has_flow(Flow::RefreshToken)
        && (grant.has_scope("offline_access") || client.settings.always_refresh)
}

/// The first refresh token of a grant, made from the code it comes from.
pub fn first_refresh_token(app: &App, code: &Token, grant: GrantId) -> Token {
    derive(app, &format!("first:{grant}:{}", code.expose()))
}

/// The refresh token that follows another. Derived, so that a repeated request within the grace
/// gets the same one again though nothing readable is stored.
pub fn next_refresh_token(app: &App, token: &Token) -> Token {
    derive(app, &format!("next:{}", token.expose()))
}

fn derive(app: &App, from: &str) -> Token {
    let key = hmac::Key::new(hmac::HMAC_SHA256, app.sealer.derive("refresh tokens").as_slice());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hmac::sign(&key, from.as_bytes()).as_ref());
    Token::from_bytes(&bytes)
}

/// Signs any claims with the key of this algorithm that signs now.
///
/// # Errors
/// When a key is missing or refuses.
pub fn sign(app: &App, algorithm: Algorithm, typ: &str, claims: &Value) -> Result<String, InternalError> {
    let ring = app.keys.ring();
    let key = ring
        .signing(algorithm, app.clock.now())
        .ok_or_else(|| InternalError::Failed(format!("no {algorithm} key signs").into()))?;
    Ok(jwt::sign(key, typ, claims)?)
}

/// `at_hash` and its like (OpenID Connect Core §3.1.3.6): the left half of the hash that the id_token's
/// algorithm uses; EdDSA with Ed25519 uses SHA-512.
fn half_hash(algorithm: Algorithm, token: &str) -> String {
    let hash = if algorithm == Algorithm::EdDsa { &digest::SHA512 } else { &digest::SHA256 };
    let full = digest::digest(hash, token.as_bytes());
    URL_SAFE_NO_PAD.encode(&full.as_ref()[..full.as_ref().len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oidc_core_appendix_a_3_at_hash_is_that_of_the_standards_example() {
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(half_hash(Algorithm::Rs256, token), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
