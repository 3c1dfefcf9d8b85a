//! What a request asks of this account: of what is asked of everybody, what its kind has, under the
//! names it holds it by.

use std::collections::BTreeSet;

use super::Requirements;
use crate::model::{consent::Asked, user::User};

/// Stands for the identifier that is the account's verify code, whichever that is.
const VERIFY_CODE: &str = "verify_code";
/// Begins the name of how well an attribute was checked, asked for by itself.
const LEVEL_OF: &str = "level.";
/// Attributes every account has without holding a value for them.
const INHERENT: [&str; 7] = ["username", "user_id", "kind", "level", "locale", "updated_at", "openid2_id"];

/// What is shown, asked and remembered of this account: nothing it does not hold.
pub fn asked_of(required: &Requirements, user: &User) -> Asked {
    let needed = of_kind(required, &required.asked.required, user);
    let wanted = of_kind(required, &required.asked.optional, user);
    let held = |name: &&String| holds(user, name);
    // An identifier brings its level along: no line of its own for that.
    let goes_along = |name: &String| {
        let of = name.strip_prefix(LEVEL_OF);
        of.is_some_and(|of| needed.contains(of) || (wanted.contains(of) && !needed.contains(name)))
    };
    let level_not_held = |name: &String| name.starts_with(LEVEL_OF) && !holds(user, name);
    Asked {
        scopes: required.asked.scopes.clone(),
        optional: wanted
            .iter()
            .filter(held)
            .filter(|name| !needed.contains(*name) && !goes_along(name))
            .cloned()
            .collect(),
        required: needed.iter().filter(|name| !goes_along(name) && !level_not_held(name)).cloned().collect(),
    }
}

/// The required attributes that the account lacks.
pub fn missing(required: &Requirements, user: &User) -> Vec<String> {
    let mut names = of_kind(required, &required.asked.required, user);
    names.extend(required.locked_iin.is_some().then(|| "iin".to_owned()));
    lacking(names, user)
}

/// The attributes that are only wanted and that the account lacks, when the request would have them
/// offered.
pub fn wanted(required: &Requirements, user: &User) -> Vec<String> {
    if !required.offer_wanted {
        return Vec::new();
    }
    lacking(of_kind(required, &required.asked.optional, user), user)
}

fn lacking(names: BTreeSet<String>, user: &User) -> Vec<String> {
    // How well something was checked is nothing a person can type.
    names.into_iter().filter(|name| !name.starts_with(LEVEL_OF) && !holds(user, name)).collect()
}

/// The names this kind of account has, the verify code under its own.
fn of_kind(required: &Requirements, names: &BTreeSet<String>, user: &User) -> BTreeSet<String> {
    let kind_has = |name: &String| {
        let bare = name.strip_prefix(LEVEL_OF).unwrap_or(name);
        required.only_for.get(bare).is_none_or(|kinds| kinds.is_empty() || kinds.contains(&user.kind))
    };
    names.iter().map(|name| own_name(name, user)).filter(kind_has).collect()
}

/// The verify code's own name; every other name as it is.
fn own_name(name: &str, user: &User) -> String {
    let (level, bare) = match name.strip_prefix(LEVEL_OF) {
        Some(bare) => (LEVEL_OF, bare),
        None => ("", name),
    };
    let bare = if bare == VERIFY_CODE { user.verify_code() } else { bare };
    format!("{level}{bare}")
}

/// Whether the account has a value for this attribute.
pub fn holds(user: &User, name: &str) -> bool {
    match name {
        "full_name" => user.full_name().is_some(),
        "locale" => user.locale.is_some(),
        "address" | "organization" => user
            .attributes
            .keys()
            .any(|held| held.strip_prefix(name).is_some_and(|part| part.starts_with('.'))),
        _ => match name.strip_prefix(LEVEL_OF) {
            Some(of) => user.attributes.contains_key(of),
            None => INHERENT.contains(&name) || user.attributes.contains_key(name),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::user::{UserKind, tests::person};

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    fn requirements(needed: &[&str], wanted: &[&str]) -> Requirements {
        Requirements {
            asked: Asked { scopes: set(&[]), required: set(needed), optional: set(wanted) },
            only_for: [
                ("citizen_id".to_owned(), vec![UserKind::Citizen, UserKind::GovernmentAgent]),
                ("passport_id".to_owned(), vec![UserKind::Foreigner]),
            ]
            .into(),
            offer_wanted: true,
            ..Requirements::default()
        }
    }

    #[test]
    fn what_another_kind_of_account_has_is_neither_asked_nor_missing() {
        let required = requirements(&["passport_id", "level.passport_id", "email"], &["citizen_id"]);
        let citizen = person(&[("email", "a@b.c", 1), ("citizen_id", "1", 2)]);
        assert!(missing(&required, &citizen).is_empty());
        let asked = asked_of(&required, &citizen);
        assert_eq!((asked.required, asked.optional), (set(&["email"]), set(&["citizen_id"])));
    }

    #[test]
    fn a_verify_code_is_asked_under_its_own_name() {
        let required = requirements(&["verify_code", "level.verify_code"], &[]);
        assert_eq!(asked_of(&required, &person(&[("iin", "9", 2)])).required, set(&["iin"]));
        assert_eq!(missing(&required, &person(&[])), ["citizen_id"]);
        let foreigner = crate::model::user::User { kind: UserKind::Foreigner, ..person(&[]) };
        assert_eq!(missing(&required, &foreigner), ["passport_id"]);
    }

    #[test]
    fn a_level_has_a_line_of_its_own_only_without_its_value() {
        let citizen = person(&[("citizen_id", "1", 2)]);
        let alone = asked_of(&requirements(&[], &["level.citizen_id"]), &citizen);
        assert_eq!(alone.optional, set(&["level.citizen_id"]));
        let both = asked_of(&requirements(&["level.citizen_id"], &["citizen_id"]), &citizen);
        assert_eq!((both.required, both.optional), (set(&["level.citizen_id"]), set(&["citizen_id"])));
        let along = asked_of(&requirements(&["citizen_id"], &["level.citizen_id"]), &citizen);
        assert_eq!((along.required, along.optional), (set(&["citizen_id"]), set(&[])));
        let absent = requirements(&["level.citizen_id"], &["level.citizen_id"]);
        assert_eq!(asked_of(&absent, &person(&[])), Asked::default());
        assert!(missing(&absent, &person(&[])).is_empty(), "nobody can type a level");
    }

    #[test]
    fn what_is_only_wanted_is_offered_when_the_request_would_have_it() {
        let mut required = requirements(&["email"], &["mobile_phone", "username", "passport_id"]);
        assert_eq!(wanted(&required, &person(&[])), ["mobile_phone"]);
        required.offer_wanted = false;
        assert!(wanted(&required, &person(&[])).is_empty());
    }
}
