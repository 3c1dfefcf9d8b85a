//! `[mail]`: the SMTP server that takes our mail.

use std::{path::PathBuf, time::Duration};

use lettre::message::Mailbox;
use secrecy::SecretString;

use super::{delivery::Delivery, duration::seconds, reader::Section};

/// An SMTP server.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Its name, which its certificate is for.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is guarded.
    pub tls: MailTls,
    /// Name and password, when it wants them.
    pub credentials: Option<(String, SecretString)>,
    /// Whom mail is from.
    pub from: Mailbox,
    /// How long each command may take.
    pub timeout: Duration,
    /// PEM file of a certification authority to trust beside the system's.
    pub trusted_ca: Option<PathBuf>,
}

/// How the way to the SMTP server is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// TLS from the first byte (RFC 8314 §3.3).
    Required,
    /// Begins in the clear; nothing is sent before STARTTLS has succeeded (RFC 3207).
    StartTls,
    /// In the clear, for a relay on this machine.
    None,
}

impl MailTls {
    const fn port(self) -> u32 {
        match self {
            Self::Required => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// Reads `[mail]`.
pub(super) fn read(section: &mut Section<'_>, development: bool) -> Delivery<MailServer> {
    Delivery::read(section, development, "host", server)
}

fn server(section: &mut Section<'_>) -> Option<MailServer> {
    let host = section.text("host");
    if host.as_deref().is_some_and(|host| host.is_empty() || host.contains(['/', ' ', '@'])) {
        section.fault("host", "is not the name of a server; write it like mail.example.org");
    }
    let words = [("required", MailTls::Required), ("starttls", MailTls::StartTls), ("none", MailTls::None)];
    let tls = section.word("tls", &words, MailTls::Required);
    let port = section.number("port", tls.port(), 1..=65_535);
    let username = section.text("username");
    let password = section.secret("password");
    if username.is_some() != password.is_some() {
        section.fault("password", "goes with mail.username; give both or neither");
    }
    let credentials = username.zip(password);
    if tls == MailTls::None && credentials.is_some() && !is_loopback(host.as_deref().unwrap_or_default()) {
        section.fault("tls", "`none` would send the password in the clear; use required or starttls");
    }
    let from = section.parsed::<Mailbox>("from", "Tamga <no-reply@sso.example.org>");
    if host.is_some() && from.is_none() {
        section.fault("from", "is needed with mail.host; write it like Tamga <no-reply@sso.example.org>");
    }
    let timeout = section.duration("timeout", seconds(10), seconds(1)..=seconds(30));
    let trusted_ca = section.path("trusted_ca");
    // The range ends at the largest port.
    let port = u16::try_from(port).unwrap_or(u16::MAX);
    Some(MailServer { host: host?, port, tls, credentials, from: from?, timeout, trusted_ca })
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
