//! `/demo/aitu`: a relying party written for Aitu Passport. It knows that system's addresses and no
//! discovery, sends its secret in the form, and reads all data from the id_token.
//!
//! 1. `start`: with a phone that is vouched for, a secret is asked at `/api/v1/trusted-phone`; an IIN
//!    is signed; then the browser goes to `/oauth2/auth` with `state` and `nonce`.
//! 2. `callback`: the attempt of this browser, `state`, and the code, or the error with how far
//!    the person got.
//! 3. The code is exchanged at `/api/v1/oauth/token`; the id_token is verified with the keys of
//!    `/.well-known/jwks.json`.

use std::str::FromStr;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use openidconnect::{
    AccessToken, ClientId, ClientSecret, IssuerUrl, Nonce,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet},
    reqwest,
};
use ring::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    Demo, Parts, Place,
    oidc::verify,
    outcome::Outcome,
    wire::{code, cookie, explain, parameter, set_cookie, shortened},
};
use crate::{
    secret::Token,
    templates::{DemoField, DemoStartPage},
};

const START: &str = "/demo/aitu";
const COOKIE_NAME: &str = "demo_aitu";
const SCOPES: &str = "openid first_name last_name middle_name birth_date iin phone";

/// What must be remembered between the request and its answer.
pub struct Attempt {
    state: Token,
    nonce: Nonce,
}

/// Says what will happen, and asks what the service knows of the person.
pub async fn get(State(place): State<Place>) -> Response {
    let text = |name, label: &str| DemoField { name, label: label.to_owned(), is_choice: false };
    let choice = |name, label: &str| DemoField { name, label: label.to_owned(), is_choice: true };
    place.page(&DemoStartPage {
        action: format!("{START}/start"),
        method: "post",
        title: "Aitu-style".to_owned(),
        description:
            "This service was written for Aitu Passport and uses that system's addresses. It may say \
                      whom it expects: fill in a phone or an IIN, or neither."
                .to_owned(),
        button: "Sign in".to_owned(),
        fields: vec![
            text("phone", "Phone, such as +77011234567"),
            choice("vouch", "The service has confirmed this phone itself: no one-time code"),
            text("iin", "IIN, such as 900515400123"),
            choice("sign", "The service signs the IIN: nobody else can sign in"),
        ],
        hidden: Vec::new(),
    })
}

