//! Signing in by password: what is looked up before the hash is computed, and the one write that
//! records what came of it. Failures are counted by account and by address apart.

use sqlx::{PgExecutor, types::Uuid};
use time::{Duration, OffsetDateTime};

use super::{StoreError, rows::texts};
use crate::{
    ids::{JourneyId, SessionId, UserId},
    model::{
        journey::{Contact, Reason},
        session::Session,
    },
    secret::Digest,
};

/// Failures that cost nothing.
pub(super) const FREE_FAILURES: i32 = 5;
/// The longest wait in seconds.
pub(super) const LONGEST_WAIT: i32 = 15 * 60;
/// After this long without a failure, counting begins anew.
pub(super) const FORGOTTEN_AFTER: Duration = Duration::hours(24);

/// Whom a name stands for, and how long they must wait.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The account, if there is one.
    pub user: Option<(UserId, Option<String>, bool)>,
    /// Until when attempts for this name or from this address are refused.
    pub blocked_until: Option<OffsetDateTime>,
    /// Until when attempts from this browser are refused, should it be known to the account.
    pub browser_blocked_until: Option<OffsetDateTime>,
}

/// What failures are counted under.
#[derive(Clone, Copy, Debug)]
pub struct Throttles {
    /// The name as it was typed.
    pub account: Digest,
    /// The sender's address.
    pub address: Digest,
    /// The browser, when it has signed in to some account before.
    pub browser: Option<Digest>,
}

/// Whom a typed name may stand for.
#[derive(Clone, Debug)]
pub struct Names<'a> {
    /// As a user name.
    pub username_key: &'a str,
    /// As a mail address, phone or identifier, in the forms these are stored in, in lower case.
    pub values: &'a [String],
}

/// Looks up a name: its account, password hash and whether it is disabled, and any wait. A user
/// name comes first. Mail, phone and identifier count when confirmed, the better checked before the
/// others; of equals an identifier belongs to who had it first (who types another's number later
/// must not push the owner out), a phone or mail to who confirmed it last (numbers change hands).
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: impl PgExecutor<'_>,
    names: &Names<'_>,
    throttles: &Throttles,
    now: OffsetDateTime,
) -> Result<Candidate, StoreError> {
    let row = sqlx::query!(
        r#"SELECT u.id AS "id?: Uuid", p.hash AS "hash?", u.disabled_at IS NOT NULL AS "disabled!",
                  (SELECT max(t.blocked_until) FROM throttles t
                   WHERE t.blocked_until > $5
                     AND ((t.kind = 'account' AND t.key = $3) OR (t.kind = 'address' AND t.key = $4)))
                      AS blocked_until,
                  (SELECT t.blocked_until FROM throttles t
                   WHERE t.blocked_until > $5 AND t.kind = 'browser' AND t.key = $6) AS browser_blocked_until
           FROM (SELECT 1) AS one
           LEFT JOIN users u ON u.id = COALESCE(
               (SELECT id FROM users WHERE username_key = $1),
               (SELECT a.user_id FROM user_attributes a
                WHERE lower(a.value) = ANY($2) AND a.level >= 1
                  AND (a.is_identifier OR a.name IN ('email', 'mobile_phone'))
                ORDER BY a.is_identifier DESC, a.level DESC,
                         CASE WHEN a.is_identifier THEN a.verified_at END, a.verified_at DESC
                LIMIT 1))
           LEFT JOIN passwords p ON p.user_id = u.id"#,
        names.username_key,
        names.values,
        throttles.account.as_bytes(),
        throttles.address.as_bytes(),
        now,
        throttles.browser.as_ref().map(Digest::as_bytes),
    )
    .fetch_one(db)
    .await?;
    Ok(Candidate {
        user: row.id.map(|id| (UserId(id), row.hash, row.disabled)),
        blocked_until: row.blocked_until,
        browser_blocked_until: row.browser_blocked_until,
    })
}

/// The account that confirmed this phone or mail last, if it is not disabled.
///
/// # Errors
/// When the database fails.
pub async fn find_by_contact(
    db: impl PgExecutor<'_>,
    contact: &Contact,
) -> Result<Option<(UserId, bool)>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT u.id, u.disabled_at IS NOT NULL AS "disabled!"
           FROM user_attributes a JOIN users u ON u.id = a.user_id
           WHERE lower(a.value) = lower($1) AND a.name = $2 AND a.level >= 1
             AND (a.is_identifier OR a.name IN ('email', 'mobile_phone'))
           ORDER BY a.level DESC, a.verified_at DESC LIMIT 1"#,
        contact.to,
        contact.channel.attribute(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (UserId(row.id), row.disabled)))
}

/// What a successful sign-in writes.
#[derive(Clone, Debug)]
pub struct Success<'a> {
    /// The new session. Its id is left unused when this person's own session at the browser goes on.
    pub session: &'a Session,
    /// Digest of its cookie; always new, so that a planted one gains nothing (session fixation).
    pub cookie: Digest,
    /// When it ends at the latest.
    pub expires_at: OffsetDateTime,
    /// The session the browser had before. The same person's goes on under the new cookie: relying
    /// parties that took part in it are told when it ends, and a sign-in that was repeated or raised
    /// is no logout. Somebody else's ends now.
    pub previous: Option<Digest>,
    /// The journey it was for.
    pub journey: JourneyId,
    /// What failures were counted under; the account's and the browser's are forgotten, the
    /// address's are not: who owns one account must not clear the way to others.
    pub forgotten: &'a [Digest],
    /// The peer's address, for the person to recognise.
    pub address: &'a str,
    /// The browser, for the person to recognise.
    pub user_agent: Option<&'a str>,
}

