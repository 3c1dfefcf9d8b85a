//! The person's own pages. What holds a CSRF token or a secret has no `Debug`.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;

use super::attribute_pages::AttributeField;
use super::{
    pages::Verified,
    shell::{FieldError, Page, Shell, Text},
};
use crate::model::attribute::Level;

/// What all of them have around their content.
#[derive(Clone, Serialize)]
pub struct Frame {
    /// Which of them it belongs to: the last part of its address in the navigation.
    pub section: &'static str,
    /// The CSRF token.
    pub csrf: String,
    /// Who is signed in.
    pub person: String,
    /// What was just done: a key of the catalogue.
    pub done: Option<&'static str>,
    /// Whom that was about, where the text names somebody.
    pub about: String,
    /// Whether the account is an organisation's: it has representatives.
    pub organisation: bool,
}

/// A moment, to be shown as a day and a time.
#[derive(Clone, Copy, Debug)]
pub struct Moment(pub OffsetDateTime);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let at = self.0.to_offset(time::UtcOffset::UTC);
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("date", &(at.year(), u8::from(at.month()), at.day()))?;
        map.serialize_entry("time", &format!("{:02}:{:02}", at.hour(), at.minute()))?;
        map.end()
    }
}

macro_rules! account_pages {
    ($($page:ident, $template:literal, $title:literal, $fields:expr;)+) => {$(
        impl Page for $page {
            const TEMPLATE: &'static str = $template;
            const FIELDS: &'static [&'static str] = $fields;
            fn title(&self, _: &Shell) -> Text {
                Text::key($title)
            }
            fn errors(&self) -> &[FieldError] {
                &self.errors
            }
        }
    )+};
}
pub(super) use account_pages;

account_pages! {
    ProfilePage, "account_profile.html", "account-title", &["locale"];
    FilesPage, "account_files.html", "files-title", &["photo", "document", "note"];
    SessionsPage, "account_sessions.html", "sessions-title", &[];
    ApplicationsPage, "account_applications.html", "applications-title", &[];
    ActivityPage, "account_activity.html", "activity-title", &[];
    ClosePage, "account_close.html", "close-title", &["username"];
    RepresentativesPage, "account_representatives.html", "representatives-title", &["name", "value", "full_name"];
}

