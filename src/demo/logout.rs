//! `/demo/logout`: a relying party that is told of logouts, by the server itself (OpenID Connect
//! Back-Channel Logout 1.0) and through the browser (Front-Channel Logout 1.0), and shows what arrived.
//!
//! 1. `start`, `callback`: a sign-in as at `/demo/oidc`; its `sid` is kept.
//! 2. `frontchannel`: loaded in a frame of the server's page, with `iss` and `sid` (Front-Channel §2).
//! 3. `backchannel`: a logout token, verified before it is believed (Back-Channel §2.6).
//! 4. `done`: what arrived for this browser's sign-in.

mod sessions;
mod token;

use std::time::Duration;

use axum::{
    Form,
    extract::{Query, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, header::SET_COOKIE},
    response::{Html, IntoResponse, Redirect, Response},
};
use openidconnect::{
    AuthorizationCode, LogoutRequest, OAuth2TokenResponse, PostLogoutRedirectUrl, TokenResponse,
};
use serde::Deserialize;
use serde_json::json;
use tokio::time::sleep;

use super::{
    Parts, Place,
    oidc::{begin, discover, verify},
    outcome::Outcome,
    wire::{code, cookie, explain, parameter, set_cookie},
};
use crate::{
    http::headers::Framable,
    secret::Token,
    templates::{DemoSignedOutPage, DemoStartPage},
};

pub use sessions::Sessions;

const START: &str = "/demo/logout";
const CALLBACK: &str = "/demo/logout/callback";
const COOKIE_NAME: &str = "demo_logout";
const SESSION_COOKIE: &str = "demo_logout_session";
/// How long the last page waits for the server's word, in steps.
const WAITS: u32 = 30;
const STEP: Duration = Duration::from_millis(100);

/// Says what will happen.
pub async fn get(State(place): State<Place>) -> Response {
    place.page(&DemoStartPage {
        action: format!("{START}/start"),
        method: "post",
        title: "Sign out everywhere".to_owned(),
        description:
            "This service asks to be told when you sign out at the server. Sign in, sign out, and see \
                      what it was told: by the server itself, and through your browser."
                .to_owned(),
        button: "Sign in".to_owned(),
        fields: Vec::new(),
        hidden: Vec::new(),
    })
}

/// Sends the person to the server.
pub async fn start(State(place): State<Place>) -> Response {
    let mut outcome = Outcome::default();
    let found = discover(&place.demo, &place.demo.logout, CALLBACK).await;
    let Some((client, _)) = outcome.check("The server describes itself", found) else {
        return place.page(&outcome.page(START));
    };
    let rng = &place.app.rng;
    let (address, attempt) = begin(&client, &["profile"], rng);
    let key = place.logout_attempts.insert(attempt, rng, place.app.clock.now());
    let cookie = set_cookie(&place.demo, COOKIE_NAME, &key);
    ([(SET_COOKIE, cookie)], Redirect::to(address.as_str())).into_response()
}

/// Receives the answer, checks it, and remembers the session.
pub async fn callback(State(place): State<Place>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let mut outcome = Outcome::default();
    let answer = outcome.redirected(query.as_deref());
    let key = receive(&place, cookie(&headers, COOKIE_NAME), &answer, &mut outcome).await;
    let page = place.page(&outcome.page(START));
    match key {
        Some(key) => ([(SET_COOKIE, set_cookie(&place.demo, SESSION_COOKIE, &key))], page).into_response(),
        None => page,
    }
}

