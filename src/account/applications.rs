//! `/account/applications`: what each application may know, and how to take that back.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use serde_json::json;

use super::{
    frame::{done, entry, frame, shell},
    visitor::{LOOK, Visitor, signed_in},
};
use crate::{
    app::App,
    form::{Form, append_query},
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    pages::labels,
    protocol::oauth2::initiate,
    store::consents,
    templates::{ApplicationRow, ApplicationsPage, FieldError, Moment},
};

const PAGE: &str = "/account/applications";

/// `GET /account/applications`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/applications/withdraw`.
pub async fn withdraw(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take_back(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    render(app, visit, &visitor, None, StatusCode::OK).await
}

async fn take_back(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    if !visitor.sent(form) {
        return render(app, visit, &visitor, Some("form-stale"), StatusCode::FORBIDDEN).await;
    }
    let user = visitor.login.user.id;
    let identifier = form.get("client").ok().flatten().unwrap_or_default();
    let known = consents::list(&app.pool, user).await?;
    let Some(application) = known.into_iter().find(|application| application.identifier == identifier) else {
        return render(app, visit, &visitor, Some("account-gone"), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let after = json!({"client": application.client_id});
    let line = entry(app, visit, &visitor, "consent.withdraw", Some(after));
    consents::withdraw(&app.pool, user, application.client_id, &line).await?;
    let about: String = form_urlencoded::byte_serialize(identifier.as_bytes()).collect();
    Ok(done(&format!("{PAGE}?client={about}"), "withdrawn"))
}

async fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    error: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = shell(app, visit, visitor, PAGE);
    let mut applications = Vec::new();
    for known in consents::list(&app.pool, visitor.login.user.id).await? {
        let client = app.clients.find(&app.pool, &known.identifier).await?;
        let mut attributes = known.attributes;
        attributes.sort_by(|one, other| labels::place(one).cmp(&labels::place(other)));
        let scopes = known.scopes.iter().filter_map(|scope| {
            labels::in_language(&app.settings.scopes.get(scope)?.labels, shell.locale).cloned()
        });
        let can_open = client.as_ref().is_some_and(|client| {
            client.settings.oidc.initiate_login_uri.is_some() && client.disabled_at.is_none()
        });
        applications.push(ApplicationRow {
            open: can_open.then(|| append_query(initiate::PATH, [("client_id", known.identifier.as_str())])),
            attributes: attributes.iter().map(|name| labels::attribute(app, name, shell.locale)).collect(),
            scopes: scopes.collect(),
            host: client.and_then(|client| client.host()),
            since: Moment(known.since),
            latest: Moment(known.latest),
            identifier: known.identifier,
            name: known.name,
        });
    }
    let mut frame = frame(visit, visitor, "applications");
    if frame.done.is_some() {
        // The text names the application; one that is not registered has no name to show.
        let query = visit.query();
        let identifier = query.get("client").ok().flatten().unwrap_or_default();
        let client = app.clients.find(&app.pool, identifier).await?;
        frame.about = client.map(|client| client.name.clone()).unwrap_or_default();
        frame.done = frame.done.filter(|_| !frame.about.is_empty());
    }
    let errors = error.map(|key| FieldError::new("form", key)).into_iter().collect();
    let shown = ApplicationsPage { frame, applications, errors };
    Ok(page::render(app, &shell, &shown, status)?)
}
