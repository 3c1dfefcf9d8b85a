//! People as a registrar looks for them: by what is known of them, and those whose documents wait.

use std::collections::BTreeMap;

use sqlx::{
    PgExecutor,
    types::{Json, Uuid},
};
use time::OffsetDateTime;

use super::{
    StoreError,
    rows::{Person, word},
};
use crate::{
    ids::UserId,
    model::user::{AttributeValue, User, UserKind},
};

/// A line of a list of people.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The account.
    pub id: UserId,
    /// What sort of account.
    pub kind: UserKind,
    /// The user name.
    pub username: String,
    /// The full name, when one is held.
    pub full_name: Option<String>,
    /// Whether it is shut out.
    pub disabled: bool,
    /// When the oldest document that nobody has looked at came.
    pub waiting_since: Option<OffsetDateTime>,
}

pub(super) struct Row {
    pub id: Uuid,
    pub kind: String,
    pub username: String,
    pub full_name: Option<String>,
    pub disabled: bool,
    pub waiting_since: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Listed {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: UserId(row.id),
            kind: word("users", "kind", row.id, &row.kind)?,
            username: row.username,
            full_name: row.full_name,
            disabled: row.disabled,
            waiting_since: row.waiting_since,
        })
    }
}

/// What is looked for.
#[derive(Clone)]
pub struct Search {
    /// The user name as it is unique.
    pub username_key: String,
    /// Forms in which an identifier, mail address or phone may be stored, in lower case.
    pub exact: Vec<String>,
    /// The beginning of a name, in lower case.
    pub name: String,
}

/// Accounts that fit, by user name; closed ones hold nothing to find.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list(
    db: impl PgExecutor<'_>,
    search: &Search,
    offset: i64,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    // A name is a beginning, never a pattern of the searcher's own.
    let prefix = format!("{}%", search.name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT u.id, u.kind, u.username, u.disabled_at IS NOT NULL AS "disabled!",
                  (SELECT coalesce(max(value) FILTER (WHERE name = 'full_name'),
                                   concat_ws(' ', max(value) FILTER (WHERE name = 'first_name'),
                                                  max(value) FILTER (WHERE name = 'last_name')))
                   FROM user_attributes WHERE user_id = u.id) AS full_name,
                  (SELECT min(created_at) FROM user_files
                   WHERE user_id = u.id AND name = 'document' AND reviewed_at IS NULL) AS waiting_since
           FROM users u
           WHERE u.closed_at IS NULL
             AND (u.username_key = $1
                  OR u.id IN (SELECT user_id FROM user_attributes
                              WHERE lower(value) = ANY($2)
                                AND (is_identifier OR name IN ('email', 'mobile_phone')))
                  OR u.id IN (SELECT user_id FROM user_attributes
                              WHERE lower(value) LIKE $3 AND name IN ('full_name', 'first_name', 'last_name')))
           ORDER BY u.username_key OFFSET $4 LIMIT $5"#,
        search.username_key,
        &search.exact,
        prefix,
        offset,
        limit,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// Accounts with documents that nobody has looked at, who waits longest first.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list_waiting(
    db: impl PgExecutor<'_>,
    offset: i64,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT u.id, u.kind, u.username, u.disabled_at IS NOT NULL AS "disabled!",
                  (SELECT coalesce(max(value) FILTER (WHERE name = 'full_name'),
                                   concat_ws(' ', max(value) FILTER (WHERE name = 'first_name'),
                                                  max(value) FILTER (WHERE name = 'last_name')))
                   FROM user_attributes WHERE user_id = u.id) AS full_name,
                  waiting.since AS waiting_since
           FROM (SELECT user_id, min(created_at) AS since FROM user_files
                 WHERE name = 'document' AND reviewed_at IS NULL GROUP BY user_id) waiting
           JOIN users u ON u.id = waiting.user_id AND u.closed_at IS NULL
           ORDER BY waiting.since, u.id OFFSET $1 LIMIT $2"#,
        offset,
        limit,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// The account of this id; none once it is closed.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(db: impl PgExecutor<'_>, user: UserId) -> Result<Option<User>, StoreError> {
    let row = sqlx::query_as!(
        Person,
        r#"SELECT p.id AS "id!", p.kind AS "kind!", p.username AS "username!", p.locale, p.disabled_at,
                  p.updated_at AS "updated_at!",
                  p.attributes AS "attributes!: Json<BTreeMap<String, AttributeValue>>"
           FROM people p JOIN users u ON u.id = p.id AND u.closed_at IS NULL WHERE p.id = $1"#,
        user.0
    )
    .fetch_optional(db)
    .await?;
    row.map(User::try_from).transpose()
}
