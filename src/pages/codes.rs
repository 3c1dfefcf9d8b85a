//! What every page that asks for a one-time code has in common: sending, checking, and the words
//! for what went wrong.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use time::OffsetDateTime;

use crate::{
    app::{
        App,
        one_time_codes::{self, Checked, CodeRequest, Status},
    },
    http::{fault::InternalError, log, page},
    model::journey::{Channel, Reason},
    store::{StoreError, one_time_codes::Sending},
    templates::{CodeSource, FieldError, OneTimeCodePage, Resend, SentCode, Shell},
};

/// A code page about to be shown.
pub struct Shown {
    /// What it says.
    pub page: OneTimeCodePage,
    /// With which status.
    pub status: StatusCode,
}

impl Shown {
    /// A page for a code that was sent.
    pub fn sent(
        title: &'static str,
        (action, resend): (&str, &str),
        journey: Option<String>,
        csrf: String,
        status: &Status,
    ) -> Self {
        let sent =
            SentCode { to: status.contact.masked(), lives: status.lives.as_secs(), tries: status.tries };
        let source = match status.contact.channel {
            Channel::Sms => CodeSource::Sms(sent),
            Channel::Mail => CodeSource::Mail(sent),
        };
        let resend = Resend { action: resend.to_owned(), wait: status.resend_in.as_secs() };
        Self::new(title, action, journey, csrf, source, Some(resend))
    }

    /// A page for a code that is not sent.
    pub fn new(
        title: &'static str,
        action: &str,
        journey: Option<String>,
        csrf: String,
        source: CodeSource,
        resend: Option<Resend>,
    ) -> Self {
        let page = OneTimeCodePage {
            title,
            action: action.to_owned(),
            journey,
            csrf,
            source,
            resend,
            ways: Vec::new(),
            errors: Vec::new(),
            wait_seconds: None,
        };
        Self { page, status: StatusCode::OK }
    }

    /// With something to put right.
    pub fn error(mut self, error: FieldError) -> Self {
        self.page.errors.push(error);
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self
    }

    /// For a form that did not come from our page.
    pub fn stale(mut self) -> Self {
        self = self.error(FieldError::new("form", "form-stale"));
        self.status = StatusCode::FORBIDDEN;
        self
    }

    /// With a wait until then.
    pub fn wait(mut self, error: FieldError, until: OffsetDateTime, now: OffsetDateTime) -> Self {
        self = self.error(error);
        self.page.wait_seconds = Some(seconds_until(until, now));
        self.status = StatusCode::TOO_MANY_REQUESTS;
        self
    }

    /// The answer.
    ///
    /// # Errors
    /// When a template fails.
    pub fn render(self, app: &App, shell: &Shell) -> Result<Response, InternalError> {
        let response = page::render(app, shell, &self.page, self.status)?;
        Ok(with_retry_after(response, self.page.wait_seconds))
    }
}

/// Adds `Retry-After`.
pub fn with_retry_after(mut response: Response, seconds: Option<u64>) -> Response {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Whole seconds until then, at least one.
pub fn seconds_until(until: OffsetDateTime, now: OffsetDateTime) -> u64 {
    u64::try_from((until - now).whole_milliseconds().max(0)).unwrap_or(0).div_ceil(1000).max(1)
}

/// Sends a code, unless one of the same holder is on its way there already: a second press, and who
/// comes back to the page, go on with that. What is told beside `field` otherwise, and until when to
/// wait.
///
/// # Errors
/// When the database fails.
pub async fn send(
    app: &App,
    request: &CodeRequest<'_>,
    field: &'static str,
) -> Result<Option<(FieldError, OffsetDateTime)>, StoreError> {
    let sending = one_time_codes::send(app, request).await?;
    if let Sending::TooEarly(_) = sending {
        let current = one_time_codes::status(app, request.purpose, request.holder).await?;
        if current.is_some_and(|current| current.contact == *request.contact) {
            return Ok(None);
        }
    }
    Ok(not_sent(sending, field))
}

/// What is told beside `field` when a code could not be sent, and until when to wait.
pub fn not_sent(sending: Sending, field: &'static str) -> Option<(FieldError, OffsetDateTime)> {
    match sending {
        Sending::Sent => None,
        Sending::TooEarly(until) => Some((FieldError::new(field, "code-too-early"), until)),
        Sending::TooMany(until) => {
            log::outcome("code_limit");
            metrics::counter!("tamga_codes_total", "outcome" => "limited").increment(1);
            Some((FieldError::new(field, "code-too-many"), until))
        }
    }
}

/// What is told of a code that did not open anything, and the word it is recorded under; `None`
/// for one that was right, now or at an earlier press.
pub fn fault(checked: &Checked) -> Option<(FieldError, Reason)> {
    let (error, reason) = match checked {
        Checked::Right(_) | Checked::Used(_) => return None,
        Checked::Wrong(left) => {
            (FieldError::new("code", "code-wrong").with("count", left), Reason::CodeWrong)
        }
        Checked::Exhausted => (FieldError::new("code", "code-exhausted"), Reason::CodeExhausted),
        Checked::Expired | Checked::NoneSent => {
            (FieldError::new("code", "code-expired"), Reason::CodeExpired)
        }
    };
    log::outcome(reason.word());
    Some((error, reason))
}
