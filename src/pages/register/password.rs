//! `/register/password`: the last page. One transaction makes the account; its session begins, and
//! the journey goes on.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use secrecy::SecretString;

use super::{
    Place, elsewhere, fields, fields::REPRESENTATIVE, journey_form, keep, registration, shell, typed,
};
use crate::{
    app::{App, notices},
    crypto::password::PasswordError,
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::UserId,
    model::{
        attribute::Level,
        journey::{Channel, Contact},
        level::level_of_typed,
        password::normalised,
        session::Amr,
        user::{User, UserKind},
        username,
    },
    pages::{
        new_password,
        sign_in::{begin_session, count},
        terms,
        traveller::Traveller,
    },
    store::{
        passwords,
        registrations::{self, Made, NewAccount, Representative},
        users::{self, NewAttribute, NewUser},
    },
    templates::{FieldError, RegisterPasswordPage},
};

const PAGE: &str = Place::Password.path();
/// Names that are made up may meet: so often another is tried.
const NAMES_TRIED: usize = 5;

/// `GET /register/password?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /register/password`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let traveller =
        Traveller::find(app, visit, form.get("journey").ok().flatten().unwrap_or_default()).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Password) {
        return Ok(response);
    }
    render(app, visit, &traveller, false, Vec::new(), StatusCode::OK)
}

fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    agreed: bool,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shown = RegisterPasswordPage {
        form: journey_form(traveller, PAGE),
        username: registration(traveller).username.unwrap_or_default(),
        terms: terms::href(app),
        agreed,
        errors,
    };
    let mut response = page::render(app, &shell(app, visit, traveller, PAGE), &shown, status)?;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    Ok(response)
}

