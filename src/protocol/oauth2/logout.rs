//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).
//!
//! 1. A hint that is ours and means the session at this browser ends it at once, and the person
//!    goes back to a registered address.
//! 2. Otherwise the person is asked, and after their answer stays here: a doubtful request never
//!    redirects (open redirector) and never ends a session unasked (logout CSRF).
//! 3. Relying parties that took part in the session hear of its end: from us, or by frames that the
//!    browser loads before it goes on.

use std::sync::Arc;

use axum::{body::Bytes, extract::State, response::Response};

use super::{
    frontchannel::Frame,
    hint::{self, Hint},
    subject,
};
use crate::{
    app::App,
    form::{Form, append_query},
    http::{
        fault::{Fault, InternalError},
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::{SessionId, UserId},
    model::{client::Client, locale::Locale, user::username_key},
    protocol::logout::{self, Asked, Farewell},
    store::{logouts, sessions::Login},
    templates::BackLink,
};

/// `GET /oauth2/logout`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    answer(&app, &visit, &form, false).await
}

/// `POST /oauth2/logout`: from the client, or from our own page with its CSRF token.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    answer(&app, &visit, &Form::parse(&body), true).await
}

async fn answer(app: &App, visit: &Visit, form: &Form, posted: bool) -> Response {
    let asked = form.get("ui_locales").ok().flatten().and_then(Locale::from_tags);
    page::settle(app, visit, asked, serve(app, visit, form, posted).await)
}

/// What a logout request says, once understood.
struct Request {
    client: Option<Arc<Client>>,
    hint: Option<Hint>,
    /// The registered address to go back to, with `state`.
    back: Option<String>,
    locale: Option<Locale>,
    logout_hint: Option<String>,
}

async fn serve(app: &App, visit: &Visit, form: &Form, posted: bool) -> Result<Response, Fault<Problem>> {
    if let Some(bad) = form.first_bad(&[]) {
        return Err(Fault::Reject(Problem::developer("invalid_request", bad.to_string())));
    }
    if posted && visit.session.is_none() {
        // A client's own form comes from another site, so without our cookie (SameSite=Lax). The
        // browser sends it along when it asks again by GET.
        let fields = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept(form)).finish();
        return Ok(page::see_other(&format!("/oauth2/logout?{fields}")));
    }
    let request = read(app, form).await?;
    let locale = request.locale;
    let back = request.back.clone().map(|href| {
        let client = request.client.as_ref();
        BackLink { href, name: client.map(|client| client.name.clone()).unwrap_or_default() }
    });
    let Some(login) = logout::signed_in(app, visit).await? else {
        // Nobody is signed in: nothing to ask. Only a hint of ours lets the browser go on.
        let onward = request.hint.is_some();
        let frames = end_lapsed(app, visit, &request).await?;
        return logout::farewell(
            app,
            visit,
            Farewell { locale, back: back.filter(|_| onward), onward, frames },
        );
    };
    if means(app, &request, &login) {
        let frames = logout::end(app, &login).await?;
        return logout::farewell(app, visit, Farewell { locale, back, onward: true, frames });
    }
    if posted && logout::is_confirmed(visit, form) {
        let frames = logout::end(app, &login).await?;
        return logout::farewell(app, visit, Farewell { locale, back, onward: false, frames });
    }
    let asked = Asked {
        action: "/oauth2/logout",
        kept: kept(form).collect(),
        client: request.client.as_ref().map(|client| client.name.clone()),
        locale: request.locale,
    };
    logout::ask(app, visit, &login, asked)
}

async fn read(app: &App, form: &Form) -> Result<Request, Fault<Problem>> {
    let get = |name| form.get(name).ok().flatten();
    let fault = |text: &str| Fault::Reject(Problem::developer("invalid_request", text));
    let ring = app.keys.ring();
    let hint = get("id_token_hint").and_then(|token| hint::read(&ring, &app.issuer, token));
    let named = get("client_id");
    // RP-Initiated Logout §2: a client_id beside the hint must be the one the hint was issued to.
    if let (Some(hint), Some(named)) = (&hint, named)
        && hint.aud != named
    {
        return Err(fault("client_id: is not the client that id_token_hint was issued to"));
    }
    let identifier = hint.as_ref().map(|hint| hint.aud.as_str()).or(named);
    let client = match identifier {
        Some(identifier) => app.clients.find(&app.pool, identifier).await?,
        None => None,
    };
    let back = match get("post_logout_redirect_uri") {
        None => None,
        Some(uri) => {
            // RP-Initiated Logout §3: the address must be one the client registered, exactly.
            let known = client.as_ref().is_some_and(|c| c.post_logout_redirect_uris.iter().any(|u| u == uri));
            if !known {
                return Err(fault(
                    "post_logout_redirect_uri: is not registered for the client of id_token_hint or client_id",
                ));
            }
            let state = get("state").map(|state| ("state", state));
            Some(match state {
                Some(state) => append_query(uri, [state]),
                None => uri.to_owned(),
            })
        }
    };
    Ok(Request {
        client,
        hint,
        back,
        locale: get("ui_locales").and_then(Locale::from_tags),
        logout_hint: get("logout_hint").map(str::to_owned),
    })
}

/// Whether the request is about the session at this browser, beyond doubt.
fn means(app: &App, request: &Request, login: &Login) -> bool {
    let Some((user, session)) = hinted(app, request) else { return false };
    user == login.user.id
        && session.is_none_or(|session| session == Some(login.session.id))
        && request.logout_hint.as_ref().is_none_or(|hint| names(hint, login))
}

/// Whom the hint speaks of, and which session if it says; a session that is none of ours is `Some(None)`.
fn hinted(app: &App, request: &Request) -> Option<(UserId, Option<Option<SessionId>>)> {
    let (hint, client) = request.hint.as_ref().zip(request.client.as_ref())?;
    let session = hint.sid.as_deref().map(|sid| subject::session(app, client, sid));
    Some((subject::account(app, client, &hint.sub)?, session))
}

/// Whether a `logout_hint` (RP-Initiated Logout §2) can be this person: a name they sign in by. One that
/// is somebody else's makes the request doubtful.
fn names(hint: &str, login: &Login) -> bool {
    let user = &login.user;
    let held = |name: &str| user.attribute(name).is_some_and(|value| value.eq_ignore_ascii_case(hint));
    username_key(hint) == username_key(&user.username) || ["email", "mobile_phone"].into_iter().any(held)
}

/// Ends the session that the hint speaks of when it has lapsed at this browser. Relying parties may have
/// gone on longer without us, and the person means to be signed out of them.
async fn end_lapsed(app: &App, visit: &Visit, request: &Request) -> Result<Vec<Frame>, InternalError> {
    let (Some(cookie), Some((user, Some(Some(session))))) = (&visit.session, hinted(app, request)) else {
        return Ok(Vec::new());
    };
    if !logouts::end_lapsed(&app.pool, cookie.digest(), session, user, app.clock.now()).await? {
        return Ok(Vec::new());
    }
    log::user(user);
    logout::ended(app, session).await
}

/// The request's parameters, for repeating it.
fn kept(form: &Form) -> impl Iterator<Item = (&'static str, &str)> {
    let names =
        ["client_id", "post_logout_redirect_uri", "state", "ui_locales", "id_token_hint", "logout_hint"];
    names.into_iter().filter_map(|name| Some((name, form.get(name).ok()??)))
}
