//! Authorization codes: looked at first, redeemed by the write.

use sqlx::{PgExecutor, types::Json};
use time::OffsetDateTime;

use super::{StoreError, rows::Granted};
use crate::{
    ids::GrantId,
    model::{grant::Grant, user::User},
    secret::Digest,
};

/// A code as it was issued, with its grant and person.
#[derive(Clone, Debug)]
pub struct Code {
    /// What it stands for.
    pub grant: Grant,
    /// Whose data it gives.
    pub user: User,
    /// The return address of the request.
    pub redirect_uri: Option<String>,
    /// The S256 challenge.
    pub code_challenge: Option<String>,
    /// To be repeated in the id_token.
    pub nonce: Option<String>,
    /// The DPoP key that the request named.
    pub dpop_jkt: Option<String>,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
    /// Whether it was used already.
    pub redeemed: bool,
    /// Whether its grant was revoked or its account disabled.
    pub dead: bool,
}

/// The code with this digest, used or not.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(db: impl PgExecutor<'_>, code: Digest) -> Result<Option<Code>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT c.redirect_uri, c.code_challenge, c.nonce, c.dpop_jkt, c.expires_at,
                  c.redeemed_at IS NOT NULL AS "redeemed!", v.dead AS "dead!", v.body AS "body!: Json<Granted>"
           FROM authorization_codes c JOIN granted v ON v.id = c.grant_id
           WHERE c.digest = $1"#,
        code.as_bytes()
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (grant, user) = row.body.0.try_into()?;
    Ok(Some(Code {
        grant,
        user,
        redirect_uri: row.redirect_uri,
        code_challenge: row.code_challenge,
        nonce: row.nonce,
        dpop_jkt: row.dpop_jkt,
        expires_at: row.expires_at,
        redeemed: row.redeemed,
        dead: row.dead,
    }))
}

/// A refresh token to be stored with what it comes from.
#[derive(Clone, Copy, Debug)]
pub struct NewRefreshToken {
    /// Its digest.
    pub digest: Digest,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
}

/// What became of a code that was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// It was unused; the caller may issue tokens.
    Now,
    /// Somebody else used it between look and write, or it died: issue nothing, revoke the grant.
    Before,
}

/// Uses a code up, and stores the first refresh token of its grant, bound to a key or not: one write, so that of two at
/// once one wins (RFC 6749 §4.1.2).
///
/// # Errors
/// When the database fails.
pub async fn redeem(
    db: impl PgExecutor<'_>,
    code: Digest,
    grant: GrantId,
    refresh: Option<NewRefreshToken>,
    bound_to: Option<&str>,
    now: OffsetDateTime,
) -> Result<Redeemed, StoreError> {
    let redeemed = sqlx::query_scalar!(
        r#"WITH redeemed AS (
               UPDATE authorization_codes SET redeemed_at = $3
               WHERE digest = $1 AND grant_id = $2 AND redeemed_at IS NULL AND expires_at > $3
                 AND EXISTS (SELECT 1 FROM grants WHERE id = $2 AND revoked_at IS NULL)
               RETURNING grant_id),
           refreshable AS (
               INSERT INTO refresh_tokens (digest, grant_id, generation, created_at, expires_at, bound_to)
               SELECT $4, grant_id, 0, $3, $5, $6 FROM redeemed WHERE $4::bytea IS NOT NULL),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id)
               SELECT $3, 'client', g.client_id::text, 'code.redeem', 'grant', g.id::text
               FROM redeemed r JOIN grants g ON g.id = r.grant_id)
           SELECT count(*) AS "count!" FROM redeemed"#,
        code.as_bytes(),
        grant.0,
        now,
        refresh.as_ref().map(|r| r.digest.as_bytes()),
        refresh.map(|r| r.expires_at),
        bound_to,
    )
    .fetch_one(db)
    .await?;
    Ok(if redeemed == 1 { Redeemed::Now } else { Redeemed::Before })
}
