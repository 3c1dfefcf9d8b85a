//! RSA keys of relying parties that sign IINs, made once for all tests.

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::{EncodePublicKey, LineEnding},
};

/// A relying party's key.
pub struct IinKeyPair {
    private: RsaPrivateKey,
    /// What it registers.
    pub public_pem: String,
}

/// The key of the client under test.
pub fn own() -> &'static IinKeyPair {
    static KEY: OnceLock<IinKeyPair> = OnceLock::new();
    KEY.get_or_init(|| IinKeyPair::new(2048))
}

/// Somebody else's.
pub fn foreign() -> &'static IinKeyPair {
    static KEY: OnceLock<IinKeyPair> = OnceLock::new();
    KEY.get_or_init(|| IinKeyPair::new(2048))
}

impl IinKeyPair {
    /// A new key of so many bits.
    pub fn new(bits: usize) -> Self {
        let private = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).unwrap();
        let public_pem = private.to_public_key().to_public_key_pem(LineEnding::LF).unwrap();
        Self { private, public_pem }
    }

    /// SHA256withRSA (RFC 8017 §8.2.1), by another library than the server's.
    pub fn sign(&self, text: &str) -> Vec<u8> {
        let prefix =
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20".as_slice();
        let scheme = Pkcs1v15Sign { hash_len: Some(32), prefix: prefix.into() };
        let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        self.private.sign(scheme, hash.as_ref()).unwrap()
    }

    /// The same in standard base64.
    pub fn signature(&self, text: &str) -> String {
        STANDARD.encode(self.sign(text))
    }
}
