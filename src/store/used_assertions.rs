//! Assertions and proofs that were used: each counts once, whichever instance sees it.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::StoreError;
use crate::secret::Digest;

/// Uses one up; false when it was used before. The write decides, so of two at once one wins.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    db: impl PgExecutor<'_>,
    assertion: Digest,
    expires_at: OffsetDateTime,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query!(
        "INSERT INTO used_assertions (digest, expires_at) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
        assertion.as_bytes(),
        expires_at,
    )
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}
