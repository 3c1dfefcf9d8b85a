//! Clients and their secrets.

use serde::Deserialize;
use sqlx::{
    PgConnection, PgExecutor, PgPool,
    types::{Json, Uuid},
};
use time::OffsetDateTime;

use super::{
    StoreError,
    client_certificates::{self, CertificateRow},
    journal,
    rows::{texts, word, words},
};
use crate::{
    ids::{ClientId, ClientSecretId, UserId},
    model::{
        client::{Client, ClientCertificate, ClientSecret, ClientSettings, Sealed},
        journal::Entry,
    },
    secret::Digest,
};

struct Row {
    id: Uuid,
    identifier: String,
    name: String,
    client_type: String,
    profile: Option<String>,
    organisation_id: Option<Uuid>,
    flows: Vec<String>,
    auth_methods: Vec<String>,
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    scopes: Vec<String>,
    resources: Vec<String>,
    settings: Json<ClientSettings>,
    disabled_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    secrets: Json<Vec<SecretRow>>,
    certificates: Json<Vec<CertificateRow>>,
}

#[derive(Deserialize)]
struct SecretRow {
    id: Uuid,
    /// Hexadecimal.
    digest: String,
    /// Hexadecimal.
    sealed: Option<String>,
    #[serde(with = "time::serde::timestamp")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::timestamp::option")]
    expires_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::timestamp::option")]
    last_used_at: Option<OffsetDateTime>,
}

/// The client with this identifier, its secrets among it: one round trip.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(db: impl PgExecutor<'_>, identifier: &str) -> Result<Option<Client>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT c.id, c.identifier, c.name, c.type AS client_type, c.profile, c.organisation_id, c.flows, c.auth_methods,
                  c.redirect_uris, c.post_logout_redirect_uris, c.scopes, c.resources,
                  c.settings AS "settings: Json<ClientSettings>", c.disabled_at, c.created_at,
                  COALESCE((SELECT jsonb_agg(jsonb_build_object(
                                'id', s.id, 'digest', encode(s.digest, 'hex'), 'sealed', encode(s.sealed, 'hex'),
                                'created_at', floor(extract(epoch FROM s.created_at))::bigint,
                                'expires_at', floor(extract(epoch FROM s.expires_at))::bigint,
                                'last_used_at', floor(extract(epoch FROM s.last_used_at))::bigint)
                                ORDER BY s.created_at, s.id)
                            FROM client_secrets s WHERE s.client_id = c.id), '[]')
                      AS "secrets!: Json<Vec<SecretRow>>",
                  COALESCE((SELECT jsonb_agg(jsonb_build_object(
                                'id', k.id, 'key', encode(k.spki_sha256, 'hex'),
                                'der', encode(k.certificate, 'hex'),
                                'created_at', floor(extract(epoch FROM k.created_at))::bigint,
                                'expires_at', floor(extract(epoch FROM k.expires_at))::bigint,
                                'last_used_at', floor(extract(epoch FROM k.last_used_at))::bigint)
                                ORDER BY k.created_at, k.id)
                            FROM client_certificates k WHERE k.client_id = c.id), '[]')
                      AS "certificates!: Json<Vec<CertificateRow>>"
           FROM clients c WHERE c.identifier = $1"#,
        identifier
    )
    .fetch_optional(db)
    .await?;
    row.map(Client::try_from).transpose()
}

/// Identifiers, names and whether each is disabled, by identifier.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<(String, String, bool)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT identifier, name, disabled_at IS NOT NULL AS "disabled!" FROM clients ORDER BY identifier"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.identifier, r.name, r.disabled)).collect())
}

/// Every OpenID 2.0 realm that is registered, and the identifier of its client.
///
/// # Errors
/// When the database fails.
pub async fn openid2_realms(db: impl PgExecutor<'_>) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT r.realm AS "realm!", c.identifier
           FROM clients c, jsonb_array_elements_text(c.settings->'openid2_realms') AS r (realm)
           ORDER BY c.created_at, c.id"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.realm, row.identifier)).collect())
}

/// Registers a client with its first secrets and writes the journal line, in one transaction.
///
/// # Errors
/// [`StoreError::Taken`] when the identifier is in use.
pub async fn insert(pool: &PgPool, client: &Client, entry: &Entry) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    insert_rows(&mut tx, client).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// A client with its secrets and certificates.
pub(super) async fn insert_rows(db: &mut PgConnection, client: &Client) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO clients (id, identifier, name, type, profile, flows, auth_methods, redirect_uris,
                              post_logout_redirect_uris, scopes, resources, settings, created_at, updated_at,
                              organisation_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)",
        client.id.0,
        client.identifier,
        client.name,
        client.client_type.word(),
        client.profile.map(|p| p.word()),
        &texts(&client.flows),
        &texts(&client.auth_methods),
        &client.redirect_uris,
        &client.post_logout_redirect_uris,
        &client.scopes,
        &client.resources,
        Json(&client.settings) as _,
        client.created_at,
        client.organisation.map(|id| id.0),
    )
    .execute(&mut *db)
    .await
    .map_err(StoreError::from_insert)?;
    for secret in &client.secrets {
        insert_secret_row(db, client.id, secret).await?;
    }
    for certificate in &client.certificates {
        client_certificates::insert_row(db, client.id, certificate).await?;
    }
    Ok(())
}

