//! Pages of a forgotten password. What holds a CSRF token has no `Debug`.

use serde::Serialize;

use super::{
    register_pages::JourneyForm,
    shell::{FieldError, Page, Shell, Text},
};

/// Asks whose password was forgotten.
#[derive(Clone, Serialize)]
pub struct ForgottenPage {
    /// The form.
    pub form: JourneyForm,
    /// What was typed.
    pub username: String,
    /// Link to the sign-in.
    pub login: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How long to wait, for errors about that.
    #[serde(skip)]
    pub wait_seconds: Option<u64>,
}

impl Page for ForgottenPage {
    const TEMPLATE: &'static str = "forgotten.html";
    const FIELDS: &'static [&'static str] = &["username"];
    fn title(&self, _: &Shell) -> Text {
        Text::key("forgotten-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
    fn wait_seconds(&self) -> Option<u64> {
        self.wait_seconds
    }
}

/// Asks for a new password.
#[derive(Clone, Serialize)]
pub struct NewPasswordPage {
    /// The task: a key of the catalogue.
    #[serde(skip)]
    pub title: &'static str,
    /// Where the form is posted.
    pub action: String,
    /// Its hidden fields.
    pub hidden: Vec<(&'static str, String)>,
    /// The account's user name, for password managers and for the person.
    pub username: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

impl Page for NewPasswordPage {
    const TEMPLATE: &'static str = "new_password.html";
    const FIELDS: &'static [&'static str] = &["password"];
    fn title(&self, _: &Shell) -> Text {
        Text::key(self.title)
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// The password is set, or the link that should set it no longer works.
#[derive(Clone, Serialize)]
pub struct PasswordEndPage {
    /// The password is set.
    pub done: bool,
    /// Where to go on.
    pub href: String,
}

impl Page for PasswordEndPage {
    const TEMPLATE: &'static str = "password_end.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key(if self.done { "password-set-title" } else { "password-link-title" })
    }
}
