//! The one client that goes where others say: it fetches keys of clients and issuers and lists of
//! addresses, and brings word to clients.
//!
//! The address comes from a stranger or from a registration, so whoever chose it must not make us
//! talk to machines that only we can reach (server-side request forgery). The check is made where
//! the connection is made, on the very addresses connected to: a name that resolves well when
//! looked at and badly when connected to (DNS rebinding) gains nothing. No redirects, 5 s for all
//! of it, 256 KB, TLS unless the operator lists the host.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{
    Certificate, Client, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{ACCEPT, CONTENT_TYPE},
    redirect::Policy,
};
use url::{Host, Url};

use super::{SenderError, cause, reach::Reach};
use crate::settings::Outbound;

/// For connecting, sending and reading together.
const LONGEST: Duration = Duration::from_secs(5);
/// More is not read.
const LARGEST: usize = 256 * 1024;

/// Fetches documents of others.
pub struct Fetcher {
    reach: Arc<Reach>,
    authorities: Vec<Certificate>,
    /// Made at the first fetch: reading the system's authorities takes time and memory.
    client: OnceLock<Client>,
}

/// Why nothing was fetched. Holds no address: a query may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// We do not fetch from there.
    #[error("refused to fetch: {0}")]
    Refused(&'static str),
    /// No answer.
    #[error("could not fetch: {0}")]
    Unreachable(String),
    /// Another status than 200; redirects are not followed.
    #[error("could not fetch: the answer is {0}")]
    Status(u16),
    /// More than 256 KB.
    #[error("could not fetch: the answer is larger than 256 KB")]
    TooLarge,
    /// Not what it should be; says what.
    #[error("fetched something else than {0}")]
    Malformed(&'static str),
}

impl Fetcher {
    /// # Errors
    /// [`SenderError`] when `outbound.trusted_ca` can't be read.
    pub fn new(settings: &Outbound) -> Result<Self, SenderError> {
        let mut authorities = Vec::new();
        if let Some(file) = &settings.trusted_ca {
            let failed =
                |error: String| SenderError(format!("outbound.trusted_ca: {}: {error}", file.display()));
            let pem = std::fs::read(file).map_err(|error| failed(error.to_string()))?;
            authorities = Certificate::from_pem_bundle(&pem).map_err(|error| failed(cause(&error)))?;
        }
        Ok(Self { reach: Arc::new(Reach::new(settings)), authorities, client: OnceLock::new() })
    }

    /// The JSON document at `url`.
    ///
    /// # Errors
    /// [`FetchError`] saying why there is none.
    pub async fn get_json(&self, url: &Url) -> Result<serde_json::Value, FetchError> {
        let body = self.get(url, "application/json, */*;q=0.1").await?;
        serde_json::from_slice(&body).map_err(|_| FetchError::Malformed("JSON"))
    }

    /// The bytes at `url`.
    ///
    /// # Errors
    /// [`FetchError`] saying why there are none.
    pub async fn get_bytes(&self, url: &Url) -> Result<Vec<u8>, FetchError> {
        self.get(url, "*/*").await
    }

    /// Brings JSON to `url`. What is answered is not read: any 2xx is a receipt.
    ///
    /// # Errors
    /// [`FetchError`] saying why it was not taken.
    pub async fn post_json(&self, url: &Url, body: String) -> Result<(), FetchError> {
        self.post(url, "application/json", body).await
    }

    /// The same with a form.
    ///
    /// # Errors
    /// [`FetchError`] saying why it was not taken.
    pub async fn post_form(&self, url: &Url, fields: &[(&str, &str)]) -> Result<(), FetchError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post(url, "application/x-www-form-urlencoded", body).await
    }

    async fn post(&self, url: &Url, content_type: &str, body: String) -> Result<(), FetchError> {
        self.check(url)?;
        let request = self.client()?.post(url.clone()).header(CONTENT_TYPE, content_type).body(body);
        let answer = request.send().await.map_err(|error| unreachable(&error))?;
        if answer.status().is_success() { Ok(()) } else { Err(FetchError::Status(answer.status().as_u16())) }
    }

    /// Whether `url` may be fetched as far as its text tells: for registrations, so that a fault is
    /// seen before the first use.
    ///
    /// # Errors
    /// [`FetchError::Refused`] saying what is wrong with it.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        self.reach.check(url).map_err(FetchError::Refused)
    }

    async fn get(&self, url: &Url, accept: &str) -> Result<Vec<u8>, FetchError> {
        self.check(url)?;
        let request = self.client()?.get(url.clone()).header(ACCEPT, accept);
        let mut answer = request.send().await.map_err(|error| unreachable(&error))?;
        if answer.status() != StatusCode::OK {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable(&error))? {
            if body.len() + chunk.len() > LARGEST {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn client(&self) -> Result<&Client, FetchError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let mut builder = Client::builder()
            .redirect(Policy::none())
            // A proxy of the environment would resolve names itself, past our check.
            .no_proxy()
            .dns_resolver(Arc::new(GuardedDns(self.reach.clone())))
            .referer(false)
            .timeout(LONGEST)
            .user_agent("tamga");
        for authority in &self.authorities {
            builder = builder.add_root_certificate(authority.clone());
        }
        let client = builder.build().map_err(|error| unreachable(&error))?;
        Ok(self.client.get_or_init(|| client))
    }
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fetcher(..)")
    }
}

fn unreachable(error: &reqwest::Error) -> FetchError {
    // A refusal of our own resolver stays one.
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = source {
        if let Some(refused) = error.downcast_ref::<FetchError>() {
            return refused.clone();
        }
        source = error.source();
    }
    if error.is_timeout() {
        return FetchError::Unreachable("it took longer than 5 s".to_owned());
    }
    FetchError::Unreachable(cause(error))
}

/// Names become only addresses that may be connected to.
struct GuardedDns(Arc<Reach>);

impl Resolve for GuardedDns {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let host = Host::Domain(name.as_str().to_ascii_lowercase());
            let good: Vec<_> = found.into_iter().filter(|at| reach.may_connect(&host, at.ip())).collect();
            if good.is_empty() {
                return Err(FetchError::Refused("its host is not on the public internet").into());
            }
            Ok(Box::new(good.into_iter()) as Addrs)
        })
    }
}
