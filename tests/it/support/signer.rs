//! Keys of clients, and what they sign with them: by another library than the server's.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

/// A P-256 key.
pub struct Signer {
    /// The private half.
    pub key: EncodingKey,
    /// The public half.
    pub jwk: Value,
}

impl Signer {
    /// A new key of this name.
    pub fn new(kid: &str) -> Self {
        let (rng, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &rng).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &rng).unwrap();
        let point = pair.public_key().as_ref();
        let (x, y) = (B64.encode(&point[1..33]), B64.encode(&point[33..]));
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid});
        Self { key: EncodingKey::from_ec_der(pkcs8.as_ref()), jwk }
    }

    /// A set of this key alone.
    pub fn jwks(&self) -> Value {
        json!({"keys": [self.jwk]})
    }

    /// Its thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> String {
        let members = json!({"crv": self.jwk["crv"], "kty": "EC", "x": self.jwk["x"], "y": self.jwk["y"]});
        B64.encode(ring::digest::digest(&ring::digest::SHA256, members.to_string().as_bytes()))
    }

    /// A token that names the key.
    pub fn sign(&self, claims: &Value) -> String {
        let kid = self.jwk["kid"].as_str().map(str::to_owned);
        let header = Header { kid, ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }

    /// A DPoP proof (RFC 9449 §4.2).
    pub fn proof(&self, claims: &Value) -> String {
        let mut public = self.jwk.clone();
        public.as_object_mut().unwrap().remove("kid");
        let jwk: Jwk = serde_json::from_value(public).unwrap();
        let typ = Some("dpop+jwt".to_owned());
        let header = Header { typ, jwk: Some(jwk), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}
