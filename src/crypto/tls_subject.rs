//! Names that a client's certificate must have (RFC 8705 §2.1.2), checked when they are registered.

use std::net::IpAddr;

use url::Host;

use super::distinguished_name::DistinguishedName;
use crate::model::client::TlsSubject;

/// Whether this is a name of its kind; another would match no certificate.
pub fn fits(subject: &TlsSubject) -> bool {
    match subject {
        TlsSubject::SubjectDn(dn) => DistinguishedName::parse(dn).is_some(),
        TlsSubject::SanDns(name) => is_dns_name(name),
        TlsSubject::SanUri(uri) => uri.contains(':'),
        TlsSubject::SanIp(address) => address.parse::<IpAddr>().is_ok(),
        TlsSubject::SanEmail(mail) => {
            mail.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && is_dns_name(host))
        }
    }
}

/// What one of the same kind looks like.
pub fn example(subject: &TlsSubject) -> &'static str {
    match subject {
        TlsSubject::SubjectDn(_) => "CN=system,O=Ministry,C=MN",
        TlsSubject::SanDns(_) => "system.example.org",
        TlsSubject::SanUri(_) => "urn:system:1",
        TlsSubject::SanIp(_) => "192.0.2.7",
        TlsSubject::SanEmail(_) => "ops@system.example.org",
    }
}

fn is_dns_name(text: &str) -> bool {
    // A star would be compared as it is, and match nothing.
    matches!(Host::parse(text), Ok(Host::Domain(_))) && !text.contains('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_their_kind() {
        let all: [fn(String) -> TlsSubject; 5] = [
            TlsSubject::SubjectDn,
            TlsSubject::SanDns,
            TlsSubject::SanUri,
            TlsSubject::SanIp,
            TlsSubject::SanEmail,
        ];
        for make in all {
            let good = make(example(&make(String::new())).to_owned());
            assert!(fits(&good) && !fits(&make("*".to_owned())), "{good:?}");
        }
    }
}
