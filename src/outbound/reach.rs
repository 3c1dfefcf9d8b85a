//! Which addresses may be fetched from: the public internet's, and those the operator lists.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

use crate::settings::Outbound;

/// What the settings allow.
pub(super) struct Reach {
    hosts: Vec<String>,
    ranges: Vec<IpNet>,
}

impl Reach {
    pub fn new(settings: &Outbound) -> Self {
        Self { hosts: settings.allowed_hosts.clone(), ranges: settings.allowed_ranges.clone() }
    }

    /// What is wrong with the text of an address. A name is looked at again when it is resolved.
    pub fn check(&self, url: &Url) -> Result<(), &'static str> {
        let host = url.host().map(|host| host.to_owned()).ok_or("it names no host")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it has a user or password");
        }
        // Addresses are never resolved, so they are judged here.
        let address = match &host {
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
            Host::Domain(_) => None,
        };
        if address.is_some_and(|address| !self.may_connect(&host, address)) {
            return Err("its address is not on the public internet");
        }
        match url.scheme() {
            "https" => Ok(()),
            // Without TLS whoever sits between could give us keys of their own.
            "http" if self.is_listed(&host, address) => Ok(()),
            "http" => Err("it is not https"),
            _ => Err("its scheme is not https"),
        }
    }

    /// Whether a connection to `address` may be made for `host`.
    pub fn may_connect(&self, host: &Host, address: IpAddr) -> bool {
        is_public(address) || self.is_listed(host, Some(address))
    }

    fn is_listed(&self, host: &Host, address: Option<IpAddr>) -> bool {
        let named = matches!(host, Host::Domain(name) if self.hosts.iter().any(|listed| listed == name));
        named
            || address.is_some_and(|address| {
                let plain = address.to_canonical();
                self.ranges.iter().any(|range| range.contains(&plain))
            })
    }
}

/// Whether an address belongs to a machine on the public internet (RFC 6890 and its registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network, private use, loopback.
        (0 | 10 | 127, _, _) => true,
        // Shared by a provider's customers (RFC 6598).
        (100, 64..=127, _) => true,
        // Link-local, where clouds keep their metadata.
        (169, 254, _) => true,
        (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, documentation, 6to4 relays, benchmarks.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18..=19, _) | (198, 51, 100) | (203, 0, 113) => true,
        // Multicast, reserved, broadcast.
        (224..=255, _, _) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // ::ffff:10.0.0.1 connects to 10.0.0.1.
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        // Translated to the IPv4 address at its end (RFC 6052); the way out of an IPv6-only network.
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => is_public_v4(v4(g, h)),
        // 6to4 carries an IPv4 address (RFC 3056).
        (0x2002, _) => is_public_v4(v4(b, c)),
        // Protocol assignments (Teredo among them) and documentation.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, 0..=0xfff) => false,
        // All that is global unicast; so neither ::1 nor fe80::/10, fc00::/7, ff00::/8.
        (0x2000..=0x3fff, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(allow: &[&str]) -> Reach {
        let ranges = allow.iter().filter_map(|text| text.parse().ok()).collect();
        Reach { hosts: allow.iter().map(|&text| text.to_owned()).collect(), ranges }
    }

    fn check(reach: &Reach, url: &str) -> Result<(), &'static str> {
        reach.check(&Url::parse(url).unwrap())
    }

    #[test]
    fn ssrf_addresses_that_only_we_can_reach_are_refused_however_they_are_written() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[ff02::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:169.254.169.254]",
            "[::127.0.0.1]",
            "[64:ff9b::10.0.0.1]",
            "[2002:7f00:1::]",
            "[2001:db8::1]",
            "[2001::1]",
            "[fec0::1]",
        ] {
            assert!(check(&reach(&[]), &format!("https://{host}/keys")).is_err(), "{host}");
        }
        for host in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "[2606:4700::1111]",
            "[64:ff9b::1.1.1.1]",
            "keys.example",
        ] {
            assert_eq!(check(&reach(&[]), &format!("https://{host}/keys")), Ok(()), "{host}");
        }
    }

    #[test]
    fn names_are_judged_by_the_addresses_they_resolve_to() {
        let host = Host::Domain("keys.example".to_owned());
        assert!(!reach(&[]).may_connect(&host, "10.1.2.3".parse().unwrap()));
        assert!(!reach(&[]).may_connect(&host, "::ffff:10.1.2.3".parse().unwrap()));
        assert!(reach(&["10.1.0.0/16"]).may_connect(&host, "::ffff:10.1.2.3".parse().unwrap()));
        assert!(!reach(&["10.1.0.0/16"]).may_connect(&host, "10.2.2.3".parse().unwrap()));
        assert!(reach(&["keys.example"]).may_connect(&host, "10.2.2.3".parse().unwrap()));
        assert!(!reach(&["other.example"]).may_connect(&host, "10.2.2.3".parse().unwrap()));
    }

    #[test]
    fn only_tls_unless_the_operator_lists_the_host() {
        assert!(check(&reach(&[]), "http://keys.example/").is_err());
        assert!(check(&reach(&[]), "ftp://keys.example/").is_err());
        assert!(check(&reach(&[]), "file:///etc/passwd").is_err());
        assert!(check(&reach(&[]), "https://user:word@keys.example/").is_err());
        assert!(check(&reach(&["keys.example"]), "http://keys.example/").is_ok());
        assert!(check(&reach(&["127.0.0.0/8"]), "http://127.0.0.1:9/").is_ok());
        assert!(check(&reach(&["127.0.0.0/8"]), "http://10.0.0.1/").is_err());
    }
}
