//! What clients sign with the keys they registered or publish: assertions and request objects.

use url::Url;

use super::fapi2;
use crate::{
    app::App,
    crypto::{foreign_jwt::ForeignJwt, jwk::JwkSet},
    model::{client::Client, signing::ForeignAlgorithm},
};

/// Whether a key of the client's signed this, with the algorithm that it chose for such tokens, if it
/// chose one, and its profile allows.
///
/// # Errors
/// Why not, for the log.
pub async fn verify(
    app: &App,
    client: &Client,
    jwt: &ForeignJwt<'_>,
    chosen: Option<ForeignAlgorithm>,
) -> Result<(), &'static str> {
    let settings = &client.settings;
    let served = if client.is_fapi2() { fapi2::ALGORITHMS } else { ForeignAlgorithm::ALL };
    let allowed: Vec<ForeignAlgorithm> =
        served.iter().copied().filter(|algorithm| chosen.is_none_or(|chosen| chosen == *algorithm)).collect();
    // Before any key is fetched: a stranger's algorithm is not worth a request.
    if jwt.header.alg.parse().is_ok_and(|alg| !allowed.contains(&alg)) {
        return Err("signed with another algorithm than the client may use");
    }
    let good = match (&settings.jwks, &settings.jwks_uri) {
        (Some(jwks), _) => {
            let keys = JwkSet::read(jwks).ok_or("the client's keys can't be read")?;
            jwt.verify(&keys, &allowed).map(drop)
        }
        (None, Some(uri)) => {
            let url = Url::parse(uri).map_err(|_| "the client's jwks_uri is no address")?;
            let keys = app.keys_at(&url, jwt.header.kid.as_deref()).await;
            jwt.verify(&*keys.map_err(|_| "the client's keys could not be fetched")?, &allowed).map(drop)
        }
        (None, None) => return Err("the client has no registered keys"),
    };
    good.map_err(|_| "no key of the client's signed it with an algorithm allowed")
}
