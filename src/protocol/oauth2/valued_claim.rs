//! A claim that is asked for with the values that will do (OpenID Connect Core §5.5.1).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::model::{attribute::Level, grant::Grant};

/// In front of a wish where claims are stored by name. A claim asked under such a name counts as
/// none (`ClaimsRequest`).
pub const STORED: &str = "valued_claim ";

/// One claim of the `claims` parameter, and the values that will do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValuedClaim {
    /// The claim.
    pub claim: String,
    /// Its values; not empty.
    pub values: Vec<Value>,
}

impl ValuedClaim {
    /// The wish as it stands among the names of claims of a grant.
    pub fn to_stored(&self) -> String {
        format!("{STORED}{}", json!(self))
    }

    /// A wish found among the names of claims of a grant.
    pub fn from_stored(name: &str) -> Option<Self> {
        serde_json::from_str(name.strip_prefix(STORED)?).ok()
    }
}

/// Whether a value is among those that will do. A number written as a text is that number.
pub fn accepts(values: &[Value], actual: &Value) -> bool {
    values.iter().any(|value| text(value) == text(actual))
}

/// A value as text.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The level that an id_token tells as `acr`: the account's, or of those that were asked for the highest
/// it meets, since whoever reached a level met those below (OpenID Connect Core §5.5.1.1: "return an acr
/// value that matches one of the requested values").
pub fn acr(grant: &Grant, level: Level) -> Level {
    let wishes = grant.id_token_claims.iter().filter_map(|name| ValuedClaim::from_stored(name));
    let asked = wishes.filter(|wish| wish.claim == "acr").flat_map(|wish| wish.values);
    asked.filter_map(|value| to_level(&text(&value))).filter(|asked| *asked <= level).max().unwrap_or(level)
}

/// An `acr` that is a level of ours.
pub fn to_level(acr: &str) -> Option<Level> {
    Level::try_from(acr.parse::<i16>().ok()?).ok()
}
