//! What is printed: a line a flow as soon as it is measured, and a table at the end.

use std::path::Path;

use tamga::cli::private_postgres::PrivatePostgres;

use crate::{
    Arguments, Failed, Flow,
    data::Data,
    drive::Tally,
    measure::{Usage, load_average, memory},
    server::Server,
};

/// Above this part of what there is, a resource is what was short.
const SHORT: f64 = 0.85;
/// How many different wrong answers are shown.
const SHOWN: usize = 3;

/// Gathers the table.
pub struct Report {
    cores: f64,
    argon2: Option<f64>,
    rows: Vec<String>,
}

impl Report {
    /// Says what is about to be measured.
    pub fn begin(arguments: &Arguments) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        println!(
            "{cores} cores, load average before {}; {} s a flow, {} connections, id_tokens {}",
            load_average(),
            arguments.seconds,
            arguments.connections,
            arguments.alg
        );
        Self { cores: cores as f64, argon2: None, rows: Vec::new() }
    }

    /// What a started server is like before its first request.
    pub async fn server(
        &mut self,
        binary: &Path,
        server: &Server,
        postgres: &PrivatePostgres,
        data: &Data,
    ) -> Result<(), Failed> {
        let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&data.pool).await?;
        println!(
            "PostgreSQL {version} in {}; ready after {:.3} s, {:.1} MiB idle, binary {:.1} MB",
            postgres.folder().display(),
            server.ready_after.as_secs_f64(),
            memory(server.pid(), "VmRSS")?,
            std::fs::metadata(binary)?.len() as f64 / 1e6
        );
        Ok(())
    }

    /// What Argon2id alone gives.
    pub fn argon2(&mut self, rate: f64) {
        println!("argon2: {rate:.1} checks/s on all cores, without a server");
        self.argon2 = Some(rate);
        self.rows.push(format!("| argon2 | {rate:.1} | | | | | | | | | 0 | |"));
    }

    /// What one flow gave and cost.
    pub fn flow(&mut self, flow: Flow, tally: &Tally, after: &Usage) {
        let before = &tally.before;
        let used =
            [after.server - before.server, after.database - before.database, after.client - before.client];
        let ours: f64 = used.iter().sum();
        let others = (after.machine - before.machine - ours).max(0.0);
        let requests = tally.latencies.len().max(1) as f64;
        let seconds = tally.elapsed.as_secs_f64();
        let a_request = |total: f64| total / requests * 1e6;
        let syncs = (after.syncs - before.syncs) / requests;
        let limit = self.limit(&used, others, syncs, seconds);
        println!("{flow:?}: {:.0}/s, {} wrong; limited by {limit}", tally.rate(), tally.errors());
        for (fault, count) in tally.wrong.iter().take(SHOWN) {
            println!("  {count} times: {fault}");
        }
        if let (Flow::Login, Some(alone)) = (flow, self.argon2) {
            println!("  that is {:.0}% of Argon2id alone", tally.rate() / alone * 100.0);
        }
        self.rows.push(format!(
            "| {} | {:.0} | {:.1} | {:.1} | {:.1} / {:.1} / {:.1} / {:.1} | {:.0} / {:.0} / {:.0} | {:.0} | {:.1} | {:.0} | {} | {} | {limit} |",
            format!("{flow:?}").to_lowercase(),
            tally.rate(),
            tally.percentile(0.5),
            tally.percentile(0.99),
            used[0],
            used[1],
            used[2],
            others,
            a_request(used[0]),
            a_request(used[1]),
            a_request(used[2]),
            // What the same cost a request would give if nobody else wanted the cores.
            self.cores * 1e6 / a_request(ours),
            (after.wal - before.wal) / requests / 1024.0,
            (after.syncs - before.syncs) / seconds,
            tally.errors(),
            load_average(),
        ));
    }

    fn limit(&self, used: &[f64; 3], others: f64, syncs: f64, seconds: f64) -> String {
        let all = self.cores * seconds;
        let names = ["server", "database", "client"];
        // The client has one thread.
        if used[2] > SHORT * seconds {
            return "the client's one thread".to_owned();
        }
        if used.iter().sum::<f64>() + others > SHORT * all {
            let most = (0..3).max_by(|a, b| used[*a].total_cmp(&used[*b])).unwrap_or_default();
            let part = |seconds: f64| seconds / all * 100.0;
            return format!(
                "CPU, most of it the {} ({:.0}%; others {:.0}%)",
                names[most],
                part(used[most]),
                part(others)
            );
        }
        // A sync now and then is the background's, not the requests'.
        if syncs > 0.05 { format!("commits ({syncs:.2} syncs a request)") } else { "waiting".to_owned() }
    }

    /// Prints the table.
    pub fn end(&self, server: &Server) {
        println!();
        println!(
            "| flow | /s | p50 ms | p99 ms | CPU s server / database / client / others | µs a request server / database / client | /s if alone | WAL KiB a request | syncs/s | wrong | load | limit |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for row in &self.rows {
            println!("{row}");
        }
        if let Ok(peak) = memory(server.pid(), "VmHWM") {
            println!("\nserver's peak memory {peak:.1} MiB, load average after {}", load_average());
        }
    }
}
