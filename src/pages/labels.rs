//! What attributes and scopes are called, and how a value is shown to the person it belongs to.

use std::collections::BTreeMap;

use time::{Date, macros::format_description};

use crate::{
    app::App,
    model::{
        attribute::{AttributeDefinition, Format},
        locale::Locale,
        user::{AttributeValue, User},
    },
    protocol::oauth2::claims,
};

/// A label in this language, or in English.
pub fn in_language(labels: &BTreeMap<Locale, String>, locale: Locale) -> Option<&String> {
    labels.get(&locale).or_else(|| labels.get(&Locale::En))
}

/// What an attribute is called.
pub fn attribute(app: &App, name: &str, locale: Locale) -> String {
    if let Some(of) = name.strip_prefix("level.") {
        let of = attribute(app, of, locale);
        return app.templates().text(locale, "attribute-level-of", &[("name", &of)]);
    }
    match app.settings.attributes.get(name) {
        Some(definition) => {
            in_language(&definition.labels, locale).cloned().unwrap_or_else(|| name.to_owned())
        }
        // Attributes every account has are no part of the operator's registry.
        None => app.templates().text(locale, &format!("attribute-{name}"), &[]),
    }
}

/// What to type for it. A date is typed as text, so whoever types one has to see in which order.
pub fn hint(app: &App, definition: &AttributeDefinition, locale: Locale) -> Option<String> {
    let by_format =
        || (definition.format == Format::Date).then(|| app.templates().text(locale, "date-hint", &[]));
    definition.hint(locale).map(str::to_owned).or_else(by_format)
}

/// The order in which a letter would name them; the rest follow by name.
const ORDER: [&str; 14] = [
    "title",
    "full_name",
    "first_name",
    "middle_name",
    "last_name",
    "date_of_birth",
    "gender",
    "nationality",
    "occupation",
    "citizen_id",
    "iin",
    "email",
    "mobile_phone",
    "address",
];

/// Where an attribute stands among others: to sort by.
pub fn place(name: &str) -> (usize, &str) {
    (ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len()), name)
}

/// How well what is shown was checked, and when: of a composed value, what holds for its weakest
/// part. `None` for what the account itself says, such as the user name.
pub fn checked<'a>(user: &'a User, name: &str) -> Option<&'a AttributeValue> {
    let of_name = |held: &str| match name {
        "full_name" => ["first_name", "middle_name", "last_name"].contains(&held),
        _ => held.strip_prefix(name).is_some_and(|part| part.starts_with('.')),
    };
    let parts = || user.attributes.iter().filter(|(held, _)| of_name(held)).map(|(_, value)| value);
    user.attributes.get(name).or_else(|| parts().min_by_key(|part| part.level))
}

/// A value as its owner reads it.
pub fn value(app: &App, user: &User, name: &str, locale: Locale) -> String {
    if let Some(of) = name.strip_prefix("level.") {
        let level = user.attributes.get(of).map(|held| held.level).unwrap_or_default();
        return app.templates().text(locale, &format!("level-{level}"), &[]);
    }
    let key = match (name, user.attribute(name)) {
        ("kind", _) => Some(format!("kind-{}", user.kind)),
        ("gender", Some(gender @ ("male" | "female"))) => Some(format!("gender-{gender}")),
        // The value of a file is a number that says nothing to its owner.
        (_, Some(_)) if is_file(app, name) => Some("attribute-file".to_owned()),
        _ => None,
    };
    if let Some(key) = key {
        return app.templates().text(locale, &key, &[]);
    }
    match name {
        "full_name" => user.full_name().unwrap_or_default(),
        "username" => user.username.clone(),
        "user_id" => user.id.to_string(),
        "level" => user.level().to_string(),
        "locale" => user.locale.map(|locale| locale.own_name().to_owned()).unwrap_or_default(),
        "address" => parts(app, user, "address", "formatted"),
        "organization" => parts(app, user, "organization", "name"),
        _ => {
            let text = user.attribute(name).unwrap_or_default();
            day(app, name, text, locale).unwrap_or_else(|| text.to_owned())
        }
    }
}

fn is_file(app: &App, name: &str) -> bool {
    app.settings.attributes.get(name).is_some_and(|definition| definition.format == Format::File)
}

/// A date in words.
fn day(app: &App, name: &str, text: &str, locale: Locale) -> Option<String> {
    let definition = app.settings.attributes.get(name)?;
    let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    app.templates().date(locale, date).filter(|_| definition.format == Format::Date)
}

/// The part of a composed value that says most; all parts when it is not there.
fn parts(app: &App, user: &User, name: &str, most: &str) -> String {
    let Some(value) = claims::value(&app.settings.attributes, user, name) else { return String::new() };
    match value.get(most).and_then(|text| text.as_str()) {
        Some(text) => text.to_owned(),
        None => value
            .as_object()
            .map(|parts| parts.values().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(", "))
            .unwrap_or_default(),
    }
}
