//! What the FAPI 2.0 Security Profile narrows when tokens are issued to clients of
//! [`Profile::Fapi2`]. A registration is held to it, too, when it is made; here it holds whatever was
//! stored.

use crate::model::{
    client::{Client, Profile},
    signing::Algorithm,
};

/// Whether the profile holds for this client.
pub fn holds(client: &Client) -> bool {
    client.profile == Some(Profile::Fapi2)
}

/// What is signed for this client where `chosen` was chosen: never RS256 (§5.4.1: "shall use PS256, ES256,
/// or EdDSA").
pub fn signing(client: &Client, chosen: Algorithm) -> Algorithm {
    match chosen {
        Algorithm::Rs256 if holds(client) => Algorithm::Ps256,
        chosen => chosen,
    }
}
