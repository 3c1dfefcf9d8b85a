//! The person's own pages about what protects the account. None has `Debug`: they hold CSRF tokens,
//! and some show a secret once.

use serde::Serialize;

use super::{
    account_pages::{Frame, Moment, account_pages},
    shell::{FieldError, Page, Shell, Text},
};

account_pages! {
    SecurityPage, "account_security.html", "security-title", &[];
    PasswordPage, "account_password.html", "change-password-title", &["password"];
    TotpPage, "account_totp.html", "totp-title", &["code"];
    NewPasskeyPage, "account_passkey.html", "new-passkey-title", &["label"];
    RecoveryCodesPage, "account_recovery.html", "recovery-codes-title", &[];
}

/// What protects the account.
#[derive(Clone, Serialize)]
pub struct SecurityPage {
    /// What surrounds it.
    pub frame: Frame,
    /// When the password was last changed; none without one.
    pub password: Option<Moment>,
    /// The authenticator application, when one is set up.
    pub totp: Option<FactorRow>,
    /// The passkeys.
    pub passkeys: Vec<FactorRow>,
    /// Codes to the phone.
    pub sms: ChannelState,
    /// Codes by mail.
    pub mail: ChannelState,
    /// Recovery codes that are left.
    pub recovery_codes: usize,
    /// Whether there is a second factor.
    pub enrolled: bool,
    /// Whether passkeys can be made here.
    pub can_add_passkeys: bool,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One factor.
#[derive(Clone, Serialize)]
pub struct FactorRow {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// When it was added.
    pub added: Moment,
    /// When it last worked.
    pub used: Option<Moment>,
}

/// Whether codes go out by phone or mail as a second factor.
#[derive(Clone, Serialize)]
pub struct ChannelState {
    /// They do: the factor's id.
    pub id: Option<String>,
    /// Where to, with its middle left out; none when nothing is confirmed.
    pub to: Option<String>,
}

/// Asks for a new password.
#[derive(Clone, Serialize)]
pub struct PasswordPage {
    /// What surrounds it.
    pub frame: Frame,
    /// For password managers: whose password it is.
    pub username: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// Shows the seed for an authenticator application, and asks for its first code.
#[derive(Clone, Serialize)]
pub struct TotpPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The seed, sealed, to come back with the code.
    pub sealed: String,
    /// The seed as a person types it: a secret.
    pub secret: String,
    /// The address as a link for an application on the same device: a secret.
    pub uri: String,
    /// Width and height of the QR code in modules.
    pub size: usize,
    /// The dark modules as an SVG path: a secret.
    pub path: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// Asks the browser to make a passkey.
#[derive(Clone, Serialize)]
pub struct NewPasskeyPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What the browser is asked, as JSON.
    pub options: String,
    /// The challenge, sealed, to come back with the answer.
    pub sealed: String,
    /// What its owner calls it.
    pub label: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// Shows a new set of recovery codes, once.
#[derive(Clone, Serialize)]
pub struct RecoveryCodesPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The codes: secrets.
    pub codes: Vec<String>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}
