//! Levels that follow from what an account holds, without anybody's decision (`people.md`,
//! "Verification levels").

use super::{
    attribute::{AttributeRegistry, Level},
    user::User,
};

/// A value that rises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rise {
    /// The attribute.
    pub name: String,
    /// Its value, which stays.
    pub value: String,
    /// The level it rises to.
    pub level: Level,
}

/// The identifiers of an account that rise to level 1 because its mobile phone is confirmed and
/// their check digits are right. An identifier without a check in the registry stays: nothing
/// speaks for it.
pub fn identifier_levels_after_confirmation(user: &User, registry: &AttributeRegistry) -> Vec<Rise> {
    let confirmed = user.attributes.get("mobile_phone").is_some_and(|phone| phone.level >= Level::CONFIRMED);
    let held = user.attributes.iter().filter(|(_, held)| confirmed && held.level < Level::CONFIRMED);
    held.filter(|(name, held)| level_of_typed(name, &held.value, confirmed, registry) == Level::CONFIRMED)
        .map(|(name, held)| Rise { name: name.clone(), value: held.value.clone(), level: Level::CONFIRMED })
        .collect()
}

/// The level of a value that its owner has just typed: 1 for an identifier whose check digit is
/// right when the account's phone is confirmed, else 0.
pub fn level_of_typed(name: &str, value: &str, phone_confirmed: bool, registry: &AttributeRegistry) -> Level {
    let consistent = |name| {
        registry.get(name).is_some_and(|definition| definition.identifier && definition.is_consistent(value))
    };
    if phone_confirmed && consistent(name) { Level::CONFIRMED } else { Level::UNVERIFIED }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        attribute::{AttributeDefinition, Check},
        user::tests::person,
    };

    fn registry() -> AttributeRegistry {
        let of = |checks: &[Check], identifier| AttributeDefinition {
            checks: checks.to_vec(),
            identifier,
            ..AttributeDefinition::default()
        };
        AttributeRegistry::from([
            ("citizen_id".to_owned(), of(&[Check::ThaiCitizenId, Check::MnRegister], true)),
            ("iin".to_owned(), of(&[Check::KzIin], true)),
            ("passport_id".to_owned(), of(&[], true)),
            ("tax_note".to_owned(), of(&[Check::KzIin], false)),
        ])
    }

    fn risen(held: &[(&str, &str, i16)]) -> Vec<String> {
        let rises = identifier_levels_after_confirmation(&person(held), &registry());
        assert!(rises.iter().all(|rise| rise.level == Level::CONFIRMED));
        rises.into_iter().map(|rise| rise.name).collect()
    }

    #[test]
    fn a_consistent_identifier_rises_with_a_confirmed_phone() {
        let phone = ("mobile_phone", "+66812345678", 1);
        assert_eq!(risen(&[phone, ("citizen_id", "1101002345674", 0)]), ["citizen_id"]);
        assert_eq!(
            risen(&[phone, ("citizen_id", "УБ88031512", 0), ("iin", "900515400123", 0)]),
            ["citizen_id", "iin"]
        );
        assert!(risen(&[phone, ("citizen_id", "1101002345675", 0)]).is_empty(), "a wrong check digit");
        assert!(risen(&[phone, ("passport_id", "FX004417", 0)]).is_empty(), "nothing to check");
        assert!(risen(&[phone, ("tax_note", "900515400123", 0)]).is_empty(), "no identifier");
        assert!(risen(&[phone, ("citizen_id", "1101002345674", 2)]).is_empty(), "never lowered");
    }

    #[test]
    fn without_a_confirmed_phone_nothing_rises() {
        assert!(risen(&[("citizen_id", "1101002345674", 0)]).is_empty());
        assert!(risen(&[("mobile_phone", "+66812345678", 0), ("citizen_id", "1101002345674", 0)]).is_empty());
        assert!(
            risen(&[("telephone", "+66812345678", 1), ("citizen_id", "1101002345674", 0)]).is_empty(),
            "a telephone at home is no mobile phone"
        );
    }
}