/// Replaces everything but identifier, secrets and creation time.
///
/// # Errors
/// When the database fails.
pub async fn update(
    pool: &PgPool,
    client: &Client,
    now: OffsetDateTime,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    update_row(&mut *tx, client, now).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Everything of a client but identifier, secrets and creation time; false when it is gone.
pub(super) async fn update_row(
    db: impl PgExecutor<'_>,
    client: &Client,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let updated = sqlx::query!(
        "UPDATE clients SET name = $2, type = $3, profile = $4, flows = $5, auth_methods = $6, redirect_uris = $7,
                post_logout_redirect_uris = $8, scopes = $9, resources = $10, settings = $11, disabled_at = $12,
                updated_at = $13, organisation_id = $14
         WHERE id = $1",
        client.id.0,
        client.name,
        client.client_type.word(),
        client.profile.map(|p| p.word()),
        &texts(&client.flows),
        &texts(&client.auth_methods),
        &client.redirect_uris,
        &client.post_logout_redirect_uris,
        &client.scopes,
        &client.resources,
        Json(&client.settings) as _,
        client.disabled_at,
        now,
        client.organisation.map(|id| id.0),
    )
    .execute(db)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Adds a secret to a client.
///
/// # Errors
/// When the database fails.
pub async fn insert_secret(
    pool: &PgPool,
    client: ClientId,
    secret: &ClientSecret,
    entry: &Entry,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    insert_secret_row(&mut tx, client, secret).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn insert_secret_row(
    db: &mut PgConnection,
    client: ClientId,
    secret: &ClientSecret,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO client_secrets (id, client_id, digest, created_at, expires_at, sealed)
         VALUES ($1, $2, $3, $4, $5, $6)",
        secret.id.0,
        client.0,
        secret.digest.as_bytes(),
        secret.created_at,
        secret.expires_at,
        secret.sealed.as_ref().map(|sealed| sealed.0.as_slice()),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes a secret away; false when the client has none of that id.
///
/// # Errors
/// When the database fails.
pub async fn remove_secret(
    pool: &PgPool,
    client: ClientId,
    secret: ClientSecretId,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await?;
    let removed =
        sqlx::query!("DELETE FROM client_secrets WHERE id = $1 AND client_id = $2", secret.0, client.0)
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

/// Removes a client and all that hangs from it.
///
/// # Errors
/// When the database fails.
pub async fn remove(pool: &PgPool, client: ClientId, entry: &Entry) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!("DELETE FROM clients WHERE id = $1", client.0).execute(&mut *tx).await?;
    journal::insert(&mut *tx, entry).await?;
    Ok(tx.commit().await?)
}

/// Notes when secrets were last used; gathered uses, so that a token request needs no write of
/// its own for it.
///
/// # Errors
/// When the database fails.
pub async fn touch_secrets(
    db: impl PgExecutor<'_>,
    secrets: &[(ClientSecretId, OffsetDateTime)],
) -> Result<(), StoreError> {
    let (ids, times): (Vec<Uuid>, Vec<OffsetDateTime>) = secrets.iter().map(|(id, at)| (id.0, *at)).unzip();
    sqlx::query!(
        "UPDATE client_secrets s SET last_used_at = used.at
         FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at)
         WHERE s.id = used.id AND (s.last_used_at IS NULL OR s.last_used_at < used.at)",
        &ids,
        &times,
    )
    .execute(db)
    .await?;
    Ok(())
}

impl TryFrom<Row> for Client {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ClientId(row.id),
            client_type: word("clients", "type", row.id, &row.client_type)?,
            profile: row.profile.map(|p| word("clients", "profile", row.id, &p)).transpose()?,
            organisation: row.organisation_id.map(UserId),
            flows: words("clients", "flows", row.id, &row.flows)?,
            auth_methods: words("clients", "auth_methods", row.id, &row.auth_methods)?,
            identifier: row.identifier,
            name: row.name,
            redirect_uris: row.redirect_uris,
            post_logout_redirect_uris: row.post_logout_redirect_uris,
            scopes: row.scopes,
            resources: row.resources,
            settings: row.settings.0,
            secrets: row.secrets.0.into_iter().map(ClientSecret::try_from).collect::<Result<_, _>>()?,
            certificates: row
                .certificates
                .0
                .into_iter()
                .map(ClientCertificate::try_from)
                .collect::<Result<_, _>>()?,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
        })
    }
}

impl TryFrom<SecretRow> for ClientSecret {
    type Error = StoreError;

    fn try_from(row: SecretRow) -> Result<Self, StoreError> {
        let bad =
            |column| StoreError::Inconsistent { table: "client_secrets", column, id: row.id.to_string() };
        let digest = bytes(&row.digest).and_then(|bytes| Digest::from_stored(&bytes));
        let sealed = row.sealed.as_deref().map(|hex| bytes(hex).ok_or_else(|| bad("sealed")));
        Ok(Self {
            id: ClientSecretId(row.id),
            digest: digest.ok_or_else(|| bad("digest"))?,
            sealed: sealed.transpose()?.map(Sealed),
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        })
    }
}

/// Bytes from hexadecimal.
pub(super) fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pair = |at| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..hex.len()).step_by(2).map(pair).collect()
}
