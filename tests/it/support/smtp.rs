//! A mail server on this machine: keeps what it takes, refuses as it is told. With TLS it has a
//! certificate of its own for `localhost`.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use rustls::ServerConfig;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream},
    net::TcpListener,
    task::AbortHandle,
};
use tokio_rustls::TlsAcceptor;

/// A mail as it came over the wire.
#[derive(Clone, Debug)]
pub struct Received {
    /// `MAIL FROM`.
    pub from: String,
    /// `RCPT TO`.
    pub to: String,
    /// Headers and body.
    pub data: String,
}

#[derive(Default)]
struct Parts {
    received: Mutex<Vec<Received>>,
    refusals: Mutex<VecDeque<String>>,
    logins: Mutex<Vec<String>>,
}

/// The mail server; it stops with this value.
pub struct MailSink {
    parts: Arc<Parts>,
    port: u16,
    certificate: Option<PathBuf>,
    task: AbortHandle,
}

impl MailSink {
    /// One in the clear.
    pub async fn start() -> Self {
        Self::serve(None).await
    }

    /// One that speaks TLS from the first byte.
    pub async fn with_tls() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let mut sink = Self::serve(Some(TlsAcceptor::from(Arc::new(config)))).await;
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("mail-ca-{}.pem", sink.port));
        std::fs::write(&file, made.cert.pem()).unwrap();
        sink.certificate = Some(file);
        sink
    }

    async fn serve(tls: Option<TlsAcceptor>) -> Self {
        let parts = Arc::<Parts>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = parts.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (parts, tls) = (shared.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => talk(stream, &parts).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => talk(stream, &parts).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Self { parts, port, certificate: None, task: task.abort_handle() }
    }

    /// Its port.
    pub fn port(&self) -> String {
        self.port.to_string()
    }

    /// Its certificate, to be trusted.
    pub fn certificate(&self) -> &str {
        self.certificate.as_ref().unwrap().to_str().unwrap()
    }

    /// The next recipients are answered so.
    pub fn refuse(&self, answers: &[&str]) {
        self.parts.refusals.lock().unwrap().extend(answers.iter().map(|answer| (*answer).to_owned()));
    }

    /// What it took so far.
    pub fn received(&self) -> Vec<Received> {
        self.parts.received.lock().unwrap().clone()
    }

    /// What was said to log in.
    pub fn logins(&self) -> Vec<String> {
        self.parts.logins.lock().unwrap().clone()
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(file) = &self.certificate {
            let _ = std::fs::remove_file(file);
        }
    }
}

/// One connection, until it ends.
async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin, parts: &Parts) -> Option<()> {
    let mut stream = BufStream::new(stream);
    let (mut from, mut to) = (String::new(), String::new());
    say(&mut stream, "220 localhost").await?;
    loop {
        let line = hear(&mut stream).await?;
        let upper = line.to_ascii_uppercase();
        let answer = if upper.starts_with("EHLO") {
            "250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned()
        } else if upper.starts_with("AUTH") {
            parts.logins.lock().unwrap().push(line);
            "235 welcome".to_owned()
        } else if upper.starts_with("MAIL FROM:") {
            from = line[10..].to_owned();
            "250 ok".to_owned()
        } else if upper.starts_with("RCPT TO:") {
            to = line[8..].to_owned();
            let refusal = parts.refusals.lock().unwrap().pop_front();
            refusal.unwrap_or_else(|| "250 ok".to_owned())
        } else if upper == "DATA" {
            say(&mut stream, "354 go on").await?;
            let mut data = String::new();
            loop {
                match hear(&mut stream).await? {
                    line if line == "." => break,
                    line => {
                        data.push_str(line.strip_prefix('.').unwrap_or(&line));
                        data.push('\n');
                    }
                }
            }
            let received = Received { from: from.clone(), to: to.clone(), data };
            parts.received.lock().unwrap().push(received);
            "250 taken".to_owned()
        } else if upper == "QUIT" {
            say(&mut stream, "221 bye").await?;
            return Some(());
        } else {
            "250 ok".to_owned()
        };
        say(&mut stream, &answer).await?;
    }
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
    stream.flush().await.ok()
}

async fn hear(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(1..) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
        _ => None,
    }
}
