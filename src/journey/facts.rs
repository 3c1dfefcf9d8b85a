//! What is known when the question is put.

use crate::model::{
    consent::{Consent, Decision},
    session::Session,
    user::User,
};

/// A live session and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Login<'a> {
    /// The session.
    pub session: &'a Session,
    /// Its person.
    pub user: &'a User,
    /// Whether it was made in this very journey: then it is as fresh as can be asked.
    pub in_journey: bool,
    /// Whether the account has a second factor that must be proved at every sign-in.
    pub second_factor_enrolled: bool,
}

/// What is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// Who is signed in at this browser.
    pub login: Option<Login<'a>>,
    /// What they allowed this client before.
    pub remembered: Option<&'a Consent>,
    /// What they decided in this journey.
    pub decision: Option<&'a Decision>,
    /// Whether they are who the request names in its protocol's way; `None` when it names nobody.
    pub named: Option<bool>,
    /// Whether they represent the organisation that the request names; unknown counts as no.
    pub represents: Option<bool>,
}
