//! A client's signature over an IIN: SHA256withRSA (PKCS#1 v1.5, RFC 8017 §8.2) over its 12 ASCII
//! digits, checked with the public key that the client registered.

use base64::{
    Engine, alphabet,
    engine::general_purpose::{GeneralPurpose, PAD, STANDARD},
};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use x509_parser::{pem::parse_x509_pem, prelude::FromDer, public_key::PublicKey, x509::SubjectPublicKeyInfo};

use crate::secret::Digest;

/// Modulus lengths in bits that are accepted: under 2048 can be broken, over 8192 only burns time.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The longest signature of such a key, in base64.
const LONGEST: usize = 8192 / 8 * 4 / 3 + 4;

/// A client's public key.
#[derive(Clone, Debug)]
pub struct IinKey {
    /// RSAPublicKey (RFC 8017 §A.1.1).
    public: Vec<u8>,
    /// Modulus length.
    pub bits: usize,
    /// SHA-256 of the SubjectPublicKeyInfo, in hexadecimal: what people compare.
    pub fingerprint: String,
}

/// What is wrong with a key file, in words for who registers it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IinKeyError {
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
    #[error("is not an RSA key; the Aitu profile signs with SHA256withRSA")]
    NotRsa,
    /// Too short or too long.
    #[error("is an RSA key of {0} bits; give one of 2048 to 8192")]
    Length(usize),
}

/// Why a signature was not accepted, in words for the client's developer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IinSignatureError {
    /// The other alphabet.
    #[error("is base64url; send standard base64 (RFC 4648 section 4, with + and / and padding), URL-encoded")]
    Base64Url,
    /// A plus that was not escaped.
    #[error("holds a space: a + of the base64 text must be sent as %2B")]
    Space,
    /// No base64 at all.
    #[error("is not standard base64 (RFC 4648 section 4) with padding")]
    NotBase64,
    /// Not this key, or not this IIN.
    #[error("is not a SHA256withRSA signature of the iin by the client's registered key")]
    Wrong,
}

impl IinKey {
    /// Reads a PEM SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`IinKeyError`] in words for who registers it.
    pub fn from_pem(pem: &str) -> Result<Self, IinKeyError> {
        let (rest, block) = parse_x509_pem(pem.as_bytes()).map_err(|_| IinKeyError::NotPem)?;
        match block.label.as_str() {
            "PUBLIC KEY" => {}
            label if label.contains("PRIVATE KEY") => return Err(IinKeyError::Private),
            label => return Err(IinKeyError::OtherBlock(label.to_owned())),
        }
        if rest.windows(10).any(|window| window == b"-----BEGIN") {
            return Err(IinKeyError::Several);
        }
        let (trailing, info) =
            SubjectPublicKeyInfo::from_der(&block.contents).map_err(|_| IinKeyError::Unreadable)?;
        if !trailing.is_empty() {
            return Err(IinKeyError::Unreadable);
        }
        let bits = match info.parsed() {
            Ok(PublicKey::RSA(key)) => bit_length(key.modulus),
            Ok(_) => return Err(IinKeyError::NotRsa),
            Err(_) => return Err(IinKeyError::Unreadable),
        };
        if !BITS.contains(&bits) {
            return Err(IinKeyError::Length(bits));
        }
        let fingerprint = Digest::of(&block.contents).as_bytes().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Self { public: info.subject_public_key.data.to_vec(), bits, fingerprint })
    }

    /// Checks a signature as it came in a parameter.
    ///
    /// # Errors
    /// [`IinSignatureError`] in words for the client's developer.
    pub fn verify(&self, iin: &str, signature: &str) -> Result<(), IinSignatureError> {
        if signature.len() > LONGEST {
            return Err(IinSignatureError::NotBase64);
        }
        let signature = STANDARD.decode(signature).map_err(|_| misread(signature))?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public)
            .verify(iin.as_bytes(), &signature)
            .map_err(|_| IinSignatureError::Wrong)
    }
}

