//! Sending and checking one-time codes, for every page and protocol that needs one.

use std::time::Duration;

use time::OffsetDateTime;

use super::App;
use crate::{
    crypto::one_time_code::OneTimeCode,
    ids::{CodeId, JourneyId, OutboxId},
    model::{
        journey::{Channel, Contact, Purpose},
        locale::Locale,
    },
    secret::Digest,
    store::{
        StoreError,
        one_time_codes::{self, Current, Holder, Limits, NewCode, Sending},
        outbox::Message,
    },
};

/// A wish to send a code.
pub struct CodeRequest<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it will be.
    pub holder: Holder,
    /// Where it goes.
    pub contact: &'a Contact,
    /// The language of the message.
    pub locale: Locale,
    /// The catalogue's key of the message's text, with `$code` and `$service`.
    pub text: &'static str,
    /// Who asks, to be counted.
    pub address: Digest,
}

/// What a typed code was.
#[derive(Clone)]
pub enum Checked {
    /// Right, and used up now.
    Right(Contact),
    /// Right or wrong, the code was used already: a second press.
    Used(Contact),
    /// Wrong, with so many tries left.
    Wrong(i32),
    /// Wrong or right, it was tried too often.
    Exhausted,
    /// Too old.
    Expired,
    /// None was sent.
    NoneSent,
}

/// Sends a code within the limits.
///
/// # Errors
/// When the database fails.
pub async fn send(app: &App, request: &CodeRequest<'_>) -> Result<Sending, StoreError> {
    send_saying(app, request, &[]).await
}

/// The same with further arguments for the message's text.
///
/// # Errors
/// When the database fails.
pub async fn send_saying(
    app: &App,
    request: &CodeRequest<'_>,
    further: &[(&str, &str)],
) -> Result<Sending, StoreError> {
    let now = app.clock.now();
    let codes = &app.settings.codes;
    let code = OneTimeCode::generate(&app.rng);
    let templates = app.templates();
    let service = templates.service_name(request.locale);
    // Rounded down: better that the person hurries than that the code is dead.
    let minutes = (codes.ttl.as_secs() / 60).max(1).to_string();
    let mut arguments =
        vec![("code", code.expose()), ("service", service.as_str()), ("count", minutes.as_str())];
    arguments.extend_from_slice(further);
    let text = |key: &str| templates.text(request.locale, key, &arguments);
    let message = Message {
        id: OutboxId(app.rng.uuid(now)),
        channel: request.contact.channel.to_string(),
        recipient: request.contact.to.clone(),
        subject: (request.contact.channel == Channel::Mail).then(|| text("message-code-subject")),
        body: text(request.text),
        created_at: now,
    };
    let new = NewCode {
        id: CodeId(app.rng.uuid(now)),
        purpose: request.purpose,
        holder: request.holder,
        contact: request.contact,
        digest: digest(app, &code, request.purpose, request.holder, request.contact),
        expires_at: now + codes.ttl,
        message: Some(&message),
        address: request.address,
    };
    one_time_codes::send(&app.pool, &new, limits(app), now).await
}

/// Writes a code that nobody gets and nothing opens, where there is nobody to send one to: its page
/// must not differ, nor what it counts, or it would tell who has an account (enumeration).
///
/// # Errors
/// When the database fails.
pub async fn pretend(
    app: &App,
    purpose: Purpose,
    journey: JourneyId,
    address: Digest,
) -> Result<Sending, StoreError> {
    let now = app.clock.now();
    let new = NewCode {
        id: CodeId(app.rng.uuid(now)),
        purpose,
        holder: Holder::Journey(journey),
        contact: &Contact { channel: Channel::Mail, to: format!("journey:{journey}") },
        // Of no code at all: guessing it right would open an account that is not there.
        digest: Digest::of(&app.rng.bytes::<32>()),
        expires_at: now + app.settings.codes.ttl,
        message: None,
        address,
    };
    one_time_codes::send(&app.pool, &new, limits(app), now).await
}

