//! The registry of scopes: which claims each gives, and what the consent page calls it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::locale::Locale;

/// One scope of the registry (settings, `[scopes.NAME]`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeDefinition {
    /// What the consent page calls it, by language; English is always there.
    pub labels: BTreeMap<Locale, String>,
    /// The claims it gives, by their names in id_token and userinfo.
    pub claims: Vec<String>,
}

/// All scopes this installation knows, by name.
pub type ScopeRegistry = BTreeMap<String, ScopeDefinition>;
