//! The registry of attributes a person's account may hold, and the levels of their values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Date, macros::format_description};

use super::locale::Locale;

/// How well a value was checked: 0 typed by the person, 1 confirmed, 2 checked against a register,
/// 3 checked face to face or by certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i16", into = "i16")]
pub struct Level(i16);

impl Level {
    /// Typed by the person, not checked.
    pub const UNVERIFIED: Self = Self(0);
    /// The highest.
    pub const HIGHEST: Self = Self(3);
}

/// A level outside 0 to 3.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a level is 0, 1, 2 or 3")]
pub struct LevelOutOfRange;

impl TryFrom<i16> for Level {
    type Error = LevelOutOfRange;
    fn try_from(level: i16) -> Result<Self, LevelOutOfRange> {
        if (0..=3).contains(&level) { Ok(Self(level)) } else { Err(LevelOutOfRange) }
    }
}

impl From<Level> for i16 {
    fn from(level: Level) -> Self {
        level.0
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What an attribute's text must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Any text of 1 to 500 characters without control characters.
    Text,
    /// `YYYY-MM-DD`.
    Date,
    /// A mail address.
    Email,
    /// An E.164 telephone number with its plus sign.
    Phone,
    /// `male` or `female`.
    Gender,
}

impl Format {
    /// Checks a value.
    ///
    /// # Errors
    /// What it should look like.
    pub fn check(self, value: &str) -> Result<(), &'static str> {
        let fits = match self {
            Self::Text => {
                let length = value.chars().count();
                (1..=500).contains(&length)
                    && !value.chars().any(char::is_control)
                    && value.trim().len() == value.len()
            }
            Self::Date => Date::parse(value, format_description!("[year]-[month]-[day]"))
                .is_ok_and(|_| value.len() == 10),
            Self::Email => is_mail_address(value),
            // E.164: at most 15 digits, the first of the country's code not 0.
            Self::Phone => value.strip_prefix('+').is_some_and(|digits| {
                (7..=15).contains(&digits.len())
                    && !digits.starts_with('0')
                    && digits.bytes().all(|b| b.is_ascii_digit())
            }),
            Self::Gender => matches!(value, "male" | "female"),
        };
        if fits { Ok(()) } else { Err(self.wanted()) }
    }

    const fn wanted(self) -> &'static str {
        match self {
            Self::Text => "give 1 to 500 characters on one line, without spaces around them",
            Self::Date => "give a date that exists, as YYYY-MM-DD",
            Self::Email => "give a mail address, such as somchai@example.org",
            Self::Phone => "give the number with its country's code, such as +66812345678",
            Self::Gender => "give male or female",
        }
    }
}

/// One `@` with something mail can be sent to on either side. Whether anybody reads it only a
/// message tells.
fn is_mail_address(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let plain =
        |text: &str| !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;@\"".contains(c));
    let labels = || {
        domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
    };
    // RFC 5321 §4.5.3.1: 64 octets before the `@`, 254 in all (RFC 3696 erratum 1690).
    !local.is_empty()
        && local.len() <= 64
        && value.len() <= 254
        && plain(local)
        && plain(domain)
        && domain.contains('.')
        && labels()
}

/// One attribute of the registry (settings, `[attributes.NAME]`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeDefinition {
    /// Its label by language; English is always there.
    pub labels: BTreeMap<Locale, String>,
    /// What its text must look like.
    pub format: Format,
    /// Names one person in a country: no two accounts may hold the same value at level 2 or more.
    pub identifier: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_fit_their_format() {
        for (format, value) in [
            (Format::Text, "Сомчай ใจดี"),
            (Format::Date, "2000-02-29"),
            (Format::Email, "somchai.jaidee+x@mail.example.org"),
            (Format::Phone, "+66812345678"),
            (Format::Gender, "female"),
        ] {
            assert_eq!(format.check(value), Ok(()), "{value}");
        }
    }

    #[test]
    fn values_that_do_not_are_told_what_is_wanted() {
        for (format, value) in [
            (Format::Text, ""),
            (Format::Text, " padded "),
            (Format::Text, "two\nlines"),
            (Format::Date, "2001-02-29"),
            (Format::Date, "1.2.2001"),
            (Format::Date, "+02001-02-28"),
            (Format::Email, "somchai"),
            (Format::Email, "a@b"),
            (Format::Email, "a@@example.org"),
            (Format::Email, "a b@example.org"),
            (Format::Email, "a@example..org"),
            (Format::Phone, "66812345678"),
            (Format::Phone, "+0812345678"),
            (Format::Phone, "+66 81 234 5678"),
            (Format::Phone, "+1234567890123456"),
            (Format::Gender, "F"),
        ] {
            assert!(format.check(value).is_err(), "{value}");
        }
    }
}
