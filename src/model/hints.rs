//! What a request says beforehand about the person it expects: pages begin with it.

use std::fmt;

use crate::secret::Token;

/// What the client knows of the person. Nothing in it is believed: all of it is to begin fields
/// with, but for a signed IIN, which the person can't change.
#[derive(Clone, Default)]
pub struct Hints {
    /// The phone, in E.164 with its plus.
    pub phone: Option<String>,
    /// The IIN; its check digit is right.
    pub iin: Option<String>,
    /// The client signed the IIN: its field is read-only.
    pub iin_locked: bool,
    /// The BIN of the organisation the person is to act for; its check digit is right.
    pub bin: Option<String>,
    /// The secret that says the client confirmed the phone itself.
    pub otp_confirmation: Option<Token>,
}

impl fmt::Debug for Hints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Phones and identifiers stay out of logs.
        f.write_str("Hints(..)")
    }
}

/// An identifier of a person or organisation that `Debug` does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier(String);

impl Identifier {
    /// The digits or letters themselves. Never to a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Identifier {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identifier(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_and_identifiers_are_never_printed() {
        let hints = Hints {
            phone: Some("+77011234567".into()),
            iin: Some("900515400123".into()),
            otp_confirmation: Some(Token::from("s3cret")),
            ..Hints::default()
        };
        assert_eq!(format!("{hints:?}"), "Hints(..)");
        assert_eq!(format!("{:?}", Identifier::from("900515400123".to_owned())), "Identifier(..)");
    }
}
