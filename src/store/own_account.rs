//! What people change about their own account, and how they close it.

use sqlx::{PgExecutor, PgPool};
use time::OffsetDateTime;

use super::{
    StoreError, journal, password_links,
    users::{self, NewAttribute},
};
use crate::{
    ids::{SessionId, UserId},
    model::{attribute::Level, journal::Entry, locale::Locale},
};

/// Changes attributes as their owner typed them, and takes those of `emptied` away, history kept.
/// False, and nothing is changed, when one of them is a verified identifier: those change hands by
/// a registrar's, and the write says so, since a registrar may verify one while its owner types.
///
/// # Errors
/// When the database fails.
pub async fn change_attributes(
    pool: &PgPool,
    user: UserId,
    changed: &[NewAttribute],
    emptied: &[String],
    entry: &Entry,
) -> Result<bool, StoreError> {
    let names: Vec<String> =
        changed.iter().map(|new| new.name.clone()).chain(emptied.iter().cloned()).collect();
    let mut tx = pool.begin().await?;
    let held = sqlx::query!(
        "SELECT level, is_identifier FROM user_attributes WHERE user_id = $1 AND name = ANY($2) FOR UPDATE",
        user.0,
        &names
    )
    .fetch_all(&mut *tx)
    .await?;
    if held.iter().any(|held| held.is_identifier && held.level > i16::from(Level::CONFIRMED)) {
        return Ok(false);
    }
    for attribute in changed {
        users::set_attribute(&mut tx, user, attribute, "self", entry.at).await?;
    }
    for name in emptied {
        sqlx::query!("DELETE FROM user_attributes WHERE user_id = $1 AND name = $2", user.0, name)
            .execute(&mut *tx)
            .await?;
        sqlx::query!(
            "INSERT INTO user_attribute_history (user_id, name, value, level, source, recorded_at)
             VALUES ($1, $2, '', 0, 'self', $3)",
            user.0,
            name,
            entry.at
        )
        .execute(&mut *tx)
        .await?;
    }
    users::touch(&mut tx, user, entry.at).await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Sets the person's language.
///
/// # Errors
/// When the database fails.
pub async fn set_locale(
    db: impl PgExecutor<'_>,
    user: UserId,
    locale: Locale,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query!("UPDATE users SET locale = $2, updated_at = $3 WHERE id = $1", user.0, locale.tag(), now)
        .execute(db)
        .await?;
    Ok(())
}

/// When the password was last changed; `None` without one.
///
/// # Errors
/// When the database fails.
pub async fn password_changed_at(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Option<OffsetDateTime>, StoreError> {
    Ok(sqlx::query_scalar!("SELECT changed_at FROM passwords WHERE user_id = $1", user.0)
        .fetch_optional(db)
        .await?)
}

/// Sets a password and ends every session but the one it was set in: whoever was in with the old
/// one is out.
///
/// # Errors
/// When the database fails.
pub async fn change_password(
    pool: &PgPool,
    user: UserId,
    hash: &str,
    kept: SessionId,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    users::upsert_password(&mut tx, user, hash, entry.at).await?;
    sqlx::query!(
        "UPDATE sessions SET ended_at = $3 WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL",
        user.0,
        kept.0,
        entry.at
    )
    .execute(&mut *tx)
    .await?;
    // A link sent before must not undo the change.
    password_links::revoke_all(&mut *tx, user, entry.at).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Closes an account for good: what it held is erased, with its history, credentials, files and
/// consents; tokens and sessions end; the name stays taken, so that nobody is ever mistaken for its
/// owner. The journal keeps its lines, which name the account by its number alone. True for the one
/// caller who closes it.
///
/// # Errors
/// When the database fails; nothing is erased then.
pub async fn close(pool: &PgPool, user: UserId, entry: &Entry) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let closed = sqlx::query!(
        "UPDATE users SET closed_at = $2, disabled_at = $2, locale = NULL, updated_at = $2
         WHERE id = $1 AND closed_at IS NULL",
        user.0,
        entry.at
    )
    .execute(&mut *tx)
    .await?;
    if closed.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "WITH attributes AS (DELETE FROM user_attributes WHERE user_id = $1),
              history AS (DELETE FROM user_attribute_history WHERE user_id = $1),
              passwords AS (DELETE FROM passwords WHERE user_id = $1),
              credentials AS (DELETE FROM credentials WHERE user_id = $1),
              certificates AS (DELETE FROM user_certificates WHERE user_id = $1),
              files AS (DELETE FROM user_files WHERE user_id = $1),
              consents AS (DELETE FROM consents WHERE user_id = $1),
              representatives AS (DELETE FROM representatives WHERE user_id = $1),
              roles AS (DELETE FROM user_roles WHERE user_id = $1),
              links AS (DELETE FROM password_links WHERE user_id = $1),
              codes AS (DELETE FROM one_time_codes WHERE user_id = $1),
              grants AS (UPDATE grants SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL)
         UPDATE sessions SET ended_at = COALESCE(ended_at, $2), address = NULL, user_agent = NULL
         WHERE user_id = $1",
        user.0,
        entry.at
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// A value an account held.
#[derive(Clone, serde::Serialize)]
pub struct Past {
    /// The attribute.
    pub name: String,
    /// The value; empty from when it was taken away.
    pub value: String,
    /// How well it was checked.
    pub level: i16,
    /// Who said so.
    pub source: String,
    /// When it was checked.
    #[serde(with = "time::serde::rfc3339::option")]
    pub verified_at: Option<OffsetDateTime>,
    /// Since when it was held so.
    #[serde(with = "time::serde::rfc3339")]
    pub recorded_at: OffsetDateTime,
}

/// Everything an account ever held, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn history(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<Past>, StoreError> {
    Ok(sqlx::query_as!(
        Past,
        "SELECT name, value, level, source, verified_at, recorded_at FROM user_attribute_history
         WHERE user_id = $1 ORDER BY id",
        user.0
    )
    .fetch_all(db)
    .await?)
}
