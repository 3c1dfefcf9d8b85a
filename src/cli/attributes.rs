//! `--attribute NAME=VALUE[@LEVEL]`.

use time::Date;

use super::nearest::hint;
use crate::{model::attribute::Level, settings::Settings, store::users::NewAttribute};

/// One option, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    name: String,
    value: String,
    level: Level,
}

/// Takes `NAME=VALUE[@LEVEL]` apart. The level is a last `@0` to `@3`; anything else belongs to
/// the value, so a mail address needs no care.
pub fn parse(text: &str) -> Result<Given, String> {
    let (name, rest) = text.split_once('=').ok_or("write NAME=VALUE or NAME=VALUE@LEVEL")?;
    let level = |digit: &str| match digit {
        "0" | "1" | "2" | "3" => digit.parse().ok().and_then(|level: i16| Level::try_from(level).ok()),
        _ => None,
    };
    let split = rest.rsplit_once('@').and_then(|(value, last)| Some((value, level(last)?)));
    let (value, level) = split.unwrap_or((rest, Level::UNVERIFIED));
    Ok(Given { name: name.to_owned(), value: value.to_owned(), level })
}

/// Checks names and values against the registry.
///
/// # Errors
/// The first that does not fit, in words.
pub fn check(given: Vec<Given>, settings: &Settings, today: Date) -> Result<Vec<NewAttribute>, String> {
    let mut attributes: Vec<NewAttribute> = Vec::new();
    for Given { name, value, level } in given {
        let Some(definition) = settings.attributes.get(&name) else {
            let known = settings.attributes.keys().map(String::as_str);
            let hint = hint(&name, known, "add it to the settings under [attributes]");
            return Err(format!("--attribute `{name}` is not known here; {hint}"));
        };
        if attributes.iter().any(|other| other.name == name) {
            return Err(format!("--attribute `{name}` is given twice; give it once"));
        }
        let value =
            definition.normalised(&value, today).map_err(|wrong| format!("--attribute {name}: {wrong}"))?;
        attributes.push(NewAttribute { name, value, level, identifier: definition.identifier });
    }
    Ok(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, String, i16) {
        let given = parse(text).unwrap();
        (given.name, given.value, given.level.into())
    }

    #[test]
    fn the_level_is_a_last_at_sign_with_0_to_3() {
        for (text, name, value, level) in [
            ("email=a@example.org", "email", "a@example.org", 0),
            ("email=a@example.org@1", "email", "a@example.org", 1),
            ("citizen_id=1234567890123@3", "citizen_id", "1234567890123", 3),
            ("occupation=x@4", "occupation", "x@4", 0),
            ("occupation=x@03", "occupation", "x@03", 0),
            ("occupation=a=b@2", "occupation", "a=b", 2),
            ("occupation=x@2@3", "occupation", "x@2", 3),
        ] {
            assert_eq!(parts(text), (name.into(), value.into(), level), "{text}");
        }
        assert!(parse("email").is_err());
    }
}
