//! Beginning a journey: a row, and a cookie for the browser that began it.

use axum::response::Response;

use super::{cookies, fault::InternalError, log, page};
use crate::{
    app::App,
    ids::{ClientId, JourneyId},
    model::journey::{Journey, Notes, Protocol},
    secret::{Digest, Token},
    store::journeys,
};

/// Saves a journey and sends the browser on it.
///
/// # Errors
/// When the database fails.
pub async fn begin_journey(
    app: &App,
    protocol: Protocol,
    client_id: Option<ClientId>,
    parameters: String,
) -> Result<Response, InternalError> {
    begin_journey_at(app, protocol, client_id, parameters, |id| format!("/continue/{id}")).await
}

/// The same, to begin at a page of the journey.
///
/// # Errors
/// When the database fails.
pub async fn begin_journey_at(
    app: &App,
    protocol: Protocol,
    client_id: Option<ClientId>,
    parameters: String,
    at: impl FnOnce(JourneyId) -> String,
) -> Result<Response, InternalError> {
    begin(app, protocol, client_id, (parameters, None), at).await
}

/// The same for a request of OAuth 2.0, with the digest of the pushed request that it is.
///
/// # Errors
/// When the database fails.
pub async fn begin_pushed_journey(
    app: &App,
    client_id: ClientId,
    parameters: String,
    pushed: Option<Digest>,
) -> Result<Response, InternalError> {
    let at = |id| format!("/continue/{id}");
    begin(app, Protocol::Oauth2, Some(client_id), (parameters, pushed), at).await
}

async fn begin(
    app: &App,
    protocol: Protocol,
    client_id: Option<ClientId>,
    (parameters, pushed): (String, Option<Digest>),
    at: impl FnOnce(JourneyId) -> String,
) -> Result<Response, InternalError> {
    let now = app.clock.now();
    let journey = Journey {
        id: JourneyId(app.rng.uuid(now)),
        protocol,
        client_id,
        parameters,
        pushed,
        session_id: None,
        decision: None,
        notes: Notes::default(),
        last_error: None,
        created_at: now,
    };
    let cookie = Token::generate(&app.rng);
    let ttl = app.settings.journeys.ttl;
    journeys::insert(&app.pool, &journey, cookie.digest(), now + ttl).await?;
    log::outcome("journey_begun");
    let response = page::see_other(&at(journey.id));
    let cookie = cookies::set(app, &cookies::journey(journey.id), cookie.expose(), ttl);
    Ok(page::with_cookie(response, cookie))
}
