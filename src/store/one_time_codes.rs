//! One-time codes: sent within limits, tried a few times, redeemed once.

use sqlx::{PgExecutor, PgPool, types::Uuid};
use time::{Duration, OffsetDateTime};

use super::{StoreError, outbox, rows::word};
use crate::{
    ids::{CodeId, ConfirmationId, JourneyId, UserId},
    model::journey::{Channel, Contact, Purpose},
    secret::Digest,
    store::outbox::Message,
};

/// Whose code it is: a journey's, a confirmation's, or, on the account pages, a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A journey's.
    Journey(JourneyId),
    /// A confirmation's.
    Confirmation(ConfirmationId),
    /// A signed-in person's.
    User(UserId),
}

impl Holder {
    fn journey(self) -> Option<Uuid> {
        match self {
            Self::Journey(id) => Some(id.0),
            Self::Confirmation(_) | Self::User(_) => None,
        }
    }

    fn confirmation(self) -> Option<Uuid> {
        match self {
            Self::Confirmation(id) => Some(id.0),
            Self::Journey(_) | Self::User(_) => None,
        }
    }

    fn user(self) -> Option<Uuid> {
        match self {
            Self::User(id) => Some(id.0),
            Self::Journey(_) | Self::Confirmation(_) => None,
        }
    }
}

/// A code about to be sent.
pub struct NewCode<'a> {
    /// Its row.
    pub id: CodeId,
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub holder: Holder,
    /// Where it goes.
    pub contact: &'a Contact,
    /// Keyed digest over purpose, holder, contact and code.
    pub digest: Digest,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
    /// What carries it; none for a decoy, which stands where there is nobody to send a code to.
    pub message: Option<&'a Message>,
    /// Whoever asked, to be counted.
    pub address: Digest,
}

/// How much may be sent.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long after a code the next may go to the same phone or mail.
    pub resend_after: std::time::Duration,
    /// Codes asked from one address in an hour.
    pub per_address_hourly: i32,
    /// Codes in all in a day.
    pub daily_total: i32,
}

/// What became of the wish to send a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// It is on its way.
    Sent,
    /// One went there a moment ago; the next may go at this time.
    TooEarly(OffsetDateTime),
    /// Too many were asked from this address, or sent in all; try again at this time.
    TooMany(OffsetDateTime),
}

/// Writes a code and the message that carries it, within the limits: all of it or nothing. Two
/// wishes at once for one phone send one code.
///
/// # Errors
/// When the database fails.
pub async fn send(
    pool: &PgPool,
    code: &NewCode<'_>,
    limits: Limits,
    now: OffsetDateTime,
) -> Result<Sending, StoreError> {
    let mut tx = pool.begin().await?;
    let (channel, key) = (code.contact.channel.word(), Digest::of(code.contact.to.as_bytes()));
    let free = sqlx::query_scalar!(
        r#"INSERT INTO code_recipients AS r (channel, key, sent_at) VALUES ($1, $2, $3)
           ON CONFLICT (channel, key) DO UPDATE SET sent_at = excluded.sent_at WHERE r.sent_at <= $4
           RETURNING true AS "free!""#,
        channel,
        key.as_bytes(),
        now,
        now - limits.resend_after,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if free.is_none() {
        let sent_at = sqlx::query_scalar!(
            "SELECT sent_at FROM code_recipients WHERE channel = $1 AND key = $2",
            channel,
            key.as_bytes()
        )
        .fetch_one(&mut *tx)
        .await?;
        return Ok(Sending::TooEarly(sent_at + limits.resend_after));
    }
    let hour = Window::of(now, Duration::HOUR);
    if !spend(&mut *tx, "code-address", code.address, hour.began_at, limits.per_address_hourly).await? {
        return Ok(Sending::TooMany(hour.ends_at));
    }
    let day = Window::of(now, Duration::DAY);
    if !spend(&mut *tx, "code-total", Digest::of(b""), day.began_at, limits.daily_total).await? {
        return Ok(Sending::TooMany(day.ends_at));
    }
    sqlx::query!(
        "INSERT INTO one_time_codes (id, purpose, digest, user_id, journey_id, channel, recipient, attempts,
                                     created_at, expires_at, confirmation_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10)",
        code.id.0,
        code.purpose.word(),
        code.digest.as_bytes(),
        code.holder.user(),
        code.holder.journey(),
        channel,
        code.contact.to,
        now,
        code.expires_at,
        code.holder.confirmation(),
    )
    .execute(&mut *tx)
    .await?;
    if let Some(message) = code.message {
        outbox::insert_until(&mut *tx, message, code.expires_at).await?;
    }
    tx.commit().await?;
    Ok(Sending::Sent)
}

/// A stretch of time in which something is counted.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// When it began.
    pub began_at: OffsetDateTime,
    /// When the next begins.
    pub ends_at: OffsetDateTime,
}

