//! Typed settings: built-in defaults, under the operator's TOML file, under `TAMGA_SECTION__KEY`
//! in the environment, under what a command sets itself. Everything is checked before anything is
//! started, and every fault is reported at once, naming its key.

mod accounts;
mod branding;
mod certificate_login;
mod client_tls;
mod codes;
mod database;
mod delivery;
mod device;
mod duration;
mod journeys;
mod locales;
mod log;
mod mail;
mod metrics;
mod oauth1;
mod oauth2;
mod openid2;
mod outbound;
mod passwords;
mod profiles;
mod reader;
mod registration;
mod registry;
mod secret_values;
mod secrets;
mod server;
mod sessions;
mod sms;
mod sources;
#[cfg(test)]
mod tests;
mod tls;

pub use accounts::Accounts;
pub use branding::Branding;
pub use certificate_login::{CertificateField, CertificateLogin, USERNAME};
pub use client_tls::{CertificateHeader, ClientTls};
pub use codes::Codes;
pub use database::Database;
pub use delivery::Delivery;
pub use device::Device;
pub use duration::{NotADuration, parse as parse_duration, show as show_duration};
pub use journeys::Journeys;
pub use locales::Locales;
pub use log::{Log, LogFormat};
pub use mail::{MailServer, MailTls};
pub use metrics::Metrics;
pub use oauth1::OAuth1;
pub use oauth2::OAuth2;
pub use openid2::OpenId2;
pub use outbound::Outbound;
pub use passwords::{Argon2, Passwords};
pub use profiles::Profiles;
pub use reader::SettingFault;
pub use registration::Registration;
pub use secrets::{EncryptionKey, Secrets};
pub use server::Server;
pub use sessions::Sessions;
pub use sms::{SmsGateway, SmsMethod, SmsSuccess};
pub use sources::Sources;
pub use tls::Tls;

use crate::model::{attribute::AttributeRegistry, scope::ScopeRegistry};
use reader::{Reader, Section};

/// Everything an operator decides, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people and relying parties reach us, and where we listen.
    pub server: Server,
    /// Certificate and key; plain HTTP without them.
    pub tls: Option<Tls>,
    /// Where certificates of clients come from, and who is believed about them.
    pub client_tls: ClientTls,
    /// How a certificate that nobody registered names a person.
    pub certificate_login: Option<CertificateLogin>,
    /// The database.
    pub database: Database,
    /// The metrics listener.
    pub metrics: Metrics,
    /// Keys for what is stored encrypted.
    pub secrets: Secrets,
    /// Lifetimes of what OAuth 2.0 and OpenID Connect give out.
    pub oauth2: OAuth2,
    /// Who may register clients over the network.
    pub registration: Registration,
    /// Codes that devices show.
    pub device: Device,
    /// Lifetimes and signatures of OAuth 1.0a.
    pub oauth1: OAuth1,
    /// OpenID Authentication 2.0 and Attribute Exchange.
    pub openid2: OpenId2,
    /// Lifetimes of browser sessions.
    pub sessions: Sessions,
    /// Lifetime of a journey.
    pub journeys: Journeys,
    /// How people's accounts come to be.
    pub accounts: Accounts,
    /// One-time codes.
    pub codes: Codes,
    /// Text messages.
    pub sms: Delivery<SmsGateway>,
    /// Mail.
    pub mail: Delivery<MailServer>,
    /// What may be fetched of others.
    pub outbound: Outbound,
    /// How passwords are hashed.
    pub passwords: Passwords,
    /// The national systems whose paths are served beside our own.
    pub profiles: Profiles,
    /// The scopes clients may register: those shipped, with the operator's added.
    pub scopes: ScopeRegistry,
    /// The attributes an account may hold: those shipped, with the operator's added.
    pub attributes: AttributeRegistry,
    /// What the pages look like.
    pub branding: Branding,
    /// Languages.
    pub locales: Locales,
    /// The log.
    pub log: Log,
    /// Whether this is `tamga dev`.
    pub development: bool,
}

impl Settings {
    /// Merges the sources and checks every value.
    ///
    /// # Errors
    /// All faults, in the order of the keys; never none.
    pub fn load(sources: &Sources) -> Result<Self, Vec<SettingFault>> {
        let (table, origins, faults) = sources.merge();
        let mut reader = Reader::new(origins, faults);
        let settings = reader.read(table, |root| Self::read(root, sources.development));
        reader.finish(settings)
    }

    fn read(root: &mut Section<'_>, development: bool) -> Option<Self> {
        // Every section is read before any `?`, so that one missing value hides no other fault.
        let server = root.section("server", Server::read);
        let (tls, client_tls) = root.section("tls", |section| {
            let tls = Tls::read(section);
            let client = ClientTls::read(section, tls.is_some());
            (tls, client)
        });
        let database = root.section("database", Database::read);
        let metrics = root.section("metrics", Metrics::read);
        let secrets = root.section("secrets", Secrets::read);
        let oauth1 = root.section("oauth1", OAuth1::read);
        let oauth2 = root.section("oauth2", OAuth2::read);
        let registration = root.section("registration", Registration::read);
        let device = root.section("device", Device::read);
        let sessions = root.section("sessions", Sessions::read);
        let journeys = root.section("journeys", Journeys::read);
        let accounts = root.section("accounts", Accounts::read);
        let codes = root.section("codes", |section| Codes::read(section, development));
        let sms = root.section("sms", |section| sms::read(section, development));
        let mail = root.section("mail", |section| mail::read(section, development));
        let outbound = root.section("outbound", Outbound::read);
        let passwords = root.section("passwords", Passwords::read);
        let profiles = root.section("profiles", |section| Profiles::read(section, development));
        let scopes = root.entries("scopes", registry::scope);
        let attributes = root.entries("attributes", registry::attribute);
        registry::check_unique(root, &attributes);
        registration.check(root, &scopes);
        let certificate_login = root.section("certificate_login", CertificateLogin::read);
        CertificateLogin::check(root, certificate_login.as_ref(), &attributes);
        let mut openid2 = root.section("openid2", |section| OpenId2::read(section, profiles.egov_th));
        openid2.complete(root, &attributes);
        let branding = root.section("branding", Branding::read);
        let locales = root.section("locales", Locales::read);
        let log = root.section("log", |section| Log::read(section, development));
        Some(Self {
            server: server?,
            tls,
            client_tls,
            certificate_login,
            database: database?,
            metrics,
            secrets: secrets?,
            oauth2,
            registration,
            device,
            oauth1,
            openid2,
            sessions,
            journeys,
            accounts,
            codes,
            sms,
            mail,
            outbound,
            passwords,
            profiles,
            scopes,
            attributes,
            branding,
            locales,
            log,
            development,
        })
    }
}
