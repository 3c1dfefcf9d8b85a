//! An issuer whose word a client may exchange for our tokens (RFC 8693).

use serde::{Deserialize, Serialize};

use super::signing::ForeignAlgorithm;

/// As it is registered with a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedIssuer {
    /// `iss` of its tokens, letter by letter.
    pub issuer: String,
    /// Its public keys (RFC 7517 §5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<serde_json::Value>,
    /// Where it publishes them; instead of `jwks`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// What it may sign with.
    pub algorithms: Vec<ForeignAlgorithm>,
    /// The claim that says who the person is.
    pub subject_claim: String,
    /// What of ours that claim is: `username`, `user_id`, or an attribute that names a person.
    pub subject_attribute: String,
}
