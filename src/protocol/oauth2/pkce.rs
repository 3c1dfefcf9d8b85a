//! Proof Key for Code Exchange (RFC 7636), S256 only: `plain` protects from nobody who can read
//! the request.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq;

/// Whether a challenge is one that S256 can give: 43 base64url characters (RFC 7636 §4.2).
pub fn is_challenge(challenge: &str) -> bool {
    challenge.len() == 43 && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Whether a verifier has the right form: 43 to 128 unreserved characters (RFC 7636 §4.1).
pub fn is_verifier(verifier: &str) -> bool {
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

/// RFC 7636 §4.6: the challenge is the base64url SHA-256 of the verifier.
pub fn verifies(challenge: &str, verifier: &str) -> bool {
    let computed = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    is_verifier(verifier) && computed.as_bytes().ct_eq(challenge.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn rfc_7636_appendix_b_the_standards_example_verifies() {
        assert!(is_challenge(CHALLENGE));
        assert!(verifies(CHALLENGE, VERIFIER));
    }

    #[test]
    fn rfc_7636_s4_1_short_long_and_foreign_characters_are_refused() {
        assert!(!is_verifier(&"a".repeat(42)));
        assert!(is_verifier(&"a".repeat(43)));
        assert!(is_verifier(&"a".repeat(128)));
        assert!(!is_verifier(&"a".repeat(129)));
        assert!(!is_verifier(&format!("{}+", "a".repeat(43))));
        assert!(!is_challenge("short"));
        assert!(!is_challenge(&format!("{CHALLENGE}=")));
    }

    proptest! {
        #[test]
        fn only_the_verifier_itself_verifies(verifier in "[A-Za-z0-9._~-]{43,128}", other in "[A-Za-z0-9._~-]{43,128}") {
            let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            prop_assert!(is_challenge(&challenge));
            prop_assert!(verifies(&challenge, &verifier));
            prop_assert_eq!(verifies(&challenge, &other), verifier == other);
            prop_assert!(!verifies(&verifier, &verifier), "plain is never accepted");
        }
    }
}
