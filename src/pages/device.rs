//! `/device`: where a person enters the code that a device shows (RFC 8628 §3.3). It may come with the
//! address, and is shown then; only the person sends it (§5.4: a link that goes on by itself would let
//! a stranger have their device allowed).

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use time::OffsetDateTime;

use crate::{
    app::App,
    crypto::user_code::UserCode,
    form::Form,
    http::{
        begin::begin_journey,
        cookies, csrf,
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    model::{
        client::{Client, Flow},
        journey::Protocol,
    },
    protocol::oauth2::{device, device_request::Approval},
    secret::{Digest, Token},
    store::device_codes::{self, Entered},
    templates::{DevicePage, FieldError, Shell},
};

/// The cookie that says the form is of a page of ours.
const COOKIE: &str = "tamga_device";
/// How much of what was typed is shown again.
const SHOWN: usize = 40;

/// `GET /device`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    let typed = form.get("user_code").ok().flatten().unwrap_or_default();
    page::settle(&app, &visit, None, Shown::new(typed).render(&app, &visit))
}

/// `POST /device`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, enter(&app, &visit, &Form::parse(&body)).await)
}

async fn enter(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let bad = |bad: crate::form::BadParameter| {
        Fault::Reject(Problem::developer("invalid_request", bad.to_string()))
    };
    let typed = form.get("user_code").map_err(bad)?.unwrap_or_default().trim();
    let sent = form.get("csrf").map_err(bad)?.unwrap_or_default();
    let shown = Shown::new(typed);
    // Another site's form would take the person past the page where they enter the code.
    if !cookie(app, visit).is_some_and(|cookie| csrf::matches(&cookie, sent)) {
        return shown.error("form", "form-stale", StatusCode::FORBIDDEN).render(app, visit);
    }
    if typed.is_empty() {
        return shown.refuse("device-code-missing").render(app, visit);
    }
    let wrong = || {
        log::outcome("user_code_wrong");
        Shown::new(typed).refuse("device-code-wrong").render(app, visit)
    };
    let Some(code) = UserCode::typed(typed) else { return wrong() };
    let (tries, now) = (tries(visit), app.clock.now());
    let (digest, client) =
        match device_codes::enter(&app.pool, device::digest(app, &code), &tries, now).await? {
            Entered::Blocked(until) => return shown.throttled(until, now).render(app, visit),
            Entered::Wrong => return wrong(),
            Entered::Found(digest, client) => match app.clients.find(&app.pool, &client).await? {
                Some(client) if may_ask(&client) => {
                    log::client(client.id);
                    device_codes::spare(&app.pool, &tries, now).await?;
                    (digest, client.id)
                }
                _ => return wrong(),
            },
        };
    let parameters = Approval::parameters(app, digest, &code)?;
    Ok(begin_journey(app, Protocol::Device, Some(client), parameters).await?)
}

fn may_ask(client: &Client) -> bool {
    client.disabled_at.is_none() && client.has_flow(Flow::DeviceCode)
}

/// What wrong codes are counted under: the address, and the session where there is one. Apart from
/// wrong passwords: who mistypes a code can still sign in.
fn tries(visit: &Visit) -> Vec<(&'static str, Digest)> {
    let of = |kind: &'static str, key: Digest| (kind, Digest::of(&[b"user-code:", key.as_bytes()].concat()));
    let session = visit.session.as_ref().map(|session| of("browser", session.digest()));
    [of("address", visit.throttle_key())].into_iter().chain(session).collect()
}

fn cookie(app: &App, visit: &Visit) -> Option<Token> {
    cookies::read(app, &visit.headers, COOKIE).map(Token::from)
}

/// The page about to be shown.
struct Shown {
    page: DevicePage,
    status: StatusCode,
}

impl Shown {
    fn new(typed: &str) -> Self {
        let page = DevicePage {
            action: device::PAGE.into(),
            csrf: String::new(),
            user_code: typed.chars().take(SHOWN).collect(),
            errors: Vec::new(),
            wait_seconds: None,
        };
        Self { page, status: StatusCode::OK }
    }

    fn error(mut self, field: &'static str, key: &'static str, status: StatusCode) -> Self {
        self.page.errors.push(FieldError::new(field, key));
        self.status = status;
        self
    }

    fn refuse(self, key: &'static str) -> Self {
        self.error("user_code", key, StatusCode::UNPROCESSABLE_ENTITY)
    }

    fn throttled(mut self, until: OffsetDateTime, now: OffsetDateTime) -> Self {
        let wait = u64::try_from((until - now).whole_milliseconds()).unwrap_or(0).div_ceil(1000).max(1);
        self.page.wait_seconds = Some(wait);
        log::outcome("user_code_throttled");
        self.error("form", "login-throttled", StatusCode::TOO_MANY_REQUESTS)
    }

    /// What was typed goes along to the page in another language.
    fn shell(&self, app: &App, visit: &Visit) -> Shell {
        let mut shell = visit.shell(app, None, None);
        for link in &mut shell.languages {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("user_code", &self.page.user_code)
                .append_pair("lang", link.locale.tag())
                .finish();
            link.href = format!("{}?{query}", device::PAGE);
        }
        shell
    }

    fn render(mut self, app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
        let token = cookie(app, visit).unwrap_or_else(|| Token::generate(&app.rng));
        self.page.csrf = csrf::token(&token);
        let shell = self.shell(app, visit);
        let mut response = page::render(app, &shell, &self.page, self.status)?;
        if let Some(seconds) = self.page.wait_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let kept = cookies::set(app, COOKIE, token.expose(), app.settings.journeys.ttl);
        Ok(page::with_cookie(response, kept))
    }
}
