//! Service clients: tokens without a person at the browser, as systems ask for them.

mod counts;
mod credentials;
mod exchange;
mod foreign;
mod log;
mod owner;
mod parallel;
mod password;
mod step_up;

use serde_json::Value;
use tamga::{
    ids::UserId,
    model::{
        act_for::ActFor,
        client::{Client, Flow, Profile},
        journal::Entry,
        user::UserKind,
    },
    store::{
        self,
        users::{NewAttribute, NewUser},
    },
};

use crate::support::{
    app::{TestApp, TestClient},
    door::Answer,
};

/// What the replaced system's signing server is called.
pub const SIGN_SERVER: &str = "urn:cryptopro:dss:signserver:SignServer";
/// Another resource.
pub const OTHER: &str = "urn:cryptopro:dss:other";

/// A server with a service client and a user.
pub struct Scene {
    pub app: TestApp,
    pub client: TestClient,
    pub user: UserId,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With something about the client changed.
    pub async fn with(tweak: impl FnOnce(&mut Client)) -> Self {
        Self::at(TestApp::with(&[("profiles.dss", "true")]).await, tweak).await
    }

    pub async fn at(app: TestApp, tweak: impl FnOnce(&mut Client)) -> Self {
        let client = app
            .client("test_id", |client| {
                service(client);
                tweak(client);
            })
            .await;
        let user = app.user("Test1").await;
        Self { app, client, user }
    }

    /// The documented request of the password grant with `change` over it; an empty change leaves
    /// the parameter out.
    pub async fn password(&self, change: &[(&str, &str)]) -> Answer {
        self.password_at("/oauth2/token", change).await
    }

    pub async fn password_at(&self, path: &str, change: &[(&str, &str)]) -> Answer {
        let usual = [("grant_type", "password"), ("username", "Test1"), ("resource", SIGN_SERVER)];
        let mut fields = crate::oauth2::changed(&usual, change);
        if !change.iter().any(|(name, _)| *name == "password") {
            fields.push(("password", ""));
        }
        self.app.door.post_as(&self.client, path, &fields).await
    }

    /// What the token endpoint says to these fields.
    pub async fn ask(&self, fields: &[(&str, &str)]) -> Answer {
        self.app.door.post_as(&self.client, "/oauth2/token", fields).await
    }

    /// What introspection says of a token.
    pub async fn introspect(&self, token: &str) -> Value {
        self.app.door.post_as(&self.client, "/oauth2/introspect", &[("token", token)]).await.good()
    }

    /// Lines of the journal with this action.
    pub async fn journal(&self, action: &str) -> Vec<Value> {
        journal(&self.app, action).await
    }
}

/// Lines of the journal with this action.
pub async fn journal(app: &TestApp, action: &str) -> Vec<Value> {
    let all = store::journal::list(app.pool(), 0, time::OffsetDateTime::UNIX_EPOCH, 10_000).await.unwrap();
    all.into_iter().map(|(_, line)| line).filter(|line| line["action"] == action).collect()
}

/// Makes a registration that of a service client of the replaced system.
pub fn service(client: &mut Client) {
    client.profile = Some(Profile::Dss);
    client.flows = vec![Flow::ResourceOwner, Flow::ClientCredentials, Flow::TokenExchange];
    client.redirect_uris.clear();
    client.resources = vec![SIGN_SERVER.to_owned(), OTHER.to_owned()];
    client.settings.suppress_auth_for_issue = true;
    client.settings.act_for = vec![ActFor::All];
}

/// An account of this kind with these attributes: name, value, level, source.
pub async fn account(
    app: &TestApp,
    username: &str,
    kind: UserKind,
    attributes: &[(&str, &str, i16, &str)],
) -> UserId {
    let now = app.clock.now();
    let id = UserId(app.app.rng.uuid(now));
    let user = NewUser { id, kind, username: username.to_owned(), password_hash: None, attributes: vec![] };
    let entry = Entry::by_operator(now, "user.insert", "user", id);
    store::users::insert(app.pool(), &user, "operator", &entry).await.unwrap();
    for (name, value, level, source) in attributes {
        let attribute = NewAttribute {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            level: (*level).try_into().unwrap(),
            identifier: app.app.settings.attributes[*name].identifier,
        };
        let entry = Entry::by_operator(now, "user.set_attributes", "user", id);
        store::users::set_attributes(app.pool(), id, &[attribute], source, &entry).await.unwrap();
    }
    id
}
