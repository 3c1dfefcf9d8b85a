//! `tamga user ...`: people's accounts.

mod certificates;
mod operators;
mod roles;
mod second_factor;

use std::io::{self, Write};

use clap::Subcommand;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    CliError,
    attributes::{self, Given},
    client::service::{self, Part},
    context::{Context, taken},
    output::{self, Format},
    stdin,
    words::words,
};
use crate::{
    crypto::password::{Cost, Passwords},
    ids::UserId,
    model::{
        attribute::Level,
        credential::CredentialKind,
        journal::Entry,
        password,
        user::{User, UserKind, username_key},
    },
    settings::Settings,
    store::{
        credentials, user_certificates,
        users::{self, NewAttribute, NewUser},
    },
};

/// Who says what an operator types.
const SOURCE: &str = "operator";
/// Accounts read at a time when all are listed.
const PAGE: i64 = 1_000;

/// `tamga user ...`
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an account; no attribute is demanded
    Add(AddOptions),
    /// Set attributes of an account
    Set(SetOptions),
    /// Show an account and all it holds
    Show(Named),
    /// List all accounts
    List,
    /// Shut an account out, on every instance within 3 s
    Disable(Named),
    /// Let a disabled account in again
    Enable(Named),
    /// Set a new password and end the account's sessions, or print a link by which its owner does
    ResetPassword(ResetOptions),
    /// Let somebody sign in with a certificate
    AddCertificate(certificates::AddOptions),
    /// Take a certificate away again
    RemoveCertificate(certificates::RemoveOptions),
    /// Make somebody a registrar or an agency's administrator
    Grant(roles::GrantOptions),
    /// Take a role away again
    RevokeRole(roles::RevokeOptions),
    /// Say who may act for an organisation
    Representative(roles::RepresentativeOptions),
}

/// The account meant.
#[derive(Debug, clap::Args)]
pub struct Named {
    /// The user name, whatever its case
    #[arg(value_name = "NAME")]
    username: String,
}

/// `tamga user add`
#[derive(Debug, clap::Args)]
pub struct AddOptions {
    /// What sort of account
    #[arg(long, value_parser = words(UserKind::ALL, UserKind::word))]
    kind: UserKind,
    /// The name to sign in with: 1 to 128 characters
    #[arg(long, value_name = "NAME")]
    username: String,
    /// Take the password from standard input; without one the account can't sign in by password
    #[arg(long)]
    password_stdin: bool,
    /// What is known about the person, and how well it was checked; repeat for each
    #[arg(long = "attribute", value_name = "NAME=VALUE[@LEVEL]", value_parser = attributes::parse)]
    attributes: Vec<Given>,
    /// What is asked besides the password: a code by SMS or mail, or of an authenticator application
    #[arg(long, value_name = "sms|mail|totp", value_parser = words(second_factor::KINDS, CredentialKind::word))]
    second_factor: Option<CredentialKind>,
}

/// `tamga user set`
#[derive(Debug, clap::Args)]
pub struct SetOptions {
    /// The user name, whatever its case
    #[arg(value_name = "NAME")]
    username: String,
    /// An attribute's new value, and how well it was checked; repeat for each
    #[arg(long = "attribute", value_name = "NAME=VALUE[@LEVEL]", value_parser = attributes::parse)]
    #[arg(required_unless_present = "may_act_for")]
    attributes: Vec<Given>,
    /// For whom the person may act as an operator: all, organisation (members of their own) or kind:KIND;
    /// repeat for each, '' for nobody
    #[arg(long, value_name = "WHOM", value_parser = service::part)]
    may_act_for: Vec<Part>,
}

/// `tamga user reset-password`
#[derive(Debug, clap::Args)]
pub struct ResetOptions {
    /// The user name, whatever its case
    #[arg(value_name = "NAME")]
    username: String,
    /// Take the new password from standard input; without it a link is printed that works once
    #[arg(long)]
    password_stdin: bool,
}

