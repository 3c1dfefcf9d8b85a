//! Challenges: opened or given again, and what the person is told of them.
//!
//! 1. The person must have a second factor. Recovery codes are none here: they are for who lost one.
//! 2. The confirmation is opened; the same asked within 120 s is the same, two at once are one.
//! 3. A code goes out for a new one, bound to this confirmation, with what it is for in its text.

use time::{Duration, OffsetDateTime};

use super::{
    Peer,
    answer::{Answer, Failure, Pending},
    finish::finish,
    refusal::Refusal,
};
use crate::{
    app::{App, notices, one_time_codes},
    http::{fault::Fault, log, visit::Visit},
    ids::ConfirmationId,
    model::{
        confirmation::{AnswerWay, Confirmation, Outcome, Question, Subject},
        credential::{Credential, CredentialKind},
        journal::Entry,
        journey::{Contact, Purpose},
        locale::Locale,
        user::User,
    },
    protocol::oauth2::reject::Reject,
    secret::Digest,
    store::{
        confirmations::{self, Opened},
        credentials,
        one_time_codes::{Holder, Sending},
    },
};

/// For so long the same question is the same challenge, and no other code is sent for it.
const SAME: Duration = Duration::seconds(120);

/// A client asks.
pub struct Asking<'a> {
    /// Who.
    pub peer: Peer<'a>,
    /// What.
    pub question: Question,
    /// Where it wants to be told of the outcome.
    pub callback_uri: Option<String>,
}

impl Asking<'_> {
    /// Asks this person.
    ///
    /// # Errors
    /// [`Reject::TooMany`] when no code can be sent now.
    pub async fn ask(self, user: &User) -> Result<Answer, Fault<Refusal>> {
        let Peer { app, client, .. } = self.peer;
        let now = app.clock.now();
        log::user(user.id);
        let held = credentials::list(&app.pool, user.id).await?;
        let Some(way) = way(user, &held) else {
            return Ok(Answer::Failed(Failure::SecondFactorRequired));
        };
        let new = Confirmation {
            id: ConfirmationId(app.rng.uuid(now)),
            client_id: client.id,
            user_id: user.id,
            question: self.question,
            way,
            callback_uri: self.callback_uri,
            attempts: 0,
            created_at: now,
            expires_at: now + app.settings.codes.ttl,
            outcome: None,
            decided_at: None,
            amr: Vec::new(),
            finished_at: None,
        };
        let entry = by_client(self.peer, &new, "confirmation.open");
        match confirmations::open(&app.pool, &new, now - SAME, &entry).await? {
            Opened::Present(present) if present.outcome.is_some() => Ok(finish(self.peer, &present).await?),
            Opened::Present(present) => Ok(pending(self.peer, user, *present, None)),
            Opened::New => {
                send_code(self.peer, user, &new).await?;
                Ok(pending(self.peer, user, new, None))
            }
        }
    }
}

/// How the person answers: by the strongest of their second factors that can be typed, else on their
/// account page.
fn way(user: &User, held: &[Credential]) -> Option<AnswerWay> {
    let has = |kind| held.iter().any(|factor| factor.kind == kind);
    let reached = |way: AnswerWay| contact(user, way).is_some();
    if has(CredentialKind::Totp) {
        Some(AnswerWay::Totp)
    } else if has(CredentialKind::Sms) && reached(AnswerWay::Sms) {
        Some(AnswerWay::Sms)
    } else if has(CredentialKind::Mail) && reached(AnswerWay::Mail) {
        Some(AnswerWay::Mail)
    } else {
        has(CredentialKind::Passkey).then_some(AnswerWay::Account)
    }
}

/// Where the person's code of this way goes.
pub fn contact(user: &User, way: AnswerWay) -> Option<Contact> {
    notices::held(user, way.channel()?)
}

async fn send_code(peer: Peer<'_>, user: &User, confirmation: &Confirmation) -> Result<(), Fault<Refusal>> {
    let Peer { app, visit, client, .. } = peer;
    let Some(contact) = contact(user, confirmation.way) else { return Ok(()) };
    let request = one_time_codes::CodeRequest {
        purpose: Purpose::Confirmation,
        holder: Holder::Confirmation(confirmation.id),
        contact: &contact,
        locale: locale(app, visit, user),
        text: match confirmation.question.subject {
            Subject::Login => "message-code-confirm-login",
            Subject::Operation | Subject::Transaction => "message-code-confirm-operation",
        },
        // The sender's address is the client's server, which all its users share; the client and the
        // person are proved, so floods are counted by them.
        address: Digest::of(format!("confirmation:{}:{}", client.id, user.id).as_bytes()),
    };
    let further = [("client", client.name.as_str()), ("reference", confirmation.question.reference.as_str())];
    let sending = one_time_codes::send_saying(app, &request, &further).await?;
    let (what, until) = match sending {
        Sending::Sent => return Ok(()),
        Sending::TooEarly(until) => ("a code was sent to this person a moment ago", until),
        Sending::TooMany(until) => ("too many codes were sent", until),
    };
    // Without its code the challenge can't be answered: it must not stand in the way of the next.
    let entry = by_client(peer, confirmation, "confirmation.close");
    confirmations::decide(&app.pool, &[confirmation.id], Outcome::Cancelled, &[], &entry).await?;
    Err(Fault::Reject(Refusal::Request(wait(what, until, app.clock.now()))))
}

/// Too much of `what`: try again at this time.
pub fn wait(what: &'static str, until: OffsetDateTime, now: OffsetDateTime) -> Reject {
    let seconds = u64::try_from((until - now).whole_milliseconds()).unwrap_or(0).div_ceil(1000).max(1);
    Reject::TooMany { what, seconds }
}

/// The pending answer. `wrong`: the answer that came was, and so many tries are left.
pub fn pending(peer: Peer<'_>, user: &User, confirmation: Confirmation, wrong: Option<i32>) -> Answer {
    let Peer { app, visit, client, .. } = peer;
    let locale = locale(app, visit, user);
    let templates = app.templates();
    let to = contact(user, confirmation.way).map(|contact| contact.masked()).unwrap_or_default();
    let reference = confirmation.question.reference.as_str();
    let title = match confirmation.question.subject {
        Subject::Login => "confirm-login",
        Subject::Operation | Subject::Transaction => "confirm-operation",
    };
    let label = match confirmation.way {
        AnswerWay::Totp => "confirm-by-totp",
        AnswerWay::Sms => "confirm-by-sms",
        AnswerWay::Mail => "confirm-by-mail",
        AnswerWay::Account => "confirm-by-account",
    };
    Answer::Pending(Box::new(Pending {
        title: templates.text(locale, title, &[("client", client.name.as_str()), ("reference", reference)]),
        label: templates.text(locale, label, &[("to", to.as_str())]),
        confirmation,
        wrong,
    }))
}

fn locale(app: &App, visit: &Visit, user: &User) -> Locale {
    user.locale.unwrap_or_else(|| visit.locale(app, None))
}

/// A journal line about this confirmation, for what the client does.
pub fn by_client(peer: Peer<'_>, confirmation: &Confirmation, action: &'static str) -> Entry {
    let Peer { app, visit, .. } = peer;
    let (client, user) = (confirmation.client_id, Some(confirmation.user_id));
    let address = visit.address.to_string();
    let mut entry = Entry::by_client(app.clock.now(), client, action, user, address, visit.request_id);
    entry.after = Some(serde_json::json!({
        "confirmation": confirmation.id,
        "client": client,
        "subject": confirmation.question.subject,
    }));
    entry
}
