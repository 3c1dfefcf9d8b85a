//! A phone or mail whose code came back: it is confirmed, and identifiers with a right check digit
//! rise with a phone (`people.md`, "Verification levels").

use serde_json::json;
use time::OffsetDateTime;

use crate::{
    app::App,
    model::{
        attribute::Level,
        journal::Entry,
        journey::Contact,
        level::identifier_levels_after_confirmation,
        user::{AttributeValue, User},
    },
    store::{
        StoreError,
        users::{self, NewAttribute},
    },
};

/// Who says so, of what a code confirmed.
const SOURCE: &str = "code";

/// The account as it is once this contact is confirmed.
pub fn with_confirmed(mut user: User, contact: &Contact, now: OffsetDateTime) -> User {
    let name = contact.channel.attribute();
    // What was checked better already stays so.
    let better = user
        .attributes
        .get(name)
        .is_some_and(|held| held.value == contact.to && held.level >= Level::CONFIRMED);
    if !better {
        let confirmed = AttributeValue {
            value: contact.to.clone(),
            level: Level::CONFIRMED,
            source: SOURCE.to_owned(),
            verified_at: Some(now),
        };
        user.attributes.insert(name.to_owned(), confirmed);
    }
    user
}

/// Writes it. `entry` is the journal's line, to which names, level and kind of evidence are added.
///
/// # Errors
/// When the database fails.
pub async fn confirm(app: &App, user: &User, contact: &Contact, entry: Entry) -> Result<(), StoreError> {
    let registry = &app.settings.attributes;
    let new = |name: &str, value: &str| NewAttribute {
        name: name.to_owned(),
        value: value.to_owned(),
        level: Level::CONFIRMED,
        identifier: registry.get(name).is_some_and(|definition| definition.identifier),
    };
    let after = with_confirmed(user.clone(), contact, entry.at);
    let rises: Vec<NewAttribute> = identifier_levels_after_confirmation(&after, registry)
        .iter()
        .map(|rise| new(&rise.name, &rise.value))
        .collect();
    let contact = new(contact.channel.attribute(), &contact.to);
    let names: Vec<&str> = std::iter::once(&contact).chain(&rises).map(|new| new.name.as_str()).collect();
    let after = json!({"names": names, "level": Level::CONFIRMED, "evidence": "one-time code"});
    let entry = Entry { after: Some(after), ..entry };
    users::confirm_contact(&app.pool, user.id, &contact, &rises, SOURCE, &entry).await
}
