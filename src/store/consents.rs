//! What applications may know of a person, as the person looks after it.

use sqlx::{PgExecutor, PgPool};
use time::OffsetDateTime;

use super::{StoreError, journal};
use crate::{
    ids::{ClientId, UserId},
    model::{consent::Consent, journal::Entry},
};

/// An application that a person allowed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its registration.
    pub client_id: ClientId,
    /// The identifier it is registered under.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// Scopes allowed, remembered or in grants that live.
    pub scopes: Vec<String>,
    /// Attributes allowed.
    pub attributes: Vec<String>,
    /// Since when.
    pub since: OffsetDateTime,
    /// When it was last allowed something.
    pub latest: OffsetDateTime,
}

/// The applications this person allowed something, by name: remembered consents, and grants that
/// were given without remembering.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<Application>, StoreError> {
    let rows = sqlx::query!(
        r#"WITH known AS (
               SELECT client_id, scopes, attributes, granted_at AS since FROM consents WHERE user_id = $1
               UNION ALL
               SELECT client_id, scopes, attributes, created_at FROM grants
               WHERE user_id = $1 AND revoked_at IS NULL)
           SELECT c.id, c.identifier, c.name, min(k.since) AS "since!", max(k.since) AS "latest!",
                  COALESCE(array_agg(DISTINCT s.word) FILTER (WHERE s.is_scope), '{}') AS "scopes!",
                  COALESCE(array_agg(DISTINCT s.word) FILTER (WHERE NOT s.is_scope), '{}') AS "attributes!"
           FROM known k JOIN clients c ON c.id = k.client_id
           LEFT JOIN LATERAL (SELECT true AS is_scope, unnest(k.scopes) AS word
                              UNION ALL SELECT false, unnest(k.attributes)) s ON true
           GROUP BY c.id, c.identifier, c.name ORDER BY c.name, c.identifier"#,
        user.0
    )
    .fetch_all(db)
    .await?;
    let application = rows.into_iter().map(|row| Application {
        client_id: ClientId(row.id),
        identifier: row.identifier,
        name: row.name,
        scopes: row.scopes,
        attributes: row.attributes,
        since: row.since,
        latest: row.latest,
    });
    Ok(application.collect())
}

/// What a person let a client know, as remembered.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: impl PgExecutor<'_>,
    user: UserId,
    client: ClientId,
) -> Result<Option<Consent>, StoreError> {
    let row = sqlx::query!(
        "SELECT scopes, attributes, refused FROM consents WHERE user_id = $1 AND client_id = $2",
        user.0,
        client.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Consent {
        scopes: row.scopes.into_iter().collect(),
        attributes: row.attributes.into_iter().collect(),
        refused: row.refused.into_iter().collect(),
    }))
}

/// Takes back what a person allowed a client: forgets the consent and revokes every grant, so that
/// its tokens stop at once. False when there was nothing.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(
    pool: &PgPool,
    user: UserId,
    client: ClientId,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let withdrawn = sqlx::query_scalar!(
        r#"WITH forgotten AS (DELETE FROM consents WHERE user_id = $1 AND client_id = $2 RETURNING 1),
                revoked AS (UPDATE grants SET revoked_at = $3
                            WHERE user_id = $1 AND client_id = $2 AND revoked_at IS NULL RETURNING 1)
           SELECT (SELECT count(*) FROM forgotten) + (SELECT count(*) FROM revoked) AS "count!""#,
        user.0,
        client.0,
        entry.at,
    )
    .fetch_one(&mut *tx)
    .await?;
    if withdrawn == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}
