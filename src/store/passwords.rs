//! Setting a forgotten password: whoever comes first with the right to it, once.

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{StoreError, journal, outbox, password_links, users};
use crate::{
    ids::{JourneyId, UserId},
    model::journal::Entry,
    secret::Digest,
    store::outbox::Message,
};

/// A new password, hashed, and what comes with it.
#[derive(Clone, Debug)]
pub struct NewPassword<'a> {
    /// Whose it is.
    pub user: UserId,
    /// A PHC string.
    pub hash: &'a str,
    /// The session that stays: that of the browser the password was set in.
    pub keep: Option<Digest>,
    /// What failures to sign in were counted under: forgotten, or the owner would wait for them.
    pub forgotten: &'a [Digest],
    /// What the owner is told.
    pub message: Option<&'a Message>,
}

/// What gives the right to set a password.
#[derive(Clone, Copy, Debug)]
pub enum Right {
    /// A code that came back in this journey.
    Journey(JourneyId),
    /// A link of this digest.
    Link(Digest),
}

/// Sets a password and ends the account's other sessions, if the right to it is there still: it is
/// used up by this, so of two at once one sets theirs. False when it was gone.
///
/// # Errors
/// When the database fails.
pub async fn reset(
    pool: &PgPool,
    right: Right,
    new: &NewPassword<'_>,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let redeemed = match right {
        Right::Journey(journey) => redeem_in_journey(&mut tx, journey, new.user, entry).await?,
        Right::Link(digest) => password_links::redeem(&mut *tx, digest, entry.at).await? == Some(new.user),
    };
    if !redeemed {
        return Ok(false);
    }
    users::upsert_password(&mut tx, new.user, new.hash, entry.at).await?;
    sqlx::query!(
        "UPDATE sessions SET ended_at = $2
         WHERE user_id = $1 AND ended_at IS NULL AND digest IS DISTINCT FROM $3",
        new.user.0,
        entry.at,
        new.keep.as_ref().map(Digest::as_bytes),
    )
    .execute(&mut *tx)
    .await?;
    // Every other link of the account dies too: what was sent before opens nothing any more.
    password_links::revoke_all(&mut *tx, new.user, entry.at).await?;
    let forgotten: Vec<Vec<u8>> = new.forgotten.iter().map(|key| key.as_bytes().to_vec()).collect();
    sqlx::query!("DELETE FROM throttles WHERE kind = 'account' AND key = ANY($1)", &forgotten)
        .execute(&mut *tx)
        .await?;
    if let Some(message) = new.message {
        outbox::insert(&mut *tx, message).await?;
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

async fn redeem_in_journey(
    db: &mut PgConnection,
    journey: JourneyId,
    user: UserId,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let redeemed = sqlx::query!(
        "UPDATE journeys SET notes = jsonb_set(notes, '{reset,done}', 'true')
         WHERE id = $1 AND finished_at IS NULL AND expires_at > $3 AND notes #>> '{reset,user}' = $2
           AND notes #> '{reset,confirmed}' = 'true' AND notes #> '{reset,done}' = 'false'",
        journey.0,
        user.to_string(),
        entry.at,
    )
    .execute(db)
    .await?;
    Ok(redeemed.rows_affected() == 1)
}

/// The account's password hash.
///
/// # Errors
/// When the database fails.
pub async fn find(db: impl PgExecutor<'_>, user: UserId) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!("SELECT hash FROM passwords WHERE user_id = $1", user.0)
        .fetch_optional(db)
        .await?)
}
