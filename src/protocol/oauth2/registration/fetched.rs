//! What a registration names by address and must be looked at before it counts.

use url::Url;

use super::refusal::Refusal;
use crate::{
    app::{App, LogoError},
    http::{fault::Fault, log},
    model::client::Client,
    protocol::oauth2::subject,
    store::client_logos::LogoChange,
};

/// Whether the client belongs to the sector that it names (OpenID Connect Core §8.1).
///
/// # Errors
/// [`Refusal`] when it does not, or nobody can say.
pub async fn sector(app: &App, client: &Client) -> Result<(), Fault<Refusal>> {
    const NAME: &str = "sector_identifier_uri";
    let checked = subject::check_sector(&app.fetcher, client).await;
    checked.map_err(|why| {
        let why = why.strip_prefix(NAME).map_or(why.as_str(), |rest| rest.trim_start_matches([':', ' ']));
        Fault::Reject(Refusal::of(NAME, why))
    })
}

/// Fetches the logo. One that can't be had now is no reason to refuse a client: it has none until its next
/// change, or keeps the one that was had from the same address.
///
/// # Errors
/// [`Refusal`] when what is there can't be shown.
pub async fn look(
    app: &App,
    former: Option<&Client>,
    client: &mut Client,
) -> Result<LogoChange, Fault<Refusal>> {
    const NAME: &str = "logo_uri";
    let oidc = &mut client.settings.oidc;
    let Some(url) = oidc.logo_uri.as_deref().and_then(|uri| Url::parse(uri).ok()) else {
        oidc.logo_sha256 = None;
        return Ok(LogoChange::Remove);
    };
    match app.logo_at(&url).await {
        Ok(logo) => {
            oidc.logo_sha256 = Some(logo.fingerprint());
            Ok(LogoChange::Put(logo))
        }
        Err(LogoError::Unfit(why)) => Err(Fault::Reject(Refusal::of(NAME, why))),
        Err(LogoError::Unreachable(_)) => {
            log::detail("the logo could not be fetched");
            let before = former.map(|former| &former.settings.oidc);
            let known = before.filter(|before| before.logo_uri == oidc.logo_uri);
            oidc.logo_sha256 = known.and_then(|before| before.logo_sha256.clone());
            Ok(if oidc.logo_sha256.is_some() { LogoChange::Keep } else { LogoChange::Remove })
        }
    }
}
