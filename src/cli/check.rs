//! `tamga config check`: the server's own checks, without starting it.

use clap::Subcommand;
use serde_json::json;

use super::{CliError, Global, environment::strict};
use crate::{
    app::{self, Trust},
    http::tls::Certificate,
    outbound::{Senders, fetch::Fetcher},
    settings::{SettingFault, Settings, Sources},
    templates::Templates,
};

/// `tamga config ...`
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check everything that `serve` would read: settings, templates, TLS files, encryption keys
    Check,
}

/// Carries it out.
pub fn run(global: &Global, Command::Check: Command) -> Result<(), CliError> {
    let sources = Sources::of_process(global.config.clone(), false);
    let file = sources.file.as_ref().map(|file| file.display().to_string());
    let faults = match strict(&sources) {
        Ok(settings) => beyond_settings(&settings),
        Err(CliError::Settings(faults)) => faults,
        Err(other) => return Err(other),
    };
    if !faults.is_empty() {
        return Err(CliError::Settings(faults));
    }
    let from = file.as_deref().unwrap_or("no file, only the environment");
    global
        .output
        .print(&format!("the settings are in order ({from})"), &json!({"ok": true, "file": file}))?;
    Ok(())
}

/// What the settings name: templates, certificates, keys.
pub fn beyond_settings(settings: &Settings) -> Vec<SettingFault> {
    let fault = |key: &str, message: String| SettingFault { key: key.to_owned(), message };
    let mut faults = Vec::new();
    if let Err(error) = Templates::load(app::branding(&settings.branding)) {
        faults.push(fault("branding", error.to_string()));
    }
    if let Some(Err(error)) = settings.tls.as_ref().map(Certificate::load) {
        // Its text begins with the key.
        let text = error.to_string();
        let (key, message) = text.split_once(": ").unwrap_or(("tls", &text));
        faults.push(fault(key, message.to_owned()));
    }
    if let Err(error) = app::sealer(settings) {
        faults.push(fault("secrets.encryption_keys", error.to_string()));
    }
    let named = [
        Senders::new(settings).err().map(|error| error.to_string()),
        Fetcher::new(&settings.outbound).err().map(|error| error.to_string()),
        Trust::load(settings).err().map(|error| error.to_string()),
    ];
    for text in named.into_iter().flatten() {
        let (key, message) = text.split_once(": ").unwrap_or(("settings", &text));
        faults.push(fault(key, message.to_owned()));
    }
    faults
}
