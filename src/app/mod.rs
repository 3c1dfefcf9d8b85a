//! What every handler can reach: pool, settings, keys, templates, clock, randomness.

mod background;
pub mod certificate_owner;
mod clients;
mod jwks;
mod key_rotation;
mod keys;
pub mod notices;
pub mod one_time_codes;
pub mod passwords;
mod presence;
mod service_grants;
mod trust;

use std::{
    ops::Deref,
    str::FromStr,
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use secrecy::ExposeSecret;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use time::OffsetDateTime;
use url::Url;
use zeroize::Zeroizing;

use crate::{
    clock::Clock,
    crypto::{
        jwk::JwkSet,
        jwt::Remembered,
        password::{Cost, PasswordError, Passwords},
        pool::Pool,
        sealed::{SealError, Sealer},
    },
    ids::{RequestId, SessionId},
    model::document::Document,
    model::logo::Logo,
    outbound::{
        SenderError, Senders,
        fetch::{FetchError, Fetcher},
        logo,
    },
    rng::Rng,
    settings::{self, Settings},
    store::{StoreError, installation_secrets},
    templates::{Branding, TemplateError, Templates},
};

pub use crate::outbound::logo::LogoError;
pub use background::{Background, lapse_confirmations, run_background};
pub use clients::{CertificateUses, ClientCache, SecretUses};
pub use jwks::JwksCache;
pub use key_rotation::{
    PUBLISHED_BEFORE, destroy_retired_keys, due_at as key_rotation_due_at, rotate_due_keys,
};
pub use keys::{KeysError, Rotation, SigningKeys, create_missing_keys, rotate_key};
pub use presence::Presence;
pub use service_grants::ServiceGrants;
pub use trust::{Trust, TrustError};

/// Key exchanges that may wait for a core: well under a second's work.
const EXCHANGES_WAITING: usize = 16;

/// The server's parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    /// Connections to PostgreSQL.
    pub pool: PgPool,
    /// What the operator decided.
    pub settings: Settings,
    /// The issuer, as it stands in tokens.
    pub issuer: String,
    /// Keys that tokens are signed with.
    pub keys: SigningKeys,
    /// Encryption at rest.
    pub sealer: Sealer,
    /// What people's names at relying parties that may not compare them are made from.
    pub pairwise_key: Zeroizing<Vec<u8>>,
    /// Pages, texts and static files; replaced as a whole when an operator changed them.
    templates: RwLock<Arc<Templates>>,
    /// Whose word about certificates counts; replaced as a whole when an operator changed it.
    trust: RwLock<Arc<Trust>>,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
    /// Password hashing.
    pub passwords: Passwords,
    /// Key exchanges with moduli that relying parties bring along (OpenID 2.0 §8.1.2).
    pub exchanges: Pool,
    /// Where messages go out.
    pub senders: Senders,
    /// Fetches documents of others: keys of clients and issuers.
    pub fetcher: Arc<Fetcher>,
    /// Keys of clients and issuers, by address.
    pub jwks: JwksCache,
    /// Clients by identifier.
    pub clients: ClientCache,
    /// When client secrets were last used.
    pub secret_uses: SecretUses,
    /// Tokens of people who are not there, written down in groups.
    pub service_grants: ServiceGrants,
    /// When client certificates were.
    pub certificate_uses: CertificateUses,
    /// Whether the database is there.
    pub presence: Presence,
    /// Access tokens whose signature was checked before.
    pub tokens_read: Remembered,
    /// The discovery document, from its first request on.
    pub discovery: OnceLock<Document>,
    /// The OpenID 2.0 document of the OP Identifier, likewise.
    pub op_xrds: OnceLock<Bytes>,
    /// The OpenID 2.0 document of every identity page, likewise.
    pub identity_xrds: OnceLock<Bytes>,
}

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// `database.url` is no URL.
    #[error("database.url: {0}")]
    DatabaseUrl(sqlx::Error),
    /// The database can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template or catalogue is at fault.
    #[error(transparent)]
    Templates(#[from] TemplateError),
    /// The encryption keys are at fault.
    #[error("secrets.encryption_keys: {0}")]
    Seal(#[from] SealError),
    /// The signing keys can't be read or made.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// A gateway's settings can't be used.
    #[error(transparent)]
    Senders(#[from] SenderError),
    /// A file about certificates can't be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// Argon2 refuses its parameters.
    #[error("passwords.argon2: {0}")]
    Passwords(#[from] PasswordError),
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together: connects, reads templates and keys (makes them, on an empty
    /// database). The schema must be up to date.
    ///
    /// # Errors
    /// [`StartError`] saying which part failed.
    pub async fn start(settings: Settings, clock: Clock, rng: Rng) -> Result<Self, StartError> {
        let pool = connect(&settings.database)?;
        let templates = Templates::load(branding(&settings.branding))?;
        let trust = Trust::load(&settings)?;
        let sealer = sealer(&settings)?;
        let senders = Senders::new(&settings)?;
        let fetcher = senders.fetcher();
        let argon2 = &settings.passwords.argon2;
        let cost = Cost {
            memory_kib: argon2.memory_kib,
            iterations: argon2.iterations,
            parallelism: argon2.parallelism,
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let queue = usize::try_from(settings.passwords.queue).unwrap_or(usize::MAX);
        let passwords = Passwords::new(cost, cores, queue, &rng)?;
        create_missing_keys(&pool, &sealer, &rng, clock.now()).await?;
        let pairwise_key = pairwise_key(&pool, &sealer, &rng, clock.now()).await?;
        let keys = SigningKeys::load(&pool, &sealer, clock.now()).await?;
        Ok(Self(Arc::new(Parts {
            issuer: settings.server.issuer(),
            keys,
            sealer,
            pairwise_key,
            templates: RwLock::new(Arc::new(templates)),
            trust: RwLock::new(Arc::new(trust)),
            clock,
            rng,
            passwords,
            // Strangers may ask for these, so half of the cores stays free.
            exchanges: Pool::new(cores / 2, EXCHANGES_WAITING),
            senders,
            fetcher,
            jwks: JwksCache::new(),
            clients: ClientCache::new(),
            secret_uses: SecretUses::default(),
            service_grants: ServiceGrants::new(
                settings.database.acquire_timeout + settings.database.statement_timeout,
            ),
            certificate_uses: CertificateUses::default(),
            presence: Presence::default(),
            tokens_read: Remembered::default(),
            discovery: OnceLock::new(),
            op_xrds: OnceLock::new(),
            identity_xrds: OnceLock::new(),
            pool,
            settings,
        })))
    }

    /// Pages, texts and static files.
    pub fn templates(&self) -> Arc<Templates> {
        self.templates.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys published at `url`, with `kid` among them if its owner has it.
    ///
    /// # Errors
    /// [`FetchError`] when they can't be had.
    pub async fn keys_at(&self, url: &Url, kid: Option<&str>) -> Result<Arc<JwkSet>, FetchError> {
        self.jwks.find(&self.fetcher, url, kid, self.clock.now()).await
    }

    /// The logo at `url`, checked.
    ///
    /// # Errors
    /// [`LogoError`] when it can't be had, or is none that may be shown.
    pub async fn logo_at(&self, url: &Url) -> Result<Logo, LogoError> {
        logo::fetch(&self.fetcher, url).await
    }

    /// Reads the operator's templates again.
    ///
    /// # Errors
    /// [`TemplateError`] naming the file at fault; those in use stay then.
    pub fn reload_templates(&self) -> Result<(), TemplateError> {
        let templates = Arc::new(Templates::load(branding(&self.settings.branding))?);
        *self.templates.write().unwrap_or_else(PoisonError::into_inner) = templates;
        Ok(())
    }

    /// Where the port that asks for certificates is reached, without a slash at its end; `None` when
    /// there is none, or the issuer's own does.
    pub fn mtls_base(&self) -> Option<String> {
        let settings = &self.settings.client_tls;
        if let Some(url) = &settings.mtls_public_url {
            return Some(url.origin().ascii_serialization());
        }
        let mut url = self.settings.server.public_url.clone();
        url.set_port(Some(settings.mtls_port?)).ok()?;
        Some(url.origin().ascii_serialization())
    }

    /// Whose word about certificates counts.
    pub fn trust(&self) -> Arc<Trust> {
        self.trust.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the files about certificates again.
    ///
    /// # Errors
    /// [`TrustError`] naming the key at fault; what is known stays then.
    pub fn reload_trust(&self) -> Result<(), TrustError> {
        let trust = Arc::new(Trust::load(&self.settings)?);
        *self.trust.write().unwrap_or_else(PoisonError::into_inner) = trust;
        Ok(())
    }

    /// A new request id.
    pub fn request_id(&self) -> RequestId {
        RequestId(self.rng.uuid(self.clock.now()))
    }

    /// A new session id.
    pub fn session_id(&self) -> SessionId {
        SessionId(self.rng.uuid(self.clock.now()))
    }

    /// Whether cookies and links are for TLS; false only on loopback in development.
    pub fn is_secure(&self) -> bool {
        self.settings.server.public_url.scheme() == "https"
    }
}

/// The secret that pairwise names are made from; made at the first start, the same ever after.
async fn pairwise_key(
    pool: &PgPool,
    sealer: &Sealer,
    rng: &Rng,
    now: OffsetDateTime,
) -> Result<Zeroizing<Vec<u8>>, StartError> {
    const NAME: &str = "pairwise";
    const PLACE: &str = "installation_secrets/pairwise";
    let fresh = Zeroizing::new(rng.bytes::<32>());
    let sealed = sealer.seal(PLACE, fresh.as_slice(), rng)?;
    let kept = installation_secrets::keep(pool, NAME, &sealed, now).await?;
    Ok(sealer.open(PLACE, &kept)?)
}

/// A pool for these settings; connections are made when first needed.
///
/// # Errors
/// [`StartError::DatabaseUrl`] when the URL can't be read.
pub fn connect(settings: &settings::Database) -> Result<PgPool, StartError> {
    let timeout = format!("{}ms", settings.statement_timeout.as_millis());
    let options = PgConnectOptions::from_str(settings.url.expose_secret())
        .map_err(StartError::DatabaseUrl)?
        .application_name("tamga")
        .options([("statement_timeout", timeout.as_str())]);
    Ok(PgPoolOptions::new()
        .max_connections(settings.max_connections)
        .acquire_timeout(settings.acquire_timeout)
        // A ping before every use would be a round trip before every statement; a connection that
        // died fails its one request, and the watch on the database empties the rest.
        .test_before_acquire(false)
        .idle_timeout(Duration::from_secs(300))
        .connect_lazy_with(options))
}

/// The key-encryption keys of the settings.
///
/// # Errors
/// [`SealError::BadKey`] when the list is empty.
pub fn sealer(settings: &Settings) -> Result<Sealer, SealError> {
    Sealer::new(settings.secrets.encryption_keys.iter().map(|key| (key.id.as_str(), &*key.key)))
}

/// What the pages look like, as the templates take it.
pub fn branding(settings: &settings::Branding) -> Branding {
    Branding {
        name: settings.name.clone(),
        accent: settings.accent.clone(),
        templates_dir: settings.templates_dir.clone(),
        help_url: settings.help_url.clone(),
        privacy_url: settings.privacy_url.clone(),
    }
}
