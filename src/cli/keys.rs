//! `tamga keys ...`: what tokens are signed with.

use clap::Subcommand;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{
    CliError,
    context::Context,
    output::{self, table},
    words::words,
};
use crate::{
    app::{StartError, key_rotation_due_at, rotate_key, sealer},
    model::{journal::Entry, signing::Algorithm},
    store::{
        StoreError, journal,
        signing_keys::{self, StoredKey},
    },
};

/// `tamga keys ...`
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List all keys and what each does now
    List,
    /// Let the waiting keys sign and make the next ones, on every instance within 10 s
    Rotate {
        /// Only the key of this algorithm; else those of all
        #[arg(long, value_name = "ALG", value_parser = words(Algorithm::ALL, Algorithm::word))]
        alg: Option<Algorithm>,
    },
    /// Stop publishing a key at once: tokens it signed are no longer good
    Retire {
        /// The key's id, as `tamga keys list` shows it
        #[arg(value_name = "KID", allow_hyphen_values = true)]
        kid: String,
    },
}

/// Carries it out.
pub async fn run(context: &Context, command: Command) -> Result<(), CliError> {
    match command {
        Command::List => list(context).await,
        Command::Rotate { alg } => rotate(context, alg).await,
        Command::Retire { kid } => retire(context, &kid).await,
    }
}

/// What a key does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Waits,
    Signs,
    Published,
    Retired,
}

impl Status {
    fn of(key: &StoredKey, now: OffsetDateTime) -> Self {
        match (key.active_at, key.retired_at) {
            (_, Some(at)) if at <= now => Self::Retired,
            (_, Some(_)) => Self::Published,
            (None, None) => Self::Waits,
            (Some(_), None) => Self::Signs,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Signs => "signs",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }
}

async fn list(context: &Context) -> Result<(), CliError> {
    let keys = signing_keys::list(&context.pool).await?;
    let now = context.clock.now();
    let time = |at: Option<OffsetDateTime>| at.map_or("-".to_owned(), output::time);
    let gives_way = |key: &StoredKey| {
        let signs = Status::of(key, now) == Status::Signs;
        signs.then(|| due_at(context, &keys, key.algorithm)).flatten()
    };
    let row = |key: &StoredKey| {
        let status = Status::of(key, now).word().to_owned();
        let times = [key.active_at, gives_way(key), key.retired_at].map(time);
        let [since, gives_way, until] = times;
        [key.kid.clone(), key.algorithm.word().to_owned(), status, since, gives_way, until]
    };
    let object = |key: &StoredKey| {
        json!({
            "kid": key.kid,
            "alg": key.algorithm,
            "status": Status::of(key, now).word(),
            "created_at": output::time(key.created_at),
            "active_at": key.active_at.map(output::time),
            "rotates_at": gives_way(key).map(output::time),
            "retired_at": key.retired_at.map(output::time),
            "destroyed": key.is_destroyed(),
        })
    };
    let objects: Vec<Value> = keys.iter().map(object).collect();
    let rows: Vec<_> = keys.iter().map(row).collect();
    let text = if rows.is_empty() {
        "there are no keys yet; `tamga serve` makes them when it first starts".to_owned()
    } else {
        table(["KEY", "ALG", "NOW", "SIGNS SINCE", "ROTATES", "PUBLISHED UNTIL"], &rows)
    };
    Ok(context.output.print(&text, &json!({"keys": objects}))?)
}

async fn rotate(context: &Context, alg: Option<Algorithm>) -> Result<(), CliError> {
    let sealer = sealer(context.settings()).map_err(StartError::from)?;
    let one = alg.map(|alg| [alg]);
    let (mut lines, mut objects) = (Vec::new(), Vec::new());
    for alg in one.as_ref().map_or(Algorithm::ALL, <[Algorithm; 1]>::as_slice) {
        let rotation = rotate_key(&context.pool, *alg, &sealer, &context.rng, context.clock.now()).await?;
        let due = due_at(context, &signing_keys::list(&context.pool).await?, *alg);
        lines.push(format!(
            "{alg}: {} signs now, {} waits; {}",
            rotation.active,
            rotation.waiting,
            next_rotation(*alg, due)
        ));
        objects.push(json!({
            "alg": alg,
            "active": rotation.active,
            "waiting": rotation.waiting,
            "rotates_at": due.map(output::time),
        }));
    }
    Ok(context.output.print(&lines.join("\n"), &json!({"rotated": objects}))?)
}

async fn retire(context: &Context, kid: &str) -> Result<(), CliError> {
    let now = context.clock.now();
    let mut tx = context.pool.begin().await.map_err(StoreError::from)?;
    // No rotation may happen between the look and the write.
    signing_keys::lock(&mut tx).await?;
    let keys = signing_keys::list(&mut *tx).await?;
    let key = keys
        .iter()
        .find(|key| key.kid == kid)
        .ok_or_else(|| CliError::refused(format!("there is no key `{kid}`; `tamga keys list` shows all")))?;
    let alg = key.algorithm;
    match Status::of(key, now) {
        Status::Published => {}
        Status::Signs => {
            return Err(CliError::refused(format!(
                "key `{kid}` signs {alg} tokens now; run `tamga keys rotate --alg {alg}` first, then retire it"
            )));
        }
        Status::Waits => {
            return Err(CliError::refused(format!(
                "key `{kid}` waits to sign {alg} tokens; after `tamga keys rotate --alg {alg}` another waits, and \
                 this one can be retired once it no longer signs"
            )));
        }
        Status::Retired => return Err(CliError::refused(format!("key `{kid}` is retired already"))),
    }
    signing_keys::retire(&mut *tx, kid, now).await?;
    let mut entry = Entry::by_operator(now, "key.retire", "key", kid);
    entry.before = Some(json!({"retired_at": key.retired_at.map(output::time)}));
    entry.after = Some(json!({"retired_at": output::time(now)}));
    journal::insert(&mut *tx, &entry).await?;
    tx.commit().await.map_err(StoreError::from)?;
    let due = due_at(context, &keys, alg);
    let object = json!({"kid": kid, "retired_at": output::time(now), "rotates_at": due.map(output::time)});
    let text = format!(
        "retired key `{kid}`: it is published no more, and within two hours destroyed; {}",
        next_rotation(alg, due)
    );
    Ok(context.output.print(&text, &object)?)
}

/// When the key of this algorithm that signs gives way by itself.
fn due_at(context: &Context, keys: &[StoredKey], alg: Algorithm) -> Option<OffsetDateTime> {
    key_rotation_due_at(keys, alg, context.settings().oauth2.signing_key_lifetime)
}

fn next_rotation(alg: Algorithm, due: Option<OffsetDateTime>) -> String {
    match due {
        Some(at) => format!("{alg} keys rotate by themselves from {} on", output::time(at)),
        None => format!("{alg} keys do not rotate by themselves (oauth2.signing_key_lifetime)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_waits_signs_is_published_and_retires() {
        let (now, hour) = (OffsetDateTime::UNIX_EPOCH, time::Duration::HOUR);
        for (active_at, retired_at, status) in [
            (None, None, Status::Waits),
            (Some(now), None, Status::Signs),
            (Some(now), Some(now + hour), Status::Published),
            (Some(now - hour), Some(now), Status::Retired),
        ] {
            let key = StoredKey {
                kid: "k".into(),
                algorithm: Algorithm::Es256,
                public_jwk: Value::Null,
                sealed: Vec::new(),
                created_at: now,
                active_at,
                retired_at,
            };
            assert_eq!(Status::of(&key, now), status);
        }
    }
}
