//! What clients are told at an address of their own. It goes through the one guarded client: an
//! address that only we can reach is none that a client may have us call.

use url::Url;

use super::{
    Undelivered,
    fetch::{FetchError, Fetcher},
};
use crate::store::outbox::Leased;

/// Posts the message's text, which is JSON.
pub(super) async fn send(fetcher: &Fetcher, message: &Leased) -> Result<(), Undelivered> {
    let url =
        Url::parse(&message.recipient).map_err(|_| Undelivered::Never("the address is no URL".to_owned()))?;
    fetcher.post_json(&url, message.body.clone()).await.map_err(|error| match &error {
        FetchError::Refused(_) => Undelivered::Never(error.to_string()),
        // It is not there, or will not have it, and time will not mend that.
        FetchError::Status(404 | 410) => Undelivered::Never(error.to_string()),
        _ => Undelivered::Later(error.to_string()),
    })
}
