//! A logout token is verified as any relying party must (OpenID Connect Back-Channel Logout 1.0 §2.6),
//! with nothing of the server but its published keys.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};

/// What makes it a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How far the clocks may be apart, in seconds.
const LEEWAY: i64 = 60;

/// What the token must fit.
pub struct Expected<'a> {
    /// The server.
    pub issuer: &'a str,
    /// This service.
    pub audience: &'a str,
    /// The server's keys.
    pub keys: &'a CoreJsonWebKeySet,
    /// The time, in seconds.
    pub now: i64,
}

/// The claims of a good token.
///
/// # Errors
/// What is wrong with it.
pub fn verify(token: &str, expected: &Expected<'_>) -> Result<Value, String> {
    let (message, signature) = token.rsplit_once('.').ok_or("it is no JWT")?;
    let (header, claims) = message.split_once('.').ok_or("it is no JWT")?;
    let (header, claims) = (read(header)?, read(claims)?);
    // RFC 8725 §3.1, §3.11: the algorithm that was agreed, and no other kind of token.
    if header["alg"] != "RS256" || header["typ"] != "logout+jwt" {
        return Err("its header is not that of a logout token signed with RS256".to_owned());
    }
    let named = |key: &&_| JsonWebKey::key_id(*key).is_some_and(|id| header["kid"] == id.as_str());
    let key = expected.keys.keys().iter().find(named).ok_or("the server publishes no key of its kid")?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "its signature is no base64url")?;
    key.verify_signature(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, message.as_bytes(), &signature)
        .map_err(|_| "its signature does not fit".to_owned())?;
    check(&claims, expected)?;
    Ok(claims)
}

fn check(claims: &Value, expected: &Expected<'_>) -> Result<(), String> {
    let time = |name: &str| claims[name].as_i64().ok_or(format!("{name} is missing"));
    let rules = [
        (claims["iss"] == expected.issuer, "iss is not the server"),
        (claims["aud"] == expected.audience, "aud is not this service"),
        (time("iat")? <= expected.now + LEEWAY, "it is from the future"),
        (time("exp")? > expected.now - LEEWAY, "it has expired"),
        (claims["jti"].is_string(), "jti is missing"),
        (claims["sub"].is_string() || claims["sid"].is_string(), "it names neither person nor session"),
        (claims["events"][EVENT] == json!({}), "it is about no logout"),
        // §2.4: so that an id_token can't pass for one.
        (claims.get("nonce").is_none(), "it has a nonce"),
    ];
    match rules.iter().find(|(holds, _)| !holds) {
        Some((_, why)) => Err((*why).to_owned()),
        None => Ok(()),
    }
}

fn read(part: &str) -> Result<Value, String> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| "it is no JWT")?;
    serde_json::from_slice(&bytes).map_err(|_| "it is no JWT".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backchannel_logout_s2_6_every_rule_counts() {
        let keys = CoreJsonWebKeySet::new(Vec::new());
        let expected = Expected { issuer: "https://op", audience: "rp", keys: &keys, now: 1_000 };
        let good = json!({
            "iss": "https://op", "aud": "rp", "iat": 1_000, "exp": 1_120, "jti": "j", "sid": "s",
            "events": {EVENT: {}},
        });
        assert_eq!(check(&good, &expected), Ok(()));
        for (name, bad) in [
            ("iss", json!("https://other")),
            ("aud", json!("other")),
            ("iat", json!(2_000)),
            ("iat", Value::Null),
            ("exp", json!(900)),
            ("jti", Value::Null),
            ("sid", Value::Null),
            ("events", json!({})),
            ("events", json!({EVENT: true})),
            ("nonce", json!("n")),
        ] {
            let mut claims = good.clone();
            claims[name] = bad.clone();
            assert!(check(&claims, &expected).is_err(), "{name}: {bad}");
        }
        for rubbish in ["", "a.b", "a.b.c", "e30.e30.e30"] {
            assert!(verify(rubbish, &expected).is_err(), "{rubbish}");
        }
    }
}
