//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).
//!
//! 1. A hint that is ours and means the session at this browser ends it at once, and the person
//!    goes back to a registered address.
//! 2. Otherwise the person is asked, and after their answer stays here: a doubtful request never
//!    redirects (open redirector) and never ends a session unasked (logout CSRF).

use std::sync::Arc;

use axum::{body::Bytes, extract::State, response::Response};

use super::{
    hint::{self, Hint},
    subject,
};
use crate::{
    app::App,
    form::{Form, append_query},
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::{client::Client, locale::Locale},
    protocol::logout::{self, Asked},
    store::sessions::Login,
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
    let named = |back: String| {
        let client = request.client.as_ref();
        BackLink { href: back, name: client.map(|client| client.name.clone()).unwrap_or_default() }
    };
    let Some(login) = logout::signed_in(app, visit).await? else {
        // Nobody is signed in: nothing to ask. Only a hint of ours lets the browser go on.
        return match (&request.hint, &request.back) {
            (Some(_), Some(back)) => Ok(page::see_other(back)),
            _ => logout::logged_out(app, visit, request.locale, None),
        };
    };
    if means(app, &request, &login) {
        logout::end(app, &login).await?;
        return match &request.back {
            Some(back) => Ok(logout::go_back(app, back)),
            None => logout::logged_out(app, visit, request.locale, None),
        };
    }
    if posted && logout::is_confirmed(visit, form) {
        logout::end(app, &login).await?;
        return logout::logged_out(app, visit, request.locale, request.back.clone().map(named));
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
    Ok(Request { client, hint, back, locale: get("ui_locales").and_then(Locale::from_tags) })
}

/// Whether the hint is about the session at this browser.
fn means(app: &App, request: &Request, login: &Login) -> bool {
    let (Some(hint), Some(client)) = (&request.hint, &request.client) else { return false };
    let session = hint.sid.as_deref().map(|sid| subject::session(app, client, sid));
    subject::account(app, client, &hint.sub) == Some(login.user.id)
        && session.is_none_or(|session| session == Some(login.session.id))
}

/// The request's parameters, for repeating it.
fn kept(form: &Form) -> impl Iterator<Item = (&'static str, &str)> {
    let names = ["client_id", "post_logout_redirect_uri", "state", "ui_locales", "id_token_hint"];
    names.into_iter().filter_map(|name| Some((name, form.get(name).ok()??)))
}
