//! What an attribute's text must look like.

use std::fmt;

use regex_automata::{Anchored, Input, meta::Regex};

/// The kind of value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Any text of 1 to 500 characters without control characters.
    #[default]
    Text,
    /// `YYYY-MM-DD`.
    Date,
    /// A mail address.
    Email,
    /// An E.164 telephone number with its plus sign.
    Phone,
    /// `male` or `female`.
    Gender,
    /// Binary data kept beside the account (`store::user_files`): nobody types it, and its value is
    /// the SHA-256 of what is held.
    File,
}

/// A regular expression that a whole value must match. Matching takes time linear in the value
/// whatever the expression, so an operator's slip can't stall the server (no backtracking).
#[derive(Clone)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

/// An expression that can't be read, or is far too big.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotAPattern(String);

impl Pattern {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`NotAPattern`] with the fault's place.
    pub fn new(text: &str) -> Result<Self, NotAPattern> {
        // By itself first: `a)|(b` is no expression, though it would be one within the group.
        let faulty = |error: regex_automata::meta::BuildError| {
            let why = error.syntax_error().map_or_else(|| error.to_string(), ToString::to_string);
            // The parser draws the place over several lines; the last says what is wrong.
            NotAPattern(why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
        };
        Regex::new(text).map_err(faulty)?;
        let regex = Regex::new(&format!("(?:{text})\\z")).map_err(faulty)?;
        Ok(Self { text: text.to_owned(), regex })
    }

    /// Whether the whole value matches.
    pub fn matches(&self, value: &str) -> bool {
        self.regex.is_match(Input::new(value).anchored(Anchored::Yes))
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({})", self.text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_must_match_the_whole_value() {
        let pattern = Pattern::new("[0-9]{5}|[A-Z]").unwrap();
        assert!(pattern.matches("10110") && pattern.matches("Z"));
        for value in ["", "101100", "1011", "Zx", "xZ", "10110\n"] {
            assert!(!pattern.matches(value), "{value:?}");
        }
    }

    #[test]
    fn a_faulty_pattern_is_refused_with_what_is_wrong() {
        for text in ["[", "a)|(b", "(?=x)", "a{99999999}", "\\"] {
            let error = Pattern::new(text).unwrap_err().to_string();
            assert!(!error.is_empty() && !error.contains('\n'), "{text}: {error}");
        }
    }
}
