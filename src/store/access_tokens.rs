//! Access tokens are JWTs; the store knows their grants and which were revoked before their time.

use sqlx::{PgExecutor, types::Json};
use time::OffsetDateTime;

use super::{StoreError, rows::Granted};
use crate::{
    ids::{AccessTokenId, GrantId, UserId},
    model::{grant::Grant, user::User},
};

/// The grant and person behind an access token, unless the token or its grant was revoked or the
/// account disabled: one round trip.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find_grant(
    db: impl PgExecutor<'_>,
    token: AccessTokenId,
    grant: GrantId,
) -> Result<Option<(Grant, User)>, StoreError> {
    let body = sqlx::query_scalar!(
        r#"SELECT v.body AS "body!: Json<Granted>" FROM granted v
           WHERE v.id = $1 AND NOT v.dead
             AND NOT EXISTS (SELECT 1 FROM revoked_access_tokens WHERE id = $2)"#,
        grant.0,
        token.0,
    )
    .fetch_optional(db)
    .await?;
    body.map(|body| body.0.try_into()).transpose()
}

/// The user name of the person of a token without a grant, if it has one; nothing when the token was
/// revoked or the account disabled: one round trip.
///
/// # Errors
/// When the database fails.
pub async fn find_ungranted(
    db: impl PgExecutor<'_>,
    token: AccessTokenId,
    person: Option<UserId>,
) -> Result<Option<Option<String>>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT u.username AS "username?"
           FROM (SELECT 1) AS one LEFT JOIN users u ON u.id = $2 AND u.disabled_at IS NULL AND u.closed_at IS NULL
           WHERE ($2::uuid IS NULL OR u.id IS NOT NULL)
             AND NOT EXISTS (SELECT 1 FROM revoked_access_tokens WHERE id = $1)"#,
        token.0,
        person.map(|id| id.0),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| row.username))
}

/// Revokes one access token until it would have expired by itself.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    db: impl PgExecutor<'_>,
    token: AccessTokenId,
    expires_at: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO revoked_access_tokens (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        token.0,
        expires_at
    )
    .execute(db)
    .await?;
    Ok(())
}
