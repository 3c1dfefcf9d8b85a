//! The account is not checked well enough for what the client asks: what is missing, how to get
//! it, and the way back without it.
//!
//! Level 1 can be reached here and now, when the account has a phone and an identifier whose check
//! digit is right: a code confirms the phone, and the identifier rises with it.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    codes::{self, Shown},
    confirmation::{confirm, with_confirmed},
    resume,
    traveller::Traveller,
};
use crate::{
    app::{
        App, notices,
        one_time_codes::{self, Checked, CodeRequest},
    },
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::{Refusal, Step},
    model::{
        attribute::Level,
        journey::{Channel, Contact, Purpose},
        level::identifier_levels_after_confirmation,
    },
    store::{journeys, one_time_codes::Holder, sessions::Login},
    templates::{FieldError, LevelPage},
};

const PAGE: &str = "/level";
const CODE: &str = "/level/code";
const RESEND: &str = "/level/resend";

/// `GET /level?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /level`: have a code sent, or go back to the client without the level.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, decide(&app, &visit, &Form::parse(&body)).await)
}

/// `GET /level/code?journey=`.
pub async fn code(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show_code(&app, &visit, &form).await)
}

/// `POST /level/code`.
pub async fn check(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, check_code(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /level/resend`.
pub async fn resend(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, send_again(&app, &visit, &Form::parse(&body)).await)
}

/// A person at the level step.
struct Wanting<'a> {
    login: &'a Login,
    wanted: Level,
}

fn wanting<'a>(app: &App, traveller: &'a Traveller) -> Option<Wanting<'a>> {
    match (traveller.step(app), &traveller.login) {
        (Ok(Step::Level(wanted)), Some(login)) => Some(Wanting { login, wanted }),
        _ => None,
    }
}

/// The phone whose confirmation would lift the account to level 1, if that is all that is wanted.
fn confirmable(app: &App, wanting: &Wanting<'_>) -> Option<Contact> {
    let user = &wanting.login.user;
    let contact =
        notices::held(user, Channel::Sms).filter(|_| notices::confirmed(user, Channel::Sms).is_none())?;
    let lifted = with_confirmed(user.clone(), &contact, app.clock.now());
    let rises = identifier_levels_after_confirmation(&lifted, &app.settings.attributes);
    let verify_codes = user.kind.verify_codes();
    let lifts = rises.iter().any(|rise| verify_codes.contains(&rise.name.as_str()));
    (lifts && wanting.wanted <= Level::CONFIRMED).then_some(contact)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let id = form.get("journey").ok().flatten().unwrap_or_default();
    let traveller = Traveller::find(app, visit, id).await?;
    match wanting(app, &traveller) {
        Some(wanting) => render(app, visit, &traveller, &wanting, None, StatusCode::OK),
        None => Ok(page::see_other(&traveller.next())),
    }
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    wanting: &Wanting<'_>,
    fault: Option<(FieldError, Option<u64>)>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let (errors, wait_seconds) = match fault {
        Some((error, wait)) => (vec![error], wait),
        None => (Vec::new(), None),
    };
    let shown = LevelPage {
        action: PAGE.into(),
        journey: traveller.journey.id.to_string(),
        csrf: traveller.csrf(),
        person: wanting.login.user.display_name(),
        held: wanting.login.user.level(),
        wanted: wanting.wanted,
        confirm: confirmable(app, wanting).map(|contact| contact.masked()),
        account: "/account".into(),
        errors,
        wait_seconds,
    };
    let response = page::render(app, &traveller.shell_at(app, visit, PAGE), &shown, status)?;
    Ok(codes::with_retry_after(response, wait_seconds))
}

async fn decide(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let Some(wanting) = wanting(app, &traveller) else {
        return Ok(page::see_other(&traveller.next()));
    };
    if !genuine {
        let fault = Some((FieldError::new("form", "form-stale"), None));
        return render(app, visit, &traveller, &wanting, fault, StatusCode::FORBIDDEN);
    }
    match (form.get("decision").ok().flatten(), confirmable(app, &wanting)) {
        (Some("confirm"), Some(contact)) => send(app, visit, &traveller, &wanting, &contact).await,
        (Some("back"), _) => {
            let refusal = Refusal::Unmet(Box::new(Step::Level(wanting.wanted)));
            resume::refuse(app, visit, &traveller, refusal).await
        }
        _ => render(app, visit, &traveller, &wanting, None, StatusCode::OK),
    }
}

async fn send(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    wanting: &Wanting<'_>,
    contact: &Contact,
) -> Result<Response, Fault<Problem>> {
    if let Some((error, until)) = codes::send(app, &request(app, visit, traveller, contact), "form").await? {
        let wait = codes::seconds_until(until, app.clock.now());
        let status = StatusCode::TOO_MANY_REQUESTS;
        return render(app, visit, traveller, wanting, Some((error, Some(wait))), status);
    }
    Ok(page::see_other(&format!("{CODE}?journey={}", traveller.journey.id)))
}

fn holder(traveller: &Traveller) -> Holder {
    Holder::Journey(traveller.journey.id)
}

fn request<'a>(app: &App, visit: &Visit, traveller: &Traveller, contact: &'a Contact) -> CodeRequest<'a> {
    CodeRequest {
        purpose: Purpose::Contact,
        holder: holder(traveller),
        contact,
        locale: visit.locale(app, traveller.request.locale()),
        text: "message-code-contact",
        address: visit.throttle_key(),
    }
}

async fn code_page(app: &App, traveller: &Traveller) -> Result<Option<Shown>, Fault<Problem>> {
    let status = one_time_codes::status(app, Purpose::Contact, holder(traveller)).await?;
    Ok(status.map(|status| {
        let journey = Some(traveller.journey.id.to_string());
        Shown::sent("code-title-phone", (CODE, RESEND), journey, traveller.csrf(), &status)
    }))
}

async fn show_code(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let id = form.get("journey").ok().flatten().unwrap_or_default();
    let traveller = Traveller::find(app, visit, id).await?;
    match (wanting(app, &traveller), code_page(app, &traveller).await?) {
        (Some(_), Some(shown)) => Ok(shown.render(app, &traveller.shell_at(app, visit, CODE))?),
        _ => Ok(page::see_other(&traveller.next())),
    }
}

async fn check_code(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let (Some(wanting), Some(shown)) = (wanting(app, &traveller), code_page(app, &traveller).await?) else {
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
    let meant = confirmable(app, &wanting);
    let checked =
        one_time_codes::check(app, Purpose::Contact, holder(&traveller), meant.as_ref(), typed).await?;
    if let Some((error, reason)) = codes::fault(&checked) {
        journeys::record_error(&app.pool, traveller.journey.id, reason).await?;
        let shown = code_page(app, &traveller).await?.unwrap_or(shown);
        return Ok(shown.error(error).render(app, &shell)?);
    }
    if let Checked::Right(contact) = checked {
        let user = &wanting.login.user;
        confirm(app, user, &contact, visit.entry(app, user.id, "user.confirm_contact")).await?;
        log::outcome("contact_confirmed");
    }
    Ok(page::see_other(&traveller.next()))
}

async fn send_again(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let (Some(wanting), Some(shown)) = (wanting(app, &traveller), code_page(app, &traveller).await?) else {
        return Ok(page::see_other(&traveller.next()));
    };
    let shell = traveller.shell_at(app, visit, CODE);
    if !genuine {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let Some(contact) = confirmable(app, &wanting) else {
        return Ok(page::see_other(&traveller.next()));
    };
    let sending = one_time_codes::send(app, &request(app, visit, &traveller, &contact)).await?;
    match codes::not_sent(sending, "form") {
        None => Ok(page::see_other(&format!("{CODE}?journey={}", traveller.journey.id))),
        Some((error, until)) => Ok(shown.wait(error, until, app.clock.now()).render(app, &shell)?),
    }
}
