//! `[oauth1]`: lifetimes and signatures of OAuth 1.0a.

use std::time::Duration;

use crate::model::oauth1::SignatureMethod;

use super::{
    duration::{days, hours, minutes, seconds},
    reader::Section,
};

/// `[oauth1]`.
#[derive(Debug, Clone)]
pub struct OAuth1 {
    /// A request token and its verifier.
    pub request_token_ttl: Duration,
    /// An access token, unless its client says otherwise.
    pub access_token_ttl: Duration,
    /// How far a request's timestamp may be from our clock, each way.
    pub timestamp_window: Duration,
    /// Signatures that are taken.
    pub signature_methods: Vec<SignatureMethod>,
}

impl OAuth1 {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let second = seconds(1);
        Self {
            request_token_ttl: section.duration("request_token_ttl", minutes(5), second..=hours(1)),
            access_token_ttl: section.duration("access_token_ttl", minutes(10), second..=days(30)),
            // Nonces are remembered for as long, so a wide window costs room.
            timestamp_window: section.duration("timestamp_window", minutes(5), second..=hours(1)),
            signature_methods: signature_methods(section),
        }
    }
}

fn signature_methods(section: &mut Section<'_>) -> Vec<SignatureMethod> {
    const KEY: &str = "signature_methods";
    let default = || vec![SignatureMethod::HmacSha1, SignatureMethod::HmacSha256, SignatureMethod::Plaintext];
    let Some(words) = section.list(KEY) else { return default() };
    let mut methods = Vec::new();
    for word in words {
        match word.parse() {
            Ok(method) => methods.push(method),
            Err(error) => section.fault(KEY, error),
        }
    }
    if methods.is_empty() {
        section.fault(KEY, "is empty, so no request could be signed; name at least one");
        return default();
    }
    methods
}
