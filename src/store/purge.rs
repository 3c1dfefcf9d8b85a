//! Takes away what has expired, in small batches, while the server serves.

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use super::StoreError;

/// Rows taken by one statement.
const BATCH: i64 = 1_000;
/// How long a finished or expired journey is kept, so that a late visitor is told what happened.
const JOURNEYS_KEPT: Duration = Duration::days(1);
/// How long a count of what was sent or asked is kept: the longest stretch that is counted is a day.
const SPENDS_KEPT: Duration = Duration::days(2);
/// How long a used code or a token of OAuth 1.0a is kept, so that its replay is recognised.
const CODES_KEPT: Duration = Duration::days(1);
/// How long an expired refresh token is kept, so that its reuse is recognised.
const REFRESH_TOKENS_KEPT: Duration = Duration::days(7);

/// How long what was used once is kept after it expired (a handle's confirmation, an assertion): other
/// instances' clocks may be behind, and to them it is still good.
const CONFIRMATIONS_KEPT: Duration = Duration::hours(1);
/// How long a message is kept, sent or not: its recipient is somebody's number or address.
const MESSAGES_KEPT: Duration = Duration::days(7);

/// Takes at most a batch of each kind; how many rows that were. Call again while it is not zero.
///
/// # Errors
/// When the database fails.
pub async fn purge_expired(pool: &PgPool, now: OffsetDateTime) -> Result<u64, StoreError> {
    let journeys = sqlx::query!(
        "DELETE FROM journeys WHERE id IN (SELECT id FROM journeys WHERE expires_at < $1 LIMIT $2)",
        now - JOURNEYS_KEPT,
        BATCH
    );
    let codes = sqlx::query!(
        "DELETE FROM authorization_codes WHERE digest IN
             (SELECT digest FROM authorization_codes WHERE expires_at < $1 LIMIT $2)",
        now - CODES_KEPT,
        BATCH
    );
    let refresh_tokens = sqlx::query!(
        "DELETE FROM refresh_tokens WHERE digest IN
             (SELECT digest FROM refresh_tokens WHERE expires_at < $1 LIMIT $2)",
        now - REFRESH_TOKENS_KEPT,
        BATCH
    );
    let access_tokens = sqlx::query!(
        "DELETE FROM revoked_access_tokens WHERE id IN
             (SELECT id FROM revoked_access_tokens WHERE expires_at < $1 LIMIT $2)",
        now,
        BATCH
    );
    let sessions = sqlx::query!(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2)",
        now - JOURNEYS_KEPT,
        BATCH
    );
    let throttles = sqlx::query!(
        "DELETE FROM throttles WHERE (kind, key) IN
             (SELECT kind, key FROM throttles WHERE updated_at < $1 LIMIT $2)",
        now - Duration::days(2),
        BATCH
    );
    let one_time_codes = sqlx::query!(
        "DELETE FROM one_time_codes WHERE id IN (SELECT id FROM one_time_codes WHERE expires_at < $1 LIMIT $2)",
        now - JOURNEYS_KEPT,
        BATCH
    );
    let code_recipients = sqlx::query!(
        "DELETE FROM code_recipients WHERE (channel, key) IN
             (SELECT channel, key FROM code_recipients WHERE sent_at < $1 LIMIT $2)",
        now - SPENDS_KEPT,
        BATCH
    );
    let spends = sqlx::query!(
        "DELETE FROM spends WHERE (kind, key, began_at) IN
             (SELECT kind, key, began_at FROM spends WHERE began_at < $1 LIMIT $2)",
        now - SPENDS_KEPT,
        BATCH
    );
    let password_links = sqlx::query!(
        "DELETE FROM password_links WHERE digest IN
             (SELECT digest FROM password_links WHERE expires_at < $1 LIMIT $2)",
        now - JOURNEYS_KEPT,
        BATCH
    );
    let trusted_phones = sqlx::query!(
        "DELETE FROM trusted_phones WHERE digest IN
             (SELECT digest FROM trusted_phones WHERE expires_at < $1 LIMIT $2)",
        now,
        BATCH
    );
    let messages = sqlx::query!(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created_at < $1 LIMIT $2)",
        now - MESSAGES_KEPT,
        BATCH
    );
    let openid2_confirmations = sqlx::query!(
        "DELETE FROM openid2_confirmations WHERE answer IN
             (SELECT answer FROM openid2_confirmations WHERE expires_at < $1 LIMIT $2)",
        now - CONFIRMATIONS_KEPT,
        BATCH
    );
    let request_tokens = sqlx::query!(
        "DELETE FROM oauth1_request_tokens WHERE digest IN
             (SELECT digest FROM oauth1_request_tokens WHERE expires_at < $1 LIMIT $2)",
        now - CODES_KEPT,
        BATCH
    );
    let oauth1_access_tokens = sqlx::query!(
        "DELETE FROM oauth1_access_tokens WHERE digest IN
             (SELECT digest FROM oauth1_access_tokens WHERE expires_at < $1 LIMIT $2)",
        now - CODES_KEPT,
        BATCH
    );
    let nonces = sqlx::query!(
        "DELETE FROM oauth1_nonces WHERE (client_id, digest) IN
             (SELECT client_id, digest FROM oauth1_nonces WHERE expires_at < $1 LIMIT $2)",
        now,
        BATCH
    );
    let confirmations = sqlx::query!(
        "DELETE FROM confirmations WHERE id IN (SELECT id FROM confirmations WHERE expires_at < $1 LIMIT $2)",
        now - JOURNEYS_KEPT,
        BATCH
    );
    let device_codes = sqlx::query!(
        "DELETE FROM device_codes WHERE digest IN
             (SELECT digest FROM device_codes WHERE expires_at < $1 LIMIT $2)",
        now - CODES_KEPT,
        BATCH
    );
    let used_assertions = sqlx::query!(
        "DELETE FROM used_assertions WHERE digest IN
             (SELECT digest FROM used_assertions WHERE expires_at < $1 LIMIT $2)",
        now - CONFIRMATIONS_KEPT,
        BATCH
    );
    let pushed_requests = sqlx::query!(
        "DELETE FROM pushed_requests WHERE digest IN
             (SELECT digest FROM pushed_requests WHERE kept_until < $1 LIMIT $2)",
        now - CONFIRMATIONS_KEPT,
        BATCH
    );
    let of_oauth1 = [request_tokens, oauth1_access_tokens, nonces];
    let of_protocols = [codes, refresh_tokens, access_tokens, openid2_confirmations, used_assertions];
    let of_people = [journeys, sessions, throttles, one_time_codes, code_recipients, spends, password_links];
    let mut purged = 0;
    for statement in of_protocols.into_iter().chain(of_oauth1).chain(of_people).chain([
        trusted_phones,
        messages,
        confirmations,
        pushed_requests,
        device_codes,
    ]) {
        purged += statement.execute(pool).await?.rows_affected();
    }
    Ok(purged)
}
