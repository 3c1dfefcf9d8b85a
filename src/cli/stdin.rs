//! Secrets come on standard input, never as an argument that every process of the machine can read.

use std::io::Read;

use secrecy::SecretString;

use super::CliError;

/// More is no password or secret.
const LONGEST: u64 = 4096;

/// All of standard input but its last line break.
///
/// # Errors
/// Nothing comes, too much, or it is not text.
pub fn secret(option: &str) -> Result<SecretString, CliError> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text);
    read.map_err(|error| CliError::refused(format!("{option}: standard input can't be read: {error}")))?;
    if text.len() as u64 > LONGEST {
        return Err(CliError::refused(format!("{option}: standard input holds more than {LONGEST} bytes")));
    }
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(CliError::refused(format!(
            "{option}: standard input is empty; pipe the value in, as in `printf %s VALUE | tamga ... {option}`"
        )));
    }
    if line.contains(['\n', '\r', '\0']) {
        return Err(CliError::refused(format!(
            "{option}: standard input holds more than one line; give one"
        )));
    }
    Ok(SecretString::from(line))
}
