//! Passwords: Argon2id (RFC 9106) in a pool bounded by cores with a short queue, so that a flood
//! of logins can neither eat the memory nor starve the rest of the server.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::SaltString,
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
        let hasher = self.hasher.clone();
        self.run(move || {
            let parsed = PasswordHash::new(&stored).map_err(failed)?;
            let right = hasher.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok();
            Ok(right && exists)
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
    async fn a_full_queue_answers_busy_at_once() {
        let passwords = passwords(0);
        let place = passwords.queue.clone().try_acquire_owned().unwrap();
        assert_eq!(passwords.verify("x".into(), None).await, Err(PasswordError::Busy));
        drop(place);
        assert_eq!(passwords.verify("x".into(), None).await, Ok(false));
    }
}
