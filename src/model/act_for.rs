//! Whom a service client, or an operator, may act for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::user::UserKind;
use crate::ids::UserId;

/// One part of it, as it is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ActFor {
    /// Everybody.
    All,
    /// Who belongs to its own organisation.
    Organisation,
    /// Accounts of this kind.
    Kind(UserKind),
}

impl fmt::Display for ActFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Organisation => f.write_str("organisation"),
            Self::Kind(kind) => write!(f, "kind:{kind}"),
        }
    }
}

impl FromStr for ActFor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            "organisation" => Ok(Self::Organisation),
            _ => match text.strip_prefix("kind:") {
                Some(kind) => kind.parse().map(Self::Kind),
                None => Err(format!("`{text}` is not one of all, organisation, kind:KIND")),
            },
        }
    }
}

impl TryFrom<String> for ActFor {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ActFor> for String {
    fn from(part: ActFor) -> Self {
        part.to_string()
    }
}

/// The parts together, with the organisations they mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Nobody is left out.
    pub everyone: bool,
    /// Accounts of these kinds.
    pub kinds: Vec<UserKind>,
    /// Who belongs to one of these.
    pub organisations: Vec<UserId>,
}

impl Reach {
    /// What `parts` reach for somebody of these organisations. Nothing by default.
    pub fn new(parts: &[ActFor], organisations: impl IntoIterator<Item = UserId>) -> Self {
        let kind = |part: &ActFor| match part {
            ActFor::Kind(kind) => Some(*kind),
            _ => None,
        };
        let own = parts.contains(&ActFor::Organisation);
        Self {
            everyone: parts.contains(&ActFor::All),
            kinds: parts.iter().filter_map(kind).collect(),
            organisations: organisations.into_iter().filter(|_| own).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_read_back_as_written() {
        for word in ["all", "organisation", "kind:citizen", "kind:government-agent"] {
            assert_eq!(word.parse::<ActFor>().unwrap().to_string(), word);
        }
        for wrong in ["", "everyone", "kind:", "kind:person", "citizen"] {
            assert!(wrong.parse::<ActFor>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn nobody_is_reached_by_default_and_an_organisation_only_when_it_is_named() {
        let own = [UserId(uuid::Uuid::from_u128(7))];
        assert_eq!(Reach::new(&[], own), Reach::default());
        let kinds = Reach::new(&[ActFor::Kind(UserKind::Citizen)], own);
        assert_eq!((kinds.everyone, kinds.organisations), (false, vec![]));
        assert_eq!(Reach::new(&[ActFor::Organisation], own).organisations, own);
        assert!(Reach::new(&[ActFor::Organisation], None).organisations.is_empty());
    }
}
