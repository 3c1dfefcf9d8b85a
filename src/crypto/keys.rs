//! Signing keys: made, read, published as JWK (RFC 7517), and chosen by algorithm and time.

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ring::{
    digest,
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, PublicKeyComponents},
    signature::{
        self, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
        KeyPair, RsaPublicKeyComponents, UnparsedPublicKey,
    },
};
use rsa::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::model::{document::Document, signing::Algorithm};

/// RSA modulus length in bits.
const RSA_BITS: usize = 2048;

/// Why a key can't be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Making it failed.
    #[error("a {0} key could not be made")]
    Generate(Algorithm),
    /// The stored bytes are not a key of that algorithm.
    #[error("the stored {0} key can't be read")]
    Unreadable(Algorithm),
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// A private key ready to sign; parsed once, because parsing costs as much as an ES256 signature.
pub struct SigningKey {
    /// Its id: the RFC 7638 thumbprint.
    pub kid: String,
    /// What it signs with.
    pub algorithm: Algorithm,
    pair: Pair,
    random: SystemRandom,
}

impl SigningKey {
    /// Makes a new key; returns its PKCS#8 form, to be sealed and stored.
    ///
    /// # Errors
    /// [`KeyError::Generate`] when the generator fails.
    pub fn generate(algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = |_| KeyError::Generate(algorithm);
        let random = SystemRandom::new();
        let pkcs8 = match algorithm {
            // ring makes no RSA keys; the private key is only used through ring afterwards.
            Algorithm::Rs256 | Algorithm::Ps256 => {
                rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, RSA_BITS)
                    .ok()
                    .and_then(|key| key.to_pkcs8_der().ok())
                    .ok_or(KeyError::Generate(algorithm))?
                    .as_bytes()
                    .to_vec()
            }
            Algorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
                .map_err(failed)?
                .as_ref()
                .to_vec(),
            Algorithm::EdDsa => Ed25519KeyPair::generate_pkcs8(&random).map_err(failed)?.as_ref().to_vec(),
        };
        Ok(Zeroizing::new(pkcs8))
    }

    /// Reads a key from its PKCS#8 form.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when the bytes are not a key of this algorithm.
    pub fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let unreadable = |_| KeyError::Unreadable(algorithm);
        let random = SystemRandom::new();
        let pair = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => {
                Pair::Rsa(Box::new(RsaKeyPair::from_pkcs8(pkcs8).map_err(unreadable)?))
            }
            Algorithm::Es256 => Pair::Ecdsa(Box::new(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random)
                    .map_err(unreadable)?,
            )),
            Algorithm::EdDsa => {
                Pair::Ed25519(Box::new(Ed25519KeyPair::from_pkcs8(pkcs8).map_err(unreadable)?))
            }
        };
        let mut key = Self { kid: String::new(), algorithm, pair, random };
        key.kid = thumbprint(&key.public_key());
        Ok(key)
    }

    /// Signs `message` with the key's algorithm.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when the key refuses, which a well-made key does not.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Unreadable(self.algorithm);
        match &self.pair {
            Pair::Rsa(pair) => {
                let padding: &dyn signature::RsaEncoding = match self.algorithm {
                    Algorithm::Ps256 => &signature::RSA_PSS_SHA256,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &self.random, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Pair::Ecdsa(pair) => Ok(pair.sign(&self.random, message).map_err(failed)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }

    /// The public half as a JWK with `kid`, `use` and `alg` (RFC 7517 §4).
    pub fn public_jwk(&self) -> Value {
        let mut jwk = self.public_key();
        if let Value::Object(members) = &mut jwk {
            members.insert("kid".into(), json!(self.kid));
            members.insert("use".into(), json!("sig"));
            members.insert("alg".into(), json!(self.algorithm.word()));
        }
        jwk
    }

    fn public_key(&self) -> Value {
        match &self.pair {
            Pair::Rsa(pair) => {
                let public: PublicKeyComponents<Vec<u8>> = pair.public().into();
                json!({"kty": "RSA", "n": B64.encode(public.n), "e": B64.encode(public.e)})
            }
            Pair::Ecdsa(pair) => {
                // An uncompressed point: 0x04, x, y (SEC 1 §2.3.3).
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": B64.encode(&point[1..33]), "y": B64.encode(&point[33..65])})
            }
            Pair::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": B64.encode(pair.public_key().as_ref())})
            }
        }
    }
}

/// A JWK thumbprint (RFC 7638 §3): SHA-256 over the required members in order. `json!` keeps its
/// members sorted, which is that order.
fn thumbprint(public_key: &Value) -> String {
    B64.encode(digest::digest(&digest::SHA256, public_key.to_string().as_bytes()))
}

/// The public half of a key we published, ready to verify.
pub enum VerifyingKey {
    /// RSA: modulus, exponent and whether the padding is PSS.
    Rsa(RsaPublicKeyComponents<Vec<u8>>, bool),
    /// P-256 or Ed25519.
    Curve(UnparsedPublicKey<Vec<u8>>),
}

impl VerifyingKey {
    /// Reads a public JWK of ours.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when a member is missing or no base64url.
    pub fn from_jwk(algorithm: Algorithm, jwk: &Value) -> Result<Self, KeyError> {
        let member = |name: &str| {
            jwk[name].as_str().and_then(|v| B64.decode(v).ok()).ok_or(KeyError::Unreadable(algorithm))
        };
        Ok(match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => Self::Rsa(
                RsaPublicKeyComponents { n: member("n")?, e: member("e")? },
                algorithm == Algorithm::Ps256,
            ),
            Algorithm::Es256 => {
                let point = [vec![4], member("x")?, member("y")?].concat();
                Self::Curve(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point))
            }
            Algorithm::EdDsa => Self::Curve(UnparsedPublicKey::new(&signature::ED25519, member("x")?)),
        })
    }

    /// Whether `signature` is this key's over `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa(key, false) => {
                key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
            Self::Rsa(key, true) => {
                key.verify(&signature::RSA_PSS_2048_8192_SHA256, message, signature).is_ok()
            }
            Self::Curve(key) => key.verify(message, signature).is_ok(),
        }
    }
}