/// Carries it out.
pub async fn run(context: &Context, command: Command) -> Result<(), CliError> {
    match command {
        Command::Add(options) => add(context, options).await,
        Command::Set(options) => set(context, options).await,
        Command::Show(named) => {
            let user = find(context, &named.username).await?;
            let held = crate::store::roles::list(&context.pool, user.id).await?;
            let (mut text, mut object) = (text(&user), json(&user));
            for role in &held {
                text.push_str(&format!("\n{:18}  {}", "role", roles::described(role)));
            }
            object["roles"] = roles::json(&held);
            object = operators::with(context, &user, object).await?;
            text.push_str(&operators::line(&object));
            let certificates = user_certificates::list(&context.pool, user.id).await?;
            for held in &certificates {
                text.push_str(&format!("\n{:18}  {}", "certificate", certificates::line(held)));
            }
            object["certificates"] = certificates.iter().map(certificates::json).collect();
            Ok(context.output.print(&text, &object)?)
        }
        Command::List => list(context).await,
        Command::Disable(named) => set_disabled(context, &named.username, true).await,
        Command::Enable(named) => set_disabled(context, &named.username, false).await,
        Command::ResetPassword(options) => reset_password(context, options).await,
        Command::AddCertificate(options) => certificates::add(context, options).await,
        Command::RemoveCertificate(options) => certificates::remove(context, options).await,
        Command::Grant(options) => roles::grant(context, options).await,
        Command::RevokeRole(options) => roles::revoke(context, options).await,
        Command::Representative(options) => roles::representative(context, options).await,
    }
}

async fn add(context: &Context, options: AddOptions) -> Result<(), CliError> {
    check_username(&options.username)?;
    let attributes = attributes::check(options.attributes, context.settings(), context.clock.now().date())
        .map_err(CliError::Refused)?;
    let password_hash = if options.password_stdin {
        let values = attributes.iter().filter(|new| names_a_person(&new.name, new.identifier));
        let names: Vec<&str> =
            values.map(|new| new.value.as_str()).chain([options.username.as_str()]).collect();
        Some(hash(context, read_password(&names)?).await?)
    } else {
        None
    };
    if let Some(kind) = options.second_factor {
        second_factor::check(kind, &attributes)?;
    }
    let now = context.clock.now();
    let id = UserId(context.rng.uuid(now));
    let mut entry = Entry::by_operator(now, "user.insert", "user", id);
    entry.after = Some(json!({
        "username": options.username,
        "kind": options.kind,
        "password": password_hash.is_some(),
        "attributes": journalled(context.settings(), new_values(&attributes)),
    }));
    let user = NewUser { id, kind: options.kind, username: options.username, password_hash, attributes };
    users::insert(&context.pool, &user, SOURCE, &entry)
        .await
        .map_err(|error| taken(error, |constraint| taken_words(constraint, &user.username)))?;
    let mut text = format!("made account `{}` ({id})", user.username);
    let mut object = json!({"user_id": id, "username": user.username});
    if let Some(kind) = options.second_factor {
        let (credential, totp) = second_factor::make(context, id, &user.username, kind)?;
        let mut entry = Entry::by_operator(now, "credential.insert", "user", id);
        entry.after = Some(json!({"kind": kind.word()}));
        credentials::insert(&context.pool, &[credential], None, &entry).await?;
        if let Some(totp) = totp {
            // Shown this once: it is stored sealed.
            text.push_str(&format!(
                "\ntotp secret  {}\ntotp uri     {}",
                word(&totp["secret"]),
                word(&totp["uri"])
            ));
            object["totp"] = totp;
        }
    }
    Ok(context.output.print(&text, &object)?)
}

