//! Refusals of the OAuth 2.0 / OpenID Connect endpoints: precise here and in the log, the
//! standard's word and a helpful description on the wire.

use crate::{form::BadParameter, model::client::Flow};

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// A parameter is repeated, not UTF-8 or holds NUL.
    #[error("{0}")]
    BadParameter(#[from] BadParameter),
    /// A parameter that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A parameter's value can't be served.
    #[error("{name}: {why}")]
    Invalid {
        /// The parameter.
        name: &'static str,
        /// What is wrong and what would be right.
        why: String,
    },
    /// The client may not do this.
    #[error("the client is not registered for the flow {0}")]
    FlowNotAllowed(Flow),
    /// The client may not use a grant in this way.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// A response_type that is not served.
    #[error("response_type `{0}` is not served")]
    ResponseType(String),
    /// A grant_type that is not served.
    #[error(
        "grant_type `{0}` is not served; use authorization_code, refresh_token, client_credentials, password, \
         urn:ietf:params:oauth:grant-type:token-exchange or urn:ietf:params:oauth:grant-type:device_code"
    )]
    GrantType(String),
    /// A scope the installation does not know, or the client did not register.
    #[error("scope `{0}` is unknown or not registered for this client")]
    Scope(String),
    /// A resource the client did not register (RFC 8707 §2).
    #[error("resource `{0}` is not registered for this client")]
    Target(String),
    /// No resource, where the client has several it may mean.
    #[error("resource is missing; give one that is registered for this client")]
    TargetMissing,
    /// A request object that can't be believed (RFC 9101 §6).
    #[error("the request object {0}")]
    RequestObject(&'static str),
    /// An address of a request that leads to none (RFC 9101 §5.2, RFC 9126 §4).
    #[error("request_uri: {0}")]
    RequestUri(&'static str),
    /// The client could not be authenticated; the reason is for the log alone.
    #[error("client authentication failed")]
    Client {
        /// Why, for the log.
        why: &'static str,
        /// Whether HTTP Basic was used.
        basic: bool,
    },
    /// The DPoP proof is no good (RFC 9449 §5).
    #[error("{0}")]
    Dpop(&'static str),
    /// The DPoP proof must carry this nonce (RFC 9449 §8).
    #[error("the DPoP proof must carry the nonce of the DPoP-Nonce header")]
    DpopNonce(String),
    /// A code or refresh token is not good; the reason is for the log alone.
    #[error("{said}")]
    Grant {
        /// What the peer is told.
        said: &'static str,
        /// Why, for the log.
        why: &'static str,
    },
    /// Asking the person was forbidden, and they would have to sign in.
    #[error("the person must sign in")]
    LoginRequired,
    /// Asking the person was forbidden, and they would have to consent.
    #[error("the person must consent")]
    ConsentRequired,
    /// Asking the person was forbidden, and something else is needed of them.
    #[error("the person must do more: {0}")]
    InteractionRequired(&'static str),
    /// The person refused.
    #[error("the person refused")]
    Denied,
    /// The person has not decided about the device yet (RFC 8628 §3.5).
    #[error("the person has not allowed the device yet; ask again after the interval")]
    AuthorizationPending,
    /// Nor has the device waited as long as it must (RFC 8628 §3.5).
    #[error("the person has not allowed the device yet; ask 5 seconds less often from now on")]
    SlowDown,
    /// The device code is too old (RFC 8628 §3.5).
    #[error("the device code has expired; begin anew")]
    DeviceCodeExpired,
    /// The account can't meet what was asked.
    #[error("the account lacks what the client requires: {0}")]
    Unmet(String),
    /// The account's IIN is another than the one the client signed.
    #[error("the account has another IIN than the request's")]
    OtherIdentifier,
    /// The person does not act for the organisation that the client named.
    #[error("the person is no representative of the organisation named by bin")]
    NotRepresentative,
    /// The client's word for a phone does not count.
    #[error("the client is not registered with trusted_phone, or can't prove who it is")]
    NotTrusted,
    /// Too many requests.
    #[error("{what}; try again in {seconds} s")]
    TooMany {
        /// What was asked too often.
        what: &'static str,
        /// When to try again.
        seconds: u64,
    },
    /// The account's level is too low for the `acr` demanded.
    #[error("the account does not reach the level demanded")]
    UnmetAuthentication,
}

impl Reject {
    /// A parameter at fault.
    pub fn invalid(name: &'static str, why: impl Into<String>) -> Self {
        Self::Invalid { name, why: why.into() }
    }

    /// The standard's word: RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, RFC 8707 §2,
    /// RFC 9101 §7, RFC 8628 §3.5, OpenID Connect Core Unmet Authentication Requirements.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadParameter(_) | Self::Missing(_) | Self::Invalid { .. } => "invalid_request",
            Self::FlowNotAllowed(_) | Self::NotAllowed(_) | Self::NotTrusted => "unauthorized_client",
            Self::ResponseType(_) => "unsupported_response_type",
            Self::GrantType(_) => "unsupported_grant_type",
            Self::Scope(_) => "invalid_scope",
            Self::Target(_) | Self::TargetMissing => "invalid_target",
            Self::RequestObject(_) => "invalid_request_object",
            Self::RequestUri(_) => "invalid_request_uri",
            Self::Client { .. } => "invalid_client",
            Self::Dpop(_) => "invalid_dpop_proof",
            Self::DpopNonce(_) => "use_dpop_nonce",
            Self::Grant { .. } => "invalid_grant",
            // RFC 6749 has no word for it; this one says what to do.
            Self::TooMany { .. } => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired(_) => "interaction_required",
            Self::Denied | Self::Unmet(_) | Self::OtherIdentifier | Self::NotRepresentative => {
                "access_denied"
            }
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::DeviceCodeExpired => "expired_token",
            Self::UnmetAuthentication => "unmet_authentication_requirements",
        }
    }

    /// The status of an answer that is JSON (RFC 6749 §5.2).
    pub fn status(&self) -> u16 {
        match self {
            Self::Client { .. } => 401,
            Self::NotTrusted => 403,
            Self::TooMany { .. } => 429,
            _ => 400,
        }
    }

    /// What only the log may know.
    pub fn detail(&self) -> Option<&'static str> {
        match self {
            Self::Client { why, .. } | Self::Grant { why, .. } => Some(why),
            _ => None,
        }
    }

    /// `error_description`: printable ASCII without quotes and backslashes (RFC 6749 §4.1.2.1).
    pub fn description(&self) -> String {
        printable(&self.to_string())
    }
}

/// A text as `error_description` may hold it.
pub fn printable(text: &str) -> String {
    let clean = |c: char| match c {
        '"' | '\\' => '\'',
        ' '..='~' => c,
        _ => '?',
    };
    text.chars().take(300).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6749_s5_2_a_description_has_only_the_characters_the_standard_allows() {
        let reject = Reject::invalid("prompt", "\"x\\y\u{e01}\n");
        assert_eq!(reject.description(), "prompt: 'x'y??");
        assert_eq!(Reject::Scope("x".repeat(10_000)).description().len(), 300);
    }

    #[test]
    fn why_a_client_was_refused_stays_in_the_log() {
        let reject = Reject::Client { why: "no such client", basic: true };
        assert_eq!((reject.code(), reject.status()), ("invalid_client", 401));
        assert_eq!(reject.description(), "client authentication failed");
    }
}
