//! Makes the data and starts the server.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::PathBuf,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use super::{LaunchError, Options, POLL, binaries::Binaries, open_pipe, pid_file::PidFile, place::Place};

/// How long a server may take to become ready: one that was killed first replays its log.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// The log is begun anew past this many bytes.
const LOG_LIMIT: u64 = 4 << 20;

/// `initdb` into a temporary name, then a rename.
pub(super) fn make_data(place: &Place, binaries: &Binaries) -> Result<(), LaunchError> {
    let (new, data) = (place.folder().join("data.new"), place.data());
    let mut said = String::new();
    // Not every system knows C.UTF-8; with plain C only ASCII letters change case.
    for locale in ["--locale=C.UTF-8", "--locale=C"] {
        if new.exists() {
            fs::remove_dir_all(&new).map_err(LaunchError::file(&new))?;
        }
        let mut initdb = place.command(binaries.initdb());
        initdb.args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "-N", locale, "-D"]).arg(&new);
        let output = initdb.output().map_err(LaunchError::program("initdb"))?;
        if output.status.success() {
            return fs::rename(&new, &data).map_err(LaunchError::file(data));
        }
        said = last_lines(&output.stderr);
    }
    Err(LaunchError::Initdb { data, said })
}

/// Starts the server and waits until it takes connections.
pub(super) fn launch(
    place: &Place,
    binaries: &Binaries,
    options: &Options,
) -> Result<(PathBuf, File, Child), LaunchError> {
    // A pipe of its own for each server: an earlier watchdog can't take our lines.
    let _ = fs::remove_file(place.pipe());
    let made = place.command("mkfifo").args(["-m", "600", "pipe"]).output();
    let made = made.map_err(LaunchError::program("mkfifo"))?;
    if !made.status.success() {
        let source = std::io::Error::other(last_lines(&made.stderr));
        return Err(LaunchError::File { path: place.pipe(), source });
    }
    let pipe = open_pipe(place)?;
    let input = File::open(place.pipe()).map_err(LaunchError::file(place.pipe()))?;
    let socket_folder = place.socket_folder()?;
    let (log, log_start) = open_log(place)?;

    let mut watchdog = place.command("sh");
    watchdog.args(["-c", &script(), "tamga-postgres"]).arg(binaries.postgres());
    watchdog.arg("-D").arg(place.data()).arg("-k").arg(&socket_folder);
    watchdog.args(settings(options).iter().flat_map(|setting| ["-c", setting]));
    watchdog.stdin(input).stdout(Stdio::piped()).stderr(log);
    let mut watchdog = watchdog.spawn().map_err(LaunchError::program("sh"))?;

    let mut line = String::new();
    if let Some(stdout) = watchdog.stdout.take() {
        BufReader::new(stdout).read_line(&mut line).map_err(LaunchError::program("sh"))?;
    }
    let pid: Option<u32> = line.trim().parse().ok();
    let failed = |what| LaunchError::NotReady { what, log: place.log(), said: log_since(place, log_start) };
    let give_up = Instant::now() + READY_WITHIN;
    loop {
        if PidFile::read(&place.data()).is_some_and(|server| Some(server.pid) == pid && server.ready) {
            return Ok((socket_folder, pipe, watchdog));
        }
        if !matches!(watchdog.try_wait(), Ok(None)) {
            return Err(failed("ended before it was ready"));
        }
        if Instant::now() > give_up {
            return Err(failed("was not ready in time"));
        }
        sleep(POLL);
    }
}

/// The watchdog's script without its comments, which would only fill the process list.
fn script() -> String {
    let lines = include_str!("watchdog.sh").lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

fn settings(options: &Options) -> Vec<String> {
    let mut settings = vec![
        "listen_addresses=".to_owned(), // never on the network
        "port=5432".to_owned(),         // only names the socket
        "unix_socket_permissions=0700".to_owned(),
        "logging_collector=off".to_owned(),
        "timezone=UTC".to_owned(),
        format!("max_connections={}", options.max_connections),
    ];
    if !options.durable {
        settings.extend(
            ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
                .map(str::to_owned),
        );
    }
    settings
}

/// What a new server says while sessions of a killed one, or one that is stopping, hold the data.
pub(super) fn in_the_way(said: &str) -> bool {
    ["pre-existing shared memory block", "lock file", "could not bind"]
        .iter()
        .any(|words| said.contains(words))
}

/// The log to append to, and where this run's part begins.
fn open_log(place: &Place) -> Result<(File, u64), LaunchError> {
    let path = place.log();
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    let log = options.open(&path).map_err(LaunchError::file(&path))?;
    let mut length = log.metadata().map_err(LaunchError::file(&path))?.len();
    if length > LOG_LIMIT {
        log.set_len(0).map_err(LaunchError::file(&path))?;
        length = 0;
    }
    Ok((log, length))
}

fn log_since(place: &Place, start: u64) -> String {
    let mut text = Vec::new();
    if let Ok(mut log) = File::open(place.log())
        && log.seek(SeekFrom::Start(start)).is_ok()
    {
        let _ = log.read_to_end(&mut text);
    }
    last_lines(&text)
}

fn last_lines(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_lines_are_quoted() {
        let text: String = (1..=30).map(|n| format!("{n}\n")).collect();
        assert_eq!(last_lines(text.as_bytes()).lines().next(), Some("21"));
        assert_eq!(last_lines(b""), "");
    }
}
