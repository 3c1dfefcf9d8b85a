//! Attributes as fields of a form: drawn as the registry says, and read back with what is wrong
//! beside each.

use std::collections::BTreeMap;

use super::labels;
use crate::{
    app::App,
    form::Form,
    model::{attribute::Format, locale::Locale},
    templates::{AttributeField, FieldError},
};

/// What was typed into attribute fields.
#[derive(Default)]
pub struct Typed {
    /// As it was typed, to be shown again.
    pub raw: BTreeMap<String, String>,
    /// In the form that is stored; only what is right.
    pub values: BTreeMap<String, String>,
    /// What has to be put right, in the order of the fields.
    pub errors: Vec<FieldError>,
}

/// Reads these attributes from a form. What the client has locked is not the form's to change.
pub fn read<'a>(
    app: &App,
    form: &Form,
    names: impl IntoIterator<Item = (&'a str, bool)>,
    locked: &BTreeMap<String, String>,
) -> Typed {
    let today = app.clock.now().date();
    let mut typed = Typed::default();
    for (name, required) in names {
        let Some(definition) = app.settings.attributes.get(name) else { continue };
        let raw = match (locked.get(name), form.get(name)) {
            (Some(locked), _) => locked.clone(),
            (None, Ok(text)) => text.unwrap_or_default().to_owned(),
            (None, Err(_)) => {
                // Repeated, or no text at all: no browser sends that from this page.
                typed.errors.push(FieldError::new(name.to_owned(), "attribute-error-text"));
                continue;
            }
        };
        if raw.trim().is_empty() {
            if required {
                typed.errors.push(FieldError::new(name.to_owned(), "attribute-missing"));
            }
        } else {
            match definition.normalised(&raw, today) {
                Ok(value) => {
                    typed.values.insert(name.to_owned(), value);
                }
                Err(error) => typed.errors.push(FieldError::new(name.to_owned(), error.key())),
            }
        }
        typed.raw.insert(name.to_owned(), raw);
    }
    typed
}

/// The field of an attribute, with this text in it; `None` when the registry has none of that name
/// or it is a file, which no text field can take.
pub fn field(
    app: &App,
    name: &str,
    text: &str,
    locale: Locale,
    required: bool,
    locked: bool,
) -> Option<AttributeField> {
    let definition = app.settings.attributes.get(name)?;
    let hints = definition.field_hints(name);
    let choices = match definition.format {
        Format::File => return None,
        Format::Gender => ["female", "male"]
            .map(|word| (word.to_owned(), app.templates().text(locale, &format!("gender-{word}"), &[])))
            .to_vec(),
        _ => Vec::new(),
    };
    Some(AttributeField {
        name: name.to_owned(),
        label: labels::attribute(app, name, locale),
        hint: labels::hint(app, definition, locale),
        value: text.to_owned(),
        input_type: hints.input_type,
        autocomplete: hints.autocomplete,
        inputmode: hints.inputmode,
        choices,
        required,
        locked,
    })
}
