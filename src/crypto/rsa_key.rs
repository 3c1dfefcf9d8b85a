//! A client's RSA public key, as it is registered: what its signatures are checked with.

use ring::signature::{RsaParameters, UnparsedPublicKey};
use x509_parser::{pem::parse_x509_pem, prelude::FromDer, public_key::PublicKey, x509::SubjectPublicKeyInfo};

use crate::secret::Digest;

/// Modulus lengths in bits that are accepted: under 2048 can be broken, over 8192 only burns time.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// A client's public key.
#[derive(Clone, Debug)]
pub struct RsaKey {
    /// RSAPublicKey (RFC 8017 §A.1.1).
    public: Vec<u8>,
    /// Modulus length.
    pub bits: usize,
    /// SHA-256 of the SubjectPublicKeyInfo, in hexadecimal: what people compare.
    pub fingerprint: String,
}

/// What is wrong with a key file, in words for who registers it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RsaKeyError {
    /// No PEM at all.
    #[error("holds no PEM block; give the public key as PEM (`openssl rsa -in KEY -pubout` makes it)")]
    NotPem,
    /// A private key: it must not leave the client.
    #[error(
        "is a private key, which nobody but the client may have; give the public one (`openssl rsa -in KEY -pubout`)"
    )]
    Private,
    /// Another kind of PEM.
    #[error("is a PEM block `{0}`; give a `PUBLIC KEY` (SubjectPublicKeyInfo)")]
    OtherBlock(String),
    /// Something after the key.
    #[error("holds more than one PEM block; give the one public key")]
    Several,
    /// The block does not hold a SubjectPublicKeyInfo.
    #[error("can't be read as a SubjectPublicKeyInfo")]
    Unreadable,
    /// EC, Ed25519 ...
    #[error("is not an RSA key; the signatures it is for are RSA")]
    NotRsa,
    /// Too short or too long.
    #[error("is an RSA key of {0} bits; give one of 2048 to 8192")]
    Length(usize),
}

impl RsaKey {
    /// Reads a PEM SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`RsaKeyError`] in words for who registers it.
    pub fn from_pem(pem: &str) -> Result<Self, RsaKeyError> {
        let (rest, block) = parse_x509_pem(pem.as_bytes()).map_err(|_| RsaKeyError::NotPem)?;
        match block.label.as_str() {
            "PUBLIC KEY" => {}
            label if label.contains("PRIVATE KEY") => return Err(RsaKeyError::Private),
            label => return Err(RsaKeyError::OtherBlock(label.to_owned())),
        }
        if rest.windows(10).any(|window| window == b"-----BEGIN") {
            return Err(RsaKeyError::Several);
        }
        let (trailing, info) =
            SubjectPublicKeyInfo::from_der(&block.contents).map_err(|_| RsaKeyError::Unreadable)?;
        if !trailing.is_empty() {
            return Err(RsaKeyError::Unreadable);
        }
        let bits = match info.parsed() {
            Ok(PublicKey::RSA(key)) => bit_length(key.modulus),
            Ok(_) => return Err(RsaKeyError::NotRsa),
            Err(_) => return Err(RsaKeyError::Unreadable),
        };
        if !BITS.contains(&bits) {
            return Err(RsaKeyError::Length(bits));
        }
        let fingerprint = Digest::of(&block.contents).as_bytes().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Self { public: info.subject_public_key.data.to_vec(), bits, fingerprint })
    }

    /// Whether this is a signature of `message` by the key's owner.
    pub fn verifies(&self, algorithm: &'static RsaParameters, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(algorithm, &self.public).verify(message, signature).is_ok()
    }
}

fn bit_length(modulus: &[u8]) -> usize {
    let significant = modulus.iter().position(|b| *b != 0).map_or(&[][..], |first| &modulus[first..]);
    significant.first().map_or(0, |first| significant.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use rsa::{
        RsaPrivateKey,
        pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding},
    };

    use super::*;

    #[test]
    fn a_key_is_public_rsa_of_2048_bits_or_more() {
        let short = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
        let pem = short.to_public_key().to_public_key_pem(LineEnding::LF).unwrap();
        assert_eq!(RsaKey::from_pem(&pem).unwrap_err(), RsaKeyError::Length(1024));
        let private = short.to_pkcs8_pem(LineEnding::LF).unwrap();
        assert_eq!(RsaKey::from_pem(&private).unwrap_err(), RsaKeyError::Private);
        assert_eq!(RsaKey::from_pem(&format!("{pem}{pem}")).unwrap_err(), RsaKeyError::Several);
        for nothing in ["", "rubbish", "-----BEGIN PUBLIC KEY-----\n"] {
            assert_eq!(RsaKey::from_pem(nothing).unwrap_err(), RsaKeyError::NotPem, "{nothing:?}");
        }
        let rubbish = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
        assert_eq!(RsaKey::from_pem(rubbish).unwrap_err(), RsaKeyError::Unreadable);
        let elliptic = rcgen::KeyPair::generate().unwrap().public_key_pem();
        assert_eq!(RsaKey::from_pem(&elliptic).unwrap_err(), RsaKeyError::NotRsa);
        let other = pem.replace("PUBLIC KEY", "RSA PUBLIC KEY");
        assert_eq!(RsaKey::from_pem(&other).unwrap_err(), RsaKeyError::OtherBlock("RSA PUBLIC KEY".into()));
    }
}
