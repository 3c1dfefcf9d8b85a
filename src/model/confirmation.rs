//! A confirmation: a client asks that a person confirm a sign-in or an operation with their second
//! factor.

use time::OffsetDateTime;

use super::{journey::Channel, session::Amr, words::words};
use crate::ids::{ClientId, ConfirmationId, UserId};

words! {
    /// What is to be confirmed.
    Subject {
        /// That the person signs in at the client.
        Login = "login",
        /// An operation of the client's (`OperationId`).
        Operation = "operation",
        /// A transaction of the client's (`TransactionTokenId`).
        Transaction = "transaction",
    }
}

words! {
    /// How the person answers.
    AnswerWay {
        /// With a code of their authenticator application.
        Totp = "totp",
        /// With a code by SMS.
        Sms = "sms",
        /// With a code by mail.
        Mail = "mail",
        /// On their account page, and nowhere else; there every confirmation can be answered.
        Account = "account",
    }
}

impl AnswerWay {
    /// How a code of this way is sent.
    pub const fn channel(self) -> Option<Channel> {
        match self {
            Self::Sms => Some(Channel::Sms),
            Self::Mail => Some(Channel::Mail),
            Self::Totp | Self::Account => None,
        }
    }

    /// The source system's name of the way (`AuthnMethod`).
    pub const fn method(self) -> &'static str {
        match self {
            Self::Totp => "http://dss.cryptopro.ru/identity/authenticationmethod/oath",
            Self::Sms => "http://dss.cryptopro.ru/identity/authenticationmethod/otpviasms",
            Self::Mail => "http://dss.cryptopro.ru/identity/authenticationmethod/otpviaemail",
            Self::Account => "http://dss.cryptopro.ru/identity/authenticationmethod/mobile",
        }
    }
}

words! {
    /// What became of it. Those that are failures are words of the wire (`Error`).
    Outcome {
        /// The person confirmed.
        Confirmed = "confirmed",
        /// The person refused, or a newer request took its place.
        Cancelled = "cancelled",
        /// The code was tried too often.
        CodeExhausted = "code_exhausted",
        /// Nobody answered in time.
        Expired = "expired",
    }
}

impl Outcome {
    /// What the client's developer is told.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Confirmed => "the person confirmed",
            Self::Cancelled => "the person refused, or a newer request took the place of this one",
            Self::CodeExhausted => "the code was tried too often; begin anew",
            Self::Expired => "there is no such challenge any more; begin anew",
        }
    }
}

/// What is asked, as it is compared with what is open: a repeated question is the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is to be confirmed.
    pub subject: Subject,
    /// The client's own name of the operation or transaction; empty for a sign-in.
    pub reference: String,
    /// What the token will be for; empty: this server.
    pub resource: String,
}

/// A confirmation.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// Its row, and `RefID` on the wire.
    pub id: ConfirmationId,
    /// Who asks.
    pub client_id: ClientId,
    /// Who is asked.
    pub user_id: UserId,
    /// What is asked.
    pub question: Question,
    /// How the person answers.
    pub way: AnswerWay,
    /// Where the client wants to be told of the outcome.
    pub callback_uri: Option<String>,
    /// Codes tried so far.
    pub attempts: i32,
    /// When it was asked.
    pub created_at: OffsetDateTime,
    /// Until when it can be answered; once confirmed, until when the token can be fetched.
    pub expires_at: OffsetDateTime,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// When that was decided.
    pub decided_at: Option<OffsetDateTime>,
    /// How the person proved themselves.
    pub amr: Vec<Amr>,
    /// When the token was given.
    pub finished_at: Option<OffsetDateTime>,
}
