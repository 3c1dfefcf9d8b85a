//! Keys that change by themselves. A key that has signed for its lifetime gives way to the one that
//! waits, which relying parties have known for long by then; the former stays published until the last
//! token it signed is over, and then its private half is destroyed: what isn't there can't be stolen.

use std::time::Duration;

use sqlx::PgPool;
use time::{Duration as Span, OffsetDateTime};

use super::keys::{KeysError, PUBLISHED_AFTER, Rotation, make};
use crate::{
    crypto::sealed::Sealer,
    model::{journal::Entry, signing::Algorithm},
    rng::Rng,
    store::{
        self, StoreError,
        signing_keys::{Due, StoredKey},
    },
};

/// How long a key is published, at the least, before it signs by itself: far longer than anybody may
/// keep a copy of the key set (`Cache-Control` of `/oauth2/jwks`).
pub const PUBLISHED_BEFORE: Span = Span::days(1);
/// A key that is not published any more is destroyed after this: another instance's clock may be
/// behind, and to it the key still is.
const DESTROYED_AFTER: Span = Span::hours(1);

/// When the key of this algorithm that signs now gives way by itself; `None` when it does not, or
/// nothing waits.
pub fn due_at(keys: &[StoredKey], algorithm: Algorithm, lifetime: Duration) -> Option<OffsetDateTime> {
    if lifetime.is_zero() {
        return None;
    }
    let live = || keys.iter().filter(|key| key.algorithm == algorithm && key.retired_at.is_none());
    let signs_since = live().filter_map(|key| key.active_at).max()?;
    let waits_since = live().find(|key| key.active_at.is_none())?.created_at;
    Some((signs_since + lifetime).max(waits_since + PUBLISHED_BEFORE))
}

/// Rotates the keys of every algorithm that are due; what it changed. Of several instances one does: the
/// write itself looks whether the key is still due.
///
/// # Errors
/// [`KeysError`] when the store fails or a key can't be made.
pub async fn rotate_due_keys(
    pool: &PgPool,
    lifetime: Duration,
    sealer: &Sealer,
    rng: &Rng,
    now: OffsetDateTime,
) -> Result<Vec<Rotation>, KeysError> {
    let keys = store::signing_keys::list(pool).await?;
    let due = |algorithm: &&Algorithm| due_at(&keys, **algorithm, lifetime).is_some_and(|at| at <= now);
    let mut rotations = Vec::new();
    for algorithm in Algorithm::ALL.iter().filter(due) {
        let due = Due { signs_since: now - lifetime, waits_since: now - PUBLISHED_BEFORE };
        let entry = Entry { actor_kind: "system", ..Entry::by_operator(now, "key.rotate", "key", "") };
        rotations.extend(rotate(pool, *algorithm, Some(due), sealer, rng, entry).await?);
    }
    Ok(rotations)
}

/// Lets the waiting key sign and makes the next one; `None` when no key waits, or it is not due.
pub(super) async fn rotate(
    pool: &PgPool,
    algorithm: Algorithm,
    due: Option<Due>,
    sealer: &Sealer,
    rng: &Rng,
    mut entry: Entry,
) -> Result<Option<Rotation>, KeysError> {
    let now = entry.at;
    // Made before anything is locked: an RSA key takes a while.
    let next = make(algorithm, None, sealer, rng, now).await?;
    let mut tx = pool.begin().await.map_err(StoreError::from)?;
    store::signing_keys::lock(&mut tx).await?;
    let ends = now + PUBLISHED_AFTER;
    let active = store::signing_keys::activate_next(&mut *tx, algorithm, now, ends, due).await?;
    let Some(active) = active else { return Ok(None) };
    store::signing_keys::insert(&mut *tx, &next).await?;
    entry.subject_id = Some(active.clone());
    store::journal::insert(&mut *tx, &entry).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Some(Rotation { active, waiting: next.kid }))
}

/// Destroys the private halves of keys that are published no more; the ids of those keys.
///
/// # Errors
/// When the database fails.
pub async fn destroy_retired_keys(pool: &PgPool, now: OffsetDateTime) -> Result<Vec<String>, StoreError> {
    let mut tx = pool.begin().await?;
    let destroyed = store::signing_keys::destroy(&mut *tx, now - DESTROYED_AFTER).await?;
    for kid in &destroyed {
        let entry = Entry { actor_kind: "system", ..Entry::by_operator(now, "key.destroy", "key", kid) };
        store::journal::insert(&mut *tx, &entry).await?;
    }
    tx.commit().await?;
    Ok(destroyed)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn key(created: i64, active: Option<i64>, retired: Option<i64>) -> StoredKey {
        let at = |days: i64| OffsetDateTime::UNIX_EPOCH + Span::days(days);
        StoredKey {
            kid: "k".to_owned(),
            algorithm: Algorithm::Es256,
            public_jwk: Value::Null,
            sealed: Vec::new(),
            created_at: at(created),
            active_at: active.map(at),
            retired_at: retired.map(at),
        }
    }

    #[test]
    fn a_key_gives_way_after_its_lifetime_to_one_that_was_known_for_a_day() {
        let due = |keys: &[StoredKey], lifetime| {
            due_at(keys, Algorithm::Es256, lifetime).map(|at| (at - OffsetDateTime::UNIX_EPOCH).whole_days())
        };
        let (former, signs, waits) = (key(0, Some(0), Some(41)), key(0, Some(10), None), key(10, None, None));
        assert_eq!(due(&[former.clone(), signs.clone(), waits], 90 * DAY), Some(100));
        assert_eq!(due(&[signs.clone(), key(99, None, None)], 90 * DAY), Some(100));
        assert_eq!(due(&[signs.clone(), key(120, None, None)], 90 * DAY), Some(121), "young");
        assert_eq!(due(&[signs.clone(), key(10, None, None)], Duration::ZERO), None, "switched off");
        assert_eq!(due(&[former, signs], 90 * DAY), None, "none waits");
        assert_eq!(due_at(&[key(0, Some(1), None)], Algorithm::Rs256, DAY), None, "another algorithm's");
    }
}
