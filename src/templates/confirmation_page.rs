//! What waits for the person's confirmation. No `Debug`: it holds a CSRF token.

use serde::Serialize;

use super::{
    account_pages::{Frame, Moment, account_pages},
    shell::{FieldError, Page, Shell, Text},
};

account_pages! {
    ConfirmationsPage, "account_confirmations.html", "confirmations-title", &[];
}

/// Questions of clients that the person has not answered.
#[derive(Clone, Serialize)]
pub struct ConfirmationsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The newest first.
    pub rows: Vec<ConfirmationRow>,
    /// What was wrong.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
}

/// One question.
#[derive(Clone, Serialize)]
pub struct ConfirmationRow {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub client: String,
    /// The asking client's host, as far as one is known.
    pub host: Option<String>,
    /// What it calls the operation; empty for a sign-in.
    pub reference: String,
    /// When it was asked.
    pub asked: Moment,
    /// Until when it can be answered.
    pub until: Moment,
}
