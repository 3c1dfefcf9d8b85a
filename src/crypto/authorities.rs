//! Whose word about certificates counts, and which certificates were taken back.

use std::collections::{HashMap, HashSet};

use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, TrustAnchor, UnixTime, pem::PemObject};
use time::OffsetDateTime;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_parser::{prelude::FromDer, revocation_list::CertificateRevocationList};

use super::certificate::{Certificate, Chain, without_zeros};

/// Authorities that vouch for certificates of clients or people.
pub struct Authorities(Vec<TrustAnchor<'static>>);

impl Authorities {
    /// Those of a PEM text.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_pem(pem: &[u8]) -> Result<Self, &'static str> {
        let mut anchors = Vec::new();
        for der in CertificateDer::pem_slice_iter(pem) {
            let der = der.map_err(|_| "it is not well-formed PEM")?;
            let anchor =
                anchor_from_trusted_cert(&der).map_err(|_| "it holds what is no X.509 certificate")?;
            anchors.push(anchor.to_owned());
        }
        if anchors.is_empty() { Err("it holds no certificate in PEM form") } else { Ok(Self(anchors)) }
    }

    /// Whether one of them vouches for the chain's leaf as a client at `now`: signatures, times, name
    /// constraints, and that it may be used for that (RFC 5280 §6).
    pub fn vouch_for(&self, chain: &Chain, now: OffsetDateTime) -> bool {
        let Ok(leaf) = EndEntityCert::try_from(&chain.leaf.der) else { return false };
        let since = u64::try_from(now.unix_timestamp()).unwrap_or(0);
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(since));
        leaf.verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &self.0,
            &chain.others,
            at,
            KeyUsage::client_auth(),
            None,
            None,
        )
        .is_ok()
    }
}

/// Certificates that their authorities took back: numbers by issuer.
#[derive(Default)]
pub struct Revoked(HashMap<Vec<u8>, HashSet<Vec<u8>>>);

impl Revoked {
    /// From lists in PEM, one after the other, or a single one in DER. The operator's file is believed
    /// as it is.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_file(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut revoked = Self::default();
        let in_pem: Vec<_> = CertificateRevocationListDer::pem_slice_iter(bytes)
            .collect::<Result<_, _>>()
            .map_err(|_| "it is not well-formed PEM")?;
        if in_pem.is_empty() {
            revoked.add(bytes)?;
        }
        for list in in_pem {
            revoked.add(&list)?;
        }
        Ok(revoked)
    }

    fn add(&mut self, der: &[u8]) -> Result<(), &'static str> {
        let (_, list) = CertificateRevocationList::from_der(der)
            .map_err(|_| "it holds no list of revoked certificates")?;
        let numbers = self.0.entry(list.issuer().as_raw().to_vec()).or_default();
        numbers.extend(list.iter_revoked_certificates().map(|entry| without_zeros(entry.raw_serial())));
        Ok(())
    }

    /// Whether this certificate was taken back.
    pub fn lists(&self, certificate: &Certificate) -> bool {
        self.0.get(&certificate.issuer).is_some_and(|numbers| numbers.contains(&certificate.serial))
    }

    /// Whether the leaf or anything above it was.
    pub fn lists_any(&self, chain: &Chain) -> bool {
        // One that can't be read is no part of any path either.
        let others = chain.others.iter().filter_map(|der| Certificate::parse(der).ok());
        self.lists(&chain.leaf) || others.into_iter().any(|other| self.lists(&other))
    }
}
