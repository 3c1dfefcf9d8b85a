//! Pages of signing in beyond name and password: by phone, by code, by passkey. What holds a CSRF
//! token has no `Debug`.

use serde::Serialize;

use super::shell::{FieldError, Page, Shell, Text};

/// Asks for a phone that a code will be sent to.
#[derive(Clone, Serialize)]
pub struct PhonePage {
    /// Where the form is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
    /// What was typed before, or what the client says.
    pub phone: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How long to wait, for errors about that.
    #[serde(skip)]
    pub wait_seconds: Option<u64>,
    /// Link to sign-in by name and password.
    pub password: String,
}

impl Page for PhonePage {
    const TEMPLATE: &'static str = "phone.html";
    const FIELDS: &'static [&'static str] = &["phone"];
    fn title(&self, shell: &Shell) -> Text {
        Text::with_client(shell, "login-title-client", "login-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
    fn wait_seconds(&self) -> Option<u64> {
        self.wait_seconds
    }
}

/// Asks for a one-time code: sent by us, shown by an application, or from the person's drawer.
#[derive(Clone, Serialize)]
pub struct OneTimeCodePage {
    /// The task: a key of the catalogue.
    #[serde(skip)]
    pub title: &'static str,
    /// Where the form is posted.
    pub action: String,
    /// The journey's id; none on the account pages.
    pub journey: Option<String>,
    /// The CSRF token.
    pub csrf: String,
    /// Where the code comes from.
    pub source: CodeSource,
    /// How to have another sent; none for codes that are not sent.
    pub resend: Option<Resend>,
    /// Other ways to go on.
    pub ways: Vec<Way>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How long to wait, for errors about that.
    #[serde(skip)]
    pub wait_seconds: Option<u64>,
}

/// Asks for a passkey, which only a script can ask the browser for.
#[derive(Clone, Serialize)]
pub struct PasskeyPage {
    /// Where the form is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
    /// What the browser is asked, as JSON; none where there are no passkeys.
    pub options: Option<String>,
    /// Other ways to go on.
    pub ways: Vec<Way>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

impl Page for PasskeyPage {
    const TEMPLATE: &'static str = "passkey.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("passkey-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// Where a code comes from.
#[derive(Clone, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum CodeSource {
    /// We sent it to a phone.
    Sms(SentCode),
    /// We sent it by mail.
    Mail(SentCode),
    /// We sent it where only the account's owner knows, if there is an account at all.
    Unnamed(SentCode),
    /// An authenticator application shows it.
    Application,
    /// The person kept it.
    Recovery,
}

/// A code that was sent.
#[derive(Clone, Serialize)]
pub struct SentCode {
    /// Where to, with its middle left out.
    pub to: String,
    /// How long it still lives, in seconds.
    pub lives: u64,
    /// How many tries remain.
    pub tries: i32,
}

/// How to have another code sent.
#[derive(Clone, Serialize)]
pub struct Resend {
    /// Where the form is posted.
    pub action: String,
    /// How long until another may be sent, in seconds.
    pub wait: u64,
}

/// Another way to go on.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// Its address.
    pub href: String,
    /// What it is called: a key of the catalogue.
    pub key: &'static str,
}

impl Page for OneTimeCodePage {
    const TEMPLATE: &'static str = "one_time_code.html";
    const FIELDS: &'static [&'static str] = &["code"];
    fn title(&self, _: &Shell) -> Text {
        Text::key(self.title)
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
    fn wait_seconds(&self) -> Option<u64> {
        self.wait_seconds
    }
}
