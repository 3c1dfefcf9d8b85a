//! `checkid_setup` and `checkid_immediate` (OpenID Authentication 2.0 §9).
//!
//! 1. Read where the answer would go; find the client whose realm that is. Faults: a page.
//! 2. Vet the rest. Faults: back to the relying party.
//! 3. With a live session and a remembered consent, answer at once.
//! 4. If nothing may be shown, refuse (`checkid_immediate`).
//! 5. Else save a journey and send the person to its next page.

use axum::{http::StatusCode, response::Response};

use super::{
    addresses, assertion, identity,
    message::{Malformed, Message},
    reject::Reject,
    request::{Authentication, Returnable, Surroundings, Unvetted},
};
use crate::{
    app::App,
    form::Form,
    http::{
        begin::begin_journey,
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::{Facts, Login, Refusal, Step, next_step},
    model::{client::Flow, journey::Protocol, user::User},
    protocol::{openid2_identity, respond::respond},
    store::sessions,
    templates::ErrorKind,
};

/// Answers a request that came with these parameters.
///
/// # Errors
/// [`Problem`] for a page when the answer can't go back.
pub async fn serve(
    app: &App,
    visit: &Visit,
    parameters: String,
    posted: bool,
) -> Result<Response, Fault<Problem>> {
    let (returnable, rest) = vet_return(app, &parameters).await?;
    let request = match rest.and_then(|message| vet_rest(app, &returnable, &message)) {
        Ok(request) => request,
        Err(reject) => return Ok(respond(app, visit, None, assertion::error(&returnable, &reject))?),
    };
    let immediate = request.requirements.prompt.none;
    if posted && immediate && visit.session.is_none() && visit.is_cross_site() {
        // Another site's form comes without our cookie (SameSite=Lax). The browser sends it along when
        // it asks again by GET; with pages to show, the journey's own redirect does that.
        return Ok(page::see_other(&format!("{}?{parameters}", visit.uri.path())));
    }
    let login = find_login(app, visit, &request).await?;
    let step = match &login {
        None => Ok(Step::Login),
        Some(login) => {
            log::user(login.user.id);
            let facts = Facts {
                login: Some(Login {
                    session: &login.session,
                    user: &login.user,
                    in_journey: false,
                    second_factor_enrolled: login.second_factor_enrolled,
                }),
                remembered: login.consent.as_ref(),
                named: request.names(app, &login.user),
                ..Facts::default()
            };
            next_step(&request.requirements, &facts, app.clock.now())
        }
    };
    let reply = match (step, &login) {
        (Ok(Step::Done(authenticated)), Some(login)) => {
            assertion::answer(app, &request, login, &authenticated, None).await?
        }
        (Ok(step), _) if immediate => Some(assertion::refuse(app, &request, &Refusal::Needs(Box::new(step)))),
        (Err(refusal), _) => Some(assertion::refuse(app, &request, &refusal)),
        (Ok(_), _) => None,
    };
    match reply {
        Some(reply) => Ok(respond(app, visit, request.locale, reply)?),
        None => {
            let client = request.to.client.as_ref().map(|client| client.id);
            Ok(begin_journey(app, Protocol::Openid2, client, parameters).await?)
        }
    }
}

impl Authentication {
    /// Whether this is who the request names; `None` when it names nobody. A name is one without
    /// regard to case.
    pub fn names(&self, app: &App, user: &User) -> Option<bool> {
        let named = self.named.as_deref()?;
        let own = openid2_identity::name(app, self.to.client.as_deref(), user);
        Some(named == own || identity::name_of(named) == own)
    }

    /// Who the relying party thinks is there. A name that says nothing is no user name.
    pub fn login_hint(&self) -> Option<&str> {
        let pairwise = self.to.client.as_ref().is_some_and(|client| client.settings.openid2_pairwise);
        self.named.as_deref().filter(|_| !pairwise)
    }
}

/// Vets saved parameters anew.
///
/// # Errors
/// [`Problem`] for an error page: what was good when the journey began no longer is.
pub async fn vet(app: &App, parameters: &str) -> Result<Authentication, Fault<Problem>> {
    let (returnable, rest) = vet_return(app, parameters).await?;
    rest.and_then(|message| vet_rest(app, &returnable, &message))
        .map_err(|reject| Fault::Reject(Problem::developer("invalid_request", reject.to_string())))
}

/// Whom the answer goes to; and the message, or what is wrong with the rest of it.
async fn vet_return(
    app: &App,
    parameters: &str,
) -> Result<(Returnable, Result<Message, Reject>), Fault<Problem>> {
    let form = Form::parse(parameters.as_bytes());
    let (message, fault) = match Message::read(&form) {
        Ok(message) => (message, None),
        Err(unreadable) => (unreadable.rest, Some(unreadable.fault)),
    };
    if let Some(Malformed::Parameter(bad)) = &fault
        && ["openid.return_to", "openid.realm", "openid.trust_root"].contains(&bad.name.as_str())
    {
        return Err(Fault::Reject(Problem::developer("invalid_request", bad.to_string())));
    }
    let unvetted =
        Unvetted::read(&message).map_err(|why| Fault::Reject(Problem::developer("invalid_request", why)))?;
    let client = app.clients.find_by_realm(&app.pool, &unvetted.realm).await?;
    if let Some(client) = &client {
        log::client(client.id);
        let disabled = client.disabled_at.is_some();
        if disabled || !client.has_flow(Flow::Openid2) {
            let why = if disabled { "has been disabled" } else { "has no flow openid2" };
            return Err(Fault::Reject(Problem::new(
                StatusCode::FORBIDDEN,
                ErrorKind::Forbidden,
                "unauthorized_client",
                &format!("openid.realm: the client of this realm {why}"),
            )));
        }
    } else if !app.settings.openid2.open_realms {
        let why = "openid.realm: no client of this realm is registered";
        return Err(Fault::Reject(Problem::developer("unauthorized_client", why)));
    }
    let version = message.version();
    let Unvetted { return_to, realm, realm_text } = unvetted;
    let returnable = Returnable { client, realm, realm_text, return_to, version };
    Ok((returnable, fault.map_or(Ok(message), |fault| Err(fault.into()))))
}

fn vet_rest(app: &App, returnable: &Returnable, message: &Message) -> Result<Authentication, Reject> {
    let around = Surroundings {
        addresses: addresses(app),
        types: &app.settings.openid2.attributes,
        registry: &app.settings.attributes,
    };
    returnable.clone().authentication(message, &around)
}

async fn find_login(
    app: &App,
    visit: &Visit,
    request: &Authentication,
) -> Result<Option<sessions::Login>, Fault<Problem>> {
    let Some(cookie) = &visit.session else { return Ok(None) };
    let now = app.clock.now();
    let idle_since = now - app.settings.sessions.idle_ttl;
    let client = request.to.client.as_ref().map(|client| client.id);
    Ok(sessions::find(&app.pool, cookie.digest(), client, now, idle_since).await?)
}
