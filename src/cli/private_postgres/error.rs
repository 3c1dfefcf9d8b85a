//! Why the private server could not be started, in words that say what to do.

use std::{io, path::PathBuf};

/// A private PostgreSQL server could not be started, joined or removed.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// No folder holds both `initdb` and `postgres` of a version that will do.
    #[error(
        "PostgreSQL {oldest} or newer was not found on PATH or in the usual places. Run `scripts/setup run`, \
         install your system's PostgreSQL server package, or set TAMGA_DATABASE__URL to a server of yours"
    )]
    NoBinaries {
        /// The oldest major version that will do.
        oldest: u32,
    },
    /// The data was made by another major version than those installed.
    #[error(
        "the data in {} was made by PostgreSQL {made_by}, which is not installed. Install that version, or \
         begin anew with `tamga dev --reset`", data.display()
    )]
    OtherVersion {
        /// The data folder.
        data: PathBuf,
        /// What its `PG_VERSION` says.
        made_by: String,
    },
    /// PostgreSQL refuses to run as root, and there is no account to run it as.
    #[error(
        "PostgreSQL does not run as root, and there is neither a `postgres` nor a `nobody` account: add one"
    )]
    NoAccount,
    /// A folder or file could not be made or opened.
    #[error("{}: {source}. Check who owns it, or remove it", path.display())]
    File {
        /// What was being made or opened.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A folder with the name we need stands in a shared place and is somebody else's.
    #[error("{} belongs to somebody else: remove it", path.display())]
    Foreign {
        /// That folder.
        path: PathBuf,
    },
    /// A program could not be run at all.
    #[error("could not run `{program}`: {source}")]
    Program {
        /// Its name or path.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb could not make a database in {}:\n{said}", data.display())]
    Initdb {
        /// Where.
        data: PathBuf,
        /// The last lines it wrote.
        said: String,
    },
    /// The server ended, or did not become ready in time.
    #[error("PostgreSQL {what}. The end of {}:\n{said}", log.display())]
    NotReady {
        /// What happened.
        what: &'static str,
        /// Its log file.
        log: PathBuf,
        /// The last lines of the log.
        said: String,
    },
    /// The data cannot be removed from under a running server.
    #[error("the database in {} is in use: stop `tamga` first", data.display())]
    InUse {
        /// The data folder.
        data: PathBuf,
    },
}

impl LaunchError {
    /// For `map_err`: a failure at `path`.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }

    /// For `map_err`: `program` did not run.
    pub(super) fn program(program: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let program = program.into();
        |source| Self::Program { program, source }
    }
}
