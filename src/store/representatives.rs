//! Who may act for an organisation.

use sqlx::PgExecutor;

use super::StoreError;
use crate::{ids::UserId, model::hints::Identifier};

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
