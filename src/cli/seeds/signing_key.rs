//! The key that the demonstration of signed requests signs with.

use serde_json::{Value, json};

use crate::{cli::CliError, demo::Key};

/// The key of an earlier start, or a new one, and its public half.
///
/// # Errors
/// No key can be made.
pub fn signing_key(known: Option<&str>) -> Result<(String, Value), CliError> {
    let kept = known.filter(|kept| Key::read(kept).is_ok()).map(str::to_owned);
    let kept = kept.map_or_else(Key::generate, Ok).map_err(CliError::refused)?;
    let key = Key::read(&kept).map_err(CliError::refused)?;
    let mut public = key.public();
    public["kid"] = key.thumbprint().into();
    Ok((kept, json!({ "keys": [public] })))
}
