//! How well a value was checked.

use serde::{Deserialize, Serialize};

/// How well a value was checked: 0 typed by the person, 1 confirmed, 2 checked against a register,
/// 3 checked face to face or by certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i16", into = "i16")]
pub struct Level(i16);

impl Level {
    /// Typed by the person, not checked.
    pub const UNVERIFIED: Self = Self(0);
    /// Confirmed by a code or a check digit.
    pub const CONFIRMED: Self = Self(1);
    /// Checked against a register, or by whoever employs the person.
    pub const REGISTERED: Self = Self(2);
    /// The highest.
    pub const HIGHEST: Self = Self(3);
}

/// A level outside 0 to 3.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a level is 0, 1, 2 or 3")]
pub struct LevelOutOfRange;

impl TryFrom<i16> for Level {
    type Error = LevelOutOfRange;
    fn try_from(level: i16) -> Result<Self, LevelOutOfRange> {
        if (0..=3).contains(&level) { Ok(Self(level)) } else { Err(LevelOutOfRange) }
    }
}

impl From<Level> for i16 {
    fn from(level: Level) -> Self {
        level.0
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
