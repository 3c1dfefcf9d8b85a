//! Refusals of the OAuth 1.0a endpoints, in the words of the OAuth Problem Reporting extension.

use crate::form::BadParameter;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// A parameter that must be there is not.
    #[error("{0} is missing")]
    Absent(&'static str),
    /// A parameter is repeated, malformed or has a value that can't be served.
    #[error("{name}: {why}")]
    Parameter {
        /// Its name.
        name: String,
        /// What is wrong and what would be right.
        why: String,
    },
    /// Another version than 1.0.
    #[error("oauth_version: send 1.0 or leave it out")]
    Version,
    /// A signature method that is not taken of this consumer.
    #[error("oauth_signature_method: {0}")]
    SignatureMethod(String),
    /// No such consumer.
    #[error("oauth_consumer_key: no client of this identifier is registered")]
    ConsumerUnknown,
    /// The consumer may not do this.
    #[error("oauth_consumer_key: {0}")]
    ConsumerRejected(&'static str),
    /// The signature is not the one we compute.
    #[error("oauth_signature: differs from the one computed with the secrets known here")]
    Signature,
    /// The request came before.
    #[error("oauth_nonce: was used with this timestamp before; draw a new one for each request")]
    NonceUsed,
    /// The timestamp is too far from our clock.
    #[error("oauth_timestamp: is too far from the server's clock; set the client's clock right")]
    Timestamp {
        /// The least that is taken now.
        from: i64,
        /// The most.
        to: i64,
    },
    /// A token that was not issued to this consumer, or has been ended.
    #[error("oauth_token: {0}")]
    Token(&'static str),
    /// The token is too old.
    #[error("oauth_token: has expired; begin again with a new request token")]
    TokenExpired,
    /// The request token was exchanged already.
    #[error("oauth_token: was used before; begin again with a new request token")]
    TokenUsed,
    /// The person, or the misuse of a token, has ended what was allowed.
    #[error("oauth_token: what the person allowed has been withdrawn")]
    TokenRevoked,
    /// The person has not decided yet.
    #[error("oauth_token: the person has not allowed it yet; send them to the authorization address first")]
    PermissionUnknown,
}

impl Reject {
    /// A parameter at fault.
    pub fn parameter(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Parameter { name: name.into(), why: why.into() }
    }

    /// The extension's word, `oauth_problem`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Absent(_) => "parameter_absent",
            Self::Parameter { .. } => "parameter_rejected",
            Self::Version => "version_rejected",
            Self::SignatureMethod(_) => "signature_method_rejected",
            Self::ConsumerUnknown => "consumer_key_unknown",
            Self::ConsumerRejected(_) => "consumer_key_rejected",
            Self::Signature => "signature_invalid",
            Self::NonceUsed => "nonce_used",
            Self::Timestamp { .. } => "timestamp_refused",
            Self::Token(_) => "token_rejected",
            Self::TokenExpired => "token_expired",
            Self::TokenUsed => "token_used",
            Self::TokenRevoked => "token_revoked",
            Self::PermissionUnknown => "permission_unknown",
        }
    }

    /// RFC 5849 §3.2: 400 for what is missing, repeated or not served, 401 for what proves wrong.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Absent(_) | Self::Parameter { .. } | Self::Version | Self::SignatureMethod(_) => 400,
            _ => 401,
        }
    }

    /// Everything that is told: the word, what helps to mend it, and advice in English. Names of
    /// parameters, never their values: an answer must not repeat a secret.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let further = match self {
            Self::Absent(name) => Some(("oauth_parameters_absent", (*name).to_owned())),
            Self::Parameter { name, .. } => Some(("oauth_parameters_rejected", printable(name))),
            Self::Version => Some(("oauth_acceptable_versions", "1.0-1.0".to_owned())),
            Self::Timestamp { from, to } => Some(("oauth_acceptable_timestamps", format!("{from}-{to}"))),
            _ => None,
        };
        let mut told = vec![("oauth_problem", self.code().to_owned())];
        told.extend(further);
        told.push(("oauth_problem_advice", printable(&self.to_string())));
        told
    }
}

impl From<BadParameter> for Reject {
    fn from(bad: BadParameter) -> Self {
        Self::parameter(bad.name, bad.problem.to_string())
    }
}

/// What a peer sent may stand in an answer's header only as printable ASCII, and not at any length.
fn printable(text: &str) -> String {
    text.chars().take(200).map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_5849_s3_2_what_is_malformed_is_400_and_what_proves_wrong_401() {
        assert_eq!(Reject::Absent("oauth_callback").status(), 400);
        assert_eq!(Reject::SignatureMethod("x".into()).status(), 400);
        assert_eq!(Reject::NonceUsed.status(), 401);
        assert_eq!(Reject::TokenExpired.status(), 401);
    }

    #[test]
    fn a_refusal_says_what_would_be_right_and_repeats_no_value() {
        let told = Reject::Timestamp { from: 10, to: 20 }.parameters();
        assert_eq!(told[0], ("oauth_problem", "timestamp_refused".into()));
        assert_eq!(told[1], ("oauth_acceptable_timestamps", "10-20".into()));
        let long = "é".repeat(1_000);
        let told = Reject::parameter(long, "is repeated").parameters();
        assert_eq!(told[1], ("oauth_parameters_rejected", "?".repeat(200)));
        assert!(told.iter().all(|(_, value)| value.is_ascii()));
    }
}
