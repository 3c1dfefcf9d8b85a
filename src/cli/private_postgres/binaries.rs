//! Finds the system's own PostgreSQL server programs.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::LaunchError;

/// The oldest major version whose SQL and behaviour we rely on.
pub(super) const OLDEST: u32 = 15;

/// Where distributions put server programs, which are often not on PATH. `*` stands for any ending or beginning.
const USUAL_PLACES: &[&str] = &[
    "/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
    "/usr/pgsql-*/bin",                                   // PostgreSQL's own RPMs
    "/usr/libexec/postgresql*",                           // Alpine
    "/usr/lib/postgresql*/bin",                           // SUSE
    "/opt/homebrew/opt/postgresql*/bin",                  // macOS, Apple silicon
    "/usr/local/opt/postgresql*/bin",                     // macOS, Intel
    "/Applications/Postgres.app/Contents/Versions/*/bin", // macOS, Postgres.app
    "/usr/local/pgsql/bin",                               // built from source
    "/usr/bin",
];

/// A folder with `initdb` and `postgres`.
#[derive(Debug)]
pub(super) struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// The first folder with programs of at least [`OLDEST`]; for data that exists, of the version that made it.
    pub(super) fn find(data: &Path) -> Result<Self, LaunchError> {
        let made_by = fs::read_to_string(data.join("PG_VERSION")).ok();
        let wanted: Option<u32> = made_by.as_deref().and_then(|version| version.trim().parse().ok());
        for folder in candidates() {
            let Some(major) = major_version(&folder) else { continue };
            if major >= OLDEST && wanted.is_none_or(|wanted| wanted == major) {
                return Ok(Self { folder });
            }
        }
        Err(match made_by {
            Some(made_by) => {
                LaunchError::OtherVersion { data: data.to_owned(), made_by: made_by.trim().to_owned() }
            }
            None => LaunchError::NoBinaries { oldest: OLDEST },
        })
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }
}

fn candidates() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = env::split_paths(&path).filter(|folder| folder.is_absolute()).collect();
    on_path
        .into_iter()
        .chain(USUAL_PLACES.iter().flat_map(|pattern| expand(pattern)))
        .filter(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The folders that match a pattern with one `*` in one component, the newest version first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else { return vec![PathBuf::from(pattern)] };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .collect();
    let number = |name: &String| -> u32 {
        let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().parse().unwrap_or(0)
    };
    names.sort_by_key(|name| std::cmp::Reverse(number(name)));
    names.into_iter().map(|name| PathBuf::from(format!("{parent}/{name}{after}"))).collect()
}

/// What `postgres --version` says; root may ask that.
fn major_version(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)` is 15; `17beta1` is 17.
fn parse_version(said: &str) -> Option<u32> {
    let version = said.split_once("(PostgreSQL)")?.1.trim_start();
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_distributions_print_them() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 17beta1\n"), Some(17));
        assert_eq!(parse_version("postgres (PostgreSQL) 9.6.24\n"), Some(9));
        assert_eq!(parse_version("something else"), None);
    }

    #[test]
    fn patterns_match_one_component_and_prefer_the_newest() {
        assert_eq!(expand("/no/star"), [PathBuf::from("/no/star")]);
        assert!(expand("/nowhere-at-all/*/bin").is_empty());
        let folder = env::temp_dir().join(format!("tamga-expand-{}", std::process::id()));
        for name in ["pgsql-9.6", "pgsql-16", "pgsql-15", "other-17"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        let found = expand(&format!("{}/pgsql-*/bin", folder.display()));
        let expected = ["pgsql-16/bin", "pgsql-15/bin", "pgsql-9.6/bin"].map(|name| folder.join(name));
        assert_eq!(found, expected);
        fs::remove_dir_all(folder).unwrap();
    }
}
