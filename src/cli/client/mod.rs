//! `tamga client ...`: registrations of relying parties and services.

mod authentication;
mod callbacks;
mod change;
mod links;
mod oauth1;
mod options;
pub(in crate::cli) mod proof;
mod public_key;
mod realms;
mod registration_tokens;
mod relying_party;
mod rules;
mod secrets;
pub(super) mod service;
mod show;
mod trusted_issuers;
mod unused;
mod uris;

use std::collections::HashSet;

use clap::Subcommand;
use serde_json::json;

use self::{
    change::{AddOptions, SetOptions},
    secrets::{AddSecretOptions, RemoveSecretOptions},
};
use super::{CliError, context::Context, nearest::hint, output::table};
use crate::{
    model::{client::Client, journal::Entry},
    store::{client_registrations, clients},
};

/// `tamga client ...`
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Register a client
    Add(Box<AddOptions>),
    /// Change a registration; lists given replace those registered
    Set(Box<SetOptions>),
    /// Give a client one more secret; those it has stay valid
    AddSecret(AddSecretOptions),
    /// Take one of a client's secrets away
    RemoveSecret(RemoveSecretOptions),
    /// Show a registration: everything but the secrets themselves
    Show(Named),
    /// List all clients
    List,
    /// Shut a client out, on every instance within 3 s
    Disable(Named),
    /// Let a disabled client in again
    Enable(Named),
    /// Remove a client, its consents and tokens
    Remove(Named),
    /// Remove clients that registered themselves and that nobody uses
    RemoveUnused(unused::UnusedOptions),
    /// Tokens with which developers register clients themselves
    #[command(subcommand)]
    RegistrationToken(registration_tokens::Command),
}

/// The client meant.
#[derive(Debug, clap::Args)]
pub struct Named {
    /// The client's identifier
    #[arg(value_name = "ID")]
    identifier: String,
}

/// Carries it out.
pub async fn run(context: &Context, command: Command) -> Result<(), CliError> {
    match command {
        Command::Add(options) => change::add(context, *options).await,
        Command::Set(options) => change::set(context, *options).await,
        Command::AddSecret(options) => secrets::add(context, options).await,
        Command::RemoveSecret(options) => secrets::remove(context, options).await,
        Command::Show(named) => {
            let client = find(context, &named.identifier).await?;
            let registration = client_registrations::find(&context.pool, client.id).await?;
            let (mut text, mut shown) = (show::text(&client), show::json(&client));
            if let Some(registration) = registration {
                let by = if registration.by_token { "with a registration token" } else { "openly" };
                text = format!("{text}\n{}", show::line("registered itself", by));
                shown["registered_itself"] = json!(by);
            }
            Ok(context.output.print(&text, &shown)?)
        }
        Command::List => list(context).await,
        Command::Disable(named) => set_disabled(context, &named.identifier, true).await,
        Command::Enable(named) => set_disabled(context, &named.identifier, false).await,
        Command::Remove(named) => remove(context, &named.identifier).await,
        Command::RemoveUnused(options) => unused::remove(context, &options).await,
        Command::RegistrationToken(command) => registration_tokens::run(context, command).await,
    }
}

/// The client, or a refusal that names the one most likely meant.
async fn find(context: &Context, identifier: &str) -> Result<Client, CliError> {
    if let Some(client) = clients::find(&context.pool, identifier).await? {
        return Ok(client);
    }
    let all = clients::list(&context.pool).await?;
    let known = all.iter().map(|(identifier, ..)| identifier.as_str());
    let hint = hint(identifier, known, "`tamga client list` shows all");
    Err(CliError::refused(format!("there is no client `{identifier}`; {hint}")))
}

async fn list(context: &Context) -> Result<(), CliError> {
    let clients = clients::list(&context.pool).await?;
    let by_themselves: HashSet<String> =
        client_registrations::list(&context.pool).await?.into_iter().collect();
    let word = |id: &str, disabled: bool| match (disabled, by_themselves.contains(id)) {
        (true, true) => "disabled, registered itself",
        (true, false) => "disabled",
        (false, true) => "registered itself",
        (false, false) => "",
    };
    let rows: Vec<_> =
        clients.iter().map(|(id, name, off)| [id.clone(), name.clone(), word(id, *off).to_owned()]).collect();
    let objects: Vec<_> = clients
        .iter()
        .map(|(id, name, disabled)| {
            let by_itself = by_themselves.contains(id);
            json!({"client_id": id, "name": name, "disabled": disabled, "registered_itself": by_itself})
        })
        .collect();
    let text = if rows.is_empty() {
        "no client is registered; `tamga client add` registers one".to_owned()
    } else {
        table(["CLIENT", "NAME", ""], &rows)
    };
    Ok(context.output.print(&text, &json!({"clients": objects}))?)
}

async fn set_disabled(context: &Context, identifier: &str, disabled: bool) -> Result<(), CliError> {
    let mut client = find(context, identifier).await?;
    let word = if disabled { "disabled" } else { "enabled" };
    if client.disabled_at.is_some() == disabled {
        let text = format!("client `{identifier}` was {word} already");
        return Ok(context.output.print(&text, &json!({"client_id": identifier, "disabled": disabled}))?);
    }
    let now = context.clock.now();
    let action = if disabled { "client.disable" } else { "client.enable" };
    let mut entry = Entry::by_operator(now, action, "client", identifier);
    entry.before = Some(json!({"disabled": !disabled}));
    entry.after = Some(json!({"disabled": disabled}));
    client.disabled_at = disabled.then_some(now);
    clients::update(&context.pool, &client, now, &entry).await?;
    let text = format!("{word} client `{identifier}`");
    Ok(context.output.print(&text, &json!({"client_id": identifier, "disabled": disabled}))?)
}

async fn remove(context: &Context, identifier: &str) -> Result<(), CliError> {
    let client = find(context, identifier).await?;
    let mut entry = Entry::by_operator(context.clock.now(), "client.remove", "client", identifier);
    entry.before = Some(show::json(&client));
    clients::remove(&context.pool, client.id, &entry).await?;
    let text = format!("removed client `{identifier}`, its secrets, consents and tokens");
    Ok(context.output.print(&text, &json!({"client_id": identifier, "removed": true}))?)
}
