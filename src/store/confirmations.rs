//! Confirmations: opened once however often they are asked for, decided once, finished once.

use sqlx::{PgConnection, PgExecutor, PgPool, types::Uuid};
use time::{Duration, OffsetDateTime};

use super::{
    StoreError, grants,
    rows::{texts, word, words},
};
use crate::{
    ids::{ClientId, ConfirmationId, UserId},
    model::{
        confirmation::{Confirmation, Outcome, Question},
        grant::Grant,
        journal::Entry,
        session::Amr,
    },
};

/// How long the token of a confirmation that was answered at the last moment can still be fetched.
const FETCHING: Duration = Duration::seconds(60);
/// How often an opening is tried when others open and finish the same at the same time.
const TRIES: usize = 5;

struct Row {
    id: Uuid,
    client_id: Uuid,
    user_id: Uuid,
    subject: String,
    reference: String,
    resource: String,
    way: String,
    callback_uri: Option<String>,
    attempts: i32,
    created_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    outcome: Option<String>,
    decided_at: Option<OffsetDateTime>,
    amr: Vec<String>,
    finished_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Confirmation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let outcome = row.outcome.map(|outcome| word("confirmations", "outcome", row.id, &outcome));
        Ok(Self {
            id: ConfirmationId(row.id),
            client_id: ClientId(row.client_id),
            user_id: UserId(row.user_id),
            question: Question {
                subject: word("confirmations", "subject", row.id, &row.subject)?,
                reference: row.reference,
                resource: row.resource,
            },
            way: word("confirmations", "way", row.id, &row.way)?,
            callback_uri: row.callback_uri,
            attempts: row.attempts,
            created_at: row.created_at,
            expires_at: row.expires_at,
            outcome: outcome.transpose()?,
            decided_at: row.decided_at,
            amr: words("confirmations", "amr", row.id, &row.amr)?,
            finished_at: row.finished_at,
        })
    }
}

/// What came of opening a confirmation.
pub enum Opened {
    /// It is new.
    New,
    /// The same is open already: this one.
    Present(Box<Confirmation>),
}

/// Opens a confirmation, unless this client asked the same person the same after `since`: then that
/// one is given again. An older one that nobody answered is cancelled, so that there is one challenge
/// to guess at. Of two requests at once one opens and both get the same.
///
/// # Errors
/// When the database fails.
pub async fn open(
    pool: &PgPool,
    new: &Confirmation,
    since: OffsetDateTime,
    entry: &Entry,
) -> Result<Opened, StoreError> {
    for _ in 0..TRIES {
        let mut tx = pool.begin().await?;
        if let Some(present) = find_open(&mut tx, new).await? {
            let now = new.created_at;
            let confirmed = present.outcome == Some(Outcome::Confirmed);
            if present.expires_at > now && (confirmed || present.created_at > since) {
                return Ok(Opened::Present(Box::new(present)));
            }
            let outcome = if present.expires_at > now { Outcome::Cancelled } else { Outcome::Expired };
            let closing = Entry { action: "confirmation.close", ..entry.clone() };
            decide(&mut *tx, &[present.id], outcome, &[], &closing).await?;
            lapse(&mut tx, present.id).await?;
        }
        if insert(&mut tx, new).await? {
            super::journal::insert(&mut *tx, entry).await?;
            tx.commit().await?;
            return Ok(Opened::New);
        }
    }
    Err(StoreError::Inconsistent { table: "confirmations", column: "outcome", id: new.id.to_string() })
}

async fn find_open(db: &mut PgConnection, new: &Confirmation) -> Result<Option<Confirmation>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, client_id, user_id, subject, reference, resource, way, callback_uri, attempts, created_at,
                expires_at, outcome, decided_at, amr, finished_at
         FROM confirmations
         WHERE client_id = $1 AND user_id = $2 AND subject = $3 AND reference = $4 AND resource = $5
           AND (outcome IS NULL OR (outcome = 'confirmed' AND finished_at IS NULL))
         FOR UPDATE",
        new.client_id.0,
        new.user_id.0,
        new.question.subject.word(),
        new.question.reference,
        new.question.resource,
    )
    .fetch_optional(db)
    .await?;
    row.map(Confirmation::try_from).transpose()
}

/// A token that was never fetched can't be any more.
async fn lapse(db: &mut PgConnection, id: ConfirmationId) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE confirmations SET outcome = 'expired'
         WHERE id = $1 AND outcome = 'confirmed' AND finished_at IS NULL",
        id.0
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert(db: &mut PgConnection, new: &Confirmation) -> Result<bool, StoreError> {
    let inserted = sqlx::query!(
        "INSERT INTO confirmations (id, client_id, user_id, subject, reference, resource, way, callback_uri,
                                    attempts, created_at, expires_at, amr)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, '{}') ON CONFLICT DO NOTHING",
        new.id.0,
        new.client_id.0,
        new.user_id.0,
        new.question.subject.word(),
        new.question.reference,
        new.question.resource,
        new.way.word(),
        new.callback_uri,
        new.created_at,
        new.expires_at,
    )
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// The confirmation with this id.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(db: impl PgExecutor<'_>, id: ConfirmationId) -> Result<Option<Confirmation>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, client_id, user_id, subject, reference, resource, way, callback_uri, attempts, created_at,
                expires_at, outcome, decided_at, amr, finished_at
         FROM confirmations WHERE id = $1",
        id.0
    )
    .fetch_optional(db)
    .await?;
    row.map(Confirmation::try_from).transpose()
}

