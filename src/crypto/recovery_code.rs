//! Recovery codes: kept in a drawer for the day the phone is gone; each opens the account once.

use secrecy::{ExposeSecret, SecretString};

use crate::{ids::UserId, rng::Rng, secret::Digest};

/// Codes in a set.
pub const SET: usize = 10;
/// Letters and digits that are not taken for one another when read aloud or written by hand.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Letters in a code: 80 bits, more than anybody guesses, so a plain digest is enough.
const LENGTH: usize = 16;

/// A new code, in groups of four.
pub fn generate(rng: &Rng) -> SecretString {
    let letters: Vec<char> =
        rng.bytes::<LENGTH>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    SecretString::from(groups.join("-"))
}

/// The digest of a code, however it was typed, bound to its account.
pub fn digest(typed: &SecretString, user: UserId) -> Digest {
    let plain: String =
        typed.expose_secret().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    Digest::of(format!("recovery:{user}:{plain}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed_and_belongs_to_one_account() {
        let code = generate(&Rng::seeded(5));
        let user = UserId(uuid::Uuid::from_u128(1));
        let typed =
            SecretString::from(format!(" {} ", code.expose_secret().to_uppercase().replace('-', " ")));
        assert_eq!(digest(&code, user), digest(&typed, user));
        assert_ne!(digest(&code, user), digest(&code, UserId(uuid::Uuid::from_u128(2))));
        assert_eq!(code.expose_secret().len(), 19);
    }
}
