//! The command line.

use std::process::ExitCode;

use clap::Parser;
use tamga::cli::{self, Cli};

fn main() -> ExitCode {
    // clap itself ends with 2 for a wrong use, 0 for --help.
    let command_line = Cli::parse();
    match cli::run(command_line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tamga: {error}");
            ExitCode::FAILURE
        }
    }
}
