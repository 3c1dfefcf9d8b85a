//! A client's signature over an IIN: SHA256withRSA (PKCS#1 v1.5, RFC 8017 §8.2) over its 12 ASCII
//! digits, checked with the public key that the client registered.

use base64::{
    Engine, alphabet,
    engine::general_purpose::{GeneralPurpose, PAD, STANDARD},
};
use ring::signature::RSA_PKCS1_2048_8192_SHA256;

use super::rsa_key::RsaKey;

/// The longest signature of such a key, in base64.
const LONGEST: usize = 8192 / 8 * 4 / 3 + 4;

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

/// Checks a signature as it came in a parameter.
///
/// # Errors
/// [`IinSignatureError`] in words for the client's developer.
pub fn verify(key: &RsaKey, iin: &str, signature: &str) -> Result<(), IinSignatureError> {
    if signature.len() > LONGEST {
        return Err(IinSignatureError::NotBase64);
    }
    let signature = STANDARD.decode(signature).map_err(|_| misread(signature))?;
    let good = key.verifies(&RSA_PKCS1_2048_8192_SHA256, iin.as_bytes(), &signature);
    if good { Ok(()) } else { Err(IinSignatureError::Wrong) }
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

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
    use rsa::{
        Pkcs1v15Sign, RsaPrivateKey,
        pkcs8::{EncodePublicKey, LineEnding},
    };

    use super::*;
    use crate::secret::Digest;

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
        let registered = RsaKey::from_pem(&pem).unwrap();
        let signature = STANDARD.encode(signed(&key, IIN));
        assert_eq!(verify(&registered, IIN, &signature), Ok(()));
        assert_eq!(verify(&registered, "900515400124", &signature), Err(IinSignatureError::Wrong));
        let (foreign, _) = pair(2048);
        let by_foreign = STANDARD.encode(signed(&foreign, IIN));
        assert_eq!(verify(&registered, IIN, &by_foreign), Err(IinSignatureError::Wrong));
        let mut bytes = signed(&key, IIN);
        bytes[9] ^= 1;
        assert_eq!(verify(&registered, IIN, &STANDARD.encode(bytes)), Err(IinSignatureError::Wrong));
        for short in ["", "AAAA"] {
            assert_eq!(verify(&registered, IIN, short), Err(IinSignatureError::Wrong), "{short}");
        }
    }

    #[test]
    fn base64url_and_unescaped_text_are_told_what_to_send() {
        let (key, pem) = pair(2048);
        let registered = RsaKey::from_pem(&pem).unwrap();
        let bytes = signed(&key, IIN);
        // A signature of 256 bytes without `-` and `_` is one in 30,000.
        for url in [URL_SAFE.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            assert_eq!(verify(&registered, IIN, &url), Err(IinSignatureError::Base64Url), "{url}");
        }
        let spaced = STANDARD.encode(&bytes).replace('+', " ");
        assert_eq!(verify(&registered, IIN, &spaced), Err(IinSignatureError::Space));
        for bad in ["!!!!", "\u{e01}", "A", &"A".repeat(100_000)] {
            assert_eq!(verify(&registered, IIN, bad), Err(IinSignatureError::NotBase64));
        }
    }
}
