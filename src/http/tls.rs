//! TLS of the listener: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1 by ALPN, and a certificate that can
//! be replaced while serving.

use std::{
    fmt,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use rustls::{
    CipherSuite, ServerConfig,
    crypto::{CryptoProvider, ring},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{self, PemObject},
};

use super::client_verifier::AnyCertificate;
use crate::settings::Tls;

/// Why certificate and key can't be used. Each names its setting.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// `tls.certificate` can't be read.
    #[error("tls.certificate: {path} can't be used: {reason}")]
    Certificate {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// `tls.key` can't be read.
    #[error("tls.key: {path} can't be used: {reason}")]
    Key {
        /// The file.
        path: String,
        /// What is wrong with it; never its content.
        reason: String,
    },
    /// Both can be read, but are not a pair.
    #[error("tls.key: {key} is not the private key of the first certificate in {certificate}")]
    Mismatch {
        /// The key's file.
        key: String,
        /// The certificate's file.
        certificate: String,
    },
    /// The provider refuses the protocol versions.
    #[error("TLS can't be set up: {0}")]
    Setup(rustls::Error),
}

/// The certificate that handshakes use now, and where its next one is read from. Clones share it.
#[derive(Clone)]
pub struct Certificate(Arc<Current>);

struct Current {
    files: Tls,
    pair: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// Reads both files and checks that they belong together.
    ///
    /// # Errors
    /// [`TlsError`], naming the setting at fault.
    pub fn load(files: &Tls) -> Result<Self, TlsError> {
        let pair = RwLock::new(Arc::new(read(files)?));
        Ok(Self(Arc::new(Current { files: files.clone(), pair })))
    }

    /// Reads the files anew; connections made from now on get what they hold.
    ///
    /// # Errors
    /// As [`Self::load`]; the old certificate stays in use.
    pub fn reload(&self) -> Result<(), TlsError> {
        let pair = Arc::new(read(&self.0.files)?);
        *self.0.pair.write().unwrap_or_else(PoisonError::into_inner) = pair;
        Ok(())
    }

    /// The configuration of a listener that presents this certificate, and asks for the peer's or not.
    ///
    /// # Errors
    /// [`TlsError::Setup`] when the provider lacks TLS 1.2 or 1.3.
    pub fn server_config(&self, asks: bool) -> Result<ServerConfig, TlsError> {
        let builder = ServerConfig::builder_with_provider(Arc::new(provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(TlsError::Setup)?;
        let builder = if asks {
            builder.with_client_cert_verifier(AnyCertificate::new())
        } else {
            builder.with_no_client_auth()
        };
        let mut config = builder.with_cert_resolver(Arc::clone(&self.0) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.pair.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("files", &self.files).finish_non_exhaustive()
    }
}

/// With TLS 1.2, the suites that RFC 9325 §4.2 recommends and no others (FAPI 2.0 Security Profile §5.2.1); with
/// TLS 1.3, whose suites are all good, what the library has.
fn provider() -> CryptoProvider {
    let mut provider = ring::default_provider();
    provider.cipher_suites.retain(|suite| {
        suite.tls13().is_some()
            || [
                CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            ]
            .contains(&suite.suite())
    });
    provider
}

fn read(files: &Tls) -> Result<CertifiedKey, TlsError> {
    let (certificate, key) = (shown(&files.certificate), shown(&files.key));
    let chain = read_chain(&files.certificate)
        .map_err(|reason| TlsError::Certificate { path: certificate.clone(), reason })?;
    let bad_key = |reason| TlsError::Key { path: key.clone(), reason };
    let der = PrivateKeyDer::from_pem_file(&files.key).map_err(|e| bad_key(words(&e, "private key")))?;
    let signer = ring::sign::any_supported_type(&der)
        .map_err(|_| bad_key("its kind is not served; use RSA, ECDSA P-256, P-384 or Ed25519".into()))?;
    let pair = CertifiedKey::new(chain, signer);
    match pair.keys_match() {
        Ok(()) => Ok(pair),
        Err(rustls::Error::InconsistentKeys(_)) => Err(TlsError::Mismatch { key, certificate }),
        Err(error) => Err(TlsError::Certificate { path: certificate, reason: error.to_string() }),
    }
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let say = |error: pem::Error| words(&error, "certificate");
    let chain: Vec<_> =
        CertificateDer::pem_file_iter(path).map_err(say)?.collect::<Result<_, _>>().map_err(say)?;
    if chain.is_empty() { Err(words(&pem::Error::NoItemsFound, "certificate")) } else { Ok(chain) }
}

/// The parser's errors may quote lines of the file, and a key's file is secret.
fn words(error: &pem::Error, wanted: &str) -> String {
    match error {
        pem::Error::Io(error) => format!("{error}; check the path and its permissions"),
        pem::Error::NoItemsFound => format!("it holds no {wanted} in PEM form"),
        _ => "it is not well-formed PEM".to_owned(),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
