//! `[accounts]`: how people's accounts come to be.

use super::reader::Section;

/// `[accounts]`.
#[derive(Debug, Clone, Copy)]
pub struct Accounts {
    /// The attribute by which the country knows its citizens, asked when one makes an account: one of
    /// `UserKind::verify_codes`.
    pub citizen_identifier: &'static str,
}

impl Accounts {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        const IDENTIFIERS: [(&str, &str); 2] = [("citizen_id", "citizen_id"), ("iin", "iin")];
        Self { citizen_identifier: section.word("citizen_identifier", &IDENTIFIERS, "citizen_id") }
    }
}
