//! Grants: made when a journey is answered, revoked as a whole.

use std::collections::BTreeSet;

use sqlx::{PgExecutor, PgPool};
use time::OffsetDateTime;

use super::{StoreError, codes::NewRefreshToken, rows::texts};
use crate::{
    ids::{GrantId, JourneyId, SessionId},
    model::{consent::Decision, grant::Grant, hints::Identifier},
    secret::Digest,
};

/// An authorization code to be stored with its grant (RFC 6749 §4.1.2, RFC 7636 §4.4).
#[derive(Clone, Debug)]
pub struct NewCode<'a> {
    /// Digest of the code.
    pub digest: Digest,
    /// The return address as the request gave it, if it did.
    pub redirect_uri: Option<&'a str>,
    /// The S256 challenge.
    pub code_challenge: Option<&'a str>,
    /// To be repeated in the id_token.
    pub nonce: Option<&'a str>,
    /// The DPoP key that the request named (RFC 9449 §10).
    pub dpop_jkt: Option<&'a str>,
    /// When the code stops working.
    pub expires_at: OffsetDateTime,
}

/// What an answer ends: each is answered once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ends {
    /// The journey it is the answer to. It knows the pushed request that it answers itself.
    pub journey: Option<JourneyId>,
    /// The pushed request that is answered without a journey (RFC 9126 §7.3).
    pub pushed: Option<Digest>,
}

/// Stores a grant as [`insert_ending`] does, where no pushed request can be at stake.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: impl PgExecutor<'_>,
    grant: &Grant,
    code: Option<&NewCode<'_>>,
    journey: Option<JourneyId>,
    remember: Option<&Decision>,
) -> Result<bool, StoreError> {
    insert_ending(db, grant, code, Ends { journey, pushed: None }, remember).await
}

/// Stores a grant with its code, if it has one, and its journal line, remembers the consent, and
/// claims the journey and the pushed request it ends: one write, so that of two at once one wins. False
/// when another ended either, or the session: a grant that came after the notices of a logout would
/// outlive it unnoticed.
///
/// # Errors
/// When the database fails.
pub async fn insert_ending(
    db: impl PgExecutor<'_>,
    grant: &Grant,
    code: Option<&NewCode<'_>>,
    ends: Ends,
    remember: Option<&Decision>,
) -> Result<bool, StoreError> {
    let to_texts = |names: Option<&BTreeSet<String>>| -> Vec<String> {
        names.map(|n| n.iter().cloned().collect()).unwrap_or_default()
    };
    let inserted = sqlx::query_scalar!(
        r#"WITH live AS (
               SELECT id FROM sessions WHERE id = $4 AND ended_at IS NULL FOR NO KEY UPDATE),
           claimed AS (
               UPDATE journeys SET finished_at = $11 WHERE id = $12 AND finished_at IS NULL AND expires_at > $11
                   AND ($4::uuid IS NULL OR EXISTS (SELECT 1 FROM live))
               RETURNING id, pushed),
           answered AS (SELECT COALESCE((SELECT pushed FROM claimed), $25::bytea) AS digest),
           spent AS (
               UPDATE pushed_requests SET used_at = $11
               WHERE digest = (SELECT digest FROM answered) AND used_at IS NULL
                   AND ($4::uuid IS NULL OR EXISTS (SELECT 1 FROM live))
               RETURNING digest),
           go AS (
               SELECT 1 FROM answered
               WHERE ($12::uuid IS NULL OR EXISTS (SELECT 1 FROM claimed))
                 AND ($4::uuid IS NULL OR EXISTS (SELECT 1 FROM live))
                 AND (answered.digest IS NULL OR EXISTS (SELECT 1 FROM spent))),
           granted AS (
               INSERT INTO grants (id, client_id, user_id, session_id, scopes, attributes, id_token_claims,
                                   userinfo_claims, resources, amr, auth_time, created_at, acting_for)
               SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $13, $11, $23 FROM go RETURNING id),
           coded AS (
               INSERT INTO authorization_codes (digest, grant_id, redirect_uri, code_challenge, nonce, created_at, expires_at, dpop_jkt)
               SELECT $14, id, $15, $16, $17, $11, $18, $24 FROM granted WHERE $14::bytea IS NOT NULL),
           remembered AS (
               INSERT INTO consents AS c (user_id, client_id, scopes, attributes, refused, granted_at, updated_at)
               SELECT $3, $2, $20, $21, $22, $11, $11 FROM go WHERE $19
               ON CONFLICT (user_id, client_id) DO UPDATE SET
                   scopes = ARRAY(SELECT DISTINCT unnest(c.scopes || excluded.scopes) ORDER BY 1),
                   attributes = ARRAY(SELECT DISTINCT unnest(c.attributes || excluded.attributes)
                                      EXCEPT SELECT unnest(excluded.refused) ORDER BY 1),
                   refused = ARRAY(SELECT DISTINCT unnest(c.refused || excluded.refused)
                                   EXCEPT SELECT unnest(excluded.attributes) ORDER BY 1),
                   updated_at = excluded.updated_at),
           seen AS (
               UPDATE sessions SET last_seen_at = $11
               WHERE id = $4 AND last_seen_at < $11::timestamptz - interval '1 minute'),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, after)
               SELECT $11, 'user', $3::uuid::text, 'grant.insert', 'grant', id::text,
                      jsonb_build_object('client', $2::uuid, 'scopes', $5::text[], 'attributes', $6::text[])
               FROM granted)
           SELECT count(*) AS "count!" FROM granted"#,
        grant.id.0,
        grant.client_id.0,
        grant.user_id.0,
        grant.session_id.map(|s| s.0),
        &grant.scopes,
        &grant.attributes,
        &grant.id_token_claims,
        &grant.userinfo_claims,
        &grant.resources,
        &texts(&grant.amr),
        grant.created_at,
        ends.journey.map(|j| j.0),
        grant.auth_time,
        code.map(|code| code.digest.as_bytes()),
        code.and_then(|code| code.redirect_uri),
        code.and_then(|code| code.code_challenge),
        code.and_then(|code| code.nonce),
        code.map(|code| code.expires_at),
        remember.is_some(),
        &to_texts(remember.map(|d| &d.scopes)),
        &to_texts(remember.map(|d| &d.attributes)),
        &to_texts(remember.map(|d| &d.refused)),
        grant.acting_for.as_ref().map(Identifier::as_str),
        code.and_then(|code| code.dpop_jkt),
        ends.pushed.as_ref().map(Digest::as_bytes),
    )
    .fetch_one(db)
    .await?;
    Ok(inserted == 1)
}

