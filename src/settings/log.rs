//! `[log]`: what is logged and in which shape.

use tracing_subscriber::EnvFilter;

use super::reader::Section;

/// `[log]`.
#[derive(Debug, Clone)]
pub struct Log {
    /// The shape of a line: JSON in `tamga serve`, pretty in `tamga dev`.
    pub format: LogFormat,
    /// Directives of `tracing_subscriber::EnvFilter`, known to parse.
    pub filter: String,
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people at a terminal.
    Pretty,
}

impl Log {
    pub(super) fn read(section: &mut Section<'_>, development: bool) -> Self {
        let default = if development { LogFormat::Pretty } else { LogFormat::Json };
        let words = [("json", LogFormat::Json), ("pretty", LogFormat::Pretty)];
        let format = section.word("format", &words, default);
        let filter = section.text("filter").unwrap_or_else(|| "info".to_owned());
        if let Err(error) = EnvFilter::try_new(&filter) {
            section.fault(
                "filter",
                format!("`{filter}` is not a filter: {error}; write it like info,tamga=debug"),
            );
        }
        Self { format, filter }
    }
}
