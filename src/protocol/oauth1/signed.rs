//! A signed request as it claims to be (RFC 5849 §3.1): its protocol parameters, vetted as far as
//! that goes without knowing any secret.

use time::{Duration, OffsetDateTime};

use super::{
    params::Parameters,
    reject::Reject,
    signature::{self, Keys, encode},
};
use crate::{
    model::oauth1::SignatureMethod,
    secret::{Digest, Token},
};

/// How much longer than its timestamp is taken a nonce is remembered: clocks of instances differ.
const REMEMBERED: Duration = Duration::minutes(1);

/// A request whose signature is still to be checked.
#[derive(Debug)]
pub struct Signed {
    /// Everything that was sent.
    pub parameters: Parameters,
    /// Who claims to have signed it.
    pub consumer_key: String,
    /// The token it goes with.
    pub token: Option<Token>,
    /// How it is signed.
    pub method: SignatureMethod,
    /// What tells it from all others; a request in PLAINTEXT may come without (RFC 5849 §3.1).
    pub nonce: Option<Nonce>,
    signature: Token,
    base: Token,
}

/// Timestamp, token and nonce of a request, which together must be new (RFC 5849 §3.3).
#[derive(Clone, Copy, Debug)]
pub struct Nonce {
    /// Digest of all three.
    pub digest: Digest,
    /// Until when it must be remembered.
    pub expires_at: OffsetDateTime,
}

/// What vetting needs of the server.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The request's method.
    pub http_method: &'a str,
    /// Its address without the query, as the world knows it.
    pub uri: &'a str,
    /// Signature methods that are taken at all.
    pub methods: &'a [SignatureMethod],
    /// The time.
    pub now: OffsetDateTime,
    /// How far a timestamp may be from it.
    pub window: Duration,
}

impl Signed {
    /// Vets what needs no secret.
    ///
    /// # Errors
    /// [`Reject`] naming the parameter at fault.
    pub fn vet(parameters: Parameters, around: Surroundings<'_>) -> Result<Self, Reject> {
        let consumer_key = parameters.need("oauth_consumer_key")?.to_owned();
        // RFC 5849 §3.1: "If present, its value MUST be set to "1.0""; a popular library sends 1.0A.
        if parameters.get("oauth_version")?.is_some_and(|v| v != "1.0" && !v.eq_ignore_ascii_case("1.0a")) {
            return Err(Reject::Version);
        }
        let method = method(parameters.need("oauth_signature_method")?, around.methods)?;
        let signature = Token::from(parameters.need("oauth_signature")?);
        let token = parameters.get("oauth_token")?.map(Token::from);
        let nonce = nonce(&parameters, method, token.as_ref(), &around)?;
        let base = signature::base_string(around.http_method, around.uri, parameters.pairs());
        Ok(Self { consumer_key, token, method, nonce, signature, base: Token::from(base), parameters })
    }

    /// Whether it was signed with these keys.
    pub fn is_signed_with(&self, keys: Keys<'_>) -> bool {
        signature::is_right(self.method, self.base.expose(), keys, self.signature.expose())
    }
}

fn method(word: &str, taken: &[SignatureMethod]) -> Result<SignatureMethod, Reject> {
    word.parse().ok().filter(|method| taken.contains(method)).ok_or_else(|| {
        let words: Vec<&str> = taken.iter().map(|method| method.word()).collect();
        Reject::SignatureMethod(format!("is not taken here; use {}", words.join(" or ")))
    })
}

