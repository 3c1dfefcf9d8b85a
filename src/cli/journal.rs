//! `tamga journal ...`: what was done, and that nobody changed it since.

use std::io::{self, Write};

use clap::Subcommand;
use serde_json::json;
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use super::{CliError, context::Context, output};
use crate::store::journal;

/// Lines read at a time.
const PAGE: i64 = 1_000;

/// `tamga journal ...`
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk the chain of hashes from its beginning; fails where it is broken
    Verify,
    /// Print the newest hash: kept elsewhere, it proves later that nothing before it was changed
    Head,
    /// Print the lines, one JSON object each
    Export {
        /// Only lines since this time: 2026-01-31, or 2026-01-31T12:00:00Z
        #[arg(long, value_name = "TIME", value_parser = time)]
        since: Option<OffsetDateTime>,
    },
}

/// Carries it out.
pub async fn run(context: &Context, command: Command) -> Result<(), CliError> {
    match command {
        Command::Verify => verify(context).await,
        Command::Head => head(context).await,
        Command::Export { since } => export(context, since.unwrap_or(OffsetDateTime::UNIX_EPOCH)).await,
    }
}

async fn verify(context: &Context) -> Result<(), CliError> {
    let found = journal::verify(&context.pool).await?;
    let broken = found.broken.map(|(batch, seq)| json!({"batch": batch, "seq": seq}));
    let object = json!({
        "ok": broken.is_none(),
        "batches": found.batches,
        "entries": found.entries,
        "unsealed": found.unsealed,
        "broken": broken,
    });
    let text = format!(
        "the chain holds: {} lines in {} batches, {} not yet sealed",
        found.entries, found.batches, found.unsealed
    );
    let Some((batch, seq)) = found.broken else { return Ok(context.output.print(&text, &object)?) };
    context.output.print("", &object)?;
    let line = seq.map_or("none of its lines is left".to_owned(), |seq| format!("its first line is {seq}"));
    Err(CliError::refused(format!(
        "the journal was changed: batch {batch} does not fit the chain ({line}); the {} lines before it do. Compare \
         with a backup, and look for who could write to the database",
        found.entries
    )))
}

async fn head(context: &Context) -> Result<(), CliError> {
    let Some(head) = journal::head(&context.pool).await? else {
        let text = "nothing is sealed yet; a running server seals within 5 s";
        let object = json!({"batch": 0, "hash": null, "sealed_at": null});
        return Ok(context.output.print(text, &object)?);
    };
    let hash: String = head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let sealed_at = output::time(head.sealed_at);
    let text = format!("batch {} {hash} sealed {sealed_at}", head.batch);
    Ok(context.output.print(&text, &json!({"batch": head.batch, "hash": hash, "sealed_at": sealed_at}))?)
}

/// Page by page: it may be longer than memory.
async fn export(context: &Context, since: OffsetDateTime) -> Result<(), CliError> {
    let mut out = io::BufWriter::new(io::stdout());
    let mut after = 0;
    loop {
        let page = journal::list(&context.pool, after, since, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (_, line) in &page {
            writeln!(out, "{line}")?;
        }
    }
    Ok(out.flush()?)
}

fn time(text: &str) -> Result<OffsetDateTime, String> {
    let day = || Date::parse(text, format_description!("[year]-[month]-[day]"));
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| day().map(|day| day.midnight().assume_utc()))
        .map_err(|_| "write a day as 2026-01-31 (UTC), or a time as 2026-01-31T12:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_or_a_time() {
        assert_eq!(time("1970-01-02"), Ok(OffsetDateTime::UNIX_EPOCH + time::Duration::DAY));
        assert_eq!(time("1970-01-01T01:00:00+01:00"), Ok(OffsetDateTime::UNIX_EPOCH));
        assert!(time("yesterday").is_err());
    }
}
