//! Who looks at a page of their own: the signed-in person, or nobody yet, and then they are sent to
//! sign in and come back.

use axum::response::Response;
use time::Duration;

use crate::{
    app::App,
    form::Form,
    http::{begin::begin_journey, csrf, fault::InternalError, log, visit::Visit},
    model::{journey::Protocol, session::Amr},
    protocol::account::{Assurance, OwnPage},
    secret::Token,
    store::sessions::{self, Login},
};

/// How fresh a sign-in must be to change what protects the account.
pub const FRESH: Duration = Duration::minutes(10);

/// A signed-in person on a page of their own.
pub struct Visitor {
    /// Their session and account.
    pub login: Login,
    /// Their session's cookie.
    pub cookie: Token,
}

impl Visitor {
    /// The person behind this browser's session, sure enough for the page; else the answer that
    /// sends them to prove it and then back to `next` (a path of ours, for a form's page the page
    /// that shows the form).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(
        app: &App,
        visit: &Visit,
        assurance: Assurance,
        next: &str,
    ) -> Result<Result<Self, Response>, InternalError> {
        let now = app.clock.now();
        let idle_since = now - app.settings.sessions.idle_ttl;
        if let Some(cookie) = &visit.session
            && let Some(login) = sessions::find(&app.pool, cookie.digest(), None, now, idle_since).await?
        {
            log::user(login.user.id);
            return Self { login, cookie: cookie.clone() }.assured(app, assurance, next).await;
        }
        prove(app, assurance, next).await.map(Err)
    }

    /// The same person, if they are sure enough for this too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn assured(
        self,
        app: &App,
        assurance: Assurance,
        next: &str,
    ) -> Result<Result<Self, Response>, InternalError> {
        let session = &self.login.session;
        let fresh = assurance.max_age.is_none_or(|age| app.clock.now() - session.authenticated_at <= age);
        // A second factor that was set up must have been given in this session.
        let proved = session.amr.contains(&Amr::MultiFactor)
            || !(assurance.second_factor || self.login.second_factor_enrolled);
        if fresh && proved { Ok(Ok(self)) } else { prove(app, assurance, next).await.map(Err) }
    }

    /// The CSRF token of the page's forms.
    pub fn csrf(&self) -> String {
        csrf::token(&self.cookie)
    }

    /// Whether a form came from a page of this session.
    pub fn sent(&self, form: &Form) -> bool {
        form.get("csrf").ok().flatten().is_some_and(|token| csrf::matches(&self.cookie, token))
    }
}

/// Sends the person to prove who they are, and then back to `next`.
async fn prove(app: &App, assurance: Assurance, next: &str) -> Result<Response, InternalError> {
    let parameters = OwnPage::parameters(next, assurance);
    begin_journey(app, Protocol::Account, None, parameters).await
}

/// What a page that only shows something demands.
pub const LOOK: Assurance = Assurance { max_age: None, second_factor: false };
/// What a page that changes how the account is protected or reached demands.
pub const CHANGE: Assurance = Assurance { max_age: Some(FRESH), second_factor: false };

/// The signed-in person, or the answer that sends them to sign in, given at once.
macro_rules! signed_in {
    ($app:expr, $visit:expr, $assurance:expr, $next:expr) => {
        match $crate::account::visitor::Visitor::find($app, $visit, $assurance, $next).await? {
            Ok(visitor) => visitor,
            Err(response) => return Ok(response),
        }
    };
}
pub(super) use signed_in;
