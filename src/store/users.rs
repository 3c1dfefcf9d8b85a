//! Accounts, their attributes with history, and passwords.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};
use time::OffsetDateTime;

use super::{StoreError, journal, rows::Person};
use crate::{
    ids::UserId,
    model::{
        attribute::Level,
        journal::Entry,
        user::{AttributeValue, User, UserKind, username_key},
    },
};

/// A value to give an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttribute {
    /// The attribute's name.
    pub name: String,
    /// Its text.
    pub value: String,
    /// How well it was checked.
    pub level: Level,
    /// Whether the registry calls it an identifier.
    pub identifier: bool,
}

/// The account with this user name, whatever its case.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(db: impl PgExecutor<'_>, username: &str) -> Result<Option<User>, StoreError> {
    let row = sqlx::query_as!(
        Person,
        r#"SELECT id AS "id!", kind AS "kind!", username AS "username!", locale, disabled_at,
                  updated_at AS "updated_at!", attributes AS "attributes!: Json<BTreeMap<String, AttributeValue>>"
           FROM people WHERE username_key = $1"#,
        username_key(username)
    )
    .fetch_optional(db)
    .await?;
    row.map(User::try_from).transpose()
}

/// The account of this id.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find_by_id(db: impl PgExecutor<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    let row = sqlx::query_as!(
        Person,
        r#"SELECT id AS "id!", kind AS "kind!", username AS "username!", locale, disabled_at,
                  updated_at AS "updated_at!", attributes AS "attributes!: Json<BTreeMap<String, AttributeValue>>"
           FROM people WHERE id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    row.map(User::try_from).transpose()
}

/// The one account that holds this confirmed mail address or phone, or this identifier that was checked
/// against a register: at level 1 anybody may have typed another's number. Nothing when several do.
///
/// # Errors
/// When the database fails.
pub async fn find_only_holder(
    db: impl PgExecutor<'_>,
    attribute: &str,
    value: &str,
) -> Result<Option<UserId>, StoreError> {
    let holders = sqlx::query_scalar!(
        "SELECT user_id FROM user_attributes
         WHERE name = $1 AND lower(value) = lower($2)
           AND CASE WHEN is_identifier THEN level >= 2 ELSE level >= 1 AND name IN ('email', 'mobile_phone') END
         LIMIT 2",
        attribute,
        value,
    )
    .fetch_all(db)
    .await?;
    Ok(match holders.as_slice() {
        [only] => Some(UserId(*only)),
        _ => None,
    })
}

/// User names, kinds and whether each is disabled: at most `limit`, by name, from `after` on.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: impl PgExecutor<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, String, bool)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT username, kind, disabled_at IS NOT NULL AS "disabled!" FROM users
           WHERE username_key > $1 ORDER BY username_key LIMIT $2"#,
        after,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.username, r.kind, r.disabled)).collect())
}

/// A new account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// What sort of account.
    pub kind: UserKind,
    /// The user name.
    pub username: String,
    /// A PHC string; without one the account can't sign in by password.
    pub password_hash: Option<String>,
    /// What is known about the person.
    pub attributes: Vec<NewAttribute>,
}

/// Makes an account and writes the journal line, in one transaction.
///
/// # Errors
/// [`StoreError::Taken`] when the name or a verified identifier is in use.
pub async fn insert(pool: &PgPool, user: &NewUser, source: &str, entry: &Entry) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    insert_within(&mut tx, user, source, entry).await?;
    Ok(tx.commit().await?)
}

/// The same within somebody's transaction.
///
/// # Errors
/// As [`insert`].
pub(super) async fn insert_within(
    db: &mut PgConnection,
    user: &NewUser,
    source: &str,
    entry: &Entry,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO users (id, kind, username, username_key, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)",
        user.id.0,
        user.kind.word(),
        user.username,
        username_key(&user.username),
        entry.at,
    )
    .execute(&mut *db)
    .await
    .map_err(StoreError::from_insert)?;
    for attribute in &user.attributes {
        set_attribute(db, user.id, attribute, source, entry.at).await?;
    }
    if let Some(hash) = &user.password_hash {
        upsert_password(db, user.id, hash, entry.at).await?;
    }
    journal::insert(db, entry).await?;
    Ok(())
}

