//! Browser sessions.

use std::collections::BTreeMap;

use sqlx::{
    PgExecutor, PgPool,
    types::{Json, Uuid},
};
use time::OffsetDateTime;

use super::{
    StoreError, journal,
    rows::{Person, texts, words},
};
use crate::{
    ids::{ClientId, SessionId, UserId},
    model::{
        consent::Consent,
        journal::Entry,
        session::{Amr, Session},
        user::{AttributeValue, User},
    },
    secret::Digest,
};

/// Who is signed in at a browser, and what they allowed the client that asks.
#[derive(Clone, Debug)]
pub struct Login {
    /// The session.
    pub session: Session,
    /// Its person.
    pub user: User,
    /// What they allowed the client before.
    pub consent: Option<Consent>,
    /// Whether the account has a second factor.
    pub second_factor_enrolled: bool,
}

struct Row {
    session_id: Uuid,
    amr: Vec<String>,
    authenticated_at: OffsetDateTime,
    last_seen_at: OffsetDateTime,
    user_id: Uuid,
    kind: String,
    username: String,
    locale: Option<String>,
    updated_at: OffsetDateTime,
    attributes: Json<BTreeMap<String, AttributeValue>>,
    consent_scopes: Option<Vec<String>>,
    consent_attributes: Option<Vec<String>>,
    consent_refused: Option<Vec<String>>,
    enrolled: bool,
}

/// The live session behind a cookie, with its person and their consent for `client`: one round
/// trip. A session that was idle since before `idle_since` is dead, and so is a disabled
/// account's.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(
    db: impl PgExecutor<'_>,
    cookie: Digest,
    client: Option<ClientId>,
    now: OffsetDateTime,
    idle_since: OffsetDateTime,
) -> Result<Option<Login>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT s.id AS session_id, s.amr, s.authenticated_at, s.last_seen_at,
                  p.id AS "user_id!", p.kind AS "kind!", p.username AS "username!", p.locale,
                  p.updated_at AS "updated_at!", p.attributes AS "attributes!: Json<BTreeMap<String, AttributeValue>>",
                  c.scopes AS "consent_scopes?", c.attributes AS "consent_attributes?",
                  c.refused AS "consent_refused?",
                  EXISTS (SELECT 1 FROM credentials f WHERE f.user_id = s.user_id
                          AND f.kind IN ('totp', 'passkey', 'sms', 'mail')) AS "enrolled!"
           FROM sessions s
           JOIN people p ON p.id = s.user_id
           LEFT JOIN consents c ON c.user_id = s.user_id AND c.client_id = $2
           WHERE s.digest = $1 AND s.ended_at IS NULL AND s.expires_at > $3 AND s.last_seen_at > $4
             AND p.disabled_at IS NULL"#,
        cookie.as_bytes(),
        client.map(|c| c.0),
        now,
        idle_since,
    )
    .fetch_optional(db)
    .await?;
    row.map(Login::try_from).transpose()
}

/// Ends a session; who it was, unless it had ended before.
///
/// # Errors
/// When the database fails.
pub async fn end(
    db: impl PgExecutor<'_>,
    session: SessionId,
    now: OffsetDateTime,
) -> Result<Option<UserId>, StoreError> {
    let user = sqlx::query_scalar!(
        "WITH ended AS (UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING user_id),
              line AS (INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id)
                       SELECT $2, 'user', user_id::text, 'session.end', 'session', $1::uuid::text FROM ended)
         SELECT user_id FROM ended",
        session.0,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(user.map(UserId))
}

/// A live session as its person sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The session.
    pub session: Session,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// When it ends at the latest.
    pub expires_at: OffsetDateTime,
    /// Where it was begun from.
    pub address: Option<String>,
    /// The browser's own words.
    pub user_agent: Option<String>,
}

/// A person's live sessions, the one last used first.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list(
    db: impl PgExecutor<'_>,
    user: UserId,
    now: OffsetDateTime,
    idle_since: OffsetDateTime,
) -> Result<Vec<Seen>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, amr, authenticated_at, last_seen_at, created_at, expires_at, address, user_agent
         FROM sessions
         WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND last_seen_at > $3
         ORDER BY last_seen_at DESC, id DESC LIMIT 200",
        user.0,
        now,
        idle_since,
    )
    .fetch_all(db)
    .await?;
    let seen = rows.into_iter().map(|row| {
        Ok(Seen {
            session: Session {
                id: SessionId(row.id),
                user_id: user,
                amr: words("sessions", "amr", row.id, &row.amr)?,
                authenticated_at: row.authenticated_at,
                last_seen_at: row.last_seen_at,
            },
            created_at: row.created_at,
            expires_at: row.expires_at,
            address: row.address,
            user_agent: row.user_agent,
        })
    });
    seen.collect()
}

/// Ends one of a person's sessions; false when they have none of this id.
///
/// # Errors
/// When the database fails.
pub async fn end_own(
    pool: &PgPool,
    user: UserId,
    session: SessionId,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let ended = sqlx::query!(
        "UPDATE sessions SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL",
        session.0,
        user.0,
        entry.at
    )
    .execute(&mut *tx)
    .await?;
    if ended.rows_affected() == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends all of a person's sessions but this one; how many there were.
///
/// # Errors
/// When the database fails.
pub async fn end_others(
    pool: &PgPool,
    user: UserId,
    kept: SessionId,
    entry: &Entry,
) -> Result<u64, StoreError> {
    let mut tx = pool.begin().await?;
    let ended = sqlx::query!(
        "UPDATE sessions SET ended_at = $3 WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL",
        user.0,
        kept.0,
        entry.at
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(ended.rows_affected())
}

/// Gives a session that has just proved a further factor a new cookie (a new identifier at every
/// rise of privilege). False when it ended meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn raise(
    db: impl PgExecutor<'_>,
    session: SessionId,
    cookie: Digest,
    amr: &[Amr],
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let raised = sqlx::query!(
        "UPDATE sessions SET digest = $2, amr = $3, last_seen_at = $4 WHERE id = $1 AND ended_at IS NULL",
        session.0,
        cookie.as_bytes(),
        &texts(amr),
        now
    )
    .execute(db)
    .await?;
    Ok(raised.rows_affected() == 1)
}

impl TryFrom<Row> for Login {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let consent = match (row.consent_scopes, row.consent_attributes, row.consent_refused) {
            (Some(scopes), Some(attributes), Some(refused)) => Some(Consent {
                scopes: scopes.into_iter().collect(),
                attributes: attributes.into_iter().collect(),
                refused: refused.into_iter().collect(),
            }),
            _ => None,
        };
        Ok(Self {
            session: Session {
                id: SessionId(row.session_id),
                user_id: UserId(row.user_id),
                amr: words("sessions", "amr", row.session_id, &row.amr)?,
                authenticated_at: row.authenticated_at,
                last_seen_at: row.last_seen_at,
            },
            user: User::try_from(Person {
                id: row.user_id,
                kind: row.kind,
                username: row.username,
                locale: row.locale,
                disabled_at: None,
                updated_at: row.updated_at,
                attributes: row.attributes,
            })?,
            consent,
            second_factor_enrolled: row.enrolled,
        })
    }
}
