//! Pages of registrars and of agencies' administrators. They show people, so none has `Debug`.

use serde::Serialize;

use super::attribute_pages::AttributeField;
use super::{
    pages::Verified,
    shell::{FieldError, Page, Shell, Text},
};

/// A list of people, with a search.
#[derive(Clone, Serialize)]
pub struct PeoplePage {
    /// Which list.
    pub list: PeopleList,
    /// The agency whose officials they are.
    pub agency: Option<String>,
    /// Where the search is sent.
    pub action: String,
    /// What is looked for.
    pub query: String,
    /// The people.
    pub rows: Vec<PersonRow>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// Where another is added.
    pub add: Option<String>,
    /// What was done just now: a key of the catalogue.
    pub done: Option<&'static str>,
}

/// Which list of people.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeopleList {
    /// Whom a registrar looked for.
    Found,
    /// Whose documents wait.
    Waiting,
    /// An agency's officials.
    Officials,
}

/// One of a list.
#[derive(Clone, Serialize)]
pub struct PersonRow {
    /// Their page.
    pub href: String,
    /// The user name.
    pub username: String,
    /// The full name; empty when none is held.
    pub full_name: String,
    /// The kind of account, in words.
    pub kind: String,
    /// Whether it is shut out.
    pub disabled: bool,
    /// Since when documents wait.
    pub waiting_since: Option<Verified>,
}

impl Page for PeoplePage {
    const TEMPLATE: &'static str = "people.html";
    fn title(&self, _: &Shell) -> Text {
        match &self.agency {
            Some(agency) => Text::Key("agency-title", vec![("agency", agency.clone())]),
            None => Text::key("registrar-title"),
        }
    }
}

/// A person, to a registrar.
#[derive(Clone, Serialize)]
pub struct PersonPage {
    /// What they are called.
    pub name: String,
    /// The user name.
    pub username: String,
    /// The kind of account, in words.
    pub kind: String,
    /// Whether it is shut out.
    pub disabled: bool,
    /// Whether it is the registrar's own account.
    pub own: bool,
    /// What was done just now: a key of the catalogue.
    pub done: Option<&'static str>,
    /// Where the forms are posted.
    pub action: String,
    /// The CSRF token.
    pub csrf: String,
    /// What the account holds.
    pub rows: Vec<HeldRow>,
    /// The level chosen.
    pub level: String,
    /// Kinds of evidence.
    pub evidence: Vec<Choice>,
    /// The reason typed.
    pub reason: String,
    /// Whether a document waits to be looked at.
    pub waiting: bool,
    /// What was sent.
    pub documents: Vec<EvidenceRow>,
    /// What was held before, the newest first.
    pub history: Vec<PastRow>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One value of an account.
#[derive(Clone, Default, Serialize)]
pub struct HeldRow {
    /// The attribute.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// Its value, as a person reads it.
    pub value: String,
    /// The value in the field.
    pub typed: String,
    /// What is sent back to tell whether it changed meanwhile.
    pub seen: String,
    /// How well it was checked.
    pub level: i16,
    /// Who says so.
    pub source: String,
    /// When it was checked.
    pub verified: Option<Verified>,
    /// Whether it is ticked.
    pub chosen: bool,
    /// Whether it is a file, which can't be corrected by typing.
    pub file: bool,
}

/// One of a choice.
#[derive(Clone, Serialize)]
pub struct Choice {
    /// The word that is sent.
    pub value: &'static str,
    /// What it is called.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A document or photo that was sent.
#[derive(Clone, Serialize)]
pub struct EvidenceRow {
    /// Where it is opened.
    pub href: String,
    /// It is the photo.
    pub photo: bool,
    /// What the person says about it.
    pub note: Option<String>,
    /// When it came.
    pub sent: Verified,
    /// A registrar has looked at it.
    pub seen: bool,
}

/// A value of the history.
#[derive(Clone, Serialize)]
pub struct PastRow {
    /// What it is called.
    pub label: String,
    /// The value.
    pub value: String,
    /// How well it was checked.
    pub level: i16,
    /// Who said so.
    pub source: String,
    /// When it came to be.
    pub at: Verified,
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "person.html";
    const FIELDS: &'static [&'static str] = &["attributes", "level", "evidence", "reason"];
    fn title(&self, _: &Shell) -> Text {
        Text::Plain(self.name.clone())
    }
    fn has_field(&self, name: &str) -> bool {
        Self::FIELDS.contains(&name) || name.starts_with("value-")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// Asks for what an account of an official needs.
#[derive(Clone, Serialize)]
pub struct OfficialFormPage {
    /// The agency.
    pub agency: String,
    /// Where the form is posted.
    pub action: String,
    /// The CSRF token.
    pub csrf: String,
    /// The attributes asked for.
    pub fields: Vec<AttributeField>,
    /// The user name typed.
    pub username: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

impl Page for OfficialFormPage {
    const TEMPLATE: &'static str = "official_new.html";
    const FIELDS: &'static [&'static str] = &["username"];
    fn title(&self, _: &Shell) -> Text {
        Text::key("agency-add")
    }
    fn has_field(&self, name: &str) -> bool {
        Self::FIELDS.contains(&name) || self.fields.iter().any(|field| field.name == name)
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// An official, to the administrator of their agency.
#[derive(Clone, Serialize)]
pub struct OfficialPage {
    /// What they are called.
    pub name: String,
    /// The user name.
    pub username: String,
    /// Where the forms are posted.
    pub action: String,
    /// The CSRF token.
    pub csrf: String,
    /// What the agency said of them.
    pub rows: Vec<OfficialRow>,
    /// Whether the account is shut out.
    pub disabled: bool,
    /// Whether they have still to follow their link.
    pub invited: bool,
    /// Whether it is the administrator's own account.
    pub own: bool,
    /// The reason typed.
    pub reason: String,
    /// The name typed.
    pub typed_name: String,
    /// What was done just now: a key of the catalogue.
    pub done: Option<&'static str>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// A value of an official.
#[derive(Clone, Serialize)]
pub struct OfficialRow {
    /// What it is called.
    pub label: String,
    /// The value.
    pub value: String,
}

impl Page for OfficialPage {
    const TEMPLATE: &'static str = "official.html";
    const FIELDS: &'static [&'static str] = &["reason", "name"];
    fn title(&self, _: &Shell) -> Text {
        Text::Plain(self.name.clone())
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}