/// Begins a session in a journey, or goes on with the person's own; one write. Which session that is;
/// `None` when the journey has ended or the account was disabled meanwhile: then nothing was written.
///
/// # Errors
/// When the database fails.
pub async fn succeed(db: impl PgExecutor<'_>, login: &Success<'_>) -> Result<Option<SessionId>, StoreError> {
    let session = login.session;
    let forgotten: Vec<Vec<u8>> = login.forgotten.iter().map(|key| key.as_bytes().to_vec()).collect();
    let live = sqlx::query_scalar!(
        r#"WITH journey AS (
               SELECT j.id FROM journeys j JOIN users u ON u.id = $3 AND u.disabled_at IS NULL
               WHERE j.id = $7 AND j.finished_at IS NULL AND j.expires_at > $12),
           gone_on AS (
               UPDATE sessions SET digest = $2, amr = $4, authenticated_at = $5, last_seen_at = $12,
                                   expires_at = $6, address = $10, user_agent = $11
               WHERE digest = $8 AND user_id = $3 AND ended_at IS NULL AND EXISTS (SELECT 1 FROM journey)
               RETURNING id),
           begun AS (
               INSERT INTO sessions (id, digest, user_id, amr, authenticated_at, last_seen_at, created_at,
                                     expires_at, address, user_agent)
               SELECT $1, $2, $3, $4, $5, $12, $12, $6, $10, $11 FROM journey
               WHERE NOT EXISTS (SELECT 1 FROM gone_on) RETURNING id),
           live AS (SELECT id FROM gone_on UNION ALL SELECT id FROM begun),
           moved AS (UPDATE journeys SET session_id = (SELECT id FROM live), consent = NULL, last_error = NULL
                     WHERE id = $7 AND EXISTS (SELECT 1 FROM live)),
           ended AS (UPDATE sessions SET ended_at = $12
                     WHERE digest = $8 AND user_id <> $3 AND ended_at IS NULL AND EXISTS (SELECT 1 FROM live)),
           cleared AS (DELETE FROM throttles WHERE kind IN ('account', 'browser') AND key = ANY($9)
                       AND EXISTS (SELECT 1 FROM live)),
           line AS (INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, address)
                    SELECT $12, 'user', $3::uuid::text, 'session.begin', 'session', id::text, $10 FROM live)
           SELECT id AS "id!" FROM live"#,
        session.id.0,
        login.cookie.as_bytes(),
        session.user_id.0,
        &texts(&session.amr),
        session.authenticated_at,
        login.expires_at,
        login.journey.0,
        login.previous.as_ref().map(Digest::as_bytes),
        &forgotten,
        login.address,
        login.user_agent,
        session.last_seen_at,
    )
    .fetch_optional(db)
    .await?;
    Ok(live.map(SessionId))
}

/// Counts a failure and records it in the journey: one write. From the fifth on each doubles the
/// wait, from a second to a quarter of an hour. A browser known to the account has an allowance of
/// its own, so only that is charged; otherwise the name and the address are, apart. Without a journey
/// the failure is only counted.
///
/// # Errors
/// When the database fails.
pub async fn fail(
    db: impl PgExecutor<'_>,
    journey: Option<JourneyId>,
    reason: Reason,
    charged: &[(&str, Digest)],
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let kinds: Vec<String> = charged.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    let keys: Vec<Vec<u8>> = charged.iter().map(|(_, key)| key.as_bytes().to_vec()).collect();
    sqlx::query!(
        "WITH noted AS (UPDATE journeys SET last_error = $2
                        WHERE id = $1 AND finished_at IS NULL)
         INSERT INTO throttles AS t (kind, key, failures, blocked_until, updated_at)
         SELECT kind, key, 1, $5, $5 FROM unnest($3::text[], $4::bytea[]) AS charged (kind, key)
         ON CONFLICT (kind, key) DO UPDATE SET
             failures = CASE WHEN t.updated_at < $6 THEN 1 ELSE t.failures + 1 END,
             blocked_until = CASE
                 WHEN t.updated_at < $6 OR t.failures + 1 < $7 THEN $5
                 ELSE $5 + make_interval(secs => least($8, power(2, least(t.failures + 1 - $7, 20))))
             END,
             updated_at = $5",
        journey.map(|journey| journey.0),
        reason.word(),
        &kinds,
        &keys,
        now,
        now - FORGOTTEN_AFTER,
        FREE_FAILURES,
        f64::from(LONGEST_WAIT),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Until when tries for this account's second factor are refused.
///
/// # Errors
/// When the database fails.
pub async fn blocked_until(
    db: impl PgExecutor<'_>,
    account: Digest,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, StoreError> {
    Ok(sqlx::query_scalar!(
        "SELECT blocked_until FROM throttles WHERE kind = 'account' AND key = $1 AND blocked_until > $2",
        account.as_bytes(),
        now
    )
    .fetch_optional(db)
    .await?)
}

/// Forgets the failures of a name whose password was right, where no session begins with it.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: impl PgExecutor<'_>, account: Digest) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM throttles WHERE kind = 'account' AND key = $1", account.as_bytes())
        .execute(db)
        .await?;
    Ok(())
}
