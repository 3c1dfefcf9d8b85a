//! What attributes and scopes are called, and how a value is shown to the person it belongs to.

use std::collections::BTreeMap;

use crate::{
    app::App,
    model::{locale::Locale, user::User},
    protocol::oauth2::claims,
};

/// A label in this language, or in English.
pub fn in_language(labels: &BTreeMap<Locale, String>, locale: Locale) -> Option<&String> {
    labels.get(&locale).or_else(|| labels.get(&Locale::En))
}

/// What an attribute is called.
pub fn attribute(app: &App, name: &str, locale: Locale) -> String {
    match app.settings.attributes.get(name) {
        Some(definition) => {
            in_language(&definition.labels, locale).cloned().unwrap_or_else(|| name.to_owned())
        }
        // Attributes every account has are no part of the operator's registry.
        None => app.templates.text(locale, &format!("attribute-{name}"), &[]),
    }
}

/// A value as its owner reads it.
pub fn value(app: &App, user: &User, name: &str, locale: Locale) -> String {
    let key = match (name, user.attribute(name)) {
        ("kind", _) => Some(format!("kind-{}", user.kind)),
        ("gender", Some(gender @ ("male" | "female"))) => Some(format!("gender-{gender}")),
        _ => None,
    };
    if let Some(key) = key {
        return app.templates.text(locale, &key, &[]);
    }
    match name {
        "full_name" => user.full_name().unwrap_or_default(),
        "username" => user.username.clone(),
        "user_id" => user.id.to_string(),
        "level" => user.level().to_string(),
        "locale" => user.locale.map(|locale| locale.own_name().to_owned()).unwrap_or_default(),
        "address" => parts(user, "address", "formatted"),
        "organization" => parts(user, "organization", "name"),
        _ => user.attribute(name).unwrap_or_default().to_owned(),
    }
}

/// The part of a composed value that says most; all parts when it is not there.
fn parts(user: &User, name: &str, most: &str) -> String {
    let Some(value) = claims::value(user, name) else { return String::new() };
    match value.get(most).and_then(|text| text.as_str()) {
        Some(text) => text.to_owned(),
        None => value
            .as_object()
            .map(|parts| parts.values().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(", "))
            .unwrap_or_default(),
    }
}
