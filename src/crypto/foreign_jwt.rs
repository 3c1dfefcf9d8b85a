//! JSON Web Tokens that others sign (RFC 7515 compact serialization): assertions of clients, DPoP
//! proofs, tokens of trusted issuers. Taken apart first, believed only after [`ForeignJwt::verify`];
//! which times, issuer and audience are right is the caller's to check.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ring::hmac;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use time::OffsetDateTime;

use super::jwk::{JwkSet, PublicKey};
use crate::model::signing::{ForeignAlgorithm, HmacAlgorithm, usual_word};

/// Longer ones are not looked at.
const LONGEST: usize = 16 * 1024;

/// A token taken apart.
pub struct ForeignJwt<'a> {
    /// What its header says.
    pub header: Header,
    claims: Vec<u8>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// The protected header, as far as we look at it. `jku`, `x5u` and `x5c` are never followed.
#[derive(Debug, Deserialize)]
pub struct Header {
    /// The algorithm it names; believed only after comparison with those allowed and with the key.
    #[serde(deserialize_with = "algorithm")]
    pub alg: String,
    /// What kind of token it says it is.
    pub typ: Option<String>,
    /// The key it says it was signed with.
    pub kid: Option<String>,
    /// A key it brings along: for DPoP proofs alone.
    pub jwk: Option<Value>,
    crit: Option<Value>,
}

fn algorithm<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(usual_word(&String::deserialize(deserializer)?).to_owned())
}

/// A time as tokens carry it: seconds since 1970, with or without a fraction (RFC 7519 §2).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct NumericDate(f64);

impl NumericDate {
    /// The time, cut to seconds; `None` when it is outside of the years 1970 to 9999.
    pub fn at(self) -> Option<OffsetDateTime> {
        const LAST: f64 = 253_402_300_799.0;
        if !(0.0..=LAST).contains(&self.0) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation)] // within the range just checked
        OffsetDateTime::from_unix_timestamp(self.0 as i64).ok()
    }
}

/// Why a token is not believed. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForeignJwtError {
    /// Not three parts of base64url with JSON objects in the first two.
    #[error("malformed token")]
    Malformed,
    /// It demands extensions that nobody here knows (RFC 7515 §4.1.11).
    #[error("critical extensions of the token are not served")]
    Critical,
    /// `none`, or one that is not allowed here.
    #[error("the token's algorithm is not allowed")]
    Algorithm,
    /// None of the keys is of that name, kind and algorithm.
    #[error("no key of that name and kind")]
    Key,
    /// No key verifies it.
    #[error("the token's signature is wrong")]
    Signature,
}

impl<'a> ForeignJwt<'a> {
    /// Takes a token apart; nothing in it is believed yet.
    ///
    /// # Errors
    /// [`ForeignJwtError::Malformed`], or `Critical`.
    pub fn parse(token: &'a str) -> Result<Self, ForeignJwtError> {
        if token.len() > LONGEST {
            return Err(ForeignJwtError::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(ForeignJwtError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(ForeignJwtError::Malformed)?;
        let bytes = |part: &str| B64.decode(part).map_err(|_| ForeignJwtError::Malformed);
        let header: Header =
            serde_json::from_slice(&bytes(header)?).map_err(|_| ForeignJwtError::Malformed)?;
        if header.crit.is_some() {
            return Err(ForeignJwtError::Critical);
        }
        Ok(Self { header, claims: bytes(claims)?, signed, signature: bytes(signature)? })
    }

    /// What it says. Nobody has vouched for it before [`Self::verify`] said so: good only for finding
    /// the keys to ask.
    ///
    /// # Errors
    /// [`ForeignJwtError::Malformed`] when it has not the shape of `T`.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, ForeignJwtError> {
        serde_json::from_slice(&self.claims).map_err(|_| ForeignJwtError::Malformed)
    }

    /// Whether one of these keys signed it, with an allowed algorithm; tells which.
    ///
    /// # Errors
    /// [`ForeignJwtError`] saying why not.
    pub fn verify<'k>(
        &'k self,
        keys: &'k JwkSet,
        allowed: &[ForeignAlgorithm],
    ) -> Result<&'k PublicKey, ForeignJwtError> {
        let algorithm = self.algorithm(allowed)?;
        let mut failed = ForeignJwtError::Key;
        for key in keys.candidates(self.header.kid.as_deref()).filter(|key| key.fits(algorithm)) {
            if key.verifies(algorithm, self.signed.as_bytes(), &self.signature) {
                return Ok(key);
            }
            failed = ForeignJwtError::Signature;
        }
        Err(failed)
    }

    /// Whether exactly this key signed it.
    ///
    /// # Errors
    /// [`ForeignJwtError`] saying why not.
    pub fn verify_with(&self, key: &PublicKey, allowed: &[ForeignAlgorithm]) -> Result<(), ForeignJwtError> {
        let algorithm = self.algorithm(allowed)?;
        if !key.fits(algorithm) {
            return Err(ForeignJwtError::Key);
        }
        let good = key.verifies(algorithm, self.signed.as_bytes(), &self.signature);
        good.then_some(()).ok_or(ForeignJwtError::Signature)
    }

