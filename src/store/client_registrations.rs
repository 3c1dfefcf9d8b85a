//! Clients that registered themselves (RFC 7591), and their changes to themselves (RFC 7592).

use serde_json::Value;
use sqlx::{PgExecutor, PgPool, types::Json};
use time::OffsetDateTime;

use super::{
    StoreError, client_certificates,
    client_logos::{self, LogoChange},
    clients, journal, registration_tokens,
};
use crate::{
    ids::ClientId,
    model::{client::Client, journal::Entry},
    secret::Digest,
};

/// What there is of such a client beside the client.
#[derive(Clone, Debug)]
pub struct Registration {
    /// SHA-256 of its registration access token.
    pub digest: Digest,
    /// Whether an operator's token was needed.
    pub by_token: bool,
    /// What it registered and the client itself has no place for.
    pub metadata: Value,
    /// When it was last changed by itself.
    pub updated_at: OffsetDateTime,
}

/// What came of the wish to register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It is registered.
    Done,
    /// The initial access token has no use left; nothing was written.
    TokenSpent,
}

/// A client that registers itself.
pub struct NewRegistration<'r> {
    /// The client, with its secrets.
    pub client: &'r Client,
    /// SHA-256 of its registration access token.
    pub digest: Digest,
    /// The initial access token it shows.
    pub initial_token: Option<Digest>,
    /// What the client itself has no place for.
    pub metadata: &'r Value,
    /// Its logo.
    pub logo: &'r LogoChange,
}

/// Registers a client and counts the use of its initial access token: both or neither.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    pool: &PgPool,
    new: &NewRegistration<'_>,
    entry: &Entry,
) -> Result<Registered, StoreError> {
    let (mut tx, now) = (pool.begin().await?, new.client.created_at);
    let mut token = None;
    if let Some(digest) = new.initial_token {
        token = registration_tokens::redeem(&mut *tx, digest, now).await?;
        if token.is_none() {
            return Ok(Registered::TokenSpent);
        }
    }
    clients::insert_rows(&mut tx, new.client).await?;
    client_logos::change(&mut tx, new.client.id, new.logo, now).await?;
    sqlx::query!(
        "INSERT INTO client_registrations (client_id, digest, registration_token_id, metadata, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $5)",
        new.client.id.0,
        new.digest.as_bytes(),
        token.map(|id| id.0),
        Json(new.metadata) as _,
        now,
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(Registered::Done)
}

/// The registration of a client; none of one that an operator registered.
///
/// # Errors
/// When the database fails.
pub async fn find(db: impl PgExecutor<'_>, client: ClientId) -> Result<Option<Registration>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT digest, registration_token_id IS NOT NULL AS "by_token!", metadata AS "metadata: Json<Value>",
                  updated_at
           FROM client_registrations WHERE client_id = $1"#,
        client.0
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let inconsistent = StoreError::Inconsistent {
            table: "client_registrations",
            column: "digest",
            id: client.to_string(),
        };
        Ok(Registration {
            digest: Digest::from_stored(&row.digest).ok_or(inconsistent)?,
            by_token: row.by_token,
            metadata: row.metadata.0,
            updated_at: row.updated_at,
        })
    })
    .transpose()
}

/// Identifiers of all clients that registered themselves.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<String>, StoreError> {
    let identifiers = sqlx::query_scalar!(
        "SELECT c.identifier FROM client_registrations r JOIN clients c ON c.id = r.client_id"
    );
    Ok(identifiers.fetch_all(db).await?)
}

/// Puts a registration in the place of the former: the client, its secrets and certificates, its logo.
/// False, and nothing written, when it was removed meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    pool: &PgPool,
    client: &Client,
    metadata: &Value,
    logo: &LogoChange,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let (mut tx, now) = (pool.begin().await?, entry.at);
    if !clients::update_row(&mut *tx, client, now).await? {
        return Ok(false);
    }
    sqlx::query!(
        "UPDATE client_registrations SET metadata = $2, updated_at = $3 WHERE client_id = $1",
        client.id.0,
        Json(metadata) as _,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let kept: Vec<_> = client.secrets.iter().map(|secret| secret.id.0).collect();
    let gone = sqlx::query_scalar!(
        "WITH held AS (SELECT id FROM client_secrets WHERE client_id = $1),
              gone AS (DELETE FROM client_secrets WHERE client_id = $1 AND NOT id = ANY($2))
         SELECT id FROM held",
        client.id.0,
        &kept,
    );
    let held = gone.fetch_all(&mut *tx).await?;
    for secret in client.secrets.iter().filter(|secret| !held.contains(&secret.id.0)) {
        clients::insert_secret_row(&mut tx, client.id, secret).await?;
    }
    sqlx::query!("DELETE FROM client_certificates WHERE client_id = $1", client.id.0)
        .execute(&mut *tx)
        .await?;
    for certificate in &client.certificates {
        client_certificates::insert_row(&mut tx, client.id, certificate).await?;
    }
    client_logos::change(&mut tx, client.id, logo, now).await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Clients that registered themselves and changed nothing, got no grant and proved nothing since then:
/// row, identifier and name of each, the oldest first. Clients that speak for themselves with a key are
/// not among them, since their requests leave no trace.
///
/// # Errors
/// When the database fails.
pub async fn list_unused(
    db: impl PgExecutor<'_>,
    since: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Vec<(ClientId, String, String)>, StoreError> {
    let rows = sqlx::query!(
        "SELECT c.id, c.identifier, c.name FROM client_registrations r JOIN clients c ON c.id = r.client_id
         WHERE r.updated_at < $1 AND c.updated_at < $1 AND NOT ('client-credentials' = ANY(c.flows))
           AND NOT EXISTS (SELECT FROM grants g WHERE g.client_id = c.id AND g.created_at >= $1)
           AND NOT EXISTS (SELECT FROM grants g JOIN refresh_tokens t ON t.grant_id = g.id
                           WHERE g.client_id = c.id AND t.expires_at > $2)
           AND NOT EXISTS (SELECT FROM client_secrets s WHERE s.client_id = c.id AND s.last_used_at >= $1)
           AND NOT EXISTS (SELECT FROM client_certificates k WHERE k.client_id = c.id AND k.last_used_at >= $1)
         ORDER BY r.created_at, c.id",
        since,
        now,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (ClientId(row.id), row.identifier, row.name)).collect())
}
