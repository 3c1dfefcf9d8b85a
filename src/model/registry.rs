//! What an installation knows, scopes and attributes together: which attributes a scope gives.
//! Consent is given to attributes, so that it holds whatever protocol asks.

use std::collections::BTreeSet;

use super::{
    attribute::{AttributeDefinition, AttributeRegistry},
    scope::ScopeRegistry,
};

/// What an installation knows: its scopes, and the attributes behind their claims.
#[derive(Clone, Copy, Debug)]
pub struct Registry<'a> {
    /// Scopes by name.
    pub scopes: &'a ScopeRegistry,
    /// Attributes by name.
    pub attributes: &'a AttributeRegistry,
}

impl<'a> Registry<'a> {
    /// The attribute behind a claim.
    pub fn attribute_of<'c>(self, claim: &'c str) -> &'c str
    where
        'a: 'c,
    {
        attribute_of(self.attributes, claim)
    }

    /// The claims that scopes give.
    pub fn claims_of<'s>(self, scopes: impl IntoIterator<Item = &'s str>) -> impl Iterator<Item = &'a str> {
        let definitions = scopes.into_iter().filter_map(move |scope| self.scopes.get(scope));
        definitions.flat_map(|scope| &scope.claims).map(String::as_str)
    }

    /// The attributes that scopes and claims would give, as the person is asked about them.
    pub fn attributes_for<'s>(
        self,
        scopes: impl IntoIterator<Item = &'s str>,
        claims: impl IntoIterator<Item = &'s str>,
    ) -> BTreeSet<String> {
        let of_scopes = self.claims_of(scopes).map(|claim| self.attribute_of(claim));
        let of_claims = claims.into_iter().map(|claim| self.attribute_of(claim).to_owned());
        let all = of_scopes.map(str::to_owned).chain(of_claims);
        all.filter(|attribute| !needs_no_consent(attribute) && attribute != "sub").collect()
    }
}

/// What every account has under a name of ours, else what the registry says, else the attribute of
/// that name.
pub fn attribute_of<'c>(registry: &'c AttributeRegistry, claim: &'c str) -> &'c str {
    match claim {
        "preferred_username" => "username",
        "ial_level" => "level",
        "user_type" => "kind",
        "email_verified" => "email",
        "phone_number_verified" => "mobile_phone",
        other => {
            let named = |definition: &AttributeDefinition| definition.claims.iter().any(|c| c == other);
            let found = registry.iter().find(|(_, definition)| named(definition));
            found.map_or(other, |(name, _)| name.as_str())
        }
    }
}

/// What says nothing a person need be asked about by itself: how well a value was checked is shown
/// beside the value.
pub fn needs_no_consent(attribute: &str) -> bool {
    ["updated_at", "levels", "verified_claims"].contains(&attribute)
}
