//! Certificates that people sign in with.

use std::collections::BTreeMap;

use sqlx::{PgExecutor, PgPool, types::Json};
use time::OffsetDateTime;

use super::{StoreError, journal, rows::Person};
use crate::{
    ids::{UserCertificateId, UserId},
    model::{
        journal::Entry,
        user::{AttributeValue, User},
    },
    secret::Digest,
};

/// A person's certificate.
#[derive(Clone, Debug)]
pub struct UserCertificate {
    /// Its row.
    pub id: UserCertificateId,
    /// SHA-256 of the whole certificate.
    pub fingerprint: Digest,
    /// Who it says its holder is.
    pub subject: String,
    /// Until when it is good, by its own word.
    pub expires_at: OffsetDateTime,
    /// When it was registered.
    pub created_at: OffsetDateTime,
    /// When it was last used.
    pub last_used_at: Option<OffsetDateTime>,
}

/// Gives a person a certificate to sign in with.
///
/// # Errors
/// [`StoreError::Taken`] when it is somebody's already.
pub async fn insert(
    pool: &PgPool,
    user: UserId,
    certificate: &UserCertificate,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!(
        "INSERT INTO user_certificates (id, user_id, fingerprint, subject, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        certificate.id.0,
        user.0,
        certificate.fingerprint.as_bytes(),
        certificate.subject,
        certificate.expires_at,
        certificate.created_at,
    )
    .execute(&mut *tx)
    .await
    .map_err(StoreError::from_insert)?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// A person's certificates, the oldest first.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<UserCertificate>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, fingerprint, subject, expires_at, created_at, last_used_at
         FROM user_certificates WHERE user_id = $1 ORDER BY created_at, id",
        user.0
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let fingerprint =
                Digest::from_stored(&row.fingerprint).ok_or_else(|| StoreError::Inconsistent {
                    table: "user_certificates",
                    column: "fingerprint",
                    id: row.id.to_string(),
                })?;
            Ok(UserCertificate {
                id: UserCertificateId(row.id),
                fingerprint,
                subject: row.subject,
                expires_at: row.expires_at,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
            })
        })
        .collect()
}

/// Whose certificate this is, disabled people among them; notes that it was used.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find_user(
    db: impl PgExecutor<'_>,
    fingerprint: Digest,
    now: OffsetDateTime,
) -> Result<Option<User>, StoreError> {
    let row = sqlx::query_as!(
        Person,
        r#"WITH used AS (
               UPDATE user_certificates SET last_used_at = $2 WHERE fingerprint = $1 RETURNING user_id)
           SELECT p.id AS "id!", p.kind AS "kind!", p.username AS "username!", p.locale, p.disabled_at,
                  p.updated_at AS "updated_at!",
                  p.attributes AS "attributes!: Json<BTreeMap<String, AttributeValue>>"
           FROM people p JOIN used ON used.user_id = p.id"#,
        fingerprint.as_bytes(),
        now,
    )
    .fetch_optional(db)
    .await?;
    row.map(User::try_from).transpose()
}

/// The person of whom an identifying attribute has this value at level 2 or more: there is one at most.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find_by_identifier(
    db: impl PgExecutor<'_>,
    attribute: &str,
    value: &str,
) -> Result<Option<User>, StoreError> {
    let row = sqlx::query_as!(
        Person,
        r#"SELECT p.id AS "id!", p.kind AS "kind!", p.username AS "username!", p.locale, p.disabled_at,
                  p.updated_at AS "updated_at!",
                  p.attributes AS "attributes!: Json<BTreeMap<String, AttributeValue>>"
           FROM user_attributes a JOIN people p ON p.id = a.user_id
           WHERE a.name = $1 AND lower(a.value) = lower($2) AND a.level >= 2 AND a.is_identifier"#,
        attribute,
        value,
    )
    .fetch_optional(db)
    .await?;
    row.map(User::try_from).transpose()
}

/// Takes a certificate away; false when the person has none of that id.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    pool: &PgPool,
    user: UserId,
    certificate: UserCertificateId,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let removed =
        sqlx::query!("DELETE FROM user_certificates WHERE id = $1 AND user_id = $2", certificate.0, user.0)
            .execute(&mut *tx)
            .await?
            .rows_affected();
    if removed == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}
