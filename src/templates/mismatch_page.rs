//! The page for somebody whom the client did not ask for.

use serde::Serialize;

use super::shell::{Page, Shell, Text};

/// Why the person signed in can't go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// Their account holds another IIN.
    Iin,
    /// They do not act for the organisation.
    Organisation,
}

/// Says that somebody else was asked for, and leads back.
#[derive(Clone, Serialize)]
pub struct MismatchPage {
    /// Where the form is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
    /// Who is signed in.
    pub person: String,
    /// Why they can't go on.
    pub mismatch: Mismatch,
    /// The number of the organisation, when one was named.
    pub organisation: Option<String>,
}

impl Page for MismatchPage {
    const TEMPLATE: &'static str = "mismatch.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key(match self.mismatch {
            Mismatch::Iin => "mismatch-iin-title",
            Mismatch::Organisation => "mismatch-organisation-title",
        })
    }
}
