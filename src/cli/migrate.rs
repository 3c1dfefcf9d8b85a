//! `tamga migrate`: brings the schema up to date.

use serde_json::json;

use super::{
    CliError, Global,
    context::{open_environment, reach_for_migrations},
};
use crate::store::{self, MIGRATOR};

/// Applies what is missing and says what that was.
pub async fn run(global: &Global) -> Result<(), CliError> {
    let environment = open_environment(global).await?;
    let pool = reach_for_migrations(&environment.settings.database).await?;
    let known = MIGRATOR.iter().count();
    let before = store::pending_migrations(&pool).await?;
    store::migrate(&pool).await?;
    // In their order, so those that were missing are the last.
    let applied: Vec<_> = MIGRATOR.iter().skip(known - before.min(known)).collect();
    let lines: Vec<_> = applied.iter().map(|m| format!("applied {} {}", m.version, m.description)).collect();
    let text = if lines.is_empty() { "the schema is up to date".to_owned() } else { lines.join("\n") };
    let applied: Vec<_> =
        applied.iter().map(|m| json!({"version": m.version, "description": m.description})).collect();
    global.output.print(&text, &json!({"applied": applied}))?;
    Ok(())
}
