//! Certificates of clients: kept whole for whoever looks, compared by their keys alone.

use serde::Deserialize;
use sqlx::{PgConnection, PgExecutor, PgPool, types::Uuid};
use time::OffsetDateTime;

use super::{StoreError, clients::bytes, journal, rows::texts};
use crate::{
    ids::{ClientCertificateId, ClientId},
    model::{
        client::{Client, ClientCertificate},
        journal::Entry,
    },
    secret::Digest,
};

/// A row as the statement that reads a client gives it.
#[derive(Deserialize)]
pub(super) struct CertificateRow {
    id: Uuid,
    /// Hexadecimal.
    key: String,
    /// Hexadecimal.
    der: String,
    #[serde(with = "time::serde::timestamp")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::timestamp::option")]
    expires_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::timestamp::option")]
    last_used_at: Option<OffsetDateTime>,
}

impl TryFrom<CertificateRow> for ClientCertificate {
    type Error = StoreError;

    fn try_from(row: CertificateRow) -> Result<Self, StoreError> {
        let bad = |column| StoreError::Inconsistent {
            table: "client_certificates",
            column,
            id: row.id.to_string(),
        };
        let key = bytes(&row.key).and_then(|bytes| Digest::from_stored(&bytes));
        let key = key.ok_or_else(|| bad("spki_sha256"))?;
        let der = bytes(&row.der).ok_or_else(|| bad("certificate"))?;
        Ok(Self {
            id: ClientCertificateId(row.id),
            key,
            der,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        })
    }
}

/// Gives a client the last certificate of its list, and the ways of authentication that it has now.
///
/// # Errors
/// [`StoreError::Taken`] when the client has one with this key already.
pub async fn insert_last(pool: &PgPool, client: &Client, entry: &Entry) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    if let Some(certificate) = client.certificates.last() {
        insert_row(&mut tx, client.id, certificate).await?;
    }
    sqlx::query!(
        "UPDATE clients SET auth_methods = $2, updated_at = $3 WHERE id = $1",
        client.id.0,
        &texts(&client.auth_methods),
        entry.at,
    )
    .execute(&mut *tx)
    .await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn insert_row(
    db: &mut PgConnection,
    client: ClientId,
    certificate: &ClientCertificate,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO client_certificates (id, client_id, spki_sha256, certificate, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        certificate.id.0,
        client.0,
        certificate.key.as_bytes(),
        certificate.der,
        certificate.created_at,
        certificate.expires_at,
    )
    .execute(db)
    .await
    .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Takes a certificate away; false when the client has none of that id.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    pool: &PgPool,
    client: ClientId,
    certificate: ClientCertificateId,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let removed = sqlx::query!(
        "DELETE FROM client_certificates WHERE id = $1 AND client_id = $2",
        certificate.0,
        client.0
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if removed == 0 {
        return Ok(false);
    }
    journal::insert(&mut *tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Notes when certificates were last used, as for secrets.
///
/// # Errors
/// When the database fails.
pub async fn touch(
    db: impl PgExecutor<'_>,
    certificates: &[(ClientCertificateId, OffsetDateTime)],
) -> Result<(), StoreError> {
    let (ids, times): (Vec<Uuid>, Vec<OffsetDateTime>) =
        certificates.iter().map(|(id, at)| (id.0, *at)).unzip();
    sqlx::query!(
        "UPDATE client_certificates c SET last_used_at = used.at
         FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at)
         WHERE c.id = used.id AND (c.last_used_at IS NULL OR c.last_used_at < used.at)",
        &ids,
        &times,
    )
    .execute(db)
    .await?;
    Ok(())
}