/// Sets attributes of an account; the values before go to its history.
///
/// # Errors
/// [`StoreError::Taken`] when a verified identifier belongs to another account.
pub async fn set_attributes(
    pool: &PgPool,
    user: UserId,
    attributes: &[NewAttribute],
    source: &str,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    for attribute in attributes {
        set_attribute(&mut tx, user, attribute, source, entry.at).await?;
    }
    touch(&mut tx, user, entry.at).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Writes a contact that its owner has just confirmed, and the rise of the identifiers that lean on
/// it. Nothing is lowered, and nothing rises but the very value that was looked at: a registrar, or
/// the owner in another window, may have changed one since.
///
/// # Errors
/// When the database fails.
pub async fn confirm_contact(
    pool: &PgPool,
    user: UserId,
    contact: &NewAttribute,
    rises: &[NewAttribute],
    source: &str,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    let held = sqlx::query_scalar!(
        "SELECT value FROM user_attributes WHERE user_id = $1 AND name = $2 FOR UPDATE",
        user.0,
        contact.name
    )
    .fetch_optional(&mut *tx)
    .await?;
    if held.as_ref() == Some(&contact.value) {
        raise(&mut tx, user, contact, source, entry.at).await?;
    } else {
        set_attribute(&mut tx, user, contact, source, entry.at).await?;
    }
    for rise in rises {
        raise(&mut tx, user, rise, source, entry.at).await?;
    }
    touch(&mut tx, user, entry.at).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

async fn raise(
    db: &mut PgConnection,
    user: UserId,
    rise: &NewAttribute,
    source: &str,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH risen AS (
             UPDATE user_attributes SET level = $4, source = $5, verified_at = $6, updated_at = $6
             WHERE user_id = $1 AND name = $2 AND value = $3 AND level < $4 RETURNING 1)
         INSERT INTO user_attribute_history (user_id, name, value, level, source, verified_at, recorded_at)
         SELECT $1, $2, $3, $4, $5, $6, $6 FROM risen",
        user.0,
        rise.name,
        rise.value,
        i16::from(rise.level),
        source,
        now,
    )
    .execute(db)
    .await
    .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Notes that something about an account has changed.
pub(super) async fn touch(
    db: &mut PgConnection,
    user: UserId,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!("UPDATE users SET updated_at = $2 WHERE id = $1", user.0, now).execute(db).await?;
    Ok(())
}

pub(super) async fn set_attribute(
    db: &mut PgConnection,
    user: UserId,
    attribute: &NewAttribute,
    source: &str,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let level = i16::from(attribute.level);
    let verified_at = (level > 0).then_some(now);
    sqlx::query!(
        "INSERT INTO user_attributes (user_id, name, value, level, source, verified_at, is_identifier, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value, level = excluded.level,
             source = excluded.source, verified_at = excluded.verified_at,
             is_identifier = excluded.is_identifier, updated_at = excluded.updated_at",
        user.0,
        attribute.name,
        attribute.value,
        level,
        source,
        verified_at,
        attribute.identifier,
        now,
    )
    .execute(&mut *db)
    .await
    .map_err(StoreError::from_insert)?;
    sqlx::query!(
        "INSERT INTO user_attribute_history (user_id, name, value, level, source, verified_at, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        user.0,
        attribute.name,
        attribute.value,
        level,
        source,
        verified_at,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Shuts an account out, or lets it in again. Tokens stop at once, since every request looks at the
/// account; sessions end, so that relying parties hear of it.
///
/// # Errors
/// When the database fails.
pub async fn set_disabled(
    pool: &PgPool,
    user: UserId,
    disabled: bool,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!(
        "UPDATE users SET disabled_at = CASE WHEN $2 THEN $3::timestamptz END, updated_at = $3 WHERE id = $1",
        user.0,
        disabled,
        entry.at
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND $3",
        user.0,
        entry.at,
        disabled
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Sets a password and ends every session of the account.
///
/// # Errors
/// When the database fails.
pub async fn set_password(pool: &PgPool, user: UserId, hash: &str, entry: &Entry) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    upsert_password(&mut tx, user, hash, entry.at).await?;
    sqlx::query!(
        "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL",
        user.0,
        entry.at
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Puts a better hash of the same password in the old one's place; sessions stay. False when the
/// password was changed meanwhile: then the new password stands (the write is the check).
///
/// # Errors
/// When the database fails.
pub async fn replace_hash(
    db: impl PgExecutor<'_>,
    user: UserId,
    old: &str,
    new: &str,
) -> Result<bool, StoreError> {
    let replaced =
        sqlx::query!("UPDATE passwords SET hash = $3 WHERE user_id = $1 AND hash = $2", user.0, old, new)
            .execute(db)
            .await?;
    Ok(replaced.rows_affected() == 1)
}

pub(super) async fn upsert_password(
    db: &mut PgConnection,
    user: UserId,
    hash: &str,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at",
        user.0,
        hash,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
