//! A relying party of OpenID 2.0 and a browser before it.

use std::collections::BTreeMap;

use tamga::{
    ids::UserId,
    model::client::{Client, Flow},
    protocol::openid2::{
        association::{AssocType, Association, Kind},
        fields::Fields,
        message::{AX_NS, OPENID2_NS},
        signature,
    },
};

use crate::{
    oauth2::{changed, go_on},
    support::{
        app::{ISSUER, TestApp, TestClient},
        browser::{Browser, Stop},
        door::encoded,
    },
};

/// The relying party's realm.
pub const REALM: &str = "https://rp.example/";
/// Where answers go, with a query of its own.
pub const RETURN_TO: &str = "https://rp.example/back?janrain_nonce=2026-03-01T09:00:00Zx&dnoa.a=%7e";
/// The person chooses.
pub const SELECT: &str = "http://specs.openid.net/auth/2.0/identifier_select";

/// A server with one relying party, one person, and their browser.
pub struct Scene {
    pub app: TestApp,
    pub rp: TestClient,
    pub user: UserId,
    pub browser: Browser,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With something about the client changed.
    pub async fn with(tweak: impl FnOnce(&mut Client)) -> Self {
        Self::at(TestApp::new().await, tweak).await
    }

    pub async fn at(app: TestApp, tweak: impl FnOnce(&mut Client)) -> Self {
        let rp = app.client("rp", |client| openid2(client, tweak)).await;
        let user = app.user("somchai").await;
        let browser = app.browser();
        Self { app, rp, user, browser }
    }

    /// Sends the browser with the usual request and `change` over it; an empty value leaves a
    /// parameter out.
    pub async fn ask(&mut self, change: &[(&str, &str)]) -> Stop {
        self.browser.open(&request(change)).await
    }

    /// Goes through sign-in and consent, allowing everything.
    pub async fn answer(&mut self, change: &[(&str, &str)]) -> Stop {
        let stop = self.ask(change).await;
        go_on(&mut self.browser, "somchai", stop).await
    }

    /// A shared association, as the relying party has it.
    pub fn associate(&self) -> (String, Association) {
        let expires_at = self.app.clock.now() + time::Duration::hours(1);
        let app = &self.app.app;
        Association::issue(&app.sealer, &app.rng, Kind::Shared, AssocType::HmacSha256, expires_at).unwrap()
    }
}

/// Makes a client one of OpenID 2.0.
pub fn openid2(client: &mut Client, tweak: impl FnOnce(&mut Client)) {
    client.flows = vec![Flow::Openid2];
    client.redirect_uris.clear();
    client.settings.openid2_realms = vec![REALM.to_owned()];
    tweak(client);
}

/// The path of the usual request.
pub fn request(change: &[(&str, &str)]) -> String {
    let usual = [
        ("openid.ns", OPENID2_NS),
        ("openid.mode", "checkid_setup"),
        ("openid.claimed_id", SELECT),
        ("openid.identity", SELECT),
        ("openid.return_to", RETURN_TO),
        ("openid.realm", REALM),
    ];
    format!("/openid2?{}", encoded(&changed(&usual, change)))
}

/// An Attribute Exchange request with these lists of alias and type.
pub fn fetch(required: &[(&str, &str)], if_available: &[(&str, &str)]) -> Vec<(String, String)> {
    let list = |types: &[(&str, &str)]| types.iter().map(|(alias, _)| *alias).collect::<Vec<_>>().join(",");
    let mut fields = vec![
        ("openid.ns.x".to_owned(), AX_NS.to_owned()),
        ("openid.x.mode".to_owned(), "fetch_request".to_owned()),
        ("openid.x.required".to_owned(), list(required)),
        ("openid.x.if_available".to_owned(), list(if_available)),
    ];
    let types = required.iter().chain(if_available);
    fields.extend(types.map(|(alias, uri)| (format!("openid.x.type.{alias}"), (*uri).to_owned())));
    fields
}

/// As borrowed pairs.
pub fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The `openid.` parameters of an answer, without the prefix.
pub fn answered(stop: &Stop) -> BTreeMap<String, String> {
    let url = stop.away();
    assert!(url.as_str().starts_with(&format!("{RETURN_TO}&openid.")), "{url}");
    let pairs = url
        .query_pairs()
        .filter_map(|(name, value)| Some((name.strip_prefix("openid.")?.to_owned(), value.into_owned())));
    pairs.collect()
}

/// What is signed, checked as a relying party does.
pub fn verified(association: &Association, answer: &BTreeMap<String, String>) -> Vec<String> {
    let mut fields = Fields::new();
    for (key, value) in answer {
        fields.set(key, value);
    }
    let signed: Vec<&str> = answer["signed"].split(',').collect();
    let signature = signature::sign(association, &fields, &signed).unwrap();
    assert_eq!(answer["sig"], signature);
    signed.into_iter().map(str::to_owned).collect()
}

/// An address of the server.
pub fn ours(path: &str) -> String {
    format!("{ISSUER}{path}")
}
