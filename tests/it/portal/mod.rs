//! The pages of registrars and of agencies' administrators.

mod agency;
mod doors;
mod evidence;
mod levels;

use serde_json::{Value, json};
use tamga::{
    crypto::totp::Seed,
    ids::{CredentialId, UserId},
    model::{
        credential::{Credential, CredentialKind},
        journal::Entry,
        role::Role,
    },
    store::{credentials, roles},
};
use time::Duration;
use totp_rs::{Builder, Secret};

use crate::support::{
    app::{PASSWORD, TestApp},
    browser::{Browser, Stop},
};

const SEED: &[u8; 20] = b"12345678901234567890";

/// A server with a registrar and an agency's administrator.
pub struct Office {
    pub app: TestApp,
    pub registrar: UserId,
    pub administrator: UserId,
}

impl Office {
    pub async fn new() -> Self {
        let app = TestApp::new().await;
        let registrar = member(&app, "registrar", Some(Role::Registrar)).await;
        let agency = Role::AgencyAdministrator("Revenue Department".to_owned());
        let administrator = member(&app, "administrator", Some(agency)).await;
        Self { app, registrar, administrator }
    }

    /// A browser in which this person has gone all the way to a page.
    pub async fn at(&self, username: &str, path: &str) -> Browser {
        let mut browser = self.app.browser();
        let stop = browser.open(path).await;
        sign_in(&self.app, &mut browser, username, stop).await;
        browser
    }

    /// Somebody to look at, with what they typed themselves.
    pub async fn person(&self, username: &str, citizen_id: &str) -> UserId {
        let mail = format!("{username}@mail.example");
        let attributes = [
            ("first_name", "Malee", 0),
            ("last_name", "Saetang", 0),
            ("citizen_id", citizen_id, 0),
            ("email", mail.as_str(), 1),
        ];
        self.app.user_with(username, PASSWORD, &attributes).await
    }

    /// What people did, of this action: actor, subject, before, after.
    pub async fn journal(&self, action: &str) -> Vec<(String, Option<String>, Value, Value)> {
        type Line = (Option<String>, Option<String>, Option<Value>, Option<Value>);
        let lines: Vec<Line> = sqlx::query_as(
            "SELECT actor_id, subject_id, before, after FROM journal
             WHERE action = $1 AND actor_kind = 'user' ORDER BY seq",
        )
        .bind(action)
        .fetch_all(self.app.pool())
        .await
        .unwrap();
        let line = |(actor, subject, before, after): Line| {
            (actor.unwrap(), subject, before.unwrap_or(json!(null)), after.unwrap_or(json!(null)))
        };
        lines.into_iter().map(line).collect()
    }

    /// Texts of messages to this address, the newest first.
    pub async fn messages(&self, to: &str) -> Vec<String> {
        sqlx::query_scalar("SELECT body FROM outbox WHERE recipient = $1 ORDER BY created_at DESC, id DESC")
            .bind(to)
            .fetch_all(self.app.pool())
            .await
            .unwrap()
    }

    /// Value, level and source of an attribute.
    pub async fn held(&self, user: UserId, name: &str) -> (String, i16, String) {
        sqlx::query_as("SELECT value, level, source FROM user_attributes WHERE user_id = $1 AND name = $2")
            .bind(user.0)
            .bind(name)
            .fetch_one(self.app.pool())
            .await
            .unwrap()
    }

    /// A document that a person sent.
    pub async fn document(&self, user: UserId, media_type: &str) -> uuid::Uuid {
        let id = self.app.app.rng.uuid(self.app.clock.now());
        sqlx::query(
            "INSERT INTO user_files (id, user_id, name, media_type, content, note, created_at)
             VALUES ($1, $2, 'document', $3, 'content', 'Both sides', $4)",
        )
        .bind(id)
        .bind(user.0)
        .bind(media_type)
        .bind(self.app.clock.now())
        .execute(self.app.pool())
        .await
        .unwrap();
        id
    }
}

/// An account with a second factor, and a role.
pub async fn member(app: &TestApp, username: &str, role: Option<Role>) -> UserId {
    let user = app.user(username).await;
    let now = app.clock.now();
    let sealed = app.app.sealer.seal(&Credential::place(user), SEED, &app.app.rng).unwrap();
    let credential = Credential {
        id: CredentialId(app.app.rng.uuid(now)),
        user_id: user,
        kind: CredentialKind::Totp,
        label: None,
        data: json!({}),
        sealed: Some(sealed),
        created_at: now,
        last_used_at: None,
    };
    let entry = Entry::by_operator(now, "credential.insert", "user", user);
    credentials::insert(app.pool(), &[credential], None, &entry).await.unwrap();
    if let Some(role) = role {
        let entry = Entry::by_operator(now, "role.grant", "user", user);
        assert!(roles::grant(app.pool(), user, &role, &entry).await.unwrap());
    }
    user
}

/// Gives whatever is asked for until a page of another kind comes.
pub async fn sign_in(app: &TestApp, browser: &mut Browser, username: &str, mut stop: Stop) -> Stop {
    if stop.has("login-form") {
        stop = browser.submit("login-form", &[("username", username), ("password", PASSWORD)]).await;
    }
    if stop.has("code-form") {
        // Each code is good once: the next one comes with the next step.
        app.clock.advance(Duration::seconds(30));
        let code = code(app);
        stop = browser.submit("code-form", &[("code", &code)]).await;
    }
    stop
}

fn code(app: &TestApp) -> String {
    let seed = Seed::from_bytes(SEED);
    let totp = Builder::new().with_secret(Secret::from(seed.expose().to_vec())).build_noncompliant();
    totp.generate(u64::try_from(app.clock.now().unix_timestamp()).unwrap()).to_string()
}
