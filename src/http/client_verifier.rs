//! Client certificates in the handshake: asked for, never demanded, and any is taken. Who signed one,
//! or whether it has expired, is for whoever reads it to judge; here it counts only that the sender
//! holds its key, which the handshake's own signature proves (RFC 8446 §4.4.3, RFC 5246 §7.4.8).
//!
//! The library's own check reads the whole certificate and refuses those made in browsers, of old
//! versions, or with a broken self-signature. So here its key alone is read.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, PeerMisbehaved, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{WebPkiSupportedAlgorithms, ring},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::RawPublicKeyEntity;

use crate::crypto::certificate::Certificate;

/// Takes any certificate whose key the sender holds.
#[derive(Debug)]
pub struct AnyCertificate(WebPkiSupportedAlgorithms);

impl AnyCertificate {
    /// For a listener's configuration.
    pub fn new() -> Arc<Self> {
        Arc::new(Self(ring::default_provider().signature_verification_algorithms))
    }

    fn verify(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
        first_alone: bool,
    ) -> Result<HandshakeSignatureValid, Error> {
        let certificate = read(certificate)?;
        let key = RawPublicKeyEntity::try_from(&certificate.public_key)
            .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
        let schemes = self.0.mapping.iter().find(|(scheme, _)| *scheme == signed.scheme);
        let (_, algorithms) =
            schemes.ok_or(Error::PeerMisbehaved(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme))?;
        // In TLS 1.3 a scheme names its curve, and the first is that one; in TLS 1.2 it names the hash.
        let tried = algorithms.iter().take(if first_alone { 1 } else { usize::MAX });
        for algorithm in tried {
            if key.verify_signature(*algorithm, message, signed.signature()).is_ok() {
                return Ok(HandshakeSignatureValid::assertion());
            }
        }
        Err(Error::InvalidCertificate(CertificateError::BadSignature))
    }
}

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // None: with hints, browsers would not offer self-signed certificates.
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        read(certificate).map(|_| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verify(message, certificate, signed, false)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // RFC 8446 §4.4.3: RSA keys sign with PSS alone.
        if !is_for_tls13(signed.scheme) {
            return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
        }
        self.verify(message, certificate, signed, true)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// The certificate; one with a key too weak to prove anything is none.
fn read(certificate: &CertificateDer<'_>) -> Result<Certificate, Error> {
    Certificate::parse(certificate).map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))
}

fn is_for_tls13(scheme: SignatureScheme) -> bool {
    matches!(
        scheme,
        SignatureScheme::ECDSA_NISTP256_SHA256
            | SignatureScheme::ECDSA_NISTP384_SHA384
            | SignatureScheme::ED25519
            | SignatureScheme::RSA_PSS_SHA256
            | SignatureScheme::RSA_PSS_SHA384
            | SignatureScheme::RSA_PSS_SHA512
    )
}
