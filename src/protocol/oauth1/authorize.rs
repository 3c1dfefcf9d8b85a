//! The person allows a request token (RFC 5849 §2.2).
//!
//! 1. Find the token; it must live and be nobody's yet. Faults: a page.
//! 2. With a live session and a remembered consent, answer at once.
//! 3. Else save a journey and send the person to its next page.
//! 4. The answer mints the verifier and takes it back to the callback.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::{
    credentials::{self, Place, hexadecimal},
    reject::Reject,
    scope,
};
use crate::{
    app::App,
    form::{Form, append_query},
    http::{
        begin::begin_journey,
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::{GrantId, JourneyId},
    journey::{Authenticated, Facts, Login, Refusal, Requirements, Step, next_step},
    model::{
        client::{Client, Flow},
        consent::Asked,
        grant::Grant,
        journey::Protocol,
        oauth1::OUT_OF_BAND,
        registry::Registry,
    },
    protocol::{Reply, respond::respond},
    secret::{Digest, Token},
    store::{oauth1::request_tokens, sessions},
    templates::ErrorKind,
};

/// A request token that a person can be asked about.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// Who asks.
    pub client: Arc<Client>,
    /// What must be so before the answer.
    pub requirements: Requirements,
    token: Token,
    callback: String,
    scopes: Vec<String>,
}

/// `GET /oauth1/authorize`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let mut response = page::settle(&app, &visit, None, serve(&app, &visit).await);
    if response.status() == StatusCode::UNAUTHORIZED {
        // RFC 9110 §15.5.2: an answer 401 names the scheme.
        let value = HeaderValue::from_str(&format!("OAuth realm=\"{}\"", app.issuer));
        response.headers_mut().extend(value.ok().map(|value| (header::WWW_AUTHENTICATE, value)));
    }
    response
}

async fn serve(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let form = visit.query();
    let token = form.get("oauth_token").map_err(|bad| rejected(&bad.into()))?;
    let token = Token::from(token.ok_or_else(|| rejected(&Reject::Absent("oauth_token")))?);
    let request = find(app, token.digest()).await?;
    let now = app.clock.now();
    let login = match &visit.session {
        None => None,
        Some(cookie) => {
            let idle_since = now - app.settings.sessions.idle_ttl;
            sessions::find(&app.pool, cookie.digest(), Some(request.client.id), now, idle_since).await?
        }
    };
    if let Some(login) = &login {
        log::user(login.user.id);
        let facts = Facts {
            login: Some(Login {
                session: &login.session,
                user: &login.user,
                in_journey: false,
                second_factor_enrolled: login.second_factor_enrolled,
            }),
            remembered: login.consent.as_ref(),
            ..Facts::default()
        };
        let reply = match next_step(&request.requirements, &facts, now) {
            Ok(Step::Done(authenticated)) => answer(app, &request, login, &authenticated, None).await?,
            Ok(_) => None,
            Err(refusal) => Some(refuse(&request, &refusal)),
        };
        if let Some(reply) = reply {
            return Ok(respond(app, visit, None, reply)?);
        }
    }
    // The digest, so that who reads the database learns no token.
    let parameters = format!("request_token={}", hexadecimal(token.digest()));
    Ok(begin_journey(app, Protocol::Oauth1, Some(request.client.id), parameters).await?)
}

/// Vets a saved request anew.
///
/// # Errors
/// [`Problem`] for an error page: the token has ended, or its client been disabled.
pub async fn vet(app: &App, parameters: &str) -> Result<Authorization, Fault<Problem>> {
    let form = Form::parse(parameters.as_bytes());
    let digest = form.get("request_token").ok().flatten().and_then(credentials::from_hexadecimal);
    find(app, digest.ok_or_else(|| rejected(&Reject::Token("can't be read any more")))?).await
}

