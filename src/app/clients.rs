//! Clients kept in memory, so that most requests ask the database for none; and the last uses of
//! their secrets, gathered and written now and then.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::future::Cache;
use sqlx::PgPool;
use time::OffsetDateTime;

use crate::{
    ids::ClientSecretId,
    model::client::Client,
    store::{self, StoreError},
};

/// How many clients are kept.
const CAPACITY: u64 = 10_000;
/// How long one is believed without word from the database; a change is known within 3 s even if
/// its notice gets lost.
const BELIEVED: Duration = Duration::from_millis(2_500);

/// Clients by identifier.
pub struct ClientCache(Cache<String, Arc<Client>>);

impl ClientCache {
    /// An empty cache.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(CAPACITY).time_to_live(BELIEVED).build())
    }

    /// The client with this identifier. Identifiers nobody has are not remembered: a stranger
    /// could fill the cache with them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, pool: &PgPool, identifier: &str) -> Result<Option<Arc<Client>>, StoreError> {
        if let Some(client) = self.0.get(identifier).await {
            return Ok(Some(client));
        }
        // A client that a burst of requests waits for is fetched once.
        let fetched = self
            .0
            .try_get_with(identifier.to_owned(), async {
                match store::clients::find(pool, identifier).await {
                    Ok(Some(client)) => Ok(Arc::new(client)),
                    Ok(None) => Err(None),
                    Err(error) => Err(Some(error)),
                }
            })
            .await;
        match fetched {
            Ok(client) => Ok(Some(client)),
            Err(error) => match Arc::try_unwrap(error) {
                Ok(None) => Ok(None),
                Ok(Some(error)) => Err(error),
                // Somebody waited for the same failure: ask for ourselves, to get an error of our own.
                Err(_) => Ok(store::clients::find(pool, identifier).await?.map(Arc::new)),
            },
        }
    }

    /// Forgets everything: something changed.
    pub fn clear(&self) {
        self.0.invalidate_all();
    }
}

/// When secrets were last used, until it is written down.
#[derive(Default)]
pub struct SecretUses(Mutex<HashMap<ClientSecretId, OffsetDateTime>>);

impl SecretUses {
    /// Notes a use.
    pub fn note(&self, secret: ClientSecretId, at: OffsetDateTime) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(secret, at);
    }

    /// Takes what was gathered.
    pub fn take(&self) -> Vec<(ClientSecretId, OffsetDateTime)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }
}
