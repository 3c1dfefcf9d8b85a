//! OpenID Attribute Exchange 1.0: what a `fetch_request` asks, and the `fetch_response`.

use std::collections::BTreeSet;

use super::{
    message::{AX_NS, Message},
    reject::Reject,
};
use crate::model::{
    attribute::{AttributeRegistry, Format, Level},
    consent::Asked,
    openid2::{AxTypes, Source},
    user::User,
};

/// What a request asks of Attribute Exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The alias the request gave the extension; answers echo it.
    alias: String,
    /// What it wants to know; `None` when it wants to store something, which nobody may.
    fetch: Option<Vec<Wanted>>,
}

/// One attribute of a `fetch_request`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    alias: String,
    uri: String,
    required: bool,
    /// The request says how many values it takes.
    counted: bool,
    /// Where its value comes from; `None` for a type that the settings don't know.
    source: Option<Source>,
}

/// What an answer is made from.
#[derive(Clone, Copy, Debug)]
pub struct Release<'a> {
    /// Whose attributes.
    pub user: &'a User,
    /// The attributes that the person allowed.
    pub allowed: &'a BTreeSet<String>,
    /// The table of types.
    pub types: &'a AxTypes,
    /// The attributes that the installation knows.
    pub registry: &'a AttributeRegistry,
    /// An absent attribute is `-`.
    pub dashes: bool,
    /// The account's number as this client knows it.
    pub user_id: &'a str,
}

impl Exchange {
    /// What the message asks; `None` when it does not use the extension.
    ///
    /// # Errors
    /// [`Reject`] naming the parameter, when an alias has no type or a count is no number.
    pub fn read(message: &Message, types: &AxTypes) -> Result<Option<Self>, Reject> {
        let Some(alias) = message.alias_of(AX_NS) else { return Ok(None) };
        let field = |name: &str| message.get(&format!("{alias}.{name}"));
        let fetch = match field("mode") {
            Some("fetch_request") => Some(wanted(message, alias, types)?),
            Some("store_request") => None,
            // Nothing is asked; §5 and §6 know no other request.
            _ => return Ok(None),
        };
        Ok(Some(Self { alias: alias.to_owned(), fetch }))
    }

    /// What the person is asked about.
    pub fn asked(&self) -> Asked {
        let mut asked = Asked::default();
        for wanted in self.fetch.iter().flatten() {
            let Some(name) = wanted.source.as_ref().map(name_of) else { continue };
            // JOpenId requires the language of everybody. It is chosen at the top of each page, so the
            // page for missing attributes would have no field for it.
            if wanted.required && name != "locale" {
                asked.required.insert(name)
            } else {
                asked.optional.insert(name)
            };
        }
        asked.optional.retain(|name| !asked.required.contains(name));
        asked
    }

    /// The fields of the answer, all to be signed (§5.2).
    pub fn answer(&self, release: &Release<'_>) -> Vec<(String, String)> {
        let key = |name: &str| format!("{}.{name}", self.alias);
        let mut fields = vec![(format!("ns.{}", self.alias), AX_NS.to_owned())];
        let Some(fetch) = &self.fetch else {
            fields.push((key("mode"), "store_response_failure".to_owned()));
            fields.push((key("error"), "attributes can't be stored by relying parties".to_owned()));
            return fields;
        };
        fields.push((key("mode"), "fetch_response".to_owned()));
        for wanted in fetch {
            let value = wanted.source.as_ref().and_then(|source| release.value(source));
            // A newline can't be signed (OpenID 2.0 §4.1.1).
            let value = value.map(|text| text.replace(['\r', '\n'], " "));
            let value = value.or_else(|| release.dashes.then(|| "-".to_owned()));
            fields.push((key(&format!("type.{}", wanted.alias)), wanted.uri.clone()));
            match value {
                // A type with neither value nor count voids the whole answer at OpenID4Java.
                None => fields.push((key(&format!("count.{}", wanted.alias)), "0".to_owned())),
                Some(value) if wanted.counted => {
                    fields.push((key(&format!("count.{}", wanted.alias)), "1".to_owned()));
                    fields.push((key(&format!("value.{}.1", wanted.alias)), value));
                }
                Some(value) => fields.push((key(&format!("value.{}", wanted.alias)), value)),
            }
        }
        for (alias, uri, level) in companions(fetch, release) {
            fields.push((key(&format!("type.{alias}")), uri));
            fields.push((key(&format!("value.{alias}")), level));
        }
        fields
    }
}

/// `required` and `if_available` are lists of aliases, each with its `type` (§5.1).
fn wanted(message: &Message, extension: &str, types: &AxTypes) -> Result<Vec<Wanted>, Reject> {
    let mut all: Vec<Wanted> = Vec::new();
    for (list, required) in [("required", true), ("if_available", false)] {
        let aliases = message.get(&format!("{extension}.{list}")).unwrap_or_default();
        for alias in aliases.split(',').map(str::trim).filter(|alias| !alias.is_empty()) {
            if all.iter().any(|known| known.alias == alias) {
                continue;
            }
            check_alias(extension, list, alias)?;
            let parameter = format!("{extension}.type.{alias}");
            let uri = message.get(&parameter).ok_or(Reject::Missing(parameter))?;
            let counted = count(message, extension, alias)?;
            let source = types.get(uri).cloned();
            all.push(Wanted { alias: alias.to_owned(), uri: uri.to_owned(), required, counted, source });
        }
    }
    Ok(all)
}

