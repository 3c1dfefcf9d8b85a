//! What a password may be, and the one form in which it is hashed.

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

/// Characters, after normalisation.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// A password in Unicode NFC: keyboards differ in how they compose a letter, and both ways must
/// open the account (NIST SP 800-63B §5.1.1.2). Everything hashed or checked goes through this.
pub fn normalised(password: &SecretString) -> SecretString {
    SecretString::from(password.expose_secret().nfc().collect::<String>())
}

/// Whether a new password, already normalised, is long enough. There are no composition rules.
///
/// # Errors
/// What to do.
pub fn check(password: &SecretString) -> Result<(), &'static str> {
    if LENGTH.contains(&password.expose_secret().chars().count()) {
        Ok(())
    } else {
        Err("a password has 8 to 128 characters")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_composed_and_a_decomposed_letter_are_one() {
        let (composed, decomposed) = (SecretString::from("caf\u{e9}"), SecretString::from("cafe\u{301}"));
        assert_eq!(normalised(&composed).expose_secret(), normalised(&decomposed).expose_secret());
    }

    #[test]
    fn passwords_have_8_to_128_characters() {
        for (length, fits) in [(7, false), (8, true), (128, true), (129, false)] {
            assert_eq!(check(&SecretString::from("я".repeat(length))).is_ok(), fits, "{length}");
        }
    }
}
