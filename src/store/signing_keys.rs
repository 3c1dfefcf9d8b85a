//! Signing keys, sealed.

use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

use super::{StoreError, rows::word};
use crate::model::signing::Algorithm;

/// A stored key.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// Its id.
    pub kid: String,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// The public half.
    pub public_jwk: Value,
    /// PKCS#8 under the encryption key.
    pub sealed: Vec<u8>,
    /// From when it is published.
    pub created_at: OffsetDateTime,
    /// From when it signs; `None` while it waits its turn.
    pub active_at: Option<OffsetDateTime>,
    /// Until when it is published.
    pub retired_at: Option<OffsetDateTime>,
}

impl StoredKey {
    /// Whether its private half is gone.
    pub fn is_destroyed(&self) -> bool {
        self.sealed.is_empty()
    }
}

/// Since when keys must have been at their places, for a rotation to be due.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// The one that signs, at the latest.
    pub signs_since: OffsetDateTime,
    /// The one that waits, at the latest.
    pub waits_since: OffsetDateTime,
}

/// Every key, retired ones among them, oldest first.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<StoredKey>, StoreError> {
    let rows = sqlx::query!(
        "SELECT kid, algorithm, public_jwk, sealed, created_at, active_at, retired_at
         FROM signing_keys ORDER BY created_at, kid"
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(StoredKey {
                algorithm: word("signing_keys", "algorithm", &row.kid, &row.algorithm)?,
                kid: row.kid,
                public_jwk: row.public_jwk,
                sealed: row.sealed,
                created_at: row.created_at,
                active_at: row.active_at,
                retired_at: row.retired_at,
            })
        })
        .collect()
}

/// Keeps others from making keys until the transaction ends ("TAMGAKEY"): instances that start
/// together on an empty database must agree on one set.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", 0x5441_4d47_414b_4559_i64).execute(db).await?;
    Ok(())
}

/// Stores a key.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: impl PgExecutor<'_>, key: &StoredKey) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO signing_keys (kid, algorithm, public_jwk, sealed, created_at, active_at, retired_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        key.kid,
        key.algorithm.word(),
        key.public_jwk,
        key.sealed,
        key.created_at,
        key.active_at,
        key.retired_at,
    )
    .execute(db)
    .await
    .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Lets the waiting key of an algorithm sign from `now` on, and gives the keys before it their end
/// of publication; where it must be due, only if it is. The kid of the key that signs now, if one does
/// that did not before.
///
/// # Errors
/// When the database fails.
pub async fn activate_next(
    db: impl PgExecutor<'_>,
    algorithm: Algorithm,
    now: OffsetDateTime,
    former_retire_at: OffsetDateTime,
    due: Option<Due>,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "WITH next AS (UPDATE signing_keys SET active_at = $2
                       WHERE algorithm = $1 AND active_at IS NULL AND retired_at IS NULL
                         AND ($4::timestamptz IS NULL OR created_at <= $4)
                         AND NOT EXISTS (SELECT 1 FROM signing_keys
                                         WHERE algorithm = $1 AND retired_at IS NULL AND active_at > $5)
                       RETURNING kid),
              former AS (UPDATE signing_keys SET retired_at = $3
                         WHERE algorithm = $1 AND active_at IS NOT NULL AND retired_at IS NULL
                           AND EXISTS (SELECT 1 FROM next))
         SELECT kid FROM next",
        algorithm.word(),
        now,
        former_retire_at,
        due.map(|due| due.waits_since),
        due.map(|due| due.signs_since),
    )
    .fetch_optional(db)
    .await?)
}

/// Stops publishing a key from `at` on; false when there is none of that id still published then.
///
/// # Errors
/// When the database fails.
pub async fn retire(db: impl PgExecutor<'_>, kid: &str, at: OffsetDateTime) -> Result<bool, StoreError> {
    let retired = sqlx::query!(
        "UPDATE signing_keys SET retired_at = $2 WHERE kid = $1 AND (retired_at IS NULL OR retired_at > $2)",
        kid,
        at
    )
    .execute(db)
    .await?;
    Ok(retired.rows_affected() == 1)
}

/// Destroys the private halves of keys whose publication ended by `before`; the ids of those keys.
///
/// # Errors
/// When the database fails.
pub async fn destroy(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "UPDATE signing_keys SET sealed = '' WHERE retired_at <= $1 AND sealed <> '' RETURNING kid",
        before
    )
    .fetch_all(db)
    .await?)
}
