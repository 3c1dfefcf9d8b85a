//! The closed loop: so many connections, each sending its next request when the last was answered.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{Arguments, Failed, Flow, flows::Workload, measure::Usage, wire::Wire};

/// Not measured: connections are opened, statements prepared, caches filled.
const WARMING: Duration = Duration::from_secs(1);

/// What came of a run.
pub struct Tally {
    /// What was used when it began.
    pub before: Usage,
    /// How long it took.
    pub elapsed: Duration,
    /// Microseconds each request took, sorted.
    pub latencies: Vec<u32>,
    /// Wrong answers, and how often each came.
    pub wrong: BTreeMap<String, usize>,
}

impl Tally {
    /// Right answers a second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// The latency in milliseconds below which this part of the requests stayed.
    pub fn percentile(&self, part: f64) -> f64 {
        let at = (self.latencies.len() as f64 * part) as usize;
        let at = at.min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }

    /// How many answers were wrong.
    pub fn errors(&self) -> usize {
        self.wrong.values().sum()
    }
}

/// Runs one flow for the time asked, or until what was prepared for it is used up.
pub async fn run(
    workload: &Arc<Workload>,
    flow: Flow,
    arguments: &Arguments,
    mut before: Usage,
) -> Result<Tally, Failed> {
    let (next, counts) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let until = Instant::now() + WARMING + Duration::from_secs(arguments.seconds);
    let mut loops = JoinSet::new();
    for _ in 0..arguments.connections {
        let (workload, next, counts) = (workload.clone(), next.clone(), counts.clone());
        loops.spawn(async move { keep_asking(&workload, flow, &next, &counts, until).await });
    }
    tokio::time::sleep(WARMING).await;
    before.refresh().await?;
    let started = Instant::now();
    counts.store(true, Ordering::Relaxed);
    let (mut latencies, mut wrong) = (Vec::new(), BTreeMap::new());
    for (times, faults) in loops.join_all().await {
        latencies.extend(times);
        for (fault, count) in faults {
            *wrong.entry(fault).or_default() += count;
        }
    }
    let elapsed = started.elapsed();
    latencies.sort_unstable();
    Ok(Tally { before, elapsed, latencies, wrong })
}

async fn keep_asking(
    workload: &Workload,
    flow: Flow,
    next: &AtomicUsize,
    counts: &AtomicBool,
    until: Instant,
) -> (Vec<u32>, BTreeMap<String, usize>) {
    let wire = Wire::new(&workload.base);
    let (mut times, mut wrong) = (Vec::new(), BTreeMap::new());
    while Instant::now() < until {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        if workload.supply(flow).is_some_and(|prepared| turn >= prepared) {
            break;
        }
        let (begun, counted) = (Instant::now(), counts.load(Ordering::Relaxed));
        match workload.ask(flow, &wire, turn).await {
            Ok(()) if counted => times.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX)),
            Ok(()) => {}
            // Counted even while warming up: a wrong answer is never right.
            Err(fault) => *wrong.entry(fault).or_insert(0) += 1,
        }
    }
    (times, wrong)
}
