//! Signing in by phone and one-time code, without a password.
//!
//! 1. The person gives a phone; a code goes there, whether or not an account has it (enumeration).
//! 2. The right code signs in the account that confirmed this phone; without one, the person goes
//!    on to make an account, their phone confirmed already.
//!
//! A client that confirmed the phone itself (`otp_confirmation`) spares the person the code.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    codes::{self, Shown},
    sign_in::{begin_session, count},
    traveller::Traveller,
};
use crate::{
    app::{
        App,
        one_time_codes::{self, Checked, CodeRequest},
    },
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::Step,
    model::{
        attribute,
        credential::CredentialKind,
        journey::{Channel, Contact, Notes, Purpose, Reason},
        session::Amr,
    },
    store::{credentials, journeys, logins, one_time_codes::Holder, trusted_phones},
    templates::{FieldError, PhonePage, Way},
};

const PAGE: &str = "/login/phone";
const CODE: &str = "/login/phone/code";
const RESEND: &str = "/login/phone/resend";

/// `GET /login/phone?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /login/phone`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take_phone(&app, &visit, &Form::parse(&body)).await)
}

/// `GET /login/phone/code?journey=`.
pub async fn code(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show_code(&app, &visit, &form).await)
}

/// `POST /login/phone/code`.
pub async fn check(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, check_code(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /login/phone/resend`.
pub async fn resend(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, send_again(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let Some(id) = form.get("journey").ok().flatten() else {
        return Ok(super::login::own_journey(app, PAGE).await?);
    };
    let traveller = Traveller::find(app, visit, id).await?;
    if traveller.step(app) != Ok(Step::Login) {
        return Ok(page::see_other(&traveller.next()));
    }
    let noted = traveller.journey.notes.phone.clone();
    let phone = noted.or_else(|| traveller.request.hints().phone).unwrap_or_default();
    render(app, visit, &traveller, phone, Vec::new(), StatusCode::OK, None)
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    phone: String,
    errors: Vec<FieldError>,
    status: StatusCode,
    wait_seconds: Option<u64>,
) -> Result<Response, Fault<Problem>> {
    let shown = PhonePage {
        action: PAGE.into(),
        journey: traveller.journey.id.to_string(),
        csrf: traveller.csrf(),
        phone,
        errors,
        wait_seconds,
        password: format!("/login?journey={}", traveller.journey.id),
    };
    let response = page::render(app, &traveller.shell_at(app, visit, PAGE), &shown, status)?;
    Ok(codes::with_retry_after(response, wait_seconds))
}

async fn take_phone(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let typed = form.get("phone").ok().flatten().unwrap_or_default().trim().to_owned();
    let refuse =
        |error: FieldError, status| render(app, visit, &traveller, typed.clone(), vec![error], status, None);
    if !genuine {
        // A stranger's form must neither send messages nor sign this browser in.
        return refuse(FieldError::new("form", "form-stale"), StatusCode::FORBIDDEN);
    }
    if traveller.step(app) != Ok(Step::Login) {
        return Ok(page::see_other(&traveller.next()));
    }
    if typed.is_empty() {
        return refuse(FieldError::new("phone", "phone-missing"), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let Some(phone) = attribute::phone(&typed) else {
        return refuse(FieldError::new("phone", "phone-wrong"), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let contact = Contact { channel: Channel::Sms, to: phone };
    let now = app.clock.now();
    let notes = Notes { phone: Some(contact.to.clone()), ..traveller.journey.notes.clone() };
    journeys::note(&app.pool, traveller.journey.id, &notes, now).await?;
    if confirmed_by_client(app, &traveller, &contact).await? {
        return enter(app, visit, &traveller, contact).await;
    }
    let request = request(visit, app, &traveller, &contact);
    if let Some((error, until)) = codes::send(app, &request, "phone").await? {
        let wait = Some(codes::seconds_until(until, now));
        return render(app, visit, &traveller, typed, vec![error], StatusCode::TOO_MANY_REQUESTS, wait);
    }
    Ok(page::see_other(&format!("{CODE}?journey={}", traveller.journey.id)))
}

fn holder(traveller: &Traveller) -> Holder {
    Holder::Journey(traveller.journey.id)
}

fn request<'a>(visit: &Visit, app: &App, traveller: &Traveller, contact: &'a Contact) -> CodeRequest<'a> {
    CodeRequest {
        purpose: Purpose::SignIn,
        holder: holder(traveller),
        contact,
        locale: visit.locale(app, traveller.request.locale()),
        text: "message-code-sign-in",
        address: visit.throttle_key(),
    }
}

/// Whether the client vouches for this phone; its word is spent by this. A word that does not count
/// is recorded, and the code is asked as usual.
///
/// # Errors
/// When the database fails.
pub(super) async fn confirmed_by_client(
    app: &App,
    traveller: &Traveller,
    contact: &Contact,
) -> Result<bool, Fault<Problem>> {
    let hints = traveller.request.hints();
    let (Some(secret), Some(client)) = (&hints.otp_confirmation, traveller.request.client()) else {
        return Ok(false);
    };
    // The client vouched for another phone than the person chose: its word is neither spent nor wrong.
    if hints.phone.is_some_and(|vouched| vouched != contact.to) {
        return Ok(false);
    }
    let now = app.clock.now();
    if trusted_phones::redeem(&app.pool, secret.digest(), client.id, &contact.to, now).await? {
        log::outcome("phone_trusted");
        return Ok(true);
    }
    journeys::record_error(&app.pool, traveller.journey.id, Reason::OtpConfirmationInvalid).await?;
    Ok(false)
}

async fn show_code(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let id = form.get("journey").ok().flatten().unwrap_or_default();
    let traveller = Traveller::find(app, visit, id).await?;
    match code_page(app, &traveller).await? {
        Some(shown) if traveller.step(app) == Ok(Step::Login) => {
            Ok(shown.render(app, &traveller.shell_at(app, visit, CODE))?)
        }
        _ => Ok(page::see_other(&traveller.next())),
    }
}

async fn code_page(app: &App, traveller: &Traveller) -> Result<Option<Shown>, Fault<Problem>> {
    let status = one_time_codes::status(app, Purpose::SignIn, holder(traveller)).await?;
    Ok(status.map(|status| {
        let journey = traveller.journey.id.to_string();
        let other = Way { href: format!("{PAGE}?journey={journey}"), key: "phone-other" };
        let mut shown =
            Shown::sent("code-title-phone", (CODE, RESEND), Some(journey), traveller.csrf(), &status);
        shown.page.ways.push(other);
        shown
    }))
}

async fn check_code(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if traveller.step(app) != Ok(Step::Login) {
        // A second press after the right code: the journey goes on all the same.
        return Ok(page::see_other(&traveller.next()));
    }
    let Some(shown) = code_page(app, &traveller).await? else {
        return Ok(page::see_other(&traveller.next()));
    };
    let shell = traveller.shell_at(app, visit, CODE);
    if !genuine {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let typed = form.get("code").ok().flatten().unwrap_or_default();
    if typed.is_empty() {
        return Ok(shown.error(FieldError::new("code", "code-missing")).render(app, &shell)?);
    }
    let checked = one_time_codes::check(app, Purpose::SignIn, holder(&traveller), None, typed).await?;
    match (codes::fault(&checked), checked) {
        (Some((error, reason)), _) => {
            journeys::record_error(&app.pool, traveller.journey.id, reason).await?;
            count("phone", "failure");
            let shown = code_page(app, &traveller).await?.unwrap_or(shown);
            Ok(shown.error(error).render(app, &shell)?)
        }
        (None, Checked::Right(contact)) => enter(app, visit, &traveller, contact).await,
        (None, _) => Ok(page::see_other(&traveller.next())),
    }
}

async fn send_again(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let Some(shown) = code_page(app, &traveller).await? else {
        return Ok(page::see_other(&traveller.next()));
    };
    let shell = traveller.shell_at(app, visit, CODE);
    if !genuine {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let Some(current) = one_time_codes::status(app, Purpose::SignIn, holder(&traveller)).await? else {
        return Ok(page::see_other(&traveller.next()));
    };
    let sending = one_time_codes::send(app, &request(visit, app, &traveller, &current.contact)).await?;
    match codes::not_sent(sending, "form") {
        None => Ok(page::see_other(&format!("{CODE}?journey={}", traveller.journey.id))),
        Some((error, until)) => Ok(shown.wait(error, until, app.clock.now()).render(app, &shell)?),
    }
}

/// The phone is the person's: signs in its account, or goes on to make one.
///
/// # Errors
/// When the database fails.
pub(super) async fn enter(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    contact: Contact,
) -> Result<Response, Fault<Problem>> {
    let now = app.clock.now();
    let notes = Notes { confirmed: Some(contact.clone()), ..traveller.journey.notes.clone() };
    let journey = traveller.journey.id;
    match logins::find_by_contact(&app.pool, &contact).await? {
        None => {
            journeys::note(&app.pool, journey, &notes, now).await?;
            Ok(page::see_other(&format!("/register?journey={journey}")))
        }
        Some((_, true)) => {
            journeys::record_error(&app.pool, journey, Reason::AccountDisabled).await?;
            count("phone", "disabled");
            refuse(app, visit, traveller, contact, "phone-disabled")
        }
        Some((user, false)) => {
            // Whose only second factor is this very phone would have none here: a phone alone must
            // not open what asks for a password and a phone.
            let factors = credentials::list(&app.pool, user).await?;
            let by_phone = factors.iter().any(|factor| factor.kind == CredentialKind::Sms);
            let other = factors.iter().any(|factor| {
                matches!(factor.kind, CredentialKind::Totp | CredentialKind::Passkey | CredentialKind::Mail)
            });
            if by_phone && !other {
                count("phone", "refused");
                return refuse(app, visit, traveller, contact, "phone-needs-password");
            }
            log::user(user);
            let amr = vec![Amr::OneTimeCode, Amr::Sms];
            match begin_session(app, visit, traveller, user, amr, None).await? {
                Some(response) => {
                    count("phone", "success");
                    Ok(response)
                }
                None => Ok(page::see_other(&traveller.next())),
            }
        }
    }
}

fn refuse(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    contact: Contact,
    key: &'static str,
) -> Result<Response, Fault<Problem>> {
    let errors = vec![FieldError::new("form", key)];
    render(app, visit, traveller, contact.to, errors, StatusCode::UNPROCESSABLE_ENTITY, None)
}