async fn set(context: &Context, options: SetOptions) -> Result<(), CliError> {
    let user = find(context, &options.username).await?;
    let attributes = attributes::check(options.attributes, context.settings(), context.clock.now().date())
        .map_err(CliError::Refused)?;
    let may_act_for = service::parts("--may-act-for", &options.may_act_for).map_err(CliError::Refused)?;
    if let Some(parts) = &may_act_for {
        operators::set(context, &user, parts).await?;
    }
    if attributes.is_empty() {
        let shown = operators::with(context, &user, json(&user)).await?;
        return Ok(context.output.print(&format!("changed account `{}`", user.username), &shown)?);
    }
    let mut entry = Entry::by_operator(context.clock.now(), "user.set_attributes", "user", user.id);
    let before = attributes.iter().filter_map(|new| {
        let old = user.attributes.get(&new.name)?;
        Some((new.name.as_str(), old.value.as_str(), old.level))
    });
    entry.before = Some(journalled(context.settings(), before));
    entry.after = Some(journalled(context.settings(), new_values(&attributes)));
    users::set_attributes(&context.pool, user.id, &attributes, SOURCE, &entry)
        .await
        .map_err(|error| taken(error, |constraint| taken_words(constraint, &user.username)))?;
    let user = find(context, &user.username).await?;
    let shown = operators::with(context, &user, json(&user)).await?;
    Ok(context.output.print(&format!("changed account `{}`", user.username), &shown)?)
}

async fn set_disabled(context: &Context, username: &str, disabled: bool) -> Result<(), CliError> {
    let user = find(context, username).await?;
    let word = if disabled { "disabled" } else { "enabled" };
    let object = json!({"user_id": user.id, "username": user.username, "disabled": disabled});
    if user.disabled_at.is_some() == disabled {
        return Ok(context
            .output
            .print(&format!("account `{}` was {word} already", user.username), &object)?);
    }
    let action = if disabled { "user.disable" } else { "user.enable" };
    let mut entry = Entry::by_operator(context.clock.now(), action, "user", user.id);
    entry.before = Some(json!({"disabled": !disabled}));
    entry.after = Some(json!({"disabled": disabled}));
    users::set_disabled(&context.pool, user.id, disabled, &entry).await?;
    Ok(context.output.print(&format!("{word} account `{}`", user.username), &object)?)
}

async fn reset_password(context: &Context, options: ResetOptions) -> Result<(), CliError> {
    let user = find(context, &options.username).await?;
    if !options.password_stdin {
        return second_factor::print_link(context, &user).await;
    }
    let identifier =
        |name: &str| context.settings().attributes.get(name).is_some_and(|known| known.identifier);
    let values = user.attributes.iter().filter(|(name, _)| names_a_person(name, identifier(name)));
    let names: Vec<&str> =
        values.map(|(_, held)| held.value.as_str()).chain([user.username.as_str()]).collect();
    let hash = hash(context, read_password(&names)?).await?;
    let entry = Entry::by_operator(context.clock.now(), "user.set_password", "user", user.id);
    users::set_password(&context.pool, user.id, &hash, &entry).await?;
    let text = format!("set the password of account `{}` and ended its sessions", user.username);
    Ok(context.output.print(&text, &json!({"user_id": user.id, "username": user.username}))?)
}

async fn find(context: &Context, username: &str) -> Result<User, CliError> {
    users::find(&context.pool, username).await?.ok_or_else(|| {
        CliError::refused(format!("there is no account `{username}`; `tamga user list` shows all"))
    })
}

/// Page by page: there may be millions.
async fn list(context: &Context) -> Result<(), CliError> {
    let (mut after, mut first) = (String::new(), true);
    let mut out = io::BufWriter::new(io::stdout());
    if context.output == Format::Json {
        write!(out, "{{\"users\":[")?;
    }
    loop {
        let page = users::list(&context.pool, &after, PAGE).await?;
        for (username, kind, disabled) in &page {
            match context.output {
                Format::Text => {
                    writeln!(out, "{username}  {kind}{}", if *disabled { "  disabled" } else { "" })?;
                }
                Format::Json => {
                    let comma = if first { "" } else { "," };
                    let object = json!({"username": username, "kind": kind, "disabled": disabled});
                    write!(out, "{comma}{object}")?;
                }
            }
            first = false;
        }
        match page.last() {
            Some((username, ..)) => after = username_key(username),
            None => break,
        }
    }
    match context.output {
        Format::Json => writeln!(out, "]}}")?,
        Format::Text if first => writeln!(out, "there is no account; `tamga user add` makes one")?,
        Format::Text => {}
    }
    Ok(out.flush()?)
}

