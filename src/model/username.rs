//! What a user name that a person chooses may be.

/// Digits a user name may have at most. Phones and identifiers have more, and a user name comes
/// before these at the sign-in: who took another's passport number for a name would shut them out.
const MOST_DIGITS: usize = 4;
/// Characters.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=64;

/// Checks a user name: letters of any alphabet, at most four digits, and `.`, `_`, `-` between them.
///
/// # Errors
/// The catalogue's text for what is wrong, said beside the field.
pub fn check(username: &str) -> Result<(), &'static str> {
    let known = |c: char| c.is_alphanumeric() || "._-".contains(c) || is_mark(c);
    if !LENGTH.contains(&username.chars().count()) {
        return Err("username-length");
    }
    if !username.chars().all(known) || !username.chars().any(char::is_alphabetic) {
        return Err("username-letters");
    }
    if username.chars().filter(|c| c.is_numeric()).count() > MOST_DIGITS {
        return Err("username-digits");
    }
    Ok(())
}

/// Thai vowels and tone marks above and below letters are no letters to Unicode.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_has_letters_and_few_digits() {
        for name in ["somchai", "bat.erdene", "айгүл-1990", "สมชาย", "ที่รัก", "a_1", &"x".repeat(64)]
        {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_user_name_is_no_mail_phone_or_identifier() {
        for (name, wrong) in [
            ("", "username-length"),
            ("ab", "username-length"),
            ("1234", "username-letters"),
            ("...", "username-letters"),
            ("a@b.example", "username-letters"),
            ("+77011234567", "username-letters"),
            ("so mchai", "username-letters"),
            ("AB1234567", "username-digits"),
            ("УБ88031512", "username-digits"),
            ("somchai\u{200b}", "username-letters"),
        ] {
            assert_eq!(check(name), Err(wrong), "{name}");
        }
        assert_eq!(check(&"x".repeat(65)), Err("username-length"));
    }
}
