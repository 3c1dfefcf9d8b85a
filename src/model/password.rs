//! What a password may be, and the one form in which it is hashed.

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use super::common_passwords;

/// Characters, after normalisation.
const SHORTEST: usize = 8;
const LONGEST: usize = 128;

/// A password in Unicode NFC: keyboards differ in how they compose a letter, and both ways must
/// open the account (NIST SP 800-63B §5.1.1.2). Everything hashed or checked goes through this.
pub fn normalised(password: &SecretString) -> SecretString {
    SecretString::from(password.expose_secret().nfc().collect::<String>())
}

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Under 8 characters.
    #[error("a password has 8 to 128 characters; this one has fewer")]
    TooShort,
    /// Over 128 characters.
    #[error("a password has 8 to 128 characters; this one has more")]
    TooLong,
    /// In the list of common ones.
    #[error("this password is among those that are guessed first; choose another")]
    Common,
    /// The user name, mail address, phone or an identifier.
    #[error("this password says who the person is; choose another")]
    Personal,
}

impl PasswordFault {
    /// The text for people, in the catalogue.
    pub const fn key(self) -> &'static str {
        match self {
            Self::TooShort => "password-too-short",
            Self::TooLong => "password-too-long",
            Self::Common => "password-common",
            Self::Personal => "password-personal",
        }
    }
}

/// Whether a new password, already normalised, may be used. `context` is what names the person:
/// user name, mail, phone, identifiers. There are no composition rules (NIST SP 800-63B §5.1.1.2).
///
/// # Errors
/// [`PasswordFault`].
pub fn check(password: &SecretString, context: &[&str]) -> Result<(), PasswordFault> {
    let password = password.expose_secret();
    match password.chars().count() {
        ..SHORTEST => return Err(PasswordFault::TooShort),
        SHORTEST..=LONGEST => {}
        _ => return Err(PasswordFault::TooLong),
    }
    let folded = folded(password);
    if context.iter().any(|word| is_personal(&folded, word)) {
        return Err(PasswordFault::Personal);
    }
    if common_passwords::contains(&folded) { Err(PasswordFault::Common) } else { Ok(()) }
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase().nfc().collect()
}

/// The word itself, the part of a mail address before the `@`, or a number however it is written.
fn is_personal(password: &str, word: &str) -> bool {
    let word = folded(word);
    if word.is_empty() {
        return false;
    }
    let local = word.split_once('@').map(|(local, _)| local);
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    password == word
        || local == Some(password)
        || (is_number(&word) && is_number(password) && digits(&word) == digits(password))
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
        let checked = |length| check(&SecretString::from("я".repeat(length)), &[]);
        assert_eq!(checked(7), Err(PasswordFault::TooShort));
        assert_eq!(checked(8), Ok(()));
        assert_eq!(checked(128), Ok(()));
        assert_eq!(checked(129), Err(PasswordFault::TooLong));
    }

    #[test]
    fn common_passwords_are_refused_whatever_their_case() {
        for password in ["password", "PassWord", "12345678", "qwertyuiop", "iloveyou1"] {
            assert_eq!(check(&SecretString::from(password), &[]), Err(PasswordFault::Common), "{password}");
        }
        assert_eq!(check(&SecretString::from("correct horse"), &[]), Ok(()));
        assert_eq!(check(&SecretString::from("aaaaaaab"), &[]), Ok(()), "there are no composition rules");
    }

    #[test]
    fn what_names_the_person_is_refused() {
        let context = ["Somchai-Jaidee", "somchai.jaidee@example.org", "+66812345678", "1-1010-02345674", ""];
        for password in [
            "somchai-jaidee",
            "SOMCHAI-JAIDEE",
            "somchai.jaidee",
            "somchai.jaidee@example.org",
            "66812345678",
            "+66 81 234 5678",
            "1101002345674",
        ] {
            let checked = check(&SecretString::from(password), &context);
            assert_eq!(checked, Err(PasswordFault::Personal), "{password}");
        }
        assert_eq!(check(&SecretString::from("somchai-jaidee-2"), &context), Ok(()));
    }
}
