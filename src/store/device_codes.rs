//! Device codes (RFC 8628): entered by a person, allowed or denied once, redeemed once.

use sqlx::{PgExecutor, PgPool, types::Json};
use time::OffsetDateTime;

use super::{
    StoreError,
    codes::NewRefreshToken,
    grants,
    logins::{FORGOTTEN_AFTER, FREE_FAILURES, LONGEST_WAIT},
    rows::Granted,
};
use crate::{
    ids::{ClientId, GrantId, JourneyId},
    model::{grant::Grant, user::User},
    secret::Digest,
};

/// What the interval grows by, in seconds (RFC 8628 §3.5, `slow_down`).
const SLOWER: i32 = 5;

/// A device code to be stored.
#[derive(Debug)]
pub struct NewDeviceCode<'a> {
    /// Its digest.
    pub digest: Digest,
    /// Keyed digest of the code that the person types.
    pub user_code: Digest,
    /// Whose it is.
    pub client: ClientId,
    /// The request as it came.
    pub parameters: &'a str,
    /// What the client must wait between two questions, in seconds.
    pub interval: i32,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
}

/// Stores a device code; false when its user code is taken: draw another.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: impl PgExecutor<'_>, code: &NewDeviceCode<'_>) -> Result<bool, StoreError> {
    let inserted = sqlx::query!(
        "INSERT INTO device_codes (digest, user_code_digest, client_id, parameters, interval_seconds, hurried,
                                   created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, false, $6, $7) ON CONFLICT (user_code_digest) DO NOTHING",
        code.digest.as_bytes(),
        code.user_code.as_bytes(),
        code.client.0,
        code.parameters,
        code.interval,
        code.created_at,
        code.expires_at,
    )
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// A device code as a person is asked about it.
#[derive(Clone, Debug)]
pub struct DeviceCode {
    /// Whose it is, by identifier.
    pub client: String,
    /// The request as it came.
    pub parameters: String,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
    /// The person has decided already.
    pub decided: bool,
}

/// The device code with this digest, whatever has become of it.
///
/// # Errors
/// When the database fails.
pub async fn find(db: impl PgExecutor<'_>, code: Digest) -> Result<Option<DeviceCode>, StoreError> {
    Ok(sqlx::query_as!(
        DeviceCode,
        r#"SELECT c.identifier AS client, d.parameters, d.expires_at,
                  d.grant_id IS NOT NULL OR d.denied_at IS NOT NULL AS "decided!"
           FROM device_codes d JOIN clients c ON c.id = d.client_id WHERE d.digest = $1"#,
        code.as_bytes(),
    )
    .fetch_optional(db)
    .await?)
}

/// What became of a user code that was typed.
#[derive(Clone, Debug)]
pub enum Entered {
    /// A device waits for it: the device code's digest, and the client's identifier.
    Found(Digest, String),
    /// None does.
    Wrong,
    /// There were too many wrong ones; it was not looked at. The next may be tried at this time.
    Blocked(OffsetDateTime),
}

/// Looks for the device that waits for this user code. The try is counted as a wrong one under each of
/// `tries` before the code is looked at, in one write, so that of guesses made at once, at whatever
/// instance, no more are looked at than one after the other (RFC 8628 §5.1); [`spare`] takes a right
/// one off again.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn enter(
    db: impl PgExecutor<'_>,
    user_code: Digest,
    tries: &[(&str, Digest)],
    now: OffsetDateTime,
) -> Result<Entered, StoreError> {
    let (kinds, keys) = columns(tries);
    let row = sqlx::query!(
        r#"WITH tried AS (
               SELECT kind, key FROM unnest($1::text[], $2::bytea[]) AS tried (kind, key)),
           counted AS (
               INSERT INTO throttles AS t (kind, key, failures, blocked_until, updated_at)
               SELECT kind, key, 1, $3, $3 FROM tried ORDER BY kind, key
               ON CONFLICT (kind, key) DO UPDATE SET
                   failures = CASE WHEN t.updated_at < $4 THEN 1 ELSE t.failures + 1 END,
                   blocked_until = CASE
                       WHEN t.updated_at < $4 OR t.failures + 1 < $5 THEN $3
                       ELSE $3 + make_interval(secs => least($6, power(2, least(t.failures + 1 - $5, 20))))
                   END,
                   updated_at = $3
               WHERE t.blocked_until <= $3
               RETURNING 1),
           free AS (SELECT (SELECT count(*) FROM counted) = (SELECT count(*) FROM tried) AS so)
           SELECT free.so AS "free!",
                  (SELECT max(t.blocked_until) FROM throttles t JOIN tried USING (kind, key)) AS blocked_until,
                  d.digest AS "digest?", c.identifier AS "client?"
           FROM free LEFT JOIN (device_codes d JOIN clients c ON c.id = d.client_id)
               ON free.so AND d.user_code_digest = $7 AND d.grant_id IS NULL AND d.denied_at IS NULL
                  AND d.expires_at > $3"#,
        &kinds,
        &keys,
        now,
        now - FORGOTTEN_AFTER,
        FREE_FAILURES,
        f64::from(LONGEST_WAIT),
        user_code.as_bytes(),
    )
    .fetch_one(db)
    .await?;
    if !row.free {
        return Ok(Entered::Blocked(row.blocked_until.unwrap_or(now)));
    }
    let found = row.digest.as_deref().and_then(Digest::from_stored).zip(row.client);
    Ok(found.map_or(Entered::Wrong, |(digest, client)| Entered::Found(digest, client)))
}

