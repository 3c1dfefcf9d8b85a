//! `[device]`: codes that devices without a keyboard show (RFC 8628).

use std::time::Duration;

use super::{
    duration::{minutes, seconds},
    reader::Section,
};

/// `[device]`.
#[derive(Debug, Clone)]
pub struct Device {
    /// How long a person may take to enter the code and allow it.
    pub code_ttl: Duration,
    /// What a device must wait between two questions, in whole seconds, until it is told to slow down.
    pub interval: Duration,
}

impl Device {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            // The longer codes live, the more of them there are to be guessed (RFC 8628 §5.1).
            code_ttl: section.duration("code_ttl", minutes(10), minutes(1)..=minutes(30)),
            interval: section.duration("interval", seconds(5), seconds(1)..=minutes(1)),
        }
    }
}
