//! `[server]`: where people reach us, where we listen, and whose word on addresses we take.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use url::{Host, Url};

use super::reader::Section;

/// `[server]`.
#[derive(Debug, Clone)]
pub struct Server {
    /// The issuer: an origin, without path or query. `https` unless its host is loopback.
    pub public_url: Url,
    /// Where the listener binds.
    pub listen: SocketAddr,
    /// Peers whose `X-Forwarded-For`, `X-Forwarded-Proto` and `Forwarded` headers are believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl Server {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let public_url = public_url(section);
        let default = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
        let listen = section.address("listen").unwrap_or(default);
        let trusted_proxies = trusted_proxies(section);
        Some(Self { public_url: public_url?, listen, trusted_proxies })
    }

    /// The issuer as relying parties compare it: the origin without a trailing slash.
    pub fn issuer(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }
}

fn public_url(section: &mut Section<'_>) -> Option<Url> {
    const KEY: &str = "public_url";
    let text = section.text(KEY).unwrap_or_else(|| "http://localhost:8080".to_owned());
    let url = match Url::parse(&text) {
        Ok(url) => url,
        Err(error) => {
            section
                .fault(KEY, format!("`{text}` is not a URL: {error}; write it like https://sso.example.org"));
            return None;
        }
    };
    let before = (url.username(), url.password(), url.path(), url.query(), url.fragment());
    if before != ("", None, "/", None, None) {
        section.fault(KEY, "has more than an origin; leave out user, path, query and fragment, as in https://sso.example.org");
        return None;
    }
    match url.scheme() {
        "https" => Some(url),
        // RFC 9700 §2.6: codes and tokens travel only over TLS; loopback never leaves the machine.
        "http" if is_loopback(&url) => Some(url),
        "http" => {
            section.fault(KEY, format!("`{text}` is http on a host that is not loopback; use https"));
            None
        }
        scheme => {
            section.fault(KEY, format!("the scheme `{scheme}` is not served; use https"));
            None
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn trusted_proxies(section: &mut Section<'_>) -> Vec<IpNet> {
    const KEY: &str = "trusted_proxies";
    let mut ranges = Vec::new();
    for text in section.list(KEY).unwrap_or_default() {
        match text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)) {
            Some(range) => ranges.push(range),
            None => section
                .fault(KEY, format!("`{text}` is not an address or a range; write 10.0.0.7 or 10.0.0.0/8")),
        }
    }
    ranges
}
