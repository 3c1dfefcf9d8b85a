//! Passwords: Argon2id (RFC 9106), and what former systems used, in a pool bounded by cores with a short queue, so that a flood
//! of logins can neither eat the memory nor starve the rest of the server.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, PasswordHasher as _, Version,
    password_hash::{Output, Salt, SaltString},
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    old_hashes::OldHash,
    pool::{Pool, PoolError},
};
use crate::rng::Rng;

pub use super::old_hashes::UnreadableHash;

/// An imported Argon2 hash may ask for this much at most: memory in KiB, passes, lanes.
const DEAREST: Cost = Cost { memory_kib: 262_144, iterations: 16, parallelism: 16 };

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
    pool: Pool,
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
        Ok(Self { hasher, pool: Pool::new(cores, queue), memory: Arc::default(), absent: absent.into() })
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
        let (spare, absent) = (self.memory.clone(), self.absent.clone());
        self.run(move || {
            let password = password.expose_secret().as_bytes();
            let old = (!stored.starts_with("$argon2"))
                .then(|| OldHash::parse(&stored))
                .transpose()
                .map_err(failed)?;
            if old.as_ref().is_some_and(|old| old.is_right(password)) {
                return Ok(exists);
            }
            // A wrong password for a cheap old hash takes the time of a dear one: that an account
            // came from elsewhere must not show either.
            let stored = if old.is_some() { absent.as_ref() } else { stored.as_str() };
            let mut memory = spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let right = is_right(&mut memory, password, stored).map(|right| right && old.is_none());
            spare.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            Ok(right? && exists)
        })
        .await
    }

    /// Whether a stored hash is of a former system, or cheaper than new ones are: then it is replaced
    /// when its password is next known.
    pub fn needs_rehash(&self, stored: &str) -> bool {
        let Some((algorithm, version, params)) = parameters(stored) else { return true };
        let wanted = self.hasher.params();
        algorithm != Algorithm::Argon2id
            || version != Version::V0x13
            || params.m_cost() < wanted.m_cost()
            || params.t_cost() < wanted.t_cost()
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        match self.pool.run(work).await {
            Ok(result) => result,
            Err(PoolError::Busy) => Err(PasswordError::Busy),
            Err(error) => Err(failed(error)),
        }
    }

    /// How many are being hashed or wait.
    pub fn in_hand(&self) -> usize {
        self.pool.in_hand()
    }
}

fn hash(hasher: &Argon2<'_>, password: &[u8], salt: &[u8]) -> Result<String, PasswordError> {
    let salt = SaltString::encode_b64(salt).map_err(failed)?;
    Ok(hasher.hash_password(password, &salt).map_err(failed)?.to_string())
}

/// Whether a hash from elsewhere can be checked here, with bounded work.
///
/// # Errors
/// [`UnreadableHash`]; its text holds nothing of the hash.
pub fn check_stored(stored: &str) -> Result<(), UnreadableHash> {
    if !stored.starts_with("$argon2") {
        return OldHash::parse(stored).map(drop);
    }
    let (_, _, params) = parameters(stored).ok_or(UnreadableHash::Damaged)?;
    if params.m_cost() > DEAREST.memory_kib
        || params.t_cost() > DEAREST.iterations
        || params.p_cost() > DEAREST.parallelism
    {
        return Err(UnreadableHash::TooDear);
    }
    // Without its salt or its value it could never be checked.
    let hash = PasswordHash::new(stored).map_err(|_| UnreadableHash::Damaged)?;
    if hash.salt.is_some() && hash.hash.is_some() { Ok(()) } else { Err(UnreadableHash::Damaged) }
}

fn parameters(stored: &str) -> Option<(Algorithm, Version, Params)> {
    let stored = PasswordHash::new(stored).ok()?;
    let algorithm = Algorithm::try_from(stored.algorithm).ok()?;
    let version = stored.version.map_or(Ok(Version::V0x13), Version::try_from).ok()?;
    Some((algorithm, version, Params::try_from(&stored).ok()?))
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
    async fn a_hash_of_a_former_system_is_checked_in_the_same_pool() {
        let passwords = passwords(4);
        let stored = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW".to_owned();
        assert!(passwords.verify("U*U".into(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("U*V".into(), Some(stored)).await.unwrap());
        assert!(passwords.verify("x".into(), Some("md5:x".into())).await.is_err());
    }

    #[tokio::test]
    async fn hashes_that_are_old_or_cheaper_need_replacing_and_dearer_ones_do_not() {
        let present = Cost { memory_kib: 128, iterations: 2, parallelism: 1 };
        let hash_at = async |cost| {
            let passwords = Passwords::new(cost, 1, 1, &Rng::seeded(1)).unwrap();
            passwords.hash("x".into(), &Rng::seeded(2)).await.unwrap()
        };
        let passwords = Passwords::new(present, 1, 1, &Rng::seeded(1)).unwrap();
        for (cost, needed) in [
            (present, false),
            (Cost { memory_kib: 256, iterations: 3, ..present }, false),
            (Cost { memory_kib: 64, ..present }, true),
            (Cost { iterations: 1, ..present }, true),
        ] {
            assert_eq!(passwords.needs_rehash(&hash_at(cost).await), needed, "{cost:?}");
        }
        let present = hash_at(present).await;
        assert!(passwords.needs_rehash(&present.replace("argon2id", "argon2i")));
        assert!(passwords.needs_rehash("{SSHA}HF1EwI2lVSlqFAd3SZnZfU2+VyjGeE+p"));
    }

    #[test]
    fn an_imported_argon2_hash_may_not_ask_for_any_amount_of_work() {
        let hash =
            |parameters: &str| format!("$argon2id$v=19${parameters}$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(check_stored(&hash("m=19456,t=2,p=1")), Ok(()));
        for dear in ["m=4194304,t=2,p=1", "m=19456,t=4000000000,p=1", "m=19456,t=2,p=200"] {
            assert_eq!(check_stored(&hash(dear)), Err(UnreadableHash::TooDear), "{dear}");
        }
        assert_eq!(check_stored("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ"), Err(UnreadableHash::Damaged));
        assert_eq!(check_stored("$argon2id$nonsense"), Err(UnreadableHash::Damaged));
    }

    #[tokio::test]
    async fn a_full_queue_answers_busy_at_once() {
        let passwords = passwords(0);
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let pool = passwords.pool.clone();
        let slow = tokio::spawn(async move { pool.run(move || wait.recv()).await });
        while passwords.in_hand() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(passwords.verify("x".into(), None).await, Err(PasswordError::Busy));
        drop(release);
        assert!(slow.await.unwrap().unwrap().is_err());
        assert_eq!(passwords.verify("x".into(), None).await, Ok(false));
    }
}
