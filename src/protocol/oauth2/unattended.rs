//! Access tokens that no person stood by for: a client's own (RFC 6749 §4.4), a service client's for
//! its user, and what token exchange gives (RFC 8693). Nothing is stored of them, so they hang from
//! no grant; they are JWTs of RFC 9068 all the same.

use std::time::Duration;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    binding::Binding,
    issue::{TokenAnswer, access_token_life, sign_access_token},
    subject,
};
use crate::{
    app::App,
    http::fault::InternalError,
    ids::{AccessTokenId, GrantId, UserId},
    model::{client::Client, session::Amr},
};

/// Whom a token is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The client itself.
    Client,
    /// Somebody whom others vouched for.
    Person(UserId),
}

/// How the person of a token proved themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Not at all: others vouched for them.
    Suppressed,
    /// As the token says that this one is made of.
    Inherited {
        /// The account's level.
        acr: Option<String>,
        /// The ways.
        amr: Vec<Amr>,
        /// When, in Unix seconds.
        auth_time: Option<i64>,
        /// What both hang from.
        grant: Option<GrantId>,
        /// That they did not is said there too.
        suppressed: bool,
    },
}

/// A token about to be made.
pub struct Unattended<'a> {
    /// For whom it is made.
    pub client: &'a Client,
    /// Whom it is about.
    pub subject: Subject,
    /// Its id; the journal has it too.
    pub id: AccessTokenId,
    /// Where it is good; at this server when empty.
    pub resources: Vec<String>,
    /// What it is good for.
    pub scopes: Vec<String>,
    /// Who acts for the person (RFC 8693 §4.1).
    pub act: Option<Value>,
    /// How the person proved themselves.
    pub proof: Proof,
    /// The keys it is bound to.
    pub binding: &'a Binding,
    /// It ends then at the latest.
    pub not_after: Option<OffsetDateTime>,
}

impl Unattended<'_> {
    /// Signs it.
    ///
    /// # Errors
    /// When a key is missing or refuses.
    pub fn answer(&self, app: &App) -> Result<TokenAnswer, InternalError> {
        let now = app.clock.now();
        let ends = now + access_token_life(app, self.client);
        let ends = self.not_after.map_or(ends, |latest| ends.min(latest));
        let claims = self.claims(app, now, ends);
        let token = sign_access_token(app, self.client, &Value::Object(claims))?;
        let life = Duration::from_secs(u64::try_from((ends - now).whole_seconds()).unwrap_or(0));
        Ok(TokenAnswer::bare(token, self.binding, life, &self.scopes))
    }

    /// RFC 9068 §2.2.
    fn claims(&self, app: &App, now: OffsetDateTime, ends: OffsetDateTime) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("iss", json!(app.issuer));
        put(
            "sub",
            match self.subject {
                // RFC 9068 §2.2: "the value of sub SHOULD correspond to an identifier the
                // authorization server uses to indicate the client application".
                Subject::Client => json!(self.client.identifier),
                Subject::Person(person) => json!(subject::of(app, self.client, person)),
            },
        );
        put("aud", audience(&app.issuer, &self.resources));
        put("exp", json!(ends.unix_timestamp()));
        put("iat", json!(now.unix_timestamp()));
        put("jti", json!(self.id));
        put("client_id", json!(self.client.identifier));
        if !self.scopes.is_empty() {
            put("scope", json!(self.scopes.join(" ")));
        }
        match &self.proof {
            Proof::Suppressed if self.subject == Subject::Client && !self.client.is_service() => {}
            // Nobody proved who they are, and every reader can see so.
            Proof::Suppressed => {
                put("acr", json!("0"));
                put("amr", json!([]));
                put("suppressed_auth", json!(true));
            }
            Proof::Inherited { acr, amr, auth_time, grant, suppressed } => {
                let held = [
                    ("acr", acr.as_ref().map(|acr| json!(acr))),
                    ("amr", Some(json!(amr))),
                    ("auth_time", auth_time.map(|at| json!(at))),
                    ("grant_id", grant.map(|grant| json!(grant))),
                    ("suppressed_auth", suppressed.then(|| json!(true))),
                ];
                for (name, value) in held {
                    if let Some(value) = value {
                        put(name, value);
                    }
                }
            }
        }
        if let Some(act) = &self.act {
            put("act", act.clone());
        }
        self.binding.confirm(&mut claims);
        claims
    }
}

/// RFC 9068 §3: without `resource` the audience is the server itself.
pub fn audience(issuer: &str, resources: &[String]) -> Value {
    match resources {
        [] => json!(issuer),
        [only] => json!(only),
        several => json!(several),
    }
}
