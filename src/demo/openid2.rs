//! `/demo/openid2`: a relying party of OpenID 2.0, written from the standard alone.
//!
//! 1. `start`: discovery of the server as OP Identifier (§7.3); an association by Diffie-Hellman (§8), or
//!    none; then the browser goes to the server, where the person chooses who they are (§9), with a
//!    request for attributes (Attribute Exchange 1.0 §5.1). What was agreed is kept for this browser.
//! 2. `callback`: the attempt of this browser, the return address, and the assertion or the refusal.
//! 3. The signature is checked with the association, or by the server itself (§11.4), then the moment of
//!    the answer (§11.3).
//! 4. Only then is the identifier discovered: it must name the same server (§11.2).

mod associate;
mod discover;
mod verify;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use openidconnect::reqwest;
use serde_json::{Value, json};

use self::{associate::Association, verify::Assertion};
use super::{
    Demo, Parts, Place,
    outcome::Outcome,
    wire::{cookie, explain, parameter, set_cookie},
};
use crate::{
    secret::Token,
    templates::{DemoField, DemoStartPage},
};

const START: &str = "/demo/openid2";
const CALLBACK: &str = "/demo/openid2/callback";
const COOKIE_NAME: &str = "demo_openid2";

const NS: &str = "http://specs.openid.net/auth/2.0";
const SELECT: &str = "http://specs.openid.net/auth/2.0/identifier_select";
const AX: &str = "http://openid.net/srv/ax/1.0";
/// What must be known, and what it is called here.
const REQUIRED: [(&str, &str); 2] =
    [("email", "http://axschema.org/contact/email"), ("fullname", "http://axschema.org/namePerson")];
/// What is only wanted.
const WANTED: [(&str, &str); 5] = [
    ("nickname", "http://axschema.org/namePerson/friendly"),
    ("phone", "http://axschema.org/contact/phone/cell"),
    ("citizenid", "http://www.egov.go.th/2012/identifier/citizenid"),
    ("usertype", "http://www.egov.go.th/2012/identifier/usertype"),
    ("uuid", "http://www.egov.go.th/2012/identifier/uuid"),
];

/// What must be remembered between the request and its answer.
pub struct Attempt {
    return_to: String,
    op_endpoint: String,
    /// `None` when the server is to check its answer itself.
    association: Option<Association>,
}

/// Says what will happen.
pub async fn get(State(place): State<Place>) -> Response {
    place.page(&DemoStartPage {
        action: format!("{START}/start"),
        method: "post",
        title: "OpenID 2.0".to_owned(),
        description:
            "This service finds the server by discovery, agrees on a secret with it, and asks who you \
                      are and for some of your data. It then checks the answer as any service should, and \
                      shows you what it got."
                .to_owned(),
        button: "Sign in".to_owned(),
        fields: vec![DemoField {
            name: "stateless",
            label: "Agree on no secret: the server checks its answer itself".to_owned(),
            is_choice: true,
        }],
        hidden: Vec::new(),
    })
}

/// Sends the person to the server.
pub async fn start(State(place): State<Place>, body: Bytes) -> Response {
    let filled: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let stateless = parameter(&filled, "stateless").is_some();
    let mut outcome = Outcome::default();
    match begin(&place, stateless, &mut outcome).await {
        Some((attempt, address)) => {
            let key = place.openid2_attempts.insert(attempt, &place.app.rng, place.app.clock.now());
            let cookie = set_cookie(&place.demo, COOKIE_NAME, &key);
            ([(SET_COOKIE, cookie)], Redirect::to(&address)).into_response()
        }
        None => place.page(&outcome.page(START)),
    }
}

