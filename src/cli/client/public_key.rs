//! A public key that a client's signatures are checked with, as it is read from a file.

use std::{fs, path::Path};

use crate::{cli::CliError, crypto::rsa_key::RsaKey};

/// Longer files are no public key.
const LONGEST: u64 = 64 * 1024;

/// The key's PEM text; `None` for an empty path, which takes the key away.
///
/// # Errors
/// The file can't be read, or does not hold a key that will do.
pub fn read(option: &str, path: &Path) -> Result<Option<String>, CliError> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let refused = |why: String| CliError::refused(format!("{option} {}: {why}", path.display()));
    let found = fs::metadata(path).map_err(|error| refused(error.to_string()))?;
    if !found.is_file() || found.len() > LONGEST {
        return Err(refused("is no file of a public key's size; give one key as PEM".into()));
    }
    let bytes = fs::read(path).map_err(|error| refused(error.to_string()))?;
    let pem = String::from_utf8(bytes)
        .map_err(|_| refused("is not text; give the key as PEM (`openssl rsa -in KEY -pubout`)".into()))?;
    RsaKey::from_pem(&pem).map_err(|why| refused(why.to_string()))?;
    Ok(Some(pem.trim().to_owned()))
}

/// What people compare a key by.
pub fn line(pem: &str) -> String {
    match RsaKey::from_pem(pem) {
        Ok(key) => format!("RSA of {} bits, SHA-256 {}", key.bits, key.fingerprint),
        Err(why) => format!("unusable: it {why}"),
    }
}
