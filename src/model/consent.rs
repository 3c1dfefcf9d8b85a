//! What a person lets a client know: one record, whatever protocol asked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::UserId;

/// What a request would give the client, as it is shown to the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Scopes, those without values among them (`offline_access`).
    pub scopes: BTreeSet<String>,
    /// Attributes without which the client can't work.
    pub required: BTreeSet<String>,
    /// Attributes the person may leave out.
    pub optional: BTreeSet<String>,
}

/// A remembered consent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// Scopes allowed.
    pub scopes: BTreeSet<String>,
    /// Attributes allowed.
    pub attributes: BTreeSet<String>,
    /// Attributes shown and left out.
    pub refused: BTreeSet<String>,
}

impl Consent {
    /// Whether everything asked was shown before: then nobody need be asked again. An attribute
    /// that was left out and is now required must be asked.
    pub fn covers(&self, asked: &Asked) -> bool {
        asked.scopes.is_subset(&self.scopes)
            && asked.required.is_subset(&self.attributes)
            && asked.optional.iter().all(|a| self.attributes.contains(a) || self.refused.contains(a))
    }

    /// Of what is asked now, what was allowed.
    pub fn allowed(&self, asked: &Asked) -> BTreeSet<String> {
        asked.required.union(&asked.optional).filter(|a| self.attributes.contains(*a)).cloned().collect()
    }
}

/// What a person decided on the consent page of one journey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who decided: another person in the same journey decides anew.
    pub user_id: UserId,
    /// Scopes shown.
    pub scopes: BTreeSet<String>,
    /// Attributes allowed.
    pub attributes: BTreeSet<String>,
    /// Attributes shown and left out.
    pub refused: BTreeSet<String>,
    /// Whether to keep it for next time.
    pub remember: bool,
}

impl Decision {
    /// The decision as a consent, to compare with what is asked.
    pub fn consent(&self) -> Consent {
        Consent {
            scopes: self.scopes.clone(),
            attributes: self.attributes.clone(),
            refused: self.refused.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn a_consent_covers_only_what_was_shown() {
        let consent =
            Consent { scopes: set(&["openid"]), attributes: set(&["email"]), refused: set(&["gender"]) };
        let asked = |required: &[&str], optional: &[&str], scopes: &[&str]| Asked {
            scopes: set(scopes),
            required: set(required),
            optional: set(optional),
        };
        assert!(consent.covers(&asked(&["email"], &["gender"], &["openid"])));
        assert!(!consent.covers(&asked(&[], &["mobile_phone"], &["openid"])), "a new attribute is asked");
        assert!(
            !consent.covers(&asked(&["gender"], &[], &["openid"])),
            "a refused one now required is asked"
        );
        assert!(!consent.covers(&asked(&[], &[], &["offline_access"])), "a new scope is asked");
        assert_eq!(consent.allowed(&asked(&["email"], &["gender"], &[])), set(&["email"]));
    }
}
