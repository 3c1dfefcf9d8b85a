//! Mail, to the SMTP server of the settings.

use std::time::SystemTime;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use secrecy::ExposeSecret;

use super::{SenderError, Undelivered, worker::BATCH};
use crate::{
    settings::{MailServer, MailTls},
    store::outbox::Leased,
};

/// The SMTP server, ready to be asked.
pub(super) struct MailSender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl MailSender {
    pub fn new(server: &MailServer) -> Result<Self, SenderError> {
        let tls = match server.tls {
            MailTls::Required => Tls::Wrapper(parameters(server)?),
            MailTls::StartTls => Tls::Required(parameters(server)?),
            MailTls::None => Tls::None,
        };
        // "Dangerous" for its default of no TLS, which is set right here.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .timeout(Some(server.timeout))
            .tls(tls)
            .pool_config(PoolConfig::new().max_size(BATCH));
        if let Some((name, password)) = &server.credentials {
            builder =
                builder.credentials(Credentials::new(name.clone(), password.expose_secret().to_owned()));
        }
        Ok(Self { transport: builder.build(), from: server.from.clone() })
    }

    pub async fn send(&self, message: &Leased) -> Result<(), Undelivered> {
        let mail = self.write(message)?;
        self.transport.send(mail).await.map(drop).map_err(|error| judge(&error))
    }

    fn write(&self, message: &Leased) -> Result<Message, Undelivered> {
        // Neither error says more: they would quote the address.
        let to: Address =
            message.recipient.parse().map_err(|_| Undelivered::Never("the address can't be read".into()))?;
        let domain = self.from.email.domain();
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.clone().unwrap_or_default())
            .date(SystemTime::from(message.created_at))
            // The same when it is sent again, so that a mailbox shows it once.
            .message_id(Some(format!("<{}@{domain}>", message.id)))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone())
            .map_err(|_| Undelivered::Never("the mail can't be written".into()))
    }

    /// Connects, secures the way and logs in; sends nothing.
    pub async fn look(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the server is not ready".into()),
            Err(error) => Err(judge(&error).to_string()),
        }
    }
}

/// RFC 3834 §5.2: no holiday notice answers this.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

fn parameters(server: &MailServer) -> Result<TlsParameters, SenderError> {
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(file) = &server.trusted_ca {
        let failed = |why: String| SenderError(format!("mail.trusted_ca: {}: {why}", file.display()));
        let pem = std::fs::read(file).map_err(|error| failed(error.to_string()))?;
        let certificate = Certificate::from_pem(&pem).map_err(|_| failed("holds no certificate".into()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|_| SenderError("mail.host: TLS can't be spoken with this name".into()))
}

/// In words, without what the server says: servers quote the recipient.
fn judge(error: &lettre::transport::smtp::Error) -> Undelivered {
    if let Some(code) = error.status() {
        let code = u16::from(code);
        let why = format!("the server answers {code}");
        // RFC 4954 §6: 530, 534, 535 and 538 are about our login, which an operator can mend;
        // RFC 5321 §4.2.1: any other 5yz is about this mail, and for good.
        return match code {
            530 | 534 | 535 | 538 | 0..=499 => Undelivered::Later(why),
            _ => Undelivered::Never(why),
        };
    }
    let why = if error.is_timeout() {
        "the server does not answer in time".to_owned()
    } else if error.is_tls() {
        format!("the way to the server can't be secured: {}", super::cause(error))
    } else if error.is_client() {
        "the server offers no login or no STARTTLS as mail.tls and mail.username want".to_owned()
    } else {
        format!("the server can't be reached: {}", super::cause(error))
    };
    Undelivered::Later(why)
}
