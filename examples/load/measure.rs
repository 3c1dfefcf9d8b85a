//! What was used: processor time of each side from `/proc`, the write-ahead log from PostgreSQL.

use std::{fs, path::Path, path::PathBuf};

use sqlx::PgPool;
use tamga::cli::private_postgres::PrivatePostgres;

use crate::{Failed, server::Server};

/// Ticks of `/proc` a second (`getconf CLK_TCK`; 100 on every Linux).
const TICKS: f64 = 100.0;

/// Totals since each process began.
#[derive(Clone)]
pub struct Usage {
    /// Seconds of processor time of the server.
    pub server: f64,
    /// Of all processes of the database.
    pub database: f64,
    /// Of this program.
    pub client: f64,
    /// Of the whole machine, others that run on it among them.
    pub machine: f64,
    /// Bytes of write-ahead log.
    pub wal: f64,
    /// How often the write-ahead log was forced to disk.
    pub syncs: f64,
    /// Where to look: the server, PostgreSQL's first process, PostgreSQL.
    at: (u32, u32, PgPool),
}

impl Usage {
    /// As it is now.
    pub async fn now(server: &Server, postgres: &PrivatePostgres, pool: &PgPool) -> Result<Self, Failed> {
        let file = fs::read_to_string(postgres.folder().join("data/postmaster.pid"))?;
        let first = file.lines().next().ok_or("postmaster.pid is empty")?.trim().parse()?;
        let at = (server.pid(), first, pool.clone());
        let mut usage =
            Self { server: 0.0, database: 0.0, client: 0.0, machine: 0.0, wal: 0.0, syncs: 0.0, at };
        usage.refresh().await?;
        Ok(usage)
    }

    /// Reads everything again.
    pub async fn refresh(&mut self) -> Result<(), Failed> {
        let (server, first, pool) = &self.at;
        let wal = "SELECT wal_bytes::float8, wal_sync::float8 FROM pg_stat_wal";
        (self.wal, self.syncs) = sqlx::query_as(wal).fetch_one(pool).await?;
        self.server = processor(&process(*server))?.0;
        self.client = processor(Path::new("/proc/self"))?.0;
        self.database = family(*first)?;
        self.machine = machine()?;
        Ok(())
    }
}

fn process(pid: u32) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}"))
}

/// Seconds a process used, seconds its ended children used, and its parent.
fn processor(process: &Path) -> Result<(f64, f64, u32), Failed> {
    let stat = fs::read_to_string(process.join("stat"))?;
    // The program's name, in brackets, may hold anything.
    let (_, rest) = stat.rsplit_once(')').ok_or("stat has no name")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).ok_or("short stat");
    let parent = fields.get(1).and_then(|field| field.parse().ok()).ok_or("short stat")?;
    Ok(((number(11)? + number(12)?) / TICKS, (number(13)? + number(14)?) / TICKS, parent))
}

/// PostgreSQL's first process with its children, those that have ended among them.
fn family(first: u32) -> Result<f64, Failed> {
    let (own, ended, _) = processor(&process(first))?;
    let mut total = own + ended;
    for entry in fs::read_dir("/proc")?.flatten() {
        if entry.file_name().to_string_lossy().bytes().all(|b| b.is_ascii_digit())
            // A process that ended meanwhile is counted with its parent.
            && let Ok((used, _, parent)) = processor(&entry.path())
            && parent == first
        {
            total += used;
        }
    }
    Ok(total)
}

/// Seconds that all cores were busy.
fn machine() -> Result<f64, Failed> {
    let stat = fs::read_to_string("/proc/stat")?;
    let first = stat.lines().next().ok_or("/proc/stat is empty")?;
    let fields: Vec<f64> = first.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal
    let busy = [0, 1, 2, 5, 6, 7].into_iter().filter_map(|at| fields.get(at)).sum::<f64>();
    Ok(busy / TICKS)
}

/// A size from a process's `status`, in MiB: `VmRSS` now, `VmHWM` at its highest.
pub fn memory(pid: u32, name: &str) -> Result<f64, Failed> {
    let status = fs::read_to_string(process(pid).join("status"))?;
    let line = status.lines().find(|line| line.starts_with(name)).ok_or("no such line in status")?;
    let kib: f64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
    Ok(kib / 1024.0)
}

/// How many processes wanted a core lately.
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
