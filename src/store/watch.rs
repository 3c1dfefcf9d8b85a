//! One connection that listens for changes other instances make, and notices within a second and
//! a half that the database is away (stopped, frozen or cut off).

use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};
use tokio::{sync::mpsc, time::timeout};

use super::StoreError;

/// Between two questions whether the database is there.
const HEARTBEAT: Duration = Duration::from_millis(400);
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_millis(1000);

/// What the watch has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The database answers; after an absence, whatever was cached may be stale.
    Present,
    /// The database does not answer.
    Away,
    /// Clients changed.
    ClientsChanged,
    /// Signing keys changed.
    KeysChanged,
}

/// Watches until the receiver is dropped.
pub async fn watch(pool: PgPool, tell: mpsc::Sender<Word>) {
    while !tell.is_closed() {
        if let Ok(Ok(listener)) = timeout(PATIENCE, listen(&pool)).await {
            if tell.send(Word::Present).await.is_err() {
                return;
            }
            follow(listener, &tell).await;
        }
        if tell.send(Word::Away).await.is_err() {
            return;
        }
        tokio::time::sleep(HEARTBEAT).await;
    }
}

async fn listen(pool: &PgPool) -> Result<PgListener, StoreError> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.eager_reconnect(false);
    listener.listen("tamga_changed").await?;
    Ok(listener)
}

/// Passes on notices, and asks for a sign of life between them, until the connection fails.
async fn follow(mut listener: PgListener, tell: &mpsc::Sender<Word>) {
    loop {
        match timeout(HEARTBEAT, listener.try_recv()).await {
            Ok(Ok(Some(notice))) => {
                let word = if notice.payload() == "keys" { Word::KeysChanged } else { Word::ClientsChanged };
                if tell.send(word).await.is_err() {
                    return;
                }
            }
            Ok(Ok(None) | Err(_)) => return,
            Err(_) => {
                let alive =
                    timeout(PATIENCE, sqlx::query!(r#"SELECT 1 AS "one!""#).fetch_one(&mut listener)).await;
                if !matches!(alive, Ok(Ok(_))) || tell.is_closed() {
                    return;
                }
            }
        }
    }
}
