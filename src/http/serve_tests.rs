//! The listener against real sockets.

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::{Extension, Router, extract::ConnectInfo, routing::get};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, crypto::CryptoProvider, version};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Notify, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    serve::{Bound, ConnectionTls, Limits, ServeError, bind},
    tls::TlsError,
};
use crate::settings::Tls;

const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// A certificate and its key as files, in a folder of the test's own.
struct Files {
    folder: PathBuf,
    tls: Tls,
}

impl Files {
    fn new(test: &str) -> (Self, CertificateDer<'static>) {
        let folder = std::env::temp_dir().join(format!("tamga-serve-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let tls = Tls { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") };
        let files = Self { folder, tls };
        let der = files.renew();
        (files, der)
    }

    fn renew(&self) -> CertificateDer<'static> {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&self.tls.certificate, cert.pem()).unwrap();
        std::fs::write(&self.tls.key, signing_key.serialize_pem()).unwrap();
        cert.der().clone()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

struct Running {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

fn start(bound: Bound, router: Router) -> Running {
    let address = bound.local_addr();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(bound.run(router, async {
        let _ = stopped.await;
    }));
    Running { address, stop, task }
}

async fn plain() -> Bound {
    bind("127.0.0.1:0".parse().unwrap(), None).await.unwrap()
}

/// Answers with what the listener says of the connection.
fn mirror() -> Router {
    let say = |ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
               Extension(tls): Extension<ConnectionTls>| {
        std::future::ready(format!("peer {} tls {}", peer.ip(), tls.tls))
    };
    Router::new().route("/", get(say))
}

async fn tls_connect(
    address: std::net::SocketAddr,
    root: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
    alpn: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    tls_connect_with(rustls::crypto::ring::default_provider(), address, root, version, alpn).await
}

async fn tls_connect_with(
    provider: CryptoProvider,
    address: std::net::SocketAddr,
    root: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
    alpn: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

async fn read_all(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.expect("an end");
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn plain_requests_carry_the_peer() {
    let server = start(plain().await, mirror());
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    let answer = read_all(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("peer 127.0.0.1 tls false"), "{answer}");
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_spoken_and_http_2_is_offered() {
    let (files, root) = Files::new("versions");
    let bound = bind("127.0.0.1:0".parse().unwrap(), Some(&files.tls)).await.unwrap();
    let server = start(bound, mirror());
    for version in [&version::TLS12, &version::TLS13] {
        let mut stream = tls_connect(server.address, &root, version, b"http/1.1").await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
        stream.write_all(ASK).await.unwrap();
        let answer = read_all(&mut stream).await;
        assert!(answer.ends_with("peer 127.0.0.1 tls true"), "{answer}");
        let stream = tls_connect(server.address, &root, version, b"h2").await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    }
}

#[tokio::test]
async fn rfc_9325_s4_2_with_tls_1_2_only_the_recommended_suites_are_spoken() {
    let (files, root) = Files::new("suites");
    let bound = bind("127.0.0.1:0".parse().unwrap(), Some(&files.tls)).await.unwrap();
    let server = start(bound, mirror());
    let all = rustls::crypto::ring::default_provider().cipher_suites;
    let (mut spoken, mut refused) = (0, 0);
    // The certificate's key is ECDSA, so suites with RSA have nobody to sign.
    for suite in all.into_iter().filter(|suite| !format!("{:?}", suite.suite()).contains("_RSA_")) {
        let old = suite.tls13().is_none();
        let version = if old { &version::TLS12 } else { &version::TLS13 };
        let offered =
            CryptoProvider { cipher_suites: vec![suite], ..rustls::crypto::ring::default_provider() };
        let connected = tls_connect_with(offered, server.address, &root, version, b"http/1.1").await;
        let recommended = !old || format!("{:?}", suite.suite()).contains("_GCM_");
        assert_eq!(connected.is_ok(), recommended, "{:?}", suite.suite());
        if recommended { spoken += 1 } else { refused += 1 }
    }
    assert_eq!((spoken, refused), (5, 1), "three of TLS 1.3, two of TLS 1.2; ChaCha20 is for TLS 1.3");
}

#[tokio::test]
async fn a_reload_changes_the_certificate_and_a_bad_one_keeps_the_old() {
    let (files, old) = Files::new("reload");
    let bound = bind("127.0.0.1:0".parse().unwrap(), Some(&files.tls)).await.unwrap();
    let certificate = bound.certificate().unwrap();
    let server = start(bound, mirror());
    let connect =
        |root| async move { tls_connect(server.address, &root, &version::TLS13, b"http/1.1").await };
    assert!(connect(old.clone()).await.is_ok());

    std::fs::write(&files.tls.certificate, "").unwrap();
    assert!(matches!(certificate.reload(), Err(TlsError::Certificate { .. })));
    assert!(connect(old.clone()).await.is_ok());

    let new = files.renew();
    certificate.reload().unwrap();
    assert!(connect(new).await.is_ok());
    assert!(connect(old).await.is_err());
}

#[tokio::test]
async fn sighup_reads_the_certificate_anew_and_calls_the_hook() {
    let (files, _) = Files::new("hangup");
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let bound = bind("127.0.0.1:0".parse().unwrap(), Some(&files.tls)).await.unwrap();
    let hook = move || tell.send(()).unwrap();
    let server = start(bound.on_hangup(hook).unwrap(), mirror());
    let new = files.renew();
    let pid = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args(["-HUP", &pid]).status().unwrap().success());
    timeout(Duration::from_secs(5), told.recv()).await.unwrap().unwrap();
    assert!(tls_connect(server.address, &new, &version::TLS13, b"http/1.1").await.is_ok());
}

#[tokio::test]
async fn a_stop_finishes_requests_under_way_and_refuses_new_ones() {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (entering, released) = (Arc::clone(&entered), Arc::clone(&release));
    let slow = move || async move {
        entering.notify_one();
        released.notified().await;
        "done"
    };
    let server = start(plain().await, Router::new().route("/", get(slow)));
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    entered.notified().await;
    server.stop.send(()).unwrap();
    assert_eq!(read_all(&mut idle).await, "", "an idle connection is closed at once");
    assert!(TcpStream::connect(server.address).await.is_err());
    assert!(!server.task.is_finished());
    release.notify_one();
    assert!(read_all(&mut stream).await.ends_with("done"));
    assert!(timeout(Duration::from_secs(5), server.task).await.unwrap().unwrap().is_ok());
}

#[tokio::test]
async fn a_request_that_never_ends_is_dropped_when_the_time_is_over() {
    let limits = Limits { drain: Duration::from_millis(50), ..Limits::default() };
    let entered = Arc::new(Notify::new());
    let entering = Arc::clone(&entered);
    let never = move || async move {
        entering.notify_one();
        std::future::pending::<()>().await;
    };
    let server = start(plain().await.with_limits(limits), Router::new().route("/", get(never)));
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    entered.notified().await;
    server.stop.send(()).unwrap();
    assert!(timeout(Duration::from_secs(5), server.task).await.unwrap().unwrap().is_ok());
    assert_eq!(read_all(&mut stream).await, "");
}

#[tokio::test]
async fn a_peer_that_sends_its_head_slowly_or_not_at_all_is_cut() {
    let limits = Limits { head: Duration::from_millis(100), ..Limits::default() };
    let server = start(plain().await.with_limits(limits), mirror());
    for part in [&b""[..], b"PRI * HT", b"GET / HTTP/1.1\r\nHost: local"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(part).await.unwrap();
        assert!(!read_all(&mut stream).await.contains("200"));
    }
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_cut() {
    let (files, _) = Files::new("handshake");
    let limits = Limits { handshake: Duration::from_millis(100), ..Limits::default() };
    let bound = bind("127.0.0.1:0".parse().unwrap(), Some(&files.tls)).await.unwrap();
    let server = start(bound.with_limits(limits), mirror());
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(read_all(&mut stream).await, "");
}

#[tokio::test]
async fn connections_past_the_cap_wait_for_a_place() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let server = start(plain().await.with_limits(limits), mirror());
    let mut first = TcpStream::connect(server.address).await.unwrap();
    first.write_all(&ASK[..20]).await.unwrap();
    let mut second = TcpStream::connect(server.address).await.unwrap();
    second.write_all(ASK).await.unwrap();
    assert!(timeout(Duration::from_millis(100), second.read_u8()).await.is_err());
    first.write_all(&ASK[20..]).await.unwrap();
    assert!(read_all(&mut first).await.contains("200"));
    assert!(read_all(&mut second).await.contains("200"));
}

#[tokio::test]
async fn faults_name_the_setting() {
    let taken = plain().await;
    let error = bind(taken.local_addr(), None).await.err().unwrap().to_string();
    assert!(error.starts_with("server.listen: ") && error.contains("another program uses it"), "{error}");

    let (files, _) = Files::new("faults");
    let address = "127.0.0.1:0".parse().unwrap();
    let error = |tls: Tls| async move { bind(address, Some(&tls)).await.err().unwrap().to_string() };
    let key = std::fs::read(&files.tls.key).unwrap();
    files.renew();
    let other = files.folder.join("other.pem");
    std::fs::write(&other, key).unwrap();
    let mismatch = error(Tls { key: other, ..files.tls.clone() }).await;
    assert!(mismatch.starts_with("tls.key: ") && mismatch.contains("is not the private key"), "{mismatch}");
    let missing = error(Tls { certificate: files.folder.join("none"), ..files.tls.clone() }).await;
    assert!(missing.starts_with("tls.certificate: ") && missing.contains("No such file"), "{missing}");
    let swapped = error(Tls { key: files.tls.certificate.clone(), ..files.tls.clone() }).await;
    assert!(swapped.starts_with("tls.key: ") && swapped.contains("no private key"), "{swapped}");
}
