//! `/demo/par`: a relying party that keeps to the FAPI 2.0 profiles. It signs what it asks, hands it over
//! beforehand, proves itself with its key, binds its tokens to another, and gets a signed answer.
//!
//! 1. `start`: a request object (RFC 9101) is signed and pushed (RFC 9126); the browser carries its name
//!    alone.
//! 2. `callback`: the answer is a token of the server's (JARM), checked before it is believed.
//! 3. The code is exchanged with a signed assertion (RFC 7523), PKCE and a DPoP proof (RFC 9449).
//! 4. id_token and access token are checked; userinfo is asked with a proof of the same key.

mod messages;

use std::str::FromStr;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use openidconnect::{
    AccessToken, ClientId, ClientSecret, Nonce,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm},
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    Parts, Place,
    direct::{post, send},
    jws::{Key, hash, open},
    metadata::{self, Metadata},
    oidc::verify,
    outcome::Outcome,
    wire::{cookie, parameter, set_cookie, shortened},
};
use crate::{secret::Token, templates::DemoStartPage};
use messages::Sender;

const START: &str = "/demo/par";
const CALLBACK: &str = "/demo/par/callback";
const COOKIE_NAME: &str = "demo_par";
const SCOPES: &str = "openid profile email";

/// What must be remembered between the request and its answer.
pub struct Attempt {
    state: Token,
    nonce: Nonce,
    verifier: Token,
    /// What the tokens will be bound to.
    proving: Key,
}

/// Says what will happen.
pub async fn get(State(place): State<Place>) -> Response {
    place.page(&DemoStartPage {
        action: format!("{START}/start"),
        method: "post",
        title: "Signed requests".to_owned(),
        description:
            "This service signs what it asks of the server and hands it over before you go there, so \
                      that nobody on the way can change it. The server signs its answer, and the tokens work \
                      with this service's key alone."
                .to_owned(),
        button: "Sign in".to_owned(),
        fields: Vec::new(),
        hidden: Vec::new(),
    })
}

/// Pushes a request and sends the person after it.
pub async fn start(State(place): State<Place>) -> Response {
    let mut outcome = Outcome::default();
    match push(&place, &mut outcome).await {
        Some((cookie, address)) => ([(SET_COOKIE, cookie)], Redirect::to(&address)).into_response(),
        None => place.page(&outcome.page(START)),
    }
}

async fn push(place: &Parts, outcome: &mut Outcome) -> Option<(String, String)> {
    let (demo, rng) = (&place.demo, &place.app.rng);
    let (server, own) = outcome.check("The server describes itself", ready(place).await)?;
    let proving = Key::generate().and_then(|kept| Key::read(&kept)).map(|key| (key, String::new()));
    let attempt = Attempt {
        state: Token::generate(rng),
        nonce: Nonce::new(Token::generate(rng).expose().to_owned()),
        verifier: Token::generate(rng),
        proving: outcome.check("A key for the tokens was made", proving)?,
    };
    let sender = Sender { place, own: &own };
    let asked = json!({
        "response_type": "code",
        "response_mode": "jwt",
        "client_id": demo.par.client_id,
        "redirect_uri": demo.address(CALLBACK),
        "scope": SCOPES,
        "state": attempt.state.expose(),
        "nonce": attempt.nonce.secret(),
        "code_challenge": hash(attempt.verifier.expose()),
        "code_challenge_method": "S256",
        // RFC 9449 §10: the code works with this key alone.
        "dpop_jkt": attempt.proving.thumbprint(),
    });
    let request = outcome.check("The request was signed", sender.request_object(asked))?;
    let assertion = sender.assertion().ok()?;
    let form = [messages::assertion_type(), ("client_assertion", &assertion), ("request", &request)];
    let endpoint = server.endpoint("pushed_authorization_request_endpoint").map(|at| (at, String::new()));
    let endpoint = outcome.check("The server takes pushed requests", endpoint)?;
    let pushed = post(demo.http.post(endpoint), &form).await.and_then(|answer| answer.good());
    let name = pushed.and_then(|answer| match answer["request_uri"].as_str() {
        Some(name) => Ok((name.to_owned(), format!("for {} s", answer["expires_in"]))),
        None => Err("the answer holds no request_uri".to_owned()),
    });
    let name = outcome.check("The server keeps the request under a name", name)?;
    // RFC 9126 §4: beside the name only client_id, which must be the same.
    let query = [("client_id", demo.par.client_id.as_str()), ("request_uri", &name)];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let address = format!("{}?{query}", server.endpoint("authorization_endpoint").ok()?);
    let key = place.par_attempts.insert(attempt, rng, place.app.clock.now());
    Some((set_cookie(demo, COOKIE_NAME, &key), address))
}

