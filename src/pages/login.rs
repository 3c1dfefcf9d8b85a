//! Signing in by password.
//!
//! 1. The form must be ours (CSRF) and complete.
//! 2. The name is looked up with any wait for it or for the sender's address.
//! 3. The hash is computed, whether or not there is an account (enumeration).
//! 4. One write: a new session, or a counted failure.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use secrecy::SecretString;
use time::OffsetDateTime;

use super::traveller::Traveller;
use crate::{
    app::App,
    crypto::password::PasswordError,
    form::Form,
    http::{
        cookies,
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::UserId,
    journey::Step,
    model::{
        password::normalised,
        session::{Amr, Session},
        user::username_key,
    },
    secret::{Digest, Token},
    store::logins::{self, Success},
    templates::{FieldError, LoginPage},
};

/// The longest password anyone may have; longer input is not worth hashing.
const LONGEST_PASSWORD: usize = 1024;

/// `GET /login?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = Form::parse(visit.uri.query().unwrap_or_default().as_bytes());
    answer(&app, &visit, show(&app, &visit, &form).await)
}

/// `POST /login`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    answer(&app, &visit, sign_in(&app, &visit, &Form::parse(&body)).await)
}

fn answer(app: &App, visit: &Visit, result: Result<Response, Fault<Problem>>) -> Response {
    match result {
        Ok(response) => page::keep_language(app, visit, response),
        Err(Fault::Reject(problem)) => page::problem(app, visit, None, problem),
        Err(Fault::Internal(error)) => page::failure(app, visit, &error),
    }
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let id = form.get("journey").ok().flatten().unwrap_or_default();
    let traveller = Traveller::find(app, visit, id).await?;
    if traveller.step(app) != Ok(Step::Login) {
        return Ok(page::see_other(&traveller.next()));
    }
    let username = traveller.request.login_hint().unwrap_or_default().to_owned();
    Shown::new(&traveller, username).render(app, visit)
}

async fn sign_in(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let bad = |bad: crate::form::BadParameter| {
        Fault::Reject(Problem::developer("invalid_request", bad.to_string()))
    };
    let username = form.get("username").map_err(bad)?.unwrap_or_default().trim().to_owned();
    let password = form.present("password").map_err(bad)?.unwrap_or_default();
    let mut shown = Shown::new(&traveller, username.clone());
    if !genuine {
        // Login CSRF: a stranger's form must not sign this browser in to the stranger's account.
        return shown.error("form", "form-stale").status(StatusCode::FORBIDDEN).render(app, visit);
    }
    if username.is_empty() {
        shown = shown.error("username", "login-username-missing");
    }
    if password.is_empty() {
        shown = shown.error("password", "login-password-missing");
    }
    if !shown.page.errors.is_empty() {
        return shown.status(StatusCode::UNPROCESSABLE_ENTITY).render(app, visit);
    }
    check_password(app, visit, &traveller, shown, password).await
}

async fn check_password(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    shown: Shown<'_>,
    password: &str,
) -> Result<Response, Fault<Problem>> {
    let key = username_key(&shown.page.username);
    let account = Digest::of(format!("account:{key}").as_bytes());
    let address = visit.throttle_key();
    let now = app.clock.now();
    let candidate = logins::find(&app.pool, &key, account, address, now).await?;
    if let Some(until) = candidate.blocked_until {
        count("throttled");
        return shown.throttled(until, now).render(app, visit);
    }
    let stored = candidate.user.as_ref().and_then(|(_, hash, _)| hash.clone());
    let right = if password.len() > LONGEST_PASSWORD {
        false
    } else {
        match app.passwords.verify(normalised(&SecretString::from(password)), stored).await {
            Err(PasswordError::Busy) => {
                count("busy");
                return shown.error("form", "server-busy").busy().render(app, visit);
            }
            right => right?,
        }
    };
    // A disabled account gets the words of a wrong password: who has one is nobody's business.
    if let Some((user, _, false)) = candidate.user.filter(|_| right)
        && let Some(response) = begin_session(app, visit, traveller, user, account).await?
    {
        count("success");
        return Ok(response);
    }
    logins::fail(&app.pool, traveller.journey.id, "bad_credentials", account, address, now).await?;
    log::outcome("login_failed");
    count("failure");
    shown
        .error("password", "login-bad-credentials")
        .status(StatusCode::UNPROCESSABLE_ENTITY)
        .render(app, visit)
}

/// Begins a session; `None` when the account was disabled or the journey ended meanwhile.
async fn begin_session(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    user: UserId,
    account: Digest,
) -> Result<Option<Response>, Fault<Problem>> {
    let now = app.clock.now();
    let session = Session {
        id: app.session_id(),
        user_id: user,
        amr: vec![Amr::Password],
        authenticated_at: now,
        last_seen_at: now,
    };
    let (cookie, user_agent) = (Token::generate(&app.rng), visit.user_agent());
    let life = app.settings.sessions.absolute_ttl;
    let success = Success {
        session: &session,
        cookie: cookie.digest(),
        expires_at: now + life,
        previous: visit.session.as_ref().map(Token::digest),
        journey: traveller.journey.id,
        account,
        address: &visit.address.to_string(),
        user_agent: user_agent.as_deref(),
    };
    if !logins::succeed(&app.pool, &success).await? {
        return Ok(None);
    }
    log::user(user);
    log::outcome("signed_in");
    let response = page::see_other(&traveller.next());
    Ok(Some(page::with_cookie(response, cookies::set(app, cookies::SESSION, cookie.expose(), life))))
}

fn count(outcome: &'static str) {
    metrics::counter!("tamga_logins_total", "method" => "password", "outcome" => outcome).increment(1);
}

/// The page about to be shown.
struct Shown<'a> {
    traveller: &'a Traveller,
    page: LoginPage,
    status: StatusCode,
    retry_after: Option<u64>,
}

impl<'a> Shown<'a> {
    fn new(traveller: &'a Traveller, username: String) -> Self {
        let page = LoginPage {
            action: "/login".into(),
            journey: traveller.journey.id.to_string(),
            csrf: traveller.csrf(),
            username,
            errors: Vec::new(),
            wait_seconds: None,
            register: None,
            certificate: None,
            phone: None,
        };
        Self { traveller, page, status: StatusCode::OK, retry_after: None }
    }

    fn error(mut self, field: &'static str, key: &'static str) -> Self {
        self.page.errors.push(FieldError::new(field, key));
        self
    }

    fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    fn busy(mut self) -> Self {
        self.retry_after = Some(2);
        self.status(StatusCode::SERVICE_UNAVAILABLE)
    }

    fn throttled(mut self, until: OffsetDateTime, now: OffsetDateTime) -> Self {
        let wait =
            u64::try_from((until - now).whole_milliseconds().max(0)).unwrap_or(0).div_ceil(1000).max(1);
        self.page.wait_seconds = Some(wait);
        self.retry_after = Some(wait);
        log::outcome("login_throttled");
        self.error("form", "login-throttled").status(StatusCode::TOO_MANY_REQUESTS)
    }

    fn render(self, app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
        let mut shell = self.traveller.shell(app, visit);
        for link in &mut shell.languages {
            // After a post the address has no journey in it.
            link.href = format!("/login?journey={}&lang={}", self.traveller.journey.id, link.locale);
        }
        let mut response = page::render(app, &shell, &self.page, self.status)?;
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        Ok(response)
    }
}
