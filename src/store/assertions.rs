//! Assertions to relying parties that nobody registered: there is no client to keep a grant for.

use serde_json::json;
use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::StoreError;
use crate::ids::{JourneyId, SessionId, UserId};

/// Notes in the journal that a person signed in to a realm, and claims the journey it ends: one
/// write, so that of two at once one wins. False when another ended the journey.
///
/// # Errors
/// When the database fails.
pub async fn note(
    db: impl PgExecutor<'_>,
    user: UserId,
    session: SessionId,
    realm: &str,
    journey: Option<JourneyId>,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let noted = sqlx::query_scalar!(
        r#"WITH claimed AS (
               UPDATE journeys SET finished_at = $1 WHERE id = $4 AND finished_at IS NULL AND expires_at > $1
               RETURNING id),
           seen AS (
               UPDATE sessions SET last_seen_at = $1
               WHERE id = $3 AND last_seen_at < $1::timestamptz - interval '1 minute'),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, after)
               SELECT $1, 'user', $2::uuid::text, 'realm.assert', 'user', $2::uuid::text, $5::jsonb
               WHERE $4::uuid IS NULL OR EXISTS (SELECT 1 FROM claimed) RETURNING 1)
           SELECT count(*) AS "count!" FROM line"#,
        now,
        user.0,
        session.0,
        journey.map(|j| j.0),
        json!({"realm": realm}),
    )
    .fetch_one(db)
    .await?;
    Ok(noted == 1)
}
