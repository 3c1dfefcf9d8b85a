//! Encryption at rest: values that are needed again (signing keys, OAuth 1.0a secrets) are sealed
//! with an AEAD under a key-encryption key that has an id, so that it can be rotated.
//!
//! Layout: `1`, length of the key's id, the id, a 96-bit nonce, ChaCha20-Poly1305 ciphertext and
//! tag (RFC 8439). The place a value belongs to is authenticated, so that a sealed value can't be
//! moved to another row.

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};
use zeroize::Zeroizing;

use crate::rng::Rng;

const VERSION: u8 = 1;

/// Why a sealed value can't be opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SealError {
    /// No key was given to seal with, or its id is too long.
    #[error("an encryption key is missing, or its id is longer than 255 bytes")]
    BadKey,
    /// The value names a key that the settings no longer list.
    #[error("the value is sealed under encryption key `{0}`, which secrets.encryption_keys does not list")]
    UnknownKey(String),
    /// The value was cut, changed or moved.
    #[error("the sealed value is damaged or was moved from another place")]
    Damaged,
}

/// The key-encryption keys: the first seals, all of them open.
pub struct Sealer {
    keys: Vec<(String, LessSafeKey)>,
    root: hkdf::Prk,
}

impl Sealer {
    /// From the settings' list of ids and 256-bit keys.
    ///
    /// # Errors
    /// [`SealError::BadKey`] when the list is empty or an id has over 255 bytes.
    pub fn new<'a>(keys: impl IntoIterator<Item = (&'a str, &'a [u8; 32])>) -> Result<Self, SealError> {
        let mut sealing = Vec::new();
        let mut root = None;
        for (id, key) in keys {
            if id.len() > 255 {
                return Err(SealError::BadKey);
            }
            root.get_or_insert_with(|| hkdf::Salt::new(hkdf::HKDF_SHA256, b"tamga").extract(key));
            let unbound = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| SealError::BadKey)?;
            sealing.push((id.to_owned(), LessSafeKey::new(unbound)));
        }
        Ok(Self { keys: sealing, root: root.ok_or(SealError::BadKey)? })
    }

    /// Seals `plain` for `place` (table and row, say).
    ///
    /// # Errors
    /// [`SealError::BadKey`] only if the cipher itself refuses.
    pub fn seal(&self, place: &str, plain: &[u8], rng: &Rng) -> Result<Vec<u8>, SealError> {
        let (id, key) = self.keys.first().ok_or(SealError::BadKey)?;
        let nonce: [u8; NONCE_LEN] = rng.bytes();
        let mut body = plain.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.as_bytes()),
            &mut body,
        )
        .map_err(|_| SealError::BadKey)?;
        let id_length = u8::try_from(id.len()).map_err(|_| SealError::BadKey)?;
        let mut sealed = vec![VERSION, id_length];
        sealed.extend_from_slice(id.as_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// [`SealError::UnknownKey`] when its key is not listed, else [`SealError::Damaged`].
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let [VERSION, id_length, rest @ ..] = sealed else { return Err(SealError::Damaged) };
        let (id, rest) = rest.split_at_checked(usize::from(*id_length)).ok_or(SealError::Damaged)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(SealError::Damaged)?;
        let id = std::str::from_utf8(id).map_err(|_| SealError::Damaged)?;
        let (_, key) =
            self.keys.iter().find(|(k, _)| k == id).ok_or_else(|| SealError::UnknownKey(id.into()))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Damaged)?;
        let mut plain = Zeroizing::new(body.to_vec());
        let length = key
            .open_in_place(nonce, Aad::from(place.as_bytes()), &mut plain)
            .map_err(|_| SealError::Damaged)?
            .len();
        plain.truncate(length);
        Ok(plain)
    }

    /// A key for one use (`label`), derived from the first encryption key (HKDF-SHA256, RFC 5869).
    pub fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let info = [label.as_bytes()];
        // Expanding to one block of the digest can't fail (RFC 5869 §2.3: up to 255 blocks).
        if let Ok(output) = self.root.expand(&info, hkdf::HKDF_SHA256) {
            let filled = output.fill(key.as_mut());
            debug_assert!(filled.is_ok());
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(ids: &[(&str, u8)]) -> Sealer {
        let keys: Vec<_> = ids.iter().map(|(id, byte)| (*id, [*byte; 32])).collect();
        Sealer::new(keys.iter().map(|(id, key)| (*id, key))).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_in_its_own_place_only() {
        let (sealer, rng) = (sealer(&[("a", 1)]), Rng::seeded(1));
        let sealed = sealer.seal("signing_keys/k1", b"secret", &rng).unwrap();
        assert_eq!(sealer.open("signing_keys/k1", &sealed).unwrap().as_slice(), b"secret");
        assert_eq!(sealer.open("signing_keys/k2", &sealed), Err(SealError::Damaged));
    }

    #[test]
    fn an_older_key_still_opens_and_a_missing_one_is_named() {
        let rng = Rng::seeded(1);
        let sealed = sealer(&[("old", 1)]).seal("p", b"x", &rng).unwrap();
        assert!(sealer(&[("new", 2), ("old", 1)]).open("p", &sealed).is_ok());
        assert_eq!(sealer(&[("new", 2)]).open("p", &sealed), Err(SealError::UnknownKey("old".into())));
    }

    #[test]
    fn a_cut_or_changed_value_is_refused() {
        let (sealer, rng) = (sealer(&[("a", 1)]), Rng::seeded(1));
        let sealed = sealer.seal("p", b"secret", &rng).unwrap();
        for cut in 0..sealed.len() {
            assert!(sealer.open("p", &sealed[..cut]).is_err());
        }
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(sealer.open("p", &changed), Err(SealError::Damaged));
    }

    #[test]
    fn derived_keys_differ_by_label() {
        let sealer = sealer(&[("a", 1)]);
        assert_ne!(sealer.derive("refresh"), sealer.derive("pairwise"));
        assert_eq!(sealer.derive("refresh"), sealer.derive("refresh"));
        assert_ne!(*sealer.derive("refresh"), [0; 32]);
    }
}
