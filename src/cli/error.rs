//! Why a command did not do what was asked; its text is all that the operator sees.

use crate::{
    app::{KeysError, StartError},
    cli::private_postgres::LaunchError,
    http::serve::ServeError,
    settings::SettingFault,
    store::StoreError,
};

/// A command was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The operator asked for something that can't be; says what to do.
    #[error("{0}")]
    Refused(String),
    /// Everything that is wrong with the settings.
    #[error("the settings can't be used:{}", lines(.0))]
    Settings(Vec<SettingFault>),
    /// The database failed.
    #[error("{}", of_store(.0))]
    Store(#[from] StoreError),
    /// A part of the server can't start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The signing keys are at fault.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The listener can't start.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The private database can't be started.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// Standard output or input is closed.
    #[error("standard input or output: {0}")]
    Pipe(#[from] std::io::Error),
}

impl CliError {
    /// A refusal in words.
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }
}

fn lines(faults: &[SettingFault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}

fn of_store(error: &StoreError) -> String {
    if error.is_unavailable() {
        format!("the database does not answer ({error}); is it running, and is database.url right?")
    } else {
        error.to_string()
    }
}
