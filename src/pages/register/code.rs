//! `/register/code`: the code that confirms the phone or mail of an account being made.
//!
//! Who has an account with this phone or mail gets a message that says so with the code; the page
//! differs only once the right code has shown that the phone or mail is theirs.

use axum::{body::Bytes, extract::State, response::Response};

use super::{Place, elsewhere, shell, to};
use crate::{
    app::{
        App,
        one_time_codes::{self, Checked, CodeRequest},
    },
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::journey::{Channel, Contact, Notes, Purpose},
    pages::{
        codes::{self, Shown},
        traveller::Traveller,
    },
    store::{journeys, logins, one_time_codes::Holder},
    templates::{FieldError, Way},
};

/// The page.
pub(super) const PAGE: &str = "/register/code";
const RESEND: &str = "/register/code/resend";

/// `GET /register/code?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /register/code`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, check(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /register/code/resend`.
pub async fn resend(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, send_again(&app, &visit, &Form::parse(&body)).await)
}

/// The code to be sent there.
///
/// # Errors
/// When the database fails.
pub(super) async fn request<'a>(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    contact: &'a Contact,
) -> Result<CodeRequest<'a>, Fault<Problem>> {
    // Looked up in any case, and only the message differs: who has an account must show neither on
    // the page nor in the time (enumeration).
    let text = match (logins::find_by_contact(&app.pool, contact).await?, contact.channel) {
        (None, _) => "message-code-registration",
        (Some(_), Channel::Sms) => "message-code-registration-phone-known",
        (Some(_), Channel::Mail) => "message-code-registration-mail-known",
    };
    Ok(CodeRequest {
        purpose: Purpose::Registration,
        holder: Holder::Journey(traveller.journey.id),
        contact,
        locale: visit.locale(app, traveller.request.locale()),
        text,
        address: visit.throttle_key(),
    })
}

async fn code_page(app: &App, traveller: &Traveller) -> Result<Option<Shown>, Fault<Problem>> {
    let holder = Holder::Journey(traveller.journey.id);
    let status = one_time_codes::status(app, Purpose::Registration, holder).await?;
    Ok(status.map(|status| {
        let journey = traveller.journey.id.to_string();
        let title = match status.contact.channel {
            Channel::Sms => "code-title-phone",
            Channel::Mail => "code-title-mail",
        };
        let href = format!("{}?journey={journey}", Place::Contact.path());
        let mut shown = Shown::sent(title, (PAGE, RESEND), Some(journey), traveller.csrf(), &status);
        shown.page.ways.push(Way { href, key: "register-contact-other" });
        shown
    }))
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let traveller =
        Traveller::find(app, visit, form.get("journey").ok().flatten().unwrap_or_default()).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Contact) {
        return Ok(response);
    }
    match code_page(app, &traveller).await? {
        Some(shown) => Ok(shown.render(app, &shell(app, visit, &traveller, PAGE))?),
        None => Ok(to(&traveller, Place::Contact.path())),
    }
}

async fn check(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Contact) {
        // A second press after the right code lands on the next page all the same.
        return Ok(response);
    }
    let Some(shown) = code_page(app, &traveller).await? else {
        return Ok(to(&traveller, Place::Contact.path()));
    };
    let shell = shell(app, visit, &traveller, PAGE);
    if !genuine {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let typed = form.get("code").ok().flatten().unwrap_or_default();
    if typed.is_empty() {
        return Ok(shown.error(FieldError::new("code", "code-missing")).render(app, &shell)?);
    }
    let holder = Holder::Journey(traveller.journey.id);
    let checked = one_time_codes::check(app, Purpose::Registration, holder, None, typed).await?;
    match (codes::fault(&checked), checked) {
        // Used: by another press of the same person in this journey, whose code it was.
        (None, Checked::Right(contact) | Checked::Used(contact)) => confirm(app, &traveller, contact).await,
        (Some((error, reason)), _) => {
            journeys::record_error(&app.pool, traveller.journey.id, reason).await?;
            let shown = code_page(app, &traveller).await?.unwrap_or(shown);
            Ok(shown.error(error).render(app, &shell)?)
        }
        (None, _) => Ok(to(&traveller, Place::Contact.path())),
    }
}

/// The phone or mail is the person's: what comes next depends on whether an account has it.
///
/// # Errors
/// When the database fails.
pub(super) async fn confirm(
    app: &App,
    traveller: &Traveller,
    contact: Contact,
) -> Result<Response, Fault<Problem>> {
    let known = logins::find_by_contact(&app.pool, &contact).await?.is_some();
    let notes = Notes { confirmed: Some(contact), ..traveller.journey.notes.clone() };
    journeys::note(&app.pool, traveller.journey.id, &notes, app.clock.now()).await?;
    Ok(to(traveller, if known { super::known::PAGE } else { Place::Password.path() }))
}

async fn send_again(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Contact) {
        return Ok(response);
    }
    let holder = Holder::Journey(traveller.journey.id);
    let current = one_time_codes::status(app, Purpose::Registration, holder).await?;
    let (Some(shown), Some(current)) = (code_page(app, &traveller).await?, current) else {
        return Ok(to(&traveller, Place::Contact.path()));
    };
    let shell = shell(app, visit, &traveller, PAGE);
    if !genuine {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let request = request(app, visit, &traveller, &current.contact).await?;
    let sending = one_time_codes::send(app, &request).await?;
    match codes::not_sent(sending, "form") {
        None => Ok(to(&traveller, PAGE)),
        Some((error, until)) => Ok(shown.wait(error, until, app.clock.now()).render(app, &shell)?),
    }
}
