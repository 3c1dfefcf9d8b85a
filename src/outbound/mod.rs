//! What leaves the house: text messages, mail, and word to clients. They are written to the outbox with what they
//! tell of, in one transaction, and sent from there by [`worker`], never by a request. And the one
//! client that fetches documents of others: [`fetch`].

pub mod fetch;
pub mod logo;
pub mod logout;
mod mail;
mod reach;
mod sms;
mod webhook;
pub mod worker;

use std::{fmt, sync::Arc};

use crate::{
    settings::{Delivery, Settings},
    store::outbox::Leased,
};

use self::{fetch::Fetcher, logout::Minter, mail::MailSender, sms::SmsSender};

/// The gateways of the settings.
pub struct Senders {
    sms: Delivery<SmsSender>,
    mail: Delivery<MailSender>,
    fetcher: Arc<Fetcher>,
    /// `/dev/outbox` shows what was said; elsewhere a delivered code must not lie around.
    keeps_text: bool,
}

/// A gateway's settings can't be used; the text begins with their key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct SenderError(String);

/// Why a message was not delivered. Holds neither recipient nor text nor an address's query: it is
/// written to the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// It may be taken another time.
    Later(String),
    /// This message will never be taken.
    Never(String),
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later(why) | Self::Never(why) => f.write_str(why),
        }
    }
}

/// How a gateway was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// None is set.
    Absent,
    /// Messages stay in the outbox.
    Outbox,
    /// It answers.
    Well,
    /// It does not; says why.
    Ill(String),
}

impl Senders {
    /// Reads templates and certificates that the settings name. Must be called within a runtime.
    ///
    /// # Errors
    /// [`SenderError`] naming the key at fault.
    pub fn new(settings: &Settings) -> Result<Self, SenderError> {
        Ok(Self {
            fetcher: Arc::new(Fetcher::new(&settings.outbound)?),
            sms: made(&settings.sms, SmsSender::new)?,
            mail: made(&settings.mail, MailSender::new)?,
            keeps_text: settings.development,
        })
    }

    /// The one client for addresses that others chose.
    pub fn fetcher(&self) -> Arc<Fetcher> {
        Arc::clone(&self.fetcher)
    }

    /// Hands one message over.
    async fn send(&self, message: &Leased, minter: &Minter) -> Result<(), Undelivered> {
        match message.channel.as_str() {
            "sms" => match &self.sms {
                Delivery::Gateway(gateway) => gateway.send(message).await,
                Delivery::Outbox => Ok(()),
                Delivery::None => Err(Undelivered::Later("sms.url is not set".into())),
            },
            "mail" => match &self.mail {
                Delivery::Gateway(server) => server.send(message).await,
                Delivery::Outbox => Ok(()),
                Delivery::None => Err(Undelivered::Later("mail.host is not set".into())),
            },
            "webhook" => webhook::send(&self.fetcher, message).await,
            "logout" => logout::send(&self.fetcher, minter, message).await,
            _ => Err(Undelivered::Never("no sender serves this channel".into())),
        }
    }

    /// Whether the text stays in its row after delivery.
    fn keeps_text(&self, channel: &str) -> bool {
        self.keeps_text
            || match channel {
                "sms" => matches!(self.sms, Delivery::Outbox),
                "mail" => matches!(self.mail, Delivery::Outbox),
                _ => false,
            }
    }

    /// Whether the SMS gateway can be reached; sends nothing.
    pub async fn look_at_sms(&self) -> Condition {
        match &self.sms {
            Delivery::None => Condition::Absent,
            Delivery::Outbox => Condition::Outbox,
            Delivery::Gateway(gateway) => condition(gateway.look().await),
        }
    }

    /// Whether the SMTP server lets us in; sends nothing.
    pub async fn look_at_mail(&self) -> Condition {
        match &self.mail {
            Delivery::None => Condition::Absent,
            Delivery::Outbox => Condition::Outbox,
            Delivery::Gateway(server) => condition(server.look().await),
        }
    }
}

impl fmt::Debug for Senders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Senders(..)")
    }
}

fn condition(result: Result<(), String>) -> Condition {
    result.map_or_else(Condition::Ill, |()| Condition::Well)
}

fn made<G, S>(
    delivery: &Delivery<G>,
    make: impl FnOnce(&G) -> Result<S, SenderError>,
) -> Result<Delivery<S>, SenderError> {
    Ok(match delivery {
        Delivery::None => Delivery::None,
        Delivery::Outbox => Delivery::Outbox,
        Delivery::Gateway(gateway) => Delivery::Gateway(make(gateway)?),
    })
}

/// The innermost cause: the outer ones may quote an address with its query, which holds secrets.
fn cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(below) = cause.source() {
        cause = below;
    }
    cause.to_string()
}