/// A key of the ring: what is published, and how it verifies and signs.
pub struct RingKey {
    /// Signs; also knows id and algorithm.
    pub signing: SigningKey,
    /// Verifies.
    pub verifying: VerifyingKey,
    /// The public JWK.
    pub jwk: Value,
    /// From when it signs; published before that already. `None` while it waits its turn.
    pub active_at: Option<OffsetDateTime>,
}

/// All keys that are published now.
#[derive(Default)]
pub struct KeyRing {
    /// In the order they became active, oldest first.
    pub keys: Vec<RingKey>,
    /// Their public halves, from the first request for them on.
    published: OnceLock<Document>,
}

impl KeyRing {
    /// The key that signs with `algorithm` at `now`: the one that became active last.
    pub fn signing(&self, algorithm: Algorithm, now: OffsetDateTime) -> Option<&SigningKey> {
        self.active(algorithm, now).map(|key| &key.signing)
    }

    /// Since when that key signs.
    pub fn signing_since(&self, algorithm: Algorithm, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.active(algorithm, now)?.active_at
    }

    fn active(&self, algorithm: Algorithm, now: OffsetDateTime) -> Option<&RingKey> {
        let of =
            |key: &&RingKey| key.signing.algorithm == algorithm && key.active_at.is_some_and(|at| at <= now);
        self.keys.iter().filter(of).max_by_key(|key| key.active_at)
    }

    /// The published key with this id.
    pub fn find(&self, kid: &str) -> Option<&RingKey> {
        self.keys.iter().find(|k| k.signing.kid == kid)
    }

    /// Adds a key from its PKCS#8 form.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when the bytes are not a key of this algorithm.
    pub fn add(
        &mut self,
        algorithm: Algorithm,
        pkcs8: &[u8],
        active_at: Option<OffsetDateTime>,
    ) -> Result<(), KeyError> {
        let signing = SigningKey::from_pkcs8(algorithm, pkcs8)?;
        let jwk = signing.public_jwk();
        let verifying = VerifyingKey::from_jwk(algorithm, &jwk)?;
        self.keys.push(RingKey { signing, verifying, jwk, active_at });
        self.published = OnceLock::new();
        Ok(())
    }

    /// The JWK set (RFC 7517 §5), written once.
    pub fn jwks(&self) -> Document {
        let write = || json!({"keys": self.keys.iter().map(|k| &k.jwk).collect::<Vec<_>>()}).to_string();
        self.published.get_or_init(|| Document::new(write())).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring_key(algorithm: Algorithm, active_at: Option<OffsetDateTime>) -> RingKey {
        let mut ring = KeyRing::default();
        ring.add(algorithm, &SigningKey::generate(algorithm).unwrap(), active_at).unwrap();
        ring.keys.remove(0)
    }

    #[test]
    fn every_algorithm_signs_what_its_public_half_verifies() {
        for algorithm in Algorithm::ALL {
            let key = ring_key(*algorithm, None);
            let signature = key.signing.sign(b"message").unwrap();
            assert!(key.verifying.verifies(b"message", &signature), "{algorithm}");
            assert!(!key.verifying.verifies(b"massage", &signature), "{algorithm}");
        }
    }

    #[test]
    fn the_newest_active_key_signs_and_the_next_one_waits() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let ring = KeyRing {
            keys: vec![
                ring_key(Algorithm::Es256, Some(at)),
                ring_key(Algorithm::Es256, Some(at + time::Duration::HOUR)),
                ring_key(Algorithm::Es256, None),
            ],
            ..KeyRing::default()
        };
        assert_eq!(ring.signing(Algorithm::Es256, at).unwrap().kid, ring.keys[0].signing.kid);
        let later = at + time::Duration::HOUR;
        assert_eq!(ring.signing(Algorithm::Es256, later).unwrap().kid, ring.keys[1].signing.kid);
        assert!(ring.signing(Algorithm::EdDsa, later).is_none());
    }

    #[test]
    fn rfc_7638_s3_1_the_thumbprint_is_that_of_the_standards_example() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let key = json!({"kty": "RSA", "n": n, "e": "AQAB"});
        assert_eq!(thumbprint(&key), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }
}
