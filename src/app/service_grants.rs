//! Groups what concurrent requests write: each waits until its own line is on the disk, and those
//! that come while a commit is under way share the next one.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::PgPool;
use tokio::{sync::oneshot, time::timeout};

use crate::{
    ids::UserId,
    store::{
        StoreError,
        service_grants::{Asked, record},
    },
};

/// Requests in a group at most.
const LARGEST: usize = 100;
/// Groups under way at once: while one waits for the disk, the next is worked out.
const AT_ONCE: usize = 2;

/// What came of one request.
type Recorded = Result<Option<UserId>, StoreError>;

/// Requests that wait for their group.
#[derive(Clone)]
pub struct ServiceGrants {
    state: Arc<Mutex<State>>,
    patience: Duration,
}

#[derive(Default)]
struct State {
    waiting: Vec<(Asked, oneshot::Sender<Recorded>)>,
    under_way: usize,
}

impl ServiceGrants {
    /// Groups that are given up after `patience`: one that waits for ever on a connection that died
    /// silently would hold up all that come after it.
    pub fn new(patience: Duration) -> Self {
        Self { state: Arc::default(), patience }
    }

    /// The person asked for, once the journal line is on the disk; `None` when the one who asks may
    /// not act for such a person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(&self, pool: &PgPool, asked: Asked) -> Recorded {
        let (tell, told) = oneshot::channel();
        let begin = {
            let mut state = self.state();
            state.waiting.push((asked, tell));
            let begin = state.under_way < AT_ONCE;
            state.under_way += usize::from(begin);
            begin
        };
        if begin {
            // A task of its own: a peer that hangs up must not take the others' answers along.
            tokio::spawn(self.clone().work_off(pool.clone()));
        }
        // The sender is only dropped unsent when the program ends.
        told.await.unwrap_or_else(|_| Err(StoreError::Database(sqlx::Error::PoolClosed)))
    }

    async fn work_off(self, pool: PgPool) {
        loop {
            let group = {
                let mut state = self.state();
                if state.waiting.is_empty() {
                    state.under_way -= 1;
                    return;
                }
                let rest = state.waiting.len().min(LARGEST);
                let rest = state.waiting.split_off(rest);
                mem::replace(&mut state.waiting, rest)
            };
            let (asked, tell): (Vec<_>, Vec<_>) = group.into_iter().unzip();
            // Who has hung up meanwhile is not told; the line stands, as for any lost answer.
            let recorded = timeout(self.patience, record(&pool, &asked)).await;
            match recorded.unwrap_or(Err(StoreError::Database(sqlx::Error::PoolTimedOut))) {
                Ok(people) => {
                    for (tell, person) in tell.into_iter().zip(people) {
                        let _ = tell.send(Ok(person));
                    }
                }
                Err(error) => {
                    let error = Arc::new(error);
                    for tell in tell {
                        let _ = tell.send(Err(StoreError::Shared(error.clone())));
                    }
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
