//! Signature algorithms (RFC 7518 §3.1, RFC 8037).

use super::words::words;

words! {
    /// An algorithm that tokens are signed with.
    Algorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-256: the default of OpenID Connect for id_tokens.
        Rs256 = "RS256",
        /// ECDSA with P-256: the default for access tokens, about 25 times cheaper to sign.
        Es256 = "ES256",
        /// RSASSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// Ed25519.
        EdDsa = "EdDSA",
    }
}
