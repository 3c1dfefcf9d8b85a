//! A database for each test, cloned from a template that has every migration.
//!
//! One private server serves the run; it lives below Cargo's folder for tests, so that the next run
//! need not make it again. `TAMGA_DATABASE__URL` or `DATABASE_URL` names another server to use.

use std::{
    env,
    hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState},
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, Executor, PgConnection, PgPool, postgres::PgPoolOptions};
use tamga::cli::private_postgres::{Options, PrivatePostgres};
use tokio::sync::OnceCell;
use url::Url;

/// A database of one's own; dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    /// Where it is.
    pub url: String,
    name: String,
}

/// A fresh database with every migration and signing keys, in about 20 ms.
pub async fn database() -> TestDatabase {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    clone_of(TEMPLATE.get_or_init(|| template(Filling::Keys)).await).await
}

/// A fresh database with every migration and nothing else: for programs with keys of their own.
pub async fn empty_database() -> TestDatabase {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    clone_of(TEMPLATE.get_or_init(|| template(Filling::Nothing)).await).await
}

async fn clone_of(template: &str) -> TestDatabase {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("t_{:016x}_{}", run(), NEXT.fetch_add(1, Ordering::Relaxed));
    create(&name, template).await;
    TestDatabase { url: url(&name), name }
}

/// Tells this run's databases from another's, which may use the same server.
fn run() -> u64 {
    static RUN: OnceLock<u64> = OnceLock::new();
    *RUN.get_or_init(|| RandomState::new().build_hasher().finish())
}

impl TestDatabase {
    /// A small pool on it.
    pub async fn pool(&self) -> PgPool {
        let options = PgPoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(20));
        options.connect(&self.url).await.unwrap()
    }
}

impl Drop for TestDatabase {
    /// In a thread of its own: the test's runtime cannot be waited for here.
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { execute(&mut maintenance().await, &sql).await });
        });
        let _ = dropped.join();
    }
}

/// What a template holds besides the migrations.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filling {
    Keys,
    Nothing,
}

/// The name of the template of these migrations, made when missing.
async fn template(filling: Filling) -> String {
    let mut hasher = DefaultHasher::new();
    for migration in tamga::MIGRATOR.iter() {
        migration.checksum.hash(&mut hasher);
    }
    // What the hook adds is part of the program.
    if let Ok(program) = env::current_exe().and_then(std::fs::metadata).and_then(|file| file.modified()) {
        program.hash(&mut hasher);
    }
    let family = format!("template_{:016x}", hasher.finish());
    let name = format!("{family}{}", if filling == Filling::Keys { "_keys" } else { "" });
    let mut connection = maintenance().await;
    // Two runs at once make it once.
    execute(&mut connection, "SELECT pg_advisory_lock(7236142)").await;
    remove_stale(&mut connection, &family).await;
    let found: Option<String> =
        sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE datname = $1")
            .bind(&name)
            .fetch_optional(&mut connection)
            .await
            .unwrap();
    if found.is_none() {
        let unfinished = format!("{name}_new");
        execute(&mut connection, &format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
        execute(&mut connection, &format!("CREATE DATABASE {unfinished}")).await;
        let pool = PgPoolOptions::new().max_connections(2).connect(&url(&unfinished)).await.unwrap();
        tamga::MIGRATOR.run(&pool).await.unwrap();
        if filling == Filling::Keys {
            super::app::make_keys(&pool).await;
        }
        pool.close().await;
        execute(&mut connection, &format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
    }
    connection.close().await.unwrap();
    name
}

/// Databases of runs that were killed, and old templates: only on a server that nobody else uses.
async fn remove_stale(connection: &mut PgConnection, family: &str) {
    if !server().is_ours_alone() {
        return;
    }
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT datname::text FROM pg_database d
         WHERE (datname ~ '^t_[0-9a-f]{16}_[0-9]+$' OR datname LIKE 'template\\_%') AND NOT starts_with(datname, $1) AND NOT starts_with(datname, $2)
           AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)",
    )
    .bind(family)
    // Of this run there may be some already, with nobody in them at the moment.
    .bind(format!("t_{:016x}_", run()))
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for name in names {
        execute(connection, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
}

async fn create(name: &str, template: &str) {
    let mut connection = maintenance().await;
    execute(&mut connection, &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY {STRATEGY}"))
        .await;
    connection.close().await.unwrap();
}

/// Without fsync, copying the files is quicker than writing them to the log.
const STRATEGY: &str = "FILE_COPY";

/// A connection from which databases are made and dropped.
async fn maintenance() -> PgConnection {
    PgConnection::connect(&url("postgres")).await.unwrap()
}

/// Our own names only; never anything foreign.
async fn execute(connection: &mut PgConnection, sql: &str) {
    connection.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.unwrap();
}

/// The address of a database on the run's server.
fn url(database: &str) -> String {
    match server() {
        Server::Private(server) => server.url(database),
        Server::Given(url) => {
            let mut url = url.clone();
            url.set_path(database);
            url.into()
        }
    }
}

enum Server {
    /// Ours; it stops when this process ends, because its pipe closes then.
    Private(PrivatePostgres),
    /// Somebody's; we may make databases there.
    Given(Url),
}

impl Server {
    fn is_ours_alone(&self) -> bool {
        matches!(self, Self::Private(server) if server.was_started())
    }
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let given = ["TAMGA_DATABASE__URL", "DATABASE_URL"].into_iter().find_map(|name| env::var(name).ok());
        if let Some(given) = given.filter(|url| !url.is_empty()) {
            return Server::Given(given.parse().unwrap());
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("postgres");
        let options = Options { folder, durable: false, max_connections: 400 };
        Server::Private(PrivatePostgres::start(&options).unwrap())
    })
}

#[tokio::test]
async fn each_test_has_a_database_of_its_own() {
    let (one, two) = tokio::join!(database(), database());
    let pool = one.pool().await;
    pool.execute("CREATE TABLE only_here (n INT)").await.unwrap();
    let found: Option<String> = sqlx::query_scalar("SELECT to_regclass('only_here')::text")
        .fetch_one(&two.pool().await)
        .await
        .unwrap();
    assert_eq!(found, None);
}
