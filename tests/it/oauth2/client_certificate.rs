//! Clients that prove themselves with the certificate of the connection, and tokens bound to it.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{CertificateParams, DnType, IsCa, KeyPair, SanType};
use serde_json::json;
use tamga::model::client::{AuthMethod, Client, ClientType, TlsSubject};
use time::Duration;

use super::{CHALLENGE, Scene, VERIFIER, claims, text};
use crate::support::{
    app::{CALLBACK, TestApp, TestClient},
    door::{Answer, Door},
    pki::{Authority, Holder, Scratch},
};

const INTROSPECT: &str = "/oauth2/introspect";

async fn ask(door: &Door, client: &str) -> Answer {
    door.post(INTROSPECT, &[("token", "x"), ("client_id", client)]).await
}

fn by_key(client: &mut Client) {
    client.auth_methods = vec![AuthMethod::SelfSignedTlsClientAuth];
    client.secrets.clear();
}

#[tokio::test]
async fn rfc_8705_s2_2_a_registered_key_proves_the_client_whatever_its_certificate_says() {
    let app = TestApp::new().await;
    let client = app.client("system", by_key).await;
    let holder = Holder::self_signed(|_| {});
    app.add_certificate(&client, &holder, None).await;
    ask(&app.door.with_certificate(&holder), "system").await.good();
    // Another certificate of the same key: expired, of another name, from somebody else.
    let mut params = CertificateParams::default();
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    params.distinguished_name.push(DnType::CommonName, "somebody");
    let key = KeyPair::try_from(holder.key.serialize_der()).unwrap();
    let other = Holder { certificate: params.self_signed(&key).unwrap(), key };
    ask(&app.door.with_certificate(&other), "system").await.good();
    assert_eq!(app.app.certificate_uses.take().len(), 1);
    // The same certificate's words with another key.
    let stranger = Holder::self_signed(|_| {});
    let answer = ask(&app.door.with_certificate(&stranger), "system").await;
    assert_eq!(answer.error(401), "invalid_client");
    assert_eq!(ask(&app.door, "system").await.error(401), "invalid_client");
}

#[tokio::test]
async fn several_certificates_serve_at_once_each_until_its_end() {
    let app = TestApp::new().await;
    let client = app.client("system", by_key).await;
    let (old, new) = (Holder::self_signed(|_| {}), Holder::self_signed_rsa());
    app.add_certificate(&client, &old, Some(app.clock.now() + Duration::days(1))).await;
    app.add_certificate(&client, &new, None).await;
    ask(&app.door.with_certificate(&old), "system").await.good();
    ask(&app.door.with_certificate(&new), "system").await.good();
    app.clock.advance(Duration::days(2));
    let answer = ask(&app.door.with_certificate(&old), "system").await;
    assert_eq!(answer.error(401), "invalid_client");
    ask(&app.door.with_certificate(&new), "system").await.good();
}

/// A server that believes an authority, and a client of it.
async fn with_authority(authority: &Authority, subject: TlsSubject) -> (TestApp, Scratch) {
    let file = Scratch::new(&authority.pem());
    let app = TestApp::with(&[("tls.client_ca", file.path())]).await;
    app.client("system", |client| {
        client.auth_methods = vec![AuthMethod::TlsClientAuth];
        client.settings.tls_client_auth = Some(subject);
        client.secrets.clear();
    })
    .await;
    (app, file)
}

fn named(params: &mut CertificateParams) {
    params.distinguished_name.push(DnType::OrganizationName, "Ministry, of Roads");
    let names = [
        SanType::DnsName("system.example".try_into().unwrap()),
        SanType::URI("urn:system:1".try_into().unwrap()),
        SanType::IpAddress("192.0.2.7".parse().unwrap()),
        SanType::Rfc822Name("ops@system.example".try_into().unwrap()),
    ];
    params.subject_alt_names.extend(names);
}

