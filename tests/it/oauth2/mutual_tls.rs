//! Certificates in real handshakes: the listener and a client by another library's hand.

use std::sync::Arc;

use axum::Router;
use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    version::{TLS12, TLS13},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tamga::{
    http::serve::{ServeError, bind},
    model::client::{AuthMethod, Client},
    settings::Tls,
};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::support::{
    app::{TestApp, TestClient},
    pki::{Holder, Scratch},
};

/// A listener that asks for certificates, before a real server.
struct Listener {
    base: String,
    root: CertificateDer<'static>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), ServeError>>,
    _files: [Scratch; 2],
}

impl Listener {
    async fn start(router: Router, asks: bool) -> Self {
        let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let files = [Scratch::new(&own.cert.pem()), Scratch::new(&own.signing_key.serialize_pem())];
        let tls = Tls { certificate: files[0].path().into(), key: files[1].path().into() };
        let mut bound = bind("127.0.0.1:0".parse().unwrap(), Some(&tls)).await.unwrap();
        if asks {
            bound = bound.asking_for_certificates().unwrap();
        }
        let base = format!("https://localhost:{}", bound.local_addr().port());
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(bound.run(router, async {
            let _ = stopped.await;
        }));
        Self { base, root: own.cert.der().clone(), stop: Some(stop), task, _files: files }
    }

    /// A client that speaks this version and shows this certificate.
    fn client(
        &self,
        version: &'static SupportedProtocolVersion,
        shown: Option<(Vec<u8>, PrivateKeyDer<'static>)>,
    ) -> reqwest::Client {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots);
        let config = match shown {
            Some((der, key)) => config.with_client_auth_cert(vec![CertificateDer::from(der)], key).unwrap(),
            None => config.with_no_client_auth(),
        };
        reqwest::Client::builder().use_preconfigured_tls(config).no_proxy().build().unwrap()
    }

    /// How it answers a client's question over such a connection.
    async fn ask(
        &self,
        version: &'static SupportedProtocolVersion,
        shown: Option<(Vec<u8>, PrivateKeyDer<'static>)>,
    ) -> reqwest::Result<u16> {
        let form = [("token", "x"), ("client_id", "system")];
        let body = crate::support::door::encoded(&form);
        let request = self.client(version, shown).post(format!("{}/oauth2/introspect", self.base));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        Ok(request.send().await?.status().as_u16())
    }

    async fn stop(mut self) {
        let _ = self.stop.take().unwrap().send(());
        self.task.await.unwrap().unwrap();
    }
}

async fn server(holder: &Holder) -> (TestApp, TestClient) {
    let app = TestApp::new().await;
    let by_key = |client: &mut Client| client.auth_methods = vec![AuthMethod::SelfSignedTlsClientAuth];
    let client = app.client("system", by_key).await;
    app.add_certificate(&client, holder, None).await;
    (app, client)
}

#[tokio::test]
async fn rsa_and_ec_certificates_prove_their_keys_in_tls_1_2_and_1_3() {
    for holder in [Holder::self_signed(|_| {}), Holder::self_signed_rsa()] {
        let (app, _) = server(&holder).await;
        let listener = Listener::start(tamga::build_router(app.app.clone()), true).await;
        for version in [&TLS12, &TLS13] {
            let shown = Some((holder.der(), holder.private()));
            assert_eq!(listener.ask(version, shown).await.unwrap(), 200);
            let stranger = Holder::self_signed(|_| {});
            let shown = Some((stranger.der(), stranger.private()));
            assert_eq!(listener.ask(version, shown).await.unwrap(), 401, "another key");
            assert_eq!(
                listener.ask(version, None).await.unwrap(),
                401,
                "none is demanded, none proves nothing"
            );
        }
        listener.stop().await;
    }
}

#[tokio::test]
async fn a_certificate_with_a_broken_self_signature_is_accepted_by_its_key() {
    for holder in [Holder::self_signed(|_| {}), Holder::self_signed_rsa()] {
        let (app, _) = server(&holder).await;
        let listener = Listener::start(tamga::build_router(app.app.clone()), true).await;
        let mut broken = holder.der();
        *broken.last_mut().unwrap() ^= 1;
        for version in [&TLS12, &TLS13] {
            let shown = Some((broken.clone(), holder.private()));
            assert_eq!(listener.ask(version, shown).await.unwrap(), 200);
        }
        listener.stop().await;
    }
}

#[tokio::test]
async fn a_certificate_without_its_key_ends_the_handshake() {
    let holder = Holder::self_signed(|_| {});
    let (app, _) = server(&holder).await;
    let listener = Listener::start(tamga::build_router(app.app.clone()), true).await;
    for version in [&TLS12, &TLS13] {
        // A thief has the certificate, which is no secret, and a key of their own. The client's library
        // would not send such a pair, so the certificate's own key is replaced in it.
        let thief = Holder::self_signed(|_| {});
        let forged = thief_signs(&holder, &thief);
        let answer = forged.ask(&listener, version).await;
        assert!(answer.is_err(), "{answer:?}");
    }
    listener.stop().await;
}

#[tokio::test]
async fn a_listener_that_does_not_ask_is_shown_none() {
    let holder = Holder::self_signed(|_| {});
    let (app, _) = server(&holder).await;
    let listener = Listener::start(tamga::build_router(app.app.clone()), false).await;
    let shown = Some((holder.der(), holder.private()));
    assert_eq!(listener.ask(&TLS13, shown).await.unwrap(), 401);
    listener.stop().await;
}

/// Shows one's certificate and signs with another's key.
#[derive(Debug)]
struct Forger(Arc<rustls::sign::CertifiedKey>);

fn thief_signs(victim: &Holder, thief: &Holder) -> Forger {
    let key = rustls::crypto::ring::sign::any_supported_type(&thief.private()).unwrap();
    let chain = vec![CertificateDer::from(victim.der())];
    Forger(Arc::new(rustls::sign::CertifiedKey::new(chain, key)))
}

impl Forger {
    async fn ask(
        self,
        listener: &Listener,
        version: &'static SupportedProtocolVersion,
    ) -> reqwest::Result<u16> {
        let mut roots = RootCertStore::empty();
        roots.add(listener.root.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_cert_resolver(Arc::new(self));
        let client = reqwest::Client::builder().use_preconfigured_tls(config).no_proxy().build().unwrap();
        let answer = client.get(format!("{}/health/live", listener.base)).send().await?;
        Ok(answer.status().as_u16())
    }
}

impl rustls::client::ResolvesClientCert for Forger {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<rustls::sign::CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}
