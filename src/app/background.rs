//! What goes on beside the requests: hearing of changes, sealing the journal, taking away what has
//! expired, writing down last uses.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use super::App;
use crate::store::{self, watch::Word};

/// Keys are read again this often, whether or not a notice came: a rotation is known within 10 s.
const KEYS_EVERY: Duration = Duration::from_secs(5);
/// The journal is chained within 5 s.
const SEAL_EVERY: Duration = Duration::from_secs(3);
/// Uses of secrets are written down this often.
const USES_EVERY: Duration = Duration::from_secs(5);
/// What can be read off at any time is measured this often.
const GAUGES_EVERY: Duration = Duration::from_secs(5);
/// Expired rows are taken away this often.
const PURGE_EVERY: Duration = Duration::from_secs(60);

/// Starts everything; it stops when the set is dropped.
pub fn run_background(app: &App) -> JoinSet<()> {
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
    every(&mut tasks, app, SEAL_EVERY, |app| async move {
        note("journal seal", store::journal::seal(&app.pool, app.clock.now()).await);
    });
    every(&mut tasks, app, USES_EVERY, |app| async move {
        let uses = app.secret_uses.take();
        if !uses.is_empty() {
            note("secret uses", store::clients::touch_secrets(&app.pool, &uses).await);
        }
    });
    every(&mut tasks, app, GAUGES_EVERY, |app| async move { measure(&app) });
    every(&mut tasks, app, PURGE_EVERY, |app| async move {
        while let Some(1..) = note("purge", store::purge::purge_expired(&app.pool, app.clock.now()).await) {
            // Between batches others get their turn.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    tasks
}

/// Gauges for the operator: connections and the password queue.
#[allow(clippy::cast_precision_loss)] // counts far below 2^52
fn measure(app: &App) {
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
