//! A client's logo, and the pages of its that people are led to.

use std::{fs, path::Path};

use url::Url;

use crate::{
    cli::{CliError, context::Context},
    model::{
        client::Client,
        logo::{LARGEST, Logo},
    },
    outbound::{fetch::Fetcher, logo},
    store::{client_logos::LogoChange, client_registrations},
};

/// Options about what people see of a client.
#[derive(Debug, Default, clap::Args)]
pub struct LinkOptions {
    /// Its logo, a PNG, JPEG or WebP picture of at most 64 KB and 1024 pixels a side: a file, or an https
    /// address to take it from now; '' takes it away
    #[arg(long, value_name = "FILE|URL")]
    logo: Option<String>,
    /// Its home page; '' for none
    #[arg(long, value_name = "URL")]
    client_uri: Option<String>,
    /// How it treats people's data; '' for none
    #[arg(long, value_name = "URL")]
    policy_uri: Option<String>,
    /// Its terms of use; '' for none
    #[arg(long, value_name = "URL")]
    tos_uri: Option<String>,
    /// Whether somebody here says who runs it: people are warned of a client that registered itself until then
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    vouched: Option<bool>,
}

impl LinkOptions {
    /// Lays what was given over the registration; the logo is fetched or read.
    ///
    /// # Errors
    /// The logo can't be had or can't be shown.
    pub async fn apply(self, client: &mut Client, context: &Context) -> Result<LogoChange, CliError> {
        let party = &mut client.settings.oidc;
        let pages = [
            (&mut party.client_uri, self.client_uri),
            (&mut party.policy_uri, self.policy_uri),
            (&mut party.tos_uri, self.tos_uri),
        ];
        for (place, given) in pages {
            if let Some(given) = given {
                *place = Some(given).filter(|given| !given.is_empty());
            }
        }
        if let Some(vouched) = self.vouched {
            let itself = client_registrations::find(&context.pool, client.id).await?.is_some();
            if !vouched && !itself {
                return Err(CliError::refused(
                    "--vouched false: an operator registered this client, so somebody does; `tamga client disable` \
                     shuts it out",
                ));
            }
            party.unvouched = !vouched;
        }
        let Some(given) = self.logo else { return Ok(LogoChange::Keep) };
        if given.is_empty() {
            (party.logo_uri, party.logo_sha256) = (None, None);
            return Ok(LogoChange::Remove);
        }
        let refused = |why: String| CliError::refused(format!("--logo `{given}`: {why}"));
        let (logo, from) = if given.contains("://") {
            let url = Url::parse(&given).map_err(|error| refused(error.to_string()))?;
            let fetcher =
                Fetcher::new(&context.settings().outbound).map_err(|error| refused(error.to_string()))?;
            let logo = logo::fetch(&fetcher, &url).await.map_err(|error| refused(error.to_string()))?;
            (logo, Some(given.clone()))
        } else {
            (read(Path::new(&given)).map_err(refused)?, None)
        };
        party.logo_sha256 = Some(logo.fingerprint());
        party.logo_uri = from;
        Ok(LogoChange::Put(logo))
    }
}

fn read(path: &Path) -> Result<Logo, String> {
    let found = fs::metadata(path).map_err(|error| error.to_string())?;
    if !found.is_file() {
        return Err("is no file".to_owned());
    }
    if usize::try_from(found.len()).is_ok_and(|length| length > LARGEST) {
        return Err("is larger than 64 KB".to_owned());
    }
    let content = fs::read(path).map_err(|error| error.to_string())?;
    Logo::check(content).map_err(|fault| fault.to_string())
}
