//! Refresh tokens: each is rotated at use (RFC 9700 §4.14.2). Reuse of an older one revokes the
//! whole family; for a short grace the last one may be repeated, because an answer can get lost.

use sqlx::{PgExecutor, PgPool, types::Json};
use time::OffsetDateTime;

use super::{StoreError, codes::NewRefreshToken, rows::Granted};
use crate::{
    ids::{ClientId, GrantId},
    model::{grant::Grant, user::User},
    secret::Digest,
};

/// What became of a refresh token that was presented.
#[derive(Clone, Debug)]
pub enum Rotated {
    /// It was the youngest (or repeated within the grace), and what follows it is in place.
    Now(Box<(Grant, User)>),
    /// It was used before, outside the grace: the family must be revoked.
    Reused(GrantId),
    /// More scopes are asked than the grant has; nothing was used up.
    TooWide,
    /// A resource is asked that the grant does not have; nothing was used up.
    OtherTarget,
    /// It is bound to a key that the request does not prove; nothing was used up.
    OtherKey,
    /// Unknown, expired, revoked, or another client's.
    Refused,
}

/// A refresh token that was presented, and what is asked with it.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// Its digest.
    pub digest: Digest,
    /// Who presents it.
    pub client: ClientId,
    /// Keys that the request proves, one of which the token may be bound to.
    pub keys: &'a [String],
    /// Scopes asked (RFC 6749 §6); empty for all that were granted.
    pub scopes: &'a [String],
    /// Resources asked (RFC 8707 §2.2); empty for all that were granted.
    pub resources: &'a [String],
}

/// Rotates `presented` into `successor`, when it belongs to the client: one write, so that of two at
/// once one wins and the other gets the same answer under the grace (`grace_since`).
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn rotate(
    pool: &PgPool,
    presented: Presented<'_>,
    successor: NewRefreshToken,
    now: OffsetDateTime,
    grace_since: OffsetDateTime,
) -> Result<Rotated, StoreError> {
    for _ in 0..3 {
        let row = sqlx::query!(
            r#"WITH presented AS (
                   SELECT r.grant_id, r.generation, r.rotated_at, r.expires_at, r.bound_to, v.body, v.dead,
                          (r.bound_to IS NULL OR r.bound_to = ANY($8)) AS with_key,
                          (v.body -> 'scopes') @> to_jsonb($6::text[]) AS in_scope,
                          (v.body -> 'resources') @> to_jsonb($7::text[]) AS on_target
                   FROM refresh_tokens r JOIN granted v ON v.id = r.grant_id
                   WHERE r.digest = $1 AND v.client_id = $4),
               rotated AS (
                   UPDATE refresh_tokens SET rotated_at = $5
                   WHERE digest = $1 AND rotated_at IS NULL AND expires_at > $5
                     AND EXISTS (SELECT 1 FROM presented WHERE NOT dead AND with_key AND in_scope AND on_target)
                   RETURNING grant_id, generation, bound_to),
               followed AS (
                   INSERT INTO refresh_tokens (digest, grant_id, generation, created_at, expires_at, bound_to)
                   SELECT $2, grant_id, generation + 1, $5, $3, bound_to FROM rotated),
               line AS (
                   INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id)
                   SELECT $5, 'client', $4::uuid::text, 'refresh_token.rotate', 'grant', grant_id::text FROM rotated)
               SELECT p.grant_id, p.body AS "body!: Json<Granted>", p.dead AS "dead!", p.in_scope AS "in_scope!",
                      p.on_target AS "on_target!", p.with_key AS "with_key!", p.rotated_at,
                      p.expires_at > $5 AS "unexpired!",
                      EXISTS (SELECT 1 FROM rotated) AS "won!",
                      EXISTS (SELECT 1 FROM refresh_tokens n WHERE n.grant_id = p.grant_id
                              AND n.generation > p.generation AND n.rotated_at IS NOT NULL) AS "older!"
               FROM presented p"#,
            presented.digest.as_bytes(),
            successor.digest.as_bytes(),
            successor.expires_at,
            presented.client.0,
            now,
            presented.scopes,
            presented.resources,
            presented.keys,
        )
        .fetch_optional(pool)
        .await?;
        let Some(row) = row else { return Ok(Rotated::Refused) };
        if row.dead {
            return Ok(Rotated::Refused);
        }
        if !row.with_key {
            return Ok(Rotated::OtherKey);
        }
        if row.won {
            return Ok(Rotated::Now(Box::new(row.body.0.try_into()?)));
        }
        if !row.in_scope {
            return Ok(Rotated::TooWide);
        }
        if !row.on_target {
            return Ok(Rotated::OtherTarget);
        }
        match row.rotated_at {
            Some(rotated_at) if rotated_at >= grace_since && !row.older => {
                return Ok(Rotated::Now(Box::new(row.body.0.try_into()?)));
            }
            Some(_) => return Ok(Rotated::Reused(GrantId(row.grant_id))),
            None if !row.unexpired => return Ok(Rotated::Refused),
            // Another request rotated it between our snapshot and our write: look again.
            None => {}
        }
    }
    Ok(Rotated::Refused)
}

