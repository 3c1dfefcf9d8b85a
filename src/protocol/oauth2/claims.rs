//! Claims (OpenID Connect Core §5.1): which attributes of an account each is made of, and its
//! value. Consent is given to attributes, so that it holds whatever protocol asks; a claim may be
//! given when every attribute it is made of was allowed.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    valued_claim::{ValuedClaim, accepts},
    verified_claims::{self, VerifiedWish},
};
use crate::model::{
    attribute::{AttributeRegistry, Format, Level},
    grant::Grant,
    registry::{attribute_of, needs_no_consent},
    user::User,
};

pub use crate::model::registry::Registry;

/// The parts of an address, in the order a letter has them.
const ADDRESS_PARTS: [&str; 11] = [
    "house_number",
    "village_name",
    "moo",
    "soi",
    "road",
    "sub_district",
    "district",
    "province",
    "post_code",
    "geo_code",
    "country",
];

/// The value of a claim for this person; `None` when the account holds nothing for it.
pub fn value(registry: &AttributeRegistry, user: &User, claim: &str) -> Option<Value> {
    // `email_verified` and the like are true from level 1.
    let verified =
        |attribute: &str| user.attributes.get(attribute).map(|a| json!(a.level > Level::UNVERIFIED));
    match claim {
        "email_verified" => verified("email"),
        "phone_number_verified" => verified("mobile_phone"),
        // The digits alone, as Aitu gives them.
        "phone" => user.attribute("mobile_phone").map(|p| json!(p.trim_start_matches('+'))),
        "address" => address(user),
        "organization" => organization(user),
        "preferred_username" => Some(json!(user.username)),
        "user_type" => Some(json!(user.kind.type_word())),
        "ial_level" => Some(json!(i16::from(user.level()))),
        "locale" => user.locale.map(|locale| json!(locale.tag())),
        "updated_at" => Some(json!(user.updated_at.unix_timestamp())),
        other => {
            match attribute_of(registry, other) {
                "full_name" => user.full_name().map(|name| json!(name)),
                // Binary data is never in a token (`files`).
                name if registry.get(name).is_some_and(|held| held.format == Format::File) => None,
                name => user.attribute(name).map(|text| json!(text)),
            }
        }
    }
}

/// OpenID Connect Core §5.1.1: `formatted` and the standard's parts, and ours under their names.
fn address(user: &User) -> Option<Value> {
    let mut parts = Map::new();
    for part in ADDRESS_PARTS {
        if let Some(value) = user.attribute(&format!("address.{part}")) {
            parts.insert(part.to_owned(), json!(value));
        }
    }
    if parts.is_empty() {
        return None;
    }
    let shown = ADDRESS_PARTS.iter().filter(|p| **p != "geo_code");
    let formatted: Vec<&str> = shown.filter_map(|p| parts.get(*p)?.as_str()).collect();
    let standard = [("locality", "district"), ("region", "province"), ("postal_code", "post_code")];
    let mut address = Map::from_iter([("formatted".to_owned(), json!(formatted.join(", ")))]);
    for (name, part) in standard {
        if let Some(value) = parts.get(part) {
            address.insert(name.to_owned(), value.clone());
        }
    }
    address.extend(parts);
    Some(Value::Object(address))
}

fn organization(user: &User) -> Option<Value> {
    let held = user.attributes.iter().filter_map(|(name, value)| {
        Some((name.strip_prefix("organization.")?.to_owned(), json!(value.value)))
    });
    let organization: Map<_, _> = held.collect();
    (!organization.is_empty()).then_some(Value::Object(organization))
}

/// What a grant lets a client know, at userinfo or in an id_token.
pub struct Release<'a> {
    /// Scopes and attributes of this installation.
    pub registry: Registry<'a>,
    /// Whose rules say what a level means.
    pub trust_framework: &'a str,
    /// What was allowed.
    pub grant: &'a Grant,
    /// By whom.
    pub user: &'a User,
    /// What this client knows them by.
    pub subject: String,
    /// What OpenID 2.0 relying parties know them by at this client, if it may be told.
    pub openid2_id: Option<String>,
    /// When it is told.
    pub now: OffsetDateTime,
}

