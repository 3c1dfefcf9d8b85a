//! Who may use the portal: a role, and a second factor given just now.

use axum::{http::StatusCode, response::Response};
use serde_json::Value;
use time::Duration;

use crate::{
    account::visitor::{FRESH, Visitor},
    app::App,
    http::{
        fault::Fault,
        page::{Problem, see_other},
        visit::Visit,
    },
    ids::UserId,
    model::{
        journal::Entry,
        role::{Role, RoleName},
    },
    protocol::account::Assurance,
    store::roles,
    templates::ErrorKind,
};

/// How old the second factor may be when a form arrives: who opened its page while it was fresh
/// has five minutes to fill it in.
const STILL_FRESH: Duration = Duration::minutes(15);

/// What the person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// See a page.
    Look,
    /// Send its form.
    Change,
}

/// A person in a role.
pub struct Staff {
    /// The person.
    pub visitor: Visitor,
    role: Role,
}

impl Staff {
    /// The person behind this browser's session, if they hold the role; else the answer that sends
    /// them to prove who they are and then back to `next`.
    ///
    /// # Errors
    /// The page that refuses who does not hold the role, and tells nothing else.
    pub async fn find(
        app: &App,
        visit: &Visit,
        role: RoleName,
        purpose: Purpose,
        next: &str,
    ) -> Result<Result<Self, Response>, Fault<Problem>> {
        // The role first: who lacks it is not sent to set up a second factor in vain.
        let visitor = match Visitor::find(app, visit, Assurance::default(), next).await? {
            Ok(visitor) => visitor,
            Err(elsewhere) => return Ok(Err(elsewhere)),
        };
        let held = roles::list(&app.pool, visitor.login.user.id).await?;
        let Some(role) = held.into_iter().find(|held| held.name() == role) else {
            return Err(Fault::Reject(forbidden()));
        };
        let max_age = match purpose {
            Purpose::Look => FRESH,
            Purpose::Change => STILL_FRESH,
        };
        let assurance = Assurance { max_age: Some(max_age), second_factor: true };
        Ok(visitor.assured(app, assurance, next).await?.map(|visitor| Self { visitor, role }))
    }

    /// The agency an administrator speaks for; empty for a registrar.
    pub fn agency(&self) -> &str {
        self.role.agency().unwrap_or_default()
    }

    /// The person's account.
    pub fn id(&self) -> UserId {
        self.visitor.login.user.id
    }

    /// A journal line of what they do.
    pub fn entry(&self, app: &App, visit: &Visit, action: &'static str, subject: Option<UserId>) -> Entry {
        Entry {
            at: app.clock.now(),
            actor_kind: "user",
            actor_id: Some(self.id().to_string()),
            action,
            subject_kind: "user",
            subject_id: subject.map(|id| id.to_string()),
            address: Some(visit.address.to_string()),
            request_id: Some(visit.request_id),
            before: None,
            after: None,
        }
    }

    /// The same with what is there afterwards.
    pub fn entry_after(
        &self,
        app: &App,
        visit: &Visit,
        action: &'static str,
        subject: Option<UserId>,
        after: Value,
    ) -> Entry {
        Entry { after: Some(after), ..self.entry(app, visit, action, subject) }
    }
}

/// The page for who may not be here.
pub fn forbidden() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, ErrorKind::Forbidden, "access_denied", "your account lacks the role")
}

/// The page for an account that is not there, or is none of this person's business: the same.
pub fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, ErrorKind::NotFound, "not_found", "there is no such page")
}

/// Back to a page that says what was done.
pub fn done(path: &str, word: &str) -> Response {
    see_other(&format!("{path}?done={word}"))
}
