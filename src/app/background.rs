//! What goes on beside the requests: hearing of changes, sealing the journal, taking away what has
//! expired, writing down last uses, delivering messages.

use std::time::Duration;

use sqlx::PgPool;
use tokio::{
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use super::{App, destroy_retired_keys, rotate_due_keys};
use crate::{
    clock::Clock,
    model::{confirmation::Outcome, journal::Entry, signing::Algorithm},
    outbound::{
        logout::Minter,
        worker::{BATCH, deliver_due},
    },
    store::{self, watch::Word},
};

/// Keys are read again this often, whether or not a notice came: a rotation is known within 10 s.
const KEYS_EVERY: Duration = Duration::from_secs(5);
/// Keys that are due are rotated within this.
const ROTATE_EVERY: Duration = Duration::from_secs(60);
/// The journal is chained within 5 s.
const SEAL_EVERY: Duration = Duration::from_secs(3);
/// Uses of secrets are written down this often.
const USES_EVERY: Duration = Duration::from_secs(5);
/// What can be read off at any time is measured this often.
const GAUGES_EVERY: Duration = Duration::from_secs(5);
/// Clients hear of confirmations that nobody answered within so long.
const LAPSES_EVERY: Duration = Duration::from_secs(5);
/// Expired rows are taken away this often.
const PURGE_EVERY: Duration = Duration::from_secs(60);

/// The outbox is looked at this often: a code leaves within a second.
const OUTBOX_EVERY: Duration = Duration::from_millis(400);
/// What is being sent when the server stops may take this long.
const OUTBOX_PATIENCE: Duration = Duration::from_secs(6);

/// What goes on; all of it stops when this is dropped.
pub struct Background {
    tasks: JoinSet<()>,
    outbox: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Background {
    /// Stops; what is being sent is sent first, so that nobody sends it again.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if timeout(OUTBOX_PATIENCE, &mut self.outbox).await.is_err() {
            tracing::warn!("messages were still being sent; another instance may send them again");
        }
        self.tasks.abort_all();
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.outbox.abort();
    }
}

