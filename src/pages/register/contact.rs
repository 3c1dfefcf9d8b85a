//! `/register/contact`: a phone or mail address, to which a code goes. The page and what follows
//! are the same whether or not an account has it (enumeration).

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{Place, code, elsewhere, fields, journey_form, keep, registration, shell, to, typed};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::journey::{Channel, Contact, Reason},
    pages::{codes, phone, traveller::Traveller},
    store::journeys,
    templates::{FieldError, RegisterFieldsPage},
};

/// `GET /register/contact?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /register/contact`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let traveller =
        Traveller::find(app, visit, form.get("journey").ok().flatten().unwrap_or_default()).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Contact) {
        return Ok(response);
    }
    render(app, visit, &traveller, Vec::new(), StatusCode::OK, None)
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    errors: Vec<FieldError>,
    status: StatusCode,
    wait_seconds: Option<u64>,
) -> Result<Response, Fault<Problem>> {
    let shell = shell(app, visit, traveller, Place::Contact.path());
    let wanted = fields::contacts(app, traveller);
    let (fields, representative) = fields::shown(app, &wanted, &registration(traveller).typed, shell.locale);
    let shown = RegisterFieldsPage {
        id: "contact-form",
        title: "register-contact-title",
        lead: "register-contact-lead",
        form: journey_form(traveller, Place::Contact.path()),
        fields,
        representative,
        back: format!("{}?journey={}", Place::Details.path(), traveller.journey.id),
        errors,
        wait_seconds,
    };
    let response = page::render(app, &shell, &shown, status)?;
    Ok(codes::with_retry_after(response, wait_seconds))
}

async fn take(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (mut traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Contact) {
        return Ok(response);
    }
    let mut registration = registration(&traveller);
    let wanted = fields::contacts(app, &traveller);
    for field in &wanted {
        if let Some(text) = typed(form, &field.name)? {
            registration.typed.insert(field.name.clone(), text.to_owned());
        }
    }
    if !genuine {
        // A stranger's form must not send messages.
        traveller.journey.notes.registration = Some(registration);
        let error = FieldError::new("form", "form-stale");
        return render(app, visit, &traveller, vec![error], StatusCode::FORBIDDEN, None);
    }
    keep(app, &mut traveller, registration.clone()).await?;
    let values = fields::check(app, &wanted, &registration.typed);
    let contact = values.as_ref().map(|values| first(values));
    let errors = match (&contact, &values) {
        (Ok(Some(contact)), _) => return send(app, visit, &traveller, contact).await,
        (_, Err(errors)) => errors.clone(),
        (_, Ok(_)) => vec![FieldError::new("mobile_phone", "register-contact-missing")],
    };
    journeys::record_error(&app.pool, traveller.journey.id, Reason::AttributeInvalid).await?;
    render(app, visit, &traveller, errors, StatusCode::UNPROCESSABLE_ENTITY, None)
}

/// The one to confirm: the phone, else the mail address.
fn first(values: &[(String, String)]) -> Option<Contact> {
    let value = |name: &str| values.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let phone = value("mobile_phone").map(|to| Contact { channel: Channel::Sms, to });
    phone.or_else(|| value("email").map(|to| Contact { channel: Channel::Mail, to }))
}

async fn send(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    contact: &Contact,
) -> Result<Response, Fault<Problem>> {
    if contact.channel == Channel::Sms && phone::confirmed_by_client(app, traveller, contact).await? {
        return code::confirm(app, traveller, contact.clone()).await;
    }
    let request = code::request(app, visit, traveller, contact).await?;
    if let Some((error, until)) = codes::send(app, &request, contact.channel.attribute()).await? {
        let wait = Some(codes::seconds_until(until, app.clock.now()));
        return render(app, visit, traveller, vec![error], StatusCode::TOO_MANY_REQUESTS, wait);
    }
    Ok(to(traveller, code::PAGE))
}
