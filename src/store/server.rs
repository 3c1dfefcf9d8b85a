//! What the database server says about itself, for whoever looks after it.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::StoreError;

/// Version and clock of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// As in 170004 for 17.4.
    pub version: i32,
    /// Its clock. Nothing we store takes its time from there.
    pub now: OffsetDateTime,
    /// A standby, which takes no writes.
    pub is_standby: bool,
}

/// Asks it.
///
/// # Errors
/// When the database fails.
pub async fn about(db: impl PgExecutor<'_>) -> Result<About, StoreError> {
    let about = sqlx::query_as!(
        About,
        r#"SELECT current_setting('server_version_num')::int AS "version!", clock_timestamp() AS "now!",
                  pg_is_in_recovery() AS "is_standby!""#
    )
    .fetch_one(db)
    .await?;
    Ok(about)
}
