//! `[codes]`: one-time codes sent by SMS and mail, and how many of them we pay for.

use std::time::Duration;

use super::{
    duration::{minutes, seconds},
    reader::Section,
};

/// `[codes]`.
#[derive(Debug, Clone)]
pub struct Codes {
    /// How long a code can be used.
    pub ttl: Duration,
    /// Wrong tries that use a code up.
    pub max_attempts: i32,
    /// After this long another may be asked for the same phone or mail.
    pub resend_after: Duration,
    /// Codes asked from one address within an hour; forms like these are flooded.
    pub per_address_hourly: i32,
    /// Codes sent within a day in all; 0 for none.
    pub daily_total: i32,
}

impl Codes {
    pub(super) fn read(section: &mut Section<'_>, development: bool) -> Self {
        let ttl = section.duration("ttl", seconds(330), seconds(30)..=minutes(30));
        let resend_after = section.duration("resend_after", seconds(120), seconds(1)..=minutes(30));
        Self {
            ttl,
            max_attempts: number(section, "max_attempts", 5, 1..=10),
            resend_after,
            per_address_hourly: number(
                section,
                "per_address_hourly",
                if development { 1_000 } else { 60 },
                1..=1_000_000,
            ),
            daily_total: number(section, "daily_total", 10_000, 0..=1_000_000_000),
        }
    }
}

/// As the database counts.
fn number(section: &mut Section<'_>, name: &str, default: u32, range: std::ops::RangeInclusive<u32>) -> i32 {
    // The ranges above end far below the largest number.
    i32::try_from(section.number(name, default, range)).unwrap_or(i32::MAX)
}
