//! What a relying party signs with a key of its own, and how it checks what the server signed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Map, Value, json};

/// A key pair for ES256.
pub struct Key(EcdsaKeyPair);

impl Key {
    /// A new one, in PKCS#8 as base64url.
    pub fn generate() -> Result<String, String> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        made.map(|key| B64.encode(key)).map_err(|_| "no key can be made".to_owned())
    }

    /// One that was made before.
    pub fn read(kept: &str) -> Result<Self, String> {
        let bad = "our own key can't be read";
        let bytes = B64.decode(kept).map_err(|_| bad)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &bytes, &SystemRandom::new());
        Ok(Self(pair.map_err(|_| bad)?))
    }

    /// Its public half (RFC 7518 §6.2), with the members that make its thumbprint alone.
    pub fn public(&self) -> Value {
        // SEC 1 §2.3.3: 04, then both coordinates.
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        json!({"crv": "P-256", "kty": "EC", "x": B64.encode(x), "y": B64.encode(y)})
    }

    /// Its thumbprint (RFC 7638): the members in the order of their names, as `serde_json` writes them.
    pub fn thumbprint(&self) -> String {
        hash(&self.public().to_string())
    }

    /// Signs claims; `typ` says what they are for, `further` stands in the header beside it.
    pub fn sign(&self, typ: &str, further: Map<String, Value>, claims: &Value) -> Result<String, String> {
        let mut header = Map::from_iter([("alg".to_owned(), json!("ES256")), ("typ".to_owned(), json!(typ))]);
        header.extend(further);
        let part = |value: &Value| B64.encode(value.to_string());
        let signed = format!("{}.{}", part(&Value::Object(header)), part(claims));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.map_err(|_| "our own key refuses to sign".to_owned())?;
        Ok(format!("{signed}.{}", B64.encode(signature)))
    }
}

/// SHA-256 as base64url: thumbprints, S256 challenges, `ath`.
pub fn hash(text: &str) -> String {
    B64.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// The claims of what the server signed, and the algorithm.
pub fn open(keys: &CoreJsonWebKeySet, token: &str) -> Result<(Value, String), String> {
    let (signed, signature) = token.rsplit_once('.').ok_or("it is no JWT")?;
    let (header, claims) = signed.split_once('.').ok_or("it is no JWT")?;
    let (header, claims) = (part(header)?, part(claims)?);
    let algorithm = header["alg"].as_str().unwrap_or_default();
    // RFC 8725 §3.1: only algorithms that are expected; never none, never a shared key.
    let expected = match algorithm {
        "ES256" => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        "PS256" => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        "RS256" => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        other => return Err(format!("signed with {other}")),
    };
    let key = keys.keys().iter().find(|key| key.key_id().is_some_and(|id| header["kid"] == id.as_str()));
    let key = key.ok_or("no key of the server has its kid")?;
    let signature = B64.decode(signature).map_err(|error| error.to_string())?;
    key.verify_signature(&expected, signed.as_bytes(), &signature).map_err(|error| error.to_string())?;
    Ok((claims, algorithm.to_owned()))
}

fn part(encoded: &str) -> Result<Value, String> {
    let bytes = B64.decode(encoded).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Map<String, Value> {
        Map::from_iter([("kid".to_owned(), json!("1"))])
    }

    fn keys(key: &Key) -> CoreJsonWebKeySet {
        let mut public = key.public();
        public["kid"] = json!("1");
        serde_json::from_value(json!({ "keys": [public] })).unwrap()
    }

    #[test]
    fn what_one_key_signed_is_opened_with_that_key_alone() {
        let kept = Key::generate().unwrap();
        let (key, other) = (Key::read(&kept).unwrap(), Key::read(&Key::generate().unwrap()).unwrap());
        let token = key.sign("JWT", header(), &json!({"sub": "7"})).unwrap();
        assert_eq!(open(&keys(&key), &token), Ok((json!({"sub": "7"}), "ES256".to_owned())));
        assert!(open(&keys(&other), &token).is_err());
        let (signed, _) = token.rsplit_once('.').unwrap();
        assert!(open(&keys(&key), &format!("{signed}.")).is_err());
        assert!(open(&keys(&key), "rubbish").is_err());
        let none = format!("{}.e30.", B64.encode(r#"{"alg":"none","kid":"1"}"#));
        assert_eq!(open(&keys(&key), &none), Err("signed with none".to_owned()));
    }

    #[test]
    fn rfc_7638_s3_1_a_thumbprint_is_made_of_the_members_in_order() {
        let key = Key::read(&Key::generate().unwrap()).unwrap();
        let public = key.public();
        let text = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, public["x"], public["y"]);
        assert_eq!(key.thumbprint(), hash(&text));
        // RFC 7636 appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(hash(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
