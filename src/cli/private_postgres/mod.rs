//! A PostgreSQL server of one's own, for `tamga dev` and for tests: nothing to install but the
//! system's PostgreSQL programs, nothing to configure, nothing on the network.
//!
//! 1. Find `initdb` and `postgres` (`binaries`), a folder and an account to run as (`place`).
//! 2. Under a file lock: join the server that already runs there, or
//! 3. make the data (under a temporary name, so that a broken-off `initdb` leaves nothing behind) and
//! 4. start the server below a small shell script (`watchdog.sh`), reached by a socket in a closed folder.
//!
//! The server stops when its last user is gone, however that user died: each holds the same named
//! pipe open, and the script waits for the end of its input. That is why no code here needs a death
//! signal, and a second `tamga` in the same folder can outlive the one that started the server.

mod binaries;
mod error;
mod launch;
mod pid_file;
mod place;

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::Child,
    sync::atomic::{AtomicU32, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use self::{
    binaries::Binaries,
    launch::{launch, make_data},
    pid_file::PidFile,
    place::Place,
};

pub use self::error::LaunchError;

/// How long the remains of a killed server (its sessions outlive it a little) may be in the way.
const REMAINS_GONE_WITHIN: Duration = Duration::from_secs(15);
/// How long the watchdog may take to answer somebody who joins.
const JOINED_WITHIN: Duration = Duration::from_secs(5);
/// How long the last user waits for the server's end.
const STOPPED_WITHIN: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(5);

/// What kind of server is wanted.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its folder, made when missing. As root it may live elsewhere: see [`PrivatePostgres::folder`].
    pub folder: PathBuf,
    /// False for tests: nothing is forced to disk, so a machine's crash may lose the data.
    pub durable: bool,
    /// PostgreSQL's `max_connections`.
    pub max_connections: u32,
}

/// A server that runs at least as long as this value lives.
#[derive(Debug)]
pub struct PrivatePostgres {
    place: Place,
    socket_folder: PathBuf,
    /// Our end of the pipe; `None` once let go.
    pipe: Option<File>,
    /// Locked for sharing by every user.
    users: File,
    /// The watchdog, when it was us who started the server.
    watchdog: Option<Child>,
    /// False for a server without a watchdog, which nobody will stop.
    watched: bool,
}

impl PrivatePostgres {
    /// Joins the server of that folder, or starts it. Blocks: at most a second, or as long as the
    /// recovery after a crash takes.
    ///
    /// # Errors
    /// [`LaunchError`] says what is missing or quotes the end of the server's log.
    pub fn start(options: &Options) -> Result<Self, LaunchError> {
        let place = Place::prepare(&options.folder)?;
        let lock = place.lock_file("lock")?;
        lock.lock().map_err(LaunchError::file(place.folder().join("lock")))?;
        let users = place.lock_file("users")?;
        users.lock_shared().map_err(LaunchError::file(place.folder().join("users")))?;

        let data = place.data();
        let give_up = Instant::now() + REMAINS_GONE_WITHIN;
        let (socket_folder, pipe, watchdog, watched) = loop {
            if let Some((socket_folder, pipe, watched)) = join(&place)? {
                break (socket_folder, pipe, None, watched);
            }
            let binaries = Binaries::find(&data)?;
            if !data.exists() {
                make_data(&place, &binaries)?;
            }
            match launch(&place, &binaries, options) {
                Ok((socket_folder, pipe, watchdog)) => break (socket_folder, pipe, Some(watchdog), true),
                Err(LaunchError::NotReady { said, .. })
                    if launch::in_the_way(&said) && Instant::now() < give_up =>
                {
                    sleep(20 * POLL);
                }
                Err(error) => return Err(error),
            }
        };
        Ok(Self { place, socket_folder, pipe: Some(pipe), users, watchdog, watched })
    }

    /// The address of one of its databases, for `sqlx` and libpq. `postgres` always exists.
    pub fn url(&self, database: &str) -> String {
        url(&self.socket_folder, database)
    }

