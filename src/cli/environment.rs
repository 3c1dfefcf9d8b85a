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
/// Its encryption key, one line as in `secrets.encryption_keys_file`.
const KEY_FILE: &str = "encryption.key";
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
        let Some(folder) = development_folder() else {
            let sources = Sources::of_process(global.config.clone(), false);
            return Ok(Self { settings: strict(&sources)?, _private: None });
        };
        // As `tamga dev` does here: an installed server's file in the usual places is not meant.
        let was_made = folder.join("postgres").is_dir();
        Self::load(Sources::of_process(global.config.clone(), true), &folder, was_made)
    }

    fn load(mut sources: Sources, folder: &Path, start: bool) -> Result<Self, CliError> {
        let key = folder.join(KEY_FILE);
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
    let was_run = folder.join("postgres").is_dir() || folder.join(KEY_FILE).is_file();
    was_run.then_some(folder)
}

/// Makes `encryption.key` in the folder unless it is there: one key, readable by its owner only.
///
/// # Errors
/// The file can't be written.
pub fn ensure_encryption_key(folder: &Path) -> Result<(), CliError> {
    let path = folder.join(KEY_FILE);
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_development_key_is_made_once_and_for_its_owner_only() {
        let folder = std::env::temp_dir().join(format!("tamga-key-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        ensure_encryption_key(&folder).unwrap();
        let path = folder.join(KEY_FILE);
        let made = fs::read_to_string(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let settings = Settings::load(&Sources {
            overrides: vec![
                ("secrets.encryption_keys_file".into(), path.to_string_lossy().into_owned()),
                ("database.url".into(), "postgresql:///x".into()),
            ],
            ..Sources::default()
        });
        assert_eq!(settings.unwrap().secrets.encryption_keys[0].id, "dev");
        ensure_encryption_key(&folder).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), made);
        fs::remove_dir_all(folder).unwrap();
    }
}
