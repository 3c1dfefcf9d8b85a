//! Tokens of people who did not prove themselves: the person is looked up, the authority over them
//! checked and the journal line written in one statement for many requests at once, so that a
//! commit, which waits for the disk, is shared by all of them.

use serde_json::Value;
use sqlx::{PgExecutor, types::Uuid};
use time::OffsetDateTime;

use super::StoreError;
use crate::{
    ids::UserId,
    model::{act_for::Reach, journal::Entry, user::username_key},
};

/// How a person is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By user name, whatever its case.
    Username(String),
    /// By the account's id.
    Id(UserId),
}

/// What one request asks.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Of whom.
    pub named: Named,
    /// Whom the one who vouches may act for.
    pub reach: Reach,
    /// What is written down when the person is one of those; its subject is the person.
    pub entry: Entry,
}

/// The person of each request, in the same order, once its line is written. `None` when there is no
/// such account, it is disabled, or out of reach: which of these, nobody is told.
///
/// # Errors
/// When the database fails; then nothing was written for any of them.
pub async fn record(db: impl PgExecutor<'_>, asked: &[Asked]) -> Result<Vec<Option<UserId>>, StoreError> {
    let columns = Columns::from(asked);
    let rows = sqlx::query!(
        r#"WITH asked AS (
               SELECT * FROM unnest($1::int8[], $2::text[], $3::uuid[], $4::bool[], $5::text[], $6::text[],
                                    $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[],
                                    $12::uuid[], $13::jsonb[])
                   AS a (place, username_key, user_id, everyone, kinds, organisations, at, actor_kind, actor_id,
                         action, address, request_id, after)),
           found AS (
               SELECT a.*, u.id
               FROM asked a
               JOIN users u ON u.id = COALESCE(a.user_id, (SELECT n.id FROM users n WHERE n.username_key = a.username_key))
               WHERE u.disabled_at IS NULL AND u.closed_at IS NULL
                 AND (a.everyone OR u.kind = ANY(string_to_array(a.kinds, ','))
                      OR EXISTS (SELECT 1 FROM organisation_members m
                                 WHERE m.user_id = u.id
                                   AND m.organisation_id = ANY(string_to_array(a.organisations, ',')::uuid[])))),
           line AS (
               INSERT INTO journal (at, actor_kind, actor_id, action, subject_kind, subject_id, address, request_id, after)
               SELECT at, actor_kind, actor_id, action, 'user', id::text, address, request_id, after
               FROM found ORDER BY place)
           SELECT place AS "place!", id AS "id!" FROM found"#,
        &columns.places,
        &columns.username_keys as &[Option<String>],
        &columns.user_ids as &[Option<Uuid>],
        &columns.everyone,
        &columns.kinds,
        &columns.organisations,
        &columns.times,
        &columns.actor_kinds,
        &columns.actor_ids as &[Option<String>],
        &columns.actions,
        &columns.addresses as &[Option<String>],
        &columns.request_ids as &[Option<Uuid>],
        &columns.afters as &[Option<Value>],
    )
    .fetch_all(db)
    .await?;
    let mut people = vec![None; asked.len()];
    for row in rows {
        if let Some(person) = usize::try_from(row.place).ok().and_then(|place| people.get_mut(place)) {
            *person = Some(UserId(row.id));
        }
    }
    Ok(people)
}

/// The requests, a column an array.
#[derive(Default)]
struct Columns {
    places: Vec<i64>,
    username_keys: Vec<Option<String>>,
    user_ids: Vec<Option<Uuid>>,
    everyone: Vec<bool>,
    kinds: Vec<String>,
    organisations: Vec<String>,
    times: Vec<OffsetDateTime>,
    actor_kinds: Vec<String>,
    actor_ids: Vec<Option<String>>,
    actions: Vec<String>,
    addresses: Vec<Option<String>>,
    request_ids: Vec<Option<Uuid>>,
    afters: Vec<Option<Value>>,
}

impl From<&[Asked]> for Columns {
    fn from(asked: &[Asked]) -> Self {
        let mut columns = Self::default();
        for (place, one) in (0..).zip(asked) {
            let (key, id) = match &one.named {
                Named::Username(name) => (Some(username_key(name)), None),
                Named::Id(id) => (None, Some(id.0)),
            };
            let entry = &one.entry;
            columns.places.push(place);
            columns.username_keys.push(key);
            columns.user_ids.push(id);
            columns.everyone.push(one.reach.everyone);
            columns.kinds.push(joined(&one.reach.kinds));
            columns.organisations.push(joined(&one.reach.organisations));
            columns.times.push(entry.at);
            columns.actor_kinds.push(entry.actor_kind.to_owned());
            columns.actor_ids.push(entry.actor_id.clone());
            columns.actions.push(entry.action.to_owned());
            columns.addresses.push(entry.address.clone());
            columns.request_ids.push(entry.request_id.map(|id| id.0));
            columns.afters.push(entry.after.clone());
        }
        columns
    }
}

/// Lists within a column, which PostgreSQL's arrays can't hold in different lengths. None of their
/// words has a comma.
fn joined<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
