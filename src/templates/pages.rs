//! The pages people see, one struct a page. Ids and field names are a contract: relying parties'
//! tests drive these forms. What holds a CSRF token, a code or an answer has no `Debug`.

use serde::Serialize;
use time::Date;

use super::shell::{BackLink, FieldError, Page, Shell, Text};
use crate::model::attribute::Level;

/// Sign-in with name and password, and links to the other ways.
#[derive(Clone, Serialize)]
pub struct LoginPage {
    /// Where the form is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
    /// What was typed before; the password never is.
    pub username: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How long a throttled person must wait, for the error `login-throttled`.
    #[serde(skip)]
    pub wait_seconds: Option<u64>,
    /// Link to registration, where it is offered.
    pub register: Option<String>,
    /// Link to sign-in by certificate, where it is offered.
    pub certificate: Option<String>,
    /// Link to sign-in by phone, where it is offered.
    pub phone: Option<String>,
    /// Link to sign-in by passkey, where it is offered.
    pub passkey: Option<String>,
    /// Link for who forgot their password, where one can be set anew.
    pub forgotten: Option<String>,
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "login.html";
    const FIELDS: &'static [&'static str] = &["username", "password"];
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

/// What would be given to the client, for the person to allow or refuse.
#[derive(Clone, Serialize)]
pub struct ConsentPage {
    /// Where the form is posted.
    pub action: String,
    /// The journey's id.
    pub journey: String,
    /// The CSRF token.
    pub csrf: String,
    /// Who is signed in.
    pub person: String,
    /// The values that would be given.
    pub rows: Vec<ConsentRow>,
    /// Labels, in the person's language, of the scopes that give no values.
    pub scopes: Vec<String>,
    /// The state of the "remember" box; `None` when nothing can be remembered, of a relying party that
    /// nobody registered.
    pub remember: Option<bool>,
    /// The code that the device shows, when one asks and not a service in this browser.
    pub user_code: Option<String>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

impl Page for ConsentPage {
    const TEMPLATE: &'static str = "consent.html";
    const FIELDS: &'static [&'static str] = &["remember"];
    fn title(&self, shell: &Shell) -> Text {
        Text::with_client(shell, "consent-title-client", "consent-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// One value that would be given.
#[derive(Clone, Debug, Serialize)]
pub struct ConsentRow {
    /// The claim's name: the value of its checkbox `claim` when it is optional.
    pub name: String,
    /// Its label in the person's language.
    pub label: String,
    /// The value as the person knows it.
    pub value: String,
    /// How well it was checked; `None` for what the account itself says, such as the user name.
    pub level: Option<Level>,
    /// When it was checked, if it was.
    pub verified: Option<Verified>,
    /// The person may leave it out.
    pub optional: bool,
    /// The state of the checkbox, when it is optional.
    pub checked: bool,
}

/// When a value was checked.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Verified {
    /// The day.
    #[serde(serialize_with = "year_month_day")]
    pub date: Date,
}

fn year_month_day<S: serde::Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    (date.year(), u8::from(date.month()), date.day()).serialize(serializer)
}

/// Something went wrong that no form on the page can put right.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    /// The protocol's word for it.
    pub code: String,
    /// What a developer needs to know, in English.
    pub description: String,
    /// The request's id, to tell support.
    pub request_id: String,
    /// What the person is told.
    pub kind: ErrorKind,
    /// Where to go on, when that is known to be safe.
    pub back: Option<BackLink>,
}

/// Kinds of error page: each has its own title, explanation and advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The service that sent the person here asked in a wrong way.
    Developer,
    /// The journey is over or too old.
    Expired,
    /// The journey was begun in another browser.
    OtherBrowser,
    /// We can't serve at the moment.
    Unavailable,
    /// No such page.
    NotFound,
    /// Our own fault.
    Internal,
    /// The person may not do this.
    Forbidden,
    /// Too many requests in a short time.
    TooMany,
    /// The person's certificate does not sign them in.
    Certificate,
    /// The device's code is too old, or was used.
    DeviceExpired,
}

impl ErrorKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Developer,
        Self::Expired,
        Self::OtherBrowser,
        Self::Unavailable,
        Self::NotFound,
        Self::Internal,
        Self::Forbidden,
        Self::TooMany,
        Self::Certificate,
        Self::DeviceExpired,
    ];

    const fn title(self) -> &'static str {
        match self {
            Self::Developer => "error-developer-title",
            Self::Expired => "error-expired-title",
            Self::OtherBrowser => "error-other-browser-title",
            Self::Unavailable => "error-unavailable-title",
            Self::NotFound => "error-not-found-title",
            Self::Internal => "error-internal-title",
            Self::Forbidden => "error-forbidden-title",
            Self::TooMany => "error-too-many-title",
            Self::Certificate => "error-certificate-title",
            Self::DeviceExpired => "error-device-expired-title",
        }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key(self.kind.title())
    }
}

/// Asks whether the person means to sign out.
#[derive(Clone, Serialize)]
pub struct LogoutPage {
    /// Where the form is posted.
    pub action: String,
    /// The CSRF token.
    pub csrf: String,
    /// What the form carries on besides.
    pub hidden: Vec<(String, String)>,
    /// Who is signed in.
    pub person: String,
    /// The client that sent the person here, when it is known.
    pub client: Option<String>,
}

impl Page for LogoutPage {
    const TEMPLATE: &'static str = "logout.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("logout-title")
    }
}

/// The person is signed out.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedOutPage {
    /// Where to go on, when that is known to be safe.
    pub back: Option<BackLink>,
    /// The browser goes on of itself once the frames have loaded.
    pub onward: bool,
    /// Addresses of services that are told by being loaded.
    pub frames: Vec<String>,
}

impl Page for LoggedOutPage {
    const TEMPLATE: &'static str = "logged_out.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("logged-out-title")
    }
}

/// Carries an answer to the client as a form (OAuth 2.0 Form Post Response Mode §2).
#[derive(Clone, Serialize)]
pub struct FormPostPage {
    /// The return address.
    pub action: String,
    /// The answer's parameters; they may hold a code or token.
    pub fields: Vec<(String, String)>,
}

impl Page for FormPostPage {
    const TEMPLATE: &'static str = "form_post.html";
    fn title(&self, shell: &Shell) -> Text {
        Text::with_client(shell, "form-post-title-client", "form-post-title")
    }
}

/// Shows a code to a person, and in the title to the program that watches its own window
/// (`urn:ietf:wg:oauth:2.0:oob:auto`).
#[derive(Clone, Serialize)]
pub struct CodePage {
    /// The code: a secret.
    pub code: String,
}

impl Page for CodePage {
    const TEMPLATE: &'static str = "code.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("code-title")
    }
    fn document_title(&self) -> Option<String> {
        Some(format!("Success code={}", self.code))
    }
}

/// What this server is, for someone who came without a journey.
#[derive(Clone, Debug, Serialize)]
pub struct HomePage {
    /// Who is signed in.
    pub person: Option<String>,
    /// Link to sign out.
    pub logout: Option<String>,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "home.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key("home-title")
    }
}
