//! Faults of an OpenID 2.0 request that go back to the relying party as `openid.mode=error`
//! (OpenID Authentication 2.0 §5.2.3).

use super::message::Malformed;

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// A parameter is left out.
    #[error("openid.{0} is missing")]
    Missing(String),
    /// A parameter has no meaning here.
    #[error("openid.{parameter} {why}")]
    Invalid {
        /// Its name, without `openid.`.
        parameter: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The message as such.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

impl Reject {
    /// A parameter without meaning here.
    pub fn invalid(parameter: impl Into<String>, why: &'static str) -> Self {
        Self::Invalid { parameter: parameter.into(), why }
    }
}
