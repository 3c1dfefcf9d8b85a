//! Password hashes of former systems: bcrypt, PBKDF2, salted SHA. They are only ever checked, and
//! replaced by Argon2id at the first sign-in.
//!
//! An imported hash says itself how much work it takes. Unbounded, one row could keep a core busy
//! for hours at every attempt to sign in, so each number has an end here.

use std::num::NonZeroU32;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use ring::{digest, pbkdf2};
use subtle::ConstantTimeEq;

/// bcrypt's cost: 2^14 rounds take about a second.
const BCRYPT_COSTS: std::ops::RangeInclusive<u32> = 4..=14;
/// PBKDF2's iterations: the largest takes about a second.
const MOST_ITERATIONS: u32 = 3_000_000;
/// Bytes of a salt.
const LONGEST_SALT: usize = 128;

/// Padding is taken or left; some systems write it and some do not.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// Why a stored hash can't be used; holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableHash {
    /// None of the kinds we read.
    #[error(
        "the hash is of no kind that can be checked: Argon2, bcrypt, PBKDF2 (passlib, Django, PHC) or salted SHA \
         (LDAP)"
    )]
    UnknownKind,
    /// Cut or misspelt.
    #[error("the hash is damaged")]
    Damaged,
    /// It would take too long to check.
    #[error("the hash asks for more work than is allowed")]
    TooDear,
}

/// A hash taken apart.
pub(super) enum OldHash<'a> {
    Bcrypt(&'a str),
    Pbkdf2 { algorithm: pbkdf2::Algorithm, iterations: NonZeroU32, salt: Vec<u8>, expected: Vec<u8> },
    Salted { algorithm: &'static digest::Algorithm, salt: Vec<u8>, expected: Vec<u8> },
}

impl<'a> OldHash<'a> {
    /// Takes a stored hash apart.
    pub fn parse(stored: &'a str) -> Result<Self, UnreadableHash> {
        match stored {
            s if ["$2a$", "$2b$", "$2x$", "$2y$"].iter().any(|prefix| s.starts_with(prefix)) => bcrypt(s),
            s if s.starts_with("$pbkdf2") => modular(s),
            s if s.starts_with("pbkdf2_") => django(s),
            s if s.starts_with('{') => ldap(s),
            _ => Err(UnreadableHash::UnknownKind),
        }
    }

    /// Whether the password is the one behind it; compared in constant time.
    pub fn is_right(&self, password: &[u8]) -> bool {
        match self {
            // A hash that `parse` let through is well-formed, so an error is a wrong password.
            Self::Bcrypt(stored) => bcrypt::verify(password, stored).unwrap_or(false),
            Self::Pbkdf2 { algorithm, iterations, salt, expected } => {
                pbkdf2::verify(*algorithm, *iterations, salt, password, expected).is_ok()
            }
            Self::Salted { algorithm, salt, expected } => {
                let mut context = digest::Context::new(algorithm);
                context.update(password);
                context.update(salt);
                context.finish().as_ref().ct_eq(expected).into()
            }
        }
    }
}

fn bcrypt(stored: &str) -> Result<OldHash<'_>, UnreadableHash> {
    let parts: bcrypt::HashParts = stored.parse().map_err(|_| UnreadableHash::Damaged)?;
    if BCRYPT_COSTS.contains(&parts.get_cost()) {
        Ok(OldHash::Bcrypt(stored))
    } else {
        Err(UnreadableHash::TooDear)
    }
}

