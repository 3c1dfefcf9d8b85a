//! `[database]`: where PostgreSQL is and how long we wait for it.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::{
    duration::{minutes, seconds},
    reader::Section,
};

/// `[database]`.
#[derive(Debug, Clone)]
pub struct Database {
    /// `postgresql://...`; holds the password.
    pub url: SecretString,
    /// Connections this instance opens at most.
    pub max_connections: u32,
    /// How long a request waits for a connection before it is answered 503.
    pub acquire_timeout: Duration,
    /// How long PostgreSQL works on one statement before it gives up.
    pub statement_timeout: Duration,
}

impl Database {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let url = url(section);
        let max_connections = section.number("max_connections", 10, 1..=1000);
        let acquire = Duration::from_millis(1500);
        let acquire_timeout =
            section.duration("acquire_timeout", acquire, Duration::from_millis(100)..=minutes(1));
        let statement_timeout =
            section.duration("statement_timeout", seconds(5), Duration::from_millis(100)..=minutes(10));
        Some(Self { url: url?, max_connections, acquire_timeout, statement_timeout })
    }
}

fn url(section: &mut Section<'_>) -> Option<SecretString> {
    const KEY: &str = "url";
    let given = section.gives(KEY);
    let Some(url) = section.secret(KEY) else {
        if !given {
            section.fault(
                KEY,
                "is missing; give postgresql://user:password@host/database here, in DATABASE_URL, or in the \
                 file that database.url_file names",
            );
        }
        return None;
    };
    let scheme = url.expose_secret().split_once("://").map(|(scheme, _)| scheme);
    if !matches!(scheme, Some("postgres" | "postgresql")) {
        // The rest of the value is not repeated: it holds the password.
        section.fault(KEY, "does not begin with postgresql://; other databases are not served");
        return None;
    }
    Some(url)
}
