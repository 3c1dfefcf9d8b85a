//! `[tls]`, as far as it is about certificates of clients and people.

use std::path::PathBuf;

use url::Url;

use super::{reader::Section, tls::readable};

/// The header of RFC 9440.
const RFC_9440: &str = "client-cert";

/// Where certificates of clients come from, and who is believed about them.
#[derive(Debug, Clone, Default)]
pub struct ClientTls {
    /// The listener asks for one, without demanding it.
    pub asks: bool,
    /// Another port of the same address that does.
    pub mtls_port: Option<u16>,
    /// Where that port is reached, when not at the issuer's host by its number.
    pub mtls_public_url: Option<Url>,
    /// The header in which listed proxies name it.
    pub header: Option<CertificateHeader>,
    /// PEM file: authorities whose word counts about clients (`tls_client_auth`).
    pub ca: Option<PathBuf>,
    /// PEM or DER file: certificates that were taken back.
    pub crl: Option<PathBuf>,
}

/// A header that holds a certificate, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateHeader {
    /// `Client-Cert` (RFC 9440).
    Rfc9440,
    /// One of this name: PEM, URL-encoded.
    UrlEncodedPem(String),
}

impl CertificateHeader {
    /// Its name, in small letters.
    pub fn name(&self) -> &str {
        match self {
            Self::Rfc9440 => RFC_9440,
            Self::UrlEncodedPem(name) => name,
        }
    }
}

impl ClientTls {
    /// Whether a certificate may come at all.
    pub fn is_served(&self) -> bool {
        self.asks || self.mtls_port.is_some() || self.header.is_some()
    }

    pub(super) fn read(section: &mut Section<'_>, has_tls: bool) -> Self {
        let asks = section.word("client_auth", &[("none", false), ("optional", true)], false);
        let port = section.number("mtls_port", 0, 0..=65_535);
        let mtls_port = u16::try_from(port).ok().filter(|port| *port != 0);
        for (name, given) in [("client_auth", asks), ("mtls_port", mtls_port.is_some())] {
            if given && !has_tls {
                section.fault(name, "needs tls.certificate and tls.key; behind a proxy that does the TLS, give tls.client_certificate_header");
            }
        }
        Self {
            asks,
            mtls_port,
            mtls_public_url: mtls_public_url(section),
            header: header(section),
            ca: readable(section, "client_ca"),
            crl: readable(section, "client_crl"),
        }
    }
}

fn mtls_public_url(section: &mut Section<'_>) -> Option<Url> {
    const KEY: &str = "mtls_public_url";
    let url: Url = section.parsed(KEY, "https://mtls.sso.example.org")?;
    if url.scheme() == "https" && (url.path(), url.query(), url.fragment()) == ("/", None, None) {
        return Some(url);
    }
    section.fault(KEY, "must be an https address without a path, as in https://mtls.sso.example.org");
    None
}

fn header(section: &mut Section<'_>) -> Option<CertificateHeader> {
    const KEY: &str = "client_certificate_header";
    let name = section.text(KEY)?.to_ascii_lowercase();
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        section.fault(KEY, "is no name of a header; write Client-Cert or X-SSL-Client-Cert");
        return None;
    }
    Some(match name.as_str() {
        RFC_9440 => CertificateHeader::Rfc9440,
        _ => CertificateHeader::UrlEncodedPem(name),
    })
}
