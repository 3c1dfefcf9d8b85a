//! The database under measurement: accounts with attributes, sessions, remembered consents, refresh
//! tokens, codes and journeys, put in by SQL in bulk. Secret values are `load-KIND-NUMBER`; the
//! database holds their SHA-256 digests as it does of real ones.

use std::time::Instant;

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, postgres::PgPoolOptions};
use tamga::{
    cli::private_postgres::PrivatePostgres,
    clock::Clock,
    ids::{ClientId, ClientSecretId},
    model::{
        client::{AuthMethod, Client, ClientSecret, ClientSettings, ClientType, Flow as ClientFlow, Sealed},
        journal::Entry,
        signing::Algorithm,
    },
    protocol::oauth2::claims::Registry,
    rng::Rng,
    secret::Token,
    settings::{Settings, Sources},
    store,
};

use crate::{Arguments, Failed, Flow, argon2, flows, oauth1, server, service};

/// The client.
pub const CLIENT: &str = "load";
/// The service client.
pub const SERVICE: &str = "load-service";
/// The secret of both.
pub const SECRET: &str = "load-client-secret";
/// Where it gets its codes; nobody listens there.
pub const REDIRECT_URI: &str = "https://load.example/callback";
/// Its realm in OpenID 2.0.
pub const REALM: &str = "https://load.example/";
/// What it asks for.
pub const SCOPES: [&str; 3] = ["openid", "profile", "email"];
/// Every account's password.
pub const PASSWORD: &str = "the password of all";

/// The filled database.
pub struct Data {
    /// Its address.
    pub url: String,
    /// A connection for questions about it.
    pub pool: PgPool,
    /// How many accounts there are, numbered from 0.
    pub users: usize,
    /// How many codes wait to be exchanged.
    pub codes: usize,
    /// How many request tokens of OAuth 1.0a wait to be exchanged.
    pub request_tokens: usize,
    /// How many journeys wait for their password.
    pub journeys: usize,
}

impl Data {
    /// Makes the database anew and fills it.
    pub async fn load(
        postgres: &PrivatePostgres,
        arguments: &Arguments,
        flows: &[Flow],
    ) -> Result<Self, Failed> {
        let began = Instant::now();
        let mut connection = PgConnection::connect(&postgres.url("postgres")).await?;
        for statement in ["DROP DATABASE IF EXISTS load WITH (FORCE)", "CREATE DATABASE load"] {
            sqlx::query(statement).execute(&mut connection).await?;
        }
        let url = postgres.url("load");
        let pool = PgPoolOptions::new().max_connections(2).connect(&url).await?;
        store::migrate(&pool).await?;
        let client = register(&pool, arguments.alg).await?;
        let users = arguments.users.max(arguments.connections);
        // More than the machine can use up in the time.
        let enough = |flow, a_second: usize| {
            let seconds = usize::try_from(arguments.seconds).unwrap_or(usize::MAX).saturating_add(1);
            if flows.contains(&flow) { seconds.saturating_mul(a_second) } else { 0 }
        };
        let data = Self {
            codes: enough(Flow::Code, 5_000),
            request_tokens: enough(Flow::Oauth1Access, 5_000),
            journeys: enough(Flow::Login, 300),
            users,
            url,
            pool,
        };
        data.fill(client).await?;
        println!("{users} accounts loaded in {:.1} s", began.elapsed().as_secs_f64());
        Ok(data)
    }

    async fn fill(&self, client: ClientId) -> Result<(), Failed> {
        let hash = argon2::hash(PASSWORD).map_err(|error| error.to_string())?;
        // The settings only give the registries.
        let needed = [
            ("TAMGA_DATABASE__URL", self.url.as_str()),
            ("TAMGA_SECRETS__ENCRYPTION_KEYS", crate::server::ENCRYPTION_KEY),
        ];
        let env = needed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let settings =
            Settings::load(&Sources { env, ..Sources::default() }).map_err(|faults| format!("{faults:?}"))?;
        let registry = Registry { scopes: &settings.scopes, attributes: &settings.attributes };
        let attributes: Vec<String> =
            registry.attributes_for(SCOPES, []).into_iter().chain(["openid2_id".to_owned()]).collect();
        let bind = |text: &str| {
            text.replace(":users", &self.users.to_string())
                .replace(":codes", &self.codes.to_string())
                .replace(":request_tokens", &self.request_tokens.to_string())
                .replace(":journeys", &self.journeys.to_string())
                .replace(":client", &format!("'{client}'::uuid"))
                .replace(":hash", &format!("'{hash}'"))
                .replace(":attributes", &format!("'{{{}}}'::text[]", attributes.join(",")))
                .replace(":redirect_uri", &format!("'{REDIRECT_URI}'"))
                .replace(":challenge", &format!("'{}'", flows::challenge()))
                .replace(":parameters", &format!("'{}'", flows::parameters()))
        };
        for statement in include_str!("data.sql").split(";\n").filter(|text| !text.trim().is_empty()) {
            sqlx::query(AssertSqlSafe(bind(statement))).execute(&self.pool).await?;
        }
        oauth1::fill(self, client).await?;
        for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
            sqlx::query(statement).execute(&self.pool).await?;
        }
        Ok(())
    }
}

async fn register(pool: &PgPool, id_token_alg: Algorithm) -> Result<ClientId, Failed> {
    let (rng, now) = (Rng::System, Clock::System.now());
    let id = ClientId(rng.uuid(now));
    let secret_id = ClientSecretId(rng.uuid(now));
    let sealed = server::sealer()?.seal(&ClientSecret::place(secret_id), SECRET.as_bytes(), &rng)?;
    let secret = ClientSecret {
        id: secret_id,
        sealed: Some(Sealed(sealed)),
        digest: Token::from(SECRET).digest(),
        created_at: now,
        expires_at: None,
        last_used_at: None,
    };
    let client = Client {
        id,
        identifier: CLIENT.to_owned(),
        name: "Load".to_owned(),
        client_type: ClientType::Confidential,
        profile: None,
        organisation: None,
        flows: vec![
            ClientFlow::AuthorizationCode,
            ClientFlow::RefreshToken,
            ClientFlow::Openid2,
            ClientFlow::Oauth1,
        ],
        auth_methods: vec![AuthMethod::ClientSecretBasic],
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        post_logout_redirect_uris: Vec::new(),
        scopes: SCOPES.into_iter().chain(["offline_access"]).map(str::to_owned).collect(),
        resources: Vec::new(),
        settings: ClientSettings {
            id_token_alg,
            openid2_realms: vec![REALM.to_owned()],
            oauth1_callbacks: vec![REDIRECT_URI.to_owned()],
            ..ClientSettings::default()
        },
        secrets: vec![secret],
        certificates: Vec::new(),
        disabled_at: None,
        created_at: now,
    };
    let mut service = service::registration(client.clone());
    service.id = ClientId(rng.uuid(now));
    for secret in &mut service.secrets {
        secret.id = ClientSecretId(rng.uuid(now));
    }
    for client in [client, service] {
        let entry = Entry::by_operator(now, "client.insert", "client", client.id);
        store::clients::insert(pool, &client, &entry).await?;
    }
    Ok(id)
}