impl<'a> Release<'a> {
    /// The claims of those that the grant's scopes (if they count here) and these further names ask.
    /// Absent ones are left out (OpenID Connect Core §5.3.2).
    pub fn claims(&self, scopes: bool, named: impl IntoIterator<Item = &'a str>) -> Map<String, Value> {
        let granted = self.grant.scopes.iter().filter(|_| scopes).map(String::as_str);
        let mut asked: BTreeSet<&str> = self.registry.claims_of(granted).collect();
        let (mut wishes, mut valued) = (Vec::new(), Vec::new());
        for name in named {
            if let Some(wish) = VerifiedWish::from_stored(name) {
                wishes.push(wish);
            } else if let Some(wish) = ValuedClaim::from_stored(name) {
                valued.push(wish);
            } else {
                asked.insert(name);
            }
        }
        let levels = asked.remove("levels");
        let all_verified = asked.remove("verified_claims");
        let mut given = self.values(asked);
        for ValuedClaim { claim, values } in &valued {
            // What a scope gives comes whatever it is; another value than was asked for is not wanted.
            let held = self.values([claim.as_str()]).remove(claim).filter(|held| accepts(values, held));
            given.extend(held.map(|held| (claim.clone(), held)));
        }
        let verified = match wishes.as_slice() {
            [] if all_verified => verified_claims::all(self, &given),
            wishes => verified_claims::wished(self, wishes),
        };
        let levels = levels.then(|| verified_claims::levels(self, &given));
        given.extend(levels.map(|levels| ("levels".to_owned(), Value::Object(levels))));
        if !verified.is_empty() {
            given.insert("verified_claims".to_owned(), Value::Array(verified));
        }
        given
    }

    /// The values of these claims, of those the person allowed.
    pub fn values<'c>(&self, claims: impl IntoIterator<Item = &'c str>) -> Map<String, Value> {
        let allowed = |claim: &&str| {
            let attribute = self.registry.attribute_of(claim);
            needs_no_consent(attribute) || self.grant.attributes.iter().any(|a| a == attribute)
        };
        let claims = claims.into_iter().filter(allowed);
        let value = |claim: &str| match claim {
            // The account's own number would undo a pairwise name.
            "user_id" => Some(json!(self.subject)),
            "openid2_id" => self.openid2_id.as_ref().map(|identifier| json!(identifier)),
            _ => value(self.registry.attributes, self.user, claim),
        };
        claims.filter_map(|claim| Some((claim.to_owned(), value(claim)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{attribute::AttributeDefinition, user::tests::person};

    fn held(user: &User, claim: &str) -> Option<Value> {
        let attribute = |claims: &[&str], format| AttributeDefinition {
            claims: claims.iter().map(|claim| (*claim).to_owned()).collect(),
            format,
            ..AttributeDefinition::default()
        };
        let registry = AttributeRegistry::from([
            ("full_name".to_owned(), attribute(&["name"], Format::Text)),
            ("first_name".to_owned(), attribute(&["given_name", "first_name"], Format::Text)),
            ("mobile_phone".to_owned(), attribute(&["phone_number", "phone"], Format::Phone)),
            ("photo".to_owned(), attribute(&[], Format::File)),
        ]);
        value(&registry, user, claim)
    }

    #[test]
    fn verified_flags_are_true_from_level_1() {
        let user = person(&[("email", "a@b.c", 1), ("mobile_phone", "+77011234567", 0)]);
        assert_eq!(held(&user, "email_verified"), Some(json!(true)));
        assert_eq!(held(&user, "phone_number_verified"), Some(json!(false)));
        assert_eq!(held(&user, "phone"), Some(json!("77011234567")));
        assert_eq!(held(&user, "phone_number"), Some(json!("+77011234567")));
        assert_eq!(held(&person(&[]), "email_verified"), None);
    }

    #[test]
    fn a_claim_is_called_as_the_registry_says() {
        let user = person(&[("first_name", "Somchai", 0), ("last_name", "Jaidee", 0), ("photo", "ab12", 2)]);
        assert_eq!(held(&user, "given_name"), Some(json!("Somchai")));
        assert_eq!(held(&user, "first_name"), Some(json!("Somchai")));
        assert_eq!(held(&user, "name"), Some(json!("Somchai Jaidee")), "put together from its parts");
        assert_eq!(held(&user, "last_name"), Some(json!("Jaidee")), "by its own name");
        assert_eq!(held(&user, "user_type"), Some(json!("Citizen")));
        assert_eq!(held(&user, "photo"), None, "binary data is never in a token");
    }

    #[test]
    fn an_organization_is_an_object_with_codes() {
        let user = person(&[("organization.name", "Registry", 2), ("organization.agency_code", "0307", 2)]);
        let expected = json!({"name": "Registry", "agency_code": "0307"});
        assert_eq!(held(&user, "organization"), Some(expected));
    }

    #[test]
    fn oidc_core_s5_1_1_an_address_is_an_object_with_its_parts() {
        let user = person(&[("address.road", "Rama I", 0), ("address.province", "Bangkok", 0)]);
        let expected = json!({"formatted": "Rama I, Bangkok", "region": "Bangkok", "road": "Rama I", "province": "Bangkok"});
        assert_eq!(held(&user, "address"), Some(expected));
        assert_eq!(held(&person(&[]), "address"), None);
    }
}
