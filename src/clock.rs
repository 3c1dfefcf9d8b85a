//! The only source of the current time. Handlers take it from `App`, so that tests can fix it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use time::{Duration, OffsetDateTime};

/// Gives the time: the system's, or one that a test sets.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until moved; microseconds since the Unix epoch.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until [`Clock::advance`] moves it.
    pub fn fixed(at: OffsetDateTime) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(microseconds(at))))
    }

    /// Now, in UTC, cut to microseconds: what PostgreSQL keeps, so that a value read back is equal.
    pub fn now(&self) -> OffsetDateTime {
        let micros = match self {
            #[allow(clippy::disallowed_methods)] // the one place that may ask the machine
            Self::System => microseconds(OffsetDateTime::now_utc()),
            Self::Fixed(micros) => micros.load(Ordering::SeqCst),
        };
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Moves a fixed clock on by `by` (or back, when negative); the system's clock stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Self::Fixed(micros) = self {
            let by = i64::try_from(by.whole_microseconds()).unwrap_or(0);
            micros.fetch_add(by, Ordering::SeqCst);
        }
    }
}

fn microseconds(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_stands_still_until_moved() {
        let start = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let clock = Clock::fixed(start);
        assert_eq!(clock.now(), start);
        clock.advance(Duration::seconds(330));
        assert_eq!(clock.now(), start + Duration::seconds(330));
    }
}
