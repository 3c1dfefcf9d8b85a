//! `tamga client remove-unused`: clients that registered themselves and that nobody uses.

use serde_json::json;
use time::Duration;

use crate::{
    cli::{CliError, context::Context, output::table},
    model::journal::Entry,
    settings::parse_duration,
    store::{client_registrations, clients},
};

/// `tamga client remove-unused`
#[derive(Debug, clap::Args)]
pub struct UnusedOptions {
    /// How long it was not used, such as 90d
    #[arg(long = "for", value_name = "TIME", value_parser = span)]
    span: Duration,
    /// Only say which they are
    #[arg(long)]
    dry_run: bool,
}

/// Removes them, or lists them.
pub async fn remove(context: &Context, options: &UnusedOptions) -> Result<(), CliError> {
    let now = context.clock.now();
    let unused = client_registrations::list_unused(&context.pool, now - options.span, now).await?;
    if !options.dry_run {
        for (id, identifier, name) in &unused {
            let mut entry = Entry::by_operator(now, "client.remove", "client", identifier);
            entry.before = Some(json!({"client_id": identifier, "name": name, "unused": true}));
            clients::remove(&context.pool, *id, &entry).await?;
        }
    }
    let rows: Vec<_> = unused.iter().map(|(_, id, name)| [id.clone(), name.clone()]).collect();
    let done = if options.dry_run { "would be removed" } else { "removed" };
    let text = if rows.is_empty() {
        "no client that registered itself is unused for that long".to_owned()
    } else {
        format!("{done}:\n{}", table(["CLIENT", "NAME"], &rows))
    };
    let identifiers: Vec<_> = unused.iter().map(|(_, identifier, _)| identifier).collect();
    Ok(context.output.print(&text, &json!({"clients": identifiers, "removed": !options.dry_run}))?)
}

fn span(text: &str) -> Result<Duration, String> {
    let span = parse_duration(text).map_err(|error| error.to_string())?;
    let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
    // A developer who registered this morning may need the afternoon.
    if (24 * 3600..=3650 * 24 * 3600).contains(&seconds) {
        Ok(Duration::seconds(seconds))
    } else {
        Err("give 1d to 3650d".into())
    }
}
