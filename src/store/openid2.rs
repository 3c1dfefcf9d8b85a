//! Answers of OpenID 2.0 that were confirmed to relying parties without associations: each once.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::StoreError;
use crate::secret::Digest;

/// Notes that an answer was confirmed; false when it was before. The key is unique, so of two at once
/// one is told so.
///
/// # Errors
/// When the database fails.
pub async fn confirm(
    db: impl PgExecutor<'_>,
    answer: Digest,
    expires_at: OffsetDateTime,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query!(
        "INSERT INTO openid2_confirmations (answer, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        answer.as_bytes(),
        expires_at
    )
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}
