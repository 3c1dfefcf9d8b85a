//! Pages of devices without a keyboard (RFC 8628): where their codes are entered, and the end.

use serde::Serialize;

use super::shell::{FieldError, Page, Shell, Text};

/// Takes the code that a device shows.
#[derive(Clone, Serialize)]
pub struct DevicePage {
    /// Where the form is posted.
    pub action: String,
    /// The CSRF token.
    pub csrf: String,
    /// The code as it was typed, or came with the address.
    pub user_code: String,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How long who tried too often must wait, for the error `login-throttled`.
    #[serde(skip)]
    pub wait_seconds: Option<u64>,
}

impl Page for DevicePage {
    const TEMPLATE: &'static str = "device.html";
    const FIELDS: &'static [&'static str] = &["user_code"];
    fn title(&self, _: &Shell) -> Text {
        Text::key("device-title")
    }
    fn errors(&self) -> &[FieldError] {
        &self.errors
    }
    fn wait_seconds(&self) -> Option<u64> {
        self.wait_seconds
    }
}

/// Tells the person to go back to the device.
#[derive(Clone, Serialize)]
pub struct DeviceDonePage {
    /// Whom they allowed or refused.
    pub client: String,
    /// They allowed it.
    pub allowed: bool,
}

impl Page for DeviceDonePage {
    const TEMPLATE: &'static str = "device_done.html";
    fn title(&self, _: &Shell) -> Text {
        Text::key(if self.allowed { "device-done-title" } else { "device-denied-title" })
    }
}
