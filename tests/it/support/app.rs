//! The real router over a database of its own, with a clock that stands still and seeded
//! randomness. Requests are served in-process: no sockets.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use tamga::{
    app::{self, App, Background, run_background},
    clock::Clock,
    crypto::{certificate::Certificate, recovery_code, totp::Seed},
    ids::{ClientCertificateId, ClientId, ClientSecretId, CredentialId, UserId},
    model::{
        attribute::Level,
        client::{
            AuthMethod, Client, ClientCertificate, ClientSecret, ClientSettings, ClientType, Flow, Sealed,
        },
        credential::{Credential, CredentialKind},
        journal::Entry,
        user::UserKind,
    },
    outbound::worker::deliver_due,
    protocol::oauth2::logout_token,
    rng::Rng,
    secret::Token,
    settings::{Settings, Sources},
    store::{
        self,
        outbox::Message,
        users::{NewAttribute, NewUser},
    },
};
use time::{OffsetDateTime, macros::datetime};
use tracing::subscriber::DefaultGuard;

use super::{
    browser::Browser,
    database::{TestDatabase, database},
    door::Door,
    log::Log,
    pki::Holder,
    wire::Wire,
};

/// When every test begins.
pub const START: OffsetDateTime = datetime!(2026-03-01 09:00 UTC);
/// The issuer, unless a test takes another.
pub const ISSUER: &str = "https://sso.test.example";
/// The password of everybody made by [`TestApp::user`].
pub const PASSWORD: &str = "correct horse battery staple";
/// The return address of every client made by [`TestApp::client`].
pub const CALLBACK: &str = "https://rp.example/cb";
/// Where such a client may be returned to after logout.
pub const BYE: &str = "https://rp.example/bye";

const ENCRYPTION_KEY: &str = "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A server under test.
pub struct TestApp {
    /// Its parts.
    pub app: App,
    /// Its clock; `advance` moves it.
    pub clock: Clock,
    /// Where requests go in.
    pub door: Door,
    wire: Option<Wire>,
    log: Log,
    database: Arc<TestDatabase>,
    _listening: DefaultGuard,
}

/// A client with what it needs to prove itself.
#[derive(Clone)]
pub struct TestClient {
    /// The registration.
    pub client: Client,
    /// The secret; a public client has none.
    pub secret: Option<String>,
}

impl TestApp {
    /// A server with the usual settings.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A server with these settings over the usual ones, by dotted key.
    pub async fn with(overrides: &[(&str, &str)]) -> Self {
        let database = Arc::new(database().await);
        let url = database.url.clone();
        Self::start(database, &url, overrides, None, Clock::fixed(START)).await
    }

    /// A server on plain HTTP, as in development.
    pub async fn on_loopback() -> Self {
        Self::with(&[("server.public_url", "http://localhost:8080")]).await
    }

    /// A server whose talk with the database is counted.
    pub async fn over_wire() -> Self {
        // One connection, so that a statement is prepared once and a second request finds it.
        Self::over_wire_with_connections(1).await
    }

    /// A server behind a proxy that can freeze or cut its talk with the database.
    pub async fn over_wire_with_connections(connections: u32) -> Self {
        let database = Arc::new(database().await);
        let wire = Wire::start(&database.url).await;
        let connections = connections.to_string();
        let overrides = [("database.max_connections", connections.as_str())];
        Self::start(database, &wire.url(), &overrides, Some(wire), Clock::fixed(START)).await
    }

    /// Another instance on the same database, with the same clock.
    pub async fn another(&self) -> Self {
        self.another_with(&[]).await
    }

    /// The same with these settings over the usual ones.
    pub async fn another_with(&self, overrides: &[(&str, &str)]) -> Self {
        let database = Arc::clone(&self.database);
        let url = database.url.clone();
        Self::start(database, &url, overrides, None, self.clock.clone()).await
    }

    async fn start(
        database: Arc<TestDatabase>,
        url: &str,
        overrides: &[(&str, &str)],
        wire: Option<Wire>,
        clock: Clock,
    ) -> Self {
        static SEED: AtomicU64 = AtomicU64::new(1);
        let log = Log::default();
        let listening = log.listen();
        let settings = settings(url, overrides);
        // Instances that share a database must not draw the same identifiers.
        let rng = Rng::seeded(SEED.fetch_add(1, Ordering::Relaxed));
        let app = App::start(settings, clock.clone(), rng).await.unwrap();
        let door = Door::new(tamga::build_router(app.clone()), &app.settings.server.public_url, &clock);
        Self { app, clock, door, wire, log, database, _listening: listening }
    }

    /// Everything written to the log so far.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// The proxy before the database; only of [`TestApp::over_wire`].
    pub fn wire(&self) -> &Wire {
        self.wire.as_ref().expect("a server made by over_wire")
    }

