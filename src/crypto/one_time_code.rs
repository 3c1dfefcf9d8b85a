//! One-time codes: six digits for a person, a keyed digest for the database.

use ring::hmac;
use secrecy::{ExposeSecret, SecretString};

use crate::{rng::Rng, secret::Digest};

/// Six digits, each of the million equally likely. No `Debug`.
pub struct OneTimeCode(SecretString);

impl OneTimeCode {
    /// A new code.
    pub fn generate(rng: &Rng) -> Self {
        // The first 32-bit number below the largest multiple of a million: no remainder is likelier.
        let number = loop {
            let drawn = u32::from_be_bytes(rng.bytes());
            if drawn < u32::MAX - u32::MAX % 1_000_000 {
                break drawn % 1_000_000;
            }
        };
        Self(SecretString::from(format!("{number:06}")))
    }

    /// What a person typed: the digits of any script, without the spaces and dashes that phones
    /// put between them. `None` when it can't be a code.
    pub fn typed(text: &str) -> Option<Self> {
        let mut digits = String::new();
        for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            digits.push(char::from_digit(digit(character)?, 10)?);
        }
        (digits.len() == 6).then(|| Self(SecretString::from(digits)))
    }

    /// The code itself, to be sent.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Digest under `key`, bound to everything the code is for: a million codes are soon tried by
    /// who reads the database, so the key is what protects it; and a code is of no use elsewhere.
    pub fn digest(&self, key: &[u8; 32], bound_to: &[&str]) -> Digest {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        for part in bound_to.iter().copied().chain([self.expose()]) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.sign().as_ref());
        Digest::from_bytes(bytes)
    }
}

/// A decimal digit of ASCII, of full width, or of Thai, where keyboards offer them.
fn digit(character: char) -> Option<u32> {
    match character {
        '0'..='9' => Some(u32::from(character) - u32::from('0')),
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(character) - 0xff10),
        '๐'..='๙' => Some(u32::from(character) - u32::from('๐')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for text in ["123456", " 123 456 ", "123-456", "１２３４５６", "๑๒๓๔๕๖"] {
            assert_eq!(OneTimeCode::typed(text).unwrap().expose(), "123456", "{text}");
        }
        for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert!(OneTimeCode::typed(text).is_none(), "{text}");
        }
    }

    #[test]
    fn generated_codes_have_six_digits_and_keep_leading_zeros() {
        let rng = Rng::seeded(7);
        let codes: Vec<_> = (0..2000).map(|_| OneTimeCode::generate(&rng).expose().to_owned()).collect();
        assert!(codes.iter().all(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())));
        assert!(codes.iter().any(|code| code.starts_with('0')));
    }

    #[test]
    fn a_digest_belongs_to_one_key_one_code_and_one_use() {
        let (one, other) = (OneTimeCode::typed("123456").unwrap(), OneTimeCode::typed("123457").unwrap());
        let digest = |code: &OneTimeCode, key: u8, parts: &[&str]| code.digest(&[key; 32], parts);
        let original = digest(&one, 1, &["sign-in", "+66812345678"]);
        assert_eq!(original, digest(&one, 1, &["sign-in", "+66812345678"]));
        assert_ne!(original, digest(&other, 1, &["sign-in", "+66812345678"]));
        assert_ne!(original, digest(&one, 2, &["sign-in", "+66812345678"]));
        assert_ne!(original, digest(&one, 1, &["second-factor", "+66812345678"]));
        assert_ne!(original, digest(&one, 1, &["sign-in+6", "6812345678"]), "parts can't be shifted");
    }
}
