//! Clients kept in memory, so that most requests ask the database for none; and the last uses of
//! their secrets, gathered and written now and then.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::future::Cache;
use sqlx::PgPool;
use time::OffsetDateTime;

use crate::{
    ids::{ClientCertificateId, ClientSecretId},
    model::{client::Client, realm::Realm},
    store::{self, StoreError},
};

/// How many clients are kept.
const CAPACITY: u64 = 10_000;
/// How long one is believed without word from the database; a change is known within 3 s even if
/// its notice gets lost.
const BELIEVED: Duration = Duration::from_millis(2_500);

/// Clients by identifier, and which of them has which OpenID 2.0 realm.
pub struct ClientCache {
    clients: Cache<String, Arc<Client>>,
    realms: Cache<(), Arc<Realms>>,
}

impl ClientCache {
    /// An empty cache.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self {
            clients: Cache::builder().max_capacity(CAPACITY).time_to_live(BELIEVED).build(),
            realms: Cache::builder().max_capacity(1).time_to_live(BELIEVED).build(),
        }
    }

    /// The client with this identifier. Identifiers nobody has are not remembered: a stranger
    /// could fill the cache with them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, pool: &PgPool, identifier: &str) -> Result<Option<Arc<Client>>, StoreError> {
        if let Some(client) = self.clients.get(identifier).await {
            return Ok(Some(client));
        }
        // A client that a burst of requests waits for is fetched once.
        let fetched = self
            .clients
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
            Err(nobody) if nobody.is_none() => Ok(None),
            Err(error) => match Arc::try_unwrap(error) {
                Ok(Some(error)) => Err(error),
                // Somebody waited for the same failure: ask for ourselves, to get an error of our own.
                _ => Ok(store::clients::find(pool, identifier).await?.map(Arc::new)),
            },
        }
    }

    /// The client whose realm this is or lies in (OpenID Authentication 2.0 §9.2); of several, the
    /// one whose realm says most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_by_realm(
        &self,
        pool: &PgPool,
        realm: &Realm,
    ) -> Result<Option<Arc<Client>>, StoreError> {
        if let Some(realms) = self.realms.get(&()).await
            && let Some(identifier) = realms.find(realm)
        {
            return self.find(pool, identifier).await;
        }
        // Nobody had it when the list was read; somebody may by now, and word of it be on its way.
        let realms = Arc::new(Realms::new(store::clients::openid2_realms(pool).await?));
        self.realms.insert((), realms.clone()).await;
        match realms.find(realm) {
            Some(identifier) => self.find(pool, identifier).await,
            None => Ok(None),
        }
    }

    /// Forgets everything: something changed.
    pub fn clear(&self) {
        self.clients.invalidate_all();
        self.realms.invalidate_all();
    }
}

/// Registered realms by host, so that a request looks at those of its own site alone.
#[derive(Default)]
struct Realms(HashMap<String, Vec<(Realm, String)>>);

impl Realms {
    /// From the text of each realm and the client that has it. One that can't be read is no realm;
    /// registration refuses it.
    fn new(registered: Vec<(String, String)>) -> Self {
        let mut by_host: HashMap<String, Vec<(Realm, String)>> = HashMap::new();
        for (text, identifier) in registered {
            if let Ok(realm) = Realm::parse(&text) {
                by_host.entry(realm.host()).or_default().push((realm, identifier));
            }
        }
        Self(by_host)
    }

    fn find(&self, realm: &Realm) -> Option<&str> {
        let host = realm.host();
        // The host itself, then each domain above it, where a wildcard may cover it.
        let mut hosts = std::iter::successors(Some(host.as_str()), |host| Some(host.split_once('.')?.1));
        hosts.find_map(|host| {
            let holders = self.0.get(host)?.iter().filter(|(registered, _)| realm.lies_in(registered));
            let closest = holders.reduce(|one, other| if other.0.lies_in(&one.0) { other } else { one });
            closest.map(|(_, identifier)| identifier.as_str())
        })
    }
}

/// When secrets were last used, until it is written down.
pub type SecretUses = LastUses<ClientSecretId>;
/// The same of certificates.
pub type CertificateUses = LastUses<ClientCertificateId>;

/// When things were last used.
pub struct LastUses<K>(Mutex<HashMap<K, OffsetDateTime>>);

impl<K> Default for LastUses<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> LastUses<K> {
    /// Notes a use.
    pub fn note(&self, used: K, at: OffsetDateTime) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(used, at);
    }

    /// Takes what was gathered.
    pub fn take(&self) -> Vec<(K, OffsetDateTime)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }
}
