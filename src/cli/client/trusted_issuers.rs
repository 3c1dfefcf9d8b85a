//! `--trusted-issuer`: whose tokens a client may exchange (RFC 8693). The options describe one issuer;
//! a client may have several, each given by a command of its own.

use std::{fs, path::Path};

use serde_json::Value;
use url::Url;

use crate::{
    cli::{CliError, context::Context, nearest::hint, words::words},
    crypto::jwk::JwkSet,
    model::{client::Client, signing::ForeignAlgorithm, trusted_issuer::TrustedIssuer},
    outbound::fetch::Fetcher,
    settings::Settings,
};

/// A longer file is no set of keys.
const LONGEST: u64 = 256 * 1024;

/// What is given of one issuer.
#[derive(Debug, Default, clap::Args)]
pub struct TrustedIssuerOptions {
    /// An issuer whose tokens it may exchange for ours: `iss`, letter by letter; '' forgets all
    #[arg(long, value_name = "ISSUER")]
    trusted_issuer: Option<String>,
    /// That issuer's public keys: a file with a JWK set, or the https address where it publishes them
    #[arg(long, value_name = "FILE|URL", requires = "trusted_issuer")]
    trusted_issuer_jwks: Option<String>,
    /// What that issuer may sign with (ES256 unless given); repeat for each
    #[arg(long = "trusted-issuer-alg", value_name = "ALG", requires = "trusted_issuer",
          value_parser = words(ForeignAlgorithm::ALL, ForeignAlgorithm::word))]
    trusted_issuer_algs: Vec<ForeignAlgorithm>,
    /// The claim in which that issuer says who the person is (sub unless given)
    #[arg(long, value_name = "CLAIM", requires = "trusted_issuer")]
    trusted_issuer_subject_claim: Option<String>,
    /// What of an account that claim is: username (unless given), user_id, email, mobile_phone or an
    /// identifier such as citizen_id
    #[arg(long, value_name = "NAME", requires = "trusted_issuer")]
    trusted_issuer_subject_attribute: Option<String>,
    /// An issuer whose tokens it may exchange no longer; repeat for each
    #[arg(long = "remove-trusted-issuer", value_name = "ISSUER", conflicts_with = "trusted_issuer")]
    remove_trusted_issuers: Vec<String>,
}

impl TrustedIssuerOptions {
    /// Lays what was given over the registration.
    ///
    /// # Errors
    /// An issuer that can't be trusted so, in words.
    pub fn apply(self, client: &mut Client, context: &Context) -> Result<(), CliError> {
        let refused = CliError::Refused;
        let issuers = &mut client.settings.trusted_issuers;
        for gone in &self.remove_trusted_issuers {
            let place = issuers.iter().position(|known| known.issuer == *gone).ok_or_else(|| {
                let known = issuers.iter().map(|known| known.issuer.as_str());
                let hint = hint(gone, known, "`tamga client show` lists those that are");
                refused(format!("--remove-trusted-issuer `{gone}` is not trusted; {hint}"))
            })?;
            issuers.remove(place);
        }
        let Some(issuer) = self.trusted_issuer else { return Ok(()) };
        if issuer.is_empty() {
            issuers.clear();
            return Ok(());
        }
        if issuer == context.settings().server.issuer() {
            return Err(refused(
                "--trusted-issuer: that is this server; its own tokens are taken anyway".into(),
            ));
        }
        let former = issuers.iter().position(|known| known.issuer == issuer);
        let mut described = former.map_or_else(|| nothing_known(&issuer), |place| issuers[place].clone());
        if let Some(keys) = &self.trusted_issuer_jwks {
            (described.jwks, described.jwks_uri) = read_keys(keys, context.settings()).map_err(refused)?;
        }
        if !self.trusted_issuer_algs.is_empty() {
            described.algorithms = self.trusted_issuer_algs;
        }
        if let Some(claim) = self.trusted_issuer_subject_claim {
            described.subject_claim = claim;
        }
        if let Some(attribute) = self.trusted_issuer_subject_attribute {
            described.subject_attribute = attribute;
        }
        check(&described, context.settings()).map_err(refused)?;
        match former {
            Some(place) => issuers[place] = described,
            None => issuers.push(described),
        }
        Ok(())
    }
}

fn nothing_known(issuer: &str) -> TrustedIssuer {
    TrustedIssuer {
        issuer: issuer.to_owned(),
        jwks: None,
        jwks_uri: None,
        algorithms: vec![ForeignAlgorithm::Es256],
        subject_claim: "sub".to_owned(),
        subject_attribute: "username".to_owned(),
    }
}

/// Keys by value or by address.
fn read_keys(given: &str, settings: &Settings) -> Result<(Option<Value>, Option<String>), String> {
    let refused = |why: &str| format!("--trusted-issuer-jwks `{given}`: {why}");
    if given.contains("://") {
        let url = Url::parse(given).map_err(|error| refused(&error.to_string()))?;
        let fetcher = Fetcher::new(&settings.outbound).map_err(|error| refused(&error.to_string()))?;
        fetcher.check(&url).map_err(|error| refused(&error.to_string()))?;
        return Ok((None, Some(url.to_string())));
    }
    let path = Path::new(given);
    let file = fs::metadata(path).map_err(|error| refused(&error.to_string()))?;
    if !file.is_file() || file.len() > LONGEST {
        return Err(refused("is no file of a key set's size"));
    }
    let text = fs::read(path).map_err(|error| refused(&error.to_string()))?;
    let set: Value =
        serde_json::from_slice(&text).map_err(|_| refused("is no JSON; give a JWK set (RFC 7517 §5)"))?;
    match JwkSet::read(&set) {
        Some(keys) if !keys.is_empty() => Ok((Some(set), None)),
        _ => {
            Err(refused("holds no public key for signatures; give {\"keys\": [...]} without private members"))
        }
    }
}

fn check(described: &TrustedIssuer, settings: &Settings) -> Result<(), String> {
    if described.issuer.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(
            "--trusted-issuer: give it as it stands in its tokens, such as https://idp.example".into()
        );
    }
    if described.jwks.is_none() && described.jwks_uri.is_none() {
        return Err(
            "--trusted-issuer: nothing it signs could be checked; give --trusted-issuer-jwks too".into()
        );
    }
    if described.subject_claim.is_empty() {
        return Err("--trusted-issuer-subject-claim: name a claim, such as sub".into());
    }
    let attribute = described.subject_attribute.as_str();
    let names_a_person = match attribute {
        "username" | "user_id" | "email" | "mobile_phone" => true,
        other => settings.attributes.get(other).is_some_and(|definition| definition.identifier),
    };
    if names_a_person {
        return Ok(());
    }
    let identifiers = settings.attributes.iter().filter(|(_, definition)| definition.identifier);
    let known =
        identifiers.map(|(name, _)| name.as_str()).chain(["username", "user_id", "email", "mobile_phone"]);
    let hint = hint(attribute, known, "give username, user_id, email, mobile_phone or an identifier");
    Err(format!("--trusted-issuer-subject-attribute `{attribute}` names no single account; {hint}"))
}
