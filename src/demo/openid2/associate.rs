//! An association by Diffie-Hellman (OpenID Authentication 2.0 §8): a secret that both sides know and
//! that nobody on the way can read.

use base64::{Engine, engine::general_purpose::STANDARD};
use num_bigint::BigUint;
use ring::{
    digest::{SHA256, digest},
    hmac,
};

use super::{Demo, direct};
use crate::{demo::wire::parameter, rng::Rng};

/// Appendix B: the default modulus.
const MODULUS: &[u8] = b"dcf93a0b883972ec0e19989ac5a2ce310e1d37717e8d9571bb7623731866e61e\
    f75a2e27898b057f9891c2e27a639c3f29b60814581cd3b2ca3986d268370557\
    7d45c2e7e52dc81c7a171876e5cea74b1448bfdfaf18828efd2519f14e45e382\
    6634af1949e5b535cc829a483b8a76223e5d490a257f05bdff16f2fb22c583ab";
/// §8.1.2: the default generator.
const GENERATOR: u8 = 2;

/// What was agreed on.
pub struct Association {
    /// Its name.
    pub handle: String,
    /// What answers are signed with.
    pub key: hmac::Key,
}

/// Agrees on a secret for HMAC-SHA256.
pub async fn associate(demo: &Demo, op_endpoint: &str, rng: &Rng) -> Result<(Association, String), String> {
    let modulus = BigUint::parse_bytes(MODULUS, 16).ok_or("our own modulus can't be read")?;
    let private = BigUint::from_bytes_be(&rng.bytes::<64>());
    let public = BigUint::from(GENERATOR).modpow(&private, &modulus);
    let fields = [
        ("openid.ns", super::NS.to_owned()),
        ("openid.mode", "associate".to_owned()),
        ("openid.assoc_type", "HMAC-SHA256".to_owned()),
        ("openid.session_type", "DH-SHA256".to_owned()),
        ("openid.dh_consumer_public", STANDARD.encode(btwoc(&public))),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    let (status, answer) = direct(demo, op_endpoint, &fields).await?;
    let given = |name| parameter(&answer, name);
    if let Some(error) = given("error") {
        return Err(format!("{status}: {error}"));
    }
    let need = |name: &'static str| given(name).ok_or_else(|| format!("the answer has no {name}"));
    // §8.2.1: what was agreed on is what was asked for.
    for (name, asked) in [("assoc_type", "HMAC-SHA256"), ("session_type", "DH-SHA256")] {
        if need(name)? != asked {
            return Err(format!("{name} is not {asked}"));
        }
    }
    let decode = |name: &'static str| {
        STANDARD.decode(need(name)?).map_err(|error| format!("{name} can't be decoded: {error}"))
    };
    let server = BigUint::from_bytes_be(&decode("dh_server_public")?);
    let key = unmask(&server.modpow(&private, &modulus), &decode("enc_mac_key")?)?;
    let (handle, lives) = (need("assoc_handle")?.to_owned(), need("expires_in")?);
    let detail = format!("DH-SHA256, HMAC-SHA256, for {lives} seconds");
    Ok((Association { handle, key: hmac::Key::new(hmac::HMAC_SHA256, &key) }, detail))
}

/// §8.2.3: the secret lies under the hash of what only both sides can compute.
fn unmask(shared: &BigUint, masked: &[u8]) -> Result<Vec<u8>, String> {
    let mask = digest(&SHA256, &btwoc(shared));
    if masked.len() != mask.as_ref().len() {
        return Err(format!("the secret has {} bytes", masked.len()));
    }
    Ok(masked.iter().zip(mask.as_ref()).map(|(secret, mask)| secret ^ mask).collect())
}

/// §4.2: big-endian two's complement, the shortest of a number that is not negative.
fn btwoc(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| *first > 0x7f) {
        bytes.insert(0, 0);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s4_2_numbers_are_written_as_in_the_standards_table() {
        for (number, text) in
            [(0_u32, "AA=="), (1, "AQ=="), (127, "fw=="), (128, "AIA="), (255, "AP8="), (32_768, "AIAA")]
        {
            assert_eq!(STANDARD.encode(btwoc(&BigUint::from(number))), text, "{number}");
        }
    }

    #[test]
    fn a_secret_of_another_length_is_refused() {
        assert!(unmask(&BigUint::from(7_u8), &[0; 20]).is_err());
        let masked = unmask(&BigUint::from(7_u8), &[0; 32]).unwrap();
        assert_eq!(unmask(&BigUint::from(7_u8), &masked).unwrap(), [0; 32]);
    }
}
