//! A browser session: who signed in, how and when.

use time::OffsetDateTime;

use super::words::words;
use crate::ids::{SessionId, UserId};

words! {
    /// How a person proved who they are (RFC 8176).
    Amr {
        /// A password.
        Password = "pwd",
        /// A one-time code.
        OneTimeCode = "otp",
        /// A code by SMS.
        Sms = "sms",
        /// A hardware-secured key.
        HardwareKey = "hwk",
        /// A software-secured key.
        SoftwareKey = "swk",
        /// More than one factor.
        MultiFactor = "mfa",
        /// Proof of possession of a key.
        ProofOfPossession = "pop",
    }
}

/// A live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its row; `sid` in tokens.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// How they proved themselves.
    pub amr: Vec<Amr>,
    /// When they did: `auth_time`.
    pub authenticated_at: OffsetDateTime,
    /// When it was last used, give or take a minute.
    pub last_seen_at: OffsetDateTime,
}
