//! `postmaster.pid`: what a PostgreSQL server says about itself in its data folder.

use std::{fs, os::unix::net::UnixStream, path::Path};

/// The lines we need. After a crash the file stays behind with its last words, so it proves nothing
/// by itself: see [`PidFile::answers`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    /// Line 1: the server's process.
    pub(super) pid: u32,
    /// Line 5: where its socket is.
    pub(super) socket_folder: String,
    /// Line 8: it takes connections.
    pub(super) ready: bool,
}

impl PidFile {
    /// Reads the file; `None` when there is none, or when it is still being written.
    pub(super) fn read(data: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(data.join("postmaster.pid")).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        Some(Self {
            pid: lines.first()?.parse().ok()?,
            socket_folder: (*lines.get(4)?).to_owned(),
            ready: lines.get(7) == Some(&"ready"),
        })
    }

    /// Whether a server listens where the file says: a dead one's socket refuses.
    pub(super) fn listens(&self) -> bool {
        UnixStream::connect(Path::new(&self.socket_folder).join(".s.PGSQL.5432")).is_ok()
    }

    /// Whether it also takes sessions: one that stops still listens.
    pub(super) fn answers(&self) -> bool {
        self.ready && self.listens()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_as_postgres_writes_it() {
        let text = "1234\n/d/data\n1763773000\n5432\n/d\n\n   123456    7\nready   \n";
        let expected = PidFile { pid: 1234, socket_folder: "/d".to_owned(), ready: true };
        assert_eq!(PidFile::parse(text), Some(expected));
        assert!(!PidFile::parse(&text.replace("ready   ", "starting")).unwrap().ready);
        assert_eq!(PidFile::parse("1234\n/d/data\n"), None);
    }
}
