//! `/account/close`: closing the account for good. The name has to be typed, since nothing here can
//! be taken back.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    frame::{entry, frame, shell},
    visitor::{CHANGE, Visitor, signed_in},
};
use crate::{
    app::{App, notices},
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        session_cookies,
        visit::Visit,
    },
    model::user::username_key,
    store::own_account,
    templates::{ClosePage, ClosedPage, FieldError},
};

const PAGE: &str = "/account/close";

/// `GET /account/close`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/close`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, close(&app, &visit, &Form::parse(&body)).await)
}

/// `GET /account/closed`: what the person is told afterwards.
pub async fn closed(State(app): State<App>, visit: Visit) -> Response {
    let rendered = page::render(&app, &visit.shell(&app, None, None), &ClosedPage {}, StatusCode::OK);
    page::settle(&app, &visit, None, rendered.map_err(Fault::Internal))
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    render(app, visit, &visitor, String::new(), None, StatusCode::OK)
}

async fn close(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    let typed = form.get("username").ok().flatten().unwrap_or_default().to_owned();
    if !visitor.sent(form) {
        let error = FieldError::new("form", "form-stale");
        return render(app, visit, &visitor, typed, Some(error), StatusCode::FORBIDDEN);
    }
    let user = &visitor.login.user;
    if username_key(&typed) != username_key(&user.username) {
        let error = FieldError::new("username", "close-other-name");
        return render(app, visit, &visitor, typed, Some(error), StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Before, while it is known where to reach them.
    notices::tell_owner(app, user, "notice-account-closed", &[]).await?;
    own_account::close(&app.pool, user.id, &entry(app, visit, &visitor, "user.close", None)).await?;
    Ok(session_cookies::remove(app, page::see_other("/account/closed")))
}

fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    typed: String,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shown = ClosePage {
        frame: frame(visit, visitor, "profile"),
        username: visitor.login.user.username.clone(),
        typed,
        errors: error.into_iter().collect(),
    };
    Ok(page::render(app, &shell(app, visit, visitor, PAGE), &shown, status)?)
}
