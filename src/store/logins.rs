//! Signing in by password: what is looked up before the hash is computed, and the one write that
//! records what came of it. Failures are counted by account and by address apart.

use sqlx::{PgExecutor, types::Uuid};
use time::{Duration, OffsetDateTime};

use super::{StoreError, rows::texts};
use crate::{
    ids::{JourneyId, UserId},
    model::session::Session,
    secret::Digest,
};

/// Failures that cost nothing.
const FREE_FAILURES: i32 = 5;
/// The longest wait in seconds.
const LONGEST_WAIT: i32 = 15 * 60;
/// After this long without a failure, counting begins anew.
const FORGOTTEN_AFTER: Duration = Duration::hours(24);

/// Whom a name stands for, and how long they must wait.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The account, if there is one.
    pub user: Option<(UserId, Option<String>, bool)>,
    /// Until when attempts for this name or from this address are refused.
    pub blocked_until: Option<OffsetDateTime>,
}

/// Looks up a name: its account, password hash and whether it is disabled, and any wait.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: impl PgExecutor<'_>,
    username_key: &str,
    account: Digest,
    address: Digest,
    now: OffsetDateTime,
) -> Result<Candidate, StoreError> {
    let row = sqlx::query!(
        r#"SELECT u.id AS "id?: Uuid", p.hash AS "hash?", u.disabled_at IS NOT NULL AS "disabled!",
                  (SELECT max(t.blocked_until) FROM throttles t
                   WHERE t.blocked_until > $4
                     AND ((t.kind = 'account' AND t.key = $2) OR (t.kind = 'address' AND t.key = $3)))
                      AS blocked_until
           FROM (SELECT 1) AS one
           LEFT JOIN users u ON u.username_key = $1
           LEFT JOIN passwords p ON p.user_id = u.id"#,
        username_key,
        account.as_bytes(),
        address.as_bytes(),
        now,
    )
    .fetch_one(db)
    .await?;
    Ok(Candidate {
        user: row.id.map(|id| (UserId(id), row.hash, row.disabled)),
        blocked_until: row.blocked_until,
    })
}

/// What a successful sign-in writes.
#[derive(Clone, Debug)]
pub struct Success<'a> {
    /// The new session; always new, so that a planted cookie gains nothing (session fixation).
    pub session: &'a Session,
    /// Digest of its cookie.
    pub cookie: Digest,
    /// When it ends at the latest.
    pub expires_at: OffsetDateTime,
    /// The session the browser had before; it ends now.
    pub previous: Option<Digest>,
    /// The journey it was for.
    pub journey: JourneyId,
    /// The account's throttle key; its failures are forgotten.
    pub account: Digest,
    /// The peer's address, for the person to recognise.
    pub address: &'a str,
    /// The browser, for the person to recognise.
    pub user_agent: Option<&'a str>,
}

/// Begins a session in a journey; one write. False when the journey has ended or the account was
/// disabled meanwhile: then nothing was written.
///
/// # Errors
/// When the database fails.
pub async fn succeed(db: impl PgExecutor<'_>, login: &Success<'_>) -> Result<bool, StoreError> {
    let session = login.session;
    let begun = sqlx::query_scalar!(
        r#"WITH journey AS (
               SELECT j.id FROM journeys j JOIN users u ON u.id = $3 AND u.disabled_at IS NULL
               WHERE j.id = $7 AND j.finished_at IS NULL AND j.expires_at > $5),
           begun AS (
               INSERT INTO sessions (id, digest, user_id, amr, authenticated_at, last_seen_at, created_at,
                                     expires_at, address, user_agent)
               SELECT $1, $2, $3, $4, $5, $5, $5, $6, $10, $11 FROM journey RETURNING id),
           moved AS (UPDATE journeys SET session_id = $1, consent = NULL, last_error = NULL
                     WHERE id = $7 AND EXISTS (SELECT 1 FROM begun)),
           renewed AS (UPDATE sessions SET ended_at = $5
                       WHERE digest = $8 AND ended_at IS NULL AND EXISTS (SELECT 1 FROM begun)),
           cleared AS (DELETE FROM throttles WHERE kind = 'account' AND key = $9 AND EXISTS (SELECT 1 FROM begun)),
           line AS (INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, address)
                    SELECT $5, 'user', $3::uuid::text, 'session.begin', 'session', $1::uuid::text, $10 FROM begun)
           SELECT count(*) AS "count!" FROM begun"#,
        session.id.0,
        login.cookie.as_bytes(),
        session.user_id.0,
        &texts(&session.amr),
        session.authenticated_at,
        login.expires_at,
        login.journey.0,
        login.previous.as_ref().map(Digest::as_bytes),
        login.account.as_bytes(),
        login.address,
        login.user_agent,
    )
    .fetch_one(db)
    .await?;
    Ok(begun == 1)
}

/// Counts a failure for the name and for the address, and records it in the journey: one write.
/// From the fifth on each doubles the wait, from a second to a quarter of an hour.
///
/// # Errors
/// When the database fails.
pub async fn fail(
    db: impl PgExecutor<'_>,
    journey: JourneyId,
    error: &str,
    account: Digest,
    address: Digest,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH noted AS (UPDATE journeys SET last_error = $2
                        WHERE id = $1 AND finished_at IS NULL)
         INSERT INTO throttles AS t (kind, key, failures, blocked_until, updated_at)
         VALUES ('account', $3, 1, $5, $5), ('address', $4, 1, $5, $5)
         ON CONFLICT (kind, key) DO UPDATE SET
             failures = CASE WHEN t.updated_at < $6 THEN 1 ELSE t.failures + 1 END,
             blocked_until = CASE
                 WHEN t.updated_at < $6 OR t.failures + 1 < $7 THEN $5
                 ELSE $5 + make_interval(secs => least($8, power(2, least(t.failures + 1 - $7, 20))))
             END,
             updated_at = $5",
        journey.0,
        error,
        account.as_bytes(),
        address.as_bytes(),
        now,
        now - FORGOTTEN_AFTER,
        FREE_FAILURES,
        f64::from(LONGEST_WAIT),
    )
    .execute(db)
    .await?;
    Ok(())
}
