//! Journeys: begun by an authorization request, each fact recorded by the page that learned it.

use sqlx::{
    PgExecutor,
    types::{Json, Uuid},
};
use time::OffsetDateTime;

use super::{StoreError, rows::word};
use crate::{
    ids::{ClientId, JourneyId, SessionId},
    model::{
        consent::Decision,
        journey::{Journey, Notes, Reason},
    },
    secret::Digest,
};

struct Row {
    id: Uuid,
    cookie_digest: Vec<u8>,
    protocol: String,
    client_id: Option<Uuid>,
    parameters: String,
    pushed: Option<Vec<u8>>,
    session_id: Option<Uuid>,
    consent: Option<Json<Decision>>,
    notes: Json<Notes>,
    last_error: Option<String>,
    created_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    finished_at: Option<OffsetDateTime>,
}

/// What became of a journey that a browser asks for.
#[derive(Clone, Debug)]
pub enum Found {
    /// It goes on.
    Live(Box<Journey>),
    /// It took too long.
    Expired,
    /// It was answered already.
    Finished,
    /// Another browser began it.
    OtherBrowser,
    /// There is none.
    Unknown,
}

/// Saves a new journey for the browser that holds `cookie`.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: impl PgExecutor<'_>,
    journey: &Journey,
    cookie: Digest,
    expires_at: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO journeys (id, cookie_digest, protocol, client_id, parameters, created_at, expires_at, pushed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        journey.id.0,
        cookie.as_bytes(),
        journey.protocol.word(),
        journey.client_id.map(|id| id.0),
        journey.parameters,
        journey.created_at,
        expires_at,
        journey.pushed.as_ref().map(Digest::as_bytes),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The journey with this id, for the browser that sent `cookie`.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(
    db: impl PgExecutor<'_>,
    id: JourneyId,
    cookie: Option<Digest>,
    now: OffsetDateTime,
) -> Result<Found, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id, cookie_digest, protocol, client_id, parameters, pushed, session_id,
                  consent AS "consent: Json<Decision>", notes AS "notes: Json<Notes>", last_error, created_at, expires_at, finished_at
           FROM journeys WHERE id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(Found::Unknown) };
    // A stranger who learned the journey's address must neither go on with it nor learn its state.
    if cookie.is_none() || Digest::from_stored(&row.cookie_digest) != cookie {
        return Ok(Found::OtherBrowser);
    }
    if row.finished_at.is_some() {
        return Ok(Found::Finished);
    }
    if row.expires_at <= now {
        return Ok(Found::Expired);
    }
    Ok(Found::Live(Box::new(Journey {
        id,
        protocol: word("journeys", "protocol", row.id, &row.protocol)?,
        client_id: row.client_id.map(ClientId),
        parameters: row.parameters,
        pushed: row.pushed.as_deref().and_then(Digest::from_stored),
        session_id: row.session_id.map(SessionId),
        decision: row.consent.map(|d| d.0),
        notes: row.notes.0,
        last_error: row.last_error,
        created_at: row.created_at,
    })))
}

/// Records what the person decided; false when the journey has ended meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn record_decision(
    db: impl PgExecutor<'_>,
    id: JourneyId,
    decision: &Decision,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let updated = sqlx::query!(
        "UPDATE journeys SET consent = $2
         WHERE id = $1 AND finished_at IS NULL AND expires_at > $3",
        id.0,
        Json(decision) as _,
        now,
    )
    .execute(db)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Keeps what a page noted; false when the journey has ended meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn note(
    db: impl PgExecutor<'_>,
    id: JourneyId,
    notes: &Notes,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let updated = sqlx::query!(
        "UPDATE journeys SET notes = $2 WHERE id = $1 AND finished_at IS NULL AND expires_at > $3",
        id.0,
        Json(notes) as _,
        now,
    )
    .execute(db)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Takes a passkey's challenge away: true for the one caller who does, while it is still this one.
///
/// # Errors
/// When the database fails.
pub async fn claim_passkey_challenge(
    db: impl PgExecutor<'_>,
    id: JourneyId,
    challenge: &serde_json::Value,
) -> Result<bool, StoreError> {
    let claimed = sqlx::query!(
        "UPDATE journeys SET notes = notes - 'passkey'
         WHERE id = $1 AND notes->'passkey' = $2 AND finished_at IS NULL",
        id.0,
        challenge
    )
    .execute(db)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Records the last mistake made in a journey, for the client that wants to know how it ended.
///
/// # Errors
/// When the database fails.
pub async fn record_error(db: impl PgExecutor<'_>, id: JourneyId, reason: Reason) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE journeys SET last_error = $2 WHERE id = $1 AND finished_at IS NULL",
        id.0,
        reason.word()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends a journey without an answer of ours to mint (a refusal), and the pushed request that it
/// answers: true for the one caller who ends it.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: impl PgExecutor<'_>, id: JourneyId, now: OffsetDateTime) -> Result<bool, StoreError> {
    let claimed = sqlx::query_scalar!(
        r#"WITH claimed AS (
               UPDATE journeys SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL AND expires_at > $2
               RETURNING pushed),
           spent AS (
               UPDATE pushed_requests SET used_at = $2
               WHERE digest = (SELECT pushed FROM claimed) AND used_at IS NULL)
           SELECT count(*) AS "count!" FROM claimed"#,
        id.0,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(claimed == 1)
}