#[tokio::test]
async fn rfc_8705_s2_1_2_the_one_registered_name_must_be_in_the_certificate() {
    let authority = Authority::new("Root");
    let holder = authority.issue(named);
    for (subject, good) in [
        (TlsSubject::SubjectDn("O=Ministry\\, of Roads,CN=system".into()), true),
        (TlsSubject::SubjectDn("CN=system,O=ministry\\, of roads".into()), true),
        (TlsSubject::SubjectDn("CN=system".into()), false),
        (TlsSubject::SubjectDn("CN=other,O=Ministry\\, of Roads".into()), false),
        (TlsSubject::SanDns("SYSTEM.example".into()), true),
        (TlsSubject::SanDns("example".into()), false),
        (TlsSubject::SanDns("urn:system:1".into()), false),
        (TlsSubject::SanUri("urn:system:1".into()), true),
        (TlsSubject::SanUri("urn:system:2".into()), false),
        (TlsSubject::SanIp("192.0.2.7".into()), true),
        (TlsSubject::SanIp("192.0.2.8".into()), false),
        (TlsSubject::SanEmail("ops@SYSTEM.example".into()), true),
        (TlsSubject::SanEmail("OPS@system.example".into()), false),
    ] {
        let (app, _file) = with_authority(&authority, subject.clone()).await;
        let answer = ask(&app.door.with_certificate(&holder), "system").await;
        assert_eq!(answer.status.as_u16(), if good { 200 } else { 401 }, "{subject:?}");
    }
}

