//! JSON Web Tokens of our own making (RFC 7519, compact serialization of RFC 7515 §7.1): signed
//! with keys parsed once, and verified against the key ring alone. Tokens of others are read
//! elsewhere, by `jsonwebtoken`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use moka::sync::Cache;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::keys::{KeyError, KeyRing, SigningKey};
use crate::secret::Digest;

/// How many tokens' signatures are remembered.
const REMEMBERED: u64 = 10_000;

/// The protected header. `typ` comes first: one of the replaced systems shows it so.
#[derive(Serialize)]
struct Header<'a> {
    typ: &'a str,
    alg: &'a str,
    kid: &'a str,
}

/// The header of a token that comes back. Unknown members are refused one by one below.
#[derive(Deserialize)]
struct ReceivedHeader {
    typ: Option<String>,
    alg: String,
    kid: String,
    crit: Option<serde_json::Value>,
}

/// Signs `claims` with `typ` in the header (`JWT`, or `at+jwt` of RFC 9068 §2.1).
///
/// # Errors
/// [`KeyError`] when the key refuses.
pub fn sign<T: Serialize>(key: &SigningKey, typ: &str, claims: &T) -> Result<String, JwtError> {
    let header = Header { typ, alg: key.algorithm.word(), kid: &key.kid };
    let mut token = B64.encode(serde_json::to_vec(&header)?);
    token.push('.');
    B64.encode_string(serde_json::to_vec(claims)?, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    B64.encode_string(signature, &mut token);
    Ok(token)
}

/// Tokens whose signature was found good, by their SHA-256 digest: an access token comes back many
/// times, and checking its signature costs more than all else that is done with it here.
pub struct Remembered(Cache<[u8; 32], ()>);

impl Default for Remembered {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

/// Reads a token that one of our published keys signed. Times, issuer and audience are the
/// caller's to check: which apply depends on what the token is used for.
///
/// # Errors
/// [`JwtError::Refused`] for anything that is not exactly such a token.
pub fn verify<T: DeserializeOwned>(ring: &KeyRing, typ: &str, token: &str) -> Result<T, JwtError> {
    read(ring, typ, token, None)
}

/// The same, for tokens that come back: the signature of one that was good before is not computed
/// again. Everything else is checked each time, that its key is still published among it.
///
/// # Errors
/// As [`verify`].
pub fn verify_again<T: DeserializeOwned>(
    ring: &KeyRing,
    typ: &str,
    token: &str,
    remembered: &Remembered,
) -> Result<T, JwtError> {
    read(ring, typ, token, Some(remembered))
}

fn read<T: DeserializeOwned>(
    ring: &KeyRing,
    typ: &str,
    token: &str,
    remembered: Option<&Remembered>,
) -> Result<T, JwtError> {
    let (message, signature) = token.rsplit_once('.').ok_or(JwtError::Refused)?;
    let (header, claims) = message.split_once('.').ok_or(JwtError::Refused)?;
    let header: ReceivedHeader = decode(header)?;
    // RFC 8725 §3.11: a token of one kind must not pass for another (an id_token as access token).
    if header.typ.as_deref() != Some(typ) || header.crit.is_some() {
        return Err(JwtError::Refused);
    }
    // Only our own ring is asked: `jku`, `jwk` and `x5u` in a header are never followed.
    let key = ring.find(&header.kid).ok_or(JwtError::Refused)?;
    // RFC 8725 §3.1: the algorithm is the key's, so `none` or an HMAC over the public key is refused.
    if header.alg != key.signing.algorithm.word() {
        return Err(JwtError::Refused);
    }
    // Over the whole token, so a changed one is another.
    let digest = remembered.map(|_| Digest::of(token.as_bytes()).into_bytes());
    if !digest.is_some_and(|digest| remembered.is_some_and(|good| good.0.contains_key(&digest))) {
        let signature = B64.decode(signature).map_err(|_| JwtError::Refused)?;
        if !key.verifying.verifies(message.as_bytes(), &signature) {
            return Err(JwtError::Refused);
        }
        if let (Some(good), Some(digest)) = (remembered, digest) {
            good.0.insert(digest, ());
        }
    }
    decode(claims)
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, JwtError> {
    let bytes = B64.decode(part).map_err(|_| JwtError::Refused)?;
    serde_json::from_slice(&bytes).map_err(|_| JwtError::Refused)
}

/// Why a token was not made or not believed.
#[derive(Debug, thiserror::Error)]
pub enum JwtError {
    /// Not a token of ours, of that kind, unchanged.
    #[error("not a token signed here")]
    Refused,
    /// The key failed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The claims can't be written as JSON.
    #[error("claims can't be written: {0}")]
    Claims(#[from] serde_json::Error),
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::OffsetDateTime;

    use super::*;
    use crate::model::signing::Algorithm;

    fn ring(algorithm: Algorithm) -> KeyRing {
        let mut ring = KeyRing::default();
        ring.add(algorithm, &SigningKey::generate(algorithm).unwrap(), Some(OffsetDateTime::UNIX_EPOCH))
            .unwrap();
        ring
    }

    /// A token with this header, signed well all the same.
    fn forged(ring: &KeyRing, header: Value) -> String {
        let message = format!("{}.{}", B64.encode(header.to_string()), B64.encode(r#"{"sub":"x"}"#));
        let signature = ring.keys[0].signing.sign(message.as_bytes()).unwrap();
        format!("{message}.{}", B64.encode(signature))
    }

    #[test]
    fn an_independent_library_verifies_every_algorithm() {
        for algorithm in Algorithm::ALL {
            let ring = ring(*algorithm);
            let token = sign(&ring.keys[0].signing, "JWT", &json!({"sub": "x"})).unwrap();
            let jwk = serde_json::from_value(ring.keys[0].jwk.clone()).unwrap();
            let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
            let mut rules = jsonwebtoken::Validation::new(algorithm.word().parse().unwrap());
            rules.required_spec_claims.clear();
            let read = jsonwebtoken::decode::<Value>(&token, &key, &rules).unwrap();
            assert_eq!(read.claims["sub"], "x");
        }
    }

    #[test]
    fn rfc_8725_confused_headers_are_refused() {
        let ring = ring(Algorithm::Es256);
        let kid = ring.keys[0].signing.kid.clone();
        let refused = |header: Value| verify::<Value>(&ring, "at+jwt", &forged(&ring, header)).is_err();
        assert!(!refused(json!({"typ": "at+jwt", "alg": "ES256", "kid": kid})));
        assert!(refused(json!({"typ": "at+jwt", "alg": "none", "kid": kid})));
        assert!(refused(json!({"typ": "at+jwt", "alg": "HS256", "kid": kid})));
        assert!(refused(json!({"typ": "JWT", "alg": "ES256", "kid": kid})), "an id_token is no access token");
        assert!(refused(json!({"typ": "at+jwt", "alg": "ES256", "kid": "../../dev/null"})));
        assert!(refused(json!({"typ": "at+jwt", "alg": "ES256", "kid": kid, "crit": ["b64"]})));
        assert!(refused(json!({"typ": "at+jwt", "alg": "ES256", "jku": "https://evil.example/jwks"})));
    }

    #[test]
    fn a_remembered_token_vouches_for_itself_alone_and_only_while_its_key_is_published() {
        let (ring, remembered) = (ring(Algorithm::Es256), Remembered::default());
        let token = sign(&ring.keys[0].signing, "at+jwt", &json!({"sub": "x"})).unwrap();
        let again = |ring: &KeyRing, typ: &str, token: &str| {
            verify_again::<Value>(ring, typ, token, &remembered).is_ok()
        };
        assert!(again(&ring, "at+jwt", &token) && again(&ring, "at+jwt", &token));
        assert!(!again(&ring, "JWT", &token), "its kind is looked at each time");
        let (head, rest) = token.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let changed = format!("{head}.{}.{signature}", B64.encode(r#"{"sub":"y"}"#));
        assert!(!again(&ring, "at+jwt", &changed));
        assert!(!again(&ring, "at+jwt", &changed), "a refusal is not remembered as good");
        assert!(!again(&KeyRing::default(), "at+jwt", &token), "its key is no longer published");
    }

    #[test]
    fn a_changed_token_is_refused_wherever_it_was_changed() {
        let ring = ring(Algorithm::EdDsa);
        let token = sign(&ring.keys[0].signing, "JWT", &json!({"sub": "x"})).unwrap();
        assert!(verify::<Value>(&ring, "JWT", &token).is_ok());
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(changed == token || verify::<Value>(&ring, "JWT", &changed).is_err(), "byte {at}");
        }
        for odd in ["", ".", "..", "a.b", "a.b.c.d", "\u{0}.é.x"] {
            assert!(verify::<Value>(&ring, "JWT", odd).is_err());
        }
    }
}
