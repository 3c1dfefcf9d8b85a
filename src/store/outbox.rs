//! Messages waiting to be sent, and those sent.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::StoreError;
use crate::ids::OutboxId;

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its row.
    pub id: OutboxId,
    /// `sms`, `mail`, `webhook` or `logout`.
    pub channel: String,
    /// To whom.
    pub recipient: String,
    /// The subject of a mail.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// When it was written.
    pub created_at: OffsetDateTime,
}

/// Puts a message in line.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: impl PgExecutor<'_>, message: &Message) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO outbox (id, channel, recipient, subject, body, created_at, attempts, next_attempt_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $6)",
        message.id.0,
        message.channel,
        message.recipient,
        message.subject,
        message.body,
        message.created_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The newest messages to people first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<Message>, StoreError> {
    Ok(sqlx::query_as!(
        Message,
        "SELECT id, channel, recipient, subject, body, created_at FROM outbox
         WHERE channel IN ('sms', 'mail') ORDER BY created_at DESC, id DESC LIMIT $1",
        limit
    )
    .fetch_all(db)
    .await?)
}

/// Puts a message in line that is not worth sending after `expires_at`, as a one-time code is not.
///
/// # Errors
/// When the database fails.
pub async fn insert_until(
    db: impl PgExecutor<'_>,
    message: &Message,
    expires_at: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO outbox (id, channel, recipient, subject, body, created_at, attempts, next_attempt_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $6, $7)",
        message.id.0,
        message.channel,
        message.recipient,
        message.subject,
        message.body,
        message.created_at,
        expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A message that is ours to send until its lease ends.
#[derive(Clone)]
pub struct Leased {
    /// Its row.
    pub id: OutboxId,
    /// `sms`, `mail`, `webhook` or `logout`.
    pub channel: String,
    /// To whom.
    pub recipient: String,
    /// The subject of a mail.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// When it was written.
    pub created_at: OffsetDateTime,
    /// Until when it is worth sending; NULL: as long as any.
    pub expires_at: Option<OffsetDateTime>,
    /// How often it was leased, this time included.
    pub attempts: i32,
    /// When the lease ends; tells it from a later one.
    pub leased_until: OffsetDateTime,
}

/// What came of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken, then.
    Delivered(OffsetDateTime),
    /// It is to be tried then.
    TryAgain(OffsetDateTime),
    /// It was given up, then.
    Failed(OffsetDateTime),
}

/// Takes up to `limit` messages that are due, the longest waiting first. Instances that ask at once
/// get different ones; a lease that ended is anybody's.
///
/// # Errors
/// When the database fails.
pub async fn lease(
    db: impl PgExecutor<'_>,
    limit: i64,
    now: OffsetDateTime,
    leased_until: OffsetDateTime,
) -> Result<Vec<Leased>, StoreError> {
    Ok(sqlx::query_as!(
        Leased,
        r#"UPDATE outbox SET leased_until = $3, attempts = attempts + 1
           WHERE id IN (
               SELECT id FROM outbox
               WHERE delivered_at IS NULL AND failed_at IS NULL AND next_attempt_at <= $2
                 AND (leased_until IS NULL OR leased_until <= $2) AND channel IN ('sms', 'mail', 'webhook', 'logout')
               ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
           RETURNING id, channel, recipient, subject, body, created_at, expires_at, attempts,
                     leased_until AS "leased_until!""#,
        limit,
        now,
        leased_until,
    )
    .fetch_all(db)
    .await?)
}

/// Writes down what came of it. Somebody else's later lease is left alone, unless the message was
/// delivered: then it need not be sent again. The text of a message that is done with is wiped
/// unless `keep_text`: codes must not lie around.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    db: impl PgExecutor<'_>,
    message: &Leased,
    outcome: Outcome,
    keep_text: bool,
) -> Result<(), StoreError> {
    let (delivered_at, next_attempt_at, failed_at) = match outcome {
        Outcome::Delivered(at) => (Some(at), None, None),
        Outcome::TryAgain(at) => (None, Some(at), None),
        Outcome::Failed(at) => (None, None, Some(at)),
    };
    sqlx::query!(
        "UPDATE outbox SET delivered_at = $3::timestamptz, failed_at = $5, leased_until = NULL,
             next_attempt_at = coalesce($4::timestamptz, next_attempt_at),
             body = CASE WHEN $6 OR $4::timestamptz IS NOT NULL THEN body ELSE '' END
         WHERE id = $1 AND delivered_at IS NULL AND ($3::timestamptz IS NOT NULL OR leased_until = $2)",
        message.id.0,
        message.leased_until,
        delivered_at,
        next_attempt_at,
        failed_at,
        keep_text,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How many messages wait, and since when the longest does.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: impl PgExecutor<'_>) -> Result<(i64, Option<OffsetDateTime>), StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "count!", min(created_at) AS oldest FROM outbox
           WHERE delivered_at IS NULL AND failed_at IS NULL"#
    )
    .fetch_one(db)
    .await?;
    Ok((row.count, row.oldest))
}
