//! Logos of clients: fetched and checked once, then served by us.

use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;

use super::{StoreError, clients, journal, rows::word};
use crate::{
    ids::ClientId,
    model::{client::Client, file::MediaType, journal::Entry, logo::Logo},
    secret::Digest,
};

/// A logo as it is kept.
pub struct Kept {
    /// Its kind.
    pub media_type: MediaType,
    /// The picture.
    pub content: Vec<u8>,
    /// SHA-256 of it.
    pub digest: Digest,
}

/// What becomes of a client's logo with a change of its registration.
pub enum LogoChange {
    /// It stays as it is.
    Keep,
    /// This one takes its place.
    Put(Logo),
    /// It has none any more.
    Remove,
}

/// A client's logo; none of a client that is shut out.
///
/// # Errors
/// When the database fails.
pub async fn find(db: impl PgExecutor<'_>, client: ClientId) -> Result<Option<Kept>, StoreError> {
    let row = sqlx::query!(
        "SELECT l.media_type, l.content, l.digest FROM client_logos l JOIN clients c ON c.id = l.client_id
         WHERE l.client_id = $1 AND c.disabled_at IS NULL",
        client.0
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let inconsistent =
            StoreError::Inconsistent { table: "client_logos", column: "digest", id: client.to_string() };
        Ok(Kept {
            media_type: word("client_logos", "media_type", client, &row.media_type)?,
            digest: Digest::from_stored(&row.digest).ok_or(inconsistent)?,
            content: row.content,
        })
    })
    .transpose()
}

/// Registers a client with its logo and writes the journal line, in one transaction.
///
/// # Errors
/// [`StoreError::Taken`] when the identifier is in use.
pub async fn insert_client(
    pool: &PgPool,
    client: &Client,
    logo: &LogoChange,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    clients::insert_rows(&mut tx, client).await?;
    change(&mut tx, client.id, logo, entry.at).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Changes a client and its logo, in one transaction.
///
/// # Errors
/// When the database fails.
pub async fn update_client(
    pool: &PgPool,
    client: &Client,
    logo: &LogoChange,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    clients::update_row(&mut *tx, client, entry.at).await?;
    change(&mut tx, client.id, logo, entry.at).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn change(
    db: &mut PgConnection,
    client: ClientId,
    change: &LogoChange,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    match change {
        LogoChange::Keep => {}
        LogoChange::Remove => {
            sqlx::query!("DELETE FROM client_logos WHERE client_id = $1", client.0).execute(db).await?;
        }
        LogoChange::Put(logo) => {
            let digest = logo.digest();
            sqlx::query!(
                "INSERT INTO client_logos (client_id, media_type, content, digest, fetched_at)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (client_id) DO UPDATE SET media_type = excluded.media_type, content = excluded.content,
                     digest = excluded.digest, fetched_at = excluded.fetched_at",
                client.0,
                logo.media_type.word(),
                logo.content,
                digest.as_bytes(),
                now,
            )
            .execute(db)
            .await?;
        }
    }
    Ok(())
}
