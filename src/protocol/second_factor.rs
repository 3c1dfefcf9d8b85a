//! The second factor as pages and protocols ask for it alike: what guesses are counted under, and
//! codes of an authenticator application.

use crate::{
    app::App,
    crypto::{one_time_code::OneTimeCode, totp::Seed},
    http::fault::InternalError,
    ids::UserId,
    model::credential::{Credential, CredentialKind},
    secret::Digest,
    store::credentials,
};

/// What guesses at this account's second factor are counted under, wherever they are made.
pub fn throttle_key(user: UserId) -> Digest {
    Digest::of(format!("second-factor:{user}").as_bytes())
}

/// Whether this is a code of one of the account's applications that was not used before; it is used
/// by this (RFC 6238 §5.2: a code is accepted once).
///
/// # Errors
/// When the database fails or a seed can't be opened.
pub async fn use_application_code(
    app: &App,
    user: UserId,
    held: &[Credential],
    code: &OneTimeCode,
) -> Result<bool, InternalError> {
    let now = app.clock.now();
    for factor in held.iter().filter(|factor| factor.kind == CredentialKind::Totp) {
        let Some(sealed) = &factor.sealed else { continue };
        let seed = Seed::from_bytes(&app.sealer.open(&Credential::place(user), sealed)?);
        if let Some(step) = seed.step_of(code, now)
            && credentials::use_totp_step(&app.pool, factor.id, step, now).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}
