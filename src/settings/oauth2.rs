//! `[oauth2]`: lifetimes and the algorithm of access tokens.

use std::time::Duration;

use crate::model::signing::Algorithm;

use super::{
    duration::{days, hours, minutes, seconds},
    reader::Section,
};

/// `[oauth2]`.
#[derive(Debug, Clone)]
pub struct OAuth2 {
    /// An authorization code. At most 10 minutes (RFC 6749 §4.1.2).
    pub code_ttl: Duration,
    /// A pushed authorization request, until the person comes with it (RFC 9126 §2.2). Below 10 minutes (FAPI
    /// 2.0 Security Profile §5.3.2.2).
    pub par_ttl: Duration,
    /// Every authorization request must be pushed (RFC 9126 §5).
    pub require_pushed_authorization_requests: bool,
    /// An access token, unless its client says otherwise.
    pub access_token_ttl: Duration,
    /// A refresh token, counted anew at each rotation.
    pub refresh_token_ttl: Duration,
    /// How long the last refresh token may be repeated after its rotation.
    pub refresh_grace: Duration,
    /// An id_token.
    pub id_token_ttl: Duration,
    /// How long a key signs before the next one does by itself; zero leaves it to the operator.
    pub signing_key_lifetime: Duration,
    /// How long relying parties may keep their copies of the discovery documents and of the keys. A key is
    /// published for a day before it signs, so an old copy of the keys does no harm for so long.
    pub documents_max_age: Duration,
    /// What signs access tokens.
    pub access_token_alg: Algorithm,
    /// New clients may list the flow `resource-owner` without being service clients.
    pub allow_password_grant: bool,
    /// DPoP proofs must carry a nonce of ours (RFC 9449 §8).
    pub dpop_nonce: bool,
    /// Whose rules say what a level means (OpenID Connect for Identity Assurance 1.0,
    /// `trust_framework`).
    pub trust_framework: String,
}

impl OAuth2 {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let second = seconds(1);
        Self {
            // RFC 6749 §4.1.2: "A maximum authorization code lifetime of 10 minutes is RECOMMENDED."
            code_ttl: section.duration("code_ttl", minutes(5), second..=minutes(10)),
            par_ttl: section.duration("par_ttl", minutes(1), seconds(5)..=seconds(599)),
            require_pushed_authorization_requests: section
                .flag("require_pushed_authorization_requests", false),
            access_token_ttl: section.duration("access_token_ttl", hours(1), second..=days(30)),
            refresh_token_ttl: section.duration("refresh_token_ttl", days(30), second..=days(3650)),
            refresh_grace: section.duration("refresh_grace", seconds(10), Duration::ZERO..=minutes(1)),
            id_token_ttl: section.duration("id_token_ttl", hours(1), second..=days(1)),
            signing_key_lifetime: signing_key_lifetime(section),
            documents_max_age: section.duration("documents_max_age", minutes(5), Duration::ZERO..=hours(12)),
            access_token_alg: section.word(
                "access_token_alg",
                &[("ES256", Algorithm::Es256), ("RS256", Algorithm::Rs256)],
                Algorithm::Es256,
            ),
            // RFC 9700 §2.4: the grant "MUST NOT be used".
            allow_password_grant: section.flag("allow_password_grant", false),
            dpop_nonce: section.flag("dpop_nonce", false),
            trust_framework: trust_framework(section),
        }
    }
}

/// None at all, or a day at the least: every rotation leaves a key that is published for a month.
fn signing_key_lifetime(section: &mut Section<'_>) -> Duration {
    const NAME: &str = "signing_key_lifetime";
    let lifetime = section.duration(NAME, days(90), Duration::ZERO..=days(3650));
    if !lifetime.is_zero() && lifetime < days(1) {
        section
            .fault(NAME, "is too short; give 1d to 3650d, or 0s to rotate keys by `tamga keys rotate` alone");
    }
    lifetime
}

/// An identifier: relying parties compare it letter by letter.
fn trust_framework(section: &mut Section<'_>) -> String {
    const DEFAULT: &str = "tamga";
    let name = section.text("trust_framework").unwrap_or_else(|| DEFAULT.to_owned());
    if name.is_empty() || name.chars().any(|c| c.is_control() || c.is_whitespace()) {
        section.fault("trust_framework", "is no identifier; give a word such as th_dga or a URI");
    }
    name
}
