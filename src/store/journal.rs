//! The journal: append-only lines, chained in batches by a sealer so that writers never wait for
//! one another. A batch's hash covers its lines and the hash of the batch before.

use ring::digest::{Context, SHA256};
use serde_json::{Value, json};
use sqlx::{PgExecutor, PgPool, types::Uuid};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::StoreError;
use crate::{ids::UserId, model::journal::Entry};

/// What the first batch follows.
const GENESIS: [u8; 32] = [0; 32];
/// Lines in a batch at most.
const BATCH: i64 = 5_000;
/// Advisory lock that makes one sealer work at a time ("TAMGAJRN").
const SEALER_LOCK: i64 = 0x5441_4d47_414a_524e;

/// Writes a line.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: impl PgExecutor<'_>, entry: &Entry) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, address, request_id, before, after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        entry.at,
        entry.actor_kind,
        entry.actor_id,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.address,
        entry.request_id.map(|id| id.0),
        entry.before,
        entry.after,
    )
    .execute(db)
    .await?;
    Ok(())
}

struct Line {
    seq: i64,
    at: OffsetDateTime,
    actor_kind: String,
    actor_id: Option<String>,
    action: String,
    subject_kind: String,
    subject_id: Option<String>,
    address: Option<String>,
    request_id: Option<Uuid>,
    before: Option<Value>,
    after: Option<Value>,
}

impl Line {
    /// The form that is hashed. Object members are sorted, so the text depends on nothing but the
    /// values.
    fn canonical(&self) -> String {
        self.object().to_string()
    }

    fn object(&self) -> Value {
        json!({
            "seq": self.seq,
            "at": self.at.format(&Rfc3339).unwrap_or_default(),
            "actor": {"kind": self.actor_kind, "id": self.actor_id},
            "action": self.action,
            "subject": {"kind": self.subject_kind, "id": self.subject_id},
            "address": self.address,
            "request_id": self.request_id,
            "before": self.before,
            "after": self.after,
        })
    }
}

fn chain(previous: &[u8], lines: &[Line]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    context.update(previous);
    for line in lines {
        context.update(line.canonical().as_bytes());
        context.update(b"\n");
    }
    context.finish().as_ref().to_vec()
}

/// Seals what is unsealed into the next batch; how many lines that were. Nothing is done while
/// another instance seals.
///
/// # Errors
/// When the database fails.
pub async fn seal(pool: &PgPool, now: OffsetDateTime) -> Result<usize, StoreError> {
    let mut tx = pool.begin().await?;
    let mine = sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock($1) AS "mine!""#, SEALER_LOCK)
        .fetch_one(&mut *tx)
        .await?;
    if !mine {
        return Ok(0);
    }
    let last = sqlx::query!("SELECT batch, hash FROM journal_batches ORDER BY batch DESC LIMIT 1")
        .fetch_optional(&mut *tx)
        .await?;
    let (batch, previous) = last.map_or((1, GENESIS.to_vec()), |last| (last.batch + 1, last.hash));
    let lines = sqlx::query_as!(
        Line,
        "WITH due AS (SELECT seq FROM journal WHERE batch IS NULL ORDER BY seq LIMIT $2),
              sealed AS (
                  UPDATE journal j SET batch = $1 FROM due WHERE j.seq = due.seq
                  RETURNING j.seq, j.at, j.actor_kind, j.actor_id, j.action, j.subject_kind, j.subject_id,
                            j.address, j.request_id, j.before, j.after)
         SELECT seq, at, actor_kind, actor_id, action, subject_kind, subject_id, address, request_id, before, after
         FROM sealed ORDER BY seq",
        batch,
        BATCH,
    )
    .fetch_all(&mut *tx)
    .await?;
    if lines.is_empty() {
        return Ok(0);
    }
    sqlx::query!(
        "INSERT INTO journal_batches (batch, entries, previous_hash, hash, sealed_at) VALUES ($1, $2, $3, $4, $5)",
        batch,
        i64::try_from(lines.len()).unwrap_or(i64::MAX),
        previous,
        chain(&previous, &lines),
        now,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(lines.len())
}

/// What walking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Batches that fit.
    pub batches: i64,
    /// Lines in them.
    pub entries: i64,
    /// Lines not yet in a batch.
    pub unsealed: i64,
    /// The first batch that does not fit, and the first line in it.
    pub broken: Option<(i64, Option<i64>)>,
}

