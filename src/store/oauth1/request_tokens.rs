//! Request tokens ("temporary credentials", RFC 5849 §2.1): approved by a person once, exchanged once.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::Nonce;
use crate::{
    ids::{ClientId, GrantId, JourneyId},
    model::{consent::Decision, grant::Grant},
    secret::Digest,
    store::{StoreError, rows::texts},
};

/// Wrong verifiers that end a token.
const MOST_ATTEMPTS: i32 = 5;

/// A request token to be stored.
#[derive(Debug)]
pub struct NewRequestToken<'a> {
    /// Its digest.
    pub digest: Digest,
    /// Whose it is.
    pub client: ClientId,
    /// The token and its secret under the encryption key.
    pub sealed: &'a [u8],
    /// Where the person goes back to.
    pub callback: &'a str,
    /// What it is for.
    pub scopes: &'a [String],
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
}

/// A request token as it was stored, and what has become of it.
#[derive(Debug)]
pub struct RequestToken {
    /// Whose it is.
    pub client: ClientId,
    /// The same, by identifier.
    pub client_identifier: String,
    /// The token and its secret under the encryption key.
    pub sealed: Vec<u8>,
    /// Where the person goes back to.
    pub callback: String,
    /// What it is for.
    pub scopes: Vec<String>,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
    /// What the person allowed, once they have.
    pub grant: Option<GrantId>,
    /// Whether it was exchanged.
    pub redeemed: bool,
    /// Whether too many wrong verifiers have ended it.
    pub exhausted: bool,
    /// Whether what the person allowed has ended, or their account.
    pub dead: bool,
}

/// Stores a request token; false when the request's nonce was used before.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: impl PgExecutor<'_>,
    token: &NewRequestToken<'_>,
    nonce: Option<Nonce>,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query_scalar!(
        r#"WITH nonce AS (
               INSERT INTO oauth1_nonces (client_id, digest, expires_at)
               SELECT $2, $8, $9 WHERE $8::bytea IS NOT NULL ON CONFLICT DO NOTHING RETURNING 1),
           inserted AS (
               INSERT INTO oauth1_request_tokens
                   (digest, client_id, sealed, callback, scopes, attempts, created_at, expires_at)
               SELECT $1, $2, $3, $4, $5, 0, $6, $7
               WHERE $8::bytea IS NULL OR EXISTS (SELECT 1 FROM nonce) RETURNING 1)
           SELECT count(*) AS "count!" FROM inserted"#,
        token.digest.as_bytes(),
        token.client.0,
        token.sealed,
        token.callback,
        token.scopes,
        token.created_at,
        token.expires_at,
        nonce.as_ref().map(|nonce| nonce.digest.as_bytes()),
        nonce.map(|nonce| nonce.expires_at),
    )
    .fetch_one(db)
    .await?;
    Ok(inserted == 1)
}

/// The request token with this digest, whatever has become of it.
///
/// # Errors
/// When the database fails.
pub async fn find(db: impl PgExecutor<'_>, token: Digest) -> Result<Option<RequestToken>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT t.client_id, c.identifier, t.sealed, t.callback, t.scopes, t.expires_at, t.grant_id,
                  t.redeemed_at IS NOT NULL AS "redeemed!", t.attempts >= $2 AS "exhausted!",
                  EXISTS (SELECT 1 FROM granted v WHERE v.id = t.grant_id AND v.dead) AS "dead!"
           FROM oauth1_request_tokens t JOIN clients c ON c.id = t.client_id WHERE t.digest = $1"#,
        token.as_bytes(),
        MOST_ATTEMPTS,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| RequestToken {
        client: ClientId(row.client_id),
        client_identifier: row.identifier,
        sealed: row.sealed,
        callback: row.callback,
        scopes: row.scopes,
        expires_at: row.expires_at,
        grant: row.grant_id.map(GrantId),
        redeemed: row.redeemed,
        exhausted: row.exhausted,
        dead: row.dead,
    }))
}

