//! A journey as it is stored: the request as it came, and the facts that pages recorded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{consent::Decision, user::UserKind, words::words};
use crate::{
    ids::{ClientId, JourneyId, SessionId, UserId},
    secret::Digest,
};

words! {
    /// Which wing a request came by.
    Protocol {
        /// OAuth 2.0 and OpenID Connect.
        Oauth2 = "oauth2",
        /// OpenID Authentication 2.0.
        Openid2 = "openid2",
        /// OAuth 1.0a.
        Oauth1 = "oauth1",
        /// A device's code, entered in a browser (RFC 8628).
        Device = "device",
        /// Our own pages: no client asks.
        Account = "account",
    }
}

words! {
    /// How far a person got (`cancel_stage` of detailed error redirects).
    Stage {
        /// Signing in.
        Login = "login",
        /// Proving a second factor.
        SecondFactor = "second_factor",
        /// Making an account.
        Register = "register",
        /// Completing attributes.
        Attributes = "attributes",
        /// Deciding what the client may know.
        Consent = "consent",
    }
}

words! {
    /// The last mistake recorded in a journey (`cancel_reason` of detailed error redirects).
    Reason {
        /// Name or password were wrong.
        BadCredentials = "bad_credentials",
        /// A one-time code was wrong.
        CodeWrong = "code_wrong",
        /// A one-time code came too late.
        CodeExpired = "code_expired",
        /// A one-time code was tried too often.
        CodeExhausted = "code_exhausted",
        /// A value typed for an attribute is not one.
        AttributeInvalid = "attribute_invalid",
        /// The account's level is too low.
        LevelInsufficient = "level_insufficient",
        /// The account's IIN is another than the one signed.
        IinMismatch = "iin_mismatch",
        /// The client's word for a phone was bad, used, expired or foreign.
        OtpConfirmationInvalid = "otp_confirmation_invalid",
        /// The account has been shut out.
        AccountDisabled = "account_disabled",
    }
}

/// A journey.
#[derive(Clone, Debug)]
pub struct Journey {
    /// Its row, and `cancel_request_id` of detailed error redirects.
    pub id: JourneyId,
    /// Which wing it belongs to.
    pub protocol: Protocol,
    /// Who asked; nobody for our own pages.
    pub client_id: Option<ClientId>,
    /// The request's parameters as they came; vetted anew at every step.
    pub parameters: String,
    /// Digest of the pushed request that it answers (RFC 9126).
    pub pushed: Option<Digest>,
    /// The session that was made in this journey.
    pub session_id: Option<SessionId>,
    /// What the person decided on the consent page.
    pub decision: Option<Decision>,
    /// What pages keep from one request to the next.
    pub notes: Notes,
    /// The code of the last mistake recorded.
    pub last_error: Option<String>,
    /// When it began.
    pub created_at: OffsetDateTime,
}

/// What the pages of a journey keep from one request to the next: what was typed, and what was
/// confirmed. Stored as JSON with the journey and gone with it; a missing key is its default.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// The phone typed at the sign-in by phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The way of the second factor that was last chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<String>,
    /// A phone or mail address that was confirmed in this journey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Contact>,
    /// The account being made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// The challenge a passkey has to sign (WebAuthn §13.4.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passkey: Option<serde_json::Value>,
    /// The forgotten password that is being set anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
}

// Not derived: what is noted are phones, addresses and identifiers, which no log may hold.
impl std::fmt::Debug for Notes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notes(..)")
    }
}

/// An account being made: what was typed so far, right or wrong. Never the password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    /// The account's id, chosen beforehand: a journey makes one account, however often the last
    /// button is pressed.
    pub account: Option<UserId>,
    /// What kind of account.
    pub kind: Option<UserKind>,
    /// What was typed, by the field's name.
    pub typed: BTreeMap<String, String>,
    /// The user name that was wished for.
    pub username: Option<String>,
}

/// A forgotten password on the way to a new one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reset {
    /// The name, mail, phone or identifier that was typed.
    pub name: String,
    /// The account that goes by it, if there is one and it can be reached.
    pub user: Option<UserId>,
    /// Where its owner's code went: no other code gives the right to its password.
    pub sent_to: Option<Contact>,
    /// The code that was sent to its owner came back.
    pub confirmed: bool,
    /// The password was set.
    pub done: bool,
}

/// Where a message can be sent to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// By phone or mail.
    pub channel: Channel,
    /// The number (E.164) or address.
    pub to: String,
}

impl Contact {
    /// The contact with the middle of its address left out, for pages: who is meant can tell, who
    /// looks over a shoulder or types a stranger's name can't.
    pub fn masked(&self) -> String {
        let shown = |text: &str, head: usize, tail: usize| {
            let letters: Vec<char> = text.chars().collect();
            let hidden = letters.len().saturating_sub(head + tail);
            let head: String = letters.iter().take(head).collect();
            let tail: String = letters.iter().skip(letters.len().saturating_sub(tail)).collect();
            format!("{head}{}{tail}", "•".repeat(hidden.clamp(3, 8)))
        };
        match (self.channel, self.to.rsplit_once('@')) {
            (Channel::Mail, Some((name, domain))) => format!("{}@{domain}", shown(name, 1, 0)),
            _ => shown(&self.to, 3, 2),
        }
    }
}

words! {
    /// How a message goes out.
    Channel {
        /// A short message to a phone.
        Sms = "sms",
        /// A mail.
        Mail = "mail",
    }
}

impl Channel {
    /// The attribute that holds where such a message goes.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Sms => "mobile_phone",
            Self::Mail => "email",
        }
    }
}

words! {
    /// What a one-time code is for: a code for one purpose opens nothing else.
    Purpose {
        /// Signing in by phone alone.
        SignIn = "sign-in",
        /// The second factor after a password.
        SecondFactor = "second-factor",
        /// Confirming a phone or mail while an account is made.
        Registration = "registration",
        /// Confirming a phone or mail of an account.
        Contact = "contact",
        /// Setting a forgotten password anew.
        Reset = "reset",
        /// Confirming a sign-in or an operation at a client's own pages.
        Confirmation = "confirmation",
    }
}

words! {
    /// What a link for setting a password is for.
    LinkPurpose {
        /// A forgotten password.
        Reset = "reset",
        /// The first password of an account that somebody else made.
        Invitation = "invitation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_contact_shows_its_owner_enough_and_a_stranger_too_little() {
        let contact = |channel, to: &str| Contact { channel, to: to.to_owned() }.masked();
        assert_eq!(contact(Channel::Sms, "+66812345678"), "+66•••••••78");
        assert_eq!(contact(Channel::Mail, "somchai@example.org"), "s••••••@example.org");
        assert_eq!(contact(Channel::Mail, "a@example.org"), "a•••@example.org");
    }

    #[test]
    fn notes_of_an_older_version_read_with_defaults() {
        let notes: Notes = serde_json::from_str("{\"phone\":\"+66812345678\"}").unwrap();
        assert_eq!(notes.phone.as_deref(), Some("+66812345678"));
        assert!(!format!("{notes:?}").contains("668"));
    }
}
