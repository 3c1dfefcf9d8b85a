//! The certificate a request's sender showed: in our own handshake, where they proved to hold its
//! key, or by the word of a proxy that did the handshake.
//!
//! The header is believed from listed proxies alone: anyone else could name any certificate in it.
//! From a listed proxy it is the header alone that counts: a certificate in the proxy's own handshake
//! with us is the proxy's.

use std::{net::IpAddr, sync::Arc};

use axum::http::{HeaderMap, header::HeaderValue, request::Parts};
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use rustls_pki_types::{CertificateDer, pem::PemObject};

use super::visit::is_trusted;
use crate::{app::App, crypto::certificate::Chain, settings::CertificateHeader};

/// The chain of our own handshake: an extension of each request on such a connection.
#[derive(Clone)]
pub struct PeerCertificate(pub Arc<Chain>);

/// The certificate of the sender of this request.
pub fn find(app: &App, parts: &Parts, peer: IpAddr) -> Option<Arc<Chain>> {
    match &app.settings.client_tls.header {
        Some(header) if is_trusted(app, peer) => from_header(header, &parts.headers).map(Arc::new),
        _ => parts.extensions.get::<PeerCertificate>().map(|shown| shown.0.clone()),
    }
}

/// Takes the headers that speak of certificates away, once they were looked at: nobody shall believe
/// them further on.
pub fn drop_headers(app: &App, headers: &mut HeaderMap) {
    if let Some(header) = &app.settings.client_tls.header {
        headers.remove(header.name());
        headers.remove(CHAIN);
    }
}

/// The others of the chain (RFC 9440 §2.3).
const CHAIN: &str = "client-cert-chain";

fn from_header(header: &CertificateHeader, headers: &HeaderMap) -> Option<Chain> {
    // More than one would leave it to us which to believe.
    let mut values = headers.get_all(header.name()).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    let ders = match header {
        CertificateHeader::Rfc9440 => {
            let mut ders = vec![byte_sequence(value.to_str().ok()?)?];
            let items = headers.get_all(CHAIN).iter().filter_map(|value| value.to_str().ok());
            ders.extend(items.flat_map(|value| value.split(',')).filter_map(byte_sequence));
            ders
        }
        CertificateHeader::UrlEncodedPem(_) => pem(value)?,
    };
    let read = Chain::parse(ders.iter().map(Vec::as_slice));
    read.inspect_err(|error| tracing::debug!(%error, "a proxy's certificate header is no use")).ok()
}

/// RFC 8941 §3.3.5: base64 between colons.
fn byte_sequence(value: &str) -> Option<Vec<u8>> {
    STANDARD.decode(value.trim().strip_prefix(':')?.strip_suffix(':')?).ok()
}

/// PEM, URL-encoded as nginx does it (`$ssl_client_escaped_cert`); line ends may have become spaces.
fn pem(value: &HeaderValue) -> Option<Vec<Vec<u8>>> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let text = percent_decode_str(value.to_str().ok()?).decode_utf8().ok()?;
    let bodies = text.split(BEGIN).skip(1).map(|part| part.split(END).next().unwrap_or_default());
    let rewritten: String =
        bodies.map(|body| format!("{BEGIN}\n{}\n{END}\n", body.replace([' ', '\t'], "\n"))).collect();
    let ders: Vec<Vec<u8>> = CertificateDer::pem_slice_iter(rewritten.as_bytes())
        .map(|der| der.map(|der| der.to_vec()))
        .collect::<Result<_, _>>()
        .ok()?;
    (!ders.is_empty()).then_some(ders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> rcgen::CertifiedKey<rcgen::KeyPair> {
        rcgen::generate_simple_self_signed(vec!["a.example".to_owned()]).unwrap()
    }

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let name = axum::http::HeaderName::from_static(name);
        values.iter().map(|v| (name.clone(), HeaderValue::from_str(v).unwrap())).collect()
    }

    #[test]
    fn rfc_9440_s2_the_header_is_base64_between_colons() {
        let certificate = made().cert;
        let sent = format!(":{}:", STANDARD.encode(certificate.der()));
        let read =
            |values: &[&str]| from_header(&CertificateHeader::Rfc9440, &headers("client-cert", values));
        assert_eq!(read(&[&sent]).unwrap().leaf.der, *certificate.der());
        for bad in [&["x"][..], &[], &["::"], &[&sent, &sent], &[sent.trim_matches(':')], &[&sent[..99]]] {
            assert!(read(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn url_encoded_pem_is_read_with_its_lines_or_with_spaces() {
        let certificate = made().cert;
        let name = CertificateHeader::UrlEncodedPem("x-ssl-client-cert".to_owned());
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let pem = certificate.pem();
        for sent in [encode(&pem), encode(&pem.replace('\n', " ")), pem.replace(['\r', '\n'], "\t")] {
            let read = from_header(&name, &headers("x-ssl-client-cert", &[&sent])).unwrap();
            assert_eq!(read.leaf.der, *certificate.der());
        }
        for bad in ["", "-----BEGIN CERTIFICATE-----", "(null)", "%FF", "%2D"] {
            assert!(from_header(&name, &headers("x-ssl-client-cert", &[bad])).is_none(), "{bad}");
        }
    }
}