/// Stores what the person allowed with the verifier for it, remembers the consent, and claims the
/// journey it ends: one write, so that of two at once one wins. False when another ended the
/// journey, or the token was approved before or is too old.
///
/// # Errors
/// When the database fails.
pub async fn approve(
    db: impl PgExecutor<'_>,
    token: Digest,
    verifier: Digest,
    grant: &Grant,
    journey: Option<JourneyId>,
    remember: Option<&Decision>,
) -> Result<bool, StoreError> {
    let names = |set: fn(&Decision) -> &std::collections::BTreeSet<String>| -> Vec<String> {
        remember.map(|decision| set(decision).iter().cloned().collect()).unwrap_or_default()
    };
    let approved = sqlx::query_scalar!(
        r#"WITH claimed AS (
               UPDATE journeys SET finished_at = $9 WHERE id = $10 AND finished_at IS NULL AND expires_at > $9
               RETURNING id),
           approved AS (
               UPDATE oauth1_request_tokens SET grant_id = $1, verifier_digest = $12
               WHERE digest = $11 AND grant_id IS NULL AND expires_at > $9
                 AND ($10::uuid IS NULL OR EXISTS (SELECT 1 FROM claimed))
               RETURNING digest),
           granted AS (
               INSERT INTO grants (id, client_id, user_id, session_id, scopes, attributes, id_token_claims,
                                   userinfo_claims, resources, amr, auth_time, created_at)
               SELECT $1, $2, $3, $4, $5, $6, '{}', '{}', '{}', $7, $8, $9 FROM approved RETURNING id),
           remembered AS (
               INSERT INTO consents AS c (user_id, client_id, scopes, attributes, refused, granted_at, updated_at)
               SELECT $3, $2, $14, $15, $16, $9, $9 FROM granted WHERE $13
               ON CONFLICT (user_id, client_id) DO UPDATE SET
                   scopes = ARRAY(SELECT DISTINCT unnest(c.scopes || excluded.scopes) ORDER BY 1),
                   attributes = ARRAY(SELECT DISTINCT unnest(c.attributes || excluded.attributes)
                                      EXCEPT SELECT unnest(excluded.refused) ORDER BY 1),
                   refused = ARRAY(SELECT DISTINCT unnest(c.refused || excluded.refused)
                                   EXCEPT SELECT unnest(excluded.attributes) ORDER BY 1),
                   updated_at = excluded.updated_at),
           seen AS (
               UPDATE sessions SET last_seen_at = $9
               WHERE id = $4 AND last_seen_at < $9::timestamptz - interval '1 minute'),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, after)
               SELECT $9, 'user', $3::uuid::text, 'grant.insert', 'grant', id::text,
                      jsonb_build_object('client', $2::uuid, 'scopes', $5::text[], 'attributes', $6::text[])
               FROM granted)
           SELECT count(*) AS "count!" FROM granted"#,
        grant.id.0,
        grant.client_id.0,
        grant.user_id.0,
        grant.session_id.map(|session| session.0),
        &grant.scopes,
        &grant.attributes,
        &texts(&grant.amr),
        grant.auth_time,
        grant.created_at,
        journey.map(|journey| journey.0),
        token.as_bytes(),
        verifier.as_bytes(),
        remember.is_some(),
        &names(|decision| &decision.scopes),
        &names(|decision| &decision.attributes),
        &names(|decision| &decision.refused),
    )
    .fetch_one(db)
    .await?;
    Ok(approved == 1)
}

/// An access token to be stored in exchange.
#[derive(Debug)]
pub struct NewAccessToken<'a> {
    /// Its digest.
    pub digest: Digest,
    /// Its secret under the encryption key.
    pub sealed: &'a [u8],
    /// When it stops working.
    pub expires_at: OffsetDateTime,
}

/// What became of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The token was exchanged by this request.
    Now,
    /// The verifier was wrong, and was counted.
    WrongVerifier,
    /// The request came before.
    Replayed,
    /// The token can't be exchanged any more.
    Gone,
}

