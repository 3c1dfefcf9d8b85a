//! Messages that tell a person what happened to their account.

use super::App;
use crate::{
    ids::OutboxId,
    model::{
        attribute::Level,
        journey::{Channel, Contact},
        locale::Locale,
        user::User,
    },
    store::{StoreError, outbox},
};

/// Where an account's owner can be told something: the confirmed mail address, else the confirmed
/// phone. One of the two, so that nobody pays twice for the same news.
pub fn owner(user: &User) -> Option<Contact> {
    confirmed(user, Channel::Mail).or_else(|| confirmed(user, Channel::Sms))
}

/// The account's confirmed phone or mail address.
pub fn confirmed(user: &User, channel: Channel) -> Option<Contact> {
    let level = user.attributes.get(channel.attribute()).map(|held| held.level)?;
    held(user, channel).filter(|_| level > Level::UNVERIFIED)
}

/// The account's phone or mail address, whether or not it was confirmed.
pub fn held(user: &User, channel: Channel) -> Option<Contact> {
    Some(Contact { channel, to: user.attribute(channel.attribute())?.to_owned() })
}

/// Puts a notice in line for this contact: `text` is a key of the catalogue (`notice-...`), given
/// `$service`, `$name` and further arguments.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    app: &App,
    user: &User,
    contact: &Contact,
    text: &str,
    further: &[(&str, &str)],
) -> Result<(), StoreError> {
    let locale = user.locale.unwrap_or(app.settings.locales.default);
    let message = message(app, &user.display_name(), locale, contact, text, further);
    outbox::insert(&app.pool, &message).await
}

/// A notice for whoever is called `name`, not yet in line: for transactions that write more.
pub fn message(
    app: &App,
    name: &str,
    locale: Locale,
    contact: &Contact,
    text: &str,
    further: &[(&str, &str)],
) -> outbox::Message {
    let now = app.clock.now();
    let templates = app.templates();
    let service = templates.service_name(locale);
    let mut arguments = vec![("service", service.as_str()), ("name", name)];
    arguments.extend_from_slice(further);
    outbox::Message {
        id: OutboxId(app.rng.uuid(now)),
        channel: contact.channel.to_string(),
        recipient: contact.to.clone(),
        subject: (contact.channel == Channel::Mail)
            .then(|| templates.text(locale, "notice-subject", &arguments)),
        body: templates.text(locale, text, &arguments),
        created_at: now,
    }
}

/// Tells the account's owner, where they can be reached.
///
/// # Errors
/// When the database fails.
pub async fn tell_owner(
    app: &App,
    user: &User,
    text: &str,
    further: &[(&str, &str)],
) -> Result<(), StoreError> {
    match owner(user) {
        Some(contact) => tell(app, user, &contact, text, further).await,
        None => Ok(()),
    }
}
