//! `/demo/service`: systems that call the server without a browser.
//!
//! 1. A service client gets a token of a user who is not there (the password grant, without the
//!    user's password), and sees in it that nobody proved who they are. To confirm an operation with it
//!    is refused.
//! 2. An ordinary client has a person confirm their sign-in: the password first, then the code that
//!    the server sent them. A wrong code is tried on the way.
//! 3. With that token the client has the person confirm an operation.
//!
//! The person is played by this page too: it reads their codes in `/dev/outbox`.

mod calls;

use std::collections::HashSet;

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use self::calls::Answered;
use super::{Credentials, Demo, Parts, Place, outcome::Outcome, wire::shortened};
use crate::templates::{DemoAccount, DemoStartPage};

const START: &str = "/demo/service";
/// What the tokens are for.
pub const RESOURCE: &str = "urn:tamga:demo:signing";
/// What the person is asked to confirm.
const OPERATION: &str = "Contract 17";
/// The user whom the service client acts for.
const USER: &str = "demo-citizen";

/// What these systems know.
pub struct Systems {
    /// The service client.
    pub service: Credentials,
    /// The client that asks for confirmations.
    pub signer: Credentials,
    /// Who confirms: a name, a password and a second factor.
    pub person: DemoAccount,
    /// Where that person's codes go.
    pub phone: String,
}

/// Says what will happen.
pub async fn get(State(place): State<Place>) -> Response {
    place.page(&DemoStartPage {
        action: format!("{START}/start"),
        method: "post",
        title: "Service clients and confirmations".to_owned(),
        description: format!(
            "No browser takes part in this. One system gets a token of {USER} on its own word. Another has {} \
             confirm a sign-in and an operation with codes by SMS, which this page reads in the outbox.",
            place.demo.systems.person.username
        ),
        button: "Run it".to_owned(),
        fields: Vec::new(),
        hidden: Vec::new(),
    })
}

/// Runs all of it and shows each step.
pub async fn start(State(place): State<Place>) -> Response {
    let mut outcome = Outcome::default();
    run(&place, &mut outcome).await;
    place.page(&outcome.page(START))
}

async fn run(place: &Parts, outcome: &mut Outcome) -> Option<()> {
    let (demo, now) = (&place.demo, place.app.clock.now());
    let keys = outcome.check("The server's keys were read", calls::keys(demo).await)?;
    let verify = |token: &str| calls::verify(demo, &keys, token, now);

    let answer = calls::token(demo, USER).await;
    let token = outcome.check("The service client got a token without the user's password", answer)?;
    let claims = outcome.check("The server signed it, for us and in time", verify(&token))?;
    outcome.claims("service_token", &claims);
    let suppressed = (claims["suppressed_auth"] == true && claims["acr"] == "0").then(String::new);
    let suppressed = suppressed.map(|detail| ((), detail)).ok_or("it does not".to_owned());
    outcome.check("It says that nobody proved who they are", suppressed)?;
    let operation = json!({"OperationId": OPERATION});
    let refused = calls::confirm(demo, &bearer(&token), &operation, &demo.systems.service).await;
    outcome.check("To confirm an operation with it is refused", refusal(refused))?;

    let mut seen = calls::messages(demo).await.unwrap_or_default();
    let person = calls::person(&demo.systems);
    let pending = challenge(demo, outcome, "sign-in", &person, &json!({})).await?;
    let code = code(demo, outcome, &mut seen).await?;
    let wrong = answer_with(demo, &person, &pending, &other_than(&code)).await;
    outcome.check("A wrong code gives the challenge again", again(wrong, &pending))?;
    let token = finish(demo, outcome, "sign-in", &person, (&pending, &code)).await?;
    let claims = outcome.check("The server signed its token, for us and in time", verify(&token))?;
    outcome.claims("sign_in", &claims);

    let pending = challenge(demo, outcome, "operation", &bearer(&token), &operation).await?;
    let code = self::code(demo, outcome, &mut seen).await?;
    let token = finish(demo, outcome, "operation", &bearer(&token), (&pending, &code)).await?;
    let claims = outcome.check("The server signed its token, for us and in time", verify(&token))?;
    outcome.equal("It names the operation", claims["operation_id"].as_str(), OPERATION)?;
    outcome.claims("operation", &claims);
    Some(())
}

/// The client asks; the server's challenge.
async fn challenge(
    demo: &Demo,
    outcome: &mut Outcome,
    what: &str,
    header: &str,
    members: &Value,
) -> Option<String> {
    let answered = calls::confirm(demo, header, members, &demo.systems.signer).await;
    if let Ok(answered) = &answered {
        outcome.came(&format!("{what}: challenge"), answered.body.clone());
    }
    let reference = answered.and_then(|answered| {
        let challenge = &answered.body["Challenge"]["TextChallenge"][0];
        let label = challenge["Label"].as_str().unwrap_or_default().to_owned();
        challenge["RefID"].as_str().map(|id| (id.to_owned(), label)).ok_or_else(|| answered.explain())
    });
    outcome.check(&format!("The server sent a challenge for the {what}"), reference)
}

/// The person reads their phone.
async fn code(demo: &Demo, outcome: &mut Outcome, seen: &mut HashSet<String>) -> Option<String> {
    outcome.check("The person got a code", calls::new_code(demo, seen).await)
}

async fn answer_with(demo: &Demo, header: &str, reference: &str, code: &str) -> Result<Answered, String> {
    let one = json!({"RefId": reference, "Value": code});
    let members = json!({"ChallengeResponse": {"TextChallengeResponse": [one]}});
    calls::confirm(demo, header, &members, &demo.systems.signer).await
}

/// The client shows the right code; the token it gets.
async fn finish(
    demo: &Demo,
    outcome: &mut Outcome,
    what: &str,
    header: &str,
    (reference, code): (&str, &str),
) -> Option<String> {
    let answered = answer_with(demo, header, reference, code).await;
    let token = answered.and_then(|answered| {
        let token = answered.body["AccessToken"].as_str().ok_or_else(|| answered.explain())?.to_owned();
        let mut shown = answered.body.clone();
        shown["AccessToken"] = json!(shortened(&token));
        outcome.came(&format!("{what}: final"), shown);
        Ok((token, String::new()))
    });
    outcome.check(&format!("The right code confirmed the {what}"), token)
}

fn refusal(answered: Result<Answered, String>) -> Result<((), String), String> {
    let answered = answered?;
    let said = answered.explain();
    let expected = answered.status == 401 && answered.body["Error"] == "insufficient_user_authentication";
    if expected { Ok(((), said)) } else { Err(said) }
}

fn again(answered: Result<Answered, String>, reference: &str) -> Result<((), String), String> {
    let answered = answered?;
    let same = answered.body["Challenge"]["TextChallenge"][0]["RefID"] == reference;
    if same { Ok(((), answered.explain())) } else { Err(answered.explain()) }
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

fn other_than(code: &str) -> String {
    let last = code.chars().last();
    let other = if last == Some('0') { '1' } else { '0' };
    code.chars().take(5).chain([other]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wrong_code_is_wrong_and_still_a_code() {
        for code in ["000000", "123456", "999990"] {
            let other = other_than(code);
            assert!(other != code && other.len() == 6 && other.bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
