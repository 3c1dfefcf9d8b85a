//! Pages of a development server only, in English: its outbox, and the demonstration clients.

use serde::Serialize;

use super::{
    drawing::Drawing,
    shell::{Page, Shell, Text},
};

/// The messages that would have been sent.
#[derive(Clone, Debug, Serialize)]
pub struct OutboxPage {
    /// Newest first.
    pub messages: Vec<OutboxItem>,
}

/// One message.
#[derive(Clone, Debug, Serialize)]
pub struct OutboxItem {
    /// When it was written.
    pub at: String,
    /// `sms` or `mail`.
    pub channel: String,
    /// The phone or mail address.
    pub to: String,
    /// The subject, empty for an SMS.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl Page for OutboxPage {
    const TEMPLATE: &'static str = "dev_outbox.html";
    fn title(&self, _: &Shell) -> Text {
        Text::Plain("Outbox".to_owned())
    }
}

/// The demonstrations and the accounts to try them with.
#[derive(Clone, Debug, Serialize)]
pub struct DemoIndexPage {
    /// What can be tried.
    pub demos: Vec<DemoLink>,
    /// Who can sign in.
    pub accounts: Vec<DemoAccount>,
}

/// One demonstration.
#[derive(Clone, Debug, Serialize)]
pub struct DemoLink {
    /// Its address.
    pub href: String,
    /// Its name.
    pub title: String,
    /// What it shows.
    pub description: String,
}

/// One account of the demonstration.
#[derive(Clone, Debug, Serialize)]
pub struct DemoAccount {
    /// Its user name.
    pub username: String,
    /// Its password, which is public.
    pub password: String,
    /// What kind of person it stands for.
    pub kind: String,
}

impl Page for DemoIndexPage {
    const TEMPLATE: &'static str = "dev_demos.html";
    fn title(&self, _: &Shell) -> Text {
        Text::Plain("Demonstrations".to_owned())
    }
}

/// Begins one demonstration.
#[derive(Clone, Debug, Serialize)]
pub struct DemoStartPage {
    /// Where the form goes.
    pub action: String,
    /// `get` or `post`.
    pub method: &'static str,
    /// The demonstration's name.
    pub title: String,
    /// What will happen.
    pub description: String,
    /// The words on the button.
    pub button: String,
    /// What may be filled in.
    pub fields: Vec<DemoField>,
    /// What the form carries.
    pub hidden: Vec<(String, String)>,
}

/// A field of a demonstration's form.
#[derive(Clone, Debug, Serialize)]
pub struct DemoField {
    /// Its name, and its id.
    pub name: &'static str,
    /// What stands beside it.
    pub label: String,
    /// A box to tick rather than a text.
    pub is_choice: bool,
}

impl Page for DemoStartPage {
    const TEMPLATE: &'static str = "dev_start.html";
    fn title(&self, _: &Shell) -> Text {
        Text::Plain(self.title.clone())
    }
}

/// The screen of a device that waits for its person.
#[derive(Clone, Debug, Serialize)]
pub struct DemoDevicePage {
    /// Where this page is.
    pub action: String,
    /// The code for the person.
    pub user_code: String,
    /// Where they enter it.
    pub address: String,
    /// The same with the code in it.
    pub complete: String,
    /// The latter as a QR code.
    pub qr: Option<Drawing>,
    /// The server's last word.
    pub word: String,
    /// How often the device asks, in seconds.
    pub interval: u64,
}

impl Page for DemoDevicePage {
    const TEMPLATE: &'static str = "dev_device.html";
    fn title(&self, _: &Shell) -> Text {
        Text::Plain("Sign in on another device".to_owned())
    }
}

/// How a demonstration ended.
#[derive(Clone, Debug, Serialize)]
pub struct DemoResultPage {
    /// Every check held.
    pub ok: bool,
    /// What was checked.
    pub checks: Vec<DemoCheck>,
    /// The claims received.
    pub claims: Vec<(String, String)>,
    /// The answer as it came.
    pub raw: String,
    /// Link to start again.
    pub again: String,
    /// Link to sign out at the server, once signed in.
    pub logout: Option<String>,
}

/// One check of a demonstration.
#[derive(Clone, Debug, Serialize)]
pub struct DemoCheck {
    /// What was checked.
    pub name: String,
    /// It held.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

impl From<(String, bool, String)> for DemoCheck {
    fn from((name, ok, detail): (String, bool, String)) -> Self {
        Self { name, ok, detail }
    }
}

impl Page for DemoResultPage {
    const TEMPLATE: &'static str = "dev_result.html";
    fn title(&self, _: &Shell) -> Text {
        Text::Plain(if self.ok { "Signed in" } else { "Sign-in failed" }.to_owned())
    }
}
