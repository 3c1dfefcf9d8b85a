//! Bearer values: made here, shown once, stored only as SHA-256 digests.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};

use crate::rng::Rng;

/// A bearer value (code, token, cookie, generated client secret): 256 random bits or what a peer
/// sent in that place. Never printed by `Debug`, wiped when dropped.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// A new value of 256 random bits, as 43 URL-safe characters.
    pub fn generate(rng: &Rng) -> Self {
        Self::from_bytes(&rng.bytes::<32>())
    }

    /// The value with these bytes, for values derived rather than drawn.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self::from(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What goes over the wire. Never to a log.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored: the SHA-256 digest. Enough for values of 256 random bits, which can't be
    /// guessed; what a person chose goes through Argon2id instead.
    pub fn digest(&self) -> Digest {
        Digest::of(self.expose().as_bytes())
    }
}

impl From<String> for Token {
    fn from(value: String) -> Self {
        Self(SecretString::from(value))
    }
}

impl From<&str> for Token {
    fn from(value: &str) -> Self {
        Self(SecretString::from(value))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// A SHA-256 digest of a bearer value. Equality takes the same time wherever the values differ.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `value`.
    pub fn of(value: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, value).as_ref());
        Self(bytes)
    }

    /// A keyed digest that was computed elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest read back from storage; `None` unless it has 32 bytes.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, as a key of a table in memory.
    pub fn into_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The bytes to bind to a statement.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq;
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::from("s3cret-value");
        assert!(!format!("{token:?}{:?}", token.digest()).contains("s3cret"));
    }

    #[test]
    fn a_generated_token_has_43_url_safe_characters() {
        let token = Token::generate(&Rng::seeded(1));
        assert_eq!(token.expose().len(), 43);
        assert!(token.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn digests_are_equal_only_for_equal_values() {
        assert_eq!(Token::from("a").digest(), Token::from("a").digest());
        assert_ne!(Token::from("a").digest(), Token::from("b").digest());
    }
}
