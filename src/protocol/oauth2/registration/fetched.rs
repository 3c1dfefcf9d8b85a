//! What a registration names by address and must be looked at before it counts.

use url::Url;

use super::refusal::Refusal;
use crate::{
    app::{App, LogoError},
    http::{fault::Fault, log},
    model::{client::Client, logo::Logo},
    store::client_logos::LogoChange,
};

/// What becomes of the client's logo.
pub enum Looked {
    /// It has none.
    None,
    /// This one.
    New(Logo),
    /// The one it has.
    Same,
}

impl Looked {
    /// The same for the store.
    pub fn change(&self) -> LogoChange<'_> {
        match self {
            Self::None => LogoChange::Remove,
            Self::New(logo) => LogoChange::Put(logo),
            Self::Same => LogoChange::Keep,
        }
    }
}

/// Fetches the logo. One that can't be had now is no reason to refuse a client: it has none until its next
/// change, or keeps the one that was had from the same address.
///
/// # Errors
/// [`Refusal`] when what is there can't be shown.
pub async fn look(app: &App, former: Option<&Client>, client: &mut Client) -> Result<Looked, Fault<Refusal>> {
    const NAME: &str = "logo_uri";
    let oidc = &mut client.settings.oidc;
    let Some(url) = oidc.logo_uri.as_deref().and_then(|uri| Url::parse(uri).ok()) else {
        oidc.logo_sha256 = None;
        return Ok(Looked::None);
    };
    match app.logo_at(&url).await {
        Ok(logo) => {
            oidc.logo_sha256 = Some(logo.fingerprint());
            Ok(Looked::New(logo))
        }
        Err(LogoError::Unfit(why)) => Err(Fault::Reject(Refusal::of(NAME, why))),
        Err(LogoError::Unreachable(_)) => {
            log::detail("the logo could not be fetched");
            let before = former.map(|former| &former.settings.oidc);
            let known = before.filter(|before| before.logo_uri == oidc.logo_uri);
            oidc.logo_sha256 = known.and_then(|before| before.logo_sha256.clone());
            Ok(if oidc.logo_sha256.is_some() { Looked::Same } else { Looked::None })
        }
    }
}
