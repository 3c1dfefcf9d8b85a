//! `tamga import` and `tamga export --users`: people as JSON lines, one object each:
//! `{"kind","username","password_hash"?,"locale"?,"attributes"?: {NAME: VALUE | {"value","level"?}}}`.
//!
//! An import looks at every line before it writes anything, says all that is wrong with the number
//! of each line, and then takes everybody in by one transaction: a file is imported as a whole or
//! not at all. People whose user name is there already are left as they are and counted, so that an
//! import may be said again.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry as Slot},
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CliError, context::Context, nearest::hint, user};
use crate::{
    crypto::password::check_stored,
    ids::UserId,
    model::{
        attribute::Level,
        journal::Entry,
        locale::Locale,
        user::{User, UserKind, username_key},
    },
    store::{
        import::{self, ImportError, Newcomer},
        users::{NewAttribute, NewUser},
    },
};

/// Who says what was imported.
const SOURCE: &str = "import";
/// Accounts read at a time when all are exported.
const PAGE: i64 = 500;
/// Faults that are listed; more are counted.
const LISTED: usize = 100;

/// `tamga import`
#[derive(Debug, clap::Args)]
pub struct ImportOptions {
    /// JSON lines of people, as `tamga export --users` writes them; `-` for standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
}

/// `tamga export`
#[derive(Debug, clap::Args)]
pub struct ExportOptions {
    /// People, with their password hashes, as JSON lines
    #[arg(long, required = true)]
    users: bool,
}

/// A line.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    kind: UserKind,
    username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<Locale>,
    #[serde(default)]
    attributes: BTreeMap<String, Held>,
}

/// A value, with its level or at level 0.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Held {
    Plain(String),
    Checked(Checked),
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Checked {
    value: String,
    #[serde(default)]
    level: Level,
}

/// Carries an import out.
pub async fn import(context: &Context, options: ImportOptions) -> Result<(), CliError> {
    let lines = read(&options.file)?;
    let (mut newcomers, mut faults) = (Vec::new(), Vec::new());
    let mut seen = Seen::default();
    for (number, line) in lines {
        match look(context, &line, number, &mut seen) {
            Ok(newcomer) => newcomers.push((number, newcomer)),
            Err(wrong) => faults.extend(wrong.into_iter().map(|wrong| format!("line {number}: {wrong}"))),
        }
    }
    if !faults.is_empty() {
        return Err(refused(&faults));
    }
    let names = newcomers.iter().map(|(_, newcomer)| newcomer.user.username.as_str());
    let present = import::present(&context.pool, names).await?;
    let all = newcomers.len();
    newcomers.retain(|(_, newcomer)| !present.contains(&username_key(&newcomer.user.username)));
    let (numbers, newcomers): (Vec<usize>, Vec<Newcomer>) = newcomers.into_iter().unzip();
    match import::insert_all(&context.pool, &newcomers, SOURCE).await {
        Ok(()) => {}
        Err(ImportError::Taken(place, constraint)) => {
            let username = &newcomers[place].user.username;
            let why = user::taken_words(&constraint, username);
            return Err(refused(&[format!("line {}: {why}", numbers[place])]));
        }
        Err(ImportError::Store(error)) => return Err(error.into()),
    }
    let (made, there) = (newcomers.len(), all - newcomers.len());
    let text = format!("imported {made} accounts; {there} were there already and stay as they are");
    Ok(context.output.print(&text, &json!({"imported": made, "present": there}))?)
}