fn limits(app: &App) -> Limits {
    let codes = &app.settings.codes;
    Limits {
        resend_after: codes.resend_after,
        per_address_hourly: codes.per_address_hourly,
        daily_total: codes.daily_total,
    }
}

/// Checks what a person typed against the newest code of this purpose and holder. A text that
/// can't be a code costs no try.
///
/// `meant` is where a code must have gone to prove anything here. A journey can change whose it is
/// (another sign-in, another name), so a code for its former person must open nothing of the next
/// one's. `None` only where the answer is about the place the code went to itself.
///
/// # Errors
/// When the database fails.
pub async fn check(
    app: &App,
    purpose: Purpose,
    holder: Holder,
    meant: Option<&Contact>,
    typed: &str,
) -> Result<Checked, StoreError> {
    let now = app.clock.now();
    let current = one_time_codes::find(&app.pool, purpose, holder).await?;
    let Some(current) = current.filter(|current| meant.is_none_or(|meant| *meant == current.contact)) else {
        return Ok(Checked::NoneSent);
    };
    let max_attempts = app.settings.codes.max_attempts;
    if current.redeemed_at.is_some() {
        return Ok(Checked::Used(current.contact));
    }
    if current.attempts >= max_attempts {
        return Ok(Checked::Exhausted);
    }
    if current.expires_at <= now {
        return Ok(Checked::Expired);
    }
    let Some(typed) = OneTimeCode::typed(typed) else {
        return Ok(Checked::Wrong(max_attempts - current.attempts));
    };
    let Some(attempts) = one_time_codes::claim_try(&app.pool, current.id, max_attempts, now).await? else {
        // Between the look and the try: used by the same person's other press, or tried too often.
        let latest = one_time_codes::find(&app.pool, purpose, holder).await?;
        let used = latest.is_some_and(|latest| latest.id == current.id && latest.redeemed_at.is_some());
        return Ok(if used { Checked::Used(current.contact) } else { Checked::Exhausted });
    };
    // `Digest` compares in constant time.
    if digest(app, &typed, purpose, holder, &current.contact) != current.digest {
        let left = max_attempts - attempts;
        return Ok(if left > 0 { Checked::Wrong(left) } else { Checked::Exhausted });
    }
    if one_time_codes::redeem(&app.pool, current.id, now).await? {
        Ok(Checked::Right(current.contact))
    } else {
        Ok(Checked::Used(current.contact))
    }
}

/// What a page says about the code that was sent.
#[derive(Clone)]
pub struct Status {
    /// Where it went.
    pub contact: Contact,
    /// How long it still lives.
    pub lives: Duration,
    /// Tries left.
    pub tries: i32,
    /// How long until another may be sent.
    pub resend_in: Duration,
}

/// The state of the newest code of this purpose and holder; `None` when none was sent.
///
/// # Errors
/// When the database fails.
pub async fn status(app: &App, purpose: Purpose, holder: Holder) -> Result<Option<Status>, StoreError> {
    let current = one_time_codes::find(&app.pool, purpose, holder).await?;
    Ok(current.map(|current| describe(app, &current)))
}

fn describe(app: &App, current: &Current) -> Status {
    let now = app.clock.now();
    let until = |at: OffsetDateTime| Duration::try_from(at - now).unwrap_or_default();
    Status {
        lives: until(current.expires_at),
        tries: (app.settings.codes.max_attempts - current.attempts).max(0),
        resend_in: until(current.created_at + app.settings.codes.resend_after),
        contact: current.contact.clone(),
    }
}

fn digest(app: &App, code: &OneTimeCode, purpose: Purpose, holder: Holder, contact: &Contact) -> Digest {
    let holder = match holder {
        Holder::Journey(id) => format!("journey:{id}"),
        Holder::Confirmation(id) => format!("confirmation:{id}"),
        Holder::User(id) => format!("user:{id}"),
    };
    let key = app.sealer.derive("one-time codes");
    code.digest(&key, &[purpose.word(), &holder, contact.channel.word(), &contact.to])
}