/// Stores a grant that a password gave, with its first refresh token, and forgets the failures of the
/// name it was shown with.
///
/// # Errors
/// When the database fails.
pub async fn insert_by_password(
    pool: &PgPool,
    grant: &Grant,
    refresh: Option<NewRefreshToken>,
    name: Digest,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    insert(&mut *tx, grant, None, None, None).await?;
    sqlx::query!(
        "WITH forgotten AS (DELETE FROM throttles WHERE kind = 'account' AND key = $1)
         INSERT INTO refresh_tokens (digest, grant_id, generation, created_at, expires_at)
         SELECT $2, $3, 0, $4, $5 WHERE $2::bytea IS NOT NULL",
        name.as_bytes(),
        refresh.as_ref().map(|token| token.digest.as_bytes()),
        grant.id.0,
        grant.created_at,
        refresh.map(|token| token.expires_at),
    )
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// Revokes a grant and with it everything issued from it; true for the one who does.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    db: impl PgExecutor<'_>,
    grant: GrantId,
    reason: &str,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let revoked = sqlx::query_scalar!(
        r#"WITH revoked AS (UPDATE grants SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL
                            RETURNING id, client_id),
                line AS (INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, after)
                         SELECT $2, 'client', client_id::text, 'grant.revoke', 'grant', id::text,
                                jsonb_build_object('reason', $3::text) FROM revoked)
           SELECT count(*) AS "count!" FROM revoked"#,
        grant.0,
        now,
        reason,
    )
    .fetch_one(db)
    .await?;
    Ok(revoked == 1)
}

/// The OpenID 2.0 realms of the clients that took part in a session, those shut out aside. A consent
/// withdrawn since does not undo that the client took part.
///
/// # Errors
/// When the database fails.
pub async fn realms_of_session(
    db: impl PgExecutor<'_>,
    session: SessionId,
) -> Result<Vec<String>, StoreError> {
    let realms = sqlx::query_scalar!(
        r#"SELECT DISTINCT r.realm AS "realm!"
           FROM grants g JOIN clients c ON c.id = g.client_id,
                jsonb_array_elements_text(c.settings->'openid2_realms') AS r (realm)
           WHERE g.session_id = $1 AND c.disabled_at IS NULL"#,
        session.0,
    )
    .fetch_all(db)
    .await?;
    Ok(realms)
}
