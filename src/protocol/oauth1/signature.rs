//! Signatures (RFC 5849 §3.4): the base string, and whether a signature fits it.

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest as _, Md5};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::{hmac, signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY};
use zeroize::Zeroizing;

use crate::{
    crypto::rsa_key::RsaKey,
    model::oauth1::{SecretTransform, SignatureMethod},
    secret::Digest,
};

/// RFC 5849 §3.6: everything but the unreserved characters of RFC 3986 §2.3 is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a request is signed with.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    /// The consumer's secret, as it signs with it.
    pub consumer: &'a str,
    /// The token's secret; empty without a token.
    pub token: &'a str,
    /// The consumer's public key, if it registered one.
    pub public: Option<&'a RsaKey>,
}

/// Percent-encoding of RFC 5849 §3.6.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// The signature base string (RFC 5849 §3.4.1.1). `uri` is the address without query, its scheme and
/// host in lower case and without a default port (§3.4.1.2).
pub fn base_string<'a>(
    method: &str,
    uri: &str,
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    // §3.4.1.3.2: encoded first, then sorted by octets, then put together.
    let encoded = |(name, value): (&str, &str)| (encode(name), encode(value));
    let signed = parameters.into_iter().filter(|(name, _)| *name != "oauth_signature");
    let mut pairs: Vec<(String, String)> = signed.map(encoded).collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}&{}&{}", method.to_ascii_uppercase(), encode(uri), encode(&pairs.join("&")))
}

/// Whether `given` is the signature of the base string. Takes the same time wherever they differ.
pub fn is_right(method: SignatureMethod, base: &str, keys: Keys<'_>, given: &str) -> bool {
    // §3.4.2: "each ... even when empty", with the ampersand between.
    let key = Zeroizing::new(format!("{}&{}", encode(keys.consumer), encode(keys.token)));
    let tag = STANDARD.decode(given).unwrap_or_default();
    let hmac =
        |algorithm| hmac::verify(&hmac::Key::new(algorithm, key.as_bytes()), base.as_bytes(), &tag).is_ok();
    match method {
        SignatureMethod::HmacSha1 => hmac(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        SignatureMethod::HmacSha256 => hmac(hmac::HMAC_SHA256),
        SignatureMethod::RsaSha1 => keys.public.is_some_and(|public| {
            public.verifies(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, base.as_bytes(), &tag)
        }),
        // Digests are compared in constant time.
        SignatureMethod::Plaintext => Digest::of(key.as_bytes()) == Digest::of(given.as_bytes()),
    }
}

/// The secret that a consumer signs with, from the one it was given.
pub fn signing_secret(transform: SecretTransform, secret: &str) -> Zeroizing<String> {
    match transform {
        SecretTransform::Raw => Zeroizing::new(secret.to_owned()),
        SecretTransform::Md5x10Ega => (0..10).fold(Zeroizing::new(secret.trim().to_owned()), |value, _| {
            let digest = Md5::digest(format!("{}EGA", *value).as_bytes());
            Zeroizing::new(digest.iter().map(|byte| format!("{byte:02x}")).collect())
        }),
    }
}

#[cfg(test)]
mod tests;
