//! What `client add` and `client set` have in common.

use std::ffi::OsString;

use super::proof::ProofOptions;
use super::relying_party::RelyingPartyOptions;
use super::service::{self, Part};
use crate::{
    cli::words::words,
    model::{
        attribute::Level,
        client::{AuthMethod, ClientType, Flow, Profile},
        oauth1::SecretTransform,
        signing::Algorithm,
    },
    settings::parse_duration,
};

/// Options of a registration. `None` and an empty list mean: not given.
#[derive(Debug, Default, clap::Args)]
pub struct Options {
    /// Whether it can keep a secret: public for applications on a person's device
    #[arg(long = "type", value_name = "TYPE", value_parser = words(ClientType::ALL, ClientType::word))]
    pub client_type: Option<ClientType>,
    /// A flow it may use; repeat for each
    #[arg(long = "allowed-flow", value_name = "FLOW", value_parser = words(Flow::ALL, Flow::word))]
    pub flows: Vec<Flow>,
    /// An address people return to, compared byte for byte; repeat for each
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub redirect_uris: Vec<String>,
    /// An address people return to after logout; repeat for each
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    pub post_logout_redirect_uris: Vec<String>,
    /// A scope it may ask for; repeat for each
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// A resource its tokens may be for; repeat for each
    #[arg(long = "resource", value_name = "URN")]
    pub resources: Vec<String>,
    #[command(flatten)]
    pub proof: ProofOptions,
    #[command(flatten)]
    pub relying_party: RelyingPartyOptions,
    /// A way it may prove who it is; repeat for each
    #[arg(long = "auth-method", value_name = "METHOD", value_parser = words(AuthMethod::ALL, AuthMethod::word))]
    pub auth_methods: Vec<AuthMethod>,
    /// What its id_tokens are signed with
    #[arg(long, value_name = "ALG", value_parser = words(Algorithm::ALL, Algorithm::word))]
    pub id_token_alg: Option<Algorithm>,
    /// PKCE is demanded of it though it is confidential
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub require_pkce: Option<bool>,
    /// `state` must have at least this many characters; with 0 it may be missing
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=512))]
    pub min_state_length: Option<u16>,
    /// Error redirects say how far the person got
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub detailed_errors: Option<bool>,
    /// The id_token holds all text claims of the scopes
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub claims_in_id_token: Option<bool>,
    /// It gets a refresh token without asking for offline_access
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub always_refresh: Option<bool>,
    /// The key its iin_signature is checked with: a file with a PEM public key, RSA of 2048 bits or more;
    /// '' takes it away
    #[arg(long, value_name = "FILE")]
    pub iin_public_key: Option<OsString>,
    /// A request of its without iin_signature is refused
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub require_iin_signature: Option<bool>,
    /// Its word that a phone was confirmed spares the person the one-time code
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub trusted_phone: Option<bool>,
    /// An OpenID 2.0 realm it sends people from, such as https://app.example.org/; repeat for each
    #[arg(long = "openid2-realm", value_name = "URL")]
    pub openid2_realms: Vec<String>,
    /// In OpenID 2.0 an attribute that the account lacks is `-` to it
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub openid2_dash_for_missing: Option<bool>,
    /// In OpenID 2.0 people have another name at it than elsewhere
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub openid2_pairwise: Option<bool>,
    /// It gets tokens of users who have not proved who they are: a service client
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub suppress_auth_for_issue: Option<bool>,
    /// Of which users: all, organisation (its own members) or kind:KIND; repeat for each, '' for none
    #[arg(long, value_name = "WHOM", value_parser = service::part)]
    pub act_for: Vec<Part>,
    /// The organisation it belongs to: id or user name of a juristic person's account; '' for none
    #[arg(long, value_name = "ID")]
    pub organisation: Option<String>,
    /// A callback of OAuth 1.0a, compared byte for byte, or oob; repeat for each
    #[arg(long = "oauth1-callback", value_name = "URL")]
    pub oauth1_callbacks: Vec<String>,
    /// What it does to its secret before it signs with it in OAuth 1.0a
    #[arg(long, value_name = "TRANSFORM", value_parser = words(SecretTransform::ALL, SecretTransform::word))]
    pub oauth1_secret_transform: Option<SecretTransform>,
    /// In OAuth 1.0a it may sign with PLAINTEXT, over TLS
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub oauth1_plaintext: Option<bool>,
    /// In OAuth 1.0a who refuses it is shown a page, not sent back
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub oauth1_denial_page: Option<bool>,
    /// In OAuth 1.0a a request of its without scope is refused
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub oauth1_require_scope: Option<bool>,
    /// The key its RSA-SHA1 signatures are checked with in OAuth 1.0a: a file with a PEM public key; ''
    /// takes it away
    #[arg(long, value_name = "FILE")]
    pub oauth1_public_key: Option<OsString>,
    /// An address of its that is told of the outcome of a confirmation, compared byte for byte; repeat for each
    #[arg(long = "confirmation-callback", value_name = "URI")]
    pub confirmation_callbacks: Vec<String>,
    /// An attribute without which the person can't go on; repeat for each
    #[arg(long = "require-attribute", value_name = "NAME")]
    pub require_attributes: Vec<String>,
    /// Life of its access tokens, such as 300s or 30d; `default` for the installation's
    #[arg(long, value_name = "TIME", value_parser = access_token_ttl)]
    pub access_token_ttl: Option<Ttl>,
    /// Least level of the person's account, 0 to 3
    #[arg(long, value_name = "N", value_parser = level)]
    pub min_level: Option<Level>,
}

/// A life of access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ttl {
    /// That of the settings.
    Default,
    /// In seconds.
    Seconds(u64),
}

/// A profile to take on, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileChoice {
    /// The habits of no replaced system.
    None,
    /// Those of this one.
    Of(Profile),
}

/// `none` or a profile's word.
pub fn profile(text: &str) -> Result<ProfileChoice, String> {
    if text == "none" { Ok(ProfileChoice::None) } else { text.parse().map(ProfileChoice::Of) }
}

fn access_token_ttl(text: &str) -> Result<Ttl, String> {
    if text == "default" {
        return Ok(Ttl::Default);
    }
    let ttl = parse_duration(text).map_err(|error| error.to_string())?.as_secs();
    if (1..=30 * 24 * 3600).contains(&ttl) { Ok(Ttl::Seconds(ttl)) } else { Err("give 1s to 30d".into()) }
}

fn level(text: &str) -> Result<Level, String> {
    let refused = || "a level is 0, 1, 2 or 3".to_owned();
    text.parse::<i16>().ok().and_then(|level| Level::try_from(level).ok()).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_of_tokens_has_a_unit_and_a_bound() {
        assert_eq!(access_token_ttl("300s"), Ok(Ttl::Seconds(300)));
        assert_eq!(access_token_ttl("default"), Ok(Ttl::Default));
        for wrong in ["300", "0s", "31d", "500ms"] {
            assert!(access_token_ttl(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn levels_are_0_to_3() {
        assert_eq!(level("3"), Ok(Level::HIGHEST));
        assert!(level("4").is_err() && level("-1").is_err() && level("two").is_err());
    }
}
