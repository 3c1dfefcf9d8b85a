//! People carried from one installation to another, password hashes included.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{PgExecutor, PgPool, types::Json};

use super::{
    StoreError,
    rows::Person,
    users::{self, NewUser},
};
use crate::model::{
    journal::Entry,
    locale::Locale,
    user::{AttributeValue, User, username_key},
};

/// Rows looked up by one statement.
const BATCH: usize = 1_000;

/// Somebody to be taken in.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The account.
    pub user: NewUser,
    /// The person's language.
    pub locale: Option<Locale>,
    /// Its line of the journal.
    pub entry: Entry,
}

/// Why nobody was taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// What this newcomer (by place in the list) brings is taken: the constraint's name.
    #[error("newcomer {0}: {1} is taken")]
    Taken(usize, String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which of these user names have an account, in the form of [`username_key`].
///
/// # Errors
/// When the database fails.
pub async fn present(
    pool: &PgPool,
    usernames: impl Iterator<Item = &str>,
) -> Result<BTreeSet<String>, StoreError> {
    let keys: Vec<String> = usernames.map(username_key).collect();
    let mut present = BTreeSet::new();
    for batch in keys.chunks(BATCH) {
        let found = sqlx::query_scalar!("SELECT username_key FROM users WHERE username_key = ANY($1)", batch)
            .fetch_all(pool)
            .await?;
        present.extend(found);
    }
    Ok(present)
}

/// Takes all of them in, or none: one transaction.
///
/// # Errors
/// [`ImportError::Taken`] naming the first whose name or verified identifier is in use.
pub async fn insert_all(pool: &PgPool, newcomers: &[Newcomer], source: &str) -> Result<(), ImportError> {
    let mut tx = pool.begin().await.map_err(StoreError::from)?;
    for (place, newcomer) in newcomers.iter().enumerate() {
        match users::insert_within(&mut tx, &newcomer.user, source, &newcomer.entry).await {
            Err(StoreError::Taken(constraint)) => return Err(ImportError::Taken(place, constraint)),
            done => done?,
        }
        if let Some(locale) = newcomer.locale {
            sqlx::query!("UPDATE users SET locale = $2 WHERE id = $1", newcomer.user.id.0, locale.tag())
                .execute(&mut *tx)
                .await
                .map_err(StoreError::from)?;
        }
    }
    Ok(tx.commit().await.map_err(StoreError::from)?)
}

/// Accounts with their password hashes: at most `limit`, by name, from `after` on.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list(
    db: impl PgExecutor<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<(User, Option<String>)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT p.id AS "id!", p.kind AS "kind!", p.username AS "username!", p.locale, p.disabled_at,
                  p.updated_at AS "updated_at!",
                  p.attributes AS "attributes!: Json<BTreeMap<String, AttributeValue>>", w.hash AS "hash?"
           FROM people p LEFT JOIN passwords w ON w.user_id = p.id
           WHERE p.username_key > $1 ORDER BY p.username_key LIMIT $2"#,
        after,
        limit
    )
    .fetch_all(db)
    .await?;
    let person = |row| {
        let (person, hash): (Person, Option<String>) = row;
        Ok((User::try_from(person)?, hash))
    };
    rows.into_iter()
        .map(|r| {
            let columns = Person {
                id: r.id,
                kind: r.kind,
                username: r.username,
                locale: r.locale,
                disabled_at: r.disabled_at,
                updated_at: r.updated_at,
                attributes: r.attributes,
            };
            person((columns, r.hash))
        })
        .collect()
}
