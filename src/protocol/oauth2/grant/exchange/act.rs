//! Chains of actors (RFC 8693 §4.1): the outermost acts now, each within acted before.

use serde_json::{Value, json};

use crate::protocol::oauth2::reject::Reject;

/// Actors in a chain at most.
const DEEPEST: usize = 5;

/// `actor` before those who acted already.
///
/// # Errors
/// The chain would be too long to say anything.
pub fn chained(actor: Value, before: Option<&Value>) -> Result<Value, Reject> {
    let length = std::iter::successors(before, |act| act.get("act")).count();
    if length >= DEEPEST {
        let why = format!("more than {DEEPEST} have acted for this person already");
        return Err(Reject::invalid("subject_token", why));
    }
    Ok(match before {
        Some(before) => json!({"sub": actor, "act": before}),
        None => json!({"sub": actor}),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_8693_s4_1_the_present_actor_is_outermost_and_five_are_the_most() {
        let mut chain = chained(json!("first"), None).unwrap();
        assert_eq!(chain, json!({"sub": "first"}));
        for later in ["second", "third", "fourth", "fifth"] {
            chain = chained(json!(later), Some(&chain)).unwrap();
        }
        assert_eq!((&chain["sub"], &chain["act"]["sub"]), (&json!("fifth"), &json!("fourth")));
        assert!(chained(json!("sixth"), Some(&chain)).is_err());
    }
}
