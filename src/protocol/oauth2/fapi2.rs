//! What a client that keeps to the FAPI 2.0 Security Profile may ask: less than others.

use super::reject::Reject;
use crate::{
    form::Form,
    model::{
        client::{Client, ClientType},
        signing::ForeignAlgorithm,
    },
};

/// What its tokens may be signed with (FAPI 2.0 Security Profile §5.4.1).
pub const ALGORITHMS: &[ForeignAlgorithm] =
    &[ForeignAlgorithm::Ps256, ForeignAlgorithm::Es256, ForeignAlgorithm::EdDsa];

/// Vets the authorization request of such a client; others ask what they like. That it was pushed is
/// [`super::resolve`]'s to check.
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
    // §5.3.2.2: "shall require the value of response_type described in RFC 6749 to be code".
    if let Some(other) = form.get("response_type")?.filter(|asked| *asked != "code") {
        return Err(Reject::ResponseType(other.to_owned()));
    }
    // §5.3.2.2: "shall require the redirect_uri parameter in pushed authorization requests".
    if form.get("redirect_uri")?.is_none() {
        return Err(Reject::Missing("redirect_uri"));
    }
    Ok(())
}