/// Sends the person to the server.
pub async fn start(State(place): State<Place>, body: Bytes) -> Response {
    let filled: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let given = |name| parameter(&filled, name).map(str::trim).filter(|text| !text.is_empty());
    let demo = &place.demo;
    let mut outcome = Outcome::default();
    let (state, nonce) = (Token::generate(&place.app.rng), Token::generate(&place.app.rng));
    let back = demo.address("/demo/aitu/callback");
    let mut parameters: Vec<(&str, String)> = vec![
        ("response_type", "code".to_owned()),
        ("client_id", demo.aitu.client_id.clone()),
        ("redirect_uri", back),
        ("scope", SCOPES.to_owned()),
        ("state", state.expose().to_owned()),
        ("nonce", nonce.expose().to_owned()),
    ];
    if let Some(phone) = given("phone") {
        parameters.push(("phone", phone.to_owned()));
        if given("vouch").is_some() {
            let secret = outcome.check("The server takes our word for the phone", vouch(demo, phone).await);
            let Some(secret) = secret else { return place.page(&outcome.page(START)) };
            parameters.push(("otp_confirmation", secret));
        }
    }
    if let Some(iin) = given("iin") {
        parameters.push(("iin", iin.to_owned()));
        if given("sign").is_some() {
            let signed = outcome.check("The IIN was signed", sign(demo, iin));
            let Some(signature) = signed else { return place.page(&outcome.page(START)) };
            parameters.push(("iin_signature", signature));
        }
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let attempt = Attempt { state, nonce: Nonce::new(nonce.expose().to_owned()) };
    let key = place.aitu_attempts.insert(attempt, &place.app.rng, place.app.clock.now());
    let address = format!("{}?{query}", demo.address("/oauth2/auth"));
    ([(SET_COOKIE, set_cookie(demo, COOKIE_NAME, &key))], Redirect::to(&address)).into_response()
}

/// Receives the answer, checks it, and shows both.
pub async fn callback(State(place): State<Place>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let answer: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let mut outcome = Outcome::default();
    let parameters: Value =
        answer.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    outcome.came("redirect", parameters.clone());
    if parameter(&answer, "error").is_some() {
        // How far the person got, in that system's words.
        outcome.claims("error", &parameters);
    }
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
    let attempt = cookie.and_then(|cookie| place.aitu_attempts.take(cookie, place.app.clock.now()));
    let attempt = outcome.check(
        "This browser began the sign-in",
        attempt
            .map(|attempt| (attempt, String::new()))
            .ok_or("it did not, or too long ago, or this answer was used before; start again".to_owned()),
    )?;
    // RFC 6749 §10.12: an answer to somebody else's request is forged.
    outcome.equal("state is the one sent", parameter(answer, "state"), attempt.state.expose())?;
    let code = outcome.check("The server gave a code", code(answer))?;
    let tokens = outcome.check("The code was exchanged for tokens", exchange(demo, code).await)?;
    let text = |name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
    outcome.came(
        "tokens",
        json!({
            "token_type": tokens["token_type"],
            "expires_in": tokens["expires_in"],
            "scope": tokens["scope"],
            "access_token": shortened(&text("access_token")),
        }),
    );
    let keys = outcome.check("The server's keys were read", keys(demo).await)?;
    let id_token = outcome.check(
        "An id_token came",
        CoreIdToken::from_str(&text("id_token"))
            .map(|token| (token, String::new()))
            .map_err(|error| error.to_string()),
    )?;
    let issuer = outcome.check(
        "The server has a name",
        IssuerUrl::new(demo.issuer())
            .map(|issuer| (issuer, demo.issuer()))
            .map_err(|error| error.to_string()),
    )?;
    let verifier = CoreIdTokenVerifier::new_confidential_client(
        ClientId::new(demo.aitu.client_id.clone()),
        ClientSecret::new(demo.aitu.client_secret.expose_secret().to_owned()),
        issuer,
        keys,
    );
    verify::id_token(
        &id_token,
        &verifier,
        &AccessToken::new(text("access_token")),
        Some(&attempt.nonce),
        outcome,
    )?;
    let after = [("id_token_hint", text("id_token")), ("post_logout_redirect_uri", demo.address("/demo"))];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(after).finish();
    outcome.logout(format!("{}?{query}", demo.address("/oauth2/sessions/logout")));
    Some(())
}

/// Tells the server that this phone was confirmed with us; the secret it gives.
async fn vouch(demo: &Demo, phone: &str) -> Result<(String, String), String> {
    let body = json!({
        "phone": phone,
        "client_id": demo.aitu.client_id,
        "client_secret": demo.aitu.client_secret.expose_secret(),
    });
    let request = demo.http.post(demo.address("/api/v1/trusted-phone"));
    let answer = read(request.header("content-type", "application/json").body(body.to_string())).await?;
    let secret = answer["secret"].as_str().ok_or("the answer holds no secret")?;
    Ok((secret.to_owned(), String::new()))
}

/// SHA256withRSA over the digits, in standard base64.
fn sign(demo: &Demo, iin: &str) -> Result<(String, String), String> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(demo.iin_key.expose_secret().as_bytes())
        .map_err(|error| format!("our own key can't be read: {error}"))?;
    let key = KeyPair::from_pkcs8(key.secret_pkcs8_der()).map_err(|error| error.to_string())?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), iin.as_bytes(), &mut signature)
        .map_err(|_| "our own key refuses to sign".to_owned())?;
    Ok((STANDARD.encode(signature), String::new()))
}

/// RFC 6749 §4.1.3, with the secret in the form.
async fn exchange(demo: &Demo, code: &str) -> Result<(Value, String), String> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &demo.address("/demo/aitu/callback")),
        ("client_id", &demo.aitu.client_id),
        ("client_secret", demo.aitu.client_secret.expose_secret()),
    ];
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = demo.http.post(demo.address("/api/v1/oauth/token"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    Ok((read(request).await?, String::new()))
}

async fn keys(demo: &Demo) -> Result<(CoreJsonWebKeySet, String), String> {
    let answer = read(demo.http.get(demo.address("/.well-known/jwks.json"))).await?;
    let keys: CoreJsonWebKeySet = serde_json::from_value(answer).map_err(|error| error.to_string())?;
    let detail = format!("{} keys", keys.keys().len());
    Ok((keys, detail))
}

/// The JSON of an answer, or the server's words.
async fn read(request: reqwest::RequestBuilder) -> Result<Value, String> {
    let answer = request.send().await.map_err(|error| explain(&error))?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(|error| explain(&error))?;
    let value: Value = serde_json::from_slice(&body).map_err(|_| format!("{status}, and no JSON"))?;
    if status.is_success() {
        return Ok(value);
    }
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    Err(format!("{status}: {} {}", text("error"), text("error_description")))
}
