//! `/account/contact`: confirming or changing a phone or mail address. The old one stays until the
//! new one is confirmed by a code, so nobody loses their account to a slip; then the old one is told.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    frame::{done, frame, shell},
    visitor::{CHANGE, Visitor, signed_in},
};
use crate::{
    app::{
        App, notices,
        one_time_codes::{self, Checked, CodeRequest},
    },
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::attribute,
    model::journey::{Channel, Contact, Purpose},
    pages::{
        codes::{self, Shown},
        confirmation, labels,
    },
    store::one_time_codes::Holder,
    templates::{ContactPage, FieldError, Way},
};

const PAGE: &str = "/account/contact";
const CODE: &str = "/account/contact/code";
const RESEND: &str = "/account/contact/resend";

/// Whether this attribute is confirmed by a code, not typed into the profile.
pub fn is_contact(name: &str) -> bool {
    matches!(name, "email" | "mobile_phone")
}

/// `GET /account/contact?name=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /account/contact`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take(&app, &visit, &Form::parse(&body)).await)
}

/// `GET /account/contact/code`.
pub async fn code(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show_code(&app, &visit).await)
}

/// `POST /account/contact/code`.
pub async fn check(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, check_code(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /account/contact/resend`.
pub async fn resend(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, send_again(&app, &visit, &Form::parse(&body)).await)
}

fn channel(form: &Form) -> Channel {
    if form.get("name").ok().flatten() == Some("email") { Channel::Mail } else { Channel::Sms }
}

fn page_of(channel: Channel) -> String {
    format!("{PAGE}?name={}", channel.attribute())
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let channel = channel(form);
    let visitor = signed_in!(app, visit, CHANGE, &page_of(channel));
    let held = visitor.login.user.attribute(channel.attribute()).unwrap_or_default().to_owned();
    render(app, visit, &visitor, channel, held, None, StatusCode::OK)
}

fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    channel: Channel,
    value: String,
    error: Option<(FieldError, Option<u64>)>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = shell(app, visit, visitor, &page_of(channel));
    let name = channel.attribute();
    let (errors, wait_seconds) = match error {
        Some((error, wait)) => (vec![error], wait),
        None => (Vec::new(), None),
    };
    let label = labels::attribute(app, name, shell.locale);
    let frame = frame(visit, visitor, "profile");
    let shown = ContactPage { frame, name, label, value, errors, wait_seconds };
    Ok(codes::with_retry_after(page::render(app, &shell, &shown, status)?, wait_seconds))
}

async fn take(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let channel = channel(form);
    let visitor = signed_in!(app, visit, CHANGE, &page_of(channel));
    let typed = form.get("contact").ok().flatten().unwrap_or_default().to_owned();
    let refuse = |error: FieldError, wait, status| {
        render(app, visit, &visitor, channel, typed.clone(), Some((error, wait)), status)
    };
    if !visitor.sent(form) {
        // A stranger's form must not send messages in this person's name.
        return refuse(FieldError::new("form", "form-stale"), None, StatusCode::FORBIDDEN);
    }
    let definition = app.settings.attributes.get(channel.attribute());
    let plain = attribute::phone(&typed).filter(|_| channel == Channel::Sms).unwrap_or_else(|| typed.clone());
    let to = match definition.map(|definition| definition.normalised(&plain, app.clock.now().date())) {
        Some(Ok(to)) => to,
        Some(Err(fault)) => {
            return refuse(FieldError::new("contact", fault.key()), None, StatusCode::UNPROCESSABLE_ENTITY);
        }
        // A country whose registry has neither phones nor mail confirms none.
        None => return Ok(done(super::profile::PAGE, "unchanged")),
    };
    let contact = Contact { channel, to };
    if let Some((error, until)) =
        codes::send(app, &request(app, visit, &visitor, &contact), "contact").await?
    {
        let wait = Some(codes::seconds_until(until, app.clock.now()));
        return refuse(error, wait, StatusCode::TOO_MANY_REQUESTS);
    }
    Ok(page::see_other(CODE))
}

fn holder(visitor: &Visitor) -> Holder {
    Holder::User(visitor.login.user.id)
}

fn request<'a>(app: &App, visit: &Visit, visitor: &Visitor, contact: &'a Contact) -> CodeRequest<'a> {
    CodeRequest {
        purpose: Purpose::Contact,
        holder: holder(visitor),
        contact,
        locale: shell(app, visit, visitor, PAGE).locale,
        text: "message-code-contact",
        address: visit.throttle_key(),
    }
}

async fn code_page(app: &App, visitor: &Visitor) -> Result<Option<Shown>, Fault<Problem>> {
    let Some(status) = one_time_codes::status(app, Purpose::Contact, holder(visitor)).await? else {
        return Ok(None);
    };
    let (title, key) = match status.contact.channel {
        Channel::Sms => ("code-title-phone", "phone-other"),
        Channel::Mail => ("code-title-mail", "contact-other-mail"),
    };
    let mut shown = Shown::sent(title, (CODE, RESEND), None, visitor.csrf(), &status);
    shown.page.ways.push(Way { href: page_of(status.contact.channel), key });
    Ok(Some(shown))
}

async fn show_code(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, CODE);
    match code_page(app, &visitor).await? {
        Some(shown) => Ok(shown.render(app, &shell(app, visit, &visitor, CODE))?),
        None => Ok(page::see_other(super::profile::PAGE)),
    }
}

async fn check_code(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, CODE);
    let Some(shown) = code_page(app, &visitor).await? else {
        return Ok(page::see_other(super::profile::PAGE));
    };
    let shell = shell(app, visit, &visitor, CODE);
    if !visitor.sent(form) {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let typed = form.get("code").ok().flatten().unwrap_or_default();
    if typed.is_empty() {
        return Ok(shown.error(FieldError::new("code", "code-missing")).render(app, &shell)?);
    }
    let checked = one_time_codes::check(app, Purpose::Contact, holder(&visitor), None, typed).await?;
    if let Some((error, _)) = codes::fault(&checked) {
        let shown = code_page(app, &visitor).await?.unwrap_or(shown);
        return Ok(shown.error(error).render(app, &shell)?);
    }
    if let Checked::Right(contact) = checked {
        confirm(app, visit, &visitor, &contact).await?;
    }
    // A second press of the same person lands here as well.
    Ok(done(super::profile::PAGE, "contact"))
}

/// Writes the confirmed contact; whoever had the old one is told.
async fn confirm(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    contact: &Contact,
) -> Result<(), Fault<Problem>> {
    let user = &visitor.login.user;
    let old = notices::confirmed(user, contact.channel).filter(|old| old.to != contact.to);
    let line = visit.entry(app, user.id, "user.confirm_contact");
    confirmation::confirm(app, user, contact, line).await?;
    if let Some(old) = old {
        notices::tell(app, user, &old, "notice-contact-changed", &[]).await?;
    }
    Ok(())
}

async fn send_again(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, CODE);
    let current = one_time_codes::status(app, Purpose::Contact, holder(&visitor)).await?;
    let (Some(shown), Some(current)) = (code_page(app, &visitor).await?, current) else {
        return Ok(page::see_other(super::profile::PAGE));
    };
    let shell = shell(app, visit, &visitor, CODE);
    if !visitor.sent(form) {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let sending = one_time_codes::send(app, &request(app, visit, &visitor, &current.contact)).await?;
    match codes::not_sent(sending, "form") {
        None => Ok(page::see_other(CODE)),
        Some((error, until)) => Ok(shown.wait(error, until, app.clock.now()).render(app, &shell)?),
    }
}
