//! Addresses of a client that are told of the outcome of confirmations.

use url::Url;

use super::rules::no_duplicates;
use crate::{
    model::client::{Client, Flow},
    outbound::fetch::{FetchError, Fetcher},
    settings::Settings,
};

const OPTION: &str = "--confirmation-callback";

/// Checks them as they will be checked when they are called, as far as their text tells.
///
/// # Errors
/// The first that does not do, in words.
pub fn check(client: &Client, settings: &Settings) -> Result<(), String> {
    let callbacks = &client.settings.confirmation_callbacks;
    if callbacks.is_empty() {
        return Ok(());
    }
    if !client.has_flow(Flow::Confirmation) {
        return Err(format!(
            "{OPTION}: the client asks for no confirmations; add --allowed-flow confirmation"
        ));
    }
    no_duplicates(OPTION, callbacks.iter().map(String::as_str))?;
    let fetcher = Fetcher::new(&settings.outbound).map_err(|error| error.to_string())?;
    callbacks.iter().try_for_each(|callback| {
        let url = Url::parse(callback)
            .map_err(|_| format!("{OPTION} `{callback}`: give an absolute https address"))?;
        fetcher.check(&url).map_err(|error| match error {
            FetchError::Refused(why) => {
                format!(
                    "{OPTION} `{callback}`: {why}; list its host under outbound.allow to call it all the same"
                )
            }
            other => format!("{OPTION} `{callback}`: {other}"),
        })
    })
}
