//! Binary data of people: the photo, and documents sent as evidence.

use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;

use super::{
    StoreError, journal,
    rows::word,
    users::{self, NewAttribute},
};
use crate::{
    ids::{FileId, UserId},
    model::{file::MediaType, journal::Entry},
};

/// A file to keep. No `Debug`: it shows a person.
pub struct NewFile {
    /// Its row.
    pub id: FileId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is: the name of its attribute, or `document`.
    pub name: String,
    /// What its content is, by its first octets.
    pub media_type: MediaType,
    /// At most 5 MiB.
    pub content: Vec<u8>,
    /// What the person says about a document.
    pub note: Option<String>,
    /// When it came.
    pub created_at: OffsetDateTime,
}

/// What is held of a file.
pub struct Content {
    /// What it is.
    pub media_type: MediaType,
    /// The octets.
    pub content: Vec<u8>,
}

/// The newest file of this name.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(db: impl PgExecutor<'_>, user: UserId, name: &str) -> Result<Option<Content>, StoreError> {
    let row = sqlx::query!(
        "SELECT id, media_type, content FROM user_files WHERE user_id = $1 AND name = $2
         ORDER BY created_at DESC, id DESC LIMIT 1",
        user.0,
        name
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let media_type = word("user_files", "media_type", row.id, &row.media_type)?;
        Ok(Content { media_type, content: row.content })
    })
    .transpose()
}

/// What is held, without its content.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its row.
    pub id: FileId,
    /// What it is: the name of its attribute, or `document`.
    pub name: String,
    /// What its owner says about it.
    pub note: Option<String>,
    /// When it came.
    pub created_at: OffsetDateTime,
    /// When a registrar looked at it.
    pub reviewed_at: Option<OffsetDateTime>,
}

/// A person's files, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<Held>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, name, note, created_at, reviewed_at FROM user_files
         WHERE user_id = $1 ORDER BY created_at DESC, id DESC",
        user.0
    )
    .fetch_all(db)
    .await?;
    let held = rows.into_iter().map(|row| Held {
        id: FileId(row.id),
        name: row.name,
        note: row.note,
        created_at: row.created_at,
        reviewed_at: row.reviewed_at,
    });
    Ok(held.collect())
}

/// One of a person's files.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find_own(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: FileId,
) -> Result<Option<Content>, StoreError> {
    let row = sqlx::query!(
        "SELECT media_type, content FROM user_files WHERE user_id = $1 AND id = $2",
        user.0,
        id.0
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let media_type = word("user_files", "media_type", id, &row.media_type)?;
        Ok(Content { media_type, content: row.content })
    })
    .transpose()
}

/// Keeps a document, unless the person has `most` of them; false then.
///
/// # Errors
/// When the database fails.
pub async fn insert_document(
    pool: &PgPool,
    file: &NewFile,
    most: i64,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    // Locks the account: documents sent at once can't outrun the count.
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR UPDATE", file.user_id.0).fetch_one(&mut *tx).await?;
    let held = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM user_files WHERE user_id = $1 AND name = $2"#,
        file.user_id.0,
        file.name
    )
    .fetch_one(&mut *tx)
    .await?;
    if held >= most {
        return Ok(false);
    }
    insert(&mut *tx, file).await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes one of a person's documents away; false when there is none of this id.
///
/// # Errors
/// When the database fails.
pub async fn remove_document(
    pool: &PgPool,
    user: UserId,
    id: FileId,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let removed = sqlx::query!(
        "DELETE FROM user_files WHERE user_id = $1 AND id = $2 AND name = 'document'",
        user.0,
        id.0
    )
    .execute(&mut *tx)
    .await?;
    if removed.rows_affected() == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Keeps a file beside those of its name.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: impl PgExecutor<'_>, file: &NewFile) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO user_files (id, user_id, name, media_type, content, note, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        file.id.0,
        file.user_id.0,
        file.name,
        file.media_type.word(),
        file.content,
        file.note,
        file.created_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts a file in the place of those of its name, and the attribute that says it is held, in one
/// transaction: neither is ever there without the other.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    pool: &PgPool,
    file: &NewFile,
    attribute: &NewAttribute,
    source: &str,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    delete(&mut tx, file.user_id, &file.name).await?;
    insert(&mut *tx, file).await?;
    users::set_attribute(&mut tx, file.user_id, attribute, source, entry.at).await?;
    users::touch(&mut tx, file.user_id, entry.at).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Removes the files of this name and the attribute that says one is held; `false` when there was
/// nothing.
///
/// # Errors
/// When the database fails.
pub async fn remove(pool: &PgPool, user: UserId, name: &str, entry: &Entry) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let files = delete(&mut tx, user, name).await?;
    let attributes =
        sqlx::query!("DELETE FROM user_attributes WHERE user_id = $1 AND name = $2", user.0, name)
            .execute(&mut *tx)
            .await?
            .rows_affected();
    if files + attributes == 0 {
        return Ok(false);
    }
    users::touch(&mut tx, user, entry.at).await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

async fn delete(db: &mut PgConnection, user: UserId, name: &str) -> Result<u64, StoreError> {
    let done = sqlx::query!("DELETE FROM user_files WHERE user_id = $1 AND name = $2", user.0, name)
        .execute(db)
        .await?;
    Ok(done.rows_affected())
}
