//! A password that somebody typed with a name: whose it may be, and whether it is right. The login
//! page and the password grant ask the same, so that neither is the easier to guess at.

use secrecy::{ExposeSecret, SecretString};

use super::App;
use crate::{
    crypto::password::PasswordError,
    model::user::username_key,
    secret::Digest,
    store::{
        StoreError,
        logins::{self, Candidate, Names, Throttles},
    },
};

/// The longest password anyone may have; longer input is not worth hashing.
const LONGEST: usize = 1024;

/// What failures for a name are counted under, whichever account it stands for.
pub fn account_key(typed: &str) -> Digest {
    Digest::of(format!("account:{}", username_key(typed)).as_bytes())
}

/// Whom a typed name stands for, and any wait.
///
/// # Errors
/// When the database fails.
pub async fn candidate(app: &App, typed: &str, throttles: &Throttles) -> Result<Candidate, StoreError> {
    let values = stored_forms(typed);
    let names = Names { username_key: &username_key(typed), values: &values };
    logins::find(&app.pool, &names, throttles, app.clock.now()).await
}

/// Whether `password`, in its normal form, is the candidate's. Without an account the same work is
/// done (enumeration).
///
/// # Errors
/// [`PasswordError::Busy`] when too many wait.
pub async fn is_right(
    app: &App,
    candidate: &Candidate,
    password: SecretString,
) -> Result<bool, PasswordError> {
    if password.expose_secret().len() > LONGEST {
        return Ok(false);
    }
    let stored = candidate.user.as_ref().and_then(|(_, hash, _)| hash.clone());
    app.passwords.verify(password, stored).await
}

/// The forms in which a typed name may be stored as a mail address, a phone or an identifier, in
/// lower case: as it is, without what people put between digits, and with a phone's plus sign.
pub fn stored_forms(typed: &str) -> Vec<String> {
    let plain = typed.trim().to_lowercase();
    let bare: String = plain.chars().filter(|c| !" -.()\u{a0}".contains(*c)).collect();
    let mut forms = vec![plain];
    if !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        forms.push(format!("+{bare}"));
    }
    if !forms.contains(&bare) {
        forms.push(bare);
    }
    forms
}
