//! How well values were checked, as relying parties are told: `levels`, attribute by attribute, and
//! `verified_claims` (OpenID Connect for Identity Assurance 1.0). Level 0 is no verification.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{claims::Release, valued_claim::accepts};
use crate::model::{
    attribute::Level,
    user::{AttributeValue, User},
};

/// One `verified_claims` of the `claims` parameter that this server can meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedWish {
    /// The claims.
    pub claims: BTreeSet<String>,
    /// The values that will do, of claims that were asked with some.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Vec<Value>>,
    /// The assurance levels that will do; any when empty.
    pub levels: BTreeSet<Level>,
    /// How many seconds ago they may have been checked.
    pub max_age: Option<u32>,
    /// Whether the client can't do without the level.
    pub essential: bool,
}

/// In front of a wish where claims are stored by name. A claim asked under such a name counts as
/// none (`ClaimsRequest`).
pub const STORED: &str = "verified_claims ";

impl VerifiedWish {
    /// The wish as it stands among the names of claims of a grant.
    pub fn to_stored(&self) -> String {
        format!("{STORED}{}", json!(self))
    }

    /// A wish found among the names of claims of a grant.
    pub fn from_stored(name: &str) -> Option<Self> {
        serde_json::from_str(name.strip_prefix(STORED)?).ok()
    }

    /// The least level that the account must have: demanded by a value, or by `essential` alone.
    pub fn min_level(&self) -> Level {
        let essential = if self.essential { Level::CONFIRMED } else { Level::UNVERIFIED };
        self.levels.first().copied().unwrap_or(essential)
    }

    /// The level to tell of a value checked at this one: itself, or the highest asked for that is
    /// not above it, since whoever reached a level met those below.
    fn told(&self, level: Level) -> Option<Level> {
        if self.levels.is_empty() {
            return Some(level);
        }
        self.levels.range(..=level).next_back().copied()
    }
}

/// Level by attribute, of the attributes behind the claims given.
pub fn levels(release: &Release<'_>, given: &Map<String, Value>) -> Map<String, Value> {
    let mut levels = Map::new();
    for claim in given.keys() {
        let name = release.registry.attribute_of(claim);
        if let Some(checked) = Checked::of(release.user, name) {
            levels.insert(name.to_owned(), json!(checked.level));
        }
        for (part, value) in parts(release.user, name) {
            levels.insert(part.to_owned(), json!(value.level));
        }
    }
    // What is put together has a level only where it is the attribute of that name.
    levels.retain(|name, _| !["address", "organization"].contains(&name.as_str()));
    levels
}

/// Everything given that was checked: one entry a level.
pub fn all(release: &Release<'_>, given: &Map<String, Value>) -> Vec<Value> {
    entries(release, given, &VerifiedWish::default())
}

/// What was wished and is so.
pub fn wished(release: &Release<'_>, wishes: &[VerifiedWish]) -> Vec<Value> {
    let entries = wishes.iter().flat_map(|wish| {
        let given = release.values(wish.claims.iter().map(String::as_str));
        entries(release, &given, wish)
    });
    entries.collect()
}

fn entries(release: &Release<'_>, given: &Map<String, Value>, wish: &VerifiedWish) -> Vec<Value> {
    let mut by_level: BTreeMap<Level, (OffsetDateTime, Map<String, Value>)> = BTreeMap::new();
    for (claim, value) in given {
        // OpenID Connect for Identity Assurance 1.0: a claim whose value is not as wished is left out.
        if wish.values.get(claim).is_some_and(|values| !accepts(values, value)) {
            continue;
        }
        let checked = Checked::of_claim(release, claim).filter(|checked| checked.level > Level::UNVERIFIED);
        let Some((level, at)) = checked.and_then(|c| Some((wish.told(c.level)?, c.at?))) else { continue };
        if wish.max_age.is_some_and(|seconds| (release.now - at).whole_seconds() > i64::from(seconds)) {
            continue;
        }
        let (oldest, claims) = by_level.entry(level).or_insert_with(|| (at, Map::new()));
        // Of several times the oldest: what a relying party takes for fresh then is.
        *oldest = at.min(*oldest);
        claims.insert(claim.clone(), value.clone());
    }
    let entry = |(level, (at, claims)): (Level, (OffsetDateTime, Map<String, Value>))| {
        let mut verification = Map::new();
        verification.insert("trust_framework".to_owned(), json!(release.trust_framework));
        verification.insert("assurance_level".to_owned(), json!(level.to_string()));
        if let Ok(time) = at.format(&Rfc3339) {
            verification.insert("time".to_owned(), json!(time));
        }
        json!({"verification": verification, "claims": claims})
    };
    by_level.into_iter().rev().map(entry).collect()
}

/// How well what stands behind a claim was checked: of something put together, its weakest part.
struct Checked {
    level: Level,
    at: Option<OffsetDateTime>,
}

impl Checked {
    fn of_claim(release: &Release<'_>, claim: &str) -> Option<Self> {
        // What is said about a value is not itself checked.
        if claim.ends_with("_verified") {
            return None;
        }
        Self::of(release.user, release.registry.attribute_of(claim))
    }

    fn of(user: &User, name: &str) -> Option<Self> {
        if let Some(held) = user.attributes.get(name) {
            return Some(Self { level: held.level, at: held.verified_at });
        }
        let parts: Vec<_> = match name {
            "full_name" => ["first_name", "middle_name", "last_name"]
                .iter()
                .filter_map(|n| user.attributes.get(*n))
                .collect(),
            _ => parts(user, name).map(|(_, value)| value).collect(),
        };
        let level = parts.iter().map(|part| part.level).min()?;
        Some(Self { level, at: parts.iter().filter_map(|part| part.verified_at).min() })
    }
}

/// The parts that are held of an attribute put together, such as `address`.
fn parts<'a>(user: &'a User, name: &'a str) -> impl Iterator<Item = (&'a str, &'a AttributeValue)> {
    let is_part = move |held: &str| held.strip_prefix(name).is_some_and(|part| part.starts_with('.'));
    user.attributes.iter().filter(move |(held, _)| is_part(held)).map(|(held, value)| (held.as_str(), value))
}
