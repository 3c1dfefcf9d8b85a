//! The signing keys in memory: read from the store, made on an empty one, rotated.

use std::sync::{Arc, PoisonError, RwLock};

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use super::key_rotation::rotate;
use crate::{
    crypto::{
        keys::{KeyError, KeyRing, SigningKey},
        sealed::{SealError, Sealer},
    },
    model::{journal::Entry, signing::Algorithm},
    rng::Rng,
    store::{self, StoreError, signing_keys::StoredKey},
};

/// How long a key is still published after its successor signs: the longest life of a token it
/// may have signed (30 days), and a day.
pub const PUBLISHED_AFTER: Duration = Duration::days(31);

/// Why keys can't be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key can't be unsealed.
    #[error("signing key {kid}: {error}")]
    Seal {
        /// Which.
        kid: String,
        /// Why.
        error: SealError,
    },
    /// A key can't be made or read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No key waits to be rotated to.
    #[error("no {0} key waits; start the server once, it makes what is missing")]
    NoneWaits(Algorithm),
}

/// The ring in use; replaced as a whole when keys change.
pub struct SigningKeys(RwLock<Arc<KeyRing>>);

impl SigningKeys {
    /// Reads the published keys.
    ///
    /// # Errors
    /// [`KeysError`] when the store fails or a key can't be opened.
    pub async fn load(pool: &PgPool, sealer: &Sealer, now: OffsetDateTime) -> Result<Self, KeysError> {
        Ok(Self(RwLock::new(Arc::new(read(pool, sealer, now).await?))))
    }

    /// Reads them again.
    ///
    /// # Errors
    /// As [`SigningKeys::load`]; the ring in use stays then.
    pub async fn reload(&self, pool: &PgPool, sealer: &Sealer, now: OffsetDateTime) -> Result<(), KeysError> {
        let ring = Arc::new(read(pool, sealer, now).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// The ring in use.
    pub fn ring(&self) -> Arc<KeyRing> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn read(pool: &PgPool, sealer: &Sealer, now: OffsetDateTime) -> Result<KeyRing, KeysError> {
    let mut ring = KeyRing::default();
    for key in store::signing_keys::list(pool).await? {
        // Of one that was destroyed nothing can be read, whatever this machine's clock says.
        if key.retired_at.is_some_and(|at| at <= now) || key.is_destroyed() {
            continue;
        }
        let pkcs8 = sealer
            .open(&place(&key.kid), &key.sealed)
            .map_err(|error| KeysError::Seal { kid: key.kid.clone(), error })?;
        ring.add(key.algorithm, &pkcs8, key.active_at)?;
    }
    Ok(ring)
}

/// Makes what is missing: for each algorithm a key that signs and one that waits. Instances that
/// start together wait for one another.
///
/// # Errors
/// [`KeysError`] when the store fails or a key can't be made.
pub async fn create_missing_keys(
    pool: &PgPool,
    sealer: &Sealer,
    rng: &Rng,
    now: OffsetDateTime,
) -> Result<(), KeysError> {
    if missing(&store::signing_keys::list(pool).await?).is_empty() {
        return Ok(());
    }
    let mut tx = pool.begin().await.map_err(StoreError::from)?;
    store::signing_keys::lock(&mut tx).await?;
    for (algorithm, active_at) in missing(&store::signing_keys::list(&mut *tx).await?) {
        let key = make(algorithm, active_at.then_some(now), sealer, rng, now).await?;
        store::signing_keys::insert(&mut *tx, &key).await?;
        let entry = Entry::by_operator(now, "key.insert", "key", &key.kid);
        store::journal::insert(&mut *tx, &entry).await?;
    }
    Ok(tx.commit().await.map_err(StoreError::from)?)
}

/// Algorithms that lack a key, and whether the lacking one is to sign (else to wait).
fn missing(keys: &[StoredKey]) -> Vec<(Algorithm, bool)> {
    let live = |algorithm, active| {
        keys.iter()
            .any(|k| k.algorithm == algorithm && k.retired_at.is_none() && k.active_at.is_some() == active)
    };
    Algorithm::ALL
        .iter()
        .flat_map(|a| [(*a, true), (*a, false)])
        .filter(|(algorithm, active)| !live(*algorithm, *active))
        .collect()
}

/// Makes a key without holding up the runtime: an RSA key takes a good part of a second.
pub(super) async fn make(
    algorithm: Algorithm,
    active_at: Option<OffsetDateTime>,
    sealer: &Sealer,
    rng: &Rng,
    now: OffsetDateTime,
) -> Result<StoredKey, KeysError> {
    let pkcs8 = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm))
        .await
        .map_err(|_| KeyError::Generate(algorithm))??;
    let key = SigningKey::from_pkcs8(algorithm, &pkcs8)?;
    let sealed = sealer
        .seal(&place(&key.kid), &pkcs8, rng)
        .map_err(|error| KeysError::Seal { kid: key.kid.clone(), error })?;
    Ok(StoredKey {
        public_jwk: key.public_jwk(),
        kid: key.kid,
        algorithm,
        sealed,
        created_at: now,
        active_at,
        retired_at: None,
    })
}

/// What a rotation changed.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The key that signs now.
    pub active: String,
    /// The key that waits now.
    pub waiting: String,
}

/// Lets the waiting key sign and makes the next one. The key was published before, so relying
/// parties know it already; the former stays published until the last token it signed is over.
///
/// # Errors
/// [`KeysError`] when the store fails or no key waits.
pub async fn rotate_key(
    pool: &PgPool,
    algorithm: Algorithm,
    sealer: &Sealer,
    rng: &Rng,
    now: OffsetDateTime,
) -> Result<Rotation, KeysError> {
    let entry = Entry::by_operator(now, "key.rotate", "key", "");
    let rotation = rotate(pool, algorithm, None, sealer, rng, entry).await?;
    rotation.ok_or(KeysError::NoneWaits(algorithm))
}

/// What a sealed key is bound to.
fn place(kid: &str) -> String {
    format!("signing_keys/{kid}")
}