    /// Where it really lives: the folder asked for, or one in `/var/tmp` when its account cannot reach that.
    pub fn folder(&self) -> &Path {
        self.place.folder()
    }

    /// Whether this call started it, rather than joined one that ran.
    pub fn was_started(&self) -> bool {
        self.watchdog.is_some()
    }

    /// Stops the server and waits for its end, unless somebody else still uses it.
    pub fn stop(self) {
        drop(self);
    }

    /// Deletes the data of the server in `folder`, for a new beginning.
    ///
    /// # Errors
    /// [`LaunchError::InUse`] while it runs.
    pub fn remove(folder: &Path) -> Result<(), LaunchError> {
        let place = Place::prepare(folder)?;
        let lock = place.lock_file("lock")?;
        lock.lock().map_err(LaunchError::file(place.folder().join("lock")))?;
        let data = place.data();
        if PidFile::read(&data).is_some_and(|server| server.answers()) {
            return Err(LaunchError::InUse { data });
        }
        if data.exists() { fs::remove_dir_all(&data).map_err(LaunchError::file(data)) } else { Ok(()) }
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        // Nobody joins while we find out whether we are the last.
        let lock = self.place.lock_file("lock");
        let _held = lock.as_ref().map(File::lock);
        self.pipe = None;
        let last = self.users.unlock().is_ok() && self.users.try_lock().is_ok();
        if !last || !self.watched {
            return;
        }
        let give_up = Instant::now() + STOPPED_WITHIN;
        let mut runs = || match &mut self.watchdog {
            Some(watchdog) => matches!(watchdog.try_wait(), Ok(None)),
            // It stops listening a little before its end; a dead one's file says "ready" for ever.
            None => PidFile::read(&self.place.data()).is_some_and(|server| !server.ready || server.listens()),
        };
        while runs() && Instant::now() < give_up {
            sleep(POLL);
        }
    }
}

/// Joins a running server: its socket folder, our end of the pipe, and whether a watchdog answered.
/// `None` when none runs, or when it is about to stop.
fn join(place: &Place) -> Result<Option<(PathBuf, File, bool)>, LaunchError> {
    static JOINED: AtomicU32 = AtomicU32::new(0);
    let running = || PidFile::read(&place.data()).filter(PidFile::answers);
    if running().is_none() {
        return Ok(None);
    }
    let mut pipe = open_pipe(place)?;
    let name = format!("{}-{}", std::process::id(), JOINED.fetch_add(1, Ordering::Relaxed));
    writeln!(pipe, "{name}").map_err(LaunchError::file(place.pipe()))?;
    let answer = place.folder().join(format!("joined.{name}"));
    let give_up = Instant::now() + JOINED_WITHIN;
    while let Some(server) = running() {
        let watched = fs::remove_file(&answer).is_ok();
        if watched || Instant::now() > give_up {
            return Ok(Some((server.socket_folder.into(), pipe, watched)));
        }
        sleep(POLL);
    }
    Ok(None)
}

/// For reading and writing: such an open never waits for the other side.
fn open_pipe(place: &Place) -> Result<File, LaunchError> {
    OpenOptions::new().read(true).write(true).open(place.pipe()).map_err(LaunchError::file(place.pipe()))
}

fn url(socket_folder: &Path, database: &str) -> String {
    use std::os::unix::ffi::OsStrExt;
    let encode =
        |bytes: &[u8]| form_urlencoded::byte_serialize(bytes).collect::<String>().replace('+', "%20");
    let (host, database) = (encode(socket_folder.as_os_str().as_bytes()), encode(database.as_bytes()));
    format!("postgresql:///{database}?host={host}&user=postgres")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_one_that_sqlx_and_libpq_read() {
        let url = url(Path::new("/tmp/my folder+ö"), "a/b");
        assert_eq!(url, "postgresql:///a%2Fb?host=%2Ftmp%2Fmy%20folder%2B%C3%B6&user=postgres");
    }
}
