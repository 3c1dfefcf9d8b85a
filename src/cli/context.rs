//! What the commands that administer work with.

use std::time::Duration;

use sqlx::{ConnectOptions, Connection, PgPool};

use super::{CliError, Global, environment::Environment, output::Format};
use crate::{
    app,
    clock::Clock,
    rng::Rng,
    settings::{self, Settings},
    store::{self, StoreError},
};

/// Settings, database, clock and randomness of a command.
pub struct Context {
    environment: Environment,
    /// Connections to the database, its schema up to date.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
    /// For whom the result is printed.
    pub output: Format,
}

impl Context {
    /// Loads the settings and reaches the database.
    ///
    /// # Errors
    /// Faults of the settings, a database that does not answer, or one that lacks migrations.
    pub async fn open(global: &Global) -> Result<Self, CliError> {
        let environment = open_environment(global).await?;
        let pool = reach(&environment.settings.database).await?;
        let pending = store::pending_migrations(&pool).await?;
        if pending > 0 {
            return Err(CliError::refused(format!(
                "the database lacks {pending} of this program's migrations; run `tamga migrate` first"
            )));
        }
        Ok(Self { environment, pool, clock: Clock::System, rng: Rng::System, output: global.output })
    }

    /// Closes the connections, before a private server may stop, and hands the result on.
    pub async fn close(&self, result: Result<(), CliError>) -> Result<(), CliError> {
        self.pool.close().await;
        result
    }

    /// What the operator decided.
    pub fn settings(&self) -> &Settings {
        &self.environment.settings
    }
}

/// The environment, made where it may block: a private server may have to be started.
///
/// # Errors
/// As [`Environment::of_command`].
pub async fn open_environment(global: &Global) -> Result<Environment, CliError> {
    let global = global.clone();
    tokio::task::spawn_blocking(move || Environment::of_command(&global))
        .await
        .map_err(|_| CliError::refused("reading the settings broke off"))?
}

/// A pool whose database was seen to answer. A pool alone would say only that it waited in vain.
///
/// # Errors
/// Why it does not answer.
pub async fn reach(settings: &settings::Database) -> Result<PgPool, CliError> {
    let pool = app::connect(settings)?;
    let connect = async { pool.connect_options().connect().await?.close().await };
    match tokio::time::timeout(Duration::from_secs(10), connect).await {
        Ok(Ok(())) => Ok(pool),
        Ok(Err(error)) => Err(unreachable(&error.to_string())),
        Err(_) => Err(unreachable("no answer within 10 s")),
    }
}

fn unreachable(why: &str) -> CliError {
    CliError::refused(format!(
        "the database can't be reached: {why}. Check that it runs and that database.url names it"
    ))
}

/// A pool for migrations: they may take longer than any statement of a request, and wait for
/// another instance's.
///
/// # Errors
/// Why the database does not answer.
pub async fn reach_for_migrations(settings: &settings::Database) -> Result<PgPool, CliError> {
    reach(&settings::Database { statement_timeout: Duration::ZERO, max_connections: 1, ..settings.clone() })
        .await
}

/// A taken name in words; every other failure as it is.
pub fn taken(error: StoreError, words: impl FnOnce(&str) -> String) -> CliError {
    match error {
        StoreError::Taken(constraint) => CliError::refused(words(&constraint)),
        other => other.into(),
    }
}
