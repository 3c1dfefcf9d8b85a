//! `[scopes.NAME]` and `[attributes.NAME]`: the registries. Those shipped are in
//! `config/registry.toml`, built in as the lowest layer; a country adds to them or changes them.

use std::{collections::BTreeMap, str::FromStr};

use url::Url;

use super::reader::Section;
use crate::model::{
    attribute::{AttributeDefinition, AttributeRegistry, Check, Format, Pattern},
    locale::Locale,
    scope::ScopeDefinition,
    user::UserKind,
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

/// Names that say something about every account and stand for no value of its own.
const TAKEN: [&str; 10] = [
    "username",
    "user_id",
    "kind",
    "level",
    "levels",
    "locale",
    "updated_at",
    "address",
    "organization",
    "verified_claims",
];

pub(super) fn attribute(section: &mut Section<'_>, name: &str) -> Option<AttributeDefinition> {
    const FORMATS: [(&str, Format); 6] = [
        ("text", Format::Text),
        ("date", Format::Date),
        ("email", Format::Email),
        ("phone", Format::Phone),
        ("gender", Format::Gender),
        ("file", Format::File),
    ];
    let definition = AttributeDefinition {
        labels: section.texts("labels"),
        hints: section.texts("hints"),
        format: section.word("format", &FORMATS, Format::Text),
        pattern: pattern(section),
        checks: words::<Check>(section, "checks"),
        past: section.flag("past", false),
        kinds: words::<UserKind>(section, "kinds"),
        identifier: section.flag("identifier", false),
        sensitive: section.flag("sensitive", false),
        claims: section.list("claim").unwrap_or_default(),
        openid2: section.list("openid2").unwrap_or_default(),
        oauth1: section.text("oauth1"),
    };
    need_english(section, &definition.labels);
    check_name(section, name);
    check_rules(section, &definition);
    check_wire_names(section, &definition);
    Some(definition)
}

/// Two attributes under one name on the wire: which one a relying party got would be chance.
pub(super) fn check_unique(root: &mut Section<'_>, registry: &AttributeRegistry) {
    let mut holders: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for (name, definition) in registry {
        let own = definition.claims.is_empty().then_some(name);
        let claims = definition.claims.iter().chain(own).map(|claim| ("claim", claim.as_str()));
        let openid2 = definition.openid2.iter().map(|uri| ("openid2", uri.as_str()));
        // An XML element may carry several: which depends on the kind of account.
        for (key, word) in claims.chain(openid2) {
            if let Some(other) = holders.insert((key, word), name) {
                faults.push((
                    format!("attributes.{name}.{key}"),
                    format!("`{word}` is named by the attribute {other} too; leave it to one of them"),
                ));
            }
        }
    }
    for (key, message) in faults {
        root.fault(&key, message);
    }
}

fn pattern(section: &mut Section<'_>) -> Option<Pattern> {
    let text = section.text("pattern")?;
    match Pattern::new(&text) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            section.fault("pattern", format!("`{text}` is no regular expression: {error}"));
            None
        }
    }
}

/// A list of words that `T` knows.
fn words<T: FromStr<Err = String>>(section: &mut Section<'_>, key: &str) -> Vec<T> {
    let mut known = Vec::new();
    for word in section.list(key).unwrap_or_default() {
        match word.parse() {
            Ok(value) => known.push(value),
            Err(error) => section.fault(key, error),
        }
    }
    known
}

/// The name is a form field's name and a word on the command line before `=` and `@`.
fn check_name(section: &mut Section<'_>, name: &str) {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.".contains(&b);
    if name.is_empty() || !name.bytes().all(plain) {
        section
            .fault("labels", "the attribute's name is not of small letters, digits, `_` and `.`; rename it");
    }
    if TAKEN.contains(&name) {
        section.fault("labels", "the attribute's name stands for what every account has anyway; rename it");
    }
}

fn check_rules(section: &mut Section<'_>, definition: &AttributeDefinition) {
    if definition.past && definition.format != Format::Date {
        section.fault("past", "is for dates; remove it or give format = \"date\"");
    }
    let plain = definition.format == Format::Text;
    if !plain && !definition.checks.is_empty() {
        section.fault("checks", "are for texts; remove them or give format = \"text\"");
    }
    if !plain && definition.identifier {
        section.fault("identifier", "is for texts; remove it or give format = \"text\"");
    }
}

fn check_wire_names(section: &mut Section<'_>, definition: &AttributeDefinition) {
    let wrong = |claim: &&String| claim.is_empty() || claim.chars().any(|c| c.is_control() || c == ' ');
    if let Some(claim) = definition.claims.iter().find(wrong) {
        section.fault("claim", format!("`{claim}` is no name of a claim; give it without spaces"));
    }
    // OpenID Attribute Exchange 1.0 §3.1: an attribute type identifier is a URI.
    if let Some(uri) = definition.openid2.iter().find(|uri| Url::parse(uri).is_err()) {
        section
            .fault("openid2", format!("`{uri}` is no URI; write it like http://axschema.org/contact/email"));
    }
    if let Some(element) = definition.oauth1.as_ref().filter(|element| !is_element(element)) {
        section.fault(
            "oauth1",
            format!("`{element}` is no name of an XML element; write it like Nationality or Address/Road"),
        );
    }
}

/// A path of names by XML 1.0 §2.3, of ASCII alone and without a colon, which would call for a
/// namespace.
fn is_element(path: &str) -> bool {
    path.split('/').count() <= 2
        && path.split('/').all(|name| {
            let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            starts && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        })
}

fn need_english(section: &mut Section<'_>, labels: &BTreeMap<Locale, String>) {
    if !labels.contains_key(&Locale::En) {
        section
            .fault("labels", "has no English text; give labels.en, which stands in for the other languages");
    }
}
