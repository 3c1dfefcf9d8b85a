//! `/account/sessions`: where the person is signed in, and how to end it.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use serde_json::json;

use super::{
    frame::{done, entry, frame, shell},
    visitor::{LOOK, Visitor, signed_in},
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        session_cookies,
        visit::Visit,
    },
    ids::SessionId,
    protocol::logout::{self, Farewell},
    store::sessions,
    templates::{FieldError, Moment, SessionRow, SessionsPage},
};

const PAGE: &str = "/account/sessions";

/// `GET /account/sessions`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/sessions/end`.
pub async fn end(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, end_one(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /account/sessions/end-others`.
pub async fn end_others(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, end_rest(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    render(app, visit, &visitor, None, StatusCode::OK).await
}

async fn end_one(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    if !visitor.sent(form) {
        return render(app, visit, &visitor, Some("form-stale"), StatusCode::FORBIDDEN).await;
    }
    let id = form.get("session").ok().flatten().and_then(|id| id.parse::<SessionId>().ok());
    let line = |id: SessionId| entry(app, visit, &visitor, "session.end", Some(json!({"session": id})));
    let user = visitor.login.user.id;
    match id {
        // One that ended meanwhile is as the person wanted it; another person's is not found.
        Some(id) if sessions::end_own(&app.pool, user, id, &line(id)).await? => {
            if id == visitor.login.session.id {
                let frames = logout::ended(app, id).await?;
                if frames.is_empty() {
                    return Ok(session_cookies::remove(app, page::see_other("/")));
                }
                return logout::farewell(app, visit, Farewell { frames, ..Farewell::default() });
            }
            Ok(done(PAGE, "session"))
        }
        _ => render(app, visit, &visitor, Some("account-gone"), StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn end_rest(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    if !visitor.sent(form) {
        return render(app, visit, &visitor, Some("form-stale"), StatusCode::FORBIDDEN).await;
    }
    let line = entry(app, visit, &visitor, "session.end_others", None);
    sessions::end_others(&app.pool, visitor.login.user.id, visitor.login.session.id, &line).await?;
    Ok(done(PAGE, "sessions"))
}

async fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    error: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let now = app.clock.now();
    let idle_since = now - app.settings.sessions.idle_ttl;
    let live = sessions::list(&app.pool, visitor.login.user.id, now, idle_since).await?;
    let row = |seen: sessions::Seen| SessionRow {
        id: seen.session.id.to_string(),
        device: seen.user_agent.as_deref().map(device).unwrap_or_default(),
        address: seen.address,
        began: Moment(seen.created_at),
        seen: Moment(seen.session.last_seen_at),
        current: seen.session.id == visitor.login.session.id,
    };
    let shown = SessionsPage {
        frame: frame(visit, visitor, "sessions"),
        sessions: live.into_iter().map(row).collect(),
        errors: error.map(|key| FieldError::new("form", key)).into_iter().collect(),
    };
    Ok(page::render(app, &shell(app, visit, visitor, PAGE), &shown, status)?)
}

/// What a person would call the browser and system that this describes; the text itself, cut, when
/// it is neither. Browsers name those they descend from as well, so the youngest come first.
pub fn device(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("YaBrowser", "Yandex"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_called_what_its_owner_calls_it() {
        for (user_agent, called) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0 Safari/537.36 Edg/125.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0", "Firefox, Linux"),
            ("curl/8.5.0", "curl/8.5.0"),
        ] {
            assert_eq!(device(user_agent), called);
        }
    }
}
