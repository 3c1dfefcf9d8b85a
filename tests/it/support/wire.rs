//! A proxy between the program and PostgreSQL that counts what a request costs, and that can play
//! a frozen or a vanished database. Point `database.url` at [`Wire::url`].

mod counting;

use std::{
    env, fs, io,
    path::PathBuf,
    process,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixListener, UnixStream},
    sync::watch,
    task::JoinHandle,
};
use url::Url;

use self::counting::{Conversation, Side};

pub use self::counting::Counts;

/// The proxy; it stops with this value.
#[derive(Debug)]
pub struct Wire {
    folder: PathBuf,
    url: Url,
    counts: Arc<Mutex<Counts>>,
    mode: watch::Sender<Mode>,
    accepting: JoinHandle<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flowing,
    /// Connections stand, and nothing passes.
    Frozen,
    /// Connections are dropped and refused.
    Cut,
}

/// Where PostgreSQL listens.
#[derive(Debug, Clone)]
enum Target {
    Socket(PathBuf),
    Tcp(String, u16),
}

impl Wire {
    /// Listens on a socket of its own and forwards to the server of `url`.
    pub async fn start(url: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("tamga-wire-{}-{number}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();

        let (target, url) = redirected(&url.parse().unwrap(), &folder);
        let counts = Arc::<Mutex<Counts>>::default();
        let (mode, watched) = watch::channel(Mode::Flowing);
        let accepting = tokio::spawn(accept(listener, target, Arc::clone(&counts), watched));
        Self { folder, url, counts, mode, accepting }
    }

    /// The database's address, through the proxy.
    pub fn url(&self) -> String {
        self.url.to_string()
    }

    /// What passed since the last call. An answer is counted before the program can read it.
    pub fn take(&self) -> Counts {
        std::mem::take(&mut *self.counts.lock().unwrap())
    }

    /// Stops forwarding; connections stay open, new ones are taken and get no answer.
    pub fn freeze(&self) {
        self.mode.send_replace(Mode::Frozen);
    }

    /// Forwards again, also what came in meanwhile.
    pub fn thaw(&self) {
        self.mode.send_replace(Mode::Flowing);
    }

    /// Drops every connection and refuses new ones.
    pub fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    /// Takes connections again.
    pub fn restore(&self) {
        self.mode.send_replace(Mode::Flowing);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.cut();
        self.accepting.abort();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Where `url` leads, and the same URL leading to `folder`.
fn redirected(url: &Url, folder: &std::path::Path) -> (Target, Url) {
    let query =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let port = query("port").and_then(|port| port.parse().ok()).or(url.port()).unwrap_or(5432);
    let host = query("host").or(url.host_str().map(str::to_owned)).filter(|host| !host.is_empty());
    let target = match host {
        Some(folder) if folder.starts_with('/') => {
            Target::Socket(PathBuf::from(folder).join(format!(".s.PGSQL.{port}")))
        }
        host => Target::Tcp(host.unwrap_or("localhost".to_owned()), port),
    };

    let mut through: Url = format!("postgresql://{}", url.path()).parse().unwrap();
    let decode = |text: &str| {
        // A name or password in the authority is percent-encoded, as in a query.
        let pair = format!("x={text}").replace('+', "%2B");
        form_urlencoded::parse(pair.as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    {
        let mut pairs = through.query_pairs_mut();
        pairs.append_pair("host", folder.to_str().unwrap());
        if !url.username().is_empty() {
            pairs.append_pair("user", &decode(url.username()));
        }
        if let Some(password) = url.password() {
            pairs.append_pair("password", &decode(password));
        }
        for (key, value) in url.query_pairs() {
            if !matches!(&*key, "host" | "port" | "hostaddr" | "sslmode" | "ssl-mode") {
                pairs.append_pair(&key, &value);
            }
        }
        // What passes must be readable.
        pairs.append_pair("sslmode", "disable");
    }
    (target, through)
}

async fn accept(
    listener: UnixListener,
    target: Target,
    counts: Arc<Mutex<Counts>>,
    mode: watch::Receiver<Mode>,
) {
    while let Ok((client, _)) = listener.accept().await {
        let (target, counts, mut mode) = (target.clone(), Arc::clone(&counts), mode.clone());
        tokio::spawn(async move {
            // When the mode is "cut", what is left of the connection is dropped here.
            let cut = {
                let mut mode = mode.clone();
                async move {
                    let _ = mode.wait_for(|mode| *mode == Mode::Cut).await;
                }
            };
            tokio::select! {
                () = cut => {}
                result = serve(client, target, counts, &mut mode) => drop(result),
            }
        });
    }
}

async fn serve(
    client: UnixStream,
    target: Target,
    counts: Arc<Mutex<Counts>>,
    mode: &mut watch::Receiver<Mode>,
) -> io::Result<()> {
    flowing(mode).await;
    match target {
        Target::Socket(path) => forward(client, UnixStream::connect(path).await?, counts, mode).await,
        Target::Tcp(host, port) => {
            let server = TcpStream::connect((host, port)).await?;
            server.set_nodelay(true)?;
            forward(client, server, counts, mode).await
        }
    }
}

/// Until either side closes.
async fn forward(
    client: UnixStream,
    server: impl AsyncRead + AsyncWrite,
    counts: Arc<Mutex<Counts>>,
    mode: &watch::Receiver<Mode>,
) -> io::Result<()> {
    let conversation = Arc::new(Mutex::new(Conversation::new(counts)));
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = tokio::io::split(server);
    tokio::select! {
        result = copy(client_read, server_write, Side::Program, &conversation, mode.clone()) => result,
        result = copy(server_read, client_write, Side::Database, &conversation, mode.clone()) => result,
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    side: Side,
    conversation: &Mutex<Conversation>,
    mut mode: watch::Receiver<Mode>,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        flowing(&mut mode).await;
        conversation.lock().unwrap().hear(side, &buffer[..length]);
        to.write_all(&buffer[..length]).await?;
    }
}

async fn flowing(mode: &mut watch::Receiver<Mode>) {
    let _ = mode.wait_for(|mode| *mode != Mode::Frozen).await;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sqlx::{Connection, Executor, PgConnection};
    use tokio::time::timeout;

    use super::*;
    use crate::support::database::{TestDatabase, database};

    async fn connected() -> (TestDatabase, Wire, PgConnection) {
        let database = database().await;
        let wire = Wire::start(&database.url).await;
        let mut connection = PgConnection::connect(&wire.url()).await.unwrap();
        connection.execute("CREATE TABLE counted (n INT)").await.unwrap();
        wire.take();
        (database, wire, connection)
    }

    fn cost(wire: &Wire) -> (u64, u64) {
        let counts = wire.take();
        (counts.round_trips, counts.commits)
    }

    #[tokio::test]
    async fn a_prepared_select_is_one_round_trip() {
        let (_database, wire, mut connection) = connected().await;
        for warm in [false, true] {
            let _: i64 =
                sqlx::query_scalar("SELECT count(*) FROM counted").fetch_one(&mut connection).await.unwrap();
            let counts = wire.take();
            if warm {
                assert_eq!((counts.round_trips, counts.commits), (1, 0), "{counts:?}");
                assert_eq!(counts.statements, ["SELECT count(*) FROM counted"]);
            }
        }
    }

    #[tokio::test]
    async fn a_ping_is_counted_apart() {
        let (_database, wire, mut connection) = connected().await;
        connection.ping().await.unwrap();
        let counts = wire.take();
        assert_eq!((counts.round_trips, counts.pings, counts.commits), (0, 1, 0));
    }

    #[tokio::test]
    async fn a_transaction_is_three_round_trips_and_one_commit() {
        let (_database, wire, mut connection) = connected().await;
        for warm in [false, true] {
            let mut transaction = connection.begin().await.unwrap();
            sqlx::query("INSERT INTO counted VALUES ($1)").bind(1).execute(&mut *transaction).await.unwrap();
            transaction.commit().await.unwrap();
            let cost = cost(&wire);
            if warm {
                assert_eq!(cost, (3, 1));
            }
        }
    }

    #[tokio::test]
    async fn writing_in_one_statement_is_one_round_trip_and_one_commit() {
        let (_database, wire, mut connection) = connected().await;
        let sql = "WITH written AS (INSERT INTO counted VALUES ($1) RETURNING n) SELECT n FROM written";
        for warm in [false, true] {
            let _: i32 = sqlx::query_scalar(sql).bind(1).fetch_one(&mut connection).await.unwrap();
            let cost = cost(&wire);
            if warm {
                assert_eq!(cost, (1, 1));
            }
        }
    }

    #[tokio::test]
    async fn what_is_rolled_back_refused_or_only_read_is_no_commit() {
        let (_database, wire, mut connection) = connected().await;
        let mut transaction = connection.begin().await.unwrap();
        transaction.execute("INSERT INTO counted VALUES (1)").await.unwrap();
        transaction.rollback().await.unwrap();
        let mut transaction = connection.begin().await.unwrap();
        transaction.execute("SELECT n FROM counted FOR UPDATE").await.unwrap();
        transaction.commit().await.unwrap();
        connection.execute("INSERT INTO counted VALUES (1/0)").await.unwrap_err();
        assert_eq!(wire.take().commits, 0);
        connection.execute("DELETE FROM counted").await.unwrap();
        assert_eq!(cost(&wire), (1, 1));
    }

    #[tokio::test]
    async fn a_frozen_database_neither_answers_nor_fails() {
        let (_database, wire, mut connection) = connected().await;
        wire.freeze();
        let mut ping = Box::pin(connection.ping());
        assert!(timeout(Duration::from_millis(200), &mut ping).await.is_err());
        wire.thaw();
        ping.await.unwrap();
    }

    #[tokio::test]
    async fn a_cut_database_fails_at_once_and_can_come_back() {
        let (_database, wire, mut connection) = connected().await;
        wire.cut();
        connection.ping().await.unwrap_err();
        PgConnection::connect(&wire.url()).await.unwrap_err();
        wire.restore();
        PgConnection::connect(&wire.url()).await.unwrap().ping().await.unwrap();
    }
}
