//! Pages that ask for attributes, or say which level is wanted. What holds a CSRF token has no
//! `Debug`.

use serde::Serialize;

use super::shell::{FieldError, Page, Shell, Text};
use crate::model::attribute::Level;

/// One attribute as a form field (macro `attribute_field`).
#[derive(Clone, Debug, Serialize)]
pub struct AttributeField {
    /// The attribute's name: id and name of the field.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What to type.
    pub hint: Option<String>,
    /// What is in it.
    pub value: String,
    /// `type`.
    pub input_type: &'static str,
    /// `autocomplete`.
    pub autocomplete: &'static str,
    /// `inputmode`.
    pub inputmode: Option<&'static str>,
    /// Values to choose from, with their words; none for a field to type in.
    pub choices: Vec<(String, String)>,
    /// It must not stay empty.
    pub required: bool,
    /// The person can't change it.
    pub locked: bool,
}

/// Asks for the attributes that the client needs and the account lacks.
#[derive(Clone, Serialize)]
pub struct AttributesPage {
    /// Where the form is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
    /// Who is signed in.
    pub person: String,
    /// The fields.
    pub fields: Vec<AttributeField>,
    /// Some of them are only wanted.
    pub skippable: bool,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

impl Page for AttributesPage {
    const TEMPLATE: &'static str = "attributes.html";
    fn title(&self, shell: &Shell) -> Text {
        Text::with_client(shell, "attributes-title-client", "attributes-title")
    }
    fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// Says that the client wants a better checked account, and how to get one.
#[derive(Clone, Serialize)]
pub struct LevelPage {
    /// Where the form is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
    /// Who is signed in.
    pub person: String,
    /// The account's level.
    pub held: Level,
    /// The level wanted.
    pub wanted: Level,
    /// Where a code can be sent to reach level 1 at once, with its middle left out.
    pub confirm: Option<String>,
    /// The person's own pages.
    pub account: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How long to wait, for errors about that.
    #[serde(skip)]
    pub wait_seconds: Option<u64>,
}

impl Page for LevelPage {
    const TEMPLATE: &'static str = "level.html";
    fn title(&self, shell: &Shell) -> Text {
        Text::with_client(shell, "level-title-client", "level-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
    fn wait_seconds(&self) -> Option<u64> {
        self.wait_seconds
    }
}
