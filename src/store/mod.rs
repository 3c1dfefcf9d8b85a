//! All the SQL. Plain functions on a connection or pool: `find` gives an `Option`, `list` a `Vec`;
//! `redeem`, `claim` and `rotate` decide single use by the write itself. `Err` always means that
//! nothing was written; what must persist while refusing is an `Ok` variant.

pub mod access_tokens;
pub mod assertions;
pub mod client_certificates;
pub mod client_logos;
pub mod client_registrations;
pub mod clients;
pub mod codes;
pub mod confirmations;
pub mod consents;
pub mod credentials;
pub mod device_codes;
pub mod evidence;
pub mod grants;
pub mod import;
pub mod installation_secrets;
pub mod journal;
pub mod journeys;
pub mod logins;
pub mod logouts;
pub mod oauth1;
pub mod officials;
pub mod one_time_codes;
pub mod openid2;
pub mod operators;
pub mod outbox;
pub mod own_account;
pub mod password_links;
pub mod passwords;
pub mod people;
pub mod purge;
pub mod pushed_requests;
pub mod refresh_tokens;
pub mod registration_tokens;
pub mod registrations;
pub mod representatives;
pub mod roles;
pub mod server;
pub mod service_grants;
pub mod sessions;
pub mod signing_keys;
pub mod trusted_phones;
pub mod used_assertions;
pub mod user_certificates;
pub mod user_files;
pub mod users;
pub mod watch;

mod rows;

use sqlx::{PgPool, migrate::Migrator};

/// The schema's history, compiled in.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// Why the store gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or can't be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations failed.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row that the constraints should have made impossible.
    #[error("inconsistent row: {table}.{column} of {id}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: String,
    },
    /// One failure of a statement that several requests shared.
    #[error(transparent)]
    Shared(std::sync::Arc<StoreError>),
    /// A value that must be unique is taken.
    #[error("taken: {0}")]
    Taken(String),
}

impl StoreError {
    /// Whether the database is away, as opposed to having refused: answer 503, try again later.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(error) => match error {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_) => true,
                // 57P01..57P03: shutting down, crashed, starting up; 53300: too many connections;
                // 25006: a standby that was just demoted; 57014: statement_timeout.
                sqlx::Error::Database(refused) => refused.code().is_some_and(|code| {
                    matches!(code.as_ref(), "57P01" | "57P02" | "57P03" | "53300" | "25006" | "57014")
                }),
                _ => false,
            },
            Self::Shared(error) => error.is_unavailable(),
            _ => false,
        }
    }

    /// Turns a violated unique key into [`StoreError::Taken`] naming the constraint.
    fn from_insert(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(refused) if refused.is_unique_violation() => {
                Self::Taken(refused.constraint().unwrap_or_default().to_owned())
            }
            _ => Self::Database(error),
        }
    }
}

/// Brings the schema up to date. Instances that start together wait for one another (the
/// migrator takes an advisory lock).
///
/// # Errors
/// [`StoreError::Migration`] when a migration fails.
pub async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    // A newer version may have migrated already: the two run side by side during an upgrade.
    let migrator = Migrator { ignore_missing: true, ..sqlx::migrate!("./migrations") };
    Ok(migrator.run(pool).await?)
}

/// How many migrations this program has that the database lacks.
///
/// # Errors
/// When the database can't be asked.
pub async fn pending_migrations(pool: &PgPool) -> Result<usize, StoreError> {
    let applied: i64 =
        match sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE success").fetch_one(pool).await
        {
            Ok(count) => count,
            // 42P01: no such table, so nothing was applied yet.
            Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("42P01") => 0,
            Err(error) => return Err(error.into()),
        };
    Ok(MIGRATOR.iter().count().saturating_sub(usize::try_from(applied).unwrap_or(0)))
}
