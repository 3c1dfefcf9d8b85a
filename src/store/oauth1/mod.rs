//! OAuth 1.0a: request tokens, access tokens, and the nonces that make each request new.
//!
//! The nonce is inserted by the same statement that does what the request asks, so that a request
//! that failed otherwise may be sent again, and of the same request sent twice at once one wins.

pub mod access_tokens;
pub mod request_tokens;

use time::OffsetDateTime;

use crate::secret::Digest;

/// What tells a signed request from every other of its consumer.
#[derive(Clone, Copy, Debug)]
pub struct Nonce {
    /// Digest of timestamp, token and nonce.
    pub digest: Digest,
    /// Until when it is remembered.
    pub expires_at: OffsetDateTime,
}
