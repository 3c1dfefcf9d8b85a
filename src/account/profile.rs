//! `/account`: what the account holds, how well each value was checked, and the person's language.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    frame::{done, frame, shell},
    visitor::{LOOK, Visitor, signed_in},
};
use crate::{
    app::App,
    form::Form,
    http::{
        cookies,
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::{attribute::Format, locale::Locale, role::Role},
    pages::labels,
    store::{own_account, roles},
    templates::{FieldError, ProfilePage, ProfileRow, Verified},
};

/// Its path.
pub const PAGE: &str = "/account";

/// `GET /account`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/locale`.
pub async fn locale(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, choose(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    render(app, visit, &visitor, None, StatusCode::OK).await
}

async fn choose(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    if !visitor.sent(form) {
        let error = FieldError::new("form", "form-stale");
        return render(app, visit, &visitor, Some(error), StatusCode::FORBIDDEN).await;
    }
    let Some(locale) = form.get("locale").ok().flatten().and_then(|tag| tag.parse::<Locale>().ok()) else {
        let error = FieldError::new("locale", "choose-one");
        return render(app, visit, &visitor, Some(error), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    own_account::set_locale(&app.pool, visitor.login.user.id, locale, app.clock.now()).await?;
    let year = std::time::Duration::from_secs(365 * 24 * 3600);
    let cookie = cookies::set(app, cookies::LANGUAGE, locale.tag(), year);
    Ok(page::with_cookie(done(PAGE, "locale"), cookie))
}

async fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let user = &visitor.login.user;
    let shell = shell(app, visit, visitor, PAGE);
    let file = |name: &str| {
        app.settings.attributes.get(name).is_some_and(|definition| definition.format == Format::File)
    };
    let mut held: Vec<_> = user.attributes.iter().filter(|(name, _)| !file(name)).collect();
    held.sort_by_key(|(name, _)| labels::place(name));
    let row = |(name, value): (&String, &crate::model::user::AttributeValue)| ProfileRow {
        label: labels::attribute(app, name, shell.locale),
        value: labels::value(app, user, name, shell.locale),
        level: value.level,
        verified: value.verified_at.map(|at| Verified { date: at.date() }),
        contact: super::contact::is_contact(name).then(|| format!("/account/contact?name={name}")),
        name: name.clone(),
    };
    let shown = ProfilePage {
        frame: frame(visit, visitor, "profile"),
        level: user.level(),
        kind: format!("kind-{}", user.kind),
        username: user.username.clone(),
        rows: held.into_iter().map(row).collect(),
        work: roles::list(&app.pool, user.id).await?.iter().map(work).collect(),
        photo: user.attributes.contains_key("photo"),
        locale: user.locale.unwrap_or(shell.locale).tag().to_owned(),
        locales: Locale::ALL.map(|locale| (locale.tag().to_owned(), locale.own_name().to_owned())).to_vec(),
        errors: error.into_iter().collect(),
    };
    Ok(page::render(app, &shell, &shown, status)?)
}

/// The page a role is for.
fn work(role: &Role) -> (String, &'static str, String) {
    let (path, key) = match role {
        Role::Registrar => ("/registrar", "registrar-title"),
        Role::AgencyAdministrator(_) => ("/agency", "agency-title"),
    };
    (path.to_owned(), key, role.agency().unwrap_or_default().to_owned())
}
