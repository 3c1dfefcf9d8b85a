//! The words of OAuth 1.0a (RFC 5849).

use super::words::words;

/// The callback of a consumer that can't be returned to: the person carries the verifier over
/// (RFC 5849 §2.1).
pub const OUT_OF_BAND: &str = "oob";

words! {
    /// How a request is signed (RFC 5849 §3.4).
    SignatureMethod {
        /// RFC 5849 §3.4.2.
        HmacSha1 = "HMAC-SHA1",
        /// The same with SHA-256, as many libraries offer it.
        HmacSha256 = "HMAC-SHA256",
        /// RFC 5849 §3.4.3: by the consumer's private key.
        RsaSha1 = "RSA-SHA1",
        /// RFC 5849 §3.4.4: the secrets themselves, for TLS alone.
        Plaintext = "PLAINTEXT",
    }
}

words! {
    /// What a consumer does to its secret before it signs with it.
    SecretTransform {
        /// Nothing.
        Raw = "raw",
        /// Ten rounds of MD5 with a suffix, as a kit for PHP of the Thai e-Government service does.
        Md5x10Ega = "md5x10:EGA",
    }
}
