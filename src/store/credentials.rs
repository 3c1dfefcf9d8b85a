//! What people prove themselves with besides passwords: TOTP seeds, passkeys, recovery codes, and
//! the choice of codes by SMS or mail.

use sqlx::{
    PgExecutor, PgPool,
    types::{Json, Uuid},
};
use time::OffsetDateTime;

use super::{StoreError, journal, rows::word};
use crate::{
    ids::{CredentialId, UserId},
    model::{
        credential::{Credential, CredentialKind},
        journal::Entry,
    },
    secret::Digest,
};

struct Row {
    id: Uuid,
    user_id: Uuid,
    kind: String,
    label: Option<String>,
    data: Json<serde_json::Value>,
    sealed: Option<Vec<u8>>,
    created_at: OffsetDateTime,
    last_used_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Credential {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: CredentialId(row.id),
            user_id: UserId(row.user_id),
            kind: word("credentials", "kind", row.id, &row.kind)?,
            label: row.label,
            data: row.data.0,
            sealed: row.sealed,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
    }
}

/// A person's credentials, the oldest first; used recovery codes are not among them.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn list(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<Credential>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id, user_id, kind, label, data AS "data: Json<serde_json::Value>", sealed, created_at, last_used_at
           FROM credentials WHERE user_id = $1 ORDER BY created_at, id"#,
        user.0
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Credential::try_from).collect()
}

/// Whether an account asks for a second factor.
///
/// # Errors
/// When the database fails.
pub async fn has_second_factor(db: impl PgExecutor<'_>, user: UserId) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM credentials WHERE user_id = $1
                          AND kind IN ('totp', 'passkey', 'sms', 'mail')) AS "has!""#,
        user.0
    )
    .fetch_one(db)
    .await?)
}

/// The passkey with this credential id (base64url), whosever it is: how a passkey that knows its
/// account is found.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find_passkey(
    db: impl PgExecutor<'_>,
    credential_id: &str,
) -> Result<Option<Credential>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT c.id, c.user_id, c.kind, c.label, c.data AS "data: Json<serde_json::Value>", c.sealed,
                  c.created_at, c.last_used_at
           FROM credentials c JOIN users u ON u.id = c.user_id AND u.disabled_at IS NULL
           WHERE c.kind = 'passkey' AND c.data->>'credential_id' = $1"#,
        credential_id
    )
    .fetch_optional(db)
    .await?;
    row.map(Credential::try_from).transpose()
}

/// Adds credentials and writes the journal line; those of `replaced` kind that were there before
/// are taken away in the same transaction (a new set of recovery codes, a new TOTP seed).
///
/// # Errors
/// [`StoreError::Taken`] when a passkey is registered already.
pub async fn insert(
    pool: &PgPool,
    credentials: &[Credential],
    replaced: Option<(UserId, CredentialKind)>,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    if let Some((user, kind)) = replaced {
        sqlx::query!("DELETE FROM credentials WHERE user_id = $1 AND kind = $2", user.0, kind.word())
            .execute(&mut *tx)
            .await?;
    }
    for credential in credentials {
        sqlx::query!(
            "INSERT INTO credentials (id, user_id, kind, label, data, sealed, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            credential.id.0,
            credential.user_id.0,
            credential.kind.word(),
            credential.label,
            credential.data,
            credential.sealed,
            credential.created_at,
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::from_insert)?;
    }
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Gives a credential of this person another name; false when there is none of this id and kind.
///
/// # Errors
/// When the database fails.
pub async fn rename(
    pool: &PgPool,
    user: UserId,
    id: CredentialId,
    label: &str,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let renamed = sqlx::query!(
        "UPDATE credentials SET label = $3 WHERE id = $1 AND user_id = $2 AND kind = 'passkey'",
        id.0,
        user.0,
        label
    )
    .execute(&mut *tx)
    .await?;
    if renamed.rows_affected() == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes a credential of this person away, and with the last second factor the recovery codes, which
/// stand in for one; false when there was none.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    pool: &PgPool,
    user: UserId,
    id: CredentialId,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let removed = sqlx::query!("DELETE FROM credentials WHERE id = $1 AND user_id = $2", id.0, user.0)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    if removed == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "DELETE FROM credentials WHERE user_id = $1 AND kind = 'recovery-code' AND NOT EXISTS
             (SELECT 1 FROM credentials f WHERE f.user_id = $1 AND f.kind IN ('totp', 'passkey', 'sms', 'mail'))",
        user.0
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Uses a time step of a TOTP seed: true for the one caller whose step is later than every one
/// before (RFC 6238 §5.2: a code is accepted once).
///
/// # Errors
/// When the database fails.
pub async fn use_totp_step(
    db: impl PgExecutor<'_>,
    id: CredentialId,
    step: i64,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let used = sqlx::query!(
        "UPDATE credentials SET data = jsonb_set(data, '{last_step}', to_jsonb($2::bigint)), last_used_at = $3
         WHERE id = $1 AND kind = 'totp' AND COALESCE((data->>'last_step')::bigint, -1) < $2",
        id.0,
        step,
        now,
    )
    .execute(db)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Uses a recovery code up: true for the one caller who does.
///
/// # Errors
/// When the database fails.
pub async fn redeem_recovery_code(
    db: impl PgExecutor<'_>,
    user: UserId,
    digest: Digest,
) -> Result<bool, StoreError> {
    let redeemed = sqlx::query!(
        "DELETE FROM credentials WHERE user_id = $1 AND kind = 'recovery-code' AND sealed = $2",
        user.0,
        digest.as_bytes(),
    )
    .execute(db)
    .await?;
    Ok(redeemed.rows_affected() == 1)
}

/// Notes a passkey's new counter and that it was used.
///
/// # Errors
/// When the database fails.
pub async fn update_passkey(
    db: impl PgExecutor<'_>,
    id: CredentialId,
    data: &serde_json::Value,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let updated = sqlx::query!(
        "UPDATE credentials SET data = $2, last_used_at = $3 WHERE id = $1 AND kind = 'passkey'",
        id.0,
        data,
        now
    )
    .execute(db)
    .await?;
    Ok(updated.rows_affected() == 1)
}