/// What a text that is not standard base64 is instead.
fn misread(signature: &str) -> IinSignatureError {
    /// base64url with or without padding.
    const URL: GeneralPurpose = GeneralPurpose::new(
        &alphabet::URL_SAFE,
        PAD.with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    if signature.contains(' ') {
        return IinSignatureError::Space;
    }
    // Without its padding it is base64url's habit too, even where no letter tells the two apart.
    if URL.decode(signature).is_ok() { IinSignatureError::Base64Url } else { IinSignatureError::NotBase64 }
}

fn bit_length(modulus: &[u8]) -> usize {
    let significant = modulus.iter().position(|b| *b != 0).map_or(&[][..], |first| &modulus[first..]);
    significant.first().map_or(0, |first| significant.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
    use rsa::{
        Pkcs1v15Sign, RsaPrivateKey,
        pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding},
    };

    use super::*;

    const IIN: &str = "900515400123";

    fn pair(bits: usize) -> (RsaPrivateKey, String) {
        let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).unwrap();
        let pem = key.to_public_key().to_public_key_pem(LineEnding::LF).unwrap();
        (key, pem)
    }

    fn signed(key: &RsaPrivateKey, text: &str) -> Vec<u8> {
        // RFC 8017 §9.2, note 1: the DigestInfo of SHA-256.
        let prefix = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
        let scheme = Pkcs1v15Sign { hash_len: Some(32), prefix: Box::from(&prefix[..]) };
        key.sign(scheme, Digest::of(text.as_bytes()).as_bytes()).unwrap()
    }

    #[test]
    fn a_signature_by_another_implementation_is_accepted_and_any_change_refused() {
        let (key, pem) = pair(2048);
        let registered = IinKey::from_pem(&pem).unwrap();
        let signature = STANDARD.encode(signed(&key, IIN));
        assert_eq!(registered.verify(IIN, &signature), Ok(()));
        assert_eq!(registered.verify("900515400124", &signature), Err(IinSignatureError::Wrong));
        let (foreign, _) = pair(2048);
        let by_foreign = STANDARD.encode(signed(&foreign, IIN));
        assert_eq!(registered.verify(IIN, &by_foreign), Err(IinSignatureError::Wrong));
        let mut bytes = signed(&key, IIN);
        bytes[9] ^= 1;
        assert_eq!(registered.verify(IIN, &STANDARD.encode(bytes)), Err(IinSignatureError::Wrong));
        for short in ["", "AAAA"] {
            assert_eq!(registered.verify(IIN, short), Err(IinSignatureError::Wrong), "{short}");
        }
    }

    #[test]
    fn base64url_and_unescaped_text_are_told_what_to_send() {
        let (key, pem) = pair(2048);
        let registered = IinKey::from_pem(&pem).unwrap();
        let bytes = signed(&key, IIN);
        // A signature of 256 bytes without `-` and `_` is one in 30,000.
        for url in [URL_SAFE.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            assert_eq!(registered.verify(IIN, &url), Err(IinSignatureError::Base64Url), "{url}");
        }
        let spaced = STANDARD.encode(&bytes).replace('+', " ");
        assert_eq!(registered.verify(IIN, &spaced), Err(IinSignatureError::Space));
        for bad in ["!!!!", "\u{e01}", "A", &"A".repeat(100_000)] {
            assert_eq!(registered.verify(IIN, bad), Err(IinSignatureError::NotBase64));
        }
    }

    #[test]
    fn a_key_is_public_rsa_of_2048_bits_or_more() {
        let (short, pem) = pair(1024);
        assert_eq!(IinKey::from_pem(&pem).unwrap_err(), IinKeyError::Length(1024));
        let private = short.to_pkcs8_pem(LineEnding::LF).unwrap();
        assert_eq!(IinKey::from_pem(&private).unwrap_err(), IinKeyError::Private);
        assert_eq!(IinKey::from_pem(&format!("{pem}{pem}")).unwrap_err(), IinKeyError::Several);
        for nothing in ["", "rubbish", "-----BEGIN PUBLIC KEY-----\n"] {
            assert_eq!(IinKey::from_pem(nothing).unwrap_err(), IinKeyError::NotPem, "{nothing:?}");
        }
        let rubbish = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
        assert_eq!(IinKey::from_pem(rubbish).unwrap_err(), IinKeyError::Unreadable);
        let elliptic = rcgen::KeyPair::generate().unwrap().public_key_pem();
        assert_eq!(IinKey::from_pem(&elliptic).unwrap_err(), IinKeyError::NotRsa);
        let other = pem.replace("PUBLIC KEY", "RSA PUBLIC KEY");
        assert_eq!(IinKey::from_pem(&other).unwrap_err(), IinKeyError::OtherBlock("RSA PUBLIC KEY".into()));
    }
}