async fn receive(
    place: &Parts,
    cookie: Option<&str>,
    answer: &[(String, String)],
    outcome: &mut Outcome,
) -> Option<Token> {
    let (demo, now) = (&place.demo, place.app.clock.now());
    let attempt = cookie.and_then(|cookie| place.logout_attempts.take(cookie, now));
    let attempt = attempt.map(|attempt| (attempt, String::new()));
    let attempt = outcome.check(
        "This browser began the sign-in",
        attempt.ok_or("it did not, or too long ago, or this answer was used before; start again".to_owned()),
    )?;
    outcome.equal("state is the one sent", parameter(answer, "state"), attempt.state.expose())?;
    outcome.equal("iss names the server (RFC 9207)", parameter(answer, "iss"), &demo.issuer())?;
    let code = outcome.check("The server gave a code", code(answer))?;
    // OpenID Connect Session Management §2.
    let state = parameter(answer, "session_state").map(|state| ((), state.to_owned()));
    outcome.check("The answer has a session_state", state.ok_or("it is missing".to_owned()))?;

    let found = discover(demo, &demo.logout, CALLBACK).await;
    let (client, metadata) = outcome.check("The server describes itself", found)?;
    let tokens = match client.exchange_code(AuthorizationCode::new(code.to_owned())) {
        Ok(request) => request
            .set_pkce_verifier(attempt.verifier)
            .request_async(&demo.http)
            .await
            .map_err(|error| explain(&error)),
        Err(error) => Err(explain(&error)),
    };
    let tokens =
        outcome.check("The code was exchanged for tokens", tokens.map(|tokens| (tokens, String::new())))?;
    let id_token = outcome.check(
        "An id_token came",
        tokens.id_token().map(|token| (token, String::new())).ok_or("none came".to_owned()),
    )?;
    let claims = verify::id_token(
        id_token,
        &client.id_token_verifier(),
        tokens.access_token(),
        Some(&attempt.nonce),
        outcome,
    )?;
    // These two say whom and what a logout will be about.
    let text = |name: &str| claims[name].as_str().map(|text| (text.to_owned(), text.to_owned()));
    let sid =
        outcome.check("id_token: sid names the session", text("sid").ok_or("it is missing".to_owned()))?;
    let sub = claims["sub"].as_str().unwrap_or_default().to_owned();
    if let Some(end_session) = metadata.additional_metadata().end_session_endpoint.clone()
        && let Ok(back) = PostLogoutRedirectUrl::new(demo.address("/demo/logout/done"))
    {
        let request = LogoutRequest::from(end_session).set_id_token_hint(id_token);
        outcome.logout(request.set_post_logout_redirect_uri(back).http_get_url().into());
    }
    Some(place.logout_sessions.insert(sid, sub, &place.app.rng))
}

/// The parameters of a frame's address.
#[derive(Deserialize)]
pub struct Framed {
    iss: Option<String>,
    sid: Option<String>,
}

/// Loaded by the server's page at a logout (Front-Channel Logout §2).
pub async fn frontchannel(State(place): State<Place>, Query(framed): Query<Framed>) -> Response {
    // Without both it could not be told whose session to end, and anybody could frame this.
    if let (Some(iss), Some(sid)) = (&framed.iss, &framed.sid)
        && *iss == place.demo.issuer()
    {
        place.logout_sessions.note_front(sid);
    }
    let mut response = Html("<!DOCTYPE html><title>Signed out</title>").into_response();
    let policy = format!("default-src 'none'; frame-ancestors {}", place.demo.issuer());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.extensions_mut().insert(Framable);
    response
}

/// The form of a back-channel request (Back-Channel Logout §2.5).
#[derive(Deserialize)]
pub struct Told {
    logout_token: String,
}

/// Told by the server itself.
pub async fn backchannel(State(place): State<Place>, Form(told): Form<Told>) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    let found = discover(&place.demo, &place.demo.logout, CALLBACK).await;
    let verified = found.and_then(|((_, metadata), _)| {
        let now = place.app.clock.now().unix_timestamp();
        let expected = token::Expected {
            issuer: &place.demo.issuer(),
            audience: &place.demo.logout.client_id,
            keys: metadata.jwks(),
            now,
        };
        token::verify(&told.logout_token, &expected)
    });
    // Back-Channel §2.8.
    match verified.and_then(|claims| place.logout_sessions.note_back(claims)) {
        Ok(()) => (StatusCode::OK, no_store).into_response(),
        Err(why) => {
            let error = json!({"error": "invalid_request", "error_description": why});
            (StatusCode::BAD_REQUEST, no_store, axum::Json(error)).into_response()
        }
    }
}

/// What arrived for this browser's sign-in.
pub async fn done(State(place): State<Place>, headers: HeaderMap) -> Response {
    let key = cookie(&headers, SESSION_COOKIE).unwrap_or_default();
    // The server's word comes beside the browser's way, and may come a moment later.
    for _ in 0..WAITS {
        match place.logout_sessions.find(key) {
            Some(session) if session.back.is_none() => sleep(STEP).await,
            _ => break,
        }
    }
    let mut outcome = Outcome::default();
    let session = place.logout_sessions.find(key).map(|session| {
        let sid = session.sid.clone();
        (session, sid)
    });
    let missing = "it was not, or too long ago; sign in first".to_owned();
    if let Some(session) = outcome.check("This browser was signed in here", session.ok_or(missing)) {
        let front = session.front.then(|| ((), "iss and sid are right".to_owned()));
        outcome.check("The browser told (front channel)", front.ok_or("nothing arrived".to_owned()));
        let back = session.back.clone().map(|claims| ((), format!("jti {}", claims["jti"])));
        outcome.check("The server told (back channel)", back.ok_or("nothing arrived yet".to_owned()));
        outcome.came("logout_token", session.back.unwrap_or_default());
    }
    place.page(&DemoSignedOutPage::from(outcome.page(START)))
}
