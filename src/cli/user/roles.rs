//! `tamga user grant`, `revoke-role` and `representative`: what a person may do beyond their own
//! account.

use serde_json::json;

use super::find;
use crate::{
    cli::{CliError, attributes, context::Context, words::words},
    ids::UserId,
    model::{
        hints::Identifier,
        journal::Entry,
        role::{Role, RoleName},
        user::UserKind,
    },
    store::{representatives, roles},
};

/// Identifiers that name a person who may act for an organisation.
const OF_PEOPLE: [&str; 3] = ["citizen_id", "iin", "passport_id"];

/// `tamga user grant`
#[derive(Debug, clap::Args)]
pub struct GrantOptions {
    /// The user name, whatever its case
    #[arg(value_name = "NAME")]
    username: String,
    /// What the person may do
    #[arg(long, value_parser = words(RoleName::ALL, RoleName::word))]
    role: RoleName,
    /// The agency an agency-administrator speaks for, as organization.name says it
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,
}

/// `tamga user revoke-role`
#[derive(Debug, clap::Args)]
pub struct RevokeOptions {
    /// The user name, whatever its case
    #[arg(value_name = "NAME")]
    username: String,
    /// What the person may do no longer
    #[arg(long, value_parser = words(RoleName::ALL, RoleName::word))]
    role: RoleName,
}

/// `tamga user representative`
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("change").required(true).args(["add", "remove"]))]
pub struct RepresentativeOptions {
    /// The organisation's user name, whatever its case
    #[arg(value_name = "NAME")]
    username: String,
    /// Who may act for it: a person's identifier
    #[arg(long, value_name = "IDENTIFIER=VALUE", value_parser = attributes::parse)]
    add: Option<attributes::Given>,
    /// Who may act for it no longer
    #[arg(long, value_name = "IDENTIFIER=VALUE", value_parser = attributes::parse)]
    remove: Option<attributes::Given>,
    /// What the representative is called
    #[arg(long, value_name = "TEXT", requires = "add")]
    full_name: Option<String>,
}

/// Carries `grant` out.
pub async fn grant(context: &Context, options: GrantOptions) -> Result<(), CliError> {
    let agency = options.agency.map(|agency| agency.trim().to_owned());
    if agency.as_ref().is_some_and(|agency| {
        !(1..=500).contains(&agency.chars().count()) || agency.chars().any(char::is_control)
    }) {
        return Err(CliError::refused("--agency: give 1 to 500 characters on one line"));
    }
    let role = Role::new(options.role, agency).ok_or_else(|| {
        CliError::refused(match options.role {
            RoleName::Registrar => "--agency: a registrar speaks for no agency; leave it out",
            RoleName::AgencyAdministrator => "--agency: name the agency this person administers",
        })
    })?;
    let user = find(context, &options.username).await?;
    let mut entry = Entry::by_operator(context.clock.now(), "role.grant", "user", user.id);
    entry.after = Some(json!({"role": role.name(), "agency": role.agency()}));
    let changed = roles::grant(&context.pool, user.id, &role, &entry).await?;
    let word = if changed { "is now" } else { "was already" };
    let text = format!("account `{}` {word} {}", user.username, described(&role));
    print(context, user.id, &text).await
}

/// Carries `revoke-role` out.
pub async fn revoke(context: &Context, options: RevokeOptions) -> Result<(), CliError> {
    let user = find(context, &options.username).await?;
    let mut entry = Entry::by_operator(context.clock.now(), "role.revoke", "user", user.id);
    entry.before = Some(json!({"role": options.role}));
    let changed = roles::revoke(&context.pool, user.id, options.role, &entry).await?;
    let word = if changed { "is no longer" } else { "was not" };
    print(context, user.id, &format!("account `{}` {word} {}", user.username, options.role)).await
}

async fn print(context: &Context, user: UserId, text: &str) -> Result<(), CliError> {
    let held = roles::list(&context.pool, user).await?;
    Ok(context.output.print(text, &json!({"user_id": user, "roles": json(&held)}))?)
}

/// Carries `representative` out.
pub async fn representative(context: &Context, options: RepresentativeOptions) -> Result<(), CliError> {
    let user = find(context, &options.username).await?;
    if user.kind != UserKind::JuristicPerson {
        return Err(CliError::refused(format!(
            "account `{}` is no juristic person; only those act through representatives",
            user.username
        )));
    }
    let adding = options.add.is_some();
    let given = options.add.or(options.remove).into_iter().collect();
    let today = context.clock.now().date();
    let given = attributes::check(given, context.settings(), today).map_err(CliError::Refused)?;
    let Some(identifier) = given.first().filter(|given| OF_PEOPLE.contains(&given.name.as_str())) else {
        return Err(CliError::refused(format!("name a person by one of {}", OF_PEOPLE.join(", "))));
    };
    let value = Identifier::from(identifier.value.clone());
    let action = if adding { "representative.insert" } else { "representative.remove" };
    let mut entry = Entry::by_operator(context.clock.now(), action, "user", user.id);
    // The journal is never erased, so it does not keep the number: the account's own rows do.
    let named = Some(json!({"identifier": identifier.name}));
    let changed = if adding {
        entry.after = named;
        let full_name = options.full_name.as_deref();
        representatives::insert(&context.pool, user.id, &identifier.name, &value, full_name, &entry).await?
    } else {
        entry.before = named;
        representatives::remove(&context.pool, user.id, &identifier.name, &value, &entry).await?
    };
    let word = match (adding, changed) {
        (true, true) => "may now act",
        (true, false) => "could act already",
        (false, true) => "may act no longer",
        (false, false) => "could not act",
    };
    let text = format!("the person of this {} {word} for `{}`", identifier.name, user.username);
    Ok(context.output.print(&text, &json!({"user_id": user.id, "changed": changed}))?)
}

/// Roles as JSON.
pub fn json(roles: &[Role]) -> serde_json::Value {
    let object = |role: &Role| match role.agency() {
        Some(agency) => json!({"role": role.name(), "agency": agency}),
        None => json!({"role": role.name()}),
    };
    roles.iter().map(object).collect()
}

/// A role in words.
pub fn described(role: &Role) -> String {
    match role.agency() {
        Some(agency) => format!("{} of {agency}", role.name()),
        None => role.name().to_string(),
    }
}
