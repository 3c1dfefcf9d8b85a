//! Public keys of others as JWK (RFC 7517, RFC 7518 §6, RFC 8037): read, told apart by thumbprint,
//! and asked whether they signed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ring::{
    digest,
    signature::{self, RsaPublicKeyComponents, UnparsedPublicKey},
};
use serde_json::{Value, json};

use crate::model::signing::{ForeignAlgorithm, usual_word};

/// More keys of one set are not looked at: each costs a signature check.
const MOST_KEYS: usize = 32;
/// Private members of every kind of key (RFC 7518 §6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key for signatures.
#[derive(Clone, Debug)]
pub struct PublicKey {
    /// What its owner calls it.
    pub kid: Option<String>,
    /// The one algorithm it is for; any that fits when its owner says nothing.
    alg: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point (SEC 1 §2.3.3).
    P256(Vec<u8>),
    /// Likewise.
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// Why a JWK is no key for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// It holds private members, which nobody else may know.
    #[error("holds a private key; give the public part alone")]
    Private,
    /// It is meant for something else than signatures.
    #[error("is not for signatures (`use`, `key_ops`)")]
    Use,
    /// A kind or curve we don't know.
    #[error("is of a kind that is not served: RSA, EC with P-256 or P-384, or OKP with Ed25519")]
    Kind,
    /// A member is missing or no base64url of the right length.
    #[error("lacks a member or has a malformed one")]
    Malformed,
    /// RSA below 2048 bits.
    #[error("is an RSA key of less than 2048 bits")]
    Short,
}

impl PublicKey {
    /// Reads a public JWK.
    ///
    /// # Errors
    /// [`JwkError`] saying what is wrong with it.
    pub fn read(jwk: &Value) -> Result<Self, JwkError> {
        // RFC 9449 §4.3 (7): a proof's key must not be private; no set we are given may hold one.
        if PRIVATE.iter().any(|name| jwk.get(name).is_some()) {
            return Err(JwkError::Private);
        }
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let for_signatures = text("use").is_none_or(|used| used == "sig")
            && jwk.get("key_ops").and_then(Value::as_array).is_none_or(|ops| ops.contains(&json!("verify")));
        if !for_signatures {
            return Err(JwkError::Use);
        }
        let bytes = |name: &str| text(name).and_then(|v| B64.decode(v).ok()).ok_or(JwkError::Malformed);
        let point = |length: usize| -> Result<Vec<u8>, JwkError> {
            let (x, y) = (bytes("x")?, bytes("y")?);
            let fits = x.len() == length && y.len() == length;
            fits.then(|| [vec![4], x, y].concat()).ok_or(JwkError::Malformed)
        };
        let material = match (text("kty"), text("crv")) {
            (Some("RSA"), _) => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                if n.len() < 256 {
                    return Err(JwkError::Short);
                }
                Material::Rsa { n, e }
            }
            (Some("EC"), Some("P-256")) => Material::P256(point(32)?),
            (Some("EC"), Some("P-384")) => Material::P384(point(48)?),
            (Some("OKP"), Some("Ed25519")) => {
                Material::Ed25519(bytes("x").ok().filter(|x| x.len() == 32).ok_or(JwkError::Malformed)?)
            }
            _ => return Err(JwkError::Kind),
        };
        Ok(Self {
            kid: text("kid").map(str::to_owned),
            alg: text("alg").map(|alg| usual_word(alg).to_owned()),
            material,
        })
    }

    /// Its thumbprint (RFC 7638 §3): SHA-256 over the required members in order, as base64url.
    pub fn thumbprint(&self) -> String {
        // `json!` keeps members sorted, which is the order wanted.
        let members = match &self.material {
            Material::Rsa { n, e } => json!({"e": B64.encode(e), "kty": "RSA", "n": B64.encode(n)}),
            Material::P256(point) => ec("P-256", &point[1..]),
            Material::P384(point) => ec("P-384", &point[1..]),
            Material::Ed25519(x) => json!({"crv": "Ed25519", "kty": "OKP", "x": B64.encode(x)}),
        };
        B64.encode(digest::digest(&digest::SHA256, members.to_string().as_bytes()))
    }

    /// Whether it may be used with `algorithm`: the key's kind decides, not the token that names it
    /// (RFC 8725 §3.1).
    pub fn fits(&self, algorithm: ForeignAlgorithm) -> bool {
        use ForeignAlgorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
        let kind = match self.material {
            Material::Rsa { .. } => matches!(algorithm, Rs256 | Rs384 | Rs512 | Ps256 | Ps384 | Ps512),
            Material::P256(_) => algorithm == Es256,
            Material::P384(_) => algorithm == Es384,
            Material::Ed25519(_) => algorithm == EdDsa,
        };
        kind && self.alg.as_deref().is_none_or(|alg| alg == algorithm.word())
    }

    /// Whether `signature` is this key's over `message`.
    pub fn verifies(&self, algorithm: ForeignAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.fits(algorithm) {
            return false;
        }
        match &self.material {
            Material::Rsa { n, e } => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(rsa_parameters(algorithm), message, signature).is_ok()
            }
            Material::P256(point) => verifies(&signature::ECDSA_P256_SHA256_FIXED, point, message, signature),
            Material::P384(point) => verifies(&signature::ECDSA_P384_SHA384_FIXED, point, message, signature),
            Material::Ed25519(x) => verifies(&signature::ED25519, x, message, signature),
        }
    }
}

