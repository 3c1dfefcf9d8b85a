//! Certificates that others show (RFC 5280): taken apart, so that each reader looks at the part it
//! believes. Parsing believes nothing: who holds the key is proved by the handshake, who vouches for
//! the rest is for [`super::authorities`] to say.

use std::net::IpAddr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer, pem::PemObject};
use time::OffsetDateTime;
use x509_parser::{
    certificate::X509Certificate,
    extensions::{GeneralName, ParsedExtension},
    oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_SIG_ED25519},
    prelude::FromDer,
    public_key::PublicKey,
    x509::SubjectPublicKeyInfo,
};

use super::distinguished_name::DistinguishedName;
use crate::secret::Digest;

/// More of a chain is not looked at.
const LONGEST_CHAIN: usize = 10;
/// The least length of RSA keys, in bits.
const LEAST_RSA_BITS: usize = 2048;

/// Why a certificate is none for us. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Not a certificate, or bytes after it.
    #[error("it is not a well-formed X.509 certificate")]
    Malformed,
    /// A kind of key that is not served.
    #[error("its key is of a kind that is not served; use RSA, EC with P-256 or P-384, or Ed25519")]
    Kind,
    /// RSA below 2048 bits.
    #[error("its RSA key has less than 2048 bits")]
    Short,
}

/// A certificate taken apart.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// All of it.
    pub der: CertificateDer<'static>,
    /// Its SubjectPublicKeyInfo.
    pub public_key: SubjectPublicKeyInfoDer<'static>,
    /// From when it is good.
    pub not_before: OffsetDateTime,
    /// Until when it is good.
    pub not_after: OffsetDateTime,
    /// Who it says its holder is.
    pub subject: DistinguishedName,
    /// Names of its holder beside the subject (RFC 5280 §4.2.1.6).
    pub names: AlternativeNames,
    /// Who it says issued it, as encoded.
    pub issuer: Vec<u8>,
    /// Its number there, without leading zeros.
    pub serial: Vec<u8>,
}

/// Subject alternative names, as far as anybody compares them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlternativeNames {
    /// DNS names.
    pub dns: Vec<String>,
    /// URIs.
    pub uris: Vec<String>,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
    /// Mail addresses.
    pub emails: Vec<String>,
}

impl Certificate {
    /// Takes one apart.
    ///
    /// # Errors
    /// [`CertificateError`] when it is none, or its key is too weak to prove anything.
    pub fn parse(der: &[u8]) -> Result<Self, CertificateError> {
        let (rest, read) = X509Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        if !rest.is_empty() {
            return Err(CertificateError::Malformed);
        }
        check_key(read.public_key())?;
        let (not_before, not_after) = (read.validity().not_before, read.validity().not_after);
        Ok(Self {
            der: CertificateDer::from(der.to_vec()),
            public_key: SubjectPublicKeyInfoDer::from(read.public_key().raw.to_vec()),
            not_before: not_before.to_datetime(),
            not_after: not_after.to_datetime(),
            subject: DistinguishedName::of(read.subject()),
            names: AlternativeNames::of(&read),
            issuer: read.issuer().as_raw().to_vec(),
            serial: without_zeros(read.raw_serial()),
        })
    }

    /// The first certificate of a PEM text, or a DER one.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn from_file(bytes: &[u8]) -> Result<Self, CertificateError> {
        match CertificateDer::from_pem_slice(bytes) {
            Ok(der) => Self::parse(&der),
            Err(_) => Self::parse(bytes),
        }
    }

    /// SHA-256 of its key: what `self_signed_tls_client_auth` compares.
    pub fn key(&self) -> Digest {
        Digest::of(&self.public_key)
    }

    /// SHA-256 of all of it.
    pub fn fingerprint(&self) -> Digest {
        Digest::of(&self.der)
    }

    /// The same as tokens name it: `x5t#S256` (RFC 8705 §3.1).
    pub fn thumbprint(&self) -> String {
        B64.encode(self.fingerprint().as_bytes())
    }

    /// Whether its time has come and is not over.
    pub fn is_current(&self, now: OffsetDateTime) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }
}

/// What a peer showed: its own certificate, and those between it and an authority.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The peer's own.
    pub leaf: Certificate,
    /// The others, as they came.
    pub others: Vec<CertificateDer<'static>>,
}

impl Chain {
    /// Takes a chain apart, the peer's own certificate first.
    ///
    /// # Errors
    /// As [`Certificate::parse`]; an empty one is malformed.
    pub fn parse<'a>(ders: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, CertificateError> {
        let mut ders = ders.into_iter().take(LONGEST_CHAIN);
        let leaf = Certificate::parse(ders.next().ok_or(CertificateError::Malformed)?)?;
        Ok(Self { leaf, others: ders.map(|der| CertificateDer::from(der.to_vec())).collect() })
    }
}

