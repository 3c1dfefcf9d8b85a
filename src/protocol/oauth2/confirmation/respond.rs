//! The person's answer, or a look at what became of it.
//!
//! 1. The challenge is this client's and, where the request says who the person is, that person's.
//!    Any other is one that is not there: a client learns nothing of another's.
//! 2. What is decided is told: failed, or, for the one request that claims it, the token.
//! 3. Without a value nothing more is done: the client polls.
//! 4. Guesses are counted with all others at this account's second factor.
//! 5. Each try is counted before it is compared, and the write that decides is the check: of two
//!    right answers at once one gets the token.

use super::{
    Peer,
    answer::{Answer, Failure},
    challenge::{by_client, contact, pending, wait},
    finish::finish,
    login,
    refusal::{Refusal, of_bearer},
};
use crate::{
    app::{
        App,
        one_time_codes::{self, Checked},
        passwords,
    },
    crypto::one_time_code::OneTimeCode,
    http::{fault::Fault, log},
    ids::UserId,
    model::{
        confirmation::{AnswerWay, Confirmation, Outcome},
        journey::{Purpose, Reason},
        session::Amr,
        user::User,
    },
    protocol::{
        oauth2::access_token::{self, BearerReject},
        second_factor,
    },
    store::{
        confirmations, credentials,
        logins::{self, Throttles},
        one_time_codes::{Holder, release_recipient},
        users,
    },
};

/// What a typed code was.
enum Guess {
    Right(Vec<Amr>),
    /// So many tries are left.
    Wrong(i32),
    /// It is decided by this.
    Over(Outcome),
    /// Somebody else's write decided.
    Decided,
}

/// Takes an answer.
///
/// # Errors
/// [`crate::protocol::oauth2::reject::Reject::TooMany`] after many wrong ones.
pub async fn respond(peer: Peer<'_>, ref_id: &str, value: Option<&str>) -> Result<Answer, Fault<Refusal>> {
    let Peer { app, client, .. } = peer;
    let gone = Answer::Failed(Failure::Closed(Outcome::Expired));
    let Ok(id) = ref_id.parse() else { return Ok(gone) };
    let found = confirmations::find(&app.pool, id).await?.filter(|found| found.client_id == client.id);
    let Some(confirmation) = found else { return Ok(gone) };
    if !is_named(peer, confirmation.user_id).await? {
        return Ok(gone);
    }
    let user = users::find_by_id(&app.pool, confirmation.user_id).await?;
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else { return Ok(gone) };
    log::user(user.id);
    if let Some(decided) = told(peer, &confirmation).await? {
        return Ok(decided);
    }
    let Some(typed) = value.filter(|_| confirmation.way != AnswerWay::Account) else {
        return Ok(pending(peer, &user, confirmation, None));
    };
    let (now, key) = (app.clock.now(), second_factor::throttle_key(user.id));
    if let Some(until) = logins::blocked_until(&app.pool, key, now).await? {
        count("throttled");
        let reject = wait("too many wrong codes for this person", until, now);
        return Err(Fault::Reject(Refusal::Request(reject)));
    }
    let guess = guess(app, &user, &confirmation, typed).await?;
    if matches!(guess, Guess::Wrong(_) | Guess::Over(Outcome::CodeExhausted)) {
        count("failure");
        logins::fail(&app.pool, None, Reason::CodeWrong, &[("account", key)], now).await?;
    }
    match guess {
        Guess::Wrong(left) => Ok(pending(peer, &user, confirmation, Some(left))),
        Guess::Right(amr) => {
            count("success");
            decide(peer, &confirmation, Outcome::Confirmed, &amr).await?;
            logins::forget(&app.pool, key).await?;
            now_told(peer, &confirmation).await
        }
        Guess::Over(outcome) => {
            decide(peer, &confirmation, outcome, &[]).await?;
            now_told(peer, &confirmation).await
        }
        Guess::Decided => now_told(peer, &confirmation).await,
    }
}

/// What is decided, told to the client; `None` while it waits for the person.
async fn told(peer: Peer<'_>, confirmation: &Confirmation) -> Result<Option<Answer>, Fault<Refusal>> {
    let failed = |outcome| Ok(Some(Answer::Failed(Failure::Closed(outcome))));
    match confirmation.outcome {
        Some(Outcome::Confirmed) => Ok(Some(finish(peer, confirmation).await?)),
        Some(outcome) => failed(outcome),
        // Written down by the next sweep, which tells the client's callback too.
        None if confirmation.expires_at <= peer.app.clock.now() => failed(Outcome::Expired),
        None => Ok(None),
    }
}