async fn find(app: &App, digest: Digest) -> Result<Authorization, Fault<Problem>> {
    let unknown = || rejected(&Reject::Token("is unknown; the service must ask for a new one"));
    let found = request_tokens::find(&app.pool, digest).await?.ok_or_else(unknown)?;
    if found.grant.is_some() {
        return Err(rejected(&Reject::TokenUsed));
    }
    if found.expires_at <= app.clock.now() {
        return Err(rejected(&Reject::TokenExpired));
    }
    let client = app.clients.find(&app.pool, &found.client_identifier).await?.ok_or_else(unknown)?;
    log::client(client.id);
    if client.disabled_at.is_some() || !client.has_flow(Flow::Oauth1) {
        let why = "this client has been disabled, or may not use OAuth 1.0a";
        let code = Reject::ConsumerRejected(why).code();
        return Err(Fault::Reject(Problem::new(StatusCode::FORBIDDEN, ErrorKind::Forbidden, code, why)));
    }
    let (_, token) = credentials::open(app, Place::RequestToken, digest, &found.sealed)?;
    Ok(Authorization {
        requirements: requirements(app, &client, &found.scopes),
        token: token.ok_or_else(unknown)?,
        client,
        callback: found.callback,
        scopes: found.scopes,
    })
}

fn requirements(app: &App, client: &Client, scopes: &[String]) -> Requirements {
    let registry = Registry { scopes: &app.settings.scopes, attributes: &app.settings.attributes };
    let mut required: BTreeSet<String> = client.settings.require_attributes.iter().cloned().collect();
    // The document names the account whatever else is allowed.
    required.insert("username".to_owned());
    let mut optional = scope::attributes(scopes, registry);
    optional.retain(|name| !required.contains(name));
    Requirements {
        min_level: client.settings.min_level,
        asked: Asked { scopes: scopes.iter().cloned().collect(), required, optional },
        ..Requirements::default()
    }
}

/// Mints the verifier and answers with it; `None` when another request has ended the journey, or
/// approved the token.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    app: &App,
    request: &Authorization,
    login: &sessions::Login,
    authenticated: &Authenticated,
    journey: Option<JourneyId>,
) -> Result<Option<Reply>, Fault<Problem>> {
    let now = app.clock.now();
    let grant = Grant {
        id: GrantId(app.rng.uuid(now)),
        client_id: request.client.id,
        user_id: login.user.id,
        session_id: Some(login.session.id),
        scopes: request.scopes.clone(),
        attributes: authenticated.attributes.iter().cloned().collect(),
        id_token_claims: Vec::new(),
        userinfo_claims: Vec::new(),
        resources: Vec::new(),
        acting_for: None,
        amr: login.session.amr.clone(),
        auth_time: login.session.authenticated_at,
        created_at: now,
    };
    let verifier = Token::generate(&app.rng);
    let remember = authenticated.remember.as_ref();
    let (token, digest) = (request.token.digest(), verifier.digest());
    if !request_tokens::approve(&app.pool, token, digest, &grant, journey, remember).await? {
        return Ok(None);
    }
    log::outcome("verifier_issued");
    if request.callback == OUT_OF_BAND {
        return Ok(Some(Reply::Verifier(verifier.expose().to_owned())));
    }
    // RFC 5849 §2.2: appended "to the end of the existing query".
    let parameters = [("oauth_token", request.token.expose()), ("oauth_verifier", verifier.expose())];
    Ok(Some(Reply::Redirect(append_query(&request.callback, parameters))))
}

/// Says that there is no verifier: to the callback, or to the person where the client has it so.
pub fn refuse(request: &Authorization, refusal: &Refusal) -> Reply {
    const PROBLEM: &str = "permission_denied";
    log::outcome(PROBLEM);
    let refused = matches!(refusal, Refusal::Denied);
    if request.callback == OUT_OF_BAND || (refused && request.client.settings.oauth1_denial_page) {
        let origin = url::Url::parse(&request.callback).ok().map(|url| url.origin());
        let back = origin.filter(url::Origin::is_tuple).map(|origin| origin.ascii_serialization());
        return Reply::Denied { client: request.client.name.clone(), back };
    }
    let advice = match refusal {
        Refusal::Denied => "the person refused",
        _ => "the account lacks what the client requires",
    };
    let parameters = [
        ("oauth_token", request.token.expose()),
        ("oauth_problem", PROBLEM),
        ("oauth_problem_advice", advice),
    ];
    Reply::Redirect(append_query(&request.callback, parameters))
}

fn rejected(reject: &Reject) -> Fault<Problem> {
    let kind = match reject {
        Reject::TokenExpired | Reject::TokenUsed => ErrorKind::Expired,
        _ => ErrorKind::Developer,
    };
    let status = StatusCode::from_u16(reject.status()).unwrap_or(StatusCode::BAD_REQUEST);
    Fault::Reject(Problem::new(status, kind, reject.code(), &reject.to_string()))
}
