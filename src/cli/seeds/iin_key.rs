//! The key pair that the Aitu-style demonstration signs IINs with.

use rsa::{
    RsaPrivateKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding},
};
use secrecy::SecretString;

use crate::cli::CliError;

/// Bits of its modulus: the least that is accepted.
const BITS: usize = 2048;

/// Both halves as PEM.
pub struct IinKey {
    /// PKCS#8, for the demonstration alone.
    pub private: SecretString,
    /// SubjectPublicKeyInfo, for its registration.
    pub public: String,
}

impl IinKey {
    /// The key of an earlier start, or a new one.
    ///
    /// # Errors
    /// No key can be made.
    pub fn keep_or_make(known: Option<&str>) -> Result<Self, CliError> {
        let failed = || CliError::refused("the demonstration's RSA key could not be made");
        let kept = known.and_then(|pem| RsaPrivateKey::from_pkcs8_pem(pem).ok());
        let key = match kept {
            Some(key) => key,
            None => RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS).map_err(|_| failed())?,
        };
        let private = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| failed())?;
        let public = key.to_public_key().to_public_key_pem(LineEnding::LF).map_err(|_| failed())?;
        Ok(Self { private: SecretString::from(private.as_str()), public: public.trim().to_owned() })
    }
}