/// §5.1: an alias has no newline, colon, comma or period: it is echoed in the answer, where these
/// would end a line or a word of what is signed.
fn check_alias(extension: &str, list: &str, alias: &str) -> Result<(), Reject> {
    if alias.chars().any(|c| c.is_control() || ".:,".contains(c)) {
        return Err(Reject::invalid(
            format!("{extension}.{list}"),
            "holds an alias with a period, colon or control character",
        ));
    }
    Ok(())
}

/// §5.1: a count is a number greater than zero, or `unlimited`.
fn count(message: &Message, extension: &str, alias: &str) -> Result<bool, Reject> {
    let parameter = format!("{extension}.count.{alias}");
    match message.get(&parameter) {
        None => Ok(false),
        Some("unlimited") => Ok(true),
        Some(text) if text.parse::<u32>().is_ok_and(|count| count > 0) => Ok(true),
        Some(_) => Err(Reject::invalid(parameter, "is neither a number greater than 0 nor `unlimited`")),
    }
}

/// The levels of identifiers that were asked for without them: alias, type and value of each.
fn companions(fetch: &[Wanted], release: &Release<'_>) -> Vec<(String, String, String)> {
    let taken = |alias: &str| fetch.iter().any(|wanted| wanted.alias == alias);
    let asked = |level: &Source| fetch.iter().any(|wanted| wanted.source.as_ref() == Some(level));
    let mut given: Vec<Source> = Vec::new();
    let mut levels = Vec::new();
    for wanted in fetch {
        let Some(source) = wanted.source.as_ref().filter(|source| release.is_identifier(source)) else {
            continue;
        };
        let level = source.clone().with_level();
        let uri = release.types.iter().find(|(_, known)| **known == level).map(|(uri, _)| uri.clone());
        let (Some(uri), Some(value)) = (uri, release.value(&level)) else { continue };
        if asked(&level) || given.contains(&level) {
            continue;
        }
        let mut alias = format!("{}_verifiedlevel", wanted.alias);
        while taken(&alias) {
            alias.push('_');
        }
        levels.push((alias, uri, value));
        given.push(level);
    }
    levels
}

/// The attribute that a source stands for, as the person is asked about it.
fn name_of(source: &Source) -> String {
    match source {
        Source::Attribute(name) => name.clone(),
        Source::VerifyCode => "verify_code".to_owned(),
        Source::LevelOf(source) => format!("level.{}", name_of(source)),
    }
}

impl Release<'_> {
    /// The text of a source; `None` when the account has none or its owner did not allow it.
    fn value(&self, source: &Source) -> Option<String> {
        match source {
            Source::Attribute(name) if self.allowed.contains(name) => self.text(name),
            Source::Attribute(_) => None,
            Source::VerifyCode => {
                let name = self.user.verify_code();
                self.allowed.contains(name).then(|| self.text(name)).flatten()
            }
            Source::LevelOf(source) => Some(level_word(self.level(source)).to_owned()),
        }
    }

    /// How well a value was checked. Of one that is absent, or that its owner keeps back, nothing.
    fn level(&self, source: &Source) -> Level {
        let name = match source {
            Source::Attribute(name) => name.as_str(),
            Source::VerifyCode => self.user.verify_code(),
            Source::LevelOf(_) => return Level::UNVERIFIED,
        };
        let allowed = self.allowed.contains(name) || self.allowed.contains(&format!("level.{name}"));
        let held = self.user.attributes.get(name).filter(|_| allowed);
        held.map_or(Level::UNVERIFIED, |held| held.level)
    }

    fn text(&self, name: &str) -> Option<String> {
        match (name, self.registry.get(name).map(|definition| definition.format)) {
            ("username", _) => Some(self.user.username.clone()),
            ("user_id", _) => Some(self.user_id.to_owned()),
            ("kind", _) => Some(self.user.kind.type_word().to_owned()),
            ("locale", _) => self.user.locale.map(|locale| locale.tag().to_owned()),
            ("full_name", _) => self.user.full_name(),
            // The letters that http://axschema.org/person/gender has.
            (_, Some(Format::Gender)) => self.user.attribute(name).map(|gender| {
                match gender {
                    "female" => "F",
                    "male" => "M",
                    other => other,
                }
                .to_owned()
            }),
            // Nobody wants a picture in an address.
            (_, Some(Format::File)) => None,
            _ => self.user.attribute(name).map(str::to_owned),
        }
    }

    fn is_identifier(&self, source: &Source) -> bool {
        match source {
            Source::Attribute(name) => {
                self.registry.get(name).is_some_and(|definition| definition.identifier)
            }
            Source::VerifyCode => true,
            Source::LevelOf(_) => false,
        }
    }
}

/// A level in the words of e-Government SSO.
fn level_word(level: Level) -> &'static str {
    match i16::from(level) {
        1 => "VerifiedLevel1",
        2 => "VerifiedLevel2",
        3 => "VerifiedLevel3",
        _ => "Unverified",
    }
}

#[cfg(test)]
#[path = "ax_tests.rs"]
mod tests;
