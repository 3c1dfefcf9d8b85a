//! Clients that sign an assertion in place of showing a secret (RFC 7523 §2.2, §3; OpenID Connect Core
//! §9): with a key of their own (`private_key_jwt`), or with the secret itself (`client_secret_jwt`).
//!
//! 1. `iss` and `sub` are the client.
//! 2. `aud` is this server and nobody else.
//! 3. It is good now, and not for long.
//! 4. The signature is one of the client's, with an algorithm that fits the key.
//! 5. The write uses its `jti` up: it counts once.

use serde::Deserialize;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::{client_keys, reject::Reject};
use crate::{
    app::App,
    crypto::foreign_jwt::{ForeignJwt, NumericDate},
    http::{fault::Fault, visit::Visit},
    model::{
        client::{AuthMethod, Client, ClientSecret},
        signing::HmacAlgorithm,
    },
    secret::Digest,
    store::used_assertions,
};

/// Clocks may differ by this much.
const LEEWAY: Duration = Duration::seconds(90);
/// One that begins later than this is for another time (FAPI 2.0 Security Profile §5.3.2.1).
const AHEAD: Duration = Duration::seconds(60);
/// One that is good for longer was made to be kept. Libraries make them for up to an hour.
const LONGEST: Duration = Duration::hours(1);

/// An assertion taken apart.
pub struct Assertion<'a> {
    jwt: ForeignJwt<'a>,
    /// What it says; believed only once the signature was checked.
    pub claims: Claims,
}

/// What an assertion says (RFC 7523 §3).
#[derive(Deserialize)]
pub struct Claims {
    iss: String,
    /// The client.
    pub sub: String,
    aud: Value,
    exp: NumericDate,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
    jti: String,
}

impl<'a> Assertion<'a> {
    /// Takes an assertion apart; nothing in it is believed yet.
    ///
    /// # Errors
    /// Why it is none, for the log.
    pub fn read(assertion: &'a str) -> Result<Self, &'static str> {
        let malformed = |_| "the client assertion is malformed";
        let jwt = ForeignJwt::parse(assertion).map_err(malformed)?;
        let claims: Claims = jwt.claims().map_err(malformed)?;
        if claims.jti.is_empty() {
            return Err("the client assertion has no jti");
        }
        Ok(Self { jwt, claims })
    }

    /// The way of authentication it is: the algorithm tells keys from secrets.
    pub fn method(&self) -> AuthMethod {
        match self.jwt.header.alg.parse::<HmacAlgorithm>() {
            Ok(_) => AuthMethod::ClientSecretJwt,
            Err(_) => AuthMethod::PrivateKeyJwt,
        }
    }
}

/// Checks an assertion of a client that is registered for its method.
///
/// # Errors
/// [`Reject::Client`]; which reason it was is for the log alone.
pub async fn check(
    app: &App,
    visit: &Visit,
    client: &Client,
    assertion: &Assertion<'_>,
) -> Result<(), Fault<Reject>> {
    let refused = |why| Fault::Reject(Reject::Client { why, basic: false });
    let (claims, now) = (&assertion.claims, app.clock.now());
    // RFC 7523 §3 (1), (2).
    if claims.iss != client.identifier || claims.sub != client.identifier {
        return Err(refused("the client assertion's iss or sub is not the client"));
    }
    // FAPI 2.0 Security Profile §5.3.2.1: "shall only accept its issuer identifier value as a string".
    let for_issuer = claims.aud.as_str() == Some(app.issuer.as_str());
    if !(for_issuer || (!client.is_fapi2() && is_for_us(app, visit, &claims.aud))) {
        return Err(refused("the client assertion is for another audience"));
    }
    let expires_at = times(claims, now).map_err(refused)?;
    match assertion.method() {
        AuthMethod::ClientSecretJwt => check_secret(app, client, &assertion.jwt, now).map_err(refused)?,
        _ => check_key(app, client, &assertion.jwt).await.map_err(refused)?,
    }
    // RFC 7523 §3 (7): replay. After the signature, or a stranger could use up a client's values.
    let used = Digest::of(format!("client assertion\0{}\0{}", client.id, claims.jti).as_bytes());
    if !used_assertions::claim(&app.pool, used, expires_at).await? {
        return Err(refused("the client assertion was used before"));
    }
    Ok(())
}

/// RFC 7523 §3 (3): the issuer, or the address of an endpoint of ours. Every audience must be ours: one
/// that others take too, another server could use here.
fn is_for_us(app: &App, visit: &Visit, audience: &Value) -> bool {
    let path = visit.uri.path();
    let bases = [Some(app.issuer.clone()), app.mtls_base()];
    let ours = |one: &Value| {
        let one = one.as_str().unwrap_or_default();
        bases.iter().flatten().any(|base| {
            one.strip_prefix(base.as_str())
                .is_some_and(|rest| ["", "/", "/oauth2/token", path].contains(&rest))
        })
    };
    match audience {
        Value::Array(several) => !several.is_empty() && several.iter().all(ours),
        one => ours(one),
    }
}

/// RFC 7523 §3 (4) to (6); until when the assertion would be believed.
fn times(claims: &Claims, now: OffsetDateTime) -> Result<OffsetDateTime, &'static str> {
    let exp = claims.exp.at().ok_or("the client assertion's exp is no time")? + LEEWAY;
    if exp <= now {
        return Err("the client assertion has expired");
    }
    if exp > now + LONGEST + LEEWAY + LEEWAY {
        return Err("the client assertion is good for too long");
    }
    let begins = [claims.nbf, claims.iat].into_iter().flatten();
    for begin in begins {
        if begin.at().is_none_or(|at| at > now + AHEAD) {
            return Err("the client assertion is not good yet");
        }
    }
    Ok(exp)
}

async fn check_key(app: &App, client: &Client, jwt: &ForeignJwt<'_>) -> Result<(), &'static str> {
    client_keys::verify(app, client, jwt, client.settings.assertion_alg).await
}

/// Every secret that has not expired and is kept sealed is tried.
fn check_secret(
    app: &App,
    client: &Client,
    jwt: &ForeignJwt<'_>,
    now: OffsetDateTime,
) -> Result<(), &'static str> {
    let live = client.secrets.iter().filter(|secret| secret.expires_at.is_none_or(|at| at > now));
    for secret in live {
        let Some(sealed) = &secret.sealed else { continue };
        let value = app
            .sealer
            .open(&ClientSecret::place(secret.id), &sealed.0)
            .map_err(|_| "a secret of the client's can't be opened")?;
        if jwt.verify_hmac(&value).is_ok() {
            app.secret_uses.note(secret.id, now);
            return Ok(());
        }
    }
    Err("no secret of the client's signed the assertion")
}
