//! The private PostgreSQL server of `tamga dev`: what it promises about data and about its own end.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{Connection, Executor, PgConnection};
use tamga::cli::private_postgres::{LaunchError, Options, PrivatePostgres};

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    fn options(&self) -> Options {
        Options { folder: self.0.clone(), durable: true, max_connections: 20 }
    }

    async fn start(&self) -> PrivatePostgres {
        let options = self.options();
        tokio::task::spawn_blocking(move || PrivatePostgres::start(&options)).await.unwrap().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn connect(server: &PrivatePostgres) -> PgConnection {
    PgConnection::connect(&server.url("postgres")).await.unwrap()
}

async fn count(server: &PrivatePostgres) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut connect(server).await).await.unwrap()
}

fn is_stopped(folder: &Path) -> bool {
    !folder.join("data/postmaster.pid").exists()
}

#[tokio::test]
async fn data_outlives_a_stop_and_the_network_is_never_used() {
    let folder = Folder::new("kept");
    let server = folder.start().await;
    let mut connection = connect(&server).await;
    connection.execute("CREATE TABLE kept (n INT); INSERT INTO kept VALUES (1)").await.unwrap();
    let listens: String =
        sqlx::query_scalar("SHOW listen_addresses").fetch_one(&mut connection).await.unwrap();
    assert_eq!(listens, "");
    let place = server.folder().to_owned();
    server.stop();
    assert!(is_stopped(&place));

    let server = folder.start().await;
    assert_eq!(count(&server).await, 1);
}

#[tokio::test]
async fn a_second_user_joins_and_may_stay_longer() {
    let folder = Folder::new("joined");
    let first = folder.start().await;
    connect(&first).await.execute("CREATE TABLE kept (n INT)").await.unwrap();
    let second = folder.start().await;
    assert!(first.was_started() && !second.was_started());
    assert_eq!(first.url("postgres"), second.url("postgres"));

    first.stop();
    assert_eq!(count(&second).await, 0);
    let place = second.folder().to_owned();
    second.stop();
    assert!(is_stopped(&place));
}

#[tokio::test]
async fn the_data_can_be_removed_but_not_from_under_a_server() {
    let folder = Folder::new("removed");
    let server = folder.start().await;
    assert!(matches!(PrivatePostgres::remove(&folder.0), Err(LaunchError::InUse { .. })));
    let data = server.folder().join("data");
    server.stop();
    PrivatePostgres::remove(&folder.0).unwrap();
    assert!(!data.exists());
}

#[tokio::test]
async fn a_failure_quotes_the_log() {
    let folder = Folder::new("broken");
    let server = folder.start().await;
    let configuration = server.folder().join("data/postgresql.conf");
    server.stop();
    fs::write(configuration, "no_such_setting = 1\n").unwrap();
    let options = folder.options();
    let error =
        tokio::task::spawn_blocking(move || PrivatePostgres::start(&options)).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("no_such_setting"), "{error}");
}

/// Not a test: the process that the test below kills. It runs only when told where.
#[tokio::test]
async fn victim() {
    let Some(folder) = env::var_os("TAMGA_TEST_VICTIM") else { return };
    let options = Options { folder: folder.into(), durable: true, max_connections: 20 };
    let server =
        tokio::task::spawn_blocking(move || PrivatePostgres::start(&options)).await.unwrap().unwrap();
    let mut connection = connect(&server).await;
    connection.execute("CREATE TABLE IF NOT EXISTS kept (n INT)").await.unwrap();
    for n in 0.. {
        sqlx::query("INSERT INTO kept VALUES ($1)").bind(n).execute(&mut connection).await.unwrap();
        let (new, done) = (server.folder().join("acknowledged.new"), server.folder().join("acknowledged"));
        fs::write(&new, n.to_string()).unwrap();
        fs::rename(new, done).unwrap();
    }
}

#[tokio::test]
async fn killing_the_parent_stops_the_server_and_loses_nothing() {
    let folder = Folder::new("killed");
    let mut acknowledged = 0;
    for _ in 0..3 {
        let mut victim = Command::new(env::current_exe().unwrap())
            .args(["--exact", "private_postgres::victim"])
            .env("TAMGA_TEST_VICTIM", &folder.0)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let wrote = folder.0.join("acknowledged");
        let _ = fs::remove_file(&wrote);
        wait_until("the victim wrote", || fs::read(&wrote).is_ok_and(|n| n.len() > 2));
        victim.kill().unwrap();
        victim.wait().unwrap();
        acknowledged += fs::read_to_string(&wrote).unwrap().parse::<i64>().unwrap() + 1;

        // At once, while the old server is still stopping.
        let server = folder.start().await;
        assert!(server.was_started());
        assert!(count(&server).await >= acknowledged);
        acknowledged = count(&server).await;
        server.stop();
    }
}

#[tokio::test]
async fn killing_the_parent_and_the_server_loses_nothing() {
    let folder = Folder::new("killed-both");
    let server = folder.start().await;
    let mut connection = connect(&server).await;
    connection.execute("CREATE TABLE kept (n INT); INSERT INTO kept VALUES (1)").await.unwrap();
    let pid = fs::read_to_string(server.folder().join("data/postmaster.pid")).unwrap();
    let pid = pid.lines().next().unwrap();
    assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
    // The stale file still says "ready".
    let again = folder.start().await;
    assert!(again.was_started());
    assert_eq!(count(&again).await, 1);
    again.stop();
    server.stop();
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < give_up, "waited too long: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
