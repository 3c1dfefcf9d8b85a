//! What the person's own pages have around their content, and the journal lines of what is done on
//! them.

use axum::response::Response;
use serde_json::Value;

use super::visitor::Visitor;
use crate::{
    app::App,
    http::{cookies, fault::InternalError, page, session_cookies, visit::Visit},
    model::{journal::Entry, session::Amr, user::UserKind},
    secret::Token,
    store::sessions,
    templates::{Frame, Shell},
};

/// What a page may say was just done: `?done=` names one of these and nothing else.
const DONE: [&str; 22] = [
    "done-factor-first",
    "done-profile",
    "done-locale",
    "done-contact",
    "done-photo",
    "done-photo-removed",
    "done-document",
    "done-document-removed",
    "done-session",
    "done-sessions",
    "done-withdrawn",
    "done-password",
    "done-totp",
    "done-passkey",
    "done-renamed",
    "done-removed",
    "done-channel",
    "done-representative",
    "done-representative-removed",
    "done-confirmed",
    "done-refused",
    "done-unchanged",
];

/// The frame of a page of this section; `?done=` says what was just done.
pub fn frame(visit: &Visit, visitor: &Visitor, section: &'static str) -> Frame {
    let query = visit.query();
    let asked = query.get("done").ok().flatten();
    Frame {
        section,
        csrf: visitor.csrf(),
        person: visitor.login.user.display_name(),
        done: DONE
            .into_iter()
            .find(|key| asked.is_some_and(|asked| key.strip_prefix("done-") == Some(asked))),
        about: String::new(),
        organisation: visitor.login.user.kind == UserKind::JuristicPerson,
    }
}

/// What surrounds a page at this path, in the language clicked, chosen before, or the person's own.
pub fn shell(app: &App, visit: &Visit, visitor: &Visitor, path: &str) -> Shell {
    let chosen = cookies::read(app, &visit.headers, cookies::LANGUAGE);
    let asked = visitor.login.user.locale.filter(|_| chosen.is_none());
    let mut shell = visit.shell(app, asked, None);
    if visit.uri.path() != path.split('?').next().unwrap_or_default() {
        // After a post the address is the form's: the links to other languages lead to the page.
        let joint = if path.contains('?') { '&' } else { '?' };
        for link in &mut shell.languages {
            link.href = format!("{path}{joint}lang={}", link.locale);
        }
    }
    shell
}

/// A journal line for something this person does here. `after` holds names and numbers, never values.
pub fn entry(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    action: &'static str,
    after: Option<Value>,
) -> Entry {
    Entry {
        at: app.clock.now(),
        actor_kind: "user",
        actor_id: Some(visitor.login.user.id.to_string()),
        action,
        subject_kind: "user",
        subject_id: Some(visitor.login.user.id.to_string()),
        address: Some(visit.address.to_string()),
        request_id: Some(visit.request_id),
        before: None,
        after,
    }
}

/// To this page, which says what was done. 303: a reload must not send the form again.
pub fn done(path: &str, what: &str) -> Response {
    let joint = if path.contains('?') { '&' } else { '?' };
    page::see_other(&format!("{path}{joint}done={what}"))
}

/// The same for whoever has just proved a further factor: their session counts as proved by it from
/// now on, under a new cookie.
///
/// # Errors
/// When the database fails.
pub async fn done_with_factor(
    app: &App,
    visitor: &Visitor,
    ways: &[Amr],
    (path, what): (&str, &str),
) -> Result<Response, InternalError> {
    let session = &visitor.login.session;
    let mut amr = session.amr.clone();
    for way in ways.iter().chain(&[Amr::MultiFactor]) {
        if !amr.contains(way) {
            amr.push(*way);
        }
    }
    let cookie = Token::generate(&app.rng);
    let raised = sessions::raise(&app.pool, session.id, cookie.digest(), &amr, app.clock.now()).await?;
    let answer = done(path, what);
    Ok(if raised { session_cookies::set(app, answer, session.id, &cookie) } else { answer })
}
