//! What a confirmation request says: JSON in PascalCase, as the source system has it.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    form::json_fault, model::confirmation::Subject, protocol::oauth2::reject::Reject, secret::Token,
};

/// The longest name of an operation in characters: people read it.
const LONGEST_REFERENCE: usize = 200;
/// The longest answer worth looking at.
const LONGEST_VALUE: usize = 64;

/// A request.
pub struct Request {
    /// Who asks.
    pub client_id: Option<String>,
    /// Its secret.
    pub client_secret: Option<Token>,
    /// What the token is for.
    pub resource: Option<String>,
    /// What is asked.
    pub ask: Ask,
}

/// What is asked.
pub enum Ask {
    /// That a person confirm something.
    Begin {
        /// What.
        subject: Subject,
        /// The client's own name of it; empty for a sign-in.
        reference: String,
        /// Where the client wants to be told of the outcome.
        callback_uri: Option<String>,
    },
    /// What became of it, or: here is the person's answer.
    Answer {
        /// The challenge.
        ref_id: String,
        /// What the person typed; none when the client only asks.
        value: Option<Token>,
    },
}

/// The members that are read; others are passed over. Names in both spellings that are around.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    resource: Option<Value>,
    client_id: Option<Value>,
    client_secret: Option<Value>,
    operation_id: Option<Value>,
    transaction_token_id: Option<Value>,
    callback_uri: Option<Value>,
    challenge_response: Option<ChallengeResponse>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChallengeResponse {
    #[serde(default)]
    text_challenge_response: Vec<TextChallengeResponse>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TextChallengeResponse {
    #[serde(alias = "RefID")]
    ref_id: Option<Value>,
    value: Option<Value>,
}

impl Request {
    /// Reads a body.
    ///
    /// # Errors
    /// [`Reject`] naming the member at fault.
    pub fn read(body: &[u8]) -> Result<Self, Reject> {
        // Two members of one name are an error here, not the last one's win.
        let body: Body = serde_json::from_slice(body).map_err(|error| {
            Reject::invalid("body", format!("is not the JSON object that is wanted: {}", json_fault(&error)))
        })?;
        Ok(Self {
            client_id: text("ClientId", body.client_id.as_ref())?,
            client_secret: text("ClientSecret", body.client_secret.as_ref())?.map(Token::from),
            resource: text("Resource", body.resource.as_ref())?,
            ask: match &body.challenge_response {
                Some(response) => answer(response)?,
                None => begin(&body)?,
            },
        })
    }
}

fn begin(body: &Body) -> Result<Ask, Reject> {
    let operation = text("OperationId", body.operation_id.as_ref())?;
    let transaction = text("TransactionTokenId", body.transaction_token_id.as_ref())?;
    let (subject, reference) = match (operation, transaction) {
        (None, None) => (Subject::Login, String::new()),
        (Some(id), None) => (Subject::Operation, reference("OperationId", id)?),
        (None, Some(id)) => (Subject::Transaction, reference("TransactionTokenId", id)?),
        (Some(_), Some(_)) => {
            return Err(Reject::invalid("OperationId", "stands beside TransactionTokenId; give one of them"));
        }
    };
    Ok(Ask::Begin { subject, reference, callback_uri: text("CallbackUri", body.callback_uri.as_ref())? })
}

/// The person reads it on a page and in a message, so it can't be made to look like other text.
fn reference(name: &'static str, id: String) -> Result<String, Reject> {
    if id.chars().count() > LONGEST_REFERENCE {
        return Err(Reject::invalid(name, format!("is longer than {LONGEST_REFERENCE} characters")));
    }
    if id.chars().any(|c| c.is_control() || is_format(c)) {
        return Err(Reject::invalid(name, "holds characters that can't be shown"));
    }
    Ok(id)
}

/// Characters that turn the direction of the text around them, or that nobody sees.
const fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn answer(response: &ChallengeResponse) -> Result<Ask, Reject> {
    const NAME: &str = "ChallengeResponse";
    let [one] = response.text_challenge_response.as_slice() else {
        return Err(Reject::invalid(NAME, "needs one TextChallengeResponse, as the challenge had"));
    };
    let ref_id = text("RefId", one.ref_id.as_ref())?.ok_or(Reject::Missing("RefId"))?;
    let value = match &one.value {
        // A code sent as a number has lost the zeros in front.
        Some(Value::Number(number)) => Some(format!("{:0>6}", number.to_string())),
        other => text("Value", other.as_ref())?,
    };
    if value.as_ref().is_some_and(|value| value.len() > LONGEST_VALUE) {
        return Err(Reject::invalid("Value", "is too long for a code"));
    }
    Ok(Ask::Answer { ref_id, value: value.map(Token::from) })
}

/// A member that must be text; null and empty count as left out.
fn text(name: &'static str, value: Option<&Value>) -> Result<Option<String>, Reject> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.contains('\0') => {
            Err(Reject::invalid(name, "holds a NUL character"))
        }
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(_) => Err(Reject::invalid(name, "must be a JSON string")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<Request, Reject> {
        Request::read(body.to_string().as_bytes())
    }

    fn refused(body: &Value) -> String {
        read(body).err().map(|reject| reject.description()).unwrap_or_default()
    }

    #[test]
    fn a_sign_in_names_nothing_and_an_operation_its_id() {
        let asked = |body: Value| match read(&body).ok().unwrap().ask {
            Ask::Begin { subject, reference, .. } => (subject, reference),
            Ask::Answer { .. } => panic!("an answer"),
        };
        assert_eq!(asked(json!({"Resource": "urn:a", "ClientId": "c"})), (Subject::Login, String::new()));
        assert_eq!(asked(json!({"OperationId": "", "CallbackUri": null})).0, Subject::Login);
        assert_eq!(asked(json!({"OperationId": "42"})), (Subject::Operation, "42".into()));
        assert_eq!(asked(json!({"TransactionTokenId": "t"})), (Subject::Transaction, "t".into()));
        assert!(refused(&json!({"OperationId": "1", "TransactionTokenId": "2"})).starts_with("OperationId"));
    }

    #[test]
    fn an_answer_has_a_reference_in_either_spelling_and_perhaps_a_value() {
        let answered = |one: Value| {
            let body = json!({"ChallengeResponse": {"TextChallengeResponse": [one]}});
            match read(&body).ok().unwrap().ask {
                Ask::Answer { ref_id, value } => (ref_id, value.map(|value| value.expose().to_owned())),
                Ask::Begin { .. } => panic!("no answer"),
            }
        };
        assert_eq!(answered(json!({"RefId": "r", "Value": "123456"})), ("r".into(), Some("123456".into())));
        assert_eq!(answered(json!({"RefID": "r", "Value": 1_234})), ("r".into(), Some("001234".into())));
        assert_eq!(answered(json!({"RefId": "r", "Value": ""})), ("r".into(), None));
        assert_eq!(answered(json!({"RefId": "r"})), ("r".into(), None));
        for (response, named) in [
            (json!({}), "ChallengeResponse"),
            (json!({"TextChallengeResponse": []}), "ChallengeResponse"),
            (json!({"TextChallengeResponse": [{"RefId": "a"}, {"RefId": "b"}]}), "ChallengeResponse"),
            (json!({"TextChallengeResponse": [{"Value": "1"}]}), "RefId"),
            (json!({"TextChallengeResponse": [{"RefId": 1}]}), "RefId"),
            (json!({"TextChallengeResponse": [{"RefId": "a", "Value": true}]}), "Value"),
            (json!({"TextChallengeResponse": [{"RefId": "a", "Value": "1".repeat(65)}]}), "Value"),
            (json!({"TextChallengeResponse": "x"}), "body"),
        ] {
            let said = refused(&json!({"ChallengeResponse": response}));
            assert!(said.starts_with(named), "{response}: {said}");
        }
    }

    #[test]
    fn what_people_read_can_not_be_dressed_up() {
        for bad in ["a\nb", "a\u{202e}b", "\u{200b}", "x\u{7}", &"y".repeat(201)] {
            assert!(refused(&json!({"OperationId": bad})).starts_with("OperationId"), "{bad:?}");
        }
        assert!(read(&json!({"OperationId": "Өргөдөл № 7 / 2026"})).is_ok());
    }

    #[test]
    fn broken_json_is_named_without_what_it_holds() {
        for broken in [
            "",
            "{",
            "[]",
            "\"secret\"",
            "{\"ClientSecret\":\"hush\"",
            "{\"ClientId\":\"a\",\"ClientId\":\"b\"}",
        ] {
            let said = Request::read(broken.as_bytes()).err().map(|reject| reject.description());
            let said = said.unwrap_or_default();
            assert!(said.starts_with("body") && !said.contains("hush"), "{broken}: {said}");
        }
        assert!(refused(&json!({"ClientSecret": 5})).starts_with("ClientSecret"));
    }
}
