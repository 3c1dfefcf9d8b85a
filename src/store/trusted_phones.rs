//! A client's word that it confirmed a phone just now: given within a limit, believed once.

use sqlx::{PgExecutor, PgPool};
use time::{Duration, OffsetDateTime};

use super::StoreError;
use crate::{ids::ClientId, secret::Digest};

/// How long a word is believed.
pub const TTL: Duration = Duration::minutes(60);
/// How often one phone may be vouched for within [`WINDOW`], by all clients together.
const MOST: i64 = 10;
/// The stretch of time that counts.
const WINDOW: Duration = Duration::minutes(1);
/// What `spends` calls these.
const KIND: &str = "trusted-phone";

/// What became of the wish to vouch for a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vouched {
    /// The word is kept.
    Now,
    /// Too many within a minute; the next is taken at this time.
    TooMany(OffsetDateTime),
}

/// Keeps a client's word, unless the phone was vouched for too often within the last minute. Wishes
/// for one phone wait for each other, so that of those at once, at whatever instance, no more are taken.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    pool: &PgPool,
    secret: Digest,
    client: ClientId,
    phone: &str,
    now: OffsetDateTime,
) -> Result<Vouched, StoreError> {
    let key = Digest::of(phone.as_bytes());
    let mut tx = pool.begin().await?;
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended($1 || encode($2::bytea, 'hex'), 0))",
        KIND,
        key.as_bytes()
    )
    .execute(&mut *tx)
    .await?;
    let oldest = sqlx::query_scalar!(
        r#"WITH recent AS (SELECT began_at, spent FROM spends WHERE kind = $1 AND key = $2 AND began_at > $3),
                free AS (SELECT coalesce(sum(spent), 0) < $4 AS so FROM recent),
                spent AS (INSERT INTO spends AS s (kind, key, began_at, spent)
                          SELECT $1, $2, $5, 1 FROM free WHERE so
                          ON CONFLICT (kind, key, began_at) DO UPDATE SET spent = s.spent + 1),
                kept AS (INSERT INTO trusted_phones (digest, client_id, phone, created_at, expires_at)
                         SELECT $6, $7, $8, $5, $9 FROM free WHERE so)
           SELECT CASE WHEN so THEN NULL ELSE (SELECT min(began_at) FROM recent) END FROM free"#,
        KIND,
        key.as_bytes(),
        now - WINDOW,
        MOST,
        now,
        secret.as_bytes(),
        client.0,
        phone,
        now + TTL,
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(oldest.map_or(Vouched::Now, |began_at| Vouched::TooMany(began_at + WINDOW)))
}

/// Uses a word up: true for the one who does, if it was this client's, for this phone, and is
/// not too old.
///
/// # Errors
/// When the database fails.
pub async fn redeem(
    db: impl PgExecutor<'_>,
    secret: Digest,
    client: ClientId,
    phone: &str,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let redeemed = sqlx::query_scalar!(
        "UPDATE trusted_phones SET used_at = $4
         WHERE digest = $1 AND client_id = $2 AND phone = $3 AND used_at IS NULL AND expires_at > $4
         RETURNING client_id",
        secret.as_bytes(),
        client.0,
        phone,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(redeemed.is_some())
}
