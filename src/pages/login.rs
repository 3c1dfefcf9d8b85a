//! Signing in by password, with a user name, or a confirmed mail address, phone or identifier.
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

use super::{
    rehash::replace_old_hash,
    sign_in::{begin_session, count},
    traveller::Traveller,
};
use crate::{
    app::{App, passwords},
    crypto::{known_browser::KnownBrowser, password::PasswordError},
    form::Form,
    http::{
        begin,
        fault::{Fault, InternalError},
        known, log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::Step,
    model::{
        journey::{Protocol, Reason},
        password::normalised,
        session::Amr,
    },
    protocol::{
        account::{Assurance, OwnPage},
        oauth2::certificate_login,
    },
    store::logins::{self, Throttles},
    templates::{FieldError, LoginPage},
};

/// `GET /login?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /login`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, sign_in(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let Some(id) = form.get("journey").ok().flatten() else {
        // Nobody sent them: they came to look after their own account.
        return Ok(own_journey(app, "/login").await?);
    };
    let traveller = Traveller::find(app, visit, id).await?;
    if traveller.step(app) != Ok(Step::Login) {
        return Ok(page::see_other(&traveller.next()));
    }
    let username = traveller.request.login_hint().unwrap_or_default().to_owned();
    Shown::new(app, &traveller, username).render(app, visit)
}

/// Begins a journey to the account page, at one of the pages for signing in.
///
/// # Errors
/// When the database fails.
pub async fn own_journey(app: &App, page: &str) -> Result<Response, InternalError> {
    let parameters = OwnPage::parameters("/account", Assurance::default());
    begin::begin_journey_at(app, Protocol::Account, None, parameters, |id| format!("{page}?journey={id}"))
        .await
}

async fn sign_in(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let bad = |bad: crate::form::BadParameter| {
        Fault::Reject(Problem::developer("invalid_request", bad.to_string()))
    };
    let username = form.get("username").map_err(bad)?.unwrap_or_default().trim().to_owned();
    let password = form.present("password").map_err(bad)?.unwrap_or_default();
    let mut shown = Shown::new(app, &traveller, username.clone());
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
    let typed = shown.page.username.clone();
    let browser = known::find(app, visit);
    let throttles = Throttles {
        account: passwords::account_key(&typed),
        address: visit.throttle_key(),
        browser: browser.as_ref().map(KnownBrowser::throttle_key),
    };
    let now = app.clock.now();
    let candidate = passwords::candidate(app, &typed, &throttles).await?;
    // A browser that signed in to this account before waits for its own failures alone: whoever
    // fails on purpose from elsewhere can't shut the owner out.
    let known = matches!((&browser, &candidate.user), (Some(browser), Some((user, _, _))) if known::knows(app, browser, *user));
    let blocked_until = if known { candidate.browser_blocked_until } else { candidate.blocked_until };
    if let Some(until) = blocked_until {
        count("password", "throttled");
        return shown.throttled(until, now).render(app, visit);
    }
    let stored = candidate.user.as_ref().and_then(|(_, hash, _)| hash.clone());
    let password = normalised(&SecretString::from(password));
    let right = match passwords::is_right(app, &candidate, password.clone()).await {
        Err(PasswordError::Busy) => {
            count("password", "busy");
            return shown.error("form", "server-busy").busy().render(app, visit);
        }
        right => right?,
    };
    // A disabled account gets the words of a wrong password: who has one is nobody's business.
    let disabled = right && matches!(candidate.user, Some((_, _, true)));
    if let Some((user, _, false)) = candidate.user.filter(|_| right)
        && let Some(response) =
            begin_session(app, visit, traveller, user, vec![Amr::Password], Some(&throttles)).await?
    {
        count("password", "success");
        replace_old_hash(app, user, password, stored.as_deref().unwrap_or_default()).await;
        return Ok(response);
    }
    let charged = match throttles.browser.filter(|_| known) {
        Some(browser) => vec![("browser", browser)],
        None => vec![("account", throttles.account), ("address", throttles.address)],
    };
    let reason = if disabled { Reason::AccountDisabled } else { Reason::BadCredentials };
    logins::fail(&app.pool, Some(traveller.journey.id), reason, &charged, now).await?;
    log::outcome("login_failed");
    count("password", "failure");
    shown
        .error("password", "login-bad-credentials")
        .status(StatusCode::UNPROCESSABLE_ENTITY)
        .render(app, visit)
}

/// Where the same request is answered by certificate: a port that asks for one, or here. Only for
/// requests of OAuth 2.0, which have such an address.
fn certificate_link(app: &App, traveller: &Traveller) -> Option<String> {
    let served = app.settings.client_tls.is_served() && traveller.journey.protocol == Protocol::Oauth2;
    let base = app.mtls_base().unwrap_or_default();
    served.then(|| format!("{base}{}?{}", certificate_login::PATH, traveller.journey.parameters))
}

/// The page about to be shown.
struct Shown<'a> {
    traveller: &'a Traveller,
    page: LoginPage,
    status: StatusCode,
    retry_after: Option<u64>,
}

impl<'a> Shown<'a> {
    fn new(app: &App, traveller: &'a Traveller, username: String) -> Self {
        let page = LoginPage {
            action: "/login".into(),
            journey: traveller.journey.id.to_string(),
            csrf: traveller.csrf(),
            username,
            errors: Vec::new(),
            wait_seconds: None,
            register: Some(format!("/register?journey={}", traveller.journey.id)),
            certificate: certificate_link(app, traveller),
            phone: Some(format!("/login/phone?journey={}", traveller.journey.id)),
            forgotten: Some(format!("/password/forgotten?journey={}", traveller.journey.id)),
            passkey: Some(format!("/login/passkey?journey={}", traveller.journey.id)),
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
        let shell = self.traveller.shell_at(app, visit, "/login");
        let mut response = page::render(app, &shell, &self.page, self.status)?;
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        Ok(response)
    }
}
