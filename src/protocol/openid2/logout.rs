//! Signing out for relying parties of OpenID 2.0, whose standard knows no such thing: they send the
//! person here with an address to go back to, and nothing that proves who sent them.
//!
//! 1. An address in the realm of a client that took part in the session at this browser ends it at
//!    once, and the person goes back there.
//! 2. Otherwise the person is asked, and after their answer stays here: a doubtful request never
//!    redirects (open redirector) and never ends a session unasked (logout CSRF).

use std::sync::Arc;

use axum::{body::Bytes, extract::State, response::Response};

use crate::{
    app::App,
    form::{Form, append_query},
    http::{
        fault::{Fault, InternalError},
        page::{self, Problem},
        visit::Visit,
    },
    model::{client::Client, realm::Realm},
    protocol::logout::{self, Asked, Farewell},
    store::grants,
    templates::BackLink,
};

/// A way to ask: its path, and the parameter with the return address.
struct Way {
    path: &'static str,
    parameter: &'static str,
}

const CANONICAL: Way = Way { path: "/openid2/logout", parameter: "return_to" };
/// That of e-Government SSO (Thailand).
const EGOV_TH: Way = Way { path: "/Logout.aspx", parameter: "returnUrl" };

/// `GET /openid2/logout`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, serve(&app, &visit, &form, &CANONICAL, false).await)
}

/// `POST /openid2/logout`: our own page with its CSRF token.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    let form = Form::parse(&body);
    page::settle(&app, &visit, None, serve(&app, &visit, &form, &CANONICAL, true).await)
}

/// `GET /Logout.aspx`.
pub async fn get_egov_th(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, serve(&app, &visit, &form, &EGOV_TH, false).await)
}

/// `POST /Logout.aspx`.
pub async fn post_egov_th(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    let form = Form::parse(&body);
    page::settle(&app, &visit, None, serve(&app, &visit, &form, &EGOV_TH, true).await)
}

async fn serve(
    app: &App,
    visit: &Visit,
    form: &Form,
    way: &Way,
    posted: bool,
) -> Result<Response, Fault<Problem>> {
    let back = form
        .get(way.parameter)
        .map_err(|bad| Fault::Reject(Problem::developer("invalid_request", bad.to_string())))?
        // What can't stand in a header as it is leads nowhere.
        .filter(|back| back.bytes().all(|b| b.is_ascii_graphic()));
    if posted && visit.session.is_none() {
        // Another site's form comes without our cookie (SameSite=Lax); nobody may be told that they are
        // signed out when they are not. The browser sends it along when it asks again by GET.
        let again = back.map(|back| append_query(way.path, [(way.parameter, back)]));
        return Ok(page::see_other(again.as_deref().unwrap_or(way.path)));
    }
    let client = owner(app, back).await?;
    let link = || Some(BackLink { href: back?.to_owned(), name: client.as_ref()?.name.clone() });
    let Some(login) = logout::signed_in(app, visit).await? else {
        return logout::farewell(app, visit, Farewell { back: link(), ..Farewell::default() });
    };
    if let Some(back) = back.filter(|_| !posted) {
        let realms = grants::realms_of_session(&app.pool, login.session.id).await?;
        let took_part = |text: &String| Realm::parse(text).is_ok_and(|realm| realm.contains_url(back));
        if realms.iter().any(took_part) {
            let frames = logout::end(app, &login).await?;
            let name = client.as_ref().map(|client| client.name.clone()).unwrap_or_default();
            let back = Some(BackLink { href: back.to_owned(), name });
            return logout::farewell(app, visit, Farewell { back, onward: true, frames, locale: None });
        }
    }
    if posted && logout::is_confirmed(visit, form) {
        let frames = logout::end(app, &login).await?;
        return logout::farewell(app, visit, Farewell { back: link(), frames, ..Farewell::default() });
    }
    let asked = Asked {
        action: way.path,
        kept: back.map(|back| (way.parameter, back)).into_iter().collect(),
        client: client.as_ref().map(|client| client.name.clone()),
        locale: None,
    };
    logout::ask(app, visit, &login, asked)
}

/// The client whose realm an address lies in, for its name and a link; that much a person may be
/// offered, whoever sent them.
async fn owner(app: &App, back: Option<&str>) -> Result<Option<Arc<Client>>, InternalError> {
    // As a realm of its own an address lies in the same ones.
    let realm = back.and_then(|back| Realm::parse(back).ok().filter(|realm| realm.contains_url(back)));
    let Some(realm) = realm else { return Ok(None) };
    let client = app.clients.find_by_realm(&app.pool, &realm).await?;
    Ok(client.filter(|client| client.disabled_at.is_none()))
}
