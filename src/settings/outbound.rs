//! `[outbound]`: what may be fetched of addresses that others chose (keys of clients, sector
//! identifiers).

use std::{net::IpAddr, path::PathBuf};

use ipnet::IpNet;

use super::{reader::Section, tls::readable};

/// `[outbound]`.
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    /// Hosts that may be fetched from wherever they are, and without TLS.
    pub allowed_hosts: Vec<String>,
    /// Ranges that are no part of the public internet and may be fetched from all the same.
    pub allowed_ranges: Vec<IpNet>,
    /// PEM file of authorities to trust beside the system's.
    pub trusted_ca: Option<PathBuf>,
}

impl Outbound {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        const KEY: &str = "allow";
        let mut read = Self { trusted_ca: readable(section, "trusted_ca"), ..Self::default() };
        for text in section.list(KEY).unwrap_or_default() {
            match text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)) {
                Some(range) => read.allowed_ranges.push(range),
                None if is_host(&text) => read.allowed_hosts.push(text.to_ascii_lowercase()),
                None => section.fault(
                    KEY,
                    format!("`{text}` is neither host nor range; write keys.example.org or 10.1.0.0/16"),
                ),
            }
        }
        read
    }
}

fn is_host(text: &str) -> bool {
    matches!(url::Host::parse(text), Ok(url::Host::Domain(name)) if name == text.to_ascii_lowercase())
}
