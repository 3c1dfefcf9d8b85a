//! Pages of OAuth 1.0a that end a journey here and not at the client.

use serde::Serialize;

use super::shell::{BackLink, Page, Shell, Text};

/// Shows a verifier to a person who carries it over to the client (RFC 5849 §2.2, `oob`).
#[derive(Clone, Serialize)]
pub struct VerifierPage {
    /// The verifier: a secret.
    pub verifier: String,
}

impl Page for VerifierPage {
    const TEMPLATE: &'static str = "verifier.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("verifier-title")
    }
}

/// Tells a person that the client learns nothing of them, as they wished.
#[derive(Clone, Serialize)]
pub struct DeniedPage {
    /// Whom they refused.
    pub client: String,
    /// Where they came from.
    pub back: Option<BackLink>,
}

impl Page for DeniedPage {
    const TEMPLATE: &'static str = "denied.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("denied-title")
    }
}
