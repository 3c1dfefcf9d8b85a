//! The page at an identity of OpenID 2.0.

use serde::Serialize;

use super::shell::{Page, Shell, Text};

/// What stands at the address by which relying parties know an account. It is the same for each
/// address, whether or not an account has it.
#[derive(Clone, Debug, Serialize)]
pub struct IdentityPage {
    /// The address itself: printable ASCII, percent-encoded.
    pub address: String,
    /// Where relying parties send people.
    pub op_endpoint: String,
}

impl Page for IdentityPage {
    const TEMPLATE: &'static str = "identity.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("identity-title")
    }
}
