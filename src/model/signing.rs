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

words! {
    /// A public-key algorithm that others sign with: clients their assertions, proofs and requests,
    /// trusted issuers their tokens. Never `none`, never a shared secret (RFC 8725 §2.1).
    ForeignAlgorithm {
        /// ECDSA with P-256.
        Es256 = "ES256",
        /// ECDSA with P-384.
        Es384 = "ES384",
        /// Ed25519.
        EdDsa = "EdDSA",
        /// RSASSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// RSASSA-PSS with SHA-384.
        Ps384 = "PS384",
        /// RSASSA-PSS with SHA-512.
        Ps512 = "PS512",
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        Rs256 = "RS256",
        /// RSASSA-PKCS1-v1_5 with SHA-384.
        Rs384 = "RS384",
        /// RSASSA-PKCS1-v1_5 with SHA-512.
        Rs512 = "RS512",
    }
}

words! {
    /// An algorithm of `client_secret_jwt`: the client's secret is the key.
    HmacAlgorithm {
        /// HMAC with SHA-256.
        Hs256 = "HS256",
        /// HMAC with SHA-384.
        Hs384 = "HS384",
        /// HMAC with SHA-512.
        Hs512 = "HS512",
    }
}

/// The word that this crate knows an algorithm by: RFC 9864 §2.2 names EdDSA with Ed25519 `Ed25519`, and
/// newer libraries write that.
pub fn usual_word(word: &str) -> &str {
    if word == ED25519 { ForeignAlgorithm::EdDsa.word() } else { word }
}

/// The fully specified name of EdDSA with Ed25519 (RFC 9864 §2.2).
pub const ED25519: &str = "Ed25519";
