//! What a command prints on standard output.

use std::io::{self, Write};

use serde_json::Value;

/// For whom it is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// People.
    #[default]
    Text,
    /// Programs: one JSON object.
    Json,
}

impl Format {
    /// Prints a command's result: `text`, or the object.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn print(self, text: &str, object: &Value) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self {
            Self::Text if text.is_empty() => Ok(()),
            Self::Text => writeln!(out, "{text}"),
            Self::Json => writeln!(out, "{object}"),
        }?;
        out.flush()
    }
}

/// Rows under their headings, in columns as wide as need be.
pub fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: [&str; N]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(headings)];
    lines.extend(rows.iter().map(|row| line(std::array::from_fn(|column| row[column].as_str()))));
    lines.join("\n")
}

/// A time as RFC 3339, to the second.
pub fn time(at: time::OffsetDateTime) -> String {
    let at = at.replace_nanosecond(0).unwrap_or(at);
    at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a".to_owned(), "bb".to_owned()], ["cccc".to_owned(), "d".to_owned()]];
        assert_eq!(table(["X", "Y"], &rows), "X     Y\na     bb\ncccc  d");
    }
}
