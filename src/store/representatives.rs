//! Who may act for an organisation.

use sqlx::{PgExecutor, PgPool};
use time::OffsetDateTime;

use super::{StoreError, journal};
use crate::{
    ids::UserId,
    model::{hints::Identifier, journal::Entry},
};

/// Somebody who may act for an organisation, with or without an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Representative {
    /// The identifier's attribute: `citizen_id`, `iin`, `passport_id`.
    pub name: String,
    /// Its value.
    pub value: Identifier,
    /// What they are called.
    pub full_name: Option<String>,
    /// Since when.
    pub added_at: OffsetDateTime,
}

/// The representatives of an organisation's account, the first first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>, organisation: UserId) -> Result<Vec<Representative>, StoreError> {
    let rows = sqlx::query!(
        "SELECT name, value, full_name, added_at FROM representatives
         WHERE user_id = $1 AND removed_at IS NULL ORDER BY added_at, name, value",
        organisation.0
    )
    .fetch_all(db)
    .await?;
    let representative = rows.into_iter().map(|row| Representative {
        name: row.name,
        value: row.value.into(),
        full_name: row.full_name,
        added_at: row.added_at,
    });
    Ok(representative.collect())
}

/// Adds one; `false` when they are one already.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    pool: &PgPool,
    organisation: UserId,
    name: &str,
    value: &Identifier,
    full_name: Option<&str>,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let added = sqlx::query!(
        "INSERT INTO representatives (user_id, name, value, full_name, added_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, name, value) WHERE removed_at IS NULL DO NOTHING",
        organisation.0,
        name,
        value.as_str(),
        full_name,
        entry.at,
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if added == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends what one may do; the row stays, to say who acted when. `false` when they are none.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    pool: &PgPool,
    organisation: UserId,
    name: &str,
    value: &Identifier,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let removed = sqlx::query!(
        "UPDATE representatives SET removed_at = $4
         WHERE user_id = $1 AND name = $2 AND value = $3 AND removed_at IS NULL",
        organisation.0,
        name,
        value.as_str(),
        entry.at,
    )
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

/// Whether this person represents the organisation of this number: a juristic person's account holds
/// it at level 2 or more and lists one of the person's own identifiers, which the person must hold
/// at level 1 or more, or whoever types a representative's number could act in their place.
///
/// # Errors
/// When the database fails.
pub async fn represents(
    db: impl PgExecutor<'_>,
    person: UserId,
    organisation: &Identifier,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT 1
               FROM user_attributes number
               JOIN users o ON o.id = number.user_id AND o.kind = 'juristic-person'
                   AND o.disabled_at IS NULL AND o.closed_at IS NULL
               JOIN representatives r ON r.user_id = o.id AND r.removed_at IS NULL
               JOIN user_attributes own ON own.user_id = $1 AND own.name = r.name AND own.value = r.value
               WHERE number.name = 'juristic_id' AND number.value = $2 AND number.level >= 2
                 AND own.level >= 1 AND own.name IN ('citizen_id', 'iin', 'passport_id')) AS "represents!""#,
        person.0,
        organisation.as_str(),
    )
    .fetch_one(db)
    .await?)
}
