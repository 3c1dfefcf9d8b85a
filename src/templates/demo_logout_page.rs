//! What a relying party of the demonstration was told of a logout.

use serde::Serialize;

use super::{
    dev_pages::{DemoCheck, DemoResultPage},
    shell::{Page, Shell, Text},
};

/// The page after a logout.
#[derive(Clone, Debug, Serialize)]
pub struct DemoSignedOutPage {
    /// Word came by both ways.
    pub ok: bool,
    /// By which it came.
    pub checks: Vec<DemoCheck>,
    /// The token's claims.
    pub raw: String,
    /// Link to start again.
    pub again: String,
}

impl From<DemoResultPage> for DemoSignedOutPage {
    fn from(page: DemoResultPage) -> Self {
        Self { ok: page.ok, checks: page.checks, raw: page.raw, again: page.again }
    }
}

impl Page for DemoSignedOutPage {
    const TEMPLATE: &'static str = "dev_signed_out.html";
    fn title(&self, _: &Shell) -> Text {
        Text::Plain("Signed out".to_owned())
    }
}
