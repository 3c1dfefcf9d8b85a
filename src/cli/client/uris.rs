//! Return addresses: only those that a browser can be sent to without giving the code to others.

use super::rules::no_duplicates;
use crate::{model::client::Client, protocol::oauth2::redirect_uri::check_registrable};

/// Checks every address of the client that people return to.
///
/// # Errors
/// The first that does not do, in words.
pub fn return_addresses(client: &Client) -> Result<(), String> {
    no_duplicates("--redirect-uri", client.redirect_uris.iter().map(String::as_str))?;
    client.redirect_uris.iter().try_for_each(|uri| return_address("--redirect-uri", uri))?;
    no_duplicates("--post-logout-redirect-uri", client.post_logout_redirect_uris.iter().map(String::as_str))?;
    client
        .post_logout_redirect_uris
        .iter()
        .try_for_each(|uri| return_address("--post-logout-redirect-uri", uri))
}

fn return_address(option: &str, uri: &str) -> Result<(), String> {
    check_registrable(uri).map_err(|why| format!("{option} `{uri}`: {why}"))
}
