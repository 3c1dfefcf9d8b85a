//! What every way of signing in ends with: a new session, and the journey goes on.

use axum::response::Response;

use super::traveller::Traveller;
use crate::{
    app::App,
    http::{fault::InternalError, known, log, page, session_cookies, visit::Visit},
    ids::UserId,
    model::session::{Amr, Session},
    secret::{Digest, Token},
    store::{
        logins::{self, Success, Throttles},
        sessions::Login,
    },
};

/// Begins a session of this person, proved in these ways; `None` when the account was disabled or
/// the journey ended meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn begin_session(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    user: UserId,
    amr: Vec<Amr>,
    throttles: Option<&Throttles>,
) -> Result<Option<Response>, InternalError> {
    let now = app.clock.now();
    let session =
        Session { id: app.session_id(), user_id: user, amr, authenticated_at: now, last_seen_at: now };
    let forgotten: Vec<Digest> = throttles
        .iter()
        .flat_map(|throttles| [Some(throttles.account), throttles.browser])
        .flatten()
        .collect();
    let begun = renew(app, visit, traveller, &session, &forgotten).await?;
    Ok(begun.map(|response| page::with_cookie(response, known::learn(app, visit, user))))
}

/// Goes on with the session, proved by a second factor, under a new cookie (a new identifier at every
/// rise of privilege: who planted or saw the old cookie gains nothing). The time of the sign-in
/// stays that of the first factor.
///
/// # Errors
/// When the database fails.
pub async fn raise_session(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    login: &Login,
    ways: &[Amr],
    forgotten: &[Digest],
) -> Result<Option<Response>, InternalError> {
    let mut amr = login.session.amr.clone();
    for way in ways.iter().chain(&[Amr::MultiFactor]) {
        if !amr.contains(way) {
            amr.push(*way);
        }
    }
    let session = Session {
        id: app.session_id(),
        user_id: login.user.id,
        amr,
        authenticated_at: login.session.authenticated_at,
        last_seen_at: app.clock.now(),
    };
    renew(app, visit, traveller, &session, forgotten).await
}

async fn renew(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    session: &Session,
    forgotten: &[Digest],
) -> Result<Option<Response>, InternalError> {
    let (cookie, user_agent) = (Token::generate(&app.rng), visit.user_agent());
    let success = Success {
        session,
        cookie: cookie.digest(),
        expires_at: session.last_seen_at + app.settings.sessions.absolute_ttl,
        previous: visit.session.as_ref().map(Token::digest),
        journey: traveller.journey.id,
        forgotten,
        address: &visit.address.to_string(),
        user_agent: user_agent.as_deref(),
    };
    let Some(id) = logins::succeed(&app.pool, &success).await? else { return Ok(None) };
    log::user(session.user_id);
    log::outcome("signed_in");
    let response = page::see_other(&traveller.next());
    Ok(Some(session_cookies::set(app, response, id, &cookie)))
}

/// Counts a sign-in by its way and what came of it.
pub fn count(method: &'static str, outcome: &'static str) {
    metrics::counter!("tamga_logins_total", "method" => method, "outcome" => outcome).increment(1);
}
