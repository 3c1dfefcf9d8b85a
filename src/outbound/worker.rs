//! Delivers what waits in the outbox, at least once.
//!
//! 1. Lease a batch: no other instance takes those rows until the lease ends.
//! 2. Send them, all at once, outside any transaction.
//! 3. Write down what came of each: delivered, to be tried again, or given up.
//!
//! An instance killed between 2 and 3 lets its leases end; then another sends again. So a message
//! may arrive twice, but none is lost.

use std::time::Duration as Pause;

use futures_util::future::join_all;
use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use super::{Senders, Undelivered, logout::Minter};
use crate::{
    clock::Clock,
    rng::Rng,
    store::{
        StoreError,
        outbox::{self, Leased, Outcome},
    },
};

/// Messages sent at once.
pub const BATCH: u32 = 16;
/// How long a message is ours alone.
const LEASE: Duration = Duration::seconds(60);
/// What one delivery may take in all; less than a lease, so that nobody else sends meanwhile.
const PATIENCE: Pause = Pause::from_secs(45);
/// The first wait; each doubles.
const FIRST_WAIT: Duration = Duration::seconds(2);
/// No wait is longer.
const LONGEST_WAIT: Duration = Duration::minutes(15);
/// Then a message is given up,
const MOST_ATTEMPTS: i32 = 60;
/// or at this age, if it does not say itself until when it is worth sending.
pub const LONGEST_LIFE: Duration = Duration::hours(24);

/// Delivers one batch; how many messages that were. Call again at once when it was full.
///
/// # Errors
/// When the database fails; then what was leased is sent by somebody when the lease has ended.
pub async fn deliver_due(
    pool: &PgPool,
    senders: &Senders,
    minter: &Minter,
    clock: &Clock,
    rng: &Rng,
) -> Result<usize, StoreError> {
    let now = clock.now();
    let leased = outbox::lease(pool, i64::from(BATCH), now, now + LEASE).await?;
    let count = leased.len();
    let done = leased.into_iter().map(|message| async move {
        let came = deliver((senders, minter), &message, clock, rng).await;
        write_down(pool, senders, &message, came, clock).await
    });
    join_all(done).await.into_iter().collect::<Result<(), StoreError>>()?;
    Ok(count)
}

async fn deliver(
    (senders, minter): (&Senders, &Minter),
    message: &Leased,
    clock: &Clock,
    rng: &Rng,
) -> Outcome {
    let (id, channel) = (message.id, message.channel.as_str());
    let outcome = if clock.now() >= until(message) {
        Err(Undelivered::Never("it was not delivered while it was worth sending".into()))
    } else {
        tokio::time::timeout(PATIENCE, senders.send(message, minter))
            .await
            .unwrap_or_else(|_| Err(Undelivered::Later("the delivery took too long".into())))
    };
    let now = clock.now();
    let next = now + wait(message.attempts, rng);
    match outcome {
        Ok(()) => {
            tracing::debug!(%id, channel, "message delivered");
            count(channel, "delivered");
            Outcome::Delivered(now)
        }
        // Nothing is worth a try after its end.
        Err(Undelivered::Later(why)) if message.attempts < MOST_ATTEMPTS && next < until(message) => {
            tracing::warn!(%id, channel, why, "message not delivered; it is tried again");
            count(channel, "retried");
            Outcome::TryAgain(next)
        }
        Err(Undelivered::Later(why) | Undelivered::Never(why)) => {
            tracing::error!(%id, channel, why, "message given up");
            count(channel, "failed");
            Outcome::Failed(now)
        }
    }
}

/// A database that is away for a moment must not make a message go out twice.
async fn write_down(
    pool: &PgPool,
    senders: &Senders,
    message: &Leased,
    came: Outcome,
    clock: &Clock,
) -> Result<(), StoreError> {
    let keep = senders.keeps_text(&message.channel);
    loop {
        match outbox::settle(pool, message, came, keep).await {
            Err(error) if error.is_unavailable() && clock.now() < message.leased_until => {
                tokio::time::sleep(Pause::from_millis(500)).await;
            }
            done => return done,
        }
    }
}

fn until(message: &Leased) -> OffsetDateTime {
    message.expires_at.unwrap_or(message.created_at + LONGEST_LIFE)
}

/// Doubles with each attempt. Up to a fifth is added by chance, so that what failed together does
/// not come back together.
fn wait(attempts: i32, rng: &Rng) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    let wait = (FIRST_WAIT * 2_i32.saturating_pow(doublings)).min(LONGEST_WAIT);
    let [chance] = rng.bytes::<1>();
    wait + wait * f64::from(chance) / (5.0 * 255.0)
}

fn count(channel: &str, outcome: &'static str) {
    metrics::counter!("tamga_outbox_messages_total", "channel" => channel.to_owned(), "outcome" => outcome)
        .increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_two_seconds_to_a_quarter_of_an_hour() {
        let rng = Rng::seeded(1);
        for (attempts, seconds) in [(0, 2), (1, 2), (2, 4), (5, 32), (9, 512), (10, 900), (60, 900)] {
            let (wait, least) = (wait(attempts, &rng), Duration::seconds(seconds));
            assert!(wait >= least && wait <= least * 1.2, "{attempts}: {wait}");
        }
    }
}