async fn take(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (mut traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    if let Some(response) = elsewhere(app, &traveller, Place::Password) {
        // A second press after the account was made: the journey goes on.
        return Ok(response);
    }
    let wished = typed(form, "username")?.unwrap_or_default().trim().to_owned();
    let password = normalised(&SecretString::from(typed(form, "password")?.unwrap_or_default()));
    let agreed = form.get("terms").ok().flatten().is_some();
    let mut noted = registration(&traveller);
    noted.username = Some(wished.clone());
    let refuse =
        |traveller: &Traveller, errors, status| render(app, visit, traveller, agreed, errors, status);
    if !genuine {
        traveller.journey.notes.registration = Some(noted);
        let error = FieldError::new("form", "form-stale");
        return refuse(&traveller, vec![error], StatusCode::FORBIDDEN);
    }
    keep(app, &mut traveller, noted).await?;
    let errors = faults(&traveller, &wished, &password, agreed);
    if !errors.is_empty() {
        return refuse(&traveller, errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let hash = match app.passwords.hash(password.clone(), &app.rng).await {
        Err(PasswordError::Busy) => {
            let error = FieldError::new("form", "server-busy");
            return refuse(&traveller, vec![error], StatusCode::SERVICE_UNAVAILABLE);
        }
        hash => hash?,
    };
    let (Some(user), Some(contact)) =
        (new_user(app, &traveller, &wished, hash), traveller.journey.notes.confirmed.clone())
    else {
        return Ok(page::see_other(&traveller.next()));
    };
    match make(app, visit, &traveller, user, &contact, wished.is_empty()).await? {
        (Made::UsernameTaken, _) => {
            let error = FieldError::new("username", "username-taken");
            refuse(&traveller, vec![error], StatusCode::UNPROCESSABLE_ENTITY)
        }
        (Made::Now, user) => {
            log::outcome("registered");
            begin(app, visit, &traveller, user, &contact).await
        }
        (Made::Before, user) => {
            // Pressed twice at once. The password says that it is the same person: the page may have
            // been left open for whoever comes next.
            let stored = passwords::find(&app.pool, user).await?;
            match app.passwords.verify(password, stored).await {
                Ok(true) => begin(app, visit, &traveller, user, &contact).await,
                Ok(false) | Err(PasswordError::Busy) => Ok(page::see_other(&traveller.next())),
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// What has to be put right, in the order of the fields.
fn faults(traveller: &Traveller, wished: &str, password: &SecretString, agreed: bool) -> Vec<FieldError> {
    // Without a wish a name is made up.
    let name = if wished.is_empty() { Ok(()) } else { username::check(wished) };
    let name = name.err().map(|key| FieldError::new("username", key));
    let password = new_password::fault(password, &context(traveller, wished));
    let terms = (!agreed).then(|| FieldError::new("terms", "register-terms-missing"));
    [name, password, terms].into_iter().flatten().collect()
}

/// What a password must not be made of.
fn context(traveller: &Traveller, username: &str) -> Vec<String> {
    let typed = registration(traveller).typed;
    typed.into_values().chain([username.to_owned()]).filter(|word| !word.is_empty()).collect()
}

async fn begin(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    user: UserId,
    contact: &Contact,
) -> Result<Response, Fault<Problem>> {
    let mut amr = vec![Amr::Password, Amr::OneTimeCode];
    if contact.channel == Channel::Sms {
        amr.push(Amr::Sms);
    }
    count("registration", "success");
    let begun = begin_session(app, visit, traveller, user, amr, None).await?;
    Ok(begun.unwrap_or_else(|| page::see_other(&traveller.next())))
}

/// The account as it was typed: each value at the level that is known of it by now.
fn new_user(app: &App, traveller: &Traveller, wished: &str, hash: String) -> Option<NewUser> {
    let registration = registration(traveller);
    let (kind, id) = (registration.kind?, registration.account?);
    let confirmed = traveller.journey.notes.confirmed.clone()?;
    let mut values = fields::check(app, &fields::wanted(app, traveller, kind), &registration.typed).ok()?;
    let reached = confirmed.channel.attribute();
    let contacts = fields::check(app, &fields::contacts(app, traveller), &registration.typed);
    values.extend(contacts.unwrap_or_default().into_iter().filter(|(name, _)| name != reached));
    values.push((reached.to_owned(), confirmed.to));
    let by_phone = confirmed.channel == Channel::Sms;
    let registry = &app.settings.attributes;
    let attribute = |(name, value): (String, String)| {
        let level = match name == reached {
            true => Level::CONFIRMED,
            false => level_of_typed(&name, &value, by_phone, registry),
        };
        let identifier = registry.get(&name)?.identifier;
        Some(NewAttribute { identifier, name, value, level })
    };
    let own = values.into_iter().filter(|(name, _)| !name.starts_with(REPRESENTATIVE));
    Some(NewUser {
        id,
        kind,
        username: if wished.is_empty() { made_up(app) } else { wished.to_owned() },
        password_hash: Some(hash),
        attributes: own.filter_map(attribute).collect(),
    })
}

/// A user name for who wants none: letters that are not mistaken for one another.
fn made_up(app: &App) -> String {
    const LETTERS: &[u8; 16] = b"bcdfghjkmnpqrstv";
    let letters = app.rng.bytes::<10>().map(|byte| char::from(LETTERS[usize::from(byte % 16)]));
    format!("user-{}", letters.iter().collect::<String>())
}

/// Makes the account, and tells its owner, and whoever holds its identifier checked already.
async fn make(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    mut user: NewUser,
    contact: &Contact,
    made_up_name: bool,
) -> Result<(Made, UserId), Fault<Problem>> {
    let locale = visit.locale(app, traveller.request.locale());
    let representative = representative(app, traveller, user.kind);
    let holder = verified_holder(app, &user).await?;
    let mut entry = visit.entry(app, user.id, "user.insert");
    entry.after = Some(serde_json::json!({ "kind": user.kind, "terms": "agreed" }));
    for tried in 1..=NAMES_TRIED {
        let name = display_name(&user);
        let username = [("username", user.username.as_str())];
        let mut messages =
            vec![notices::message(app, &name, locale, contact, "notice-account-made", &username)];
        if let Some((owner, reached)) = &holder {
            let language = owner.locale.unwrap_or(app.settings.locales.default);
            let name = owner.display_name();
            messages.push(notices::message(app, &name, language, reached, "notice-identifier-used", &[]));
        }
        let account =
            NewAccount { user: &user, locale, representative: representative.as_ref(), messages: &messages };
        match registrations::insert(&app.pool, &account, &entry).await? {
            Made::UsernameTaken if made_up_name && tried < NAMES_TRIED => user.username = made_up(app),
            made => return Ok((made, user.id)),
        }
    }
    Ok((Made::UsernameTaken, user.id))
}

/// The account that holds the identifier checked against a register, and where its owner can be
/// told that somebody else uses it. The page never says so (enumeration).
async fn verified_holder(app: &App, user: &NewUser) -> Result<Option<(User, Contact)>, Fault<Problem>> {
    for attribute in user.attributes.iter().filter(|attribute| attribute.identifier) {
        let holder = registrations::find_verified(&app.pool, &attribute.name, &attribute.value).await?;
        if let Some(id) = holder
            && let Some(holder) = users::find_by_id(&app.pool, id).await?
            && let Some(contact) = notices::owner(&holder)
        {
            return Ok(Some((holder, contact)));
        }
    }
    Ok(None)
}

fn representative(app: &App, traveller: &Traveller, kind: UserKind) -> Option<Representative> {
    let fields = fields::wanted(app, traveller, kind);
    let values = fields::check(app, &fields, &registration(traveller).typed).ok()?;
    let value = |wanted: &str| {
        let field = format!("{REPRESENTATIVE}{wanted}");
        values.iter().find(|(name, _)| *name == field).map(|(_, value)| value.clone())
    };
    let name = fields::identifier(app, traveller, UserKind::Citizen);
    Some(Representative { name: name.to_owned(), value: value(name)?, full_name: value("full_name")? })
}

fn display_name(user: &NewUser) -> String {
    let value = |wanted: &str| {
        user.attributes.iter().find(|attribute| attribute.name == wanted).map(|a| a.value.as_str())
    };
    let person: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|name| value(name)).collect();
    match (person.is_empty(), value("organization.name")) {
        (false, _) => person.join(" "),
        (true, Some(organisation)) => organisation.to_owned(),
        (true, None) => user.username.clone(),
    }
}
