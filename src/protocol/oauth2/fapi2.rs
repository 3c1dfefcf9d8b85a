//! What a client that keeps to the FAPI 2.0 Security Profile may ask and gets: less than others. Its
//! registration is held to the profile, too; here it holds whatever was stored.

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