/// Takes one try off again: its code was right.
///
/// # Errors
/// When the database fails.
pub async fn spare(
    db: impl PgExecutor<'_>,
    tries: &[(&str, Digest)],
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let (kinds, keys) = columns(tries);
    sqlx::query!(
        "UPDATE throttles t SET failures = t.failures - 1, blocked_until = $3
         FROM unnest($1::text[], $2::bytea[]) AS tried (kind, key)
         WHERE t.kind = tried.kind AND t.key = tried.key AND t.failures > 0",
        &kinds,
        &keys,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

fn columns(tries: &[(&str, Digest)]) -> (Vec<String>, Vec<Vec<u8>>) {
    tries.iter().map(|(kind, key)| ((*kind).to_owned(), key.as_bytes().to_vec())).unzip()
}

/// Stores what the person allowed, and claims the journey it ends: of two at once one wins, whether
/// in one journey or in two. False when the journey has ended, or the code was decided about before or
/// is too old: then nothing was stored.
///
/// # Errors
/// When the database fails.
pub async fn approve(
    pool: &PgPool,
    code: Digest,
    grant: &Grant,
    journey: Option<JourneyId>,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    if !grants::insert(&mut *tx, grant, None, journey, None).await? {
        return Ok(false);
    }
    let approved = sqlx::query!(
        "UPDATE device_codes SET grant_id = $2
         WHERE digest = $1 AND client_id = $3 AND grant_id IS NULL AND denied_at IS NULL AND expires_at > $4",
        code.as_bytes(),
        grant.id.0,
        grant.client_id.0,
        grant.created_at,
    )
    .execute(&mut *tx)
    .await?;
    if approved.rows_affected() != 1 {
        tx.rollback().await?;
        return Ok(false);
    }
    tx.commit().await?;
    Ok(true)
}

/// Ends a journey with the person's refusal: true for the one caller who ends it.
///
/// # Errors
/// When the database fails.
pub async fn deny(
    db: impl PgExecutor<'_>,
    code: Digest,
    journey: JourneyId,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let claimed = sqlx::query_scalar!(
        r#"WITH claimed AS (
               UPDATE journeys SET finished_at = $3 WHERE id = $2 AND finished_at IS NULL AND expires_at > $3
               RETURNING id),
           denied AS (
               UPDATE device_codes SET denied_at = $3
               WHERE digest = $1 AND grant_id IS NULL AND denied_at IS NULL AND EXISTS (SELECT 1 FROM claimed))
           SELECT count(*) AS "count!" FROM claimed"#,
        code.as_bytes(),
        journey.0,
        now,
    )
    .fetch_one(db)
    .await?;
    Ok(claimed == 1)
}

/// A device code that its client asks about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its digest.
    pub digest: Digest,
    /// Who asks.
    pub client: ClientId,
    /// Resources asked (RFC 8707 §2.2); empty for all that were granted.
    pub resources: &'a [String],
    /// A refresh token to be stored, and whether also without `offline_access`.
    pub refresh: Option<(NewRefreshToken, bool)>,
    /// What the refresh token is bound to.
    pub bound_to: Option<&'a str>,
}

