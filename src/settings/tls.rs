//! `[tls]`: the certificate and key of the listener.

use std::{fs::File, path::PathBuf};

use super::reader::Section;

/// `[tls]`, when it is given.
#[derive(Debug, Clone)]
pub struct Tls {
    /// PEM file: our certificate, then those between it and the root.
    pub certificate: PathBuf,
    /// PEM file: the private key (PKCS#8, PKCS#1 or SEC1).
    pub key: PathBuf,
}

impl Tls {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let certificate = readable(section, "certificate");
        let key = readable(section, "key");
        match (certificate, key) {
            (Some(certificate), Some(key)) => Some(Self { certificate, key }),
            (Some(_), None) => {
                section.fault("key", "is missing, though tls.certificate is given; give both or neither");
                None
            }
            (None, Some(_)) => {
                section.fault("certificate", "is missing, though tls.key is given; give both or neither");
                None
            }
            (None, None) => None,
        }
    }
}

/// The path, with a fault when it can't be opened. What the file holds is checked by the listener.
pub(super) fn readable(section: &mut Section<'_>, name: &str) -> Option<PathBuf> {
    let path = section.path(name)?;
    if let Err(error) = File::open(&path) {
        let shown = path.display();
        section.fault(name, format!("{shown} can't be read ({error}); check the path and its permissions"));
    }
    Some(path)
}
