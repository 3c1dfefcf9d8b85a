//! Where the private server lives and as whom it runs.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::LaunchError;

/// `sun_path` holds 108 bytes on Linux, 104 elsewhere, with the ending zero and `/.s.PGSQL.5432`.
const LONGEST_SOCKET_FOLDER: usize = 103 - "/.s.PGSQL.5432".len();

/// A user and group to run as.
#[derive(Debug, Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

/// The folder with everything of one private server: `data/`, `log`, `lock`, `users`, `pipe`, the socket.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    /// Whom to run as, when we are root.
    account: Option<Account>,
}

impl Place {
    /// Makes the folder, closed to everybody but the server's account. As root, when that account
    /// cannot reach it (below a closed home, say), it stands in `/var/tmp` instead.
    pub(super) fn prepare(wanted: &Path) -> Result<Self, LaunchError> {
        fs::create_dir_all(wanted).map_err(LaunchError::file(wanted))?;
        let wanted = fs::canonicalize(wanted).map_err(LaunchError::file(wanted))?;
        let account = if id("-u", None)? == Some(0) { Some(Account::unprivileged()?) } else { None };
        close(&wanted, account)?;
        let place = Self { folder: wanted, account };
        if account.is_none() || place.is_reachable()? {
            return Ok(place);
        }
        let elsewhere = shared_place("/var/tmp", &place.folder, account)?;
        Ok(Self { folder: elsewhere, account })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    pub(super) fn pipe(&self) -> PathBuf {
        self.folder.join("pipe")
    }

    /// A file of ours in the folder, to be locked.
    pub(super) fn lock_file(&self, name: &str) -> Result<File, LaunchError> {
        let path = self.folder.join(name);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        options.open(&path).map_err(LaunchError::file(path))
    }

    /// The folder for the socket: this one, unless its path is too long for a socket address.
    pub(super) fn socket_folder(&self) -> Result<PathBuf, LaunchError> {
        if self.folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
            return Ok(self.folder.clone());
        }
        shared_place("/tmp", &self.folder, self.account)
    }

    /// A command that runs in the folder, as the server's account, in a process group of its own (a
    /// Ctrl-C in the terminal is for us, not for it) and with nobody's PostgreSQL settings.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).process_group(0).stdin(Stdio::null());
        // Messages in English: some of them are looked for.
        command.env("LC_ALL", "C");
        for name in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGOPTIONS", "PGDATABASE", "PGTZ"] {
            command.env_remove(name);
        }
        if let Some(account) = self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    /// Asks the system itself, which knows about every parent folder and access list.
    fn is_reachable(&self) -> Result<bool, LaunchError> {
        let mut probe = self.command("sh");
        probe.current_dir("/").args(["-c", "cd \"$1\" && : >reached && rm reached", "sh"]).arg(&self.folder);
        let status = probe.stderr(Stdio::null()).status().map_err(LaunchError::program("sh"))?;
        Ok(status.success())
    }
}

impl Account {
    fn unprivileged() -> Result<Self, LaunchError> {
        for name in ["postgres", "nobody"] {
            if let (Some(uid), Some(gid)) = (id("-u", Some(name))?, id("-g", Some(name))?)
                && uid != 0
            {
                return Ok(Self { uid, gid });
            }
        }
        Err(LaunchError::NoAccount)
    }
}

/// Asks `id`, which knows every account database there is; `None` for a name it doesn't know.
fn id(option: &str, name: Option<&str>) -> Result<Option<u32>, LaunchError> {
    let output = Command::new("id").arg(option).args(name).output().map_err(LaunchError::program("id"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse().ok())
}

/// `tamga-<hash of our path>` in a folder that everybody may write: refuses what somebody else put there.
fn shared_place(parent: &str, ours: &Path, account: Option<Account>) -> Result<PathBuf, LaunchError> {
    let digest = ring::digest::digest(&ring::digest::SHA256, ours.as_os_str().as_bytes());
    let name: String = digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let path = Path::new(parent).join(format!("tamga-{name}"));
    let fresh = DirBuilder::new().mode(0o700).create(&path).is_ok();
    let found = fs::symlink_metadata(&path).map_err(LaunchError::file(&path))?;
    // Our own uid, without a system call of our own: that of the folder the server is started for.
    let owner = match account {
        Some(account) => account.uid,
        None => fs::metadata(ours).map_err(LaunchError::file(ours))?.uid(),
    };
    if !found.is_dir() || !(fresh || found.uid() == owner) {
        return Err(LaunchError::Foreign { path });
    }
    close(&path, account)?;
    Ok(path)
}

fn close(folder: &Path, account: Option<Account>) -> Result<(), LaunchError> {
    if let Some(Account { uid, gid }) = account {
        chown(folder, Some(uid), Some(gid)).map_err(LaunchError::file(folder))?;
    }
    fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(LaunchError::file(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_gets_a_short_socket_folder() {
        let long = std::env::temp_dir().join(format!("tamga-place-{}", std::process::id()));
        let deep = long.join("x".repeat(120));
        let place = Place::prepare(&deep).unwrap();
        let socket = place.socket_folder().unwrap();
        assert!(socket.as_os_str().len() <= LONGEST_SOCKET_FOLDER);
        assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(place.socket_folder().unwrap(), socket);
        fs::remove_dir(socket).unwrap();
        fs::remove_dir_all(long).unwrap();
    }
}
