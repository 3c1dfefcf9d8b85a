//! The languages of the pages and how one is chosen.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A language Tamga speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    En,
    /// Mongolian.
    Mn,
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// Thai.
    Th,
}

impl Locale {
    /// All of them, in the order of the language switch.
    pub const ALL: [Self; 5] = [Self::En, Self::Mn, Self::Kk, Self::Ru, Self::Th];

    /// The BCP 47 language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Mn => "mn",
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::Th => "th",
        }
    }

    /// The language's name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Mn => "Монгол",
            Self::Kk => "Қазақша",
            Self::Ru => "Русский",
            Self::Th => "ไทย",
        }
    }

    /// The first language we speak in a space-separated list of tags, as `ui_locales` is
    /// (OpenID Connect Core §3.1.2.1). Only the primary subtag counts; unknown ones are passed over.
    pub fn from_tags(tags: &str) -> Option<Self> {
        tags.split_ascii_whitespace().find_map(|tag| tag.parse().ok())
    }

    /// The best language for an `Accept-Language` header (RFC 9110 §12.5.4): the highest weight
    /// wins, the earlier one among equals, weight 0 excludes.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, u16)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';');
            let Some(Ok(locale)) = parts.next().map(|tag| tag.trim().parse::<Self>()) else { continue };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1000, |q| q.parse::<f32>().map_or(0, |q| (q.clamp(0.0, 1.0) * 1000.0) as u16));
            if weight > 0 && best.is_none_or(|(_, w)| weight > w) {
                best = Some((locale, weight));
            }
        }
        best.map(|(locale, _)| locale)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The tag names a language we do not speak.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not one of en, mn, kk, ru, th")]
pub struct UnknownLocale;

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(tag: &str) -> Result<Self, UnknownLocale> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|l| l.tag().eq_ignore_ascii_case(primary)).ok_or(UnknownLocale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ui_locales_are_taken_in_the_order_given_and_unknown_ones_passed_over() {
        assert_eq!(Locale::from_tags("fr-CA mn-MN en"), Some(Locale::Mn));
        assert_eq!(Locale::from_tags("fr"), None);
        assert_eq!(Locale::from_tags(""), None);
    }

    #[test]
    fn accept_language_weights_decide_and_zero_excludes() {
        assert_eq!(Locale::from_accept_language("fr, ru;q=0.5, th;q=0.9"), Some(Locale::Th));
        assert_eq!(Locale::from_accept_language("ru;q=0, kk;q=0.1"), Some(Locale::Kk));
        assert_eq!(Locale::from_accept_language("mn,en"), Some(Locale::Mn));
        assert_eq!(Locale::from_accept_language("en;q=abc"), None);
        assert_eq!(Locale::from_accept_language("*"), None);
    }
}
