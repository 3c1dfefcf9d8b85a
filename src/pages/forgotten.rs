//! A forgotten password: a code goes to the account's confirmed phone or mail, and whoever brings
//! it back sets a new one.
//!
//! 1. The person types a name. Where no account can be reached by it, a code that nobody gets is
//!    written: every page after that is the same, and so is what it counts (enumeration).
//! 2. The right code gives the journey the right to set the password (`super::new_password`).

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use time::Duration;

use super::{
    codes::{self, Shown},
    journey_form,
    login::own_journey,
    traveller::Traveller,
};
use crate::{
    app::{
        App,
        notices::{self, confirmed},
        one_time_codes::{self, Checked, CodeRequest, Status},
        passwords,
    },
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    ids::UserId,
    journey::Step,
    model::{
        credential::{Credential, CredentialKind},
        journey::{Channel, Contact, Notes, Purpose, Reset},
        user::{User, username_key},
    },
    secret::Digest,
    store::{
        credentials, journeys,
        logins::{self, Names, Throttles},
        one_time_codes::{Holder, Sending, Window, spend},
        users,
    },
    templates::{CodeSource, FieldError, ForgottenPage, Resend, SentCode},
};

const PAGE: &str = "/password/forgotten";
const CODE: &str = "/password/code";
const RESEND: &str = "/password/code/resend";
/// How often a day an owner is told that their password can't be set anew in this way.
const NOTICES_A_DAY: i32 = 3;

/// `GET /password/forgotten?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /password/forgotten`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take_name(&app, &visit, &Form::parse(&body)).await)
}

/// `GET /password/code?journey=`.
pub async fn code(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show_code(&app, &visit, &form).await)
}

