//! OpenID 2.0 with Attribute Exchange, as relying parties and browsers see it.

mod associate;
mod check_authentication;
mod checkid;
mod counts;
mod discovery;
mod exchange;
mod identities;
mod log;
mod logout;
mod migration;
mod scene;

use std::collections::BTreeMap;

use tamga::protocol::openid2::{fields::Fields, message::OPENID2_NS};

use crate::support::{app::TestApp, door::Answer};

/// The OP endpoint.
pub const ENDPOINT: &str = "/openid2";

/// What a proxy with TLS in front of us says, in a server that believes it.
pub const BY_TLS: (&str, &str) = ("x-forwarded-proto", "https");

/// A server behind a proxy with TLS: the door's peer.
pub async fn behind_proxy() -> TestApp {
    TestApp::with(&[("server.trusted_proxies", "198.51.100.7")]).await
}

/// Sends a direct request of OpenID 2.0.
pub async fn direct(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    let ns = ("ns", OPENID2_NS);
    direct_1(app, &[&[ns], fields].concat()).await
}

/// The same without `openid.ns`, as OpenID 1.1 does.
pub async fn direct_1(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    let named: Vec<_> = fields.iter().map(|(key, value)| (format!("openid.{key}"), *value)).collect();
    let named: Vec<_> = named.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    app.door.post_with(ENDPOINT, &[BY_TLS], &named).await
}

/// The lines of a direct answer with this status.
#[track_caller]
pub fn lines(answer: &Answer, status: u16) -> BTreeMap<String, String> {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    // OpenID 2.0 §5.1.2.
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let fields = Fields::from_key_value(&answer.body).unwrap_or_else(|why| panic!("{why}: {answer:?}"));
    fields.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
