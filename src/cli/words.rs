//! Options whose values are fixed words.

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// A parser that knows its words, so that `--help` lists them and a slip is answered with the nearest.
pub fn words<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    word: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|value| word(*value))).try_map(move |text| {
        all.iter().copied().find(|value| word(*value) == text).ok_or_else(|| format!("`{text}` is unknown"))
    })
}
