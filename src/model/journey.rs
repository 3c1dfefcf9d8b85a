//! A journey as it is stored: the request as it came, and the facts that pages recorded.

use time::OffsetDateTime;

use super::{consent::Decision, words::words};
use crate::ids::{ClientId, JourneyId, SessionId};

words! {
    /// Which wing a request came by.
    Protocol {
        /// OAuth 2.0 and OpenID Connect.
        Oauth2 = "oauth2",
        /// OpenID Authentication 2.0.
        Openid2 = "openid2",
        /// OAuth 1.0a.
        Oauth1 = "oauth1",
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
    /// Who asked.
    pub client_id: ClientId,
    /// The request's parameters as they came; vetted anew at every step.
    pub parameters: String,
    /// The session that was made in this journey.
    pub session_id: Option<SessionId>,
    /// What the person decided on the consent page.
    pub decision: Option<Decision>,
    /// The code of the last mistake recorded.
    pub last_error: Option<String>,
    /// When it began.
    pub created_at: OffsetDateTime,
}
