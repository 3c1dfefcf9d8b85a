//! Fetches a logo and checks it, before anybody is shown it.

use url::Url;

use super::fetch::{FetchError, Fetcher};
use crate::model::logo::{Logo, LogoFault};

/// Why there is no logo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// It could not be had; it may be another time.
    #[error("{0}")]
    Unreachable(FetchError),
    /// We do not fetch from there, or what is there can't be a logo.
    #[error("{0}")]
    Unfit(String),
}

/// The logo at `url`.
///
/// # Errors
/// [`LogoError`] saying why there is none.
pub async fn fetch(fetcher: &Fetcher, url: &Url) -> Result<Logo, LogoError> {
    let content = fetcher.get_bytes(url).await.map_err(|error| match error {
        FetchError::TooLarge => LogoError::Unfit(LogoFault::Large.to_string()),
        FetchError::Refused(_) => LogoError::Unfit(error.to_string()),
        other => LogoError::Unreachable(other),
    })?;
    Logo::check(content).map_err(|fault| LogoError::Unfit(fault.to_string()))
}
