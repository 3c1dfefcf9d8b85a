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
    /// `sms`, `mail` or `webhook`.
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

/// The newest messages first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<Message>, StoreError> {
    Ok(sqlx::query_as!(
        Message,
        "SELECT id, channel, recipient, subject, body, created_at FROM outbox
         ORDER BY created_at DESC, id DESC LIMIT $1",
        limit
    )
    .fetch_all(db)
    .await?)
}
