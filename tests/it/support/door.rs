//! Requests to the router, and its answers.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use tamga::{clock::Clock, crypto::certificate::Chain, http::client_certificate::PeerCertificate};
use tower::ServiceExt;
use url::Url;

use super::{app::TestClient, pki::Holder};

/// Where requests go in; clones lead to the same server.
#[derive(Clone)]
pub struct Door {
    router: Router,
    /// The server's origin.
    pub origin: Url,
    /// The server's clock.
    pub clock: Clock,
    /// Whose requests these are.
    pub peer: IpAddr,
    /// The certificate of their connections.
    pub certificate: Option<Arc<Chain>>,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as text.
    pub body: String,
}

impl Door {
    /// The door of this router.
    pub fn new(router: Router, origin: &Url, clock: &Clock) -> Self {
        let peer = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
        Self { router, origin: origin.clone(), clock: clock.clone(), peer, certificate: None }
    }

    /// The same over connections with this certificate.
    pub fn with_certificate(&self, holder: &Holder) -> Self {
        Self { certificate: Some(holder.chain()), ..self.clone() }
    }

    /// Sends any request.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.peer, 40_000)));
        if let Some(chain) = &self.certificate {
            request.extensions_mut().insert(PeerCertificate(chain.clone()));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 4 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// A request without cookies.
    pub async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// `GET` without cookies.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], "").await
    }

    /// `POST` of a form without cookies.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, &[], fields).await
    }

    /// `POST` of a form with further headers.
    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let headers: Vec<(&str, &str)> = [form].into_iter().chain(headers.iter().copied()).collect();
        self.call(Method::POST, path, &headers, &encoded(fields)).await
    }

    /// `POST` of a form as a client, by HTTP Basic or, when it is public, by its name alone.
    pub async fn post_as(&self, client: &TestClient, path: &str, fields: &[(&str, &str)]) -> Answer {
        match &client.secret {
            Some(secret) => {
                let basic = basic(client.id(), secret);
                self.post_with(path, &[("authorization", &basic)], fields).await
            }
            None => {
                let named: Vec<_> = [("client_id", client.id())].iter().chain(fields).copied().collect();
                self.post(path, &named).await
            }
        }
    }
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The body as JSON, of an answer that must be 200.
    #[track_caller]
    pub fn good(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.json()
    }

    /// The `error` of a refusal with this status.
    #[track_caller]
    pub fn error(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self.json()["error"].as_str().expect("an error").to_owned()
    }

    /// A header as text; empty when missing.
    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Fields as a form body or query.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The header of HTTP Basic (RFC 6749 §2.3.1).
pub fn basic(identifier: &str, secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(identifier), encode(secret))))
}
