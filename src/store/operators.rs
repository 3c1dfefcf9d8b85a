//! Operators who may act for other people.

use sqlx::{PgExecutor, PgPool};

use super::{
    StoreError, journal,
    rows::{texts, words},
};
use crate::{
    ids::UserId,
    model::{
        act_for::{ActFor, Reach},
        journal::Entry,
    },
};

/// For whom an account may act; `None` when it is disabled.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find_reach(db: impl PgExecutor<'_>, user: UserId) -> Result<Option<Reach>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT u.may_act_for,
                  ARRAY(SELECT m.organisation_id FROM organisation_members m WHERE m.user_id = u.id) AS "organisations!"
           FROM users u WHERE u.id = $1 AND u.disabled_at IS NULL AND u.closed_at IS NULL"#,
        user.0
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let parts: Vec<ActFor> = words("users", "may_act_for", user, &row.may_act_for)?;
    Ok(Some(Reach::new(&parts, row.organisations.into_iter().map(UserId))))
}

/// What was set for an account.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn may_act_for(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<ActFor>, StoreError> {
    let set =
        sqlx::query_scalar!("SELECT may_act_for FROM users WHERE id = $1", user.0).fetch_one(db).await?;
    words("users", "may_act_for", user, &set)
}

/// Sets for whom an account may act, and writes the journal line.
///
/// # Errors
/// When the database fails.
pub async fn set(pool: &PgPool, user: UserId, parts: &[ActFor], entry: &Entry) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!(
        "UPDATE users SET may_act_for = $2, updated_at = $3 WHERE id = $1",
        user.0,
        &texts(parts),
        entry.at
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}
