//! `/demo/oauth1`: a consumer of OAuth 1.0a, which signs with the `oauth1-request` crate.
//!
//! 1. `start`: a request token (RFC 5849 §2.1), kept for this browser with its secret; then the browser
//!    goes to the server with it (§2.2).
//! 2. `callback`: the attempt of this browser, its token, and the verifier or the refusal.
//! 3. Token and verifier are exchanged for an access token (§2.3), once.
//! 4. The user information document is asked for with it, read, and held against its form.

mod document;
mod signed;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use self::signed::{Signer, Tokens};
use super::{
    Parts, Place,
    outcome::Outcome,
    wire::{cookie, parameter, set_cookie, shortened},
};
use crate::templates::DemoStartPage;

const START: &str = "/demo/oauth1";
const CALLBACK: &str = "/demo/oauth1/callback";
const COOKIE_NAME: &str = "demo_oauth1";
const SCOPE: &str = "profile citizen_id iin passport_id juristic_id organization email phone address";

/// What must be remembered between the request token and the verifier.
pub struct Attempt {
    token: String,
    secret: SecretString,
}

/// Says what will happen.
pub async fn get(State(place): State<Place>) -> Response {
    place.page(&DemoStartPage {
        action: format!("{START}/start"),
        method: "post",
        title: "OAuth 1.0a".to_owned(),
        description: "This service gets a request token from the server, sends you there to allow it, and \
                      exchanges it for an access token. With that it reads your data as an XML document, \
                      checks its form, and shows you what it got."
            .to_owned(),
        button: "Sign in".to_owned(),
        fields: Vec::new(),
        hidden: Vec::new(),
    })
}

/// Sends the person to the server.
pub async fn start(State(place): State<Place>) -> Response {
    let mut outcome = Outcome::default();
    match begin(&place, &mut outcome).await {
        Some(attempt) => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("oauth_token", &attempt.token)
                .finish();
            let address = format!("{}?{query}", place.demo.address("/oauth1/authorize"));
            let key = place.oauth1_attempts.insert(attempt, &place.app.rng, place.app.clock.now());
            let cookie = set_cookie(&place.demo, COOKIE_NAME, &key);
            ([(SET_COOKIE, cookie)], Redirect::to(&address)).into_response()
        }
        None => place.page(&outcome.page(START)),
    }
}

async fn begin(place: &Parts, outcome: &mut Outcome) -> Option<Attempt> {
    let callback = place.demo.address(CALLBACK);
    let scope = [("scope", SCOPE)];
    let asked = Signer::new(place).callback(&callback).post("/oauth1/request_token", &scope).await;
    let answer = outcome.check("The server gave a request token", asked)?;
    // RFC 5849 §2.1: a server that does not say this knows only the unsafe version before 1.0a.
    let confirmed = parameter(&answer, "oauth_callback_confirmed");
    outcome.equal("The server has heard where to send you back", confirmed, "true")?;
    let Tokens { token, secret } = outcome.check("The request token has a secret", Tokens::read(&answer))?;
    Some(Attempt { token, secret })
}

/// Receives the answer, reads the document, and shows both.
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
    let attempt = cookie.and_then(|cookie| place.oauth1_attempts.take(cookie, place.app.clock.now()));
    let attempt = outcome.check(
        "This browser began the sign-in",
        attempt
            .map(|attempt| (attempt, String::new()))
            .ok_or("it did not, or too long ago, or this answer was used before; start again".to_owned()),
    )?;
    // Another token would be somebody else's, whose data this person would then be taken for.
    outcome.equal("oauth_token is the one sent", parameter(answer, "oauth_token"), &attempt.token)?;
    let verifier = outcome.check("The server gave a verifier", verifier(answer))?;

    let exchange =
        Signer::new(place).token(&attempt.token, attempt.secret.expose_secret()).verifier(verifier);
    let exchanged = exchange.post("/oauth1/access_token", &[]).await;
    let exchanged = outcome.check("Token and verifier were exchanged", exchanged)?;
    let Tokens { token, secret } = outcome.check("An access token came", Tokens::read(&exchanged))?;
    outcome.came(
        "access token",
        json!({ "oauth_token": shortened(&token), "oauth_token_secret": shortened(secret.expose_secret()) }),
    );

    let reader = Signer::new(place).token(&token, secret.expose_secret());
    let (kind, body) = outcome.check("The document was given", reader.get("/oauth1/user_info").await)?;
    outcome.equal("The document is XML in UTF-8", Some(&kind), "application/xml; charset=utf-8")?;
    let member = outcome.check("The document is well formed", document::read(&body))?;
    outcome.document(member.indented.clone());
    outcome.check("It is a Member of a known type", member.kind())?;
    outcome.check("It names the account by UserID", member.account())?;
    outcome.check("Every value says how well it was checked", member.levels())?;
    outcome.values("Member", member.values());
    Some(())
}

/// The verifier, or the refusal in the server's words.
fn verifier(answer: &[(String, String)]) -> Result<(&str, String), String> {
    match (parameter(answer, "oauth_verifier"), parameter(answer, "oauth_problem")) {
        (Some(verifier), None) => Ok((verifier, String::new())),
        (_, Some(problem)) => match parameter(answer, "oauth_problem_advice") {
            Some(advice) => Err(format!("{problem}: {advice}")),
            None => Err(problem.to_owned()),
        },
        (None, None) => Err("neither verifier nor problem came".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_shown_in_the_servers_words_and_a_verifier_beside_it_does_not_count() {
        let read = |query: &str| -> Vec<(String, String)> {
            form_urlencoded::parse(query.as_bytes()).into_owned().collect()
        };
        let refused = read("oauth_token=t&oauth_problem=permission_denied&oauth_problem_advice=you+refused");
        assert_eq!(verifier(&refused), Err("permission_denied: you refused".to_owned()));
        assert!(verifier(&read("oauth_verifier=v&oauth_problem=x")).is_err());
        assert_eq!(verifier(&read("oauth_verifier=v")), Ok(("v", String::new())));
        assert!(verifier(&[]).is_err());
    }
}
