//! `tamga serve`, and the part of it that `tamga dev` shares.
//!
//! 1. Take the addresses, so that a fault shows before the database is touched.
//! 2. Migrate: instances that start together wait for one another, and migrations let the version
//!    before run beside this one, so every instance may do it.
//! 3. Put the application together, start what goes on beside the requests, serve.
//! 4. At SIGTERM finish what is under way and write down what is still in memory.

use std::{
    io::Write,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::Router;

use super::{CliError, Global, context::reach_for_migrations, environment::strict, log, metrics};
use crate::{
    app::{self, App},
    clock::Clock,
    http::serve::{self, Bound, shutdown_signal},
    protocol::oauth2::logout_token,
    rng::Rng,
    settings::{Settings, Sources},
    store,
};

/// `tamga serve`.
pub async fn serve(global: &Global) -> Result<(), CliError> {
    let settings = strict(&Sources::of_process(global.config.clone(), false))?;
    log::of_server(&settings.log, global.verbose)?;
    run(settings, announce, crate::build_router).await
}

/// Serves with these settings until the process is told to stop; `ready` is told when it answers,
/// `extend` makes the routes.
///
/// # Errors
/// What keeps the server from starting.
pub async fn run(
    settings: Settings,
    ready: impl FnOnce(&App, SocketAddr) -> Result<(), CliError>,
    extend: impl FnOnce(App) -> Router,
) -> Result<(), CliError> {
    let mut bound = serve::bind(settings.server.listen, settings.tls.as_ref()).await?;
    if settings.client_tls.asks {
        bound = bound.asking_for_certificates()?;
    }
    let second = second_listener(&settings).await?;
    // Each signal's handler stands before the first request.
    let started: Arc<OnceLock<App>> = Arc::default();
    let bound = bound.on_hangup({
        let started = Arc::clone(&started);
        move || reload(started.get())
    })?;
    let metrics = match settings.metrics.listen {
        Some(address) => Some(metrics::listen(address).await?),
        None => None,
    };
    migrate(&settings).await?;
    let app = App::start(settings, Clock::System, Rng::System).await?;
    started.get_or_init(|| app.clone());
    let background = app::run_background(&app, logout_token::minter(&app));
    let router = extend(app.clone());

    let address = bound.local_addr();
    tracing::info!(%address, issuer = app.issuer, "serving");
    ready(&app, address)?;
    match second {
        None => bound.run(router, until_told()).await?,
        Some(second) => {
            let address = second.local_addr();
            tracing::info!(%address, "asking for certificates");
            tokio::try_join!(bound.run(router.clone(), until_told()), second.run(router, until_told()))?;
        }
    }

    background.stop().await;
    drop(metrics);
    flush(&app).await;
    tracing::info!("stopped");
    Ok(())
}

/// The port that asks for certificates, beside the one that does not.
async fn second_listener(settings: &Settings) -> Result<Option<Bound>, CliError> {
    let Some(port) = settings.client_tls.mtls_port else { return Ok(None) };
    let address = SocketAddr::new(settings.server.listen.ip(), port);
    let bound = serve::bind(address, settings.tls.as_ref()).await?.asking_for_certificates()?;
    Ok(Some(bound.on_hangup(|| {})?))
}

/// What SIGHUP does besides reading the certificate anew.
fn reload(app: Option<&App>) {
    let Some(app) = app else { return };
    match app.reload_templates() {
        Ok(()) => tracing::info!("templates were read again"),
        Err(error) => tracing::error!(%error, "templates could not be read; the former stay in use"),
    }
    match app.reload_trust() {
        Ok(()) => tracing::info!("authorities and revoked certificates were read again"),
        Err(error) => tracing::error!(%error, "what is known of authorities stays in use"),
    }
}

async fn migrate(settings: &Settings) -> Result<(), CliError> {
    let pool = reach_for_migrations(&settings.database).await?;
    let pending = store::pending_migrations(&pool).await?;
    store::migrate(&pool).await?;
    if pending > 0 {
        tracing::info!(applied = pending, "the schema is up to date");
    }
    pool.close().await;
    Ok(())
}

/// Says on standard output where it listens.
pub fn announce(app: &App, address: SocketAddr) -> Result<(), CliError> {
    let scheme = if app.settings.tls.is_some() { "https" } else { "http" };
    let mut out = std::io::stdout().lock();
    writeln!(out, "tamga: issuer {}, listening on {scheme}://{address}", app.issuer)?;
    Ok(out.flush()?)
}

async fn until_told() {
    if let Err(error) = shutdown_signal().await {
        tracing::error!(%error, "stopping, since no signal could stop us later");
    }
}

/// Uses of secrets that were gathered but not written yet. The journal needs nothing: what is
/// unsealed another instance seals, or this one when it is started again.
async fn flush(app: &App) {
    let (secrets, certificates) = (app.secret_uses.take(), app.certificate_uses.take());
    let written = async {
        let touched = async {
            store::clients::touch_secrets(&app.pool, &secrets).await?;
            store::client_certificates::touch(&app.pool, &certificates).await
        };
        if !(secrets.is_empty() && certificates.is_empty())
            && let Err(error) = touched.await
        {
            tracing::warn!(%error, "the last uses of secrets and certificates were not written down");
        }
        app.pool.close().await;
    };
    if tokio::time::timeout(Duration::from_secs(3), written).await.is_err() {
        tracing::warn!("the database did not let go in time");
    }
}
