//! Diffie-Hellman sessions (OpenID Authentication 2.0 §8.4.2): a new secret is masked by what only
//! the two sides can compute, so that it may travel in the open.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_bigint::{
    BoxedUint, Odd, Resize, U1024,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use ring::digest;
use zeroize::Zeroizing;

use crate::rng::Rng;

/// Moduli that are served, in bits: shorter ones hide nothing, longer ones only cost us time.
const MODULUS: std::ops::RangeInclusive<u32> = 1_024..=8_192;

/// Bits of our private exponent, whatever the modulus: twice the strength of what is masked, and a
/// bound on the work that a stranger's modulus can cause.
const EXPONENT: u32 = 256;

/// OpenID 2.0 appendix B.
const DEFAULT_MODULUS: Odd<U1024> = Odd::<U1024>::from_be_hex(
    "DCF93A0B883972EC0E19989AC5A2CE310E1D37717E8D9571BB7623731866E61E\
     F75A2E27898B057F9891C2E27A639C3F29B60814581CD3B2CA3986D268370557\
     7D45C2E7E52DC81C7A171876E5CEA74B1448BFDFAF18828EFD2519F14E45E382\
     6634AF1949E5B535CC829A483B8A76223E5D490A257F05BDFF16F2FB22C583AB",
);

/// The default modulus, ready for computing.
static DEFAULT: LazyLock<BoxedMontyParams> = LazyLock::new(|| BoxedMontyParams::new(DEFAULT_MODULUS.into()));

/// The hash that masks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// A parameter that can't be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadExchange {
    /// The relying party's public value is missing.
    #[error("openid.dh_consumer_public is missing")]
    Missing,
    /// Not base64 of a positive number.
    #[error("openid.{0} is not the base64 form of a positive number in big-endian two's complement")]
    Encoding(&'static str),
    /// A modulus of another size, or an even one.
    #[error("openid.dh_modulus must be an odd number of 1024 to 8192 bits")]
    Modulus,
    /// A value that gives the secret away.
    #[error("openid.{0} must lie strictly between 1 and the modulus less 1")]
    Range(&'static str),
}

/// The relying party's side of an exchange, checked.
pub struct Exchange {
    /// `None` is the default one.
    modulus: Option<Odd<BoxedUint>>,
    generator: BoxedUint,
    public: BoxedUint,
}

/// Our side of it.
pub struct Masked {
    /// `dh_server_public`.
    pub server_public: String,
    /// `enc_mac_key`: the secret under its mask.
    pub enc_mac_key: String,
}

impl Exchange {
    /// Reads `dh_modulus`, `dh_gen` (left out: the defaults of §8.1.2) and `dh_consumer_public`.
    ///
    /// # Errors
    /// [`BadExchange`] naming the parameter.
    pub fn read(
        modulus: Option<&str>,
        generator: Option<&str>,
        public: Option<&str>,
    ) -> Result<Self, BadExchange> {
        let modulus = modulus.map(read_modulus).transpose()?;
        let limit: &BoxedUint = modulus.as_ref().unwrap_or(DEFAULT.modulus()).as_ref();
        let public = public.ok_or(BadExchange::Missing)?;
        let public = read_value("dh_consumer_public", public, limit)?;
        let generator = match generator {
            None => BoxedUint::from(2_u8).resize(limit.bits_precision()),
            Some(text) => read_value("dh_gen", text, limit)?,
        };
        Ok(Self { modulus, generator, public })
    }

    /// Whether the relying party brought a modulus of its own, which may take many times as long.
    pub fn is_costly(&self) -> bool {
        self.modulus.is_some()
    }

    /// Masks `secret`, which has the hash's length (§8.2.3, §8.4.2).
    pub fn mask(&self, hash: Hash, secret: &[u8], rng: &Rng) -> Masked {
        self.mask_with(&private_exponent(rng), hash, secret)
    }

    fn mask_with(&self, exponent: &BoxedUint, hash: Hash, secret: &[u8]) -> Masked {
        let own;
        let params = match &self.modulus {
            None => &*DEFAULT,
            Some(modulus) => {
                own = BoxedMontyParams::new_vartime(modulus.clone());
                &own
            }
        };
        let power = |base: &BoxedUint| {
            BoxedMontyForm::new(base.clone(), params).pow_bounded_exp(exponent, EXPONENT).retrieve()
        };
        let shared = Zeroizing::new(btwoc(&power(&self.public)));
        let mask = digest::digest(hash.algorithm(), &shared);
        let masked: Vec<u8> = mask.as_ref().iter().zip(secret).map(|(mask, byte)| mask ^ byte).collect();
        Masked {
            server_public: STANDARD.encode(btwoc(&power(&self.generator))),
            enc_mac_key: STANDARD.encode(masked),
        }
    }
}

impl Hash {
    /// The length of its output in bytes.
    pub fn length(self) -> usize {
        self.algorithm().output_len()
    }

    fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
        }
    }
}

fn private_exponent(rng: &Rng) -> Zeroizing<BoxedUint> {
    let mut bytes = Zeroizing::new(rng.bytes::<32>());
    bytes[0] |= 0x80; // never short, never zero
    Zeroizing::new(BoxedUint::from_be_slice_truncated(bytes.as_ref(), EXPONENT))
}

fn read_modulus(text: &str) -> Result<Odd<BoxedUint>, BadExchange> {
    let bytes = read_positive("dh_modulus", text)?;
    let modulus = BoxedUint::from_be_slice_vartime(&bytes);
    if !MODULUS.contains(&modulus.bits_vartime()) {
        return Err(BadExchange::Modulus);
    }
    modulus.into_odd().into_option().ok_or(BadExchange::Modulus)
}

/// A value strictly between 1 and the modulus less 1: with 1, p-1 or 0 everybody knows the result.
fn read_value(name: &'static str, text: &str, modulus: &BoxedUint) -> Result<BoxedUint, BadExchange> {
    let bytes = read_positive(name, text)?;
    if bytes.len() * 8 > usize::try_from(modulus.bits_precision()).unwrap_or(usize::MAX) {
        return Err(BadExchange::Range(name));
    }
    let value = BoxedUint::from_be_slice_truncated(&bytes, modulus.bits_precision());
    // The modulus is odd, so that nothing is borrowed.
    let last = modulus.wrapping_sub(BoxedUint::one());
    let in_range = value > BoxedUint::one() && value < last;
    if in_range { Ok(value) } else { Err(BadExchange::Range(name)) }
}

/// The bytes of a number in base64, without leading zeros. OpenID 2.0 §4.2: "the left-most bit of the
/// two's complement representation MUST be zero", else it is negative.
fn read_positive(name: &'static str, text: &str) -> Result<Vec<u8>, BadExchange> {
    let bytes = STANDARD.decode(text).map_err(|_| BadExchange::Encoding(name))?;
    match bytes.first() {
        Some(first) if first & 0x80 == 0 => Ok(bytes.into_iter().skip_while(|byte| *byte == 0).collect()),
        _ => Err(BadExchange::Encoding(name)),
    }
}

/// The shortest big-endian two's complement of a number that is not negative (OpenID 2.0 §4.2).
fn btwoc(number: &BoxedUint) -> Vec<u8> {
    let bytes = number.to_be_bytes_trimmed_vartime();
    let sign = bytes.first().is_none_or(|first| first & 0x80 != 0);
    std::iter::repeat_n(0, usize::from(sign)).chain(bytes).collect()
}

#[cfg(test)]
#[path = "diffie_hellman_tests.rs"]
mod tests;
