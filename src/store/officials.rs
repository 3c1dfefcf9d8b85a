//! Accounts that an agency made for its officials.

use sqlx::{PgExecutor, types::Uuid};

use super::{
    StoreError,
    people::{Listed, Row},
};
use crate::ids::UserId;

/// Who says so, of values an agency gave about its officials.
pub const SOURCE: &str = "agency";

/// The officials of an agency, by user name; with `search` those whose user name, mail or identifier
/// is that, or whose name begins so.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list(
    db: impl PgExecutor<'_>,
    agency: &str,
    search: Option<&str>,
    offset: i64,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let search = search.map(str::to_lowercase);
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT u.id, u.kind, u.username, u.disabled_at IS NOT NULL AS "disabled!",
                  (SELECT coalesce(max(value) FILTER (WHERE name = 'full_name'),
                                   concat_ws(' ', max(value) FILTER (WHERE name = 'first_name'),
                                                  max(value) FILTER (WHERE name = 'last_name')))
                   FROM user_attributes WHERE user_id = u.id) AS full_name,
                  NULL::timestamptz AS waiting_since
           FROM user_attributes employer
           JOIN users u ON u.id = employer.user_id AND u.kind = 'government-agent' AND u.closed_at IS NULL
           WHERE employer.name = 'organization.name' AND employer.source = $5 AND employer.value = $1
             AND ($2::text IS NULL OR u.username_key = $2 OR EXISTS (
                 SELECT 1 FROM user_attributes a WHERE a.user_id = u.id
                   AND ((lower(a.value) = $2 AND (a.is_identifier OR a.name = 'email'))
                        OR (starts_with(lower(a.value), $2)
                            AND a.name IN ('full_name', 'first_name', 'last_name')))))
           ORDER BY u.username_key OFFSET $3 LIMIT $4"#,
        agency,
        search,
        offset,
        limit,
        SOURCE,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// Whether this account is one the agency made, and whether its owner has chosen a password yet;
/// `None` for everybody else's officials, who are none of this agency's business.
///
/// # Errors
/// When the database fails.
pub async fn find_state(
    db: impl PgExecutor<'_>,
    agency: &str,
    user: UserId,
) -> Result<Option<Official>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT u.id, EXISTS (SELECT 1 FROM passwords WHERE user_id = u.id) AS "has_password!"
           FROM user_attributes employer
           JOIN users u ON u.id = employer.user_id AND u.kind = 'government-agent' AND u.closed_at IS NULL
           WHERE u.id = $1 AND employer.name = 'organization.name' AND employer.source = $3
             AND employer.value = $2"#,
        user.0,
        agency,
        SOURCE,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Official { id: row.id, has_password: row.has_password }))
}

/// An official of an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Official {
    /// The account.
    pub id: Uuid,
    /// Whether its owner has followed the invitation.
    pub has_password: bool,
}
