//! `GET /metrics` for Prometheus, on a listener apart from the public one.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::{net::TcpListener, task::JoinSet};

use super::CliError;

/// Buckets of histograms whose names end in `_seconds`: from a cached answer to a stuck one.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// Histograms are folded this often, fetched or not.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Takes the address and begins to count; the tasks serve until the set is dropped.
///
/// # Errors
/// The address is taken, or somebody counts already in this process.
pub async fn listen(address: SocketAddr) -> Result<JoinSet<()>, CliError> {
    let refused =
        |why: String| CliError::refused(format!("metrics.listen: can't listen on {address}: {why}"));
    let listener = TcpListener::bind(address).await.map_err(|error| refused(error.to_string()))?;
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| refused(error.to_string()))?;
    let mut tasks = JoinSet::new();
    let router = router(handle.clone());
    tasks.spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the metrics listener stopped");
        }
    });
    tasks.spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP_EVERY).await;
            handle.run_upkeep();
        }
    });
    Ok(tasks)
}

fn router(handle: PrometheusHandle) -> Router {
    let page =
        async move || ([("content-type", "text/plain; version=0.0.4; charset=utf-8")], handle.render());
    Router::new().route("/metrics", get(page))
}