    /// Whether this shared secret signed it.
    ///
    /// # Errors
    /// [`ForeignJwtError`] saying why not.
    pub fn verify_hmac(&self, secret: &[u8]) -> Result<(), ForeignJwtError> {
        let algorithm: HmacAlgorithm = self.header.alg.parse().map_err(|_| ForeignJwtError::Algorithm)?;
        let algorithm = match algorithm {
            HmacAlgorithm::Hs256 => hmac::HMAC_SHA256,
            HmacAlgorithm::Hs384 => hmac::HMAC_SHA384,
            HmacAlgorithm::Hs512 => hmac::HMAC_SHA512,
        };
        hmac::verify(&hmac::Key::new(algorithm, secret), self.signed.as_bytes(), &self.signature)
            .map_err(|_| ForeignJwtError::Signature)
    }

    fn algorithm(&self, allowed: &[ForeignAlgorithm]) -> Result<ForeignAlgorithm, ForeignJwtError> {
        let algorithm: ForeignAlgorithm = self.header.alg.parse().map_err(|_| ForeignJwtError::Algorithm)?;
        // RFC 8725 §3.1: only algorithms that the caller expects.
        allowed.contains(&algorithm).then_some(algorithm).ok_or(ForeignJwtError::Algorithm)
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, EncodingKey, Header as Theirs};
    use ring::signature::KeyPair;
    use serde_json::json;

    use super::*;

    /// A key pair and its set, by an independent library.
    fn pair() -> (EncodingKey, JwkSet, Vec<u8>) {
        let rng = ring::rand::SystemRandom::new();
        let pkcs8 = ring::signature::Ed25519KeyPair::generate_pkcs8(&rng).unwrap();
        let public = ring::signature::Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        let x = public.public_key().as_ref().to_vec();
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": B64.encode(&x), "kid": "one"});
        let set = JwkSet::read(&json!({"keys": [jwk]})).unwrap();
        (EncodingKey::from_ed_der(pkcs8.as_ref()), set, x)
    }

    fn token(key: &EncodingKey, algorithm: Algorithm, kid: Option<&str>) -> String {
        let header = Theirs { kid: kid.map(str::to_owned), ..Theirs::new(algorithm) };
        jsonwebtoken::encode(&header, &json!({"sub": "x"}), key).unwrap()
    }

    fn judge(token: &str, keys: &JwkSet) -> Result<(), ForeignJwtError> {
        ForeignJwt::parse(token)?.verify(keys, ForeignAlgorithm::ALL).map(drop)
    }

    #[test]
    fn what_an_independent_library_signs_is_believed_with_the_right_key_alone() {
        let (key, set, _) = pair();
        let (stranger, ..) = pair();
        for kid in [Some("one"), None] {
            assert_eq!(judge(&token(&key, Algorithm::EdDSA, kid), &set), Ok(()));
            let forged = token(&stranger, Algorithm::EdDSA, kid);
            assert_eq!(judge(&forged, &set), Err(ForeignJwtError::Signature));
        }
        let other = token(&key, Algorithm::EdDSA, Some("two"));
        assert_eq!(judge(&other, &set), Err(ForeignJwtError::Key));
        let parsed = token(&key, Algorithm::EdDSA, None);
        let parsed = ForeignJwt::parse(&parsed).unwrap();
        let refused = parsed.verify(&set, &[ForeignAlgorithm::Es256]).map(drop);
        assert_eq!(refused, Err(ForeignJwtError::Algorithm));
    }

    #[test]
    fn rfc_8725_s2_1_none_and_a_public_key_taken_for_a_shared_secret_are_refused() {
        let (_, set, public) = pair();
        let confused = token(&EncodingKey::from_secret(&public), Algorithm::HS256, Some("one"));
        assert_eq!(judge(&confused, &set), Err(ForeignJwtError::Algorithm));
        for alg in ["none", "None", "NONE", "", "eddsa"] {
            let header = B64.encode(json!({"alg": alg, "kid": "one"}).to_string());
            let unsigned = format!("{header}.{}.", B64.encode(r#"{"sub":"x"}"#));
            assert_eq!(judge(&unsigned, &set), Err(ForeignJwtError::Algorithm), "{alg}");
            let parsed = ForeignJwt::parse(&unsigned).unwrap();
            assert_eq!(parsed.verify_hmac(b"secret"), Err(ForeignJwtError::Algorithm), "{alg}");
        }
    }

    #[test]
    fn a_shared_secret_verifies_what_was_signed_with_it() {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let signed = token(&EncodingKey::from_secret(b"secret"), algorithm, None);
            let parsed = ForeignJwt::parse(&signed).unwrap();
            assert_eq!(parsed.verify_hmac(b"secret"), Ok(()));
            assert_eq!(parsed.verify_hmac(b"Secret"), Err(ForeignJwtError::Signature));
        }
    }

    #[test]
    fn malformed_tokens_and_critical_extensions_are_refused() {
        let header = |json: &str| format!("{}.e30.AA", B64.encode(json));
        for bad in ["", ".", "..", "a.b.c", "e30.e30.AA", "é.é.é", &"A".repeat(20_000), &header("[]")] {
            assert_eq!(ForeignJwt::parse(bad).map(drop), Err(ForeignJwtError::Malformed), "{bad:.20}");
        }
        let critical = header(r#"{"alg":"ES256","crit":["b64"],"b64":false}"#);
        assert_eq!(ForeignJwt::parse(&critical).map(drop), Err(ForeignJwtError::Critical));
        let twice = header(r#"{"alg":"none","alg":"ES256"}"#);
        assert_eq!(ForeignJwt::parse(&twice).map(drop), Err(ForeignJwtError::Malformed));
    }
}
