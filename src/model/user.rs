//! A person's account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization;

use super::{attribute::Level, locale::Locale, words::words};
use crate::ids::UserId;

words! {
    /// What sort of account it is.
    UserKind {
        /// A citizen.
        Citizen = "citizen",
        /// A company or other legal person, acting through representatives.
        JuristicPerson = "juristic-person",
        /// A foreigner.
        Foreigner = "foreigner",
        /// An official.
        GovernmentAgent = "government-agent",
    }
}

impl UserKind {
    /// The word relying parties see (`Citizen`, `JuristicPerson` ...).
    pub const fn type_word(self) -> &'static str {
        match self {
            Self::Citizen => "Citizen",
            Self::JuristicPerson => "JuristicPerson",
            Self::Foreigner => "Foreigner",
            Self::GovernmentAgent => "GovernmentAgent",
        }
    }

    /// The identifiers that may be this kind's verify code, the country's own first.
    pub const fn verify_codes(self) -> &'static [&'static str] {
        match self {
            Self::Citizen | Self::GovernmentAgent => &["citizen_id", "iin"],
            Self::JuristicPerson => &["juristic_id"],
            Self::Foreigner => &["passport_id"],
        }
    }
}

/// One value an account holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeValue {
    /// The text.
    pub value: String,
    /// How well it was checked.
    pub level: Level,
    /// Who says so.
    pub source: String,
    /// When it was checked; `None` at level 0.
    #[serde(with = "time::serde::timestamp::option")]
    pub verified_at: Option<OffsetDateTime>,
}

/// An account with everything it holds.
#[derive(Clone, Debug)]
pub struct User {
    /// Its row, and its public subject.
    pub id: UserId,
    /// What sort of account.
    pub kind: UserKind,
    /// The user name as it was chosen.
    pub username: String,
    /// The person's language.
    pub locale: Option<Locale>,
    /// Values by attribute name.
    pub attributes: BTreeMap<String, AttributeValue>,
    /// Set when an operator has shut it out.
    pub disabled_at: Option<OffsetDateTime>,
    /// When anything about it last changed.
    pub updated_at: OffsetDateTime,
}

impl User {
    /// The account's level: that of its verify code.
    pub fn level(&self) -> Level {
        self.kind
            .verify_codes()
            .iter()
            .filter_map(|name| self.attributes.get(*name))
            .map(|a| a.level)
            .max()
            .unwrap_or_default()
    }

    /// The name of its verify code: the identifier it holds, the better checked of two, or the one
    /// its kind should hold.
    pub fn verify_code(&self) -> &'static str {
        let codes = self.kind.verify_codes();
        let held = codes.iter().rev().filter_map(|name| Some((*name, self.attributes.get(*name)?.level)));
        held.max_by_key(|(_, level)| *level).map_or(codes[0], |(name, _)| name)
    }

    /// An attribute's text.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(|a| a.value.as_str())
    }

    /// What to call the person: the full name, its parts, or the user name.
    pub fn display_name(&self) -> String {
        self.full_name().unwrap_or_else(|| self.username.clone())
    }

    /// The full name as given, else first, middle and last name joined.
    pub fn full_name(&self) -> Option<String> {
        if let Some(name) = self.attribute("full_name") {
            return Some(name.to_owned());
        }
        let parts: Vec<_> =
            ["first_name", "middle_name", "last_name"].iter().filter_map(|n| self.attribute(n)).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// The form of a user name under which it is unique: NFKC without case, so that no second account
/// gets a name that looks or is typed like the first one's.
pub fn username_key(username: &str) -> String {
    username.trim().nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An account for tests of pure code.
    pub fn person(attributes: &[(&str, &str, i16)]) -> User {
        let at = OffsetDateTime::UNIX_EPOCH;
        User {
            id: UserId(uuid::Uuid::from_u128(1)),
            kind: UserKind::Citizen,
            username: "somchai".into(),
            locale: None,
            attributes: attributes
                .iter()
                .map(|(name, value, level)| {
                    let value = AttributeValue {
                        value: (*value).into(),
                        level: Level::try_from(*level).unwrap(),
                        source: "operator".into(),
                        verified_at: (*level > 0).then_some(at),
                    };
                    ((*name).to_owned(), value)
                })
                .collect(),
            disabled_at: None,
            updated_at: at,
        }
    }

    #[test]
    fn the_accounts_level_is_that_of_its_verify_code() {
        assert_eq!(i16::from(person(&[("citizen_id", "1", 2), ("email", "a@b", 3)]).level()), 2);
        assert_eq!(person(&[("email", "a@b.c", 3)]).level(), Level::UNVERIFIED);
    }

    #[test]
    fn a_name_is_built_from_its_parts_when_no_full_name_is_held() {
        let user = person(&[("first_name", "Somchai", 0), ("last_name", "Jaidee", 0)]);
        assert_eq!(user.display_name(), "Somchai Jaidee");
        assert_eq!(person(&[]).display_name(), "somchai");
    }

    #[test]
    fn user_names_are_one_without_regard_to_case() {
        assert_eq!(username_key(" Somchai "), username_key("SOMCHAI"));
        assert_eq!(username_key("ｓomchai"), username_key("somchai"), "full-width letters are the same name");
    }
}
