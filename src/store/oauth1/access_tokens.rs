//! Access tokens ("token credentials", RFC 5849 §2.3), and each reading with them.

use serde_json::json;
use sqlx::{PgExecutor, types::Json};
use time::OffsetDateTime;

use super::Nonce;
use crate::{
    ids::{ClientId, RequestId},
    model::{grant::Grant, user::User},
    secret::Digest,
    store::{StoreError, rows::Granted},
};

/// What is needed to check a request that is signed with an access token.
#[derive(Debug)]
pub struct AccessToken {
    /// Whose it is.
    pub client: ClientId,
    /// Its secret under the encryption key.
    pub sealed: Vec<u8>,
}

/// The access token with this digest, whatever has become of it.
///
/// # Errors
/// When the database fails.
pub async fn find(db: impl PgExecutor<'_>, token: Digest) -> Result<Option<AccessToken>, StoreError> {
    let row = sqlx::query!(
        "SELECT g.client_id, t.sealed FROM oauth1_access_tokens t JOIN grants g ON g.id = t.grant_id
         WHERE t.digest = $1",
        token.as_bytes()
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| AccessToken { client: ClientId(row.client_id), sealed: row.sealed }))
}

/// Who reads, for the journal.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// From where.
    pub address: &'a str,
    /// In which request.
    pub request: RequestId,
    /// Whether the request was signed.
    pub signed: bool,
    /// When.
    pub at: OffsetDateTime,
}

/// What reading with a token gives.
#[derive(Debug)]
pub enum Read {
    /// What was allowed, and of whom. The reading is in the journal.
    Given(Box<(Grant, User)>),
    /// The request came before.
    Replayed,
    /// There is no such token.
    Unknown,
    /// It is too old.
    Expired,
    /// The person withdrew it, or their account was shut.
    Revoked,
    /// Its client may not use it any more.
    ClientOff,
}

/// Reads with an access token and writes that into the journal: one write, so that nothing is given
/// out that is not in the journal.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn read(
    db: impl PgExecutor<'_>,
    token: Digest,
    nonce: Option<Nonce>,
    reader: Reader<'_>,
) -> Result<Read, StoreError> {
    let row = sqlx::query!(
        r#"WITH token AS (
               SELECT t.expires_at <= $2 AS expired, v.dead, v.client_id, v.user_id, v.id AS grant_id, v.body,
                      (c.disabled_at IS NOT NULL OR NOT 'oauth1' = ANY (c.flows)) AS client_off
               FROM oauth1_access_tokens t JOIN granted v ON v.id = t.grant_id JOIN clients c ON c.id = v.client_id
               WHERE t.digest = $1),
           nonce AS (
               INSERT INTO oauth1_nonces (client_id, digest, expires_at)
               SELECT client_id, $3, $4 FROM token WHERE $3::bytea IS NOT NULL
               ON CONFLICT DO NOTHING RETURNING 1),
           go AS (SELECT 1 WHERE $3::bytea IS NULL OR EXISTS (SELECT 1 FROM nonce)),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, address, request_id, after)
               SELECT $2, 'client', client_id::text, 'grant.read', 'user', user_id::text, $5, $6,
                      $7::jsonb || jsonb_build_object('client', client_id, 'grant', grant_id)
               FROM token WHERE NOT expired AND NOT dead AND NOT client_off AND EXISTS (SELECT 1 FROM go))
           SELECT expired AS "expired!", dead AS "dead!", client_off AS "client_off!",
                  EXISTS (SELECT 1 FROM go) AS "fresh!", body AS "body!: Json<Granted>"
           FROM token"#,
        token.as_bytes(),
        reader.at,
        nonce.as_ref().map(|nonce| nonce.digest.as_bytes()),
        nonce.map(|nonce| nonce.expires_at),
        reader.address,
        reader.request.0,
        json!({"signed": reader.signed}),
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(Read::Unknown) };
    Ok(if !row.fresh {
        Read::Replayed
    } else if row.client_off {
        Read::ClientOff
    } else if row.dead {
        Read::Revoked
    } else if row.expired {
        Read::Expired
    } else {
        Read::Given(Box::new(row.body.0.try_into()?))
    })
}
