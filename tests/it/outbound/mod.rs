//! The outbox: what is written to it is delivered, once, to a real gateway and a real mail server.

mod fetch;
mod mail;
mod sms;
mod worker;

use tamga::{
    ids::OutboxId,
    store::outbox::{self, Message},
};
use time::OffsetDateTime;

use crate::support::app::TestApp;

/// A row of the outbox, as far as it tells what became of the message.
#[derive(Debug, sqlx::FromRow)]
struct State {
    body: String,
    attempts: i32,
    next_attempt_at: OffsetDateTime,
    leased_until: Option<OffsetDateTime>,
    delivered_at: Option<OffsetDateTime>,
    failed_at: Option<OffsetDateTime>,
}

fn message(app: &TestApp, channel: &str, recipient: &str, text: &str) -> Message {
    let now = app.clock.now();
    Message {
        id: OutboxId(app.app.rng.uuid(now)),
        channel: channel.to_owned(),
        recipient: recipient.to_owned(),
        subject: (channel == "mail").then(|| "Код подтверждения · รหัสยืนยัน".to_owned()),
        body: text.to_owned(),
        created_at: now,
    }
}

async fn put(app: &TestApp, channel: &str, recipient: &str, text: &str) -> OutboxId {
    let message = message(app, channel, recipient, text);
    outbox::insert(app.pool(), &message).await.unwrap();
    message.id
}

/// One round of the worker.
async fn deliver(app: &TestApp) -> usize {
    app.deliver().await
}

async fn state(app: &TestApp, id: OutboxId) -> State {
    sqlx::query_as(
        "SELECT body, attempts, next_attempt_at, leased_until, delivered_at, failed_at FROM outbox WHERE id = $1",
    )
    .bind(id.0)
    .fetch_one(app.pool())
    .await
    .unwrap()
}
