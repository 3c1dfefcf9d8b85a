//! The database: reached, new enough, migrated, of the same time, and its keys open.

use time::{Duration, OffsetDateTime};

use super::Finding;
use crate::{
    app::{self, PUBLISHED_BEFORE, SigningKeys},
    cli::context::reach,
    clock::Clock,
    crypto::keys::KeyRing,
    model::signing::Algorithm,
    settings::Settings,
    store::{self, StoreError, server::About},
};

/// PostgreSQL 15, as `server_version_num` counts.
const OLDEST: i32 = 150_000;
/// Instances take their time from their own clocks; more apart, and codes expire early.
const CLOCKS_APART: Duration = Duration::seconds(5);

/// Everything that can be asked of the database.
pub async fn look(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    let pool = match reach(&settings.database).await {
        Ok(pool) => pool,
        Err(error) => return vec![Finding::fault("database", error.to_string())],
    };
    let before = clock.now();
    let about = store::server::about(&pool).await;
    let here = before + (clock.now() - before) / 2;
    let mut findings = match about {
        Ok(about) => vec![version(about), clocks(about, here)],
        Err(error) => return vec![failed("database", &error)],
    };
    let pending = store::pending_migrations(&pool).await;
    let migrated = matches!(pending, Ok(0));
    findings.push(match pending {
        Ok(0) => Finding::ok("schema", "up to date"),
        Ok(n) => Finding::fault("schema", format!("{n} migrations are pending; run `tamga migrate`")),
        Err(error) => failed("schema", &error),
    });
    if migrated {
        findings.push(keys(settings, &pool, clock).await);
    }
    pool.close().await;
    findings
}

fn version(About { version, is_standby, .. }: About) -> Finding {
    let (major, minor) = (version / 10_000, version % 10_000);
    if version < OLDEST {
        let message = format!("PostgreSQL {major}.{minor} is too old; upgrade it to 15 or newer");
        return Finding::fault("database", message);
    }
    if is_standby {
        let message = "this server is a standby and takes no writes; point database.url at the primary";
        return Finding::fault("database", message);
    }
    Finding::ok("database", format!("PostgreSQL {major}.{minor} answers"))
}

fn clocks(about: About, here: time::OffsetDateTime) -> Finding {
    let apart = here - about.now;
    if apart.abs() <= CLOCKS_APART {
        return Finding::ok("clock", "agrees with the database's");
    }
    let side = if apart.is_positive() { "ahead of" } else { "behind" };
    let seconds = apart.abs().whole_seconds();
    Finding::fault(
        "clock",
        format!(
            "this machine's is {seconds} s {side} the database's; let NTP set both (`timedatectl` shows whether it does)"
        ),
    )
}

async fn keys(settings: &Settings, pool: &sqlx::PgPool, clock: &Clock) -> Finding {
    let sealer = match app::sealer(settings) {
        Ok(sealer) => sealer,
        Err(error) => return Finding::fault("keys", format!("secrets.encryption_keys: {error}")),
    };
    match SigningKeys::load(pool, &sealer, clock.now()).await {
        Ok(keys) if keys.ring().keys.is_empty() => Finding::warning(
            "keys",
            "there are no signing keys yet; `tamga serve` makes them when it first starts",
        ),
        Ok(keys) => rotation(settings, &keys.ring(), clock.now()),
        Err(error) => Finding::fault(
            "keys",
            format!(
                "{error}; put the encryption key they were sealed with back into secrets.encryption_keys"
            ),
        ),
    }
}

/// Keys open; whether they also change in time.
fn rotation(settings: &Settings, ring: &KeyRing, now: OffsetDateTime) -> Finding {
    let open = format!("the encryption keys open all {} signing keys", ring.keys.len());
    let lifetime = settings.oauth2.signing_key_lifetime;
    if lifetime.is_zero() {
        let text =
            "; they don't rotate by themselves (oauth2.signing_key_lifetime is 0s): run `tamga keys rotate`";
        return Finding::ok("keys", open + text);
    }
    let signing = Algorithm::ALL.iter().filter_map(|algorithm| ring.signing_since(*algorithm, now));
    match signing.min() {
        // A running server rotates within a minute, once the next key was published for a day.
        Some(since) if now - since > lifetime + PUBLISHED_BEFORE => Finding::warning(
            "keys",
            open + "; one has signed for longer than oauth2.signing_key_lifetime: is a server running? Its log says \
                    why keys could not be rotated",
        ),
        _ => Finding::ok("keys", open + "; none has signed for longer than oauth2.signing_key_lifetime"),
    }
}

fn failed(name: &'static str, error: &StoreError) -> Finding {
    Finding::fault(name, format!("{error}; look into PostgreSQL's log"))
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::cli::doctor::Verdict;

    fn about(version: i32, is_standby: bool) -> About {
        About { version, now: OffsetDateTime::UNIX_EPOCH, is_standby }
    }

    #[test]
    fn old_servers_and_standbys_are_faults() {
        assert_eq!(version(about(150_000, false)).verdict, Verdict::Ok);
        assert_eq!(version(about(140_012, false)).verdict, Verdict::Fault);
        assert_eq!(version(about(170_004, true)).verdict, Verdict::Fault);
    }

    #[test]
    fn clocks_may_be_seconds_apart_but_not_more() {
        let at =
            |seconds| clocks(about(170_000, false), OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds));
        assert_eq!(at(5).verdict, Verdict::Ok);
        assert!(at(-60).message.contains("60 s behind"));
    }
}