/// `$pbkdf2-sha256$29000$salt$hash` of passlib, `$pbkdf2-sha256$i=29000,l=32$salt$hash` as PHC.
fn modular(stored: &str) -> Result<OldHash<'_>, UnreadableHash> {
    let parts: Vec<&str> = stored.split('$').collect();
    let ["", name, parameters, salt, hash] = parts[..] else { return Err(UnreadableHash::Damaged) };
    let iterations = if parameters.contains('=') {
        let pair = |part: &'static str| parameters.split(',').find_map(move |p| p.strip_prefix(part));
        pair("i=").ok_or(UnreadableHash::Damaged)?
    } else {
        parameters
    };
    let algorithm = match name {
        "pbkdf2-sha256" => pbkdf2::PBKDF2_HMAC_SHA256,
        "pbkdf2-sha512" => pbkdf2::PBKDF2_HMAC_SHA512,
        "pbkdf2" | "pbkdf2-sha1" => pbkdf2::PBKDF2_HMAC_SHA1,
        _ => return Err(UnreadableHash::UnknownKind),
    };
    pbkdf2(algorithm, iterations, decode(salt)?, hash)
}

/// `pbkdf2_sha256$iterations$salt$hash` of Django, whose salt is text.
fn django(stored: &str) -> Result<OldHash<'_>, UnreadableHash> {
    let parts: Vec<&str> = stored.split('$').collect();
    let [name, iterations, salt, hash] = parts[..] else { return Err(UnreadableHash::Damaged) };
    let algorithm = match name {
        "pbkdf2_sha256" => pbkdf2::PBKDF2_HMAC_SHA256,
        "pbkdf2_sha1" => pbkdf2::PBKDF2_HMAC_SHA1,
        _ => return Err(UnreadableHash::UnknownKind),
    };
    pbkdf2(algorithm, iterations, salt.as_bytes().to_vec(), hash)
}

fn pbkdf2(
    algorithm: pbkdf2::Algorithm,
    iterations: &str,
    salt: Vec<u8>,
    hash: &str,
) -> Result<OldHash<'static>, UnreadableHash> {
    if iterations.is_empty() || !iterations.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(UnreadableHash::Damaged);
    }
    // More digits than a number holds are too many in any case.
    let iterations: u32 = iterations.parse().map_err(|_| UnreadableHash::TooDear)?;
    let iterations = NonZeroU32::new(iterations).ok_or(UnreadableHash::Damaged)?;
    let expected = decode(hash)?;
    // Each block of the output costs all the iterations again; real hashes have at most 64 bytes.
    if iterations.get() > MOST_ITERATIONS || expected.len() > 64 || salt.len() > LONGEST_SALT {
        return Err(UnreadableHash::TooDear);
    }
    if expected.len() < 16 {
        return Err(UnreadableHash::Damaged);
    }
    Ok(OldHash::Pbkdf2 { algorithm, iterations, salt, expected })
}

/// `{SSHA}`, `{SSHA256}`, `{SSHA512}` of LDAP: the digest of password and salt, then the salt.
fn ldap(stored: &str) -> Result<OldHash<'_>, UnreadableHash> {
    let (scheme, encoded) = stored[1..].split_once('}').ok_or(UnreadableHash::Damaged)?;
    let algorithm = match scheme.to_ascii_uppercase().as_str() {
        "SSHA" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        "SSHA256" => &digest::SHA256,
        "SSHA512" => &digest::SHA512,
        _ => return Err(UnreadableHash::UnknownKind),
    };
    let mut expected = decode(encoded)?;
    // Without a salt equal passwords had equal hashes; such a list is as good as in the clear.
    if expected.len() <= algorithm.output_len() {
        return Err(UnreadableHash::Damaged);
    }
    let salt = expected.split_off(algorithm.output_len());
    if salt.len() > LONGEST_SALT {
        return Err(UnreadableHash::TooDear);
    }
    Ok(OldHash::Salted { algorithm, salt, expected })
}

/// Base64, with `.` for `+` as passlib writes it.
fn decode(text: &str) -> Result<Vec<u8>, UnreadableHash> {
    BASE64.decode(text.replace('.', "+")).map_err(|_| UnreadableHash::Damaged)
}

#[cfg(test)]
#[path = "old_hashes_tests.rs"]
mod tests;
