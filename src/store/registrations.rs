//! Accounts that people make for themselves.

use sqlx::{PgExecutor, PgPool, types::Uuid};

use super::{
    StoreError, journal, outbox,
    users::{self, NewUser},
};
use crate::{
    ids::UserId,
    model::{journal::Entry, locale::Locale, user::username_key},
    store::outbox::Message,
};

/// An account about to be made, with all that belongs to it.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// The account.
    pub user: &'a NewUser,
    /// The person's language.
    pub locale: Locale,
    /// Who acts for a juristic person.
    pub representative: Option<&'a Representative>,
    /// What is told to whom.
    pub messages: &'a [Message],
}

/// Who acts for a juristic person.
#[derive(Clone)]
pub struct Representative {
    /// The identifier's attribute.
    pub name: String,
    /// The identifier.
    pub value: String,
    /// The full name.
    pub full_name: String,
}

// Not derived: identifiers and names stay out of logs.
impl std::fmt::Debug for Representative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Representative(..)")
    }
}

/// What became of the wish to make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is made.
    Now,
    /// An earlier press made it.
    Before,
    /// Another account has the user name.
    UsernameTaken,
}

/// Makes an account: all of it or nothing. The id is chosen beforehand by the journey, so that two
/// presses at once make one account: the unique key decides.
///
/// # Errors
/// When the database fails.
pub async fn insert(pool: &PgPool, account: &NewAccount<'_>, entry: &Entry) -> Result<Made, StoreError> {
    let (user, now) = (account.user, entry.at);
    let mut tx = pool.begin().await?;
    let made = sqlx::query!(
        "INSERT INTO users (id, kind, username, username_key, locale, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING",
        user.id.0,
        user.kind.word(),
        user.username,
        username_key(&user.username),
        account.locale.tag(),
        now,
    )
    .execute(&mut *tx)
    .await?;
    if made.rows_affected() == 0 {
        let before = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM users WHERE id = $1) AS "before!""#,
            user.id.0
        )
        .fetch_one(&mut *tx)
        .await?;
        return Ok(if before { Made::Before } else { Made::UsernameTaken });
    }
    for attribute in &user.attributes {
        users::set_attribute(&mut tx, user.id, attribute, "self", now).await?;
    }
    if let Some(hash) = &user.password_hash {
        users::upsert_password(&mut tx, user.id, hash, now).await?;
    }
    if let Some(person) = account.representative {
        sqlx::query!(
            "INSERT INTO representatives (user_id, name, value, full_name, added_at) VALUES ($1, $2, $3, $4, $5)",
            user.id.0,
            person.name,
            person.value,
            person.full_name,
            now,
        )
        .execute(&mut *tx)
        .await?;
    }
    for message in account.messages {
        outbox::insert(&mut *tx, message).await?;
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(Made::Now)
}

/// The account that holds this identifier checked against a register or better.
///
/// # Errors
/// When the database fails.
pub async fn find_verified(
    db: impl PgExecutor<'_>,
    name: &str,
    value: &str,
) -> Result<Option<UserId>, StoreError> {
    let id: Option<Uuid> = sqlx::query_scalar!(
        "SELECT user_id FROM user_attributes
         WHERE name = $1 AND value = $2 AND is_identifier AND level >= 2",
        name,
        value
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(UserId))
}

/// Whether an account goes by this user name.
///
/// # Errors
/// When the database fails.
pub async fn is_taken(db: impl PgExecutor<'_>, username: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM users WHERE username_key = $1) AS "taken!""#,
        username_key(username)
    )
    .fetch_one(db)
    .await?)
}