/// Walks the chain from its beginning.
///
/// # Errors
/// When the database fails.
pub async fn verify(pool: &PgPool) -> Result<Verification, StoreError> {
    let unsealed = sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM journal WHERE batch IS NULL"#)
        .fetch_one(pool)
        .await?;
    let mut found = Verification { batches: 0, entries: 0, unsealed, broken: None };
    let mut previous = GENESIS.to_vec();
    loop {
        let batch = found.batches + 1;
        let lines = sqlx::query_as!(
            Line,
            "SELECT seq, at, actor_kind, actor_id, action, subject_kind, subject_id, address, request_id, before, after
             FROM journal WHERE batch = $1 ORDER BY seq",
            batch
        )
        .fetch_all(pool)
        .await?;
        let sealed =
            sqlx::query!("SELECT entries, previous_hash, hash FROM journal_batches WHERE batch = $1", batch)
                .fetch_optional(pool)
                .await?;
        let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        match sealed {
            None if lines.is_empty() => return Ok(found),
            Some(sealed)
                if sealed.entries == count
                    && sealed.previous_hash == previous
                    && sealed.hash == chain(&previous, &lines) =>
            {
                previous = sealed.hash;
                found.batches = batch;
                found.entries += count;
            }
            _ => {
                found.broken = Some((batch, lines.first().map(|line| line.seq)));
                return Ok(found);
            }
        }
    }
}

/// A line as the person it is about sees it.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: OffsetDateTime,
    /// Whether the person did it; else it was done to their account.
    pub own: bool,
    /// Who did, when it was not the person: `operator`, `user`, `client`, `system`.
    pub actor_kind: String,
    /// What was done.
    pub action: String,
    /// From where.
    pub address: Option<String>,
    /// The name of the client it was about.
    pub client: Option<String>,
}

/// What a person did and what was done to their account, the newest first: at most `limit` lines
/// older than `before`, of actions that begin with one of `kinds` (of all, when it is empty).
///
/// # Errors
/// When the database fails.
pub async fn list_of_person(
    db: impl PgExecutor<'_>,
    user: UserId,
    kinds: &[String],
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Activity>, StoreError> {
    Ok(sqlx::query_as!(
        Activity,
        r#"WITH line AS (
               SELECT seq, at, actor_kind, actor_id, action, subject_kind, subject_id, address, after FROM journal
               WHERE actor_kind = 'user' AND actor_id = $1
               UNION
               SELECT seq, at, actor_kind, actor_id, action, subject_kind, subject_id, address, after FROM journal
               WHERE subject_kind = 'user' AND subject_id = $1)
           SELECT l.seq AS "seq!", l.at AS "at!", (l.actor_kind = 'user' AND l.actor_id = $1) AS "own!",
                  l.actor_kind AS "actor_kind!", l.action AS "action!",
                  -- Where another person acted from is none of this one's business.
                  CASE WHEN l.actor_kind = 'user' AND l.actor_id = $1 THEN l.address END AS address,
                  c.name AS "client?"
           FROM line l
           LEFT JOIN clients c ON c.id::text = COALESCE(l.after->>'client',
                                                        CASE WHEN l.subject_kind = 'client' THEN l.subject_id END)
           WHERE ($2::bigint IS NULL OR l.seq < $2)
             AND (cardinality($3::text[]) = 0 OR split_part(l.action, '.', 1) = ANY($3))
           ORDER BY l.seq DESC LIMIT $4"#,
        user.to_string(),
        before,
        kinds,
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// The last sealed batch: whoever keeps its hash can later prove that nothing before it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub batch: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// When it was sealed.
    pub sealed_at: OffsetDateTime,
}

/// The last sealed batch; `None` while there is none.
///
/// # Errors
/// When the database fails.
pub async fn head(db: impl PgExecutor<'_>) -> Result<Option<Head>, StoreError> {
    let head = sqlx::query_as!(
        Head,
        "SELECT batch, hash, sealed_at FROM journal_batches ORDER BY batch DESC LIMIT 1"
    )
    .fetch_optional(db)
    .await?;
    Ok(head)
}

/// Lines after `after` that were written since `since`: at most `limit`, each with its number and
/// its object.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: impl PgExecutor<'_>,
    after: i64,
    since: OffsetDateTime,
    limit: i64,
) -> Result<Vec<(i64, Value)>, StoreError> {
    let lines = sqlx::query_as!(
        Line,
        "SELECT seq, at, actor_kind, actor_id, action, subject_kind, subject_id, address, request_id, before, after
         FROM journal WHERE seq > $1 AND at >= $2 ORDER BY seq LIMIT $3",
        after,
        since,
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(lines.iter().map(|line| (line.seq, line.object())).collect())
}
