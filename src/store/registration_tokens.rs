//! Initial access tokens (RFC 7591 §1.2): with one a developer may register so many clients.

use sqlx::{PgExecutor, PgPool};
use time::OffsetDateTime;

use super::{StoreError, journal};
use crate::{ids::RegistrationTokenId, model::journal::Entry, secret::Digest};

/// A token as operators see it.
#[derive(Clone, Debug)]
pub struct RegistrationToken {
    /// Its row.
    pub id: RegistrationTokenId,
    /// How many clients it may still register.
    pub uses_left: i32,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
    /// When it last registered a client.
    pub last_used_at: Option<OffsetDateTime>,
}

/// Keeps a new token.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    pool: &PgPool,
    token: &RegistrationToken,
    digest: Digest,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!(
        "INSERT INTO registration_tokens (id, digest, uses_left, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        token.id.0,
        digest.as_bytes(),
        token.uses_left,
        token.created_at,
        token.expires_at,
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Every token, the newest first; used up and expired ones too.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<RegistrationToken>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, uses_left, created_at, expires_at, last_used_at FROM registration_tokens
         ORDER BY created_at DESC, id DESC"
    )
    .fetch_all(db)
    .await?;
    let token = rows.into_iter().map(|row| RegistrationToken {
        id: RegistrationTokenId(row.id),
        uses_left: row.uses_left,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    });
    Ok(token.collect())
}

/// Takes a token away; false when there is none of that id. Clients registered with it stay.
///
/// # Errors
/// When the database fails.
pub async fn remove(pool: &PgPool, id: RegistrationTokenId, entry: &Entry) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let removed = sqlx::query!("DELETE FROM registration_tokens WHERE id = $1", id.0)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    if removed == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether a token would register a client now. Only a look: the write that registers decides.
///
/// # Errors
/// When the database fails.
pub async fn is_live(
    db: impl PgExecutor<'_>,
    digest: Digest,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let live = sqlx::query_scalar!(
        r#"SELECT true AS "live!" FROM registration_tokens WHERE digest = $1 AND uses_left > 0 AND expires_at > $2"#,
        digest.as_bytes(),
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(live.is_some())
}

/// Counts one use; `None` when none is left. Of two at once for the last one, one gets it.
pub(super) async fn redeem(
    db: impl PgExecutor<'_>,
    digest: Digest,
    now: OffsetDateTime,
) -> Result<Option<RegistrationTokenId>, StoreError> {
    let id = sqlx::query_scalar!(
        "UPDATE registration_tokens SET uses_left = uses_left - 1, last_used_at = $2
         WHERE digest = $1 AND uses_left > 0 AND expires_at > $2 RETURNING id",
        digest.as_bytes(),
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(RegistrationTokenId))
}