/// `POST /password/code`.
pub async fn check(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, check_code(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /password/code/resend`.
pub async fn resend(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, send_again(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let Some(id) = form.get("journey").ok().flatten() else {
        return Ok(own_journey(app, PAGE).await?);
    };
    let traveller = Traveller::find(app, visit, id).await?;
    if traveller.step(app) != Ok(Step::Login) {
        return Ok(page::see_other(&traveller.next()));
    }
    let noted = traveller.journey.notes.reset.clone().map(|reset| reset.name);
    let name = noted.or_else(|| traveller.request.login_hint().map(str::to_owned)).unwrap_or_default();
    render(app, visit, &traveller, name, None, StatusCode::OK, None)
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    username: String,
    error: Option<FieldError>,
    status: StatusCode,
    wait_seconds: Option<u64>,
) -> Result<Response, Fault<Problem>> {
    let shown = ForgottenPage {
        form: journey_form(traveller, PAGE),
        username,
        login: format!("/login?journey={}", traveller.journey.id),
        errors: error.into_iter().collect(),
        wait_seconds,
    };
    let response = page::render(app, &traveller.shell_at(app, visit, PAGE), &shown, status)?;
    Ok(codes::with_retry_after(response, wait_seconds))
}

async fn take_name(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if traveller.step(app) != Ok(Step::Login) {
        return Ok(page::see_other(&traveller.next()));
    }
    let bad = |bad: crate::form::BadParameter| {
        Fault::Reject(Problem::developer("invalid_request", bad.to_string()))
    };
    let name = form.get("username").map_err(bad)?.unwrap_or_default().trim().to_owned();
    let refuse = |error: FieldError, status, wait| {
        render(app, visit, &traveller, name.clone(), Some(error), status, wait)
    };
    if !genuine {
        // A stranger's form must not send messages.
        return refuse(FieldError::new("form", "form-stale"), StatusCode::FORBIDDEN, None);
    }
    if name.is_empty() {
        let error = FieldError::new("username", "login-username-missing");
        return refuse(error, StatusCode::UNPROCESSABLE_ENTITY, None);
    }
    // The same name again while its code is on its way: its page, and nothing is sent.
    if let (Some(_), Some(current)) = (
        traveller.journey.notes.reset.as_ref().filter(|reset| reset.name == name && !reset.done),
        status(app, &traveller).await?,
    ) && !current.resend_in.is_zero()
    {
        return Ok(page::see_other(&format!("{CODE}?journey={}", traveller.journey.id)));
    }
    match send(app, visit, &traveller, &name).await? {
        Sending::TooMany(until) => {
            let wait = Some(codes::seconds_until(until, app.clock.now()));
            refuse(FieldError::new("username", "code-too-many"), StatusCode::TOO_MANY_REQUESTS, wait)
        }
        Sending::TooEarly(until) => {
            // Another name in the same journey.
            let wait = Some(codes::seconds_until(until, app.clock.now()));
            refuse(FieldError::new("username", "code-too-early"), StatusCode::TOO_MANY_REQUESTS, wait)
        }
        Sending::Sent => Ok(page::see_other(&format!("{CODE}?journey={}", traveller.journey.id))),
    }
}

async fn status(app: &App, traveller: &Traveller) -> Result<Option<Status>, Fault<Problem>> {
    Ok(one_time_codes::status(app, Purpose::Reset, holder(traveller)).await?)
}

fn holder(traveller: &Traveller) -> Holder {
    Holder::Journey(traveller.journey.id)
}

/// Sends a code to whoever goes by this name, or pretends to.
async fn send(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    name: &str,
) -> Result<Sending, Fault<Problem>> {
    // Of this journey one code at a time, for whomever: else a stranger could tell an account that
    // has just got a code from one that is not there.
    if let Some(current) = status(app, traveller).await?
        && !current.resend_in.is_zero()
    {
        return Ok(Sending::TooEarly(app.clock.now() + current.resend_in));
    }
    let address = visit.throttle_key();
    if let Some((user, contact)) = find(app, visit, name).await? {
        let request = CodeRequest {
            purpose: Purpose::Reset,
            holder: holder(traveller),
            contact: &contact,
            locale: visit.locale(app, traveller.request.locale()),
            text: "message-code-reset",
            address,
        };
        let sending = one_time_codes::send(app, &request).await?;
        if !matches!(sending, Sending::TooEarly(_)) {
            if sending == Sending::Sent {
                keep(app, traveller, name, Some((user.id, contact))).await?;
            }
            return Ok(sending);
        }
        // Somebody asked a moment ago in another journey: that must not show either.
    }
    let sending = one_time_codes::pretend(app, Purpose::Reset, traveller.journey.id, address).await?;
    if sending == Sending::Sent {
        keep(app, traveller, name, None).await?;
    }
    Ok(sending)
}

/// Notes whose password it is about, and where the code went that must come back for it.
async fn keep(
    app: &App,
    traveller: &Traveller,
    name: &str,
    sent: Option<(UserId, Contact)>,
) -> Result<(), Fault<Problem>> {
    let (user, sent_to) = sent.unzip();
    let reset = Reset { name: name.to_owned(), user, sent_to, ..Reset::default() };
    let notes = Notes { reset: Some(reset), ..traveller.journey.notes.clone() };
    journeys::note(&app.pool, traveller.journey.id, &notes, app.clock.now()).await?;
    Ok(())
}

/// The account that goes by this name, and where its owner may be sent a code; `None` for one that
/// was shut out or can't be reached.
async fn find(app: &App, visit: &Visit, name: &str) -> Result<Option<(User, Contact)>, Fault<Problem>> {
    let key = username_key(name);
    let values = passwords::stored_forms(name);
    let names = Names { username_key: &key, values: &values };
    // Waits for wrong passwords are not asked about: who forgot theirs has just made some.
    let throttles = Throttles { account: throttle_key(name), address: visit.throttle_key(), browser: None };
    let candidate = logins::find(&app.pool, &names, &throttles, app.clock.now()).await?;
    let Some((id, _, false)) = candidate.user else { return Ok(None) };
    let Some(user) = users::find_by_id(&app.pool, id).await? else { return Ok(None) };
    let factors = credentials::list(&app.pool, id).await?;
    let may = |channel| confirmed(&user, channel).filter(|_| opens_not_alone(channel, &factors));
    let (sms, mail) = (may(Channel::Sms), may(Channel::Mail));
    // Whoever typed their phone or mail looks there.
    let typed = |contact: &Contact| values.contains(&contact.to.to_lowercase());
    let contact = sms.clone().filter(typed).or_else(|| mail.clone().filter(typed)).or(mail).or(sms);
    if contact.is_none() && may_tell(app, id).await? {
        notices::tell_owner(app, &user, "notice-reset-not-possible", &[]).await?;
    }
    Ok(contact.map(|contact| (user, contact)))
}

/// Whether the owner may be told once more today: a stranger who asks for ever must neither flood
/// them nor spend our messages.
async fn may_tell(app: &App, user: UserId) -> Result<bool, Fault<Problem>> {
    let today = Window::of(app.clock.now(), Duration::DAY).began_at;
    let key = Digest::of(format!("reset-notice:{user}").as_bytes());
    Ok(spend(&app.pool, "reset-notice", key, today, NOTICES_A_DAY).await?)
}

/// Whether a code there may set a new password: not when the account's only second factor is a code
/// sent there too, or one stolen phone would be both.
fn opens_not_alone(channel: Channel, factors: &[Credential]) -> bool {
    let same = match channel {
        Channel::Sms => CredentialKind::Sms,
        Channel::Mail => CredentialKind::Mail,
    };
    let counts = |kind| kind != same && kind != CredentialKind::RecoveryCode;
    !factors.iter().any(|factor| factor.kind == same) || factors.iter().any(|factor| counts(factor.kind))
}

/// What wrong passwords for this name are counted under, as the sign-in does it.
pub(super) fn throttle_key(name: &str) -> Digest {
    Digest::of(format!("account:{}", username_key(name)).as_bytes())
}

/// The page says nothing of where the code went: that would tell a stranger what phone the account
/// of a name has, and that there is one.
fn code_page(traveller: &Traveller, status: &Status) -> Shown {
    let sent = SentCode { to: String::new(), lives: status.lives.as_secs(), tries: status.tries };
    let resend = Resend { action: RESEND.to_owned(), wait: status.resend_in.as_secs() };
    let journey = Some(traveller.journey.id.to_string());
    Shown::new(
        "forgotten-code-title",
        CODE,
        journey,
        traveller.csrf(),
        CodeSource::Unnamed(sent),
        Some(resend),
    )
}

/// Where somebody goes who has no business with a code: `None` for who waits for one.
async fn waiting(
    app: &App,
    traveller: &Traveller,
) -> Result<Result<(Reset, Status), Response>, Fault<Problem>> {
    if traveller.step(app) != Ok(Step::Login) {
        return Ok(Err(page::see_other(&traveller.next())));
    }
    let link = |path: &str| page::see_other(&format!("{path}?journey={}", traveller.journey.id));
    let Some(reset) = traveller.journey.notes.reset.clone() else { return Ok(Err(link(PAGE))) };
    if reset.confirmed {
        return Ok(Err(link(super::new_password::PAGE)));
    }
    Ok(status(app, traveller).await?.map(|status| (reset, status)).ok_or_else(|| link(PAGE)))
}

async fn show_code(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let traveller =
        Traveller::find(app, visit, form.get("journey").ok().flatten().unwrap_or_default()).await?;
    match waiting(app, &traveller).await? {
        Err(response) => Ok(response),
        Ok((_, status)) => {
            Ok(code_page(&traveller, &status).render(app, &traveller.shell_at(app, visit, CODE))?)
        }
    }
}

async fn check_code(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let (reset, current) = match waiting(app, &traveller).await? {
        Err(response) => return Ok(response),
        Ok(waiting) => waiting,
    };
    let shell = traveller.shell_at(app, visit, CODE);
    let shown = code_page(&traveller, &current);
    if !genuine {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let typed = form.get("code").ok().flatten().unwrap_or_default();
    if typed.is_empty() {
        return Ok(shown.error(FieldError::new("code", "code-missing")).render(app, &shell)?);
    }
    let checked =
        one_time_codes::check(app, Purpose::Reset, holder(&traveller), reset.sent_to.as_ref(), typed).await?;
    match (codes::fault(&checked), checked) {
        (Some((error, reason)), _) => {
            journeys::record_error(&app.pool, traveller.journey.id, reason).await?;
            let current = status(app, &traveller).await?.unwrap_or(current);
            Ok(code_page(&traveller, &current).error(error).render(app, &shell)?)
        }
        // Used: by another press of the same person in this journey, whose code it was.
        (None, Checked::Right(_) | Checked::Used(_)) => {
            let notes =
                Notes { reset: Some(Reset { confirmed: true, ..reset }), ..traveller.journey.notes.clone() };
            journeys::note(&app.pool, traveller.journey.id, &notes, app.clock.now()).await?;
            Ok(page::see_other(&format!("{}?journey={}", super::new_password::PAGE, traveller.journey.id)))
        }
        (None, _) => Ok(page::see_other(&traveller.next())),
    }
}

async fn send_again(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let (reset, current) = match waiting(app, &traveller).await? {
        Err(response) => return Ok(response),
        Ok(waiting) => waiting,
    };
    let shell = traveller.shell_at(app, visit, CODE);
    let shown = code_page(&traveller, &current);
    if !genuine {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let sending = send(app, visit, &traveller, &reset.name).await?;
    match codes::not_sent(sending, "form") {
        None => Ok(page::see_other(&format!("{CODE}?journey={}", traveller.journey.id))),
        Some((error, until)) => Ok(shown.wait(error, until, app.clock.now()).render(app, &shell)?),
    }
}
