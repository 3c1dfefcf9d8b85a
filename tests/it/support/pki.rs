//! Authorities and certificates of clients and people.

use std::{
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    DnType, ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256,
    RevokedCertParams, SerialNumber,
};
use rustls_pki_types::PrivateKeyDer;
use tamga::crypto::certificate::Chain;
use time::Duration;

use super::app::START;

/// An authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub struct Holder {
    /// The certificate.
    pub certificate: Certificate,
    /// Its key.
    pub key: KeyPair,
}

impl Authority {
    /// A new one of this name.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate.
    pub fn pem(&self) -> String {
        self.0.as_ref().pem()
    }

    /// Vouches for a certificate with these contents.
    pub fn issue(&self, tweak: impl FnOnce(&mut CertificateParams)) -> Holder {
        let key = KeyPair::generate().unwrap();
        let certificate = params(tweak).signed_by(&key, &self.0).unwrap();
        Holder { certificate, key }
    }

    /// Its list of certificates taken back, as PEM.
    pub fn revocations(&self, serials: &[u64]) -> String {
        let now = START;
        let revoked = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: now,
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: now,
            next_update: now + Duration::days(3_650),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.0).unwrap().pem().unwrap()
    }
}

impl Holder {
    /// One that nobody vouches for, with a P-256 key.
    pub fn self_signed(tweak: impl FnOnce(&mut CertificateParams)) -> Self {
        Self::self_signed_with(KeyPair::generate().unwrap(), tweak)
    }

    /// The same with an RSA key of 2048 bits.
    pub fn self_signed_rsa() -> Self {
        Self::self_signed_with(rsa_key(), |_| {})
    }

    fn self_signed_with(key: KeyPair, tweak: impl FnOnce(&mut CertificateParams)) -> Self {
        let certificate = params(tweak).self_signed(&key).unwrap();
        Self { certificate, key }
    }

    /// What it is.
    pub fn der(&self) -> Vec<u8> {
        self.certificate.der().to_vec()
    }

    /// As the listener hands it on.
    pub fn chain(&self) -> Arc<Chain> {
        Arc::new(Chain::parse([self.certificate.der().as_ref()]).unwrap())
    }

    /// Its key.
    pub fn private(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).unwrap()
    }
}

/// A certificate for this century.
fn params(tweak: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "system");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2090, 1, 1);
    tweak(&mut params);
    params
}

/// Made once: RSA keys take their time.
pub fn rsa_key() -> KeyPair {
    use rsa::pkcs8::EncodePrivateKey;
    static KEY: OnceLock<Vec<u8>> = OnceLock::new();
    let der = KEY.get_or_init(|| {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
        key.to_pkcs8_der().unwrap().as_bytes().to_vec()
    });
    let der = rustls_pki_types::PrivatePkcs8KeyDer::from(der.clone());
    KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).unwrap()
}

/// A file for as long as this lives.
pub struct Scratch(PathBuf);

impl Scratch {
    /// With this text.
    pub fn new(text: &str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("tamga-pki-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// Writes it anew.
    pub fn write(&self, text: &str) {
        std::fs::write(&self.0, text).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
