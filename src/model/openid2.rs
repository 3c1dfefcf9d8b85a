//! What the OpenID 2.0 wing and its settings have in common.

use std::{collections::BTreeMap, str::FromStr};

use super::words::words;

words! {
    /// Which of the two sets of paths every document and assertion names: a relying party compares
    /// what it discovers with what is asserted, so an installation has one form.
    Paths {
        /// Our own: `/openid2`, `/id/{name}`.
        Canonical = "canonical",
        /// Those of e-Government SSO (Thailand): `/server.aspx`, `/user.aspx/{name}`.
        EgovTh = "egov_th",
    }
}

/// Where the value of an Attribute Exchange type comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// An attribute of the registry, or one that every account has (`username`, `user_id`, `kind`,
    /// `locale`).
    Attribute(String),
    /// The identifier that is the account's verify code, whichever that is for its kind.
    VerifyCode,
    /// The level of another source's value.
    LevelOf(Box<Source>),
}

/// Type URIs of Attribute Exchange, and what each asks for.
pub type AxTypes = BTreeMap<String, Source>;

impl Source {
    /// Whether a level goes with it: that of an identifier does, unasked.
    pub fn with_level(self) -> Self {
        Self::LevelOf(Box::new(self))
    }
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if let Some(of) = name.strip_prefix("level.") {
            return Ok(of.parse::<Self>()?.with_level());
        }
        Ok(if name == "verify_code" { Self::VerifyCode } else { Self::Attribute(name.to_owned()) })
    }
}
