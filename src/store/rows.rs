//! Private rows turned into model types; an impossible row is named, never guessed at.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use serde::Deserialize;
use sqlx::types::{Json, Uuid};
use time::OffsetDateTime;

use super::StoreError;
use crate::{
    ids::{ClientId, GrantId, SessionId, UserId},
    model::{
        grant::Grant,
        hints::Identifier,
        user::{AttributeValue, User},
    },
};

/// Columns of the view `people`.
pub(super) struct Person {
    pub id: Uuid,
    pub kind: String,
    pub username: String,
    pub locale: Option<String>,
    pub disabled_at: Option<OffsetDateTime>,
    pub updated_at: OffsetDateTime,
    pub attributes: Json<BTreeMap<String, AttributeValue>>,
}

impl TryFrom<Person> for User {
    type Error = StoreError;

    fn try_from(row: Person) -> Result<Self, StoreError> {
        Ok(Self {
            id: UserId(row.id),
            kind: word("users", "kind", row.id, &row.kind)?,
            locale: row.locale.map(|l| word("users", "locale", row.id, &l)).transpose()?,
            username: row.username,
            attributes: row.attributes.0,
            disabled_at: row.disabled_at,
            updated_at: row.updated_at,
        })
    }
}

/// The object that the view `granted` gives: a grant with its person.
#[derive(Debug, Deserialize)]
pub(super) struct Granted {
    id: Uuid,
    client_id: Uuid,
    user_id: Uuid,
    session_id: Option<Uuid>,
    scopes: Vec<String>,
    attributes: Vec<String>,
    id_token_claims: Vec<String>,
    userinfo_claims: Vec<String>,
    resources: Vec<String>,
    amr: Vec<String>,
    acting_for: Option<String>,
    #[serde(with = "time::serde::timestamp")]
    auth_time: OffsetDateTime,
    #[serde(with = "time::serde::timestamp")]
    created_at: OffsetDateTime,
    kind: String,
    username: String,
    locale: Option<String>,
    #[serde(with = "time::serde::timestamp")]
    updated_at: OffsetDateTime,
    held: BTreeMap<String, AttributeValue>,
}

impl TryFrom<Granted> for (Grant, User) {
    type Error = StoreError;

    fn try_from(row: Granted) -> Result<Self, StoreError> {
        let grant = Grant {
            id: GrantId(row.id),
            client_id: ClientId(row.client_id),
            user_id: UserId(row.user_id),
            session_id: row.session_id.map(SessionId),
            scopes: row.scopes,
            attributes: row.attributes,
            id_token_claims: row.id_token_claims,
            userinfo_claims: row.userinfo_claims,
            resources: row.resources,
            acting_for: row.acting_for.map(Identifier::from),
            amr: words("grants", "amr", row.id, &row.amr)?,
            auth_time: row.auth_time,
            created_at: row.created_at,
        };
        let user = User::try_from(Person {
            id: row.user_id,
            kind: row.kind,
            username: row.username,
            locale: row.locale,
            disabled_at: None,
            updated_at: row.updated_at,
            attributes: Json(row.held),
        })?;
        Ok((grant, user))
    }
}

/// A word of the schema as its enumeration.
pub(super) fn word<T: FromStr>(
    table: &'static str,
    column: &'static str,
    id: impl Display,
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Inconsistent { table, column, id: id.to_string() })
}

/// Several words.
pub(super) fn words<T: FromStr>(
    table: &'static str,
    column: &'static str,
    id: impl Display,
    texts: &[String],
) -> Result<Vec<T>, StoreError> {
    texts.iter().map(|text| word(table, column, &id, text)).collect()
}

/// Enumerations as the words to bind.
pub(super) fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}