impl AlternativeNames {
    fn of(certificate: &X509Certificate<'_>) -> Self {
        let mut names = Self::default();
        let found = certificate.extensions().iter().filter_map(|e| match e.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
            _ => None,
        });
        for name in found.flatten() {
            match name {
                GeneralName::DNSName(name) => names.dns.push((*name).to_owned()),
                GeneralName::URI(uri) => names.uris.push((*uri).to_owned()),
                GeneralName::RFC822Name(email) => names.emails.push((*email).to_owned()),
                GeneralName::IPAddress(bytes) => names.addresses.extend(address(bytes)),
                _ => {}
            }
        }
        names
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

fn check_key(key: &SubjectPublicKeyInfo<'_>) -> Result<(), CertificateError> {
    let kind = &key.algorithm.algorithm;
    if *kind == OID_SIG_ED25519 {
        return Ok(());
    }
    if *kind == OID_KEY_TYPE_EC_PUBLIC_KEY {
        let curve = key.algorithm.parameters.as_ref().and_then(|p| p.as_oid().ok());
        let served = curve.is_some_and(|curve| curve == OID_EC_P256 || curve == OID_NIST_EC_P384);
        return served.then_some(()).ok_or(CertificateError::Kind);
    }
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) if without_zeros(rsa.modulus).len() * 8 >= LEAST_RSA_BITS => Ok(()),
        Ok(PublicKey::RSA(_)) => Err(CertificateError::Short),
        _ => Err(CertificateError::Kind),
    }
}

/// A number's bytes: encoders differ about a zero before the sign.
pub(super) fn without_zeros(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|byte| *byte == 0).collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, SanType};

    use super::*;

    fn certificate() -> (Vec<u8>, KeyPair) {
        let mut params = CertificateParams::new(vec!["system.example".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "System");
        params.subject_alt_names.push(SanType::Rfc822Name("ops@system.example".try_into().unwrap()));
        params.subject_alt_names.push(SanType::URI("urn:system:1".try_into().unwrap()));
        params.subject_alt_names.push(SanType::IpAddress("192.0.2.7".parse().unwrap()));
        let key = KeyPair::generate().unwrap();
        (params.self_signed(&key).unwrap().der().to_vec(), key)
    }

    #[test]
    fn a_certificate_is_taken_apart() {
        let (der, key) = certificate();
        let read = Certificate::parse(&der).unwrap();
        assert_eq!(read.names.dns, ["system.example"]);
        assert_eq!(read.names.emails, ["ops@system.example"]);
        assert_eq!(read.names.uris, ["urn:system:1"]);
        assert_eq!(read.names.addresses, ["192.0.2.7".parse::<IpAddr>().unwrap()]);
        assert_eq!(read.subject.to_string(), "CN=System");
        assert_eq!(read.key(), Digest::of(&rcgen::PublicKeyData::subject_public_key_info(&key)));
        assert_eq!(read.fingerprint(), Digest::of(&der));
        assert_eq!(read.thumbprint().len(), 43);
    }

    #[test]
    fn a_broken_self_signature_changes_nothing_of_the_key() {
        let (mut der, _) = certificate();
        let good = Certificate::parse(&der).unwrap();
        *der.last_mut().unwrap() ^= 1;
        let broken = Certificate::parse(&der).unwrap();
        assert_eq!(good.key(), broken.key());
        assert_ne!(good.fingerprint(), broken.fingerprint());
    }

    /// A key of the wrong size, which the usual library refuses to make.
    struct Weak(rsa::RsaPrivateKey);

    impl rcgen::PublicKeyData for Weak {
        fn der_bytes(&self) -> &[u8] {
            use rsa::pkcs1::EncodeRsaPublicKey;
            let der = self.0.to_public_key().to_pkcs1_der().unwrap();
            Box::leak(der.as_bytes().to_vec().into_boxed_slice())
        }
        fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
            &rcgen::PKCS_RSA_SHA256
        }
    }

    impl rcgen::SigningKey for Weak {
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
            // Nobody looks at the signature.
            Ok(vec![0; 128])
        }
    }

    #[test]
    fn a_key_that_is_too_weak_to_prove_anything_is_refused() {
        let short = Weak(rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap());
        let certificate = CertificateParams::default().self_signed(&short).unwrap();
        assert_eq!(Certificate::parse(certificate.der()).map(drop), Err(CertificateError::Short));
        let enough = Weak(rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap());
        let certificate = CertificateParams::default().self_signed(&enough).unwrap();
        assert!(Certificate::parse(certificate.der()).is_ok());
    }

    #[test]
    fn what_is_no_certificate_is_refused_and_never_panics() {
        let (der, _) = certificate();
        for end in 0..der.len() {
            assert_eq!(Certificate::parse(&der[..end]).map(drop), Err(CertificateError::Malformed), "{end}");
        }
        let longer = [der.as_slice(), &[0]].concat();
        assert_eq!(Certificate::parse(&longer).map(drop), Err(CertificateError::Malformed));
        for at in 0..der.len() {
            let mut changed = der.clone();
            changed[at] ^= 0x55;
            let _ = Certificate::parse(&changed);
        }
        assert!(Chain::parse([]).is_err());
    }
}
