//! What a client is called and who looks after it.

use serde_json::{Map, Value};

use super::{members::Members, refusal::Refusal};
use crate::model::{client::Client, locale::Locale};

const NAME: &str = "client_name";
/// As long as a name may be.
const LONGEST: usize = 200;

/// Reads names and contacts into the client, whose return addresses are known.
///
/// # Errors
/// The first rule that is broken.
pub fn apply(members: &Members, client: &mut Client) -> Result<(), Refusal> {
    let given = members.text(NAME)?.map(|text| name(NAME, text)).transpose()?;
    client.name = given.or_else(|| client.host()).unwrap_or_else(|| client.identifier.clone());
    let oidc = &mut client.settings.oidc;
    oidc.names.clear();
    for (tag, value) in members.tagged(NAME) {
        // RFC 7591 §2.2: tags of RFC 5646; names in languages that nobody sees here are passed over.
        let (Ok(locale), Some(text)) = (tag.parse::<Locale>(), value.as_str()) else { continue };
        oidc.names.insert(locale, name(NAME, text)?);
    }
    oidc.contacts = members.texts("contacts")?;
    Ok(())
}

/// People read it where they decide whom to trust.
fn name(member: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Refusal::of(member, format!("must have 1 to {LONGEST} characters")));
    }
    // Characters that turn the direction of text or can't be seen make one name look like another
    // (Unicode Technical Report 36 §2).
    let deceives = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if text.chars().any(deceives) {
        return Err(Refusal::of(member, "holds characters that can't be seen"));
    }
    Ok(text.to_owned())
}

/// What is told back and used for nothing here.
///
/// # Errors
/// A member is no text.
pub fn software(members: &Members) -> Result<Map<String, Value>, Refusal> {
    let mut kept = Map::new();
    for name in ["software_id", "software_version"] {
        if let Some(text) = members.text(name)? {
            kept.insert(name.to_owned(), text.into());
        }
    }
    Ok(kept)
}

/// RFC 7591 §2.3, §3.1.1: nobody's statements are trusted here, and what a client swears by must not be
/// passed over in silence.
///
/// # Errors
/// There is one.
pub fn refuse_statement(members: &Members) -> Result<(), Refusal> {
    let Some(statement) = members.get("software_statement") else { return Ok(()) };
    let is_jwt =
        statement.as_str().is_some_and(|jwt| jwt.split('.').filter(|part| !part.is_empty()).count() == 3);
    Err(if is_jwt { Refusal::UnapprovedStatement } else { Refusal::Statement })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_deceive_the_eye_are_refused() {
        assert_eq!(name(NAME, " Tax Service ").unwrap(), "Tax Service");
        for bad in ["  ", "Tax\u{202e}ecivreS", "Tax\u{200b}Service", &"x".repeat(201)] {
            assert!(name(NAME, bad).is_err(), "{bad:?}");
        }
    }
}
