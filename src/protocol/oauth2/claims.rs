//! Claims (OpenID Connect Core §5.1): which attributes of an account each is made of, and its
//! value. Consent is given to attributes, so that it holds whatever protocol asks; a claim may be
//! given when every attribute it is made of was allowed.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{attribute::Level, grant::Grant, scope::ScopeRegistry, user::User};

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

/// The attribute behind a claim; a claim of the operator's own is the attribute of its name.
pub fn attribute_of(claim: &str) -> &str {
    match claim {
        "name" => "full_name",
        "given_name" => "first_name",
        "family_name" => "last_name",
        "birthdate" | "birth_date" => "date_of_birth",
        "email_verified" => "email",
        "phone_number" | "phone_number_verified" | "phone" => "mobile_phone",
        "preferred_username" => "username",
        "ial_level" => "level",
        "user_type" => "kind",
        other => other,
    }
}

/// Claims that say nothing a person need be asked about.
fn needs_no_consent(attribute: &str) -> bool {
    attribute == "updated_at"
}

/// The attributes that scopes and claims would give.
pub fn attributes_for<'a>(
    registry: &'a ScopeRegistry,
    scopes: impl IntoIterator<Item = &'a str>,
    claims: impl IntoIterator<Item = &'a str>,
) -> BTreeSet<String> {
    let of_scopes = scopes.into_iter().filter_map(|scope| registry.get(scope)).flat_map(|s| &s.claims);
    of_scopes
        .map(String::as_str)
        .chain(claims)
        .map(attribute_of)
        .filter(|attribute| !needs_no_consent(attribute) && *attribute != "sub")
        .map(str::to_owned)
        .collect()
}

/// The value of a claim for this person; `None` when the account holds nothing for it.
pub fn value(user: &User, claim: &str) -> Option<Value> {
    let text = |attribute: &str| user.attribute(attribute).map(|v| json!(v));
    // `email_verified` and the like are true from level 1.
    let verified =
        |attribute: &str| user.attributes.get(attribute).map(|a| json!(a.level > Level::UNVERIFIED));
    match claim {
        "name" => user.full_name().map(|name| json!(name)),
        "email_verified" => verified("email"),
        "phone_number_verified" => verified("mobile_phone"),
        // The digits alone, as Aitu gives them.
        "phone" => user.attribute("mobile_phone").map(|p| json!(p.trim_start_matches('+'))),
        "address" => address(user),
        "organization" => organization(user),
        "preferred_username" => Some(json!(user.username)),
        "user_id" => Some(json!(user.id)),
        "user_type" => Some(json!(user.kind.type_word())),
        "ial_level" => Some(json!(i16::from(user.level()))),
        "locale" => user.locale.map(|locale| json!(locale.tag())),
        "updated_at" => Some(json!(user.updated_at.unix_timestamp())),
        other => text(attribute_of(other)),
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

/// The claims a grant gives of those its scopes and these further names ask, for userinfo or an
/// id_token. Absent ones are left out (OpenID Connect Core §5.3.2).
pub fn granted<'a>(
    registry: &'a ScopeRegistry,
    grant: &'a Grant,
    user: &User,
    scopes: bool,
    claims: impl IntoIterator<Item = &'a str>,
) -> Map<String, Value> {
    let of_scopes =
        grant.scopes.iter().filter(|_| scopes).filter_map(|s| registry.get(s)).flat_map(|s| &s.claims);
    let asked: BTreeSet<&str> = of_scopes.map(String::as_str).chain(claims).collect();
    asked
        .into_iter()
        .filter(|claim| {
            let attribute = attribute_of(claim);
            needs_no_consent(attribute) || grant.attributes.iter().any(|a| a == attribute)
        })
        .filter_map(|claim| Some((claim.to_owned(), value(user, claim)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::user::tests::person;

    #[test]
    fn verified_flags_are_true_from_level_1() {
        let user = person(&[("email", "a@b.c", 1), ("mobile_phone", "+77011234567", 0)]);
        assert_eq!(value(&user, "email_verified"), Some(json!(true)));
        assert_eq!(value(&user, "phone_number_verified"), Some(json!(false)));
        assert_eq!(value(&user, "phone"), Some(json!("77011234567")));
        assert_eq!(value(&person(&[]), "email_verified"), None);
    }

    #[test]
    fn oidc_core_s5_1_1_an_address_is_an_object_with_its_parts() {
        let user = person(&[("address.road", "Rama I", 0), ("address.province", "Bangkok", 0)]);
        let expected = json!({"formatted": "Rama I, Bangkok", "region": "Bangkok", "road": "Rama I", "province": "Bangkok"});
        assert_eq!(value(&user, "address"), Some(expected));
        assert_eq!(value(&person(&[]), "address"), None);
    }
}
