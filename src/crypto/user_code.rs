//! User codes of devices: eight letters that a person reads on one screen and types at another
//! (RFC 8628 §6.1); a keyed digest for the database.

use ring::hmac;
use secrecy::{ExposeSecret, SecretString};

use crate::{rng::Rng, secret::Digest};

/// No vowels, so that no word comes out, and no two that look or sound alike.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// 20^8 codes: 34 bits, which the limit on tries makes enough (RFC 8628 §5.1).
const LENGTH: usize = 8;

/// A user code, in capitals without its dash. No `Debug`.
pub struct UserCode(SecretString);

impl UserCode {
    /// A new code, each equally likely.
    pub fn generate(rng: &Rng) -> Self {
        let mut letters = String::with_capacity(LENGTH);
        while letters.len() < LENGTH {
            let [byte] = rng.bytes::<1>();
            // 240 is the largest multiple of 20 in a byte: no remainder is likelier.
            if byte < 240 {
                letters.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
            }
        }
        Self(SecretString::from(letters))
    }

    /// What a person typed, in letters of either case, with whatever stands between them. `None` when
    /// it can't be a code.
    pub fn typed(text: &str) -> Option<Self> {
        let mut letters = String::with_capacity(LENGTH);
        for character in text.chars().filter(|c| c.is_alphanumeric()) {
            let letter = u8::try_from(latin(character)).ok().filter(|letter| LETTERS.contains(letter))?;
            letters.push(char::from(letter));
            if letters.len() > LENGTH {
                return None;
            }
        }
        (letters.len() == LENGTH).then(|| Self(SecretString::from(letters)))
    }

    /// The code as devices and pages show it: `XXXX-XXXX`.
    pub fn shown(&self) -> String {
        let (head, tail) = self.0.expose_secret().split_at(LENGTH / 2);
        format!("{head}-{tail}")
    }

    /// Digest under `key`: 34 bits are soon tried by who reads the database, so the key protects it.
    pub fn digest(&self, key: &[u8; 32]) -> Digest {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hmac::sign(&key, self.0.expose_secret().as_bytes()).as_ref());
        Digest::from_bytes(bytes)
    }
}

/// The capital Latin letter, also for the Cyrillic one that looks the same: a keyboard may be set to
/// either, and the person can't see which.
fn latin(character: char) -> char {
    match character.to_uppercase().next().unwrap_or(character) {
        'В' => 'B',
        'С' => 'C',
        'Н' => 'H',
        'К' => 'K',
        'М' => 'M',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_8628_s6_1_a_code_is_read_whatever_its_case_and_punctuation() {
        for text in ["WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "W.D_J/B—MJHT", "WDJB\u{a0}MJHT"] {
            assert_eq!(UserCode::typed(text).unwrap().shown(), "WDJB-MJHT", "{text}");
        }
        // Typed with a Cyrillic keyboard.
        assert_eq!(UserCode::typed("внкм-ртхс").unwrap().shown(), "BHKM-PTXC");
        for text in ["", "-", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB-MJH1", "ＷDJBMJHT", "ИDJBMJHT"] {
            assert!(UserCode::typed(text).is_none(), "{text}");
        }
        assert!(UserCode::typed(&"B".repeat(60_000)).is_none());
    }

    #[test]
    fn rfc_8628_s6_1_generated_codes_use_every_letter_of_the_set_and_no_other() {
        let rng = Rng::seeded(3);
        let all: String = (0..500).map(|_| UserCode::generate(&rng).shown()).collect();
        let seen: std::collections::BTreeSet<u8> = all.bytes().filter(|b| *b != b'-').collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), LETTERS);
    }

    #[test]
    fn a_digest_belongs_to_one_key_and_one_code() {
        let code = |text| UserCode::typed(text).unwrap();
        let digest = code("WDJB-MJHT").digest(&[1; 32]);
        assert_eq!(digest, code("wdjbmjht").digest(&[1; 32]));
        assert_ne!(digest, code("WDJB-MJHT").digest(&[2; 32]));
        assert_ne!(digest, code("WDJB-MJHX").digest(&[1; 32]));
    }
}