/// Starts everything; it stops when the answer is dropped. `minter` signs what relying parties are told of
/// logouts.
pub fn run_background(app: &App, minter: Minter) -> Background {
    let mut tasks = JoinSet::new();
    let (tell, mut heard) = mpsc::channel(16);
    tasks.spawn(store::watch::watch(app.pool.clone(), tell));
    tasks.spawn({
        let app = app.clone();
        async move {
            while let Some(word) = heard.recv().await {
                hear(&app, word).await;
            }
        }
    });
    every(&mut tasks, app, KEYS_EVERY, |app| async move { reload_keys(&app).await });
    every(&mut tasks, app, ROTATE_EVERY, |app| async move { look_after_keys(&app).await });
    every(&mut tasks, app, SEAL_EVERY, |app| async move {
        note("journal seal", store::journal::seal(&app.pool, app.clock.now()).await);
    });
    every(&mut tasks, app, USES_EVERY, |app| async move {
        let uses = app.secret_uses.take();
        if !uses.is_empty() {
            note("secret uses", store::clients::touch_secrets(&app.pool, &uses).await);
        }
        let uses = app.certificate_uses.take();
        if !uses.is_empty() {
            note("certificate uses", store::client_certificates::touch(&app.pool, &uses).await);
        }
    });
    every(&mut tasks, app, GAUGES_EVERY, |app| async move { measure(&app).await });
    every(&mut tasks, app, LAPSES_EVERY, |app| async move {
        while let Some(LAPSES) =
            note("lapse of confirmations", lapse_confirmations(&app.pool, &app.clock).await)
        {}
    });
    every(&mut tasks, app, PURGE_EVERY, |app| async move {
        while let Some(1..) = note("purge", store::purge::purge_expired(&app.pool, app.clock.now()).await) {
            // Between batches others get their turn.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let (stop, stopping) = watch::channel(false);
    let outbox = tokio::spawn(deliver(app.clone(), minter, stopping));
    Background { tasks, outbox, stop }
}

/// Confirmations decided at once.
const LAPSES: usize = 500;

/// Decides what nobody answered in time; how many those were. The write is the check, so that of
/// several instances one does.
///
/// # Errors
/// When the database fails.
pub async fn lapse_confirmations(pool: &PgPool, clock: &Clock) -> Result<usize, store::StoreError> {
    let now = clock.now();
    let overdue = store::confirmations::list_overdue(pool, LAPSES as i64, now).await?;
    if !overdue.is_empty() {
        let entry =
            Entry { actor_kind: "system", ..Entry::by_operator(now, "confirmation.close", "user", "") };
        store::confirmations::decide(pool, &overdue, Outcome::Expired, &[], &entry).await?;
    }
    Ok(overdue.len())
}

/// Delivers messages until told to stop; never stops within a batch.
async fn deliver(app: App, minter: Minter, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        if app.presence.is_present() {
            let delivered = deliver_due(&app.pool, &app.senders, &minter, &app.clock, &app.rng).await;
            if note("delivery of messages", delivered).is_some_and(|count| count == BATCH as usize) {
                continue;
            }
        }
        tokio::select! {
            () = sleep(OUTBOX_EVERY) => {}
            changed = stopping.changed() => if changed.is_err() { return },
        }
    }
}

/// Gauges for the operator: connections, the password queue, what waits to be sent.
#[allow(clippy::cast_precision_loss)] // counts far below 2^52
async fn measure(app: &App) {
    if let Some((count, oldest)) = note("look at the outbox", store::outbox::waiting(&app.pool).await) {
        let age = oldest.map_or(0.0, |oldest| (app.clock.now() - oldest).as_seconds_f64().max(0.0));
        metrics::gauge!("tamga_outbox_waiting").set(count as f64);
        metrics::gauge!("tamga_outbox_age_seconds").set(age);
    }
    let (ring, now) = (app.keys.ring(), app.clock.now());
    for algorithm in Algorithm::ALL {
        if let Some(since) = ring.signing_since(*algorithm, now) {
            let age = (now - since).as_seconds_f64();
            metrics::gauge!("tamga_signing_key_age_seconds", "alg" => algorithm.word()).set(age);
        }
    }
    metrics::gauge!("tamga_pool_connections").set(f64::from(app.pool.size()));
    metrics::gauge!("tamga_pool_idle_connections").set(app.pool.num_idle() as f64);
    metrics::gauge!("tamga_passwords_in_hand").set(app.passwords.in_hand() as f64);
}

async fn hear(app: &App, word: Word) {
    match word {
        Word::Present => {
            // Whatever changed while nobody listened.
            app.clients.clear();
            reload_keys(app).await;
            if app.presence.set(true) {
                tracing::info!("the database is back");
            }
        }
        Word::Away => {
            if app.presence.set(false) {
                tracing::error!("the database does not answer; requests that need it get 503 until it does");
            }
        }
        Word::ClientsChanged => app.clients.clear(),
        Word::KeysChanged => reload_keys(app).await,
    }
}

/// Rotates what is due and destroys what is over.
async fn look_after_keys(app: &App) {
    let (lifetime, now) = (app.settings.oauth2.signing_key_lifetime, app.clock.now());
    match rotate_due_keys(&app.pool, lifetime, &app.sealer, &app.rng, now).await {
        Ok(rotations) if rotations.is_empty() => {}
        Ok(rotations) => {
            for rotation in rotations {
                tracing::info!(
                    active = rotation.active,
                    waiting = rotation.waiting,
                    "a signing key was rotated"
                );
            }
            reload_keys(app).await;
        }
        Err(error) => tracing::warn!(%error, "signing keys could not be rotated; it is tried again"),
    }
    note("destruction of retired keys", destroy_retired_keys(&app.pool, now).await);
}

async fn reload_keys(app: &App) {
    if let Err(error) = app.keys.reload(&app.pool, &app.sealer, app.clock.now()).await {
        tracing::warn!(%error, "signing keys could not be read again; those in memory stay in use");
    }
}

fn every<F>(tasks: &mut JoinSet<()>, app: &App, period: Duration, work: impl Fn(App) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    let app = app.clone();
    tasks.spawn(async move {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if app.presence.is_present() {
                work(app.clone()).await;
            }
        }
    });
}

fn note<T>(what: &str, result: Result<T, store::StoreError>) -> Option<T> {
    result.inspect_err(|error| tracing::warn!(%error, "{what} failed; it is tried again")).ok()
}
