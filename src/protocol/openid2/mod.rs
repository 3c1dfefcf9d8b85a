//! OpenID Authentication 2.0 with Attribute Exchange 1.0, over the same journey as every protocol.

pub mod assertion;
pub mod associate;
pub mod association;
pub mod association_request;
pub mod ax;
pub mod check_authentication;
pub mod checkid;
pub mod diffie_hellman;
pub mod direct;
pub mod discovery;
pub mod endpoint;
pub mod fields;
pub mod identity;
pub mod logout;
pub mod message;
pub mod reject;
pub mod request;
pub mod signature;
pub mod xrds;

use crate::app::App;
use identity::Addresses;

/// The installation's addresses.
pub fn addresses(app: &App) -> Addresses<'_> {
    Addresses { base: app.issuer.trim_end_matches('/'), paths: app.settings.openid2.paths }
}
