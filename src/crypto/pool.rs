//! Work that takes milliseconds of a core: off the threads that serve everybody, as much at once as
//! was set and a short queue behind it, so that a flood of it starves nothing else.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::JoinError};

/// A pool of a bounded number of cores.
#[derive(Clone)]
pub struct Pool {
    cores: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    places: usize,
}

/// Why work was not done.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The queue is full: answer 503 with `Retry-After`.
    #[error("too much waits to be computed")]
    Busy,
    /// The work panicked, or the program is ending.
    #[error("a computation ended early: {0}")]
    Failed(#[from] JoinError),
}

impl Pool {
    /// With `cores` pieces of work at once and `queue` waiting behind them.
    pub fn new(cores: usize, queue: usize) -> Self {
        let (cores, places) = (cores.max(1), cores.max(1) + queue);
        Self { cores: Arc::new(Semaphore::new(cores)), queue: Arc::new(Semaphore::new(places)), places }
    }

    /// Does `work` when a core is free.
    ///
    /// # Errors
    /// [`PoolError::Busy`] at once when the queue is full.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PoolError> {
        let place = self.queue.clone().try_acquire_owned().map_err(|_| PoolError::Busy)?;
        let core = self.cores.clone().acquire_owned().await.map_err(|_| PoolError::Busy)?;
        // The permits go along: a caller who hangs up must not free a core that still works.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((core, place));
            result
        });
        Ok(done.await?)
    }

    /// How much is being done or waits.
    pub fn in_hand(&self) -> usize {
        self.places.saturating_sub(self.queue.available_permits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_answers_busy_at_once() {
        let pool = Pool::new(1, 0);
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let slow = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(move || wait.recv()).await }
        });
        while pool.in_hand() == 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(pool.run(|| 1).await, Err(PoolError::Busy)));
        release.send(()).unwrap();
        slow.await.unwrap().unwrap().unwrap();
        assert_eq!(pool.run(|| 1).await.unwrap(), 1);
    }
}
