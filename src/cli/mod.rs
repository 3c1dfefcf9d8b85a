//! What the command line does, one file a command group.
//!
//! Exit codes: 0 done, 1 refused or failed (why, on standard error), 2 wrong use. With
//! `--output json` a command prints one object on standard output and nothing else.

mod attributes;
mod check;
mod client;
mod context;
pub mod dev;
mod doctor;
pub mod environment;
mod error;
mod journal;
mod keys;
mod log;
mod metrics;
mod migrate;
mod nearest;
mod output;
mod people;
pub mod private_postgres;
mod seeds;
pub mod serve;
mod stdin;
mod user;
mod words;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use self::{context::Context, output::Format};

pub use self::error::CliError;

/// A single-sign-on identity provider for a government.
#[derive(Debug, Parser)]
#[command(name = "tamga", version, max_term_width = 110, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// The settings file; else TAMGA_CONFIG, /etc/tamga/tamga.toml or ./config/tamga.toml
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub config: Option<PathBuf>,
    /// What is printed: text for people, or json, one object
    #[arg(
        long,
        global = true,
        value_name = "text|json",
        value_enum,
        default_value_t,
        help_heading = "Global options"
    )]
    #[arg(hide_possible_values = true)]
    pub output: Format,
    /// Say more of what happens, on standard error; twice: everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve: migrates the database, then answers until SIGTERM
    Serve,
    /// Serve for trying things out: private database, demonstration accounts and relying parties
    Dev(dev::Options),
    /// Bring the database's schema up to date
    Migrate,
    /// Look at the settings
    #[command(subcommand)]
    Config(check::Command),
    /// Say what is wrong with this installation and how to mend it
    Doctor(doctor::Options),
    /// Register and change clients: relying parties and services
    #[command(subcommand)]
    Client(client::Command),
    /// Make and change people's accounts
    #[command(subcommand)]
    User(user::Command),
    /// Look at and change the keys that tokens are signed with
    #[command(subcommand)]
    Keys(keys::Command),
    /// Check and read the journal of what was done
    #[command(subcommand)]
    Journal(journal::Command),
    /// Take people in from JSON lines: all of a file, or nobody
    Import(people::ImportOptions),
    /// Write people out as JSON lines
    Export(people::ExportOptions),
}

/// Carries the command out.
///
/// # Errors
/// [`CliError`]: one clear text that says what to do.
pub fn run(cli: Cli) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::refused(format!("the system gives no threads: {error}")))?;
    runtime.block_on(carry_out(cli))
}

async fn carry_out(Cli { global, command }: Cli) -> Result<(), CliError> {
    if !matches!(command, Command::Serve | Command::Dev(_)) {
        log::of_command(global.verbose);
    }
    match command {
        Command::Serve => serve::serve(&global).await,
        Command::Dev(options) => dev::run(&global, options, crate::build_router_with).await,
        Command::Migrate => migrate::run(&global).await,
        Command::Config(command) => check::run(&global, command),
        Command::Doctor(options) => doctor::run(&global, options).await,
        Command::Client(command) => {
            let context = Context::open(&global).await?;
            context.close(client::run(&context, command).await).await
        }
        Command::User(command) => {
            let context = Context::open(&global).await?;
            context.close(user::run(&context, command).await).await
        }
        Command::Keys(command) => {
            let context = Context::open(&global).await?;
            context.close(keys::run(&context, command).await).await
        }
        Command::Journal(command) => {
            let context = Context::open(&global).await?;
            context.close(journal::run(&context, command).await).await
        }
        Command::Import(options) => {
            let context = Context::open(&global).await?;
            context.close(people::import(&context, options).await).await
        }
        Command::Export(options) => {
            let context = Context::open(&global).await?;
            context.close(people::export(&context, options).await).await
        }
    }
}