/// Uses `presented` and leaves it in place, when it belongs to the client: its life begins anew. As with a
/// rotated one, an older one that comes back is told of.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn renew(
    pool: &PgPool,
    presented: Presented<'_>,
    expires_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Rotated, StoreError> {
    let row = sqlx::query!(
        r#"WITH presented AS (
               SELECT r.grant_id, r.rotated_at, r.expires_at, v.body, v.dead,
                      (r.bound_to IS NULL OR r.bound_to = ANY($7)) AS with_key,
                      (v.body -> 'scopes') @> to_jsonb($5::text[]) AS in_scope,
                      (v.body -> 'resources') @> to_jsonb($6::text[]) AS on_target
               FROM refresh_tokens r JOIN granted v ON v.id = r.grant_id
               WHERE r.digest = $1 AND v.client_id = $3),
           renewed AS (
               UPDATE refresh_tokens SET expires_at = $2
               WHERE digest = $1 AND rotated_at IS NULL AND expires_at > $4
                 AND EXISTS (SELECT 1 FROM presented WHERE NOT dead AND with_key AND in_scope AND on_target)
               RETURNING grant_id),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id)
               SELECT $4, 'client', $3::uuid::text, 'refresh_token.use', 'grant', grant_id::text FROM renewed)
           SELECT p.grant_id, p.body AS "body!: Json<Granted>", p.dead AS "dead!", p.in_scope AS "in_scope!",
                  p.on_target AS "on_target!", p.with_key AS "with_key!", p.rotated_at IS NOT NULL AS "rotated!",
                  EXISTS (SELECT 1 FROM renewed) AS "renewed!"
           FROM presented p"#,
        presented.digest.as_bytes(),
        expires_at,
        presented.client.0,
        now,
        presented.scopes,
        presented.resources,
        presented.keys,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(Rotated::Refused) };
    Ok(match row {
        row if row.renewed => Rotated::Now(Box::new(row.body.0.try_into()?)),
        row if row.dead => Rotated::Refused,
        row if !row.with_key => Rotated::OtherKey,
        row if !row.in_scope => Rotated::TooWide,
        row if !row.on_target => Rotated::OtherTarget,
        row if row.rotated => Rotated::Reused(GrantId(row.grant_id)),
        _ => Rotated::Refused,
    })
}

/// A refresh token as introspection sees it.
#[derive(Clone, Debug)]
pub struct Active {
    /// What it stands for.
    pub grant: Grant,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
}

/// The live, unrotated refresh token with this digest, whosever it is.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find_active(
    db: impl PgExecutor<'_>,
    token: Digest,
    now: OffsetDateTime,
) -> Result<Option<Active>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT r.expires_at, v.body AS "body!: Json<Granted>"
           FROM refresh_tokens r JOIN granted v ON v.id = r.grant_id
           WHERE r.digest = $1 AND r.rotated_at IS NULL AND r.expires_at > $2 AND NOT v.dead"#,
        token.as_bytes(),
        now,
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (grant, _): (Grant, User) = row.body.0.try_into()?;
    Ok(Some(Active { grant, expires_at: row.expires_at }))
}

/// The grant of a client's refresh token, rotated or not, so that revoking an older one still
/// ends the family (RFC 7009 §2.1).
///
/// # Errors
/// When the database fails.
pub async fn find_grant(
    db: impl PgExecutor<'_>,
    token: Digest,
    client: ClientId,
) -> Result<Option<GrantId>, StoreError> {
    let id = sqlx::query_scalar!(
        "SELECT g.id FROM refresh_tokens r JOIN grants g ON g.id = r.grant_id
         WHERE r.digest = $1 AND g.client_id = $2",
        token.as_bytes(),
        client.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(GrantId))
}
