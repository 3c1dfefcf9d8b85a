//! `[openid2]`: the paths an installation goes by, whom it serves, and the table of attribute types.

use std::{collections::BTreeMap, time::Duration};

use url::Url;

use crate::model::{
    attribute::{AttributeDefinition, AttributeRegistry},
    openid2::{AxTypes, Paths, Source},
};

use super::{
    duration::{days, minutes},
    reader::Section,
};

/// `[openid2]`.
#[derive(Debug, Clone)]
pub struct OpenId2 {
    /// The form of the addresses in every document and assertion.
    pub paths: Paths,
    /// Relying parties that nobody registered are served too.
    pub open_realms: bool,
    /// How long an association with a relying party lasts (OpenID Authentication 2.0 §8.2.1).
    pub association_ttl: Duration,
    /// Attribute Exchange types beside those that the attributes themselves name.
    pub attributes: AxTypes,
}

/// Names of `[openid2.attributes]` that stand for no attribute of the registry.
const INHERENT: [&str; 4] = ["username", "user_id", "kind", "locale"];

impl OpenId2 {
    pub(super) fn read(section: &mut Section<'_>, egov_th: bool) -> Self {
        let default = if egov_th { Paths::EgovTh } else { Paths::Canonical };
        let words = [("canonical", Paths::Canonical), ("egov_th", Paths::EgovTh)];
        let paths = section.word("paths", &words, default);
        if paths == Paths::EgovTh && !egov_th {
            section.fault("paths", "these paths are there with profiles.egov_th = true alone");
        }
        Self {
            paths,
            open_realms: section.flag("open_realms", false),
            association_ttl: section.duration("association_ttl", days(1), minutes(1)..=days(30)),
            attributes: section.section("attributes", types),
        }
    }

    /// Adds the types that the attributes of the registry name themselves, and checks that every name
    /// stands for something.
    pub(super) fn complete(&mut self, root: &mut Section<'_>, registry: &AttributeRegistry) {
        for source in self.attributes.values() {
            if let Some(name) = unknown(source, registry) {
                let message = format!("is neither an attribute nor one of {}", INHERENT.join(", "));
                root.fault(&format!("openid2.attributes.{name}"), message);
            }
        }
        let named = |(name, definition): (&String, &AttributeDefinition)| -> Vec<(String, Source)> {
            let source = Source::Attribute(name.clone());
            definition.openid2.iter().map(|uri| (uri.clone(), source.clone())).collect()
        };
        let named: AxTypes = registry.iter().flat_map(named).collect();
        for uri in named.keys().filter(|uri| self.attributes.contains_key(*uri)) {
            let message =
                format!("holds `{uri}`, which an attribute names for itself; leave it in one place");
            root.fault("openid2.attributes", message);
        }
        self.attributes.extend(named);
    }
}

/// Lists of type URIs by what they ask for.
fn types(section: &mut Section<'_>) -> AxTypes {
    let mut types = AxTypes::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for name in section.keys() {
        for uri in section.list(&name).unwrap_or_default() {
            // OpenID Attribute Exchange 1.0 §3.1: an attribute type identifier is a URI.
            if Url::parse(&uri).is_err() {
                section
                    .fault(&name, format!("`{uri}` is no URI; write it like http://axschema.org/namePerson"));
            } else if let Some(other) = names.insert(uri.clone(), name.clone()) {
                section.fault(&name, format!("`{uri}` is given by {other} too; leave it to one of them"));
            }
            let Ok(source) = name.parse();
            types.insert(uri, source);
        }
    }
    types
}

/// The attribute that a source needs and nobody knows.
fn unknown<'s>(source: &'s Source, registry: &AttributeRegistry) -> Option<&'s str> {
    match source {
        Source::Attribute(name) if INHERENT.contains(&name.as_str()) || registry.contains_key(name) => None,
        Source::Attribute(name) => Some(name),
        Source::VerifyCode => None,
        Source::LevelOf(source) => unknown(source, registry),
    }
}
