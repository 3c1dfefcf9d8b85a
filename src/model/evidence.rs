//! What a registrar has seen before saying that a value is right.

use super::{attribute::Level, words::words};

words! {
    /// Kinds of evidence.
    EvidenceKind {
        /// Copies of documents that the person sent.
        DocumentsSent = "documents-sent",
        /// The person came, and the original document with them.
        FaceToFace = "face-to-face",
        /// A certificate of a trusted certification authority.
        Certificate = "certificate",
        /// What a register says.
        RegistryExtract = "registry-extract",
    }
}

impl EvidenceKind {
    /// The highest level that this evidence may give: the highest of all demands that the person
    /// was there, or proved a certificate's key.
    pub fn highest(self) -> Level {
        match self {
            Self::FaceToFace | Self::Certificate => Level::HIGHEST,
            Self::DocumentsSent | Self::RegistryExtract => Level::REGISTERED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_level_is_for_who_came_or_proved_a_certificate() {
        let highest = EvidenceKind::ALL.iter().map(|kind| i16::from(kind.highest()));
        assert_eq!(highest.collect::<Vec<_>>(), [2, 3, 3, 2]);
    }
}