#[tokio::test]
async fn rfc_8705_s2_1_only_a_trusted_authoritys_certificate_counts_and_only_in_its_time() {
    let (authority, other) = (Authority::new("Root"), Authority::new("Root"));
    let (app, _file) = with_authority(&authority, TlsSubject::SanDns("system.example".into())).await;
    let status =
        async |holder: &Holder| ask(&app.door.with_certificate(holder), "system").await.status.as_u16();
    assert_eq!(status(&authority.issue(named)).await, 200);
    assert_eq!(status(&other.issue(named)).await, 401, "another authority of the same name");
    assert_eq!(status(&Holder::self_signed(named)).await, 401);
    let expired = authority.issue(|params| {
        named(params);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    assert_eq!(status(&expired).await, 401);
    let early = authority.issue(|params| {
        named(params);
        params.not_before = rcgen::date_time_ymd(2080, 1, 1);
    });
    assert_eq!(status(&early).await, 401);
    let for_servers = authority.issue(|params| {
        named(params);
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    });
    assert_eq!(status(&for_servers).await, 401);
    let an_authority = authority.issue(|params| {
        named(params);
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    });
    assert_eq!(status(&an_authority).await, 401);
}

#[tokio::test]
async fn a_certificate_that_was_taken_back_is_refused_once_the_list_was_read() {
    let authority = Authority::new("Root");
    let holder = authority.issue(|params| {
        named(params);
        params.serial_number = Some(7.into());
    });
    let (ca, crl) = (Scratch::new(&authority.pem()), Scratch::new(&authority.revocations(&[8])));
    let app = TestApp::with(&[("tls.client_ca", ca.path()), ("tls.client_crl", crl.path())]).await;
    app.client("system", |client| {
        client.auth_methods = vec![AuthMethod::TlsClientAuth];
        client.settings.tls_client_auth = Some(TlsSubject::SanDns("system.example".into()));
    })
    .await;
    let door = app.door.with_certificate(&holder);
    ask(&door, "system").await.good();
    crl.write(&authority.revocations(&[8, 7]));
    app.app.reload_trust().unwrap();
    assert_eq!(ask(&door, "system").await.error(401), "invalid_client");
    assert!(app.log().contains("the certificate was revoked"));
    crl.write("nonsense");
    let error = app.app.reload_trust().unwrap_err().to_string();
    assert!(error.starts_with("tls.client_crl: "), "{error}");
    assert_eq!(ask(&door, "system").await.error(401), "invalid_client", "what was known stays");
}

/// A server behind a proxy that names certificates in this header.
async fn behind_proxy(header: &str) -> (TestApp, TestClient) {
    let settings = [("tls.client_certificate_header", header), ("server.trusted_proxies", "192.0.2.0/24")];
    let app = TestApp::with(&settings).await;
    let client = app.client("system", by_key).await;
    (app, client)
}

async fn ask_with(door: &Door, headers: &[(&str, &str)]) -> Answer {
    door.post_with(INTROSPECT, headers, &[("token", "x"), ("client_id", "system")]).await
}

#[tokio::test]
async fn a_certificate_header_is_believed_from_listed_proxies_and_dropped_from_anyone_else() {
    let holder = Holder::self_signed(|_| {});
    let pem = holder.certificate.pem();
    let escaped = percent_encoding::utf8_percent_encode(&pem, percent_encoding::NON_ALPHANUMERIC).to_string();
    let sequence = format!(":{}:", STANDARD.encode(holder.der()));
    for (setting, name, value) in
        [("Client-Cert", "client-cert", &sequence), ("X-SSL-Client-Cert", "x-ssl-client-cert", &escaped)]
    {
        let (app, client) = behind_proxy(setting).await;
        app.add_certificate(&client, &holder, None).await;
        let header = [(name, value.as_str())];
        let stranger = app.door.clone();
        assert_eq!(ask_with(&stranger, &header).await.error(401), "invalid_client", "{setting}");
        let mut proxy = app.door.clone();
        proxy.peer = "192.0.2.1".parse().unwrap();
        ask_with(&proxy, &header).await.good();
        // What the proxy itself shows us is not its visitors'.
        assert_eq!(ask_with(&proxy.with_certificate(&holder), &[]).await.error(401), "invalid_client");
        // A stranger that comes by our own listener proves its own key, and the header adds nothing.
        let own = stranger.with_certificate(&Holder::self_signed(|_| {}));
        assert_eq!(ask_with(&own, &header).await.error(401), "invalid_client");
        ask_with(&stranger.with_certificate(&holder), &[]).await.good();
        for bad in ["", ":", "::", ":AA==:", "%2D%2D", "(null)"] {
            assert_eq!(ask_with(&proxy, &[(name, bad)]).await.error(401), "invalid_client", "{bad}");
        }
        let twice = [header[0], header[0]];
        assert_eq!(ask_with(&proxy, &twice).await.error(401), "invalid_client");
    }
    // Without the setting the header is nothing.
    let app = TestApp::with(&[("server.trusted_proxies", "192.0.2.0/24")]).await;
    let client = app.client("system", by_key).await;
    app.add_certificate(&client, &holder, None).await;
    let mut proxy = app.door.clone();
    proxy.peer = "192.0.2.1".parse().unwrap();
    assert_eq!(ask_with(&proxy, &[("client-cert", &sequence)]).await.error(401), "invalid_client");
}

#[tokio::test]
async fn rfc_8705_s3_tokens_are_bound_to_the_certificate_when_the_client_asks_for_it() {
    let mut scene = Scene::with(|client| client.settings.certificate_bound_access_tokens = true).await;
    let holder = Holder::self_signed(|_| {});
    let code = scene.code(&[]).await;
    assert_eq!(scene.exchange(&code, &[]).await.error(400), "invalid_request", "no certificate, no token");
    let plain = scene.app.door.clone();
    scene.app.door = plain.with_certificate(&holder);
    let tokens = scene.exchange(&code, &[]).await.good();
    assert_eq!(tokens["token_type"], "Bearer");
    let token = text(&tokens, "access_token").to_owned();
    let thumbprint = holder.chain().leaf.thumbprint();
    assert_eq!(claims(&token)["cnf"], json!({"x5t#S256": thumbprint}));
    scene.userinfo(&token).await.good();
    let seen = scene.app.door.post_as(&scene.rp, INTROSPECT, &[("token", &token)]).await.good();
    assert_eq!(seen["cnf"], json!({"x5t#S256": thumbprint}));
    let bearer = format!("Bearer {token}");
    for door in [plain.clone(), plain.with_certificate(&Holder::self_signed(|_| {}))] {
        for path in ["/oauth2/userinfo", "/api/v1/users/me/files/photo"] {
            let answer = door.call(Method::GET, path, &[("authorization", &bearer)], "").await;
            assert_eq!(answer.error(401), "invalid_token", "{path}");
        }
    }
}

#[tokio::test]
async fn rfc_8705_s4_refresh_tokens_of_public_clients_are_bound_to_the_certificate() {
    let mut scene = Scene::with(|client| {
        client.client_type = ClientType::Public;
        client.auth_methods = vec![AuthMethod::None];
        client.secrets.clear();
        client.settings.always_refresh = true;
        client.settings.certificate_bound_access_tokens = true;
    })
    .await;
    let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let code = scene.code(&pkce).await;
    let (plain, holder) = (scene.app.door.clone(), Holder::self_signed(|_| {}));
    scene.app.door = plain.with_certificate(&holder);
    let verifier = [("code_verifier", VERIFIER), ("redirect_uri", CALLBACK)];
    let tokens = scene.exchange(&code, &verifier).await.good();
    let refresh = text(&tokens, "refresh_token").to_owned();
    scene.app.door = plain.with_certificate(&Holder::self_signed(|_| {}));
    assert_eq!(scene.refresh(&refresh, &[]).await.error(400), "invalid_grant");
    scene.app.door = plain.with_certificate(&holder);
    scene.refresh(&refresh, &[]).await.good();
}
