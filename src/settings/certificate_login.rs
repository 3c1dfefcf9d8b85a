//! `[certificate_login]`: how a certificate that nobody registered names a person.

use std::path::PathBuf;

use super::{reader::Section, tls::readable};
use crate::model::attribute::AttributeRegistry;

/// `[certificate_login]`, when authorities are given.
#[derive(Debug, Clone)]
pub struct CertificateLogin {
    /// PEM file: authorities whose word about people counts.
    pub ca: PathBuf,
    /// Where in the certificate the value stands.
    pub field: CertificateField,
    /// What stands before the value there (`IIN` in Kazakhstan).
    pub prefix: String,
    /// What it is of the account: `username`, or an identifying attribute.
    pub attribute: String,
}

/// A place in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateField {
    /// An attribute of the subject, by its short name or object identifier.
    Subject(String),
    /// The mail address among the alternative names.
    SanEmail,
}

/// The name for the account's own.
pub const USERNAME: &str = "username";

impl CertificateLogin {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let ca = readable(section, "ca");
        let field = match section.text("field").as_deref() {
            None => CertificateField::Subject("serialNumber".to_owned()),
            Some("san_email") => CertificateField::SanEmail,
            Some(name) => CertificateField::Subject(name.to_owned()),
        };
        let prefix = section.text("prefix").unwrap_or_default();
        let attribute = section.text("attribute").unwrap_or_else(|| USERNAME.to_owned());
        Some(Self { ca: ca?, field, prefix, attribute })
    }

    /// Only what belongs to one person may name them.
    pub(super) fn check(root: &mut Section<'_>, read: Option<&Self>, registry: &AttributeRegistry) {
        let Some(read) = read else { return };
        let identifies = registry.get(&read.attribute).is_some_and(|definition| definition.identifier);
        if read.attribute != USERNAME && !identifies {
            let message =
                format!("`{}` is neither username nor an attribute that is an identifier", read.attribute);
            root.fault("certificate_login.attribute", message);
        }
    }
}