/// What waits for this person's answer, the newest first, with the identifiers of the clients that ask.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list_waiting(
    db: impl PgExecutor<'_>,
    user: UserId,
    now: OffsetDateTime,
) -> Result<Vec<(Confirmation, String)>, StoreError> {
    let rows = sqlx::query!(
        "SELECT f.id, f.client_id, f.user_id, f.subject, f.reference, f.resource, f.way, f.callback_uri,
                f.attempts, f.created_at, f.expires_at, f.outcome, f.decided_at, f.amr, f.finished_at, c.identifier
         FROM confirmations f JOIN clients c ON c.id = f.client_id
         WHERE f.user_id = $1 AND f.outcome IS NULL AND f.expires_at > $2 AND c.disabled_at IS NULL
         ORDER BY f.created_at DESC, f.id DESC LIMIT 50",
        user.0,
        now,
    )
    .fetch_all(db)
    .await?;
    let with_client = rows.into_iter().map(|row| {
        let confirmation = Row {
            id: row.id,
            client_id: row.client_id,
            user_id: row.user_id,
            subject: row.subject,
            reference: row.reference,
            resource: row.resource,
            way: row.way,
            callback_uri: row.callback_uri,
            attempts: row.attempts,
            created_at: row.created_at,
            expires_at: row.expires_at,
            outcome: row.outcome,
            decided_at: row.decided_at,
            amr: row.amr,
            finished_at: row.finished_at,
        };
        Ok((Confirmation::try_from(confirmation)?, row.identifier))
    });
    with_client.collect()
}

/// Claims one try at a confirmation's code; none when it is decided, too old, or was tried too often. Counted before anything is compared, so that tries sent at once can't outrun
/// the count.
///
/// # Errors
/// When the database fails.
pub async fn claim_try(
    db: impl PgExecutor<'_>,
    id: ConfirmationId,
    max_attempts: i32,
    now: OffsetDateTime,
) -> Result<Option<i32>, StoreError> {
    Ok(sqlx::query_scalar!(
        "UPDATE confirmations SET attempts = attempts + 1
         WHERE id = $1 AND outcome IS NULL AND expires_at > $2 AND attempts < $3 RETURNING attempts",
        id.0,
        now,
        max_attempts,
    )
    .fetch_optional(db)
    .await?)
}

/// Decides what became of confirmations that nobody decided yet, writes a journal line for each and
/// tells the clients that want to be told; how many those were. One write, so that a confirmation is
/// decided once and its client is told once. Only expiry is decided after the time is over.
/// `entry` says when, who and what; whom and which is added.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    db: impl PgExecutor<'_>,
    ids: &[ConfirmationId],
    outcome: Outcome,
    amr: &[Amr],
    entry: &Entry,
) -> Result<i64, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let confirmed = outcome == Outcome::Confirmed;
    let decided = sqlx::query_scalar!(
        r#"WITH decided AS (
               UPDATE confirmations SET outcome = $2, decided_at = $3, amr = $4,
                   expires_at = CASE WHEN $5 THEN greatest(expires_at, $6) ELSE expires_at END
               WHERE id = ANY($1) AND outcome IS NULL AND (expires_at > $3 OR $2 = 'expired')
               RETURNING id, client_id, user_id, reference, callback_uri),
           told AS (
               INSERT INTO outbox (id, channel, recipient, body, created_at, attempts, next_attempt_at)
               SELECT id, 'webhook', callback_uri,
                      json_build_object(
                          'Result', CASE WHEN $5 THEN 'success' ELSE 'failed' END,
                          'TransactionId', CASE reference WHEN '' THEN id::text ELSE reference END,
                          'Error', CASE WHEN $5 THEN NULL ELSE $2 END,
                          'ErrorDescription', CASE WHEN $5 THEN NULL ELSE $7::text END)::text,
                      $3, 0, $3
               FROM decided WHERE callback_uri IS NOT NULL ON CONFLICT DO NOTHING),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, address,
                                    request_id, after)
               SELECT $3, $8, $9, $10, 'user', user_id::text, $11, $12,
                      jsonb_build_object('confirmation', id, 'client', client_id, 'outcome', $2::text)
               FROM decided)
           SELECT count(*) AS "count!" FROM decided"#,
        &ids,
        outcome.word(),
        entry.at,
        &texts(amr),
        confirmed,
        entry.at + FETCHING,
        outcome.description(),
        entry.actor_kind,
        entry.actor_id,
        entry.action,
        entry.address,
        entry.request_id.map(|id| id.0),
    )
    .fetch_one(db)
    .await?;
    Ok(decided)
}

/// Those that nobody answered in time and that are not decided yet.
///
/// # Errors
/// When the database fails.
pub async fn list_overdue(
    db: impl PgExecutor<'_>,
    limit: i64,
    now: OffsetDateTime,
) -> Result<Vec<ConfirmationId>, StoreError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM confirmations WHERE outcome IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
        now,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(ConfirmationId).collect())
}

/// Claims the token of a confirmation for this client and stores its grant: true for the one caller
/// who gets it.
///
/// # Errors
/// When the database fails.
pub async fn finish(pool: &PgPool, id: ConfirmationId, grant: &Grant) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let claimed = sqlx::query!(
        "UPDATE confirmations f SET finished_at = $3 FROM users u
         WHERE f.id = $1 AND f.client_id = $2 AND f.outcome = 'confirmed' AND f.finished_at IS NULL
           AND f.expires_at > $3 AND u.id = f.user_id AND u.disabled_at IS NULL",
        id.0,
        grant.client_id.0,
        grant.created_at,
    )
    .execute(&mut *tx)
    .await?;
    if claimed.rows_affected() == 0 {
        return Ok(false);
    }
    grants::insert(&mut *tx, grant, None, None, None).await?;
    tx.commit().await?;
    Ok(true)
}
