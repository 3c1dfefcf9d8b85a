//! Which settings and which database a command uses: the operator's, or, in a folder where
//! `tamga dev` was run, the private ones below `.tamga/`.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{
    CliError, Global,
    private_postgres::{LaunchError, Options, PrivatePostgres},
};
use crate::{
    rng::Rng,
    settings::{Settings, Sources},
};

/// What `tamga dev` keeps, in the folder it is run in.
pub(super) const FOLDER: &str = ".tamga";
/// Of the private server; one developer needs few.
const CONNECTIONS: u32 = 60;

/// Settings, and the private database as long as this value lives.
#[derive(Debug)]
pub struct Environment {
    /// What is to be used.
    pub settings: Settings,
    _private: Option<PrivatePostgres>,
}

impl Environment {
    /// For `tamga dev`: makes what is missing. Call it where it may block.
    ///
    /// # Errors
    /// Faults of the settings, or why the private database does not start.
    pub fn development(mut sources: Sources) -> Result<Self, CliError> {
        let folder = PathBuf::from(FOLDER);
        fs::create_dir_all(&folder).map_err(file_fault(&folder))?;
        sources.development = true;
        if !sources.gives("secrets", "encryption_keys") {
            ensure_encryption_key(&folder)?;
        }
        Self::load(sources, &folder, true)
    }

    /// For the commands that administer: what no source gives is taken from `.tamga/`, when
    /// `tamga dev` left it there. Call it where it may block.
    ///
    /// # Errors
    /// As [`Environment::development`].
    pub fn of_command(global: &Global) -> Result<Self, CliError> {
        let mut sources = Sources::of_process(global.config.clone(), false);
        let Some(folder) = development_folder() else {
            return Ok(Self { settings: strict(&sources)?, _private: None });
        };
        sources.development = !sources.gives("database", "url") && folder.join("postgres").is_dir();
        let start = sources.development;
        Self::load(sources, &folder, start)
    }

    fn load(mut sources: Sources, folder: &Path, start: bool) -> Result<Self, CliError> {
        let key = folder.join("encryption.key");
        if !sources.gives("secrets", "encryption_keys") && key.is_file() {
            let path = key.to_string_lossy().into_owned();
            sources.overrides.push(("secrets.encryption_keys_file".into(), path));
        }
        let mut private = None;
        if start && !sources.gives("database", "url") {
            let options =
                Options { folder: folder.join("postgres"), durable: true, max_connections: CONNECTIONS };
            let server = PrivatePostgres::start(&options)?;
            // The cluster is ours alone, so the database that is always there will do.
            sources.overrides.push(("database.url".into(), server.url("postgres")));
            private = Some(server);
        }
        Ok(Self { settings: strict(&sources)?, _private: private })
    }
}

/// The settings and nothing else, as the server reads them.
///
/// # Errors
/// All faults at once.
pub fn strict(sources: &Sources) -> Result<Settings, CliError> {
    Settings::load(sources).map_err(CliError::Settings)
}

/// `.tamga` below the current folder, when `tamga dev` was run here.
pub fn development_folder() -> Option<PathBuf> {
    let folder = PathBuf::from(FOLDER);
    folder.is_dir().then_some(folder)
}

/// Makes `encryption.key` in the folder unless it is there: one key, readable by its owner only.
///
/// # Errors
/// The file can't be written.
pub fn ensure_encryption_key(folder: &Path) -> Result<(), CliError> {
    let path = folder.join("encryption.key");
    if path.is_file() {
        return Ok(());
    }
    let key = Zeroizing::new(Rng::System.bytes::<32>());
    let line = Zeroizing::new(format!("dev:{}\n", STANDARD.encode(key.as_ref())));
    // Under another name first: a half-written key would be taken for one.
    let new = folder.join("encryption.key.new");
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)
        .map_err(file_fault(&new))?;
    file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(file_fault(&new))?;
    fs::rename(&new, &path).map_err(file_fault(&path))
}

fn file_fault(path: &Path) -> impl FnOnce(std::io::Error) -> CliError {
    let path = path.to_path_buf();
    |source| LaunchError::File { path, source }.into()
}
