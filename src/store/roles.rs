//! Who is a registrar, and who administers an agency's accounts.

use sqlx::{PgExecutor, PgPool};

use super::{StoreError, journal, rows::word};
use crate::{
    ids::UserId,
    model::{
        journal::Entry,
        role::{Role, RoleName},
    },
};

/// A person's roles.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<Role>, StoreError> {
    let rows =
        sqlx::query!("SELECT role, agency FROM user_roles WHERE user_id = $1 ORDER BY role DESC", user.0)
            .fetch_all(db)
            .await?;
    let role = |name: &str, agency| {
        let name = word("user_roles", "role", user, name)?;
        let id = user.to_string();
        Role::new(name, agency).ok_or(StoreError::Inconsistent { table: "user_roles", column: "agency", id })
    };
    rows.into_iter().map(|row| role(&row.role, row.agency)).collect()
}

/// Gives a person a role; an administrator's other agency is replaced. `false` when they had just
/// that already, and then the journal says nothing.
///
/// # Errors
/// When the database fails.
pub async fn grant(pool: &PgPool, user: UserId, role: &Role, entry: &Entry) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let changed = sqlx::query!(
        "INSERT INTO user_roles (user_id, role, agency, granted_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, role) DO UPDATE SET agency = excluded.agency, granted_at = excluded.granted_at
             WHERE user_roles.agency IS DISTINCT FROM excluded.agency",
        user.0,
        role.name().word(),
        role.agency(),
        entry.at,
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if changed == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes a role away; `false` when the person did not have it.
///
/// # Errors
/// When the database fails.
pub async fn revoke(pool: &PgPool, user: UserId, role: RoleName, entry: &Entry) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let changed =
        sqlx::query!("DELETE FROM user_roles WHERE user_id = $1 AND role = $2", user.0, role.word())
            .execute(&mut *tx)
            .await?
            .rows_affected();
    if changed == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}
