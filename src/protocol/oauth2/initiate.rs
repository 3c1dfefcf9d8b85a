//! Sign-ins begun from elsewhere (OpenID Connect Core §4): from a page of ours, or a link in a portal or a
//! letter. `GET /oauth2/initiate?client_id=...` sends the person to the relying party's registered
//! address, which begins an ordinary sign-in with us.

use axum::{extract::State, http::StatusCode, response::Response};
use url::Url;

use crate::{
    app::App,
    form::append_query,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    model::client::Client,
    templates::ErrorKind,
};

/// The path, for links of ours.
pub const PATH: &str = "/oauth2/initiate";

/// `GET /oauth2/initiate`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, serve(&app, &visit).await)
}

async fn serve(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let form = visit.query();
    let fault = |text: String| Fault::Reject(Problem::developer("invalid_request", text));
    if let Some(bad) = form.first_bad(&[]) {
        return Err(fault(bad.to_string()));
    }
    let get = |name| form.get(name).ok().flatten();
    let identifier = get("client_id").ok_or_else(|| fault("client_id: is missing".to_owned()))?;
    let client = app.clients.find(&app.pool, identifier).await?;
    let client =
        client.ok_or_else(|| fault("client_id: no client of this identifier is registered".to_owned()))?;
    log::client(client.id);
    if client.disabled_at.is_some() {
        return Err(Fault::Reject(Problem::new(
            StatusCode::FORBIDDEN,
            ErrorKind::Forbidden,
            "unauthorized_client",
            "client_id: this client has been disabled",
        )));
    }
    let to = client.settings.oidc.initiate_login_uri.as_deref();
    let to = to.ok_or_else(|| fault("client_id: this client registered no initiate_login_uri".to_owned()))?;
    let mut parameters = vec![("iss", app.issuer.as_str())];
    if let Some(target) = get("target_link_uri") {
        // Core §4: relying parties must check it too, or they are open redirectors; not all do.
        if !is_own(&client, target) {
            return Err(fault("target_link_uri: is on no site of the client's".to_owned()));
        }
        parameters.push(("target_link_uri", target));
    }
    parameters.extend(get("login_hint").map(|hint| ("login_hint", hint)));
    log::outcome("login_initiated");
    Ok(page::see_other(&append_query(to, parameters)))
}

/// Whether an address is on a site that the client registered an address of.
fn is_own(client: &Client, target: &str) -> bool {
    let oidc = &client.settings.oidc;
    let registered = client.redirect_uris.iter().chain(&oidc.initiate_login_uri).chain(&oidc.client_uri);
    let Ok(target) = Url::parse(target) else { return false };
    // `https://rp.example@evil.example` and the like would only puzzle whoever reads it.
    let plain = target.username().is_empty() && target.password().is_none();
    // Addresses of custom schemes have no site that could be theirs alone.
    plain
        && target.origin().is_tuple()
        && registered.filter_map(|uri| Url::parse(uri).ok()).any(|uri| uri.origin() == target.origin())
}
