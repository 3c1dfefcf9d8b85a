//! `[locales]`: the language of someone who asks for none we speak.

use super::reader::Section;
use crate::model::locale::Locale;

/// `[locales]`.
#[derive(Debug, Clone)]
pub struct Locales {
    /// The language when neither request, account nor browser names one we speak.
    pub default: Locale,
}

impl Locales {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self { default: section.word("default", &Locale::ALL.map(|l| (l.tag(), l)), Locale::En) }
    }
}
