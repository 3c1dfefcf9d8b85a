//! Who must hear of the end of a session through the browser. Those told server to server are put in
//! line by the database itself, with the write that ends the session.

use sqlx::PgExecutor;

use super::StoreError;
use crate::ids::{SessionId, UserId};
use crate::secret::Digest;
use time::OffsetDateTime;

/// Identifiers of the clients that took part in a session and have an address to be loaded at its
/// end (OpenID Connect Front-Channel Logout 1.0 §2), those shut out aside.
///
/// # Errors
/// When the database fails.
pub async fn frontchannel_clients(
    db: impl PgExecutor<'_>,
    session: SessionId,
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "SELECT DISTINCT c.identifier FROM grants g JOIN clients c ON c.id = g.client_id
         WHERE g.session_id = $1 AND 'openid' = ANY (g.scopes) AND c.disabled_at IS NULL
           AND c.settings->>'frontchannel_logout_uri' IS NOT NULL
         ORDER BY c.identifier",
        session.0,
    )
    .fetch_all(db)
    .await?)
}

/// Ends the session behind a cookie though it has lapsed: its person comes to sign out after a long day,
/// and relying parties they were signed in to since then must hear of it. True for the one who ends it.
///
/// # Errors
/// When the database fails.
pub async fn end_lapsed(
    db: impl PgExecutor<'_>,
    cookie: Digest,
    session: SessionId,
    user: UserId,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let ended = sqlx::query_scalar!(
        r#"WITH ended AS (UPDATE sessions SET ended_at = $4
                          WHERE digest = $1 AND id = $2 AND user_id = $3 AND ended_at IS NULL RETURNING id),
                line AS (INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id)
                         SELECT $4, 'user', $3::uuid::text, 'session.end', 'session', id::text FROM ended)
           SELECT count(*) AS "count!" FROM ended"#,
        cookie.as_bytes(),
        session.0,
        user.0,
        now,
    )
    .fetch_one(db)
    .await?;
    Ok(ended == 1)
}