/// Carries an export out.
pub async fn export(context: &Context, ExportOptions { users: _ }: ExportOptions) -> Result<(), CliError> {
    let mut after = String::new();
    let mut out = io::BufWriter::new(io::stdout());
    loop {
        let page = import::list(&context.pool, &after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(out.flush()?) };
        after = username_key(&last.username);
        for (user, password_hash) in page {
            serde_json::to_writer(&mut out, &line(user, password_hash)).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
}

fn line(user: User, password_hash: Option<String>) -> Line {
    let held = |(name, held): (String, crate::model::user::AttributeValue)| {
        (name, Held::Checked(Checked { value: held.value, level: held.level }))
    };
    Line {
        kind: user.kind,
        username: user.username,
        password_hash,
        locale: user.locale,
        attributes: user.attributes.into_iter().map(held).collect(),
    }
}

/// The lines that hold something, with their numbers.
fn read(file: &PathBuf) -> Result<Vec<(usize, String)>, CliError> {
    let failed = |error: io::Error| CliError::refused(format!("{} can't be read: {error}", file.display()));
    let lines: io::Result<Vec<String>> = if file.as_os_str() == "-" {
        io::stdin().lock().lines().collect()
    } else {
        BufReader::new(File::open(file).map_err(failed)?).lines().collect()
    };
    let numbered = lines.map_err(failed)?.into_iter().enumerate().map(|(index, line)| (index + 1, line));
    Ok(numbered.filter(|(_, line)| !line.trim().is_empty()).collect())
}

/// What earlier lines brought.
#[derive(Default)]
struct Seen {
    usernames: BTreeMap<String, usize>,
    /// Identifiers at level 2 or more belong to one person alone.
    identifiers: BTreeSet<(String, String)>,
}

fn look(context: &Context, text: &str, number: usize, seen: &mut Seen) -> Result<Newcomer, Vec<String>> {
    // The parser's own words name place and field.
    let line: Line = serde_json::from_str(text).map_err(|error| vec![format!("is not a person: {error}")])?;
    let mut faults = Vec::new();
    if user::check_username(&line.username).is_err() {
        faults.push("username: give 1 to 128 characters on one line, without spaces around them".to_owned());
    }
    match seen.usernames.entry(username_key(&line.username)) {
        Slot::Occupied(first) => faults.push(format!("username: line {} has the same", first.get())),
        Slot::Vacant(place) => drop(place.insert(number)),
    }
    if let Some(Err(why)) = line.password_hash.as_deref().map(check_stored) {
        faults.push(format!("password_hash: {why}"));
    }
    let mut attributes = Vec::new();
    for (name, held) in line.attributes {
        match attribute(context, name, held) {
            Ok(new) => {
                let verified = new.identifier && i16::from(new.level) >= 2;
                if verified && !seen.identifiers.insert((new.name.clone(), new.value.clone())) {
                    faults.push(format!("{}: an earlier line holds the same identifier", new.name));
                }
                attributes.push(new);
            }
            Err(why) => faults.push(why),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let now = context.clock.now();
    let id = UserId(context.rng.uuid(now));
    let mut entry = Entry::by_operator(now, "user.insert", "user", id);
    let levels: BTreeMap<&str, Level> = attributes.iter().map(|new| (new.name.as_str(), new.level)).collect();
    entry.after = Some(json!({
        "username": line.username, "kind": line.kind, "password": line.password_hash.is_some(),
        "attributes": levels, "source": SOURCE,
    }));
    let (kind, username, password_hash) = (line.kind, line.username, line.password_hash);
    let user = NewUser { id, kind, username, password_hash, attributes };
    Ok(Newcomer { user, locale: line.locale, entry })
}

fn attribute(context: &Context, name: String, held: Held) -> Result<NewAttribute, String> {
    let (value, level) = match held {
        Held::Plain(value) => (value, Level::UNVERIFIED),
        Held::Checked(held) => (held.value, held.level),
    };
    let registry = &context.settings().attributes;
    let Some(definition) = registry.get(&name) else {
        let known = registry.keys().map(String::as_str);
        return Err(format!(
            "{name}: is not known here; {}",
            hint(&name, known, "add it under [attributes]")
        ));
    };
    let today = context.clock.now().date();
    let value = definition.normalised(&value, today).map_err(|wrong| format!("{name}: {wrong}"))?;
    Ok(NewAttribute { name, value, level, identifier: definition.identifier })
}

fn refused(faults: &[String]) -> CliError {
    let listed: String = faults.iter().take(LISTED).map(|fault| format!("\n  {fault}")).collect();
    let more = faults.len().saturating_sub(LISTED);
    let rest = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    CliError::refused(format!("nobody was imported:{listed}{rest}"))
}