/// RFC 5849 §3.3: the timestamp "MUST be a positive integer"; both are needed, unless the method is
/// PLAINTEXT (§3.1).
fn nonce(
    parameters: &Parameters,
    method: SignatureMethod,
    token: Option<&Token>,
    around: &Surroundings<'_>,
) -> Result<Option<Nonce>, Reject> {
    let (stamp, nonce) = (parameters.get("oauth_timestamp")?, parameters.get("oauth_nonce")?);
    if method == SignatureMethod::Plaintext && (stamp.is_none() || nonce.is_none()) {
        return Ok(None);
    }
    let stamp = stamp.ok_or(Reject::Absent("oauth_timestamp"))?;
    let nonce = nonce.ok_or(Reject::Absent("oauth_nonce"))?;
    let digits = Some(stamp).filter(|stamp| stamp.bytes().all(|b| b.is_ascii_digit()));
    let seconds = digits.and_then(|digits| digits.parse::<i64>().ok()).filter(|seconds| *seconds > 0);
    let seconds =
        seconds.ok_or_else(|| Reject::parameter("oauth_timestamp", "is no positive whole number"))?;
    let (now, window) = (around.now.unix_timestamp(), around.window.whole_seconds());
    if now.abs_diff(seconds) > window.unsigned_abs() {
        return Err(Reject::Timestamp { from: now - window, to: now + window });
    }
    let at = OffsetDateTime::from_unix_timestamp(seconds)
        .map_err(|_| Reject::parameter("oauth_timestamp", "is beyond the calendar"))?;
    let token = token.map(Token::expose).unwrap_or_default();
    let unique = format!("{seconds}&{}&{}", encode(token), encode(nonce));
    let expires_at = at + around.window + REMEMBERED;
    Ok(Some(Nonce { digest: Digest::of(unique.as_bytes()), expires_at }))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-01 09:00 UTC);

    fn vet(query: &str) -> Result<Signed, Reject> {
        let around = Surroundings {
            http_method: "GET",
            uri: "https://sso.example/oauth1/request_token",
            methods: &[SignatureMethod::HmacSha1, SignatureMethod::Plaintext],
            now: NOW,
            window: Duration::minutes(5),
        };
        Signed::vet(Parameters::gather(&[], query, b"").unwrap(), around)
    }

    fn query(change: &[(&str, &str)]) -> String {
        let stamp = NOW.unix_timestamp().to_string();
        let usual = [
            ("oauth_consumer_key", "rp"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_signature", "x"),
            ("oauth_timestamp", stamp.as_str()),
            ("oauth_nonce", "n"),
        ];
        let kept = usual.iter().filter(|(name, _)| !change.iter().any(|(other, _)| other == name));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(kept.chain(change).filter(|(_, value)| !value.is_empty()));
        form.finish()
    }

    fn code(change: &[(&str, &str)]) -> &'static str {
        vet(&query(change)).map_or_else(|reject| reject.code(), |_| "good")
    }

    #[test]
    fn rfc_5849_s3_1_every_protocol_parameter_must_be_there() {
        assert_eq!(code(&[]), "good");
        for name in [
            "oauth_consumer_key",
            "oauth_signature_method",
            "oauth_signature",
            "oauth_timestamp",
            "oauth_nonce",
        ] {
            assert_eq!(vet(&query(&[(name, "")])).unwrap_err(), Reject::Absent(name));
        }
    }

    #[test]
    fn rfc_5849_s3_1_plaintext_needs_neither_timestamp_nor_nonce() {
        let plain = ("oauth_signature_method", "PLAINTEXT");
        assert_eq!(code(&[plain, ("oauth_timestamp", ""), ("oauth_nonce", "")]), "good");
        assert!(vet(&query(&[plain])).unwrap().nonce.is_some(), "when they are there, they count");
    }

    #[test]
    fn rfc_5849_s3_1_a_version_is_1_0_or_left_out() {
        for good in ["1.0", "1.0A", "1.0a"] {
            assert_eq!(code(&[("oauth_version", good)]), "good");
        }
        for bad in ["1", "2.0", "1.0b", "1.1"] {
            assert_eq!(code(&[("oauth_version", bad)]), "version_rejected", "{bad}");
        }
    }

    #[test]
    fn a_signature_method_that_is_not_taken_is_refused_with_those_that_are() {
        assert_eq!(code(&[("oauth_signature_method", "HMAC-SHA256")]), "signature_method_rejected");
        assert_eq!(code(&[("oauth_signature_method", "hmac-sha1")]), "signature_method_rejected");
        let told = vet(&query(&[("oauth_signature_method", "MD5")])).unwrap_err().to_string();
        assert!(told.contains("HMAC-SHA1 or PLAINTEXT"), "{told}");
    }

    #[test]
    fn rfc_5849_s3_3_a_timestamp_is_a_positive_integer_near_our_clock() {
        let at = |seconds: i64| (NOW.unix_timestamp() + seconds).to_string();
        for good in [0, 300, -300] {
            assert_eq!(code(&[("oauth_timestamp", &at(good))]), "good");
        }
        for bad in [301, -301, 86_400] {
            assert_eq!(code(&[("oauth_timestamp", &at(bad))]), "timestamp_refused");
        }
        for bad in ["0", "-5", "+1772355600", "17723556e2", "1772355600.0", "x", "9".repeat(30).as_str()] {
            assert_eq!(code(&[("oauth_timestamp", bad)]), "parameter_rejected", "{bad}");
        }
    }

    #[test]
    fn rfc_5849_s3_3_a_nonce_counts_with_its_timestamp_and_token() {
        let digest = |change: &[(&str, &str)]| vet(&query(change)).unwrap().nonce.unwrap().digest;
        let later = (NOW.unix_timestamp() + 1).to_string();
        let padded = format!("0{}", NOW.unix_timestamp());
        assert_eq!(digest(&[]), digest(&[("oauth_signature", "other")]));
        assert_eq!(digest(&[]), digest(&[("oauth_timestamp", &padded)]), "a zero in front makes none new");
        assert_ne!(digest(&[]), digest(&[("oauth_nonce", "m")]));
        assert_ne!(digest(&[]), digest(&[("oauth_timestamp", &later)]));
        assert_ne!(digest(&[]), digest(&[("oauth_token", "t")]));
        assert_ne!(
            digest(&[("oauth_token", "t&n"), ("oauth_nonce", "x")]),
            digest(&[("oauth_token", "t"), ("oauth_nonce", "n&x")])
        );
    }
}