/// The server's description, and our own key.
async fn ready(place: &Parts) -> Result<((Metadata, Key), String), String> {
    let (server, issuer) = Metadata::fetch(&place.demo).await?;
    let own = Key::read(place.demo.par.client_secret.expose_secret())?;
    Ok(((server, own), issuer))
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
    let now = place.app.clock.now();
    let attempt = cookie.and_then(|cookie| place.par_attempts.take(cookie, now));
    let attempt = attempt.map(|attempt| (attempt, String::new()));
    let attempt = outcome.check(
        "This browser began the sign-in",
        attempt.ok_or("it did not, or too long ago, or this answer was used before; start again".to_owned()),
    )?;
    let (server, own) = outcome.check("The server describes itself", ready(place).await)?;
    let keys = outcome.check("The server's keys were read", server.keys(demo).await)?;

    // JARM §2.4: in this order, and nothing is believed before.
    let response = parameter(answer, "response").ok_or("no signed answer came".to_owned());
    let opened = response.and_then(|response| open(&keys, response));
    let answer = outcome.check("answer: the signature is by a key of the server", opened)?;
    outcome.came("answer", answer.clone());
    outcome.equal("answer: iss is the server", answer["iss"].as_str(), &demo.issuer())?;
    outcome.equal("answer: aud is this service", answer["aud"].as_str(), &demo.par.client_id)?;
    outcome.check("answer: it has not expired", messages::unexpired(&answer, now))?;
    outcome.equal("answer: state is the one sent", answer["state"].as_str(), attempt.state.expose())?;
    let code = outcome.check("The server gave a code", messages::code(&answer))?;

    let sender = Sender { place, own: &own };
    let tokens = exchange(&sender, &server, &attempt, &code).await;
    let tokens = outcome.check("The code was exchanged, with assertion, PKCE and proof", tokens)?;
    let text = |name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
    let access_token = text("access_token");
    outcome.came(
        "tokens",
        json!({
            "token_type": tokens["token_type"],
            "expires_in": tokens["expires_in"],
            "access_token": shortened(&access_token),
        }),
    );
    outcome.equal("The access token is bound to a key (RFC 9449)", tokens["token_type"].as_str(), "DPoP")?;
    let opened = open(&keys, &access_token).map(|(claims, _)| claims).unwrap_or_default();
    let bound_to = opened["cnf"]["jkt"].as_str();
    outcome.equal("access token: cnf is this service's key", bound_to, &attempt.proving.thumbprint())?;

    let id_token = outcome.check(
        "An id_token came",
        CoreIdToken::from_str(&text("id_token"))
            .map(|token| (token, String::new()))
            .map_err(|error| error.to_string()),
    )?;
    let verifier = CoreIdTokenVerifier::new_confidential_client(
        ClientId::new(demo.par.client_id.clone()),
        // For tokens signed with a secret, which are not taken.
        ClientSecret::new(String::new()),
        metadata::issuer(demo).ok()?,
        keys,
    )
    .set_allowed_algs([CoreJwsSigningAlgorithm::RsaSsaPssSha256]);
    let bearer = AccessToken::new(access_token.clone());
    let claims = verify::id_token(&id_token, &verifier, &bearer, Some(&attempt.nonce), outcome)?;
    outcome.logout(sender.logout(&server, &text("id_token")).ok()?);
    let userinfo = userinfo(&sender, &server, &attempt.proving, &access_token).await;
    let userinfo = outcome.check("userinfo answers to a proof of the same key", userinfo)?;
    outcome.came("userinfo", userinfo.clone());
    // OpenID Connect Core §5.3.2: another sub means swapped tokens; its claims must not be used.
    let subject = claims["sub"].as_str().unwrap_or_default();
    outcome.equal("userinfo: sub is that of the id_token", userinfo["sub"].as_str(), subject)?;
    outcome.claims("userinfo", &userinfo);
    // RFC 9449 §7.2: stolen, it is worth nothing.
    outcome.check(
        "userinfo refuses the same token without a proof",
        plain(&sender, &server, &access_token).await,
    )
}

async fn exchange(
    sender: &Sender<'_>,
    server: &Metadata,
    attempt: &Attempt,
    code: &str,
) -> Result<(Value, String), String> {
    let demo = &sender.place.demo;
    let (endpoint, assertion) = (server.endpoint("token_endpoint")?, sender.assertion()?);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &demo.address(CALLBACK)),
        ("code_verifier", attempt.verifier.expose()),
        messages::assertion_type(),
        ("client_assertion", &assertion),
    ];
    let proof = sender.proof(&attempt.proving, ("POST", endpoint), None)?;
    let tokens = post(demo.http.post(endpoint).header("dpop", proof), &form).await?.good()?;
    Ok((tokens, String::new()))
}

async fn userinfo(
    sender: &Sender<'_>,
    server: &Metadata,
    proving: &Key,
    access_token: &str,
) -> Result<(Value, String), String> {
    let endpoint = server.endpoint("userinfo_endpoint")?;
    let proof = sender.proof(proving, ("GET", endpoint), Some(access_token))?;
    let request = sender.place.demo.http.get(endpoint).header("dpop", proof);
    let answer = send(request.header("authorization", format!("DPoP {access_token}"))).await?;
    Ok((answer.good()?, String::new()))
}

async fn plain(sender: &Sender<'_>, server: &Metadata, access_token: &str) -> Result<((), String), String> {
    let request = sender.place.demo.http.get(server.endpoint("userinfo_endpoint")?).bearer_auth(access_token);
    match send(request).await {
        Ok(answer) if answer.status == 200 => Err("it took it".to_owned()),
        Ok(answer) => Ok(((), answer.status.to_string())),
        // A refusal need not be JSON.
        Err(said) => Ok(((), said)),
    }
}