/// Exchanges an approved request token for an access token, or counts a wrong verifier: one write,
/// so that of two at once one wins and tries in parallel are all counted.
///
/// # Errors
/// When the database fails.
pub async fn redeem(
    db: impl PgExecutor<'_>,
    (client, token): (ClientId, Digest),
    verifier: Digest,
    access_token: &NewAccessToken<'_>,
    nonce: Option<Nonce>,
    now: OffsetDateTime,
) -> Result<Redeemed, StoreError> {
    let row = sqlx::query!(
        r#"WITH nonce AS (
               INSERT INTO oauth1_nonces (client_id, digest, expires_at)
               SELECT $1, $2, $3 WHERE $2::bytea IS NOT NULL ON CONFLICT DO NOTHING RETURNING 1),
           go AS (SELECT 1 WHERE $2::bytea IS NULL OR EXISTS (SELECT 1 FROM nonce)),
           tried AS (
               UPDATE oauth1_request_tokens
               SET redeemed_at = CASE WHEN verifier_digest = $5 THEN $6::timestamptz END,
                   attempts = attempts + CASE WHEN verifier_digest = $5 THEN 0 ELSE 1 END
               WHERE digest = $4 AND client_id = $1 AND grant_id IS NOT NULL AND redeemed_at IS NULL
                 AND attempts < $7 AND expires_at > $6 AND EXISTS (SELECT 1 FROM go)
               RETURNING grant_id, redeemed_at IS NOT NULL AS redeemed),
           issued AS (
               INSERT INTO oauth1_access_tokens (digest, grant_id, sealed, created_at, expires_at)
               SELECT $8, grant_id, $9, $6, $10 FROM tried WHERE redeemed)
           SELECT EXISTS (SELECT 1 FROM go) AS "fresh!", (SELECT redeemed FROM tried) AS redeemed"#,
        client.0,
        nonce.as_ref().map(|nonce| nonce.digest.as_bytes()),
        nonce.map(|nonce| nonce.expires_at),
        token.as_bytes(),
        verifier.as_bytes(),
        now,
        MOST_ATTEMPTS,
        access_token.digest.as_bytes(),
        access_token.sealed,
        access_token.expires_at,
    )
    .fetch_one(db)
    .await?;
    Ok(match (row.fresh, row.redeemed) {
        (false, _) => Redeemed::Replayed,
        (true, Some(true)) => Redeemed::Now,
        (true, Some(false)) => Redeemed::WrongVerifier,
        (true, None) => Redeemed::Gone,
    })
}

/// Revokes what an exchanged token gave: it came again in a new request, so one of the two was not
/// the consumer's. False when the request itself came before.
///
/// # Errors
/// When the database fails.
pub async fn revoke_reused(
    db: impl PgExecutor<'_>,
    (client, token): (ClientId, Digest),
    nonce: Option<Nonce>,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let fresh = sqlx::query_scalar!(
        r#"WITH nonce AS (
               INSERT INTO oauth1_nonces (client_id, digest, expires_at)
               SELECT $1, $2, $3 WHERE $2::bytea IS NOT NULL ON CONFLICT DO NOTHING RETURNING 1),
           go AS (SELECT 1 WHERE $2::bytea IS NULL OR EXISTS (SELECT 1 FROM nonce)),
           revoked AS (
               UPDATE grants SET revoked_at = $5
               WHERE id = (SELECT grant_id FROM oauth1_request_tokens
                           WHERE digest = $4 AND client_id = $1 AND redeemed_at IS NOT NULL)
                 AND revoked_at IS NULL AND EXISTS (SELECT 1 FROM go)
               RETURNING id),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, after)
               SELECT $5, 'client', $1::uuid::text, 'grant.revoke', 'grant', id::text,
                      jsonb_build_object('reason', 'request_token_reused') FROM revoked)
           SELECT EXISTS (SELECT 1 FROM go) AS "fresh!""#,
        client.0,
        nonce.as_ref().map(|nonce| nonce.digest.as_bytes()),
        nonce.map(|nonce| nonce.expires_at),
        token.as_bytes(),
        now,
    )
    .fetch_one(db)
    .await?;
    Ok(fresh)
}
