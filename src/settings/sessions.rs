//! `[sessions]`: how long a browser stays signed in.

use std::time::Duration;

use super::{
    duration::{days, hours, seconds},
    reader::Section,
};

/// `[sessions]`.
#[derive(Debug, Clone)]
pub struct Sessions {
    /// After this long without a request the session is over.
    pub idle_ttl: Duration,
    /// After this long it is over in any case. Never less than `idle_ttl`.
    pub absolute_ttl: Duration,
}

impl Sessions {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let idle_ttl = section.duration("idle_ttl", hours(8), seconds(1)..=days(90));
        let absolute_ttl = section.duration("absolute_ttl", hours(24), seconds(1)..=days(90));
        if idle_ttl > absolute_ttl {
            section.fault("idle_ttl", "is longer than sessions.absolute_ttl; shorten it or raise the other");
        }
        Self { idle_ttl, absolute_ttl }
    }
}
