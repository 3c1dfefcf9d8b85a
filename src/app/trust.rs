//! Whose word about certificates counts, from the operator's files.

use std::path::Path;

use crate::{
    crypto::{
        authorities::{Authorities, Revoked},
        certificate::Chain,
    },
    settings::Settings,
};

/// What the files say.
#[derive(Default)]
pub struct Trust {
    /// Who vouches for clients.
    pub clients: Option<Authorities>,
    /// Who vouches for people.
    pub people: Option<Authorities>,
    revoked: Revoked,
}

/// A file can't be used; the text begins with its key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct TrustError(String);

impl Trust {
    /// Reads the files that the settings name.
    ///
    /// # Errors
    /// [`TrustError`] naming the key at fault.
    pub fn load(settings: &Settings) -> Result<Self, TrustError> {
        let client_tls = &settings.client_tls;
        let people = settings.certificate_login.as_ref().map(|login| login.ca.as_path());
        Ok(Self {
            clients: read("tls.client_ca", client_tls.ca.as_deref(), Authorities::from_pem)?,
            people: read("certificate_login.ca", people, Authorities::from_pem)?,
            revoked: read("tls.client_crl", client_tls.crl.as_deref(), Revoked::from_file)?
                .unwrap_or_default(),
        })
    }

    /// Whether the certificate, or one above it, was taken back.
    pub fn is_revoked(&self, chain: &Chain) -> bool {
        self.revoked.lists_any(chain)
    }
}

fn read<T>(
    key: &str,
    path: Option<&Path>,
    parse: impl FnOnce(&[u8]) -> Result<T, &'static str>,
) -> Result<Option<T>, TrustError> {
    let Some(path) = path else { return Ok(None) };
    let failed = |why: String| TrustError(format!("{key}: {} can't be used: {why}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    parse(&bytes).map(Some).map_err(|why| failed(why.to_owned()))
}
