//! Tokens of issuers that are trusted for a client: whom they name is somebody of ours by an
//! attribute that was chosen when the issuer was registered.

use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::{
    subject::{Limits, Vouched, Voucher},
    unsigned::Times,
};
use crate::{
    app::App,
    crypto::{foreign_jwt::ForeignJwt, jwk::JwkSet},
    http::{
        fault::{Fault, InternalError},
        log,
    },
    model::{client::Client, trusted_issuer::TrustedIssuer},
    protocol::oauth2::{reject::Reject, unattended::Proof},
    store::{self, service_grants::Named},
};

/// What it says.
#[derive(Deserialize)]
struct Claims {
    aud: Option<Value>,
    act: Option<Value>,
    #[serde(flatten)]
    times: Times,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Reads one.
///
/// # Errors
/// `invalid_request` (RFC 8693 §2.2.2).
pub async fn read(
    app: &App,
    client: &Client,
    issuer: &str,
    token: &ForeignJwt<'_>,
) -> Result<Vouched, Fault<Reject>> {
    let refused = |why: &str| Fault::Reject(Reject::invalid("subject_token", why));
    let trusted = client.settings.trusted_issuers.iter().find(|trusted| trusted.issuer == issuer);
    let trusted = trusted.ok_or_else(|| refused("its issuer is not trusted for this client"))?;
    let keys = keys(app, trusted, token.header.kid.as_deref()).await;
    let keys = keys.ok_or_else(|| refused("the keys of its issuer can't be had now"))?;
    token.verify(&keys, &trusted.algorithms).map_err(|error| refused(&error.to_string()))?;
    let claims: Claims = token.claims().map_err(|error| refused(&error.to_string()))?;
    let now = app.clock.now();
    let exp = claims.times.exp(now).ok_or_else(|| refused("has expired, or is not good yet"))?;
    // RFC 7519 §4.1.3: a token for somebody else must not open our door (audience confusion).
    if !is_for_us(app, claims.aud.as_ref()) {
        return Err(refused("its aud is neither this server's issuer nor its token endpoint"));
    }
    // Who acts there is nobody we know.
    if claims.act.is_some() {
        return Err(refused("somebody acts for its subject; show a token of their own"));
    }
    let value = claims.others.get(&trusted.subject_claim).and_then(Value::as_str);
    let value = value.filter(|value| !value.is_empty() && !value.contains('\0'));
    let value = value.ok_or_else(|| refused("lacks the claim that names its subject"))?;
    let named = named(app, &trusted.subject_attribute, value).await?;
    let named = named
        .ok_or_else(|| refused("names nobody whom the client, its actor or the issuer may speak for"))?;
    let (voucher, limits) = (Voucher::Issuer, Limits::Client);
    Ok(Vouched { voucher, named, exp, act: None, limits, proof: Proof::Suppressed })
}

/// The issuer's keys: as registered, or as it publishes them.
async fn keys(app: &App, trusted: &TrustedIssuer, kid: Option<&str>) -> Option<JwkSet> {
    if let Some(keys) = &trusted.jwks {
        return JwkSet::read(keys);
    }
    let url = Url::parse(trusted.jwks_uri.as_deref()?).ok()?;
    match app.jwks.find(&app.fetcher, &url, kid, app.clock.now()).await {
        Ok(keys) => Some(JwkSet::clone(&keys)),
        Err(error) => {
            log::detail(error);
            None
        }
    }
}

fn is_for_us(app: &App, audience: Option<&Value>) -> bool {
    let endpoints = ["", "/oauth2/token", &format!("/{}/oauth/token", app.settings.profiles.dss_segment)]
        .map(|path| format!("{}{path}", app.issuer));
    let ours = |value: &Value| value.as_str().is_some_and(|text| endpoints.iter().any(|end| end == text));
    match audience {
        Some(Value::Array(several)) => several.iter().any(ours),
        Some(one) => ours(one),
        None => false,
    }
}

/// Who holds this value; nobody when it is not exactly one account's.
async fn named(app: &App, attribute: &str, value: &str) -> Result<Option<Named>, InternalError> {
    Ok(match attribute {
        "username" => Some(Named::Username(value.to_owned())),
        "user_id" => value.parse().ok().map(Named::Id),
        other => store::users::find_only_holder(&app.pool, other, value).await?.map(Named::Id),
    })
}
