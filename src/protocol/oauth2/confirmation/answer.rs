//! What a confirmation request is answered with: JSON in PascalCase, times in Unix seconds.

use std::time::Duration;

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    http::log,
    model::confirmation::{Confirmation, Outcome},
};

/// What the protocol comes to.
pub enum Answer {
    /// The person has not answered yet.
    Pending(Box<Pending>),
    /// The person confirmed.
    Final {
        /// The token.
        token: String,
        /// How long it lives.
        life: Duration,
    },
    /// It came to nothing.
    Failed(Failure),
}

/// A challenge that waits.
pub struct Pending {
    /// What it is about.
    pub confirmation: Confirmation,
    /// What is asked, in the person's words.
    pub title: String,
    /// What to type, in the person's words.
    pub label: String,
    /// The answer that came was wrong, and so many tries are left.
    pub wrong: Option<i32>,
}

/// Why it came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The person has no second factor.
    SecondFactorRequired,
    /// What became of the challenge.
    Closed(Outcome),
}

impl Failure {
    const fn code(self) -> &'static str {
        match self {
            Self::SecondFactorRequired => "second_factor_required",
            Self::Closed(outcome) => outcome.word(),
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::SecondFactorRequired => {
                "the person has no second factor; they can set one up on their account page"
            }
            Self::Closed(outcome) => outcome.description(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let body = match self {
            Self::Pending(pending) => {
                log::outcome(if pending.wrong.is_some() { "code_wrong" } else { "confirmation_pending" });
                pending.body()
            }
            Self::Final { token, life } => {
                log::outcome("confirmation_final");
                json!({"AccessToken": token, "ExpiresIn": life.as_secs(), "IsFinal": true, "IsError": false})
            }
            Self::Failed(failure) => {
                log::outcome(failure.code());
                failed(failure.code(), failure.description())
            }
        };
        ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}

impl Pending {
    fn body(&self) -> Value {
        let confirmation = &self.confirmation;
        let life = confirmation.expires_at - confirmation.created_at;
        let challenge = json!({
            "Title": {"Value": self.title},
            "TextChallenge": [{
                "Title": self.title,
                "Label": self.label,
                "RefID": confirmation.id,
                "AuthnMethod": confirmation.way.method(),
                // What is typed may be seen while it is typed: it is good once.
                "IsHidden": false,
                "CreatedAt": confirmation.created_at.unix_timestamp(),
                "ExpiresIn": life.whole_seconds(),
            }],
            "ContextData": {"RefID": confirmation.id},
        });
        let mut body = json!({"Challenge": challenge, "IsFinal": false, "IsError": false});
        if let Some(left) = self.wrong {
            body["Error"] = json!("code_wrong");
            body["ErrorDescription"] = json!(format!("the code is wrong; {left} more may be tried"));
        }
        body
    }
}

/// A failure's members.
fn failed(code: &str, description: &str) -> Value {
    json!({"IsFinal": true, "IsError": true, "Error": code, "ErrorDescription": description})
}

/// A request that is refused before the protocol begins.
pub fn refused(status: StatusCode, code: &str, description: &str) -> Response {
    log::outcome(code);
    (status, [(header::CACHE_CONTROL, "no-store")], Json(failed(code, description))).into_response()
}