pub(super) fn check_username(username: &str) -> Result<(), CliError> {
    let length = username.chars().count();
    if !(1..=128).contains(&length) || username.chars().any(char::is_control) || username.trim() != username {
        return Err(CliError::refused(
            "--username: give 1 to 128 characters on one line, without spaces around them",
        ));
    }
    Ok(())
}

fn names_a_person(attribute: &str, identifier: bool) -> bool {
    identifier || matches!(attribute, "email" | "mobile_phone" | "telephone")
}

/// `names` say who the person is; none of them is a password.
fn read_password(names: &[&str]) -> Result<SecretString, CliError> {
    let password = password::normalised(&stdin::secret("--password-stdin")?);
    password::check(&password, names).map_err(|why| CliError::refused(format!("--password-stdin: {why}")))?;
    Ok(password)
}

async fn hash(context: &Context, password: SecretString) -> Result<String, CliError> {
    let argon2 = &context.settings().passwords.argon2;
    let cost = Cost {
        memory_kib: argon2.memory_kib,
        iterations: argon2.iterations,
        parallelism: argon2.parallelism,
    };
    let failed = |error| CliError::refused(format!("passwords.argon2: {error}"));
    let hasher = Passwords::new(cost, 1, 1, &context.rng).map_err(failed)?;
    hasher.hash(password, &context.rng).await.map_err(failed)
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn taken_words(constraint: &str, username: &str) -> String {
    if constraint == "user_attributes_verified_identifier" {
        "another account holds this identifier at level 2 or more; look for that account, or give it at a lower \
         level"
            .to_owned()
    } else {
        format!("the user name `{username}` is taken (names differ by more than case); choose another")
    }
}

fn new_values(attributes: &[NewAttribute]) -> impl Iterator<Item = (&str, &str, Level)> {
    attributes.iter().map(|new| (new.name.as_str(), new.value.as_str(), new.level))
}

/// The journal is never erased: of what the registry calls sensitive it keeps the level alone, and
/// the value stays in the account's own history.
fn journalled<'a>(settings: &Settings, attributes: impl Iterator<Item = (&'a str, &'a str, Level)>) -> Value {
    let object = |(name, value, level): (&str, &str, Level)| {
        let sensitive = settings.attributes.get(name).is_some_and(|definition| definition.sensitive);
        let told = if sensitive { json!({"level": level}) } else { json!({"value": value, "level": level}) };
        (name.to_owned(), told)
    };
    Value::Object(attributes.map(object).collect())
}

fn json(user: &User) -> Value {
    let attributes = user.attributes.iter().map(|(name, held)| {
        let verified_at = held.verified_at.map(output::time);
        let object = json!({
            "value": held.value, "level": held.level, "source": held.source, "verified_at": verified_at,
        });
        (name.clone(), object)
    });
    json!({
        "user_id": user.id,
        "username": user.username,
        "kind": user.kind,
        "level": user.level(),
        "locale": user.locale.map(|locale| locale.tag()),
        "disabled_at": user.disabled_at.map(output::time),
        "updated_at": output::time(user.updated_at),
        "attributes": Value::Object(attributes.collect()),
    })
}

fn text(user: &User) -> String {
    let line = |name: &str, value: &str| format!("{name:18}  {value}");
    let disabled = user.disabled_at.map_or("no".to_owned(), |at| format!("since {}", output::time(at)));
    let mut lines = vec![
        line("user", &user.username),
        line("id", &user.id.to_string()),
        line("kind", user.kind.word()),
        line("level", &user.level().to_string()),
        line("disabled", &disabled),
        line("changed", &output::time(user.updated_at)),
    ];
    lines.extend(user.attributes.iter().map(|(name, held)| {
        line(name, &format!("{}  (level {}, by {})", held.value, held.level, held.source))
    }));
    lines.join("\n")
}
