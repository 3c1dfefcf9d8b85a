//! A line of the journal: who did what to whom, when, from where. Never a secret.

use serde_json::Value;
use time::OffsetDateTime;

use crate::ids::{ClientId, RequestId, UserId};

/// A line before it is written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: OffsetDateTime,
    /// `user`, `client`, `operator` or `system`.
    pub actor_kind: &'static str,
    /// The actor's id.
    pub actor_id: Option<String>,
    /// What was done, noun first: `grant.insert`, `client.disable`.
    pub action: &'static str,
    /// What it was done to: `user`, `client`, `grant`, `key`.
    pub subject_kind: &'static str,
    /// The subject's id.
    pub subject_id: Option<String>,
    /// The peer's address.
    pub address: Option<String>,
    /// The request it was done by.
    pub request_id: Option<RequestId>,
    /// What was there before.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
}

impl Entry {
    /// A line for something an operator did on the command line.
    pub fn by_operator(
        at: OffsetDateTime,
        action: &'static str,
        subject_kind: &'static str,
        subject_id: impl ToString,
    ) -> Self {
        Self {
            at,
            actor_kind: "operator",
            actor_id: None,
            action,
            subject_kind,
            subject_id: Some(subject_id.to_string()),
            address: None,
            request_id: None,
            before: None,
            after: None,
        }
    }

    /// A line for something a client did to somebody's account, from this address in this request.
    /// Whose account it is may be known only when the line is written.
    pub fn by_client(
        at: OffsetDateTime,
        client: ClientId,
        action: &'static str,
        user: Option<UserId>,
        address: String,
        request_id: RequestId,
    ) -> Self {
        Self {
            at,
            actor_kind: "client",
            actor_id: Some(client.to_string()),
            action,
            subject_kind: "user",
            subject_id: user.map(|user| user.to_string()),
            address: Some(address),
            request_id: Some(request_id),
            before: None,
            after: None,
        }
    }

    /// A line for something a person did, from this address in this request.
    pub fn by_user(
        at: OffsetDateTime,
        user: UserId,
        action: &'static str,
        subject: (&'static str, String),
        address: String,
        request_id: RequestId,
    ) -> Self {
        Self {
            actor_kind: "user",
            actor_id: Some(user.to_string()),
            address: Some(address),
            request_id: Some(request_id),
            ..Self::by_operator(at, action, subject.0, subject.1)
        }
    }

    /// A line for something a client did to its own registration.
    pub fn by_client_itself(
        at: OffsetDateTime,
        client: (ClientId, &str),
        action: &'static str,
        address: String,
        request_id: RequestId,
    ) -> Self {
        let (id, identifier) = client;
        Self {
            subject_kind: "client",
            subject_id: Some(identifier.to_owned()),
            ..Self::by_client(at, id, action, None, address, request_id)
        }
    }
}
