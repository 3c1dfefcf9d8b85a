//! Takes away what has expired, in small batches, while the server serves.

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use super::StoreError;

/// Rows taken by one statement.
const BATCH: i64 = 1_000;
/// How long a finished or expired journey is kept, so that a late visitor is told what happened.
const JOURNEYS_KEPT: Duration = Duration::days(1);
/// How long a used code is kept, so that its replay is recognised.
const CODES_KEPT: Duration = Duration::days(1);
/// How long an expired refresh token is kept, so that its reuse is recognised.
const REFRESH_TOKENS_KEPT: Duration = Duration::days(7);

/// How long a message is kept, sent or not: its recipient is somebody's number or address.
const MESSAGES_KEPT: Duration = Duration::days(7);

/// Takes at most a batch of each kind; how many rows that were. Call again while it is not zero.
///
/// # Errors
/// When the database fails.
pub async fn purge_expired(pool: &PgPool, now: OffsetDateTime) -> Result<u64, StoreError> {
    let journeys = sqlx::query!(
        "DELETE FROM journeys WHERE id IN (SELECT id FROM journeys WHERE expires_at < $1 LIMIT $2)",
        now - JOURNEYS_KEPT,
        BATCH
    );
    let codes = sqlx::query!(
        "DELETE FROM authorization_codes WHERE digest IN
             (SELECT digest FROM authorization_codes WHERE expires_at < $1 LIMIT $2)",
        now - CODES_KEPT,
        BATCH
    );
    let refresh_tokens = sqlx::query!(
        "DELETE FROM refresh_tokens WHERE digest IN
             (SELECT digest FROM refresh_tokens WHERE expires_at < $1 LIMIT $2)",
        now - REFRESH_TOKENS_KEPT,
        BATCH
    );
    let access_tokens = sqlx::query!(
        "DELETE FROM revoked_access_tokens WHERE id IN
             (SELECT id FROM revoked_access_tokens WHERE expires_at < $1 LIMIT $2)",
        now,
        BATCH
    );
    let sessions = sqlx::query!(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2)",
        now - JOURNEYS_KEPT,
        BATCH
    );
    let throttles = sqlx::query!(
        "DELETE FROM throttles WHERE (kind, key) IN
             (SELECT kind, key FROM throttles WHERE updated_at < $1 LIMIT $2)",
        now - Duration::days(2),
        BATCH
    );
    let messages = sqlx::query!(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created_at < $1 LIMIT $2)",
        now - MESSAGES_KEPT,
        BATCH
    );
    let mut purged = 0;
    for statement in [journeys, codes, refresh_tokens, access_tokens, sessions, throttles, messages] {
        purged += statement.execute(pool).await?.rows_affected();
    }
    Ok(purged)
}
