//! `id_token_hint`: an id_token of ours, given back to say who the client means.

use serde::Deserialize;

use crate::crypto::{jwt, keys::KeyRing};

/// What an id_token says, as far as a hint needs it.
#[derive(Clone, Debug, Deserialize)]
pub struct Hint {
    iss: String,
    /// Whom it is about, as its client calls them.
    pub sub: String,
    /// For which client.
    pub aud: String,
    azp: String,
    /// From which session, as the client calls it.
    pub sid: Option<String>,
}

/// Reads a hint; `None` unless it is an id_token this server signed. It may have expired
/// (OpenID Connect RP-Initiated Logout §4: the provider "SHOULD accept ID Tokens ... even when
/// the exp time has passed").
pub fn read(ring: &KeyRing, issuer: &str, token: &str) -> Option<Hint> {
    // An access token of the profile dss has the same type, but no `azp`.
    jwt::verify::<Hint>(ring, "JWT", token).ok().filter(|hint| hint.iss == issuer && hint.azp == hint.aud)
}
