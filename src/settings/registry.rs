//! `[scopes.NAME]` and `[attributes.NAME]`: the registries. Those shipped are in
//! `config/registry.toml`, built in as the lowest layer; a country adds to them or changes them.

use super::reader::Section;
use crate::model::{
    attribute::{AttributeDefinition, Format},
    locale::Locale,
    scope::ScopeDefinition,
};

/// The registries that are built in.
pub(super) const SHIPPED: &str = include_str!("../../config/registry.toml");

pub(super) fn scope(section: &mut Section<'_>, name: &str) -> Option<ScopeDefinition> {
    let labels = section.texts("labels");
    let claims = section.list("claims").unwrap_or_default();
    need_english(section, &labels);
    // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
    if name.is_empty() || !name.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
        section.fault(
            "claims",
            "the scope's name holds a character that RFC 6749 §3.3 does not allow; rename it",
        );
    }
    Some(ScopeDefinition { labels, claims })
}

pub(super) fn attribute(section: &mut Section<'_>, name: &str) -> Option<AttributeDefinition> {
    const FORMATS: [(&str, Format); 5] = [
        ("text", Format::Text),
        ("date", Format::Date),
        ("email", Format::Email),
        ("phone", Format::Phone),
        ("gender", Format::Gender),
    ];
    let labels = section.texts("labels");
    let format = section.word("format", &FORMATS, Format::Text);
    let identifier = section.flag("identifier", false);
    need_english(section, &labels);
    // The name is a form field's name and a word on the command line before `=` and `@`.
    if name.is_empty()
        || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.".contains(&b))
    {
        section
            .fault("labels", "the attribute's name is not of small letters, digits, `_` and `.`; rename it");
    }
    Some(AttributeDefinition { labels, format, identifier })
}

fn need_english(section: &mut Section<'_>, labels: &std::collections::BTreeMap<Locale, String>) {
    if !labels.contains_key(&Locale::En) {
        section
            .fault("labels", "has no English text; give labels.en, which stands in for the other languages");
    }
}
