//! A password's hash of a former system, or one cheaper than new ones are, is replaced when the
//! password is known: at a sign-in.

use secrecy::SecretString;

use crate::{app::App, ids::UserId, store::users};

/// Replaces `old` by a hash with the present settings when it needs to be. The person is signed in
/// already, so nothing that fails here may turn them away; the next sign-in tries again.
pub async fn replace_old_hash(app: &App, user: UserId, password: SecretString, old: &str) {
    if !app.passwords.needs_rehash(old) {
        return;
    }
    let new = match app.passwords.hash(password, &app.rng).await {
        Ok(new) => new,
        Err(error) => {
            tracing::warn!(%user, %error, "an old password hash stays until the next sign-in");
            return;
        }
    };
    // A password set meanwhile stands: the write looks for the old hash.
    match users::replace_hash(&app.pool, user, old, &new).await {
        Ok(_) => metrics::counter!("tamga_passwords_rehashed_total").increment(1),
        Err(error) => tracing::warn!(%user, %error, "an old password hash stays until the next sign-in"),
    }
}
