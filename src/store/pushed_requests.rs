//! Requests that clients pushed (RFC 9126), each answered once.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::StoreError;
use crate::{ids::ClientId, secret::Digest};

/// A request to be stored.
#[derive(Clone, Debug)]
pub struct NewPushedRequest<'a> {
    /// Digest of the random part of its name.
    pub digest: Digest,
    /// Who pushed it.
    pub client_id: ClientId,
    /// What it asks.
    pub parameters: &'a str,
    /// When it was pushed.
    pub created_at: OffsetDateTime,
    /// No journey begins with it from then on.
    pub expires_at: OffsetDateTime,
    /// No journey that began with it lasts longer.
    pub kept_until: OffsetDateTime,
}

/// What became of a pushed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It can be answered: what it asks.
    Live(String),
    /// It came too late.
    Expired,
    /// It was answered.
    Used,
    /// This client pushed none of this name.
    Unknown,
}

/// Stores a request.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: impl PgExecutor<'_>, request: &NewPushedRequest<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO pushed_requests (digest, client_id, parameters, created_at, expires_at, kept_until)
         VALUES ($1, $2, $3, $4, $5, $6)",
        request.digest.as_bytes(),
        request.client_id.0,
        request.parameters,
        request.created_at,
        request.expires_at,
        request.kept_until,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The request of this name that this client pushed (RFC 9126 §2.2: "The request_uri value MUST be
/// bound to the client that posted the authorization request"). Looking at it does not use it up: a
/// person may load the page again. The answer does ([`super::grants::insert_ending`]).
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: impl PgExecutor<'_>,
    digest: Digest,
    client: ClientId,
    now: OffsetDateTime,
) -> Result<Found, StoreError> {
    let row = sqlx::query!(
        "SELECT parameters, expires_at, used_at FROM pushed_requests WHERE digest = $1 AND client_id = $2",
        digest.as_bytes(),
        client.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(match row {
        None => Found::Unknown,
        Some(row) if row.used_at.is_some() => Found::Used,
        Some(row) if row.expires_at <= now => Found::Expired,
        Some(row) => Found::Live(row.parameters),
    })
}

/// Uses a request up without a grant (a refusal): true for the one caller who does.
///
/// # Errors
/// When the database fails.
pub async fn spend(db: impl PgExecutor<'_>, digest: Digest, now: OffsetDateTime) -> Result<bool, StoreError> {
    let spent = sqlx::query!(
        "UPDATE pushed_requests SET used_at = $2 WHERE digest = $1 AND used_at IS NULL",
        digest.as_bytes(),
        now,
    )
    .execute(db)
    .await?;
    Ok(spent.rows_affected() == 1)
}
