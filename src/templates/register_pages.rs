//! Pages of making an account: one matter each. What holds a CSRF token has no `Debug`.

use serde::Serialize;

use super::{
    AttributeField,
    shell::{FieldError, Page, Shell, Text},
};
use crate::model::user::UserKind;

/// The hidden fields of a form in a journey, and where it is posted.
#[derive(Clone, Serialize)]
pub struct JourneyForm {
    /// Where the form is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
}

/// Asks what kind of account it will be.
#[derive(Clone, Serialize)]
pub struct RegisterKindPage {
    /// The form.
    pub form: JourneyForm,
    /// What is offered.
    pub kinds: Vec<UserKind>,
    /// What was chosen before.
    pub chosen: Option<UserKind>,
    /// Link to the sign-in.
    pub login: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

impl Page for RegisterKindPage {
    const TEMPLATE: &'static str = "register_kind.html";
    const FIELDS: &'static [&'static str] = &["kind"];
    fn title(&self, _: &Shell) -> Text {
        Text::key("register-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// Asks for attributes: who the person is, or where they can be reached.
#[derive(Clone, Serialize)]
pub struct RegisterFieldsPage {
    /// The form's id.
    pub id: &'static str,
    /// The task: a key of the catalogue.
    #[serde(skip)]
    pub title: &'static str,
    /// What is said above the fields: a key of the catalogue.
    pub lead: &'static str,
    /// The form.
    pub form: JourneyForm,
    /// The fields.
    pub fields: Vec<AttributeField>,
    /// Those about who acts for an organisation.
    pub representative: Vec<AttributeField>,
    /// Link to the page before.
    pub back: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How long to wait, for errors about that.
    #[serde(skip)]
    pub wait_seconds: Option<u64>,
}

impl Page for RegisterFieldsPage {
    const TEMPLATE: &'static str = "register_fields.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key(self.title)
    }
    fn has_field(&self, name: &str) -> bool {
        self.fields.iter().chain(&self.representative).any(|field| field.name == name)
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
    fn wait_seconds(&self) -> Option<u64> {
        self.wait_seconds
    }
}

/// Tells whose phone or mail was confirmed that an account has it already.
#[derive(Clone, Serialize)]
pub struct RegisterKnownPage {
    /// Signs in with the phone that was confirmed; none for a mail address.
    pub sign_in: Option<JourneyForm>,
    /// Link to the sign-in.
    pub login: String,
    /// Link to a new password.
    pub forgotten: String,
    /// Link to making another account all the same.
    pub go_on: String,
}

impl Page for RegisterKnownPage {
    const TEMPLATE: &'static str = "register_known.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("register-known-title")
    }
}

/// Asks for a user name and a password, and shows the terms.
#[derive(Clone, Serialize)]
pub struct RegisterPasswordPage {
    /// The form.
    pub form: JourneyForm,
    /// The user name that was typed.
    pub username: String,
    /// Where the terms are.
    pub terms: String,
    /// The terms were agreed to.
    pub agreed: bool,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

impl Page for RegisterPasswordPage {
    const TEMPLATE: &'static str = "register_password.html";
    const FIELDS: &'static [&'static str] = &["username", "password", "terms"];
    fn title(&self, _: &Shell) -> Text {
        Text::key("register-password-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// The terms of an installation that gave none of its own.
#[derive(Clone, Serialize)]
pub struct TermsPage {}

impl Page for TermsPage {
    const TEMPLATE: &'static str = "terms.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("terms-title")
    }
}
