//! What people sent as evidence, what their accounts held before, and what a registrar says of it.

use sqlx::{PgConnection, PgExecutor, PgPool, types::Uuid};
use time::OffsetDateTime;

use super::{StoreError, journal};
use crate::{
    ids::UserId,
    model::{attribute::Level, journal::Entry},
};

/// Who says so, of values a registrar has checked.
pub const SOURCE: &str = "registrar";

/// A document or photo, without its content.
#[derive(Clone)]
pub struct Document {
    /// Its row.
    pub id: Uuid,
    /// `document` or `photo`.
    pub name: String,
    /// What its content is.
    pub media_type: String,
    /// What the person says about it.
    pub note: Option<String>,
    /// When it came.
    pub created_at: OffsetDateTime,
    /// When a registrar looked at it.
    pub reviewed_at: Option<OffsetDateTime>,
}

/// A person's documents and photo, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_documents(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<Document>, StoreError> {
    let documents = sqlx::query_as!(
        Document,
        "SELECT id, name, media_type, note, created_at, reviewed_at FROM user_files
         WHERE user_id = $1 AND name IN ('document', 'photo') ORDER BY created_at DESC, id DESC LIMIT 50",
        user.0
    )
    .fetch_all(db)
    .await?;
    Ok(documents)
}

/// The media type and content of one of a person's documents or photos.
///
/// # Errors
/// When the database fails.
pub async fn find_document(
    db: impl PgExecutor<'_>,
    user: UserId,
    file: Uuid,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let row = sqlx::query!(
        "SELECT media_type, content FROM user_files
         WHERE id = $1 AND user_id = $2 AND name IN ('document', 'photo')",
        file,
        user.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.media_type, row.content)))
}

/// Notes that a registrar has looked at all of a person's documents; `false` when none waited.
///
/// # Errors
/// When the database fails.
pub async fn review(pool: &PgPool, user: UserId, entry: &Entry) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    if mark_reviewed(&mut tx, user, entry.at).await? == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

async fn mark_reviewed(db: &mut PgConnection, user: UserId, now: OffsetDateTime) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "UPDATE user_files SET reviewed_at = $2
         WHERE user_id = $1 AND name = 'document' AND reviewed_at IS NULL",
        user.0,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// A value an account held at some time.
#[derive(Clone)]
pub struct Past {
    /// The attribute.
    pub name: String,
    /// The value.
    pub value: String,
    /// How well it was checked.
    pub level: i16,
    /// Who said so.
    pub source: String,
    /// When it came to be.
    pub recorded_at: OffsetDateTime,
}

/// The latest values of an account and those before them, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_history(
    db: impl PgExecutor<'_>,
    user: UserId,
    limit: i64,
) -> Result<Vec<Past>, StoreError> {
    let history = sqlx::query_as!(
        Past,
        "SELECT name, value, level, source, recorded_at FROM user_attribute_history
         WHERE user_id = $1 ORDER BY id DESC LIMIT $2",
        user.0,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(history)
}

/// One value as a registrar saw it, and what it becomes.
#[derive(Clone)]
pub struct Judged {
    /// The attribute.
    pub name: String,
    /// The value that was shown.
    pub seen: String,
    /// The level that was shown.
    pub seen_level: Level,
    /// The value it becomes: the same, but for a slip of the pen put right.
    pub value: String,
    /// The level it becomes: 1 or more.
    pub level: Level,
}

/// What came of a judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// All values are as judged.
    Done,
    /// This attribute was changed by somebody else since it was shown; nothing was written.
    Changed(String),
    /// Another account holds this identifier at level 2 or more; nothing was written.
    Taken(String),
}

/// Gives values their levels, all or none, with history and journal, and marks the person's
/// documents as seen. The write itself asks whether each value is still the one that was shown:
/// of two registrars at once, the second is told.
///
/// # Errors
/// When the database fails.
pub async fn judge(
    pool: &PgPool,
    user: UserId,
    judged: &[Judged],
    entry: &Entry,
) -> Result<Judgement, StoreError> {
    let mut tx = pool.begin().await?;
    for one in judged {
        match update(&mut tx, user, one, entry.at).await {
            Ok(true) => {}
            Ok(false) => return Ok(Judgement::Changed(one.name.clone())),
            Err(StoreError::Taken(_)) => return Ok(Judgement::Taken(one.name.clone())),
            Err(error) => return Err(error),
        }
    }
    mark_reviewed(&mut tx, user, entry.at).await?;
    sqlx::query!("UPDATE users SET updated_at = $2 WHERE id = $1", user.0, entry.at)
        .execute(&mut *tx)
        .await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(Judgement::Done)
}

async fn update(
    db: &mut PgConnection,
    user: UserId,
    judged: &Judged,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let level = i16::from(judged.level);
    let written = sqlx::query!(
        "UPDATE user_attributes SET value = $5, level = $6, source = $7, verified_at = $8, updated_at = $8
         WHERE user_id = $1 AND name = $2 AND value = $3 AND level = $4 RETURNING name",
        user.0,
        judged.name,
        judged.seen,
        i16::from(judged.seen_level),
        judged.value,
        level,
        SOURCE,
        now,
    )
    .fetch_optional(&mut *db)
    .await
    .map_err(StoreError::from_insert)?;
    if written.is_none() {
        return Ok(false);
    }
    sqlx::query!(
        "INSERT INTO user_attribute_history (user_id, name, value, level, source, verified_at, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        user.0,
        judged.name,
        judged.value,
        level,
        SOURCE,
        now,
    )
    .execute(db)
    .await?;
    Ok(true)
}
