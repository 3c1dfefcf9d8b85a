//! Keys that clients and trusted issuers publish, fetched by address and kept for a while.
//!
//! A key nobody knows yet is looked for once more, since its owner may have changed keys; but not
//! more often than [`PAUSE`], or whoever sends made-up key names would have us flood the owner.
//! Of several requests that need the same set, one fetches it.

use std::sync::{Arc, PoisonError, RwLock};

use moka::sync::Cache;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::{
    crypto::jwk::JwkSet,
    outbound::fetch::{FetchError, Fetcher},
};

/// How many addresses are kept.
const CAPACITY: u64 = 1_000;
/// How long a set is believed before it is asked for again.
const TTL: Duration = Duration::minutes(10);
/// How long it is believed when it can't be had again.
const STALE: Duration = Duration::hours(1);
/// The least time between two fetches of one address.
const PAUSE: Duration = Duration::seconds(30);

/// Sets by address.
pub struct JwksCache(Cache<String, Arc<Entry>>);

/// One address.
#[derive(Default)]
struct Entry {
    known: RwLock<Known>,
    /// Held while fetching: those who know enough need not wait for it.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default, Clone)]
struct Known {
    keys: Option<(Arc<JwkSet>, OffsetDateTime)>,
    tried_at: Option<OffsetDateTime>,
    failed: Option<FetchError>,
}

impl JwksCache {
    /// An empty cache.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Cache::new(CAPACITY))
    }

    /// The keys at `url`; fetched when they are not known, too old, or lack `kid`.
    ///
    /// # Errors
    /// [`FetchError`] when they can't be had and none are known from the last hour.
    pub async fn find(
        &self,
        fetcher: &Fetcher,
        url: &Url,
        kid: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Arc<JwkSet>, FetchError> {
        let entry = self.0.get_with(url.as_str().to_owned(), Arc::default);
        if let Some(keys) = entry.known().enough(kid, now) {
            return Ok(keys);
        }
        let _alone = entry.fetching.lock().await;
        let known = entry.known();
        // Another request may have fetched them meanwhile.
        if let Some(keys) = known.enough(kid, now) {
            return Ok(keys);
        }
        if known.tried_at.is_some_and(|at| now < at + PAUSE) {
            return known.last_resort(now);
        }
        let fetched = fetcher.get_json(url).await;
        let read = fetched.and_then(|set| JwkSet::read(&set).ok_or(FetchError::Malformed("a JWK set")));
        let mut held = entry.known.write().unwrap_or_else(PoisonError::into_inner);
        held.tried_at = Some(now);
        match read {
            Ok(set) => {
                held.keys = Some((Arc::new(set), now));
                held.failed = None;
            }
            Err(error) => {
                tracing::warn!(host = url.host_str(), %error, "keys could not be fetched");
                held.failed = Some(error);
            }
        }
        held.last_resort(now)
    }
}

impl Entry {
    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Known {
    /// The keys, when they are young and hold the one wanted.
    fn enough(&self, kid: Option<&str>, now: OffsetDateTime) -> Option<Arc<JwkSet>> {
        let (keys, at) = self.keys.as_ref()?;
        (now < *at + TTL && kid.is_none_or(|kid| keys.has(kid))).then(|| keys.clone())
    }

    /// Whatever is known, unless it is too old to be believed.
    fn last_resort(&self, now: OffsetDateTime) -> Result<Arc<JwkSet>, FetchError> {
        match &self.keys {
            Some((keys, at)) if now < *at + STALE => Ok(keys.clone()),
            _ => Err(self.failed.clone().unwrap_or(FetchError::Unreachable("no keys yet".to_owned()))),
        }
    }
}
