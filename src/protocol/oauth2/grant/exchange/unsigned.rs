//! A JWT that nobody signed (RFC 7519 §6) and that names a user: a way of writing down who is meant,
//! no proof of it. Somebody else has to vouch.

use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use super::{
    JWT,
    subject::{Limits, Vouched, Voucher},
};
use crate::{
    app::App,
    crypto::foreign_jwt::{ForeignJwt, NumericDate},
    model::client::Client,
    protocol::oauth2::{reject::Reject, subject, unattended::Proof},
    store::service_grants::Named,
};

/// It may end this far ahead at most.
const FARTHEST: Duration = Duration::hours(1);
/// Other machines' clocks may be before ours by this.
pub const LEEWAY: Duration = Duration::minutes(1);

/// What it says.
#[derive(Deserialize)]
struct Claims {
    unique_name: Option<String>,
    nameidentifier: Option<String>,
    #[serde(flatten)]
    times: Times,
}

/// Times of a token that others made.
#[derive(Deserialize)]
pub struct Times {
    exp: Option<NumericDate>,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
}

impl Times {
    /// When the token ends, if it is good now (RFC 7519 §4.1.4 to §4.1.6).
    pub fn exp(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let begun = |at: Option<NumericDate>| match at {
            Some(at) => at.at().is_some_and(|at| at <= now + LEEWAY),
            None => true,
        };
        self.exp?.at().filter(|exp| *exp > now && begun(self.nbf) && begun(self.iat))
    }
}

/// Reads one.
///
/// # Errors
/// `invalid_request` (RFC 8693 §2.2.2).
pub fn read(
    app: &App,
    client: &Client,
    kind: &str,
    token: &str,
    parsed: &ForeignJwt<'_>,
) -> Result<Vouched, Reject> {
    let refused = |why: &str| Err(Reject::invalid("subject_token", why));
    if kind != JWT {
        return refused("is not signed, which only a jwt may be");
    }
    // RFC 7519 §6.1: the signature is the empty string.
    if !token.ends_with('.') {
        return refused("says that it is not signed, and has a signature");
    }
    let Ok(claims) = parsed.claims::<Claims>() else {
        return refused("must name the user by the text unique_name or nameidentifier");
    };
    let now = app.clock.now();
    let Some(exp) = claims.times.exp(now) else {
        return refused("has expired, is not good yet, or does not say when it ends");
    };
    if exp > now + FARTHEST {
        return refused("ends more than an hour ahead");
    }
    let named = match (claims.unique_name, claims.nameidentifier) {
        (Some(name), _) => Named::Username(name),
        (None, Some(id)) => match subject::account(app, client, &id) {
            Some(id) => Named::Id(id),
            None => return refused("its nameidentifier is no user id"),
        },
        (None, None) => return refused("names no user: give unique_name or nameidentifier"),
    };
    let (voucher, limits) = (Voucher::Nobody, Limits::Client);
    Ok(Vouched { voucher, named, exp, act: None, limits, proof: Proof::Suppressed })
}