async fn begin(place: &Parts, stateless: bool, outcome: &mut Outcome) -> Option<(Attempt, String)> {
    let demo = &place.demo;
    let found = discover::provider(demo).await;
    let op_endpoint = outcome.check("The server is found by discovery", found)?;
    let association = match stateless {
        true => None,
        false => {
            let agreed = associate::associate(demo, &op_endpoint, &place.app.rng).await;
            Some(outcome.check("A secret was agreed on", agreed)?)
        }
    };
    // Its own address for each attempt, so that an answer to another one does not fit.
    let attempt = [("attempt", Token::generate(&place.app.rng).expose().to_owned())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(attempt).finish();
    let return_to = format!("{}?{query}", demo.address(CALLBACK));
    let mut fields = vec![
        ("openid.ns".to_owned(), NS.to_owned()),
        ("openid.mode".to_owned(), "checkid_setup".to_owned()),
        ("openid.claimed_id".to_owned(), SELECT.to_owned()),
        ("openid.identity".to_owned(), SELECT.to_owned()),
        ("openid.return_to".to_owned(), return_to.clone()),
        ("openid.realm".to_owned(), demo.address(START)),
        ("openid.ns.ax".to_owned(), AX.to_owned()),
        ("openid.ax.mode".to_owned(), "fetch_request".to_owned()),
        ("openid.ax.required".to_owned(), REQUIRED.map(|(alias, _)| alias).join(",")),
        ("openid.ax.if_available".to_owned(), WANTED.map(|(alias, _)| alias).join(",")),
    ];
    let types = REQUIRED.iter().chain(&WANTED);
    fields.extend(types.map(|(alias, uri)| (format!("openid.ax.type.{alias}"), (*uri).to_owned())));
    if let Some(association) = &association {
        fields.push(("openid.assoc_handle".to_owned(), association.handle.clone()));
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let joint = if op_endpoint.contains('?') { '&' } else { '?' };
    let address = format!("{op_endpoint}{joint}{query}");
    Some((Attempt { return_to, op_endpoint, association }, address))
}

/// Receives an answer in the address.
pub async fn callback(State(place): State<Place>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    answered(&place, &headers, &query, query.as_bytes(), "redirect").await
}

/// Receives one that was too long for an address.
pub async fn callback_form(
    State(place): State<Place>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    answered(&place, &headers, &query.unwrap_or_default(), &body, "form").await
}

async fn answered(place: &Parts, headers: &HeaderMap, query: &str, answer: &[u8], way: &str) -> Response {
    let answer: Vec<(String, String)> = form_urlencoded::parse(answer).into_owned().collect();
    let mut outcome = Outcome::default();
    let came = answer.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    outcome.came(way, Value::Object(came));
    receive(place, cookie(headers, COOKIE_NAME), query, &answer, &mut outcome).await;
    place.page(&outcome.page(START))
}

async fn receive(
    place: &Parts,
    cookie: Option<&str>,
    query: &str,
    answer: &[(String, String)],
    outcome: &mut Outcome,
) -> Option<()> {
    let (demo, now) = (&place.demo, place.app.clock.now());
    let attempt = cookie.and_then(|cookie| place.openid2_attempts.take(cookie, now));
    let attempt = outcome.check(
        "This browser began the sign-in",
        attempt
            .map(|attempt| (attempt, String::new()))
            .ok_or("it did not, or too long ago, or this answer was used before; start again".to_owned()),
    )?;
    let assertion = outcome.check("The server says who you are", Assertion::read(answer))?;
    outcome.equal("return_to is the one sent", assertion.field("return_to"), &attempt.return_to)?;
    let here = format!("{}?{query}", demo.address(CALLBACK));
    outcome.check("The answer came to return_to", verify::came_to(&attempt.return_to, &here))?;
    outcome.equal("op_endpoint is the server's", assertion.field("op_endpoint"), &attempt.op_endpoint)?;
    outcome.check("Everything that counts is signed", assertion.signed_fields())?;
    let signature = match &attempt.association {
        Some(association) => assertion.signed_with(association),
        None => verify::ask(demo, &attempt.op_endpoint, &assertion).await,
    };
    outcome.check("The signature is the server's", signature)?;
    outcome.check("The answer is new (response_nonce)", assertion.is_new(now))?;
    let claimed_id = assertion.field("claimed_id").unwrap_or_default();
    let identity = assertion.field("identity").unwrap_or_default();
    let found = discover::identity(demo, claimed_id).await;
    let vouching = outcome.check("claimed_id is found by discovery", found)?;
    outcome.equal("claimed_id leads to the same server", Some(&vouching), &attempt.op_endpoint)?;
    // §11.2: the identifier that the server knows is the claimed one, unless discovery names another.
    outcome.equal("identity is the claimed one", Some(identity), claimed_id)?;
    outcome.claims("openid", &json!({ "claimed_id": claimed_id }));
    let attributes = outcome.check("The attributes were read", assertion.attributes())?;
    outcome.claims("ax", &attributes);
    let back = form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", &demo.address(START))
        .finish();
    outcome.logout(format!("{}?{back}", demo.address("/openid2/logout")));
    Some(())
}

/// Sends a direct request (§5.1); the answer's status and its key-value form.
async fn direct(
    demo: &Demo,
    op_endpoint: &str,
    fields: &[(String, String)],
) -> Result<(reqwest::StatusCode, Vec<(String, String)>), String> {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = demo.http.post(op_endpoint);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer = request.send().await.map_err(|error| explain(&error))?;
    let status = answer.status();
    let body = answer.text().await.map_err(|error| explain(&error))?;
    // §4.1.1: a line each, the key up to the first colon.
    let lines = body.lines().filter_map(|line| line.split_once(':'));
    Ok((status, lines.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()))
}
