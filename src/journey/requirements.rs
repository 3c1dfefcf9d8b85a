//! What a request demands before it may be answered.

use std::collections::BTreeMap;

use time::Duration;

use crate::{
    ids::UserId,
    model::{attribute::Level, consent::Asked, hints::Identifier, user::UserKind},
};

/// Whether and how people may be asked anything (`prompt`, OpenID Connect Core §3.1.2.1;
/// `checkid_immediate`, OpenID Authentication 2.0 §9.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Nothing may be shown: answer at once or refuse.
    pub none: bool,
    /// The person must sign in anew.
    pub login: bool,
    /// They want a new account: begin with making one.
    pub create: bool,
    /// The person must be asked for consent anew.
    pub consent: bool,
}

/// What a request demands, in no protocol's words.
#[derive(Clone, Debug, Default)]
pub struct Requirements {
    /// Whether and how people may be asked.
    pub prompt: Prompt,
    /// How long ago the person may have signed in.
    pub max_age: Option<Duration>,
    /// Only this account will do (`id_token_hint`, or a `sub` asked by `claims`).
    pub subject: Option<UserId>,
    /// A second factor is demanded.
    pub second_factor: bool,
    /// Least level of the account.
    pub min_level: Level,
    /// A page of our own asks, not a client: nobody need consent.
    pub own_page: bool,
    /// Only an account with this confirmed phone will do, when it has one (Aitu's `phone`).
    pub phone: Option<Identifier>,
    /// What the client would get.
    pub asked: Asked,
    /// Attributes that only these kinds of account have: of others they are neither asked nor wanted.
    pub only_for: BTreeMap<String, Vec<UserKind>>,
    /// The page for missing attributes offers what is only wanted too, to be given or skipped.
    pub offer_wanted: bool,
    /// Only a person with this IIN will do: the client signed it.
    pub locked_iin: Option<Identifier>,
    /// The organisation the person is to act for (`bin`): only its representatives will do.
    pub acting_for: Option<Identifier>,
}
