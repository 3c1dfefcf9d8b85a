//! Passwords: Argon2id (RFC 9106) in a pool bounded by cores with a short queue, so that a flood
//! of logins can neither eat the memory nor starve the rest of the server.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, PasswordHasher as _, Version,
    password_hash::{Output, Salt, SaltString},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::rng::Rng;

/// Parameters for new hashes: memory in KiB, passes, lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

/// Why no answer was given.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PasswordError {
    /// The queue is full: answer 503 with `Retry-After`.
    #[error("too many passwords wait to be checked")]
    Busy,
    /// A stored hash that no algorithm reads, or parameters that Argon2 refuses.
    #[error("password hashing failed: {0}")]
    Failed(String),
}

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    hasher: Argon2<'static>,
    cores: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    places: usize,
    /// Memory of checks that ended, for those to come: taking 19 MiB from the system and giving it
    /// back costs a quarter of a check, and the allocator would keep some for every thread.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    /// Checked when there is no account, so that its absence takes the same time.
    absent: Arc<str>,
}

impl Passwords {
    /// With this cost for new hashes, `cores` hashes at once and `queue` waiting behind them.
    ///
    /// # Errors
    /// [`PasswordError::Failed`] when Argon2 refuses the parameters (RFC 9106 §3.1).
    pub fn new(cost: Cost, cores: usize, queue: usize, rng: &Rng) -> Result<Self, PasswordError> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None).map_err(failed)?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let absent = hash(&hasher, &rng.bytes::<32>(), &rng.bytes::<16>())?;
        let (cores, places) = (cores.max(1), cores.max(1) + queue);
        Ok(Self {
            hasher,
            cores: Arc::new(Semaphore::new(cores)),
            queue: Arc::new(Semaphore::new(places)),
            places,
            memory: Arc::default(),
            absent: absent.into(),
        })
    }

    /// Hashes a new password; a PHC string.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when the queue is full.
    pub async fn hash(&self, password: SecretString, rng: &Rng) -> Result<String, PasswordError> {
        let (salt, hasher) = (rng.bytes::<16>(), self.hasher.clone());
        self.run(move || hash(&hasher, password.expose_secret().as_bytes(), &salt)).await
    }

    /// Whether `password` is the one behind `stored`. With `None` the same work is done and the
    /// answer is no: whether an account exists must not show in the time (enumeration).
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when the queue is full, [`PasswordError::Failed`] for a hash that
    /// can't be read.
    pub async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<bool, PasswordError> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.absent.to_string());
        let spare = self.memory.clone();
        self.run(move || {
            let mut memory = spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let right = is_right(&mut memory, password.expose_secret().as_bytes(), &stored);
            spare.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            Ok(right? && exists)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = self.queue.clone().try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let core = self.cores.clone().acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        // The permits go along: a caller who hangs up must not free a core that still works.
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop((core, place));
            result
        })
        .await
        .map_err(failed)?
    }

    /// How many are being hashed or wait.
    pub fn in_hand(&self) -> usize {
        self.places.saturating_sub(self.queue.available_permits())
    }
}

fn hash(hasher: &Argon2<'_>, password: &[u8], salt: &[u8]) -> Result<String, PasswordError> {
    let salt = SaltString::encode_b64(salt).map_err(failed)?;
    Ok(hasher.hash_password(password, &salt).map_err(failed)?.to_string())
}

/// Computes the hash with the parameters stored beside it, in memory that is used again, and
/// compares in constant time.
fn is_right(memory: &mut Vec<Block>, password: &[u8], stored: &str) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(failed)?;
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
        return Err(failed("the stored hash has no salt or no value"));
    };
    let algorithm = Algorithm::try_from(stored.algorithm).map_err(failed)?;
    let version = stored.version.map_or(Ok(Version::V0x13), Version::try_from).map_err(failed)?;
    let params = Params::try_from(&stored).map_err(failed)?;
    if memory.len() < params.block_count() {
        memory.resize(params.block_count(), Block::default());
    }
    let mut salt_bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut salt_bytes).map_err(failed)?;
    let mut computed = vec![0; expected.len()];
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(password, salt, &mut computed, memory.as_mut_slice())
        .map_err(failed)?;
    // Comparing two of these takes the same time wherever they differ.
    Ok(Output::new(&computed).map_err(failed)? == expected)
}

fn failed(error: impl std::fmt::Display) -> PasswordError {
    PasswordError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, iterations: 1, parallelism: 1 };

    fn passwords(queue: usize) -> Passwords {
        Passwords::new(CHEAP, 1, queue, &Rng::seeded(1)).unwrap()
    }

    #[tokio::test]
    async fn the_right_password_is_recognised_and_a_wrong_one_refused() {
        let passwords = passwords(4);
        let stored = passwords.hash("correct horse".into(), &Rng::seeded(2)).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(passwords.verify("correct horse".into(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse".into(), Some(stored)).await.unwrap());
        assert!(!passwords.verify("anything".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn memory_used_before_makes_no_difference() {
        let (passwords, dearer) = (passwords(4), Cost { memory_kib: 128, iterations: 2, parallelism: 2 });
        let dearer = Passwords::new(dearer, 1, 1, &Rng::seeded(1)).unwrap();
        let small = passwords.hash("correct horse".into(), &Rng::seeded(2)).await.unwrap();
        let large = dearer.hash("battery staple".into(), &Rng::seeded(3)).await.unwrap();
        for _ in 0..2 {
            assert!(passwords.verify("correct horse".into(), Some(small.clone())).await.unwrap());
            assert!(passwords.verify("battery staple".into(), Some(large.clone())).await.unwrap());
            assert!(!passwords.verify("correct horse".into(), Some(large.clone())).await.unwrap());
        }
        assert_eq!(passwords.memory.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_full_queue_answers_busy_at_once() {
        let passwords = passwords(0);
        let place = passwords.queue.clone().try_acquire_owned().unwrap();
        assert_eq!(passwords.verify("x".into(), None).await, Err(PasswordError::Busy));
        drop(place);
        assert_eq!(passwords.verify("x".into(), None).await, Ok(false));
    }
}
