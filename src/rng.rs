//! The only source of randomness. Handlers take it from `App`, so that tests can seed it.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{RngCore, SeedableRng, TryRngCore, rngs::OsRng};
use rand_chacha::ChaCha20Rng;
use time::OffsetDateTime;
use uuid::Uuid;

/// Gives random bytes: the operating system's, or a seeded stream for tests.
#[derive(Clone, Debug)]
pub enum Rng {
    /// The operating system's generator.
    System,
    /// A reproducible stream; for tests only.
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl Rng {
    /// A reproducible generator for tests.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// Fills an array with random bytes.
    ///
    /// # Panics
    /// When the operating system refuses randomness: nothing safe can be done without it.
    #[allow(clippy::expect_used)]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives randomness"),
            Self::Seeded(stream) => {
                stream.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
            }
        }
        bytes
    }

    /// A UUID version 7 (RFC 9562 §5.7) for the moment `at`.
    pub fn uuid(&self, at: OffsetDateTime) -> Uuid {
        let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}
