//! `tamga client registration-token ...`: tokens with which developers register clients themselves
//! (RFC 7591 §1.2, initial access token). Shown once, kept as digests.

use clap::Subcommand;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::{
    cli::{
        CliError,
        context::Context,
        output::{self, table},
    },
    ids::RegistrationTokenId,
    model::journal::Entry,
    secret::Token,
    settings::parse_duration,
    store::registration_tokens::{self, RegistrationToken},
};

/// `tamga client registration-token ...`
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make one, and print it this once
    Add(AddOptions),
    /// List all, used up and expired ones too
    List,
    /// Take one away; clients registered with it stay
    Remove(RemoveOptions),
}

/// `tamga client registration-token add`
#[derive(Debug, clap::Args)]
pub struct AddOptions {
    /// How many clients it registers
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(i32).range(1..=1_000_000))]
    uses: i32,
    /// When it stops working, counted from now
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = ttl)]
    ttl: Duration,
}

/// `tamga client registration-token remove`
#[derive(Debug, clap::Args)]
pub struct RemoveOptions {
    /// The token's id, as `list` shows it
    #[arg(value_name = "ID", value_parser = id)]
    id: RegistrationTokenId,
}

/// Carries it out.
pub async fn run(context: &Context, command: Command) -> Result<(), CliError> {
    match command {
        Command::Add(options) => add(context, &options).await,
        Command::List => list(context).await,
        Command::Remove(options) => remove(context, options.id).await,
    }
}

async fn add(context: &Context, options: &AddOptions) -> Result<(), CliError> {
    let now = context.clock.now();
    let value = Token::generate(&context.rng);
    let token = RegistrationToken {
        id: RegistrationTokenId(context.rng.uuid(now)),
        uses_left: options.uses,
        created_at: now,
        expires_at: now + options.ttl,
        last_used_at: None,
    };
    let mut entry = Entry::by_operator(now, "registration_token.insert", "registration_token", token.id);
    entry.after = Some(object(&token, now));
    registration_tokens::insert(&context.pool, &token, value.digest(), &entry).await?;
    let mut shown = object(&token, now);
    shown["token"] = json!(value.expose());
    let clients =
        if options.uses == 1 { "one client".to_owned() } else { format!("{} clients", options.uses) };
    let mut text = format!(
        "made registration token {} for {clients}, valid until {}; shown only now:\n{}",
        token.id,
        output::time(token.expires_at),
        value.expose()
    );
    let registration = &context.settings().registration;
    if !registration.enabled {
        text.push_str("\nregistration is not enabled: set registration.enabled");
    } else if registration.open {
        text.push_str("\nregistration is open: clients can be registered without it, too");
    }
    Ok(context.output.print(&text, &shown)?)
}

async fn list(context: &Context) -> Result<(), CliError> {
    let now = context.clock.now();
    let tokens = registration_tokens::list(&context.pool).await?;
    let rows: Vec<_> = tokens
        .iter()
        .map(|token| {
            let used = token.last_used_at.map_or("never".to_owned(), output::time);
            let state = if is_good(token, now) { "good" } else { "spent" };
            let expires = output::time(token.expires_at);
            [token.id.to_string(), token.uses_left.to_string(), expires, used, state.to_owned()]
        })
        .collect();
    let text = if rows.is_empty() {
        "there is no registration token; `tamga client registration-token add` makes one".to_owned()
    } else {
        table(["TOKEN", "USES LEFT", "EXPIRES", "LAST USED", ""], &rows)
    };
    let objects: Vec<_> = tokens.iter().map(|token| object(token, now)).collect();
    Ok(context.output.print(&text, &json!({"registration_tokens": objects}))?)
}

async fn remove(context: &Context, id: RegistrationTokenId) -> Result<(), CliError> {
    let now = context.clock.now();
    let entry = Entry::by_operator(now, "registration_token.remove", "registration_token", id);
    if !registration_tokens::remove(&context.pool, id, &entry).await? {
        return Err(CliError::refused(format!(
            "there is no registration token {id}; `tamga client registration-token list` shows all"
        )));
    }
    let text = format!("removed registration token {id}; clients registered with it stay");
    Ok(context.output.print(&text, &json!({"id": id, "removed": true}))?)
}

fn is_good(token: &RegistrationToken, now: OffsetDateTime) -> bool {
    token.uses_left > 0 && token.expires_at > now
}

fn object(token: &RegistrationToken, now: OffsetDateTime) -> Value {
    json!({
        "id": token.id,
        "uses_left": token.uses_left,
        "created_at": output::time(token.created_at),
        "expires_at": output::time(token.expires_at),
        "last_used_at": token.last_used_at.map(output::time),
        "good": is_good(token, now),
    })
}

fn id(text: &str) -> Result<RegistrationTokenId, String> {
    text.parse()
        .map_err(|_| "give the id of a token, as `tamga client registration-token list` shows it".to_owned())
}

fn ttl(text: &str) -> Result<Duration, String> {
    let after = parse_duration(text).map_err(|error| error.to_string())?;
    let seconds = i64::try_from(after.as_secs()).unwrap_or(i64::MAX);
    if (1..=365 * 24 * 3600).contains(&seconds) {
        Ok(Duration::seconds(seconds))
    } else {
        Err("give 1s to 365d".into())
    }
}
