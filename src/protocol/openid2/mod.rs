//! OpenID Authentication 2.0 with Attribute Exchange 1.0, over the same journey as every protocol.

pub mod identity;
pub mod realm;

use crate::app::App;
use identity::Addresses;

/// The installation's addresses.
pub fn addresses(app: &App) -> Addresses<'_> {
    Addresses { base: app.issuer.trim_end_matches('/'), paths: app.settings.openid2.paths }
}