impl Window {
    /// The stretch of this length that `now` lies in.
    pub fn of(now: OffsetDateTime, length: Duration) -> Self {
        let since = now - OffsetDateTime::UNIX_EPOCH;
        let into = since.whole_seconds().rem_euclid(length.whole_seconds().max(1));
        let whole = OffsetDateTime::UNIX_EPOCH + Duration::seconds(since.whole_seconds());
        let began_at = whole - Duration::seconds(into);
        Self { began_at, ends_at: began_at + length }
    }
}

/// Counts one more of this kind in the stretch of time that began then; false, and nothing
/// counted, when `limit` was reached.
///
/// # Errors
/// When the database fails.
pub async fn spend(
    db: impl PgExecutor<'_>,
    kind: &str,
    key: Digest,
    began_at: OffsetDateTime,
    limit: i32,
) -> Result<bool, StoreError> {
    let spent = sqlx::query_scalar!(
        r#"INSERT INTO spends AS s (kind, key, began_at, spent) SELECT $1, $2, $3, 1 WHERE $4::integer > 0
           ON CONFLICT (kind, key, began_at) DO UPDATE SET spent = s.spent + 1 WHERE s.spent < $4
           RETURNING true AS "spent!""#,
        kind,
        key.as_bytes(),
        began_at,
        limit,
    )
    .fetch_optional(db)
    .await?;
    Ok(spent.is_some())
}

/// The code that counts: the newest of this purpose and holder.
#[derive(Clone)]
pub struct Current {
    /// Its row.
    pub id: CodeId,
    /// Where it went.
    pub contact: Contact,
    /// Its keyed digest.
    pub digest: Digest,
    /// Tries so far.
    pub attempts: i32,
    /// When it was sent.
    pub created_at: OffsetDateTime,
    /// When it stops working.
    pub expires_at: OffsetDateTime,
    /// When the right code was typed.
    pub redeemed_at: Option<OffsetDateTime>,
}

struct Row {
    id: Uuid,
    channel: String,
    recipient: String,
    digest: Vec<u8>,
    attempts: i32,
    created_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    redeemed_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Current {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let channel: Channel = word("one_time_codes", "channel", row.id, &row.channel)?;
        let digest = Digest::from_stored(&row.digest).ok_or_else(|| StoreError::Inconsistent {
            table: "one_time_codes",
            column: "digest",
            id: row.id.to_string(),
        })?;
        Ok(Self {
            id: CodeId(row.id),
            contact: Contact { channel, to: row.recipient },
            digest,
            attempts: row.attempts,
            created_at: row.created_at,
            expires_at: row.expires_at,
            redeemed_at: row.redeemed_at,
        })
    }
}

/// The newest code of this purpose and holder, whatever became of it.
///
/// # Errors
/// When the database fails or a row is impossible.
pub async fn find(
    db: impl PgExecutor<'_>,
    purpose: Purpose,
    holder: Holder,
) -> Result<Option<Current>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, channel, recipient, digest, attempts, created_at, expires_at, redeemed_at FROM one_time_codes
         WHERE purpose = $1 AND (journey_id = $2 OR confirmation_id = $4
                                 OR ($2 IS NULL AND journey_id IS NULL AND user_id = $3))
         ORDER BY created_at DESC, id DESC LIMIT 1",
        purpose.word(),
        holder.journey(),
        holder.user(),
        holder.confirmation(),
    )
    .fetch_optional(db)
    .await?;
    row.map(Current::try_from).transpose()
}

/// Claims one try at a code; none when it is used, too old, or was tried too often. The try is
/// counted before anything is compared, so that tries sent at once can't outrun the count.
///
/// # Errors
/// When the database fails.
pub async fn claim_try(
    db: impl PgExecutor<'_>,
    id: CodeId,
    max_attempts: i32,
    now: OffsetDateTime,
) -> Result<Option<i32>, StoreError> {
    Ok(sqlx::query_scalar!(
        "UPDATE one_time_codes SET attempts = attempts + 1
         WHERE id = $1 AND redeemed_at IS NULL AND expires_at > $2 AND attempts < $3 RETURNING attempts",
        id.0,
        now,
        max_attempts,
    )
    .fetch_optional(db)
    .await?)
}

/// Uses a code up: true for the one caller who does.
///
/// # Errors
/// When the database fails.
pub async fn redeem(db: impl PgExecutor<'_>, id: CodeId, now: OffsetDateTime) -> Result<bool, StoreError> {
    let redeemed = sqlx::query!(
        "UPDATE one_time_codes SET redeemed_at = $2 WHERE id = $1 AND redeemed_at IS NULL",
        id.0,
        now
    )
    .execute(db)
    .await?;
    Ok(redeemed.rows_affected() == 1)
}

/// Lets the next code go to this contact at once: who typed a code rightly is not being flooded.
///
/// # Errors
/// When the database fails.
pub async fn release_recipient(db: impl PgExecutor<'_>, contact: &Contact) -> Result<(), StoreError> {
    let key = Digest::of(contact.to.as_bytes());
    sqlx::query!(
        "DELETE FROM code_recipients WHERE channel = $1 AND key = $2",
        contact.channel.word(),
        key.as_bytes()
    )
    .execute(db)
    .await?;
    Ok(())
}
