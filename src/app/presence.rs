//! Whether the database is there. While it is away (stopped or frozen) requests that need it are
//! answered 503 at once instead of hanging, and those under way are given up.

use tokio::sync::watch;

/// The last word on the database; true until told otherwise.
pub struct Presence(watch::Sender<bool>);

impl Default for Presence {
    fn default() -> Self {
        Self(watch::Sender::new(true))
    }
}

impl Presence {
    /// Notes whether the database is there; true when that is news.
    pub fn set(&self, present: bool) -> bool {
        self.0.send_if_modified(|was| std::mem::replace(was, present) != present)
    }

    /// Whether it is there.
    pub fn is_present(&self) -> bool {
        *self.0.borrow()
    }

    /// Comes back when the database is away, at once if it is.
    pub async fn away(&self) {
        let mut word = self.0.subscribe();
        // The sender lives as long as `self`, so this ends only with the word awaited.
        if word.wait_for(|present| !present).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
