//! What a person can prove themselves with besides a password.

use time::OffsetDateTime;

use super::words::words;
use crate::ids::{CredentialId, UserId};

words! {
    /// Sorts of credentials.
    CredentialKind {
        /// An authenticator application (RFC 6238); the seed is sealed.
        Totp = "totp",
        /// A passkey (WebAuthn): phone, computer or security key.
        Passkey = "passkey",
        /// A code from the person's drawer, good once; `sealed` holds its digest.
        RecoveryCode = "recovery-code",
        /// A certificate.
        Certificate = "certificate",
        /// Codes by SMS to the confirmed phone.
        Sms = "sms",
        /// Codes by mail to the confirmed address.
        Mail = "mail",
    }
}

/// A credential. No `Debug`: it may hold a sealed seed.
#[derive(Clone)]
pub struct Credential {
    /// Its row.
    pub id: CredentialId,
    /// Whose it is.
    pub user_id: UserId,
    /// What sort.
    pub kind: CredentialKind,
    /// What its owner calls it.
    pub label: Option<String>,
    /// What is public about it.
    pub data: serde_json::Value,
    /// What is not: under the encryption key, or a digest.
    pub sealed: Option<Vec<u8>>,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// When it last worked.
    pub last_used_at: Option<OffsetDateTime>,
}

impl Credential {
    /// Where a TOTP seed is sealed for: it can't be moved to another account.
    pub fn place(user: UserId) -> String {
        format!("credentials.totp:{user}")
    }
}
