//! Links good once for setting a password: in a message, or printed by an operator.

use sqlx::{PgExecutor, types::Uuid};
use time::OffsetDateTime;

use super::{StoreError, rows::word};
use crate::{
    ids::UserId,
    model::{journey::LinkPurpose, user::User},
    secret::Digest,
    store::users,
};

/// A link about to be given out.
#[derive(Clone, Copy, Debug)]
pub struct NewLink {
    /// SHA-256 of its token.
    pub digest: Digest,
    /// Whose password it sets.
    pub user: UserId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// When it is made.
    pub created_at: OffsetDateTime,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
}

/// Keeps a link.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: impl PgExecutor<'_>, link: &NewLink) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO password_links (digest, user_id, purpose, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        link.digest.as_bytes(),
        link.user.0,
        link.purpose.word(),
        link.created_at,
        link.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whose password a link sets and what it is for; `None` when it is used, too old or unknown, or
/// its account was shut out.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(
    pool: &sqlx::PgPool,
    digest: Digest,
    now: OffsetDateTime,
) -> Result<Option<(User, LinkPurpose)>, StoreError> {
    let row = sqlx::query!(
        "SELECT l.user_id, l.purpose FROM password_links l
         JOIN users u ON u.id = l.user_id AND u.disabled_at IS NULL AND u.closed_at IS NULL
         WHERE l.digest = $1 AND l.used_at IS NULL AND l.expires_at > $2",
        digest.as_bytes(),
        now,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let purpose = word("password_links", "purpose", row.user_id, &row.purpose)?;
    let user = users::find_by_id(pool, UserId(row.user_id)).await?;
    Ok(user.map(|user| (user, purpose)))
}

/// Uses a link up: whose password it sets, for the one caller who does.
///
/// # Errors
/// When the database fails.
pub async fn redeem(
    db: impl PgExecutor<'_>,
    digest: Digest,
    now: OffsetDateTime,
) -> Result<Option<UserId>, StoreError> {
    let user: Option<Uuid> = sqlx::query_scalar!(
        "UPDATE password_links SET used_at = $2
         WHERE digest = $1 AND used_at IS NULL AND expires_at > $2 RETURNING user_id",
        digest.as_bytes(),
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(user.map(UserId))
}

/// Uses up every link of an account.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(
    db: impl PgExecutor<'_>,
    user: UserId,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE password_links SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL",
        user.0,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
