//! The listener's certificate: valid now, not about to end, and for our name.

use rustls_pki_types::{CertificateDer, pem::PemObject};
use time::{Duration, OffsetDateTime};
use url::Url;
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

use super::Finding;
use crate::{cli::output, settings::Tls};

const NAME: &str = "tls";
/// Time enough to ask for another.
const SOON: Duration = Duration::days(14);

/// Looks at the first certificate of the file; that key and chain fit, the settings' check says.
pub fn look(tls: &Tls, public_url: &Url, now: OffsetDateTime) -> Finding {
    let file = tls.certificate.display();
    let Ok(der) = CertificateDer::from_pem_file(&tls.certificate) else {
        return Finding::fault(NAME, format!("{file} holds no certificate; write it there in PEM form"));
    };
    match X509Certificate::from_der(&der) {
        Ok((_, certificate)) => judge(&certificate, public_url.host_str().unwrap_or_default(), now),
        Err(_) => Finding::fault(NAME, format!("the certificate in {file} can't be read; get another")),
    }
}

fn judge(certificate: &X509Certificate<'_>, host: &str, now: OffsetDateTime) -> Finding {
    let validity = certificate.validity();
    let (from, until) = (validity.not_before.to_datetime(), validity.not_after.to_datetime());
    if now < from {
        let from = output::time(from);
        return Finding::fault(
            NAME,
            format!("the certificate is valid only from {from}; is this machine's clock right?"),
        );
    }
    if now > until {
        let until = output::time(until);
        return Finding::fault(
            NAME,
            format!("the certificate ended on {until}; renew it and send SIGHUP to the server"),
        );
    }
    if !names(certificate, host) {
        return Finding::fault(
            NAME,
            format!("the certificate is not for {host}, the host of server.public_url; get one that is"),
        );
    }
    let end = output::time(until);
    if until - now < SOON {
        return Finding::warning(
            NAME,
            format!("the certificate ends on {end}; renew it and send SIGHUP to the server"),
        );
    }
    Finding::ok(NAME, format!("the certificate is for {host} and valid until {end}"))
}

/// RFC 6125 §6.4: only the subject's alternative names count, a `*` for the first label.
fn names(certificate: &X509Certificate<'_>, host: &str) -> bool {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return false };
    let address: Option<std::net::IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    names.value.general_names.iter().any(|name| match (name, address) {
        (GeneralName::DNSName(name), None) => matches(name, host),
        (GeneralName::IPAddress(bytes), Some(std::net::IpAddr::V4(address))) => *bytes == address.octets(),
        (GeneralName::IPAddress(bytes), Some(std::net::IpAddr::V6(address))) => *bytes == address.octets(),
        _ => false,
    })
}

fn matches(name: &str, host: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent)),
        None => name.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::Verdict;

    #[test]
    fn a_certificate_is_judged_by_its_dates_and_names() {
        let mut params =
            rcgen::CertificateParams::new(vec!["sso.example.org".to_owned(), "*.gov.example".to_owned()])
                .unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2026, 12, 31);
        let der = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let (_, certificate) = X509Certificate::from_der(der.der()).unwrap();
        let at = |month, day| rcgen::date_time_ymd(2026, month, day);
        for (host, now, verdict) in [
            ("sso.example.org", at(6, 1), Verdict::Ok),
            ("id.gov.example", at(6, 1), Verdict::Ok),
            ("a.id.gov.example", at(6, 1), Verdict::Fault),
            ("other.example.org", at(6, 1), Verdict::Fault),
            ("sso.example.org", at(12, 25), Verdict::Warning),
            ("sso.example.org", rcgen::date_time_ymd(2025, 12, 31), Verdict::Fault),
            ("sso.example.org", rcgen::date_time_ymd(2027, 1, 1), Verdict::Fault),
        ] {
            assert_eq!(judge(&certificate, host, now).verdict, verdict, "{host} {now}");
        }
    }
}