/// What the account holds.
#[derive(Clone, Serialize)]
pub struct ProfilePage {
    /// What surrounds it.
    pub frame: Frame,
    /// The account's level.
    pub level: Level,
    /// What kind of account: a key of the catalogue.
    pub kind: String,
    /// The user name.
    pub username: String,
    /// The values.
    pub rows: Vec<ProfileRow>,
    /// Whether a photo is held.
    pub photo: bool,
    /// Pages the person works on: address and key of the catalogue, and the agency if it is one's.
    pub work: Vec<(String, &'static str, String)>,
    /// The person's language; empty when they chose none.
    pub locale: String,
    /// Languages to choose from: tag and own name.
    pub locales: Vec<(String, String)>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One value.
#[derive(Clone, Serialize)]
pub struct ProfileRow {
    /// The attribute's name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The value as the person reads it.
    pub value: String,
    /// How well it was checked.
    pub level: Level,
    /// When.
    pub verified: Option<Verified>,
    /// Where to confirm or change it, for a phone or mail address.
    pub contact: Option<String>,
}

/// The form to change what the person typed themselves.
#[derive(Clone, Serialize)]
pub struct EditProfilePage {
    /// What surrounds it.
    pub frame: Frame,
    /// Which group of attributes it is for.
    pub part: String,
    /// The groups: word and label.
    pub parts: Vec<(String, String)>,
    /// The fields.
    pub fields: Vec<AttributeField>,
    /// Values that only a registrar changes: label and value.
    pub locked: Vec<(String, String)>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

impl Page for EditProfilePage {
    const TEMPLATE: &'static str = "account_edit.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("edit-title")
    }
    fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// Asks for a phone or mail address to send a code to.
#[derive(Clone, Serialize)]
pub struct ContactPage {
    /// What surrounds it.
    pub frame: Frame,
    /// `email` or `mobile_phone`.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// What was typed, or is held.
    pub value: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How long to wait, for errors about that, in words.
    #[serde(skip)]
    pub wait_seconds: Option<u64>,
}

impl Page for ContactPage {
    const TEMPLATE: &'static str = "account_contact.html";
    const FIELDS: &'static [&'static str] = &["contact"];
    fn title(&self, _: &Shell) -> Text {
        Text::key("contact-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
    fn wait_seconds(&self) -> Option<u64> {
        self.wait_seconds
    }
}

/// The photo, and documents sent as evidence.
#[derive(Clone, Serialize)]
pub struct FilesPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Where the photo is, when one is held.
    pub photo: Option<String>,
    /// Whether this kind of account has a photo.
    pub has_photo: bool,
    /// The documents.
    pub documents: Vec<DocumentRow>,
    /// What was typed beside a document.
    pub note: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One document.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentRow {
    /// Its id.
    pub id: String,
    /// What its owner says about it.
    pub note: Option<String>,
    /// When it came.
    pub at: Moment,
    /// When a registrar looked at it.
    pub reviewed: Option<Moment>,
}

/// Where the person is signed in.
#[derive(Clone, Serialize)]
pub struct SessionsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The sessions.
    pub sessions: Vec<SessionRow>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// The browser and system, in the browser's own words; empty when it said nothing.
    pub device: String,
    /// From where.
    pub address: Option<String>,
    /// When it began.
    pub began: Moment,
    /// When it was last used.
    pub seen: Moment,
    /// It is this one.
    pub current: bool,
}

/// What applications may know.
#[derive(Clone, Serialize)]
pub struct ApplicationsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The applications.
    pub applications: Vec<ApplicationRow>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One application.
#[derive(Clone, Debug, Serialize)]
pub struct ApplicationRow {
    /// The identifier it is registered under.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// Its host.
    pub host: Option<String>,
    /// Labels of the attributes it may know.
    pub attributes: Vec<String>,
    /// Labels of the scopes it was given.
    pub scopes: Vec<String>,
    /// Since when.
    pub since: Moment,
    /// When it was last given something.
    pub latest: Moment,
    /// Where a sign-in at it begins, if it takes those begun elsewhere.
    pub open: Option<String>,
}

/// What happened.
#[derive(Clone, Serialize)]
pub struct ActivityPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The lines.
    pub lines: Vec<ActivityLine>,
    /// Which lines are shown, of `all sign-ins applications changes`.
    pub show: &'static str,
    /// Which may be chosen: word and key.
    pub filters: Vec<(&'static str, &'static str)>,
    /// Link to those before, when there are any.
    pub older: Option<String>,
    /// Link to the newest, when they are not shown.
    pub newest: Option<String>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct ActivityLine {
    /// When.
    pub at: Moment,
    /// What: a key of the catalogue.
    pub key: &'static str,
    /// The application it was about.
    pub client: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// Somebody else did it: a key that says who.
    pub by: Option<&'static str>,
}

/// Asks whether the person means to close the account.
#[derive(Clone, Serialize)]
pub struct ClosePage {
    /// What surrounds it.
    pub frame: Frame,
    /// The name that has to be typed.
    pub username: String,
    /// What was typed.
    pub typed: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// The account is closed.
#[derive(Clone, Debug, Serialize)]
pub struct ClosedPage {}

impl Page for ClosedPage {
    const TEMPLATE: &'static str = "account_closed.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("closed-title")
    }
}

/// Who acts for an organisation.
#[derive(Clone, Serialize)]
pub struct RepresentativesPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Those who do.
    pub rows: Vec<RepresentativeRow>,
    /// Identifiers one can be named by: attribute and label.
    pub names: Vec<(String, String)>,
    /// What was typed: attribute, value, full name.
    pub name: String,
    /// The number typed.
    pub value: String,
    /// The full name typed.
    pub full_name: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One of them.
#[derive(Clone, Serialize)]
pub struct RepresentativeRow {
    /// The identifier's attribute.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The number.
    pub value: String,
    /// What they are called.
    pub full_name: String,
    /// Since when.
    pub since: Moment,
}
