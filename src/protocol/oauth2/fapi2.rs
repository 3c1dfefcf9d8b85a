//! What a client that keeps to the FAPI 2.0 Security Profile may ask and gets: less than others. Its
//! registration is held to the profile, too; here it holds whatever was stored.

use std::time::Duration;

use super::reject::Reject;
use crate::{
    form::Form,
    model::{
        client::{AuthMethod, Client, ClientType},
        signing::{Algorithm, ForeignAlgorithm},
    },
};

/// What its tokens may be signed with (FAPI 2.0 Security Profile §5.4.1).
pub const ALGORITHMS: &[ForeignAlgorithm] =
    &[ForeignAlgorithm::Ps256, ForeignAlgorithm::Es256, ForeignAlgorithm::EdDsa];

/// What is said of a proof that is signed otherwise.
pub const UNFIT_PROOF: &str = "the DPoP proof must be signed with PS256, ES256 or EdDSA by this client";

/// Whether such a client may prove itself so (FAPI 2.0 Security Profile §5.3.2.1).
pub fn allows(method: AuthMethod) -> bool {
    use AuthMethod::{PrivateKeyJwt, SelfSignedTlsClientAuth, TlsClientAuth};
    matches!(method, PrivateKeyJwt | TlsClientAuth | SelfSignedTlsClientAuth)
}

/// Vets the authorization request of such a client; others ask what they like. That it was pushed is
/// [`super::resolve`]'s to check, that it asks a code alone [`super::response_type`]'s, and the S256
/// challenge is demanded of it with those of public clients.
///
/// # Errors
/// [`Reject`] naming the parameter at fault.
pub fn vet(client: &Client, form: &Form) -> Result<(), Reject> {
    if !client.is_fapi2() {
        return Ok(());
    }
    // FAPI 2.0 Security Profile §5.3.2.1: "shall only support confidential clients".
    if client.client_type == ClientType::Public {
        return Err(Reject::NotAllowed("a client of the profile fapi2 must be confidential"));
    }
    // §5.3.2.2: "shall require the redirect_uri parameter in pushed authorization requests".
    if form.get("redirect_uri")?.is_none() {
        return Err(Reject::Missing("redirect_uri"));
    }
    Ok(())
}

/// What is signed for a client where `chosen` was chosen: for one of the profile never RS256 (§5.4.1).
pub fn signing(client: &Client, chosen: Algorithm) -> Algorithm {
    match chosen {
        Algorithm::Rs256 if client.is_fapi2() => Algorithm::Ps256,
        chosen => chosen,
    }
}

/// How long a code lives that would live for `usual` (§5.3.2.1: "a maximum lifetime of 60 seconds").
pub fn code_life(client: &Client, usual: Duration) -> Duration {
    if client.is_fapi2() { usual.min(Duration::from_secs(60)) } else { usual }
}

/// Whether a proof signed with this algorithm proves a key to such a client's tokens (§5.4.1).
pub fn proves(client: &Client, algorithm: ForeignAlgorithm) -> bool {
    !client.is_fapi2() || ALGORITHMS.contains(&algorithm)
}

/// Vets what a client asks of the token endpoint.
///
/// # Errors
/// [`Reject::NotAllowed`] for the password grant (§5.3.2.1: "shall reject requests using the resource owner
/// password credentials grant").
pub fn vet_grant(client: &Client, grant_type: &str) -> Result<(), Reject> {
    if client.is_fapi2() && grant_type == "password" {
        return Err(Reject::NotAllowed("this client's profile has no password grant"));
    }
    Ok(())
}
