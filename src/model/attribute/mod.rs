//! The registry of attributes a person's account may hold, and the levels of their values.

mod check;
mod format;
mod hints;
mod level;
mod normal;

use std::collections::BTreeMap;

use super::{locale::Locale, user::UserKind};

pub use check::Check;
pub use format::{Format, NotAPattern, Pattern};
pub use hints::Hints;
pub use level::{Level, LevelOutOfRange};
pub use normal::{AttributeError, phone};

/// All attributes this installation knows, by name.
pub type AttributeRegistry = BTreeMap<String, AttributeDefinition>;

/// One attribute of the registry (settings, `[attributes.NAME]`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeDefinition {
    /// Its label by language; English is always there.
    pub labels: BTreeMap<Locale, String>,
    /// What to type, by language: shown below the field.
    pub hints: BTreeMap<Locale, String>,
    /// What its text must look like.
    pub format: Format,
    /// What the whole text must match besides.
    pub pattern: Option<Pattern>,
    /// Checks of which one must hold; none demanded when empty.
    pub checks: Vec<Check>,
    /// For dates: none to come, and none before 1900.
    pub past: bool,
    /// The kinds of account it belongs to; all when empty.
    pub kinds: Vec<UserKind>,
    /// Names one person in a country: no two accounts may hold the same value at level 2 or more.
    pub identifier: bool,
    /// Personal beyond a name: the journal, which is never erased, says that it changed but not to
    /// what.
    pub sensitive: bool,
    /// Claims that give it (OpenID Connect Core §5.1); the attribute's own name when empty.
    pub claims: Vec<String>,
    /// Type URIs of OpenID Attribute Exchange 1.0 that ask for it.
    pub openid2: Vec<String>,
    /// The XML element that carries it to OAuth 1.0a consumers.
    pub oauth1: Option<String>,
}

impl AttributeDefinition {
    /// Whether accounts of this kind have it.
    pub fn applies_to(&self, kind: UserKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// Its label in this language, or in English.
    pub fn label(&self, locale: Locale) -> Option<&str> {
        in_language(&self.labels, locale)
    }

    /// What to type, in this language or in English.
    pub fn hint(&self, locale: Locale) -> Option<&str> {
        in_language(&self.hints, locale)
    }

    /// Whether the value passes one of the registry's checks; false when there are none, since
    /// then nothing speaks for the value.
    pub fn is_consistent(&self, value: &str) -> bool {
        self.checks.iter().any(|check| check.holds(value))
    }
}

fn in_language(texts: &BTreeMap<Locale, String>, locale: Locale) -> Option<&str> {
    texts.get(&locale).or_else(|| texts.get(&Locale::En)).map(String::as_str)
}
