//! What came is checked before it is believed: the id_token first, then userinfo against it.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, ClaimsVerificationError, Nonce, OAuth2TokenResponse,
    UserInfoClaims,
    core::{CoreGenderClaim, CoreIdToken, CoreIdTokenVerifier, CoreTokenResponse},
    reqwest,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Client, Outcome, explain};

/// The checks that the crate makes on an id_token, in its order (OpenID Connect Core §3.1.3.7).
const ISSUER: &str = "id_token: iss is the server";
const AUDIENCE: &str = "id_token: aud is this service";
const SIGNATURE: &str = "id_token: the signature is by a key of the server";
const EXPIRY: &str = "id_token: it has not expired";
const NONCE: &str = "id_token: nonce is the one sent";
const ORDER: [&str; 5] = [ISSUER, AUDIENCE, SIGNATURE, EXPIRY, NONCE];

/// Claims beyond the standard's.
#[derive(Debug, Serialize, Deserialize)]
struct Others(BTreeMap<String, Value>);

impl AdditionalClaims for Others {}

/// Verifies the id_token and notes every check; its claims.
pub fn id_token(
    id_token: &CoreIdToken,
    verifier: &CoreIdTokenVerifier<'_>,
    access_token: &AccessToken,
    nonce: Option<&Nonce>,
    outcome: &mut Outcome,
) -> Option<Value> {
    let text = id_token.to_string();
    let (header, payload) = (part(&text, 0), part(&text, 1));
    // Where none could be sent, as by a device, there is none to compare.
    let same = |found: Option<&Nonce>| match nonce {
        Some(sent) if found.map(Nonce::secret) != Some(sent.secret()) => {
            Err("it is not the one sent".to_owned())
        }
        _ => Ok(()),
    };
    let verified = id_token.claims(verifier, same);
    let failed = verified.as_ref().err().map(|error| (failed_check(error), explain(error)));
    outcome.came("id_token", json!({ "header": header, "claims": payload }));
    for name in ORDER.into_iter().filter(|name| nonce.is_some() || *name != NONCE) {
        match &failed {
            Some((at, why)) if *at == name => outcome.check::<()>(name, Err(why.clone()))?,
            _ => outcome.check(name, Ok(((), found(name, &header, &payload))))?,
        }
    }
    let claims = verified.ok()?;
    outcome.check(
        "id_token: at_hash fits the access token",
        at_hash(id_token, verifier, access_token).and_then(|expected| match claims.access_token_hash() {
            Some(hash) if *hash == expected => Ok(((), hash.as_str().to_owned())),
            Some(_) => Err("it is another token's".to_owned()),
            None => Err("it is missing".to_owned()),
        }),
    )?;
    outcome.claims("id_token", &payload);
    Some(payload)
}

/// Asks the userinfo endpoint and checks that it speaks of the same person.
pub async fn userinfo(
    client: &Client,
    tokens: &CoreTokenResponse,
    id_token: &CoreIdToken,
    http: &reqwest::Client,
    outcome: &mut Outcome,
) -> Option<()> {
    let answer: Result<UserInfoClaims<Others, CoreGenderClaim>, String> =
        match client.user_info(tokens.access_token().to_owned(), None) {
            Ok(request) => request.request_async(http).await.map_err(|error| explain(&error)),
            Err(error) => Err(explain(&error)),
        };
    let info = outcome.check("userinfo answers", answer.map(|info| (info, String::new())))?;
    let claims = serde_json::to_value(&info).unwrap_or_default();
    outcome.came("userinfo", claims.clone());
    let subject = part(&id_token.to_string(), 1)["sub"].as_str().unwrap_or_default().to_owned();
    // OpenID Connect Core §5.3.2: another sub means swapped tokens; its claims must not be used.
    outcome.equal("userinfo: sub is that of the id_token", Some(info.subject().as_str()), &subject)?;
    outcome.claims("userinfo", &claims);
    Some(())
}

/// Which check an error of the crate belongs to; what fits none is put down to the signature, so
/// that nothing is believed.
fn failed_check(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::InvalidIssuer(_) => ISSUER,
        ClaimsVerificationError::InvalidAudience(_) => AUDIENCE,
        ClaimsVerificationError::Expired(_) => EXPIRY,
        ClaimsVerificationError::InvalidNonce(_) => NONCE,
        _ => SIGNATURE,
    }
}

fn found(check: &str, header: &Value, payload: &Value) -> String {
    let value = match check {
        ISSUER => &payload["iss"],
        AUDIENCE => &payload["aud"],
        SIGNATURE => return format!("{} by {}", text(&header["alg"]), text(&header["kid"])),
        EXPIRY => &payload["exp"],
        _ => &payload["nonce"],
    };
    text(value)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// OpenID Connect Core §3.1.3.8: the left half of the access token's hash, by the id_token's algorithm.
fn at_hash(
    id_token: &CoreIdToken,
    verifier: &CoreIdTokenVerifier<'_>,
    access_token: &AccessToken,
) -> Result<AccessTokenHash, String> {
    let algorithm = id_token.signing_alg().map_err(|error| explain(&error))?;
    let key = id_token.signing_key(verifier).map_err(|error| explain(&error))?;
    AccessTokenHash::from_token(access_token, algorithm, key).map_err(|error| explain(&error))
}

/// Header or payload of a JWT, to be shown; the crate has verified it or says why not.
fn part(jwt: &str, index: usize) -> Value {
    jwt.split('.')
        .nth(index)
        .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok())
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_jwt_are_read_and_rubbish_is_nothing() {
        assert_eq!(part("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3In0.x", 1)["sub"], "7");
        assert_eq!(part("rubbish", 1), Value::Null);
        assert_eq!(part("!.!.!", 0), Value::Null);
    }

    #[test]
    fn an_unknown_fault_is_never_taken_for_a_pass() {
        let error = ClaimsVerificationError::Other("new".into());
        assert!(ORDER.contains(&failed_check(&error)));
    }
}
