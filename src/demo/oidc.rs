//! `/demo/oidc`: a relying party of OpenID Connect, built on the `openidconnect` crate alone.
//!
//! 1. `start`: discovery; an authorization request with PKCE, `state` and `nonce`, all three kept
//!    for this browser (OpenID Connect Core §3.1.2.1, RFC 7636).
//! 2. `callback`: the attempt of this browser, `state`, `iss` (RFC 9207), and the code or the error.
//! 3. The code is exchanged (§3.1.3) and the id_token verified (§3.1.3.7, §3.1.3.8).
//! 4. The userinfo endpoint is asked, and must speak of the same person (§5.3.2).

pub mod verify;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient},
};
use secrecy::ExposeSecret;
use serde_json::json;
use url::Url;

use super::{
    Credentials, Demo, Parts, Place,
    outcome::Outcome,
    wire::{code, cookie, explain, parameter, set_cookie, shortened},
};
use crate::{rng::Rng, secret::Token, templates::DemoStartPage};

const START: &str = "/demo/oidc";
const CALLBACK: &str = "/demo/oidc/callback";
const COOKIE_NAME: &str = "demo";
const SCOPES: [&str; 4] = ["profile", "email", "phone", "offline_access"];

/// The client once the server has described itself.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What must be remembered between the request and its answer.
pub struct Attempt {
    pub(super) state: Token,
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
}

/// Where to send a person who signs in at this client, and what to keep until they come back.
pub(super) fn begin(client: &Client, scopes: &[&str], rng: &Rng) -> (Url, Attempt) {
    let state = Token::generate(rng);
    let nonce = Nonce::new(Token::generate(rng).expose().to_owned());
    let verifier = PkceCodeVerifier::new(Token::generate(rng).expose().to_owned());
    let (sent_state, sent_nonce) = (CsrfToken::new(state.expose().to_owned()), nonce.clone());
    let (address, _, _) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || sent_state, || sent_nonce)
        .add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .url();
    (address, Attempt { state, nonce, verifier })
}

/// Says what will happen.
pub async fn get(State(place): State<Place>) -> Response {
    place.page(&DemoStartPage {
        action: format!("{START}/start"),
        method: "post",
        title: "OpenID Connect".to_owned(),
        description: "This service asks the server who you are, by the code flow with PKCE. It then checks \
                      the answer as any service should, and shows you what it got."
            .to_owned(),
        button: "Sign in".to_owned(),
        fields: Vec::new(),
        hidden: Vec::new(),
    })
}

/// Sends the person to the server.
pub async fn start(State(place): State<Place>) -> Response {
    let mut outcome = Outcome::default();
    let found = discover(&place.demo, &place.demo.oidc, CALLBACK).await;
    let Some((client, _)) = outcome.check("The server describes itself", found) else {
        return place.page(&outcome.page(START));
    };
    let rng = &place.app.rng;
    let (address, attempt) = begin(&client, &SCOPES, rng);
    let key = place.attempts.insert(attempt, rng, place.app.clock.now());
    let cookie = set_cookie(&place.demo, COOKIE_NAME, &key);
    ([(SET_COOKIE, cookie)], Redirect::to(address.as_str())).into_response()
}

/// Receives the answer, checks it, and shows both.
pub async fn callback(State(place): State<Place>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let mut outcome = Outcome::default();
    let answer = outcome.redirected(query.as_deref());
    receive(&place, cookie(&headers, COOKIE_NAME), &answer, &mut outcome).await;
    place.page(&outcome.page(START))
}

async fn receive(
    place: &Parts,
    cookie: Option<&str>,
    answer: &[(String, String)],
    outcome: &mut Outcome,
) -> Option<()> {
    let demo = &place.demo;
    let attempt = cookie.and_then(|cookie| place.attempts.take(cookie, place.app.clock.now()));
    let attempt = attempt.map(|attempt| (attempt, String::new()));
    let attempt = outcome.check(
        "This browser began the sign-in",
        attempt.ok_or("it did not, or too long ago, or this answer was used before; start again".to_owned()),
    )?;
    // RFC 6749 §10.12: an answer to somebody else's request is forged.
    outcome.equal("state is the one sent", parameter(answer, "state"), attempt.state.expose())?;
    // RFC 9207 §2.4: an answer from another server is a mix-up attack.
    outcome.equal("iss names the server (RFC 9207)", parameter(answer, "iss"), &demo.issuer())?;
    let code = outcome.check("The server gave a code", code(answer))?;

    let (client, metadata) =
        outcome.check("The server describes itself", discover(demo, &demo.oidc, CALLBACK).await)?;
    let request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
    let tokens = match request {
        Ok(request) => request
            .set_pkce_verifier(attempt.verifier)
            .request_async(&demo.http)
            .await
            .map_err(|error| explain(&error)),
        Err(error) => Err(explain(&error)),
    };
    let tokens = outcome.check(
        "The code was exchanged for tokens",
        tokens.map(|tokens| {
            let scope = tokens.scopes().map(|scopes| scopes.iter().map(|s| s.as_str()).collect::<Vec<_>>());
            let detail = scope.map(|scope| format!("scope {}", scope.join(" "))).unwrap_or_default();
            (tokens, detail)
        }),
    )?;
    outcome.came(
        "tokens",
        json!({
            "token_type": tokens.token_type(),
            "expires_in": tokens.expires_in().map(|duration| duration.as_secs()),
            "access_token": shortened(tokens.access_token().secret()),
            "refresh_token": tokens.refresh_token().map(|token| shortened(token.secret())),
        }),
    );
    let id_token = outcome.check(
        "An id_token came",
        tokens.id_token().map(|token| (token, String::new())).ok_or("none came".to_owned()),
    )?;
    verify::id_token(
        id_token,
        &client.id_token_verifier(),
        tokens.access_token(),
        Some(&attempt.nonce),
        outcome,
    )?;
    if let Some(end_session) = metadata.additional_metadata().end_session_endpoint.clone()
        && let Ok(back) = PostLogoutRedirectUrl::new(demo.address("/demo"))
    {
        let request = LogoutRequest::from(end_session).set_id_token_hint(id_token);
        outcome.logout(request.set_post_logout_redirect_uri(back).http_get_url().into());
    }
    verify::userinfo(&client, &tokens, id_token, &demo.http, outcome).await
}

/// Asks the server where its endpoints and keys are, as the client of these credentials.
pub async fn discover(
    demo: &Demo,
    credentials: &Credentials,
    callback: &str,
) -> Result<((Client, ProviderMetadataWithLogout), String), String> {
    let issuer = IssuerUrl::new(demo.issuer()).map_err(|error| explain(&error))?;
    let metadata = ProviderMetadataWithLogout::discover_async(issuer, &demo.http)
        .await
        .map_err(|error| explain(&error))?;
    let back = RedirectUrl::new(demo.address(callback)).map_err(|error| explain(&error))?;
    let client = CoreClient::from_provider_metadata(
        metadata.clone(),
        ClientId::new(credentials.client_id.clone()),
        Some(ClientSecret::new(credentials.client_secret.expose_secret().to_owned())),
    )
    .set_redirect_uri(back);
    let detail = metadata.issuer().to_string();
    Ok(((client, metadata), detail))
}
