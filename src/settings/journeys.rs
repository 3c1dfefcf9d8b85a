//! `[journeys]`: how long a person may take between a request and its answer.

use std::time::Duration;

use super::{
    duration::{days, minutes, seconds},
    reader::Section,
};

/// `[journeys]`.
#[derive(Debug, Clone)]
pub struct Journeys {
    /// After this long the person starts again at the client.
    pub ttl: Duration,
}

impl Journeys {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self { ttl: section.duration("ttl", minutes(30), seconds(1)..=days(1)) }
    }
}
