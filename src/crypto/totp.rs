//! Codes of an authenticator application (TOTP, RFC 6238: SHA-1, six digits, 30 s).

use time::OffsetDateTime;
use totp_rs::{Builder, Secret, Totp, TotpError};
use zeroize::Zeroizing;

use super::one_time_code::OneTimeCode;
use crate::rng::Rng;

/// Bytes of a seed: as many as HMAC-SHA-1 gives (RFC 4226 §4, R6: 160 bits recommended).
const SEED: usize = 20;

/// A seed; whoever has it can make every code. No `Debug`.
#[derive(Clone)]
pub struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    /// A new seed.
    pub fn generate(rng: &Rng) -> Self {
        Self(Zeroizing::new(rng.bytes::<SEED>().to_vec()))
    }

    /// A seed as it was stored or noted.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// The bytes, to be sealed.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The seed as a person types it into an application.
    pub fn base32(&self) -> String {
        Secret::from(self.0.to_vec()).to_base32()
    }

    /// The address that an application reads from a QR code.
    ///
    /// # Errors
    /// When the seed is shorter than the standard allows.
    pub fn uri(&self, issuer: &str, account: &str) -> Result<String, TotpError> {
        // The two parts are divided by a colon, so neither may hold one.
        let plain = |text: &str| text.replace(':', " ");
        let builder = self.builder().with_account_name(plain(account)).with_issuer(Some(plain(issuer)));
        builder.build()?.to_url()
    }

    /// The time step this code belongs to, when it is right now or was or will be 30 s away: clocks
    /// differ (RFC 6238 §5.2). Each step may be used once, which the caller's write decides.
    pub fn step_of(&self, code: &OneTimeCode, now: OffsetDateTime) -> Option<i64> {
        let seconds = u64::try_from(now.unix_timestamp()).ok()?;
        self.totp().check(code.expose(), seconds).and_then(|step| i64::try_from(step).ok())
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(Secret::from(self.0.to_vec()))
    }

    fn totp(&self) -> Totp {
        self.builder().build_noncompliant()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> OneTimeCode {
        OneTimeCode::typed(text).unwrap()
    }

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    #[test]
    fn rfc6238_appendix_b_codes_are_right_at_their_times() {
        let seed = Seed::from_bytes(b"12345678901234567890");
        // The last six of the standard's eight digits.
        for (time, expected, step) in
            [(59, "287082", 1), (1_111_111_109, "081804", 37_037_036), (2_000_000_000, "279037", 66_666_666)]
        {
            assert_eq!(seed.step_of(&code(expected), at(time)), Some(step));
        }
    }

    #[test]
    fn a_code_is_good_one_step_away_and_no_more() {
        let seed = Seed::from_bytes(b"12345678901234567890");
        let shown = code("287082");
        assert_eq!(seed.step_of(&shown, at(59 + 30)), Some(1));
        assert_eq!(seed.step_of(&shown, at(59 - 30)), Some(1));
        assert_eq!(seed.step_of(&shown, at(59 + 60)), None);
        assert_eq!(seed.step_of(&code("000000"), at(59)), None);
    }

    #[test]
    fn the_address_names_issuer_and_account() {
        let seed = Seed::generate(&Rng::seeded(3));
        let uri = seed.uri("State: Sign-in", "somchai").unwrap();
        assert!(uri.starts_with("otpauth://totp/State%20%20Sign-in:somchai?"), "{uri}");
        assert!(uri.contains(&format!("secret={}", seed.base32())), "{uri}");
    }
}
