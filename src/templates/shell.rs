//! What every page has around its content, and what a page must tell about itself.

use std::borrow::Cow;

use serde::Serialize;

use crate::model::{locale::Locale, theme::Theme};

/// A page's context, serialised as `page` for its template.
pub trait Page: Serialize {
    /// The template's file name under `templates/pages/`.
    const TEMPLATE: &'static str;

    /// The ids of its fields, so that an error can link to the field it is about.
    const FIELDS: &'static [&'static str] = &[];

    /// The one `h1`: the task.
    fn title(&self, shell: &Shell) -> Text;

    /// Whether the page has a field of this id.
    fn has_field(&self, name: &str) -> bool {
        Self::FIELDS.contains(&name)
    }

    /// What the person has to put right, first things first.
    fn errors(&self) -> &[FieldError] {
        &[]
    }

    /// How long the person has to wait, given to error texts as `$wait` in words.
    fn wait_seconds(&self) -> Option<u64> {
        None
    }

    /// The document's title where it is more than task and service.
    fn document_title(&self) -> Option<String> {
        None
    }
}

/// A text for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// A key of the catalogue, with its arguments.
    Key(&'static str, Vec<(&'static str, String)>),
    /// As it stands, in whatever language it is.
    Plain(String),
}

impl Text {
    /// A text of the catalogue that takes no arguments.
    pub fn key(key: &'static str) -> Self {
        Self::Key(key, Vec::new())
    }

    /// The first key with the client's name as `$client`, or the second when no client is known.
    pub fn with_client(shell: &Shell, named: &'static str, unnamed: &'static str) -> Self {
        match &shell.client {
            Some(client) => Self::Key(named, vec![("client", client.name.clone())]),
            None => Self::key(unnamed),
        }
    }
}

/// What surrounds a page's content. No `Debug`: it holds a CSRF token.
#[derive(Clone, Serialize)]
pub struct Shell {
    /// The page's language.
    pub locale: Locale,
    /// The theme asked for; without it the browser's setting counts.
    pub theme: Option<Theme>,
    /// Who is asking, on the pages of a journey.
    pub client: Option<ClientCard>,
    /// How to leave the journey, on each of its pages.
    pub cancel: Option<Cancel>,
    /// The language switch; empty for none.
    pub languages: Vec<LanguageLink>,
}

impl Shell {
    /// A shell with nothing but a language.
    pub fn plain(locale: Locale) -> Self {
        Self { locale, theme: None, client: None, cancel: None, languages: Vec::new() }
    }
}

/// The client as a person sees it.
#[derive(Clone, Debug, Serialize)]
pub struct ClientCard {
    /// Its name.
    pub name: String,
    /// The host the person goes back to.
    pub host: Option<String>,
    /// The organisation it belongs to.
    pub organisation: Option<String>,
    /// Its logo, as we serve it.
    pub logo: Option<String>,
    /// Its home page.
    pub home_url: Option<String>,
    /// Its privacy notice.
    pub policy_url: Option<String>,
    /// Its terms.
    pub tos_url: Option<String>,
    /// It registered itself, and nobody here says who runs it.
    pub unvouched: bool,
}

/// The form behind the Cancel button.
#[derive(Clone, Serialize)]
pub struct Cancel {
    /// Where it is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
    /// Who leaves does not go back to the client but stays here.
    pub stays: bool,
}

/// One language of the switch, named in itself.
#[derive(Clone, Debug, Serialize)]
pub struct LanguageLink {
    /// The language.
    #[serde(serialize_with = "tag_and_name", flatten)]
    pub locale: Locale,
    /// The same page in that language.
    pub href: String,
    /// The page is in that language already.
    pub current: bool,
}

fn tag_and_name<S: serde::Serializer>(locale: &Locale, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("tag", locale.tag())?;
    map.serialize_entry("name", locale.own_name())?;
    map.end()
}

/// Where a person can go on from a page that ends here.
#[derive(Clone, Debug, Serialize)]
pub struct BackLink {
    /// The address.
    pub href: String,
    /// Whose it is.
    pub name: String,
}

/// One thing the person has to put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's id; any other word if it is about the whole form.
    pub field: Cow<'static, str>,
    /// The text's key.
    pub key: &'static str,
    /// Its arguments.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    /// An error whose text takes no arguments.
    pub fn new(field: impl Into<Cow<'static, str>>, key: &'static str) -> Self {
        Self { field: field.into(), key, args: Vec::new() }
    }

    /// The same with an argument for its text.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}