/// What became of a device code that its client asked about (RFC 8628 §3.5).
#[derive(Clone, Debug)]
pub enum Answer {
    /// The person has allowed it, and this request redeems it.
    Redeemed(Box<(Grant, User)>),
    /// The person has not decided yet.
    Pending,
    /// Nor has the client waited as long as it must; from now on it must wait longer.
    TooSoon,
    /// The person has refused.
    Denied,
    /// The person took too long, or the client did.
    Expired,
    /// A resource is asked that the grant does not have; nothing was used up.
    OtherTarget,
    /// It was redeemed before: the grant must be revoked.
    Before(GrantId),
    /// Unknown, another client's, or its grant or account has ended.
    Refused,
}

/// Answers a client that asks about a device code. It is redeemed, or the question is noted, by one
/// write, so that of two at once one wins and every instance sees who asks too often.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn redeem(
    db: impl PgExecutor<'_>,
    asked: Asked<'_>,
    now: OffsetDateTime,
) -> Result<Answer, StoreError> {
    let refresh = asked.refresh.as_ref();
    let row = sqlx::query!(
        r#"WITH device AS (
               SELECT d.grant_id, d.denied_at IS NOT NULL AS denied, d.redeemed_at IS NOT NULL AS redeemed,
                      d.expires_at <= $3 AS expired, v.body, v.dead,
                      (v.body -> 'resources') @> to_jsonb($4::text[]) AS on_target
               FROM device_codes d LEFT JOIN granted v ON v.id = d.grant_id
               WHERE d.digest = $1 AND d.client_id = $2),
           redeemed AS (
               UPDATE device_codes SET redeemed_at = $3
               WHERE digest = $1 AND grant_id IS NOT NULL AND redeemed_at IS NULL AND expires_at > $3
                 AND EXISTS (SELECT 1 FROM device WHERE NOT dead AND on_target)
               RETURNING grant_id),
           refreshable AS (
               INSERT INTO refresh_tokens (digest, grant_id, generation, created_at, expires_at, bound_to)
               SELECT $5, g.id, 0, $3, $6, $7 FROM redeemed r JOIN grants g ON g.id = r.grant_id
               WHERE $5::bytea IS NOT NULL AND ($8 OR 'offline_access' = ANY (g.scopes))),
           noted AS (
               UPDATE device_codes
               SET hurried = coalesce(polled_at > $3 - make_interval(secs => interval_seconds), false),
                   interval_seconds = interval_seconds
                       + CASE WHEN polled_at > $3 - make_interval(secs => interval_seconds) THEN $9 ELSE 0 END,
                   polled_at = $3
               WHERE digest = $1 AND client_id = $2 AND grant_id IS NULL AND denied_at IS NULL AND expires_at > $3
               RETURNING hurried),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id)
               SELECT $3, 'client', $2::uuid::text, 'device_code.redeem', 'grant', grant_id::text FROM redeemed)
           SELECT d.grant_id, d.denied AS "denied!", d.redeemed AS "redeemed!", d.expired AS "expired!",
                  d.body AS "body: Json<Granted>", d.dead, d.on_target,
                  EXISTS (SELECT 1 FROM redeemed) AS "won!", (SELECT hurried FROM noted) AS hurried
           FROM device d"#,
        asked.digest.as_bytes(),
        asked.client.0,
        now,
        asked.resources,
        refresh.map(|(token, _)| token.digest.as_bytes()),
        refresh.map(|(token, _)| token.expires_at),
        asked.bound_to,
        refresh.is_some_and(|(_, always)| *always),
        SLOWER,
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(Answer::Refused) };
    if row.denied {
        return Ok(Answer::Denied);
    }
    let (Some(grant), Some(body)) = (row.grant_id, row.body) else {
        return Ok(match (row.expired, row.hurried) {
            (true, _) => Answer::Expired,
            (false, Some(true)) => Answer::TooSoon,
            // Not noted: the person decides at this very moment, and the next question tells.
            (false, _) => Answer::Pending,
        });
    };
    if row.won {
        return Ok(Answer::Redeemed(Box::new(body.0.try_into()?)));
    }
    Ok(match () {
        () if row.redeemed => Answer::Before(GrantId(grant)),
        () if row.dead != Some(false) => Answer::Refused,
        () if row.expired => Answer::Expired,
        () if row.on_target != Some(true) => Answer::OtherTarget,
        // Another request redeemed it between our look and our write.
        () => Answer::Before(GrantId(grant)),
    })
}