    /// A browser that was never here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.door.clone())
    }

    /// The pool.
    pub fn pool(&self) -> &PgPool {
        &self.app.pool
    }

    /// Registers a confidential client for the code flow with every shipped scope.
    pub async fn client(&self, identifier: &str, tweak: impl FnOnce(&mut Client)) -> TestClient {
        let secret = Token::generate(&self.app.rng);
        let now = self.clock.now();
        let mut client = Client {
            id: ClientId(self.app.rng.uuid(now)),
            identifier: identifier.to_owned(),
            name: format!("The service {identifier}"),
            client_type: ClientType::Confidential,
            profile: None,
            organisation: None,
            flows: vec![Flow::AuthorizationCode, Flow::RefreshToken],
            auth_methods: vec![AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost],
            redirect_uris: vec![CALLBACK.to_owned()],
            post_logout_redirect_uris: vec![BYE.to_owned()],
            scopes: self.app.settings.scopes.keys().cloned().collect(),
            resources: Vec::new(),
            settings: ClientSettings::default(),
            secrets: vec![self.secret(&secret, None)],
            certificates: Vec::new(),
            disabled_at: None,
            created_at: now,
        };
        tweak(&mut client);
        let entry = Entry::by_operator(now, "client.insert", "client", client.id);
        store::clients::insert(self.pool(), &client, &entry).await.unwrap();
        let secret = (!client.secrets.is_empty()).then(|| secret.expose().to_owned());
        TestClient { client, secret }
    }

    /// Registers a public client: no secret, PKCE.
    pub async fn public_client(&self, identifier: &str, tweak: impl FnOnce(&mut Client)) -> TestClient {
        let public = |client: &mut Client| {
            client.client_type = ClientType::Public;
            client.auth_methods = vec![AuthMethod::None];
            client.secrets.clear();
            tweak(client);
        };
        self.client(identifier, public).await
    }

    /// Registers a certificate with a client; known at once.
    pub async fn add_certificate(
        &self,
        client: &TestClient,
        holder: &Holder,
        expires_at: Option<OffsetDateTime>,
    ) {
        let now = self.clock.now();
        let mut changed = store::clients::find(self.pool(), client.id()).await.unwrap().unwrap();
        changed.certificates.push(ClientCertificate {
            id: ClientCertificateId(self.app.rng.uuid(now)),
            key: Certificate::parse(&holder.der()).unwrap().key(),
            der: holder.der(),
            created_at: now,
            expires_at,
            last_used_at: None,
        });
        let entry = Entry::by_operator(now, "client.insert_certificate", "client", changed.id);
        store::client_certificates::insert_last(self.pool(), &changed, &entry).await.unwrap();
        self.app.clients.clear();
    }

    /// A secret as it is stored.
    pub fn secret(&self, secret: &Token, expires_at: Option<OffsetDateTime>) -> ClientSecret {
        let now = self.clock.now();
        let id = ClientSecretId(self.app.rng.uuid(now));
        let sealed =
            self.app.sealer.seal(&ClientSecret::place(id), secret.expose().as_bytes(), &self.app.rng);
        ClientSecret {
            id,
            digest: secret.digest(),
            // As of a client of OAuth 1.0a; the other protocols don't look at it.
            sealed: Some(Sealed(sealed.unwrap())),
            created_at: now,
            expires_at,
            last_used_at: None,
        }
    }

    /// Changes a registration, as an operator would; known at once.
    pub async fn change_client(&self, client: &mut TestClient, change: impl FnOnce(&mut Client)) {
        change(&mut client.client);
        let now = self.clock.now();
        let entry = Entry::by_operator(now, "client.update", "client", client.client.id);
        store::clients::update(self.pool(), &client.client, now, &entry).await.unwrap();
        self.app.clients.clear();
    }

    /// An account with the password [`PASSWORD`], a name, a mail address and a telephone.
    pub async fn user(&self, username: &str) -> UserId {
        let email = format!("{username}@citizen.example");
        let attributes = [
            ("first_name", "Somchai", 2),
            ("last_name", "Jaidee", 2),
            ("date_of_birth", "1990-05-15", 2),
            ("email", email.as_str(), 1),
            ("mobile_phone", "+66812345678", 0),
        ];
        self.user_with(username, PASSWORD, &attributes).await
    }

    /// An account with this password and these attributes: name, value, level.
    pub async fn user_with(
        &self,
        username: &str,
        password: &str,
        attributes: &[(&str, &str, i16)],
    ) -> UserId {
        let now = self.clock.now();
        let hash = self.app.passwords.hash(SecretString::from(password), &self.app.rng).await.unwrap();
        let registry = &self.app.settings.attributes;
        let attribute = |(name, value, level): &(&str, &str, i16)| NewAttribute {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            level: Level::try_from(*level).unwrap(),
            identifier: registry.get(*name).is_some_and(|definition| definition.identifier),
        };
        let user = NewUser {
            id: UserId(self.app.rng.uuid(now)),
            kind: UserKind::Citizen,
            username: username.to_owned(),
            password_hash: Some(hash),
            attributes: attributes.iter().map(attribute).collect(),
        };
        let entry = Entry::by_operator(now, "user.insert", "user", user.id);
        store::users::insert(self.pool(), &user, "operator", &entry).await.unwrap();
        user.id
    }

    /// Every message to this phone or mail address, the newest first.
    pub async fn messages(&self, to: &str) -> Vec<Message> {
        let mut all = store::outbox::list(self.pool(), 1000).await.unwrap();
        all.retain(|message| message.recipient == to);
        all
    }

    /// One round of the outbox's worker; how many messages it took.
    pub async fn deliver(&self) -> usize {
        let minter = logout_token::minter(&self.app);
        deliver_due(self.pool(), &self.app.senders, &minter, &self.clock, &self.app.rng).await.unwrap()
    }

    /// What goes on beside the requests of a running server.
    pub fn run_background(&self) -> Background {
        run_background(&self.app, logout_token::minter(&self.app))
    }

    /// The code in the newest message to this phone or mail address.
    pub async fn sent_code(&self, to: &str) -> String {
        let messages = self.messages(to).await;
        let digits = |part: &&str| part.len() == 6 && part.bytes().all(|b| b.is_ascii_digit());
        let mut parts = messages.iter().flat_map(|m| m.body.split(|c: char| !c.is_ascii_digit()));
        parts.find(digits).expect("a code").to_owned()
    }

    /// Gives an account a second factor that needs no secret: codes by SMS or mail.
    pub async fn enrol(&self, user: UserId, kind: CredentialKind) {
        self.enrol_sealed(user, kind, None).await;
    }

    /// Gives an account an authenticator application with this seed.
    pub async fn enrol_totp(&self, user: UserId, seed: &Seed) {
        let place = Credential::place(user);
        let sealed = self.app.sealer.seal(&place, seed.expose(), &self.app.rng).unwrap();
        self.enrol_sealed(user, CredentialKind::Totp, Some(sealed)).await;
    }

    /// Gives an account a recovery code.
    pub async fn enrol_recovery_code(&self, user: UserId) -> String {
        let code = recovery_code::generate(&self.app.rng);
        let digest = recovery_code::digest(&code, user).as_bytes().to_vec();
        self.enrol_sealed(user, CredentialKind::RecoveryCode, Some(digest)).await;
        code.expose_secret().to_owned()
    }

    async fn enrol_sealed(&self, user: UserId, kind: CredentialKind, sealed: Option<Vec<u8>>) {
        let now = self.clock.now();
        let credential = Credential {
            id: CredentialId(self.app.rng.uuid(now)),
            user_id: user,
            kind,
            label: None,
            data: serde_json::json!({}),
            sealed,
            created_at: now,
            last_used_at: None,
        };
        let entry = Entry::by_operator(now, "credential.insert", "user", user);
        store::credentials::insert(self.pool(), &[credential], None, &entry).await.unwrap();
    }

    /// Shuts an account out.
    pub async fn disable_user(&self, user: UserId) {
        let entry = Entry::by_operator(self.clock.now(), "user.disable", "user", user);
        store::users::set_disabled(self.pool(), user, true, &entry).await.unwrap();
    }
}

impl TestClient {
    /// Its identifier.
    pub fn id(&self) -> &str {
        &self.client.identifier
    }

    /// Its secret.
    pub fn secret(&self) -> &str {
        self.secret.as_deref().expect("a confidential client")
    }
}

fn settings(url: &str, overrides: &[(&str, &str)]) -> Settings {
    let usual = [
        ("server.public_url", ISSUER),
        ("database.url", url),
        ("secrets.encryption_keys", ENCRYPTION_KEY),
        // As cheap as Argon2 goes: tests sign in often.
        ("passwords.argon2.memory_kib", "8"),
        ("passwords.argon2.iterations", "1"),
        // A busy machine must not fail a test.
        ("database.acquire_timeout", "30s"),
        ("database.statement_timeout", "30s"),
    ];
    let overrides =
        usual.iter().chain(overrides).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Settings::load(&Sources { overrides, ..Sources::default() }).unwrap()
}

/// Signing keys take a second to make, so the template has them.
pub async fn make_keys(pool: &PgPool) {
    let sealer = app::sealer(&settings("postgresql:///unused", &[])).unwrap();
    app::create_missing_keys(pool, &sealer, &Rng::System, START).await.unwrap();
}
