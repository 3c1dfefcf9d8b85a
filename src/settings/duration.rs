//! Times as people write them: a number and its unit.

use std::time::Duration;

const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Why a text is not a time.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotADuration {
    /// No number, or no unit.
    #[error("write a whole number and its unit, such as \"330s\", \"10m\", \"8h\" or \"30d\"")]
    Shape,
    /// A unit that is not served.
    #[error("the unit is not one of ms, s, m, h, d")]
    Unit,
    /// More than a number holds.
    #[error("it is too long")]
    TooLong,
}

/// `10m`, `330s`, `30d`, `8h`, `500ms`.
///
/// # Errors
/// [`NotADuration`], saying how to write it.
pub fn parse(text: &str) -> Result<Duration, NotADuration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() || unit.is_empty() {
        return Err(NotADuration::Shape);
    }
    let (_, millis) = UNITS.iter().find(|(name, _)| *name == unit).ok_or(NotADuration::Unit)?;
    let number: u64 = number.parse().map_err(|_| NotADuration::TooLong)?;
    number.checked_mul(*millis).map(Duration::from_millis).ok_or(NotADuration::TooLong)
}

/// The same time in its largest whole unit.
pub fn show(duration: Duration) -> String {
    let millis = duration.as_millis();
    let (unit, size) = UNITS
        .iter()
        .find(|(_, size)| millis >= u128::from(*size) && millis.is_multiple_of(u128::from(*size)))
        .unwrap_or(&("s", 1_000));
    format!("{}{unit}", millis / u128::from(*size))
}

/// Seconds, for defaults and ranges.
pub(super) const fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// Minutes, for defaults and ranges.
pub(super) const fn minutes(number: u64) -> Duration {
    Duration::from_secs(number * 60)
}

/// Hours, for defaults and ranges.
pub(super) const fn hours(number: u64) -> Duration {
    minutes(number * 60)
}

/// Days, for defaults and ranges.
pub(super) const fn days(number: u64) -> Duration {
    hours(number * 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_unit() {
        for (text, millis) in [
            ("10m", 600_000),
            ("330s", 330_000),
            ("30d", 2_592_000_000),
            ("8h", 28_800_000),
            ("500ms", 500),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
            assert_eq!(parse(&show(Duration::from_millis(millis))), parse(text));
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        for text in ["", "10", "m", "-1s", " 10m"] {
            assert_eq!(parse(text), Err(NotADuration::Shape), "{text}");
        }
        for text in ["1.5h", "10 m", "10min", "1h30m", "5M"] {
            assert_eq!(parse(text), Err(NotADuration::Unit), "{text}");
        }
        for text in ["99999999999999999999s", "9999999999999999d"] {
            assert_eq!(parse(text), Err(NotADuration::TooLong), "{text}");
        }
    }
}