fn ec(curve: &str, coordinates: &[u8]) -> Value {
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    json!({"crv": curve, "kty": "EC", "x": B64.encode(x), "y": B64.encode(y)})
}

fn verifies(
    algorithm: &'static dyn signature::VerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok()
}

fn rsa_parameters(algorithm: ForeignAlgorithm) -> &'static signature::RsaParameters {
    match algorithm {
        ForeignAlgorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        ForeignAlgorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        ForeignAlgorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        ForeignAlgorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        ForeignAlgorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        _ => &signature::RSA_PKCS1_2048_8192_SHA256,
    }
}

/// Keys that somebody publishes (RFC 7517 §5).
#[derive(Clone, Debug, Default)]
pub struct JwkSet {
    keys: Vec<PublicKey>,
}

impl JwkSet {
    /// Reads a set; keys that are none for us are passed over (RFC 7517 §5). `None` when it is no
    /// set at all.
    pub fn read(set: &Value) -> Option<Self> {
        let keys = set.get("keys")?.as_array()?;
        let keys = keys.iter().filter_map(|jwk| PublicKey::read(jwk).ok()).take(MOST_KEYS);
        Some(Self { keys: keys.collect() })
    }

    /// Whether there is nothing in it for us.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a key of this name is in it.
    pub fn has(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid.as_deref() == Some(kid))
    }

    /// The keys that may have signed: those of this name, or all where none is named.
    pub fn candidates<'a>(&'a self, kid: Option<&'a str>) -> impl Iterator<Item = &'a PublicKey> {
        self.keys.iter().filter(move |key| kid.is_none_or(|kid| key.kid.as_deref() == Some(kid)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_7638_s3_1_the_thumbprint_is_that_of_the_standards_example() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let key = json!({"kty": "RSA", "n": n, "e": "AQAB", "kid": "x", "alg": "RS256"});
        assert_eq!(
            PublicKey::read(&key).unwrap().thumbprint(),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    #[test]
    fn rfc_8037_a_3_the_thumbprint_of_ed25519_is_that_of_the_standards_example() {
        let key = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        assert_eq!(
            PublicKey::read(&key).unwrap().thumbprint(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn what_is_no_public_signature_key_is_refused() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        for (jwk, why) in [
            (json!({"kty": "OKP", "crv": "Ed25519", "x": x, "d": "AA"}), JwkError::Private),
            (json!({"kty": "oct", "k": "AA"}), JwkError::Private),
            (json!({"kty": "OKP", "crv": "Ed25519", "x": x, "use": "enc"}), JwkError::Use),
            (json!({"kty": "OKP", "crv": "Ed25519", "x": x, "key_ops": ["sign"]}), JwkError::Use),
            (json!({"kty": "OKP", "crv": "X25519", "x": x}), JwkError::Kind),
            (json!({"kty": "EC", "crv": "secp256k1", "x": x, "y": x}), JwkError::Kind),
            (json!({"kty": "EC", "crv": "P-256", "x": x}), JwkError::Malformed),
            (json!({"kty": "OKP", "crv": "Ed25519", "x": "AA"}), JwkError::Malformed),
            (json!({"kty": "RSA", "n": x, "e": "AQAB"}), JwkError::Short),
            (json!([]), JwkError::Kind),
            (json!(null), JwkError::Kind),
        ] {
            assert_eq!(PublicKey::read(&jwk).unwrap_err(), why, "{jwk}");
        }
    }

    #[test]
    fn a_key_serves_only_the_algorithms_of_its_kind_and_of_its_owners_choice() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let plain = PublicKey::read(&json!({"kty": "OKP", "crv": "Ed25519", "x": x})).unwrap();
        assert!(plain.fits(ForeignAlgorithm::EdDsa) && !plain.fits(ForeignAlgorithm::Es256));
        let other = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "ES256"});
        assert!(!PublicKey::read(&other).unwrap().fits(ForeignAlgorithm::EdDsa));
        let newer = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "Ed25519"});
        assert!(PublicKey::read(&newer).unwrap().fits(ForeignAlgorithm::EdDsa), "RFC 9864 §2.2");
    }
}