async fn now_told(peer: Peer<'_>, confirmation: &Confirmation) -> Result<Answer, Fault<Refusal>> {
    let app = peer.app;
    let closed = |outcome| Answer::Failed(Failure::Closed(outcome));
    let Some(latest) = confirmations::find(&app.pool, confirmation.id).await? else {
        return Ok(closed(Outcome::Expired));
    };
    // Undecided still: the last try, or the right code, is in another request's hands.
    let exhausted = latest.attempts >= app.settings.codes.max_attempts;
    let meanwhile = if exhausted { Outcome::CodeExhausted } else { Outcome::Expired };
    Ok(told(peer, &latest).await?.unwrap_or(closed(meanwhile)))
}

async fn decide(
    peer: Peer<'_>,
    confirmation: &Confirmation,
    outcome: Outcome,
    amr: &[Amr],
) -> Result<(), Fault<Refusal>> {
    let action = if outcome == Outcome::Confirmed { "confirmation.confirm" } else { "confirmation.close" };
    let entry = by_client(peer, confirmation, action);
    confirmations::decide(&peer.app.pool, &[confirmation.id], outcome, amr, &entry).await?;
    Ok(())
}

/// Tries a code; the try is counted first.
async fn guess(
    app: &App,
    user: &User,
    confirmation: &Confirmation,
    typed: &str,
) -> Result<Guess, Fault<Refusal>> {
    let most = app.settings.codes.max_attempts;
    // A text that can't be a code costs no try.
    let Some(code) = OneTimeCode::typed(typed) else { return Ok(Guess::Wrong(most - confirmation.attempts)) };
    let claimed = confirmations::claim_try(&app.pool, confirmation.id, most, app.clock.now()).await?;
    let Some(tries) = claimed else { return Ok(Guess::Decided) };
    let guess = match confirmation.way {
        AnswerWay::Totp => application_code(app, user, &code).await?,
        _ => sent_code(app, user, confirmation, typed).await?,
    };
    Ok(guess.unwrap_or(if tries < most {
        Guess::Wrong(most - tries)
    } else {
        Guess::Over(Outcome::CodeExhausted)
    }))
}

/// A code of the authenticator application; `None` when it is wrong.
async fn application_code(
    app: &App,
    user: &User,
    code: &OneTimeCode,
) -> Result<Option<Guess>, Fault<Refusal>> {
    let held = credentials::list(&app.pool, user.id).await?;
    let right = second_factor::use_application_code(app, user.id, &held, code).await?;
    Ok(right.then(|| Guess::Right(vec![Amr::Password, Amr::OneTimeCode, Amr::MultiFactor])))
}

/// A code that was sent; `None` when it is wrong.
async fn sent_code(
    app: &App,
    user: &User,
    confirmation: &Confirmation,
    typed: &str,
) -> Result<Option<Guess>, Fault<Refusal>> {
    let holder = Holder::Confirmation(confirmation.id);
    // A code for a phone that is no longer the person's proves nothing.
    let Some(meant) = contact(user, confirmation.way) else {
        return Ok(Some(Guess::Over(Outcome::Cancelled)));
    };
    let checked = one_time_codes::check(app, Purpose::Confirmation, holder, Some(&meant), typed).await?;
    Ok(match checked {
        Checked::Right(contact) => {
            release_recipient(&app.pool, &contact).await?;
            let sms = (confirmation.way == AnswerWay::Sms).then_some(Amr::Sms);
            let ways = [Some(Amr::Password), Some(Amr::OneTimeCode), sms, Some(Amr::MultiFactor)];
            Some(Guess::Right(ways.into_iter().flatten().collect()))
        }
        Checked::Wrong(_) | Checked::Exhausted => None,
        Checked::Used(_) => Some(Guess::Decided),
        Checked::Expired => Some(Guess::Over(Outcome::Expired)),
        Checked::NoneSent => Some(Guess::Over(Outcome::Cancelled)),
    })
}

/// Whether the request, if it says whose challenge it is, says this person's. The password is not
/// looked at again: it was when the challenge was opened, and to hash it at every look would serve
/// nobody. What matters is that a client that mixed its users up is not served.
async fn is_named(peer: Peer<'_>, user: UserId) -> Result<bool, Fault<Refusal>> {
    let Peer { app, visit, .. } = peer;
    if let Some((name, _)) = login::basic(&visit.headers) {
        let account = passwords::account_key(&name);
        let throttles = Throttles { account, address: account, browser: None };
        let candidate = passwords::candidate(app, &name, &throttles).await?;
        return Ok(candidate.user.is_some_and(|(id, _, _)| id == user));
    }
    match access_token::find(&visit.headers, None) {
        Ok(sent) => {
            let token = access_token::read_sent(app, visit, &sent).await.map_err(of_bearer)?;
            Ok(token.person(app).await.map_err(Fault::from)? == Some(user))
        }
        Err(BearerReject::Missing) => Ok(true),
        Err(reject) => Err(Fault::Reject(Refusal::Bearer(reject))),
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("tamga_logins_total", "method" => "second-factor", "outcome" => outcome).increment(1);
}
