//! Secrets of the installation that never change.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::StoreError;

/// Keeps a sealed secret unless there is one of this name, and gives the one that is kept: of
/// instances that start at once, all get the same.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    db: impl PgExecutor<'_>,
    name: &str,
    sealed: &[u8],
    now: OffsetDateTime,
) -> Result<Vec<u8>, StoreError> {
    // The update changes nothing: it makes the statement give the row that was there before.
    let kept = sqlx::query_scalar!(
        "INSERT INTO installation_secrets AS s (name, sealed, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET name = s.name RETURNING sealed",
        name,
        sealed,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(kept)
}
