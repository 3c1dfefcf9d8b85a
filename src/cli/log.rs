//! The log: on standard error, since standard output is for what a command was asked for.

use tracing_subscriber::EnvFilter;

use super::CliError;
use crate::settings::{Log, LogFormat};

/// For a server: as the settings say, and more with `-v`.
///
/// # Errors
/// The filter can't be read, which loading the settings has ruled out.
pub fn of_server(log: &Log, verbose: u8) -> Result<(), CliError> {
    let more = match verbose {
        0 => "",
        1 => ",tamga=debug",
        _ => ",tamga=trace",
    };
    // Migrating says at each start that its table is there already. The operator's word comes later
    // and so wins.
    let directives = format!("sqlx::postgres::notice=warn,{}{more}", log.filter);
    let filter = EnvFilter::try_new(directives)
        .map_err(|error| CliError::refused(format!("log.filter can't be used: {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second server in one process (tests) keeps the first one's log.
    let _set = match log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Pretty => builder.try_init(),
    };
    Ok(())
}

/// For a command: warnings, and more with `-v`.
pub fn of_command(verbose: u8) {
    let directives = match verbose {
        0 => "warn",
        1 => "warn,tamga=debug",
        _ => "info,tamga=trace,sqlx=debug",
    };
    let builder = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(directives));
    let _set = builder.with_writer(std::io::stderr).without_time().try_init();
}
